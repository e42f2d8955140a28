-- +goose Up
-- The persons of a municipality. The citizen service number lies sealed; it is found by its blind index, and a
-- name by how its words sound (keys, each with the municipality before it).
create table person (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  supplier_id uuid not null,
  registered_by uuid not null,
  registered_at timestamptz not null,
  changed_at timestamptz not null,
  given_names text not null,
  prefix text not null,
  family_name text not null,
  birth_date date,
  gender text not null check (gender in ('', 'female', 'male', 'other', 'unknown')),
  nationality text not null,
  bsn_sealed bytea,
  bsn_index bytea,
  bsn_ground text not null check ((bsn_ground = '') = (bsn_sealed is null) and (bsn_sealed is null) = (bsn_index is null)),
  address jsonb,
  address_secret boolean not null,
  address_supplier_id uuid,
  phone text not null,
  email text not null,
  keys jsonb not null,
  attached boolean not null default false,
  primary key (municipality_id, id)
);
create index person_keys on person using gin (keys jsonb_path_ops);
create index person_bsn on person (municipality_id, bsn_index) where bsn_index is not null;
create index person_birth_date on person (municipality_id, birth_date);

-- Whom a dossier is about, in a role for a period. Of a group that is category name-list (18), else identity (0).
create table subject (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  person_id uuid not null,
  category smallint not null check (category in (0, 18)),
  role text not null,
  related_person_id uuid,
  starts_on date not null,
  ends_on date check (ends_on >= starts_on),
  added_by uuid not null,
  added_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, person_id) references person (municipality_id, id)
);
create index subject_dossier on subject (municipality_id, dossier_id, added_at desc);
create index subject_person on subject (municipality_id, person_id);

-- Who is a subject somewhere is no longer read by who registered him, unless in that dossier.
-- +goose StatementBegin
create function attach_person() returns trigger security definer set search_path = public language plpgsql as
$$ begin
  update person set attached = true where municipality_id = new.municipality_id and id = new.person_id and not attached;
  return null;
end $$;
-- +goose StatementEnd
revoke execute on function attach_person from public;
create trigger attach after insert on subject for each row execute function attach_person();

-- In which dossiers the caller sees who they are about: read by policies, so that none nests in another.
create view my_subjects as
  select s.person_id, s.dossier_id, s.category from subject s
  where s.municipality_id = (select me_municipality())
    and (select true from my_admissions a where a.dossier_id = s.dossier_id and not a.shielded and (a.see >> s.category) & 1 = 1 limit 1);
grant select on my_subjects to wijkregie_app;

alter table person enable row level security;
alter table subject enable row level security;
create policy system on person to wijkregie_system using (municipality_id = (select me_municipality()));
create policy system on subject to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on person, subject to wijkregie_system;
grant select, insert, update on person, subject to wijkregie_app;

create policy read on person for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (not attached and supplier_id = (select me_partner()) and (select me_limit()) & 1 = 1
    or (select true from my_subjects s where s.person_id = person.id limit 1)));
create policy add on person for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and supplier_id = (select me_partner()) and not attached);
create policy change on person for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (not attached and supplier_id = (select me_partner())
    or (select true from my_subjects s where s.person_id = person.id limit 1)));

create policy read on subject for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = subject.dossier_id and not a.shielded and (a.see >> subject.category) & 1 = 1 limit 1));
create policy add on subject for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = subject.dossier_id and not a.shielded limit 1));
create policy change on subject for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = subject.dossier_id and not a.shielded limit 1));

-- Which persons of the municipality have all keys, the day of birth and the blind index, as far as they are given:
-- ids only. Who asks reads them through the fence before he says anything.
-- +goose StatementBegin
create function person_hits(wanted jsonb, born date, bsn bytea) returns setof uuid
  stable security definer set search_path = public language plpgsql as $$
declare
  query text := 'select id from person where municipality_id = $1';
begin
  if wanted is null and born is null and bsn is null then
    return;
  end if;
  if wanted is not null then
    query := query || ' and keys @> $2';
  end if;
  if born is not null then
    query := query || ' and birth_date = $3';
  end if;
  if bsn is not null then
    query := query || ' and bsn_index = $4';
  end if;
  return query execute query using me_municipality(), wanted, born, bsn;
end $$;
-- +goose StatementEnd
revoke execute on function person_hits from public;
grant execute on function person_hits to wijkregie_app;

-- +goose Down
select 1;
