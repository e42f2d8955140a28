-- +goose Up
-- What a person, or who represents it, consented to in a dossier that is about it (AVG 4(11), 7). A withdrawal stays beside
-- what was given.
create table consent (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  person_id uuid not null,
  dossier_id uuid not null,
  category smallint not null check (category in (0, 18)),
  supplier_id uuid not null,
  purpose text not null,
  given_on date not null,
  given_by text not null check (given_by in ('person', 'parent', 'representative')),
  until date check (until >= given_on),
  recorded_by uuid,
  recorded_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by text not null check (withdrawn_by in ('', 'person', 'parent', 'representative')),
  withdrawal_recorded_by uuid,
  changed_at timestamptz not null,
  check ((withdrawn_at is null) = (withdrawn_by = '')),
  primary key (municipality_id, id),
  foreign key (municipality_id, person_id) references person (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index consent_person on consent (municipality_id, person_id, recorded_at desc);

alter table consent enable row level security;
create policy system on consent to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on consent to wijkregie_app, wijkregie_system;
create policy read on consent for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = consent.dossier_id and not a.shielded and (a.see >> consent.category) & 1 = 1 limit 1));
create policy add on consent for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and supplier_id = (select me_partner())
  and (select true from my_admissions a where a.dossier_id = consent.dossier_id and not a.shielded limit 1));
create policy change on consent for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = consent.dossier_id and not a.shielded limit 1));

-- +goose Down
select 1;
