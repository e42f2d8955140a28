-- +goose Up
-- Impact assessments and the advice on them (AVG 35, Wgs 1.8(6), BGS 1.13-1.15): kept by privacy officer and municipal director, read by
-- the auditor. A deviation from an advice has its reasons, and the days on which committee and coordinating officer were told.
create table impact_assessment (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  subject text not null check (subject <> ''),
  categories jsonb not null check (jsonb_array_length(categories) > 0),
  done_on date not null,
  outcome text not null check (outcome in ('acceptable', 'acceptable-with-measures', 'high-risk')),
  advice_reference text not null default '',
  advised_on date,
  advice_withdrawn_on date check (advice_withdrawn_on >= advised_on),
  dissent text not null default '',
  deviation_reason text not null default '',
  committee_told_on date,
  officer_told_on date,
  recorded_by uuid not null,
  recorded_at timestamptz not null,
  changed_at timestamptz not null,
  check ((advised_on is null) = (advice_reference = '')),
  check (advice_withdrawn_on is null or advised_on is not null),
  check (deviation_reason = '' or advised_on is not null and committee_told_on is not null and officer_told_on is not null),
  primary key (municipality_id, id)
);
create index impact_assessment_recorded on impact_assessment (municipality_id, recorded_at desc, id desc);

alter table impact_assessment enable row level security;
create policy system on impact_assessment to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on impact_assessment to wijkregie_app, wijkregie_system;
create policy keeper on impact_assessment to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d2']::uuid[]);
create policy auditor on impact_assessment for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d3']::uuid[]);

-- +goose Down
select 1;
