-- +goose Up
-- Two registrations that are of one human being. Nothing moves: the other stays as it is and is read with the one that
-- goes on, by who reads both; for who reads one of them nothing changes. A merge that was reversed stays.
create table person_merge (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  survivor_id uuid not null,
  other_id uuid not null check (other_id <> survivor_id),
  reason text not null,
  merged_by uuid,
  merged_at timestamptz not null,
  reversed_at timestamptz,
  reversed_by uuid,
  reversal_reason text not null check ((reversed_at is null) = (reversal_reason = '')),
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, survivor_id) references person (municipality_id, id),
  foreign key (municipality_id, other_id) references person (municipality_id, id)
);
create unique index person_merge_once on person_merge (municipality_id, other_id) where reversed_at is null;
create index person_merge_survivor on person_merge (municipality_id, survivor_id);
create index person_merge_other on person_merge (municipality_id, other_id);

-- What the caller may not know speaks against a merge as a row that is there already: circles, and another citizen
-- service number. One at a time in a municipality, so that no two close a circle.
-- +goose StatementBegin
create function fit_merge() returns trigger security definer set search_path = public language plpgsql as
$$ begin
  perform pg_advisory_xact_lock(hashtextextended(new.municipality_id || ' person merges', 0));
  if exists (
    with recursive above(id) as (
      select new.survivor_id
      union
      select m.survivor_id from above a
        join person_merge m on m.municipality_id = new.municipality_id and m.other_id = a.id and m.reversed_at is null)
    select from above where id = new.other_id) then
    raise exception using errcode = 'unique_violation';
  end if;
  if exists (
    select from person a join person b on b.municipality_id = a.municipality_id and b.id = new.other_id and b.bsn_index <> a.bsn_index
    where a.municipality_id = new.municipality_id and a.id = new.survivor_id) then
    raise exception using errcode = 'unique_violation';
  end if;
  return new;
end $$;
-- +goose StatementEnd
revoke execute on function fit_merge from public;
create trigger fit before insert on person_merge for each row execute function fit_merge();

-- Whom the caller reads (the policy of person): read by policies, so that none nests in another.
create view my_persons as
  select p.id as person_id from person p
  where p.municipality_id = (select me_municipality())
    and (not p.attached and p.supplier_id = (select me_partner()) and (select me_limit()) & 1 = 1
      or (select true from my_subjects s where s.person_id = p.id limit 1));
grant select on my_persons to wijkregie_app;

alter table person_merge enable row level security;
create policy system on person_merge to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on person_merge to wijkregie_app, wijkregie_system;
create policy read on person_merge for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_persons p where p.person_id = person_merge.survivor_id limit 1)
  and (select true from my_persons p where p.person_id = person_merge.other_id limit 1));
create policy add on person_merge for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_persons p where p.person_id = person_merge.survivor_id limit 1)
  and (select true from my_persons p where p.person_id = person_merge.other_id limit 1));
create policy change on person_merge for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_persons p where p.person_id = person_merge.survivor_id limit 1)
  and (select true from my_persons p where p.person_id = person_merge.other_id limit 1));

-- +goose Down
select 1;
