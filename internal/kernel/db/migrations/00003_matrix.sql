-- +goose Up
create table matrix_version (
  municipality_id text not null references municipality (id),
  id uuid not null,
  number bigint not null,
  reason text not null,
  published_by uuid,
  published_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, number)
);
-- The cells of a published version; never changed.
create table matrix_cell (
  municipality_id text not null,
  version bigint not null,
  partner_type text not null default '',
  partner_id uuid not null default '00000000-0000-0000-0000-000000000000',
  dossier_type text not null,
  category smallint not null,
  level text not null,
  primary key (municipality_id, version, partner_type, partner_id, dossier_type, category),
  foreign key (municipality_id, version) references matrix_version (municipality_id, number)
);
create table matrix_draft (
  municipality_id text primary key references municipality (id),
  id uuid not null,
  version bigint not null,
  cells jsonb not null,
  changed_by uuid,
  changed_at timestamptz not null
);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['matrix_version', 'matrix_cell', 'matrix_draft'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy app on %I to wijkregie_app using (municipality_id = (select me_municipality()))', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert on matrix_version, matrix_cell to wijkregie_app, wijkregie_system;
grant select, insert, update, delete on matrix_draft to wijkregie_app;

-- +goose Down
select 1;
