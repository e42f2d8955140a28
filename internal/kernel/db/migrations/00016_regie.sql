-- +goose Up
-- A change of regie names the holders of the four responsibilities of AVE and of the chair, from which phase, why it skips one, who
-- proposed it and for whom a substitute decided; `by_table` where it follows from who chairs the table of the dossier.
alter table regie_change
  add column from_phase int,
  add column from_chair_id uuid,
  add column jump_reason text not null default '',
  add column holders jsonb not null default '[]',
  add column proposed_by uuid,
  add column in_name_of uuid,
  add column by_table uuid;

-- The dossiers of a table, whose chair they follow.
create index dossier_table on dossier (municipality_id, table_id) where table_id is not null;

-- Who holds what in which phase by default, and after how many days without a finished action a dossier stagnates; without a row the
-- product's own table counts.
create table regie_default (
  municipality_id text primary key references municipality (id),
  id uuid not null,
  version bigint not null,
  stagnation_days int not null check (stagnation_days between 1 and 365),
  holders jsonb not null,
  changed_at timestamptz not null
);
alter table regie_default enable row level security;
create policy app on regie_default to wijkregie_app using (municipality_id = (select me_municipality()));
create policy system on regie_default to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on regie_default to wijkregie_app;
grant select on regie_default to wijkregie_system;

-- +goose Down
select 1;
