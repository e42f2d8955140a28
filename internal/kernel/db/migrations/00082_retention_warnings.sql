-- +goose Up
-- That a dossier is to be destroyed by the rules alone was told to who directs it: nothing goes by itself sooner than thirty days
-- after that (Wgs 1.8(7)).
create table retention_warning (
  municipality_id text not null,
  dossier_id uuid not null,
  due_on date not null,
  warned_at timestamptz not null,
  primary key (municipality_id, dossier_id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id) on delete cascade
);
alter table retention_warning enable row level security;
create policy system on retention_warning to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update, delete on retention_warning to wijkregie_system;

-- +goose Down
select 1;
