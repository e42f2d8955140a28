-- +goose Up
-- Data breaches (AVG 33, 34): kept by privacy officer and municipal director, read by the auditor. The account of a
-- breach outlives what it is about (AVG 33(5)).
create table data_breach (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  discovered_at timestamptz not null,
  description text not null default '',
  dossier_id uuid,
  dossier_number text not null default '',
  item_id uuid,
  document_id uuid,
  withdrawn boolean not null,
  recorded_by uuid,
  recorded_at timestamptz not null,
  changed_at timestamptz not null,
  state text not null check (state in ('open', 'closed')),
  reported_at timestamptz,
  late_reason text not null default '',
  not_reported_reason text not null default '',
  persons_informed_at timestamptz,
  not_informed_reason text not null default '',
  participants_informed_at timestamptz,
  closed_at timestamptz,
  closed_by uuid,
  check (withdrawn or description <> ''),
  check (state = 'open' or reported_at is not null or not_reported_reason <> ''),
  check (state = 'open' or persons_informed_at is not null or not_informed_reason <> ''),
  check (reported_at is null or reported_at <= discovered_at + interval '72 hours' or late_reason <> ''),
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id) on delete set null (dossier_id),
  foreign key (municipality_id, item_id) references item (municipality_id, id) on delete set null (item_id),
  foreign key (municipality_id, document_id) references document (municipality_id, id) on delete set null (document_id)
);
create index data_breach_recorded on data_breach (municipality_id, recorded_at desc, id desc);
create index data_breach_dossier on data_breach (municipality_id, dossier_id);
create index data_breach_item on data_breach (municipality_id, item_id);
create index data_breach_document on data_breach (municipality_id, document_id);

alter table data_breach enable row level security;
create policy system on data_breach to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on data_breach to wijkregie_app, wijkregie_system;
create policy keeper on data_breach to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d2']::uuid[]);
create policy auditor on data_breach for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d3']::uuid[]);
-- Who takes back what should never have been shared opens one, and does not read it.
create policy supplier on data_breach for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and withdrawn and state = 'open' and version = 1);

-- +goose Down
select 1;
