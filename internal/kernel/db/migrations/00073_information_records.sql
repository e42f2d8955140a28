-- +goose Up
-- That whom a dossier is about was informed, or that it was postponed (AVG 13, 14, BGS 1.3). A later record counts instead of an
-- earlier one, which stays. It is seen with its subject, and goes with the dossier.
create table information_record (
  municipality_id text not null references municipality (id),
  id uuid not null,
  subject_id uuid not null,
  dossier_id uuid not null,
  outcome text not null check (outcome in ('informed', 'postponed')),
  informed_on date,
  manner text not null default '',
  informed_by uuid,
  postponement text not null default '',
  review_on date,
  recorded_by uuid not null,
  recorded_at timestamptz not null,
  check (case outcome when 'informed' then informed_on is not null and manner <> '' and informed_by is not null and postponement = '' and review_on is null
    else postponement <> '' and review_on is not null and informed_on is null and manner = '' and informed_by is null end),
  primary key (municipality_id, id),
  foreign key (municipality_id, subject_id) references subject (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index information_record_subject on information_record (municipality_id, subject_id, recorded_at desc, id desc);
create index information_record_dossier on information_record (municipality_id, dossier_id);

alter table information_record enable row level security;
create policy system on information_record to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert on information_record to wijkregie_app, wijkregie_system;
-- The policies of subject cut this too.
create policy seen on information_record to wijkregie_app using (municipality_id = (select me_municipality())
  and exists (select from subject s where s.municipality_id = information_record.municipality_id and s.id = information_record.subject_id
    and s.dossier_id = information_record.dossier_id));

-- +goose Down
select 1;
