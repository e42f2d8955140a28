-- +goose Up
-- Privacy audits that were done (Wgs 1.10, BGS 1.18): kept by privacy officer and municipal director, read by the auditor.
create table privacy_audit (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  done_on date not null,
  organisation text not null check (organisation <> ''),
  findings text not null check (findings <> ''),
  shortcomings boolean not null,
  sent_to_authority_on date check (sent_to_authority_on >= done_on),
  sent_to_committee_on date check (sent_to_committee_on >= done_on),
  sent_to_officer_on date check (sent_to_officer_on >= done_on),
  recorded_by uuid not null,
  recorded_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id)
);
create index privacy_audit_recorded on privacy_audit (municipality_id, recorded_at desc, id desc);
alter table privacy_audit enable row level security;
create policy system on privacy_audit to wijkregie_system using (municipality_id = (select me_municipality()));
grant select on privacy_audit to wijkregie_system;
grant select, insert, update on privacy_audit to wijkregie_app;
create policy keeper on privacy_audit to wijkregie_app using (municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d2']::uuid[]);
create policy auditor on privacy_audit for select to wijkregie_app using (municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d3']::uuid[]);

-- +goose Down
select 1;
