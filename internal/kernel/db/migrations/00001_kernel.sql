-- +goose Up
-- The roles that work: they own nothing and cannot bypass row-level security. A connection logs in
-- with the operator's user and does SET ROLE.
-- +goose StatementBegin
do $$
begin
  if not exists (select from pg_roles where rolname = 'wijkregie_app') then
    create role wijkregie_app nologin nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'wijkregie_system') then
    create role wijkregie_system nologin nobypassrls;
  end if;
  if not pg_has_role(current_user, 'wijkregie_app', 'member') then
    execute format('grant wijkregie_app to %I', current_user);
  end if;
  if not pg_has_role(current_user, 'wijkregie_system', 'member') then
    execute format('grant wijkregie_system to %I', current_user);
  end if;
end $$;
-- +goose StatementEnd

revoke create on schema public from public;
grant usage on schema public to wijkregie_app, wijkregie_system;

-- Who acts, as the transaction said it. Without settings every one of these is null, and every
-- policy that asks them is false.
create function me_municipality() returns text stable parallel safe language sql
  as $$ select nullif(current_setting('me.municipality', true), '') $$;
create function me_partner() returns uuid stable parallel safe language sql
  as $$ select nullif(current_setting('me.partner', true), '')::uuid $$;
-- In whose name: the professional and those for whom he stands in, the partner for a system, and
-- the fixed holder of the municipal director's admissions.
create function me_holders() returns uuid[] stable parallel safe language sql
  as $$ select coalesce(nullif(current_setting('me.holders', true), ''), '{}')::uuid[] $$;
create function me_type() returns int stable parallel safe language sql
  as $$ select nullif(current_setting('me.type', true), '')::int $$;
create function me_admits() returns bigint stable parallel safe language sql
  as $$ select coalesce(nullif(current_setting('me.admits', true), ''), '0')::bigint $$;
create function me_see() returns bigint[] stable parallel safe language sql
  as $$ select coalesce(nullif(current_setting('me.see', true), ''), '{}')::bigint[] $$;
create function me_own() returns bigint[] stable parallel safe language sql
  as $$ select coalesce(nullif(current_setting('me.own', true), ''), '{}')::bigint[] $$;
create function me_released() returns bigint[] stable parallel safe language sql
  as $$ select coalesce(nullif(current_setting('me.released', true), ''), '{}')::bigint[] $$;
create function me_ceiling() returns bigint[] stable parallel safe language sql
  as $$ select coalesce(nullif(current_setting('me.ceiling', true), ''), '{}')::bigint[] $$;

create table municipality (
  id text primary key check (id ~ '^GM[0-9]{4}$'),
  name text not null,
  time_zone text not null default 'Europe/Amsterdam'
);
alter table municipality enable row level security;
create policy app on municipality to wijkregie_app using (id = (select me_municipality()));
create policy system on municipality to wijkregie_system using (true);
grant select on municipality to wijkregie_app, wijkregie_system;

-- Stamps that every transaction reads with its first statement: an identity made from older
-- records is made anew before it may act. They are read by the statement that says who acts, and
-- hold no personal data: any may be read, one's own changed.
create table municipality_stamp (
  municipality_id text primary key references municipality (id),
  people bigint not null default 1,
  matrix bigint not null default 0
);
alter table municipality_stamp enable row level security;
create policy read on municipality_stamp for select to wijkregie_app, wijkregie_system using (true);
create policy change on municipality_stamp for update to wijkregie_app, wijkregie_system using (municipality_id = (select me_municipality()));
grant select, update on municipality_stamp to wijkregie_app, wijkregie_system;

-- A key under which a POST was sent before (Idempotency-Key). Never a body: that would be a second
-- copy of personal data.
create table idempotency (
  municipality_id text not null references municipality (id),
  client_id uuid not null,
  professional_id uuid not null,
  operation text not null,
  key text not null,
  body_hash bytea not null,
  status int not null default 0,
  resource_id uuid,
  location text not null default '',
  created_at timestamptz not null default now(),
  primary key (municipality_id, client_id, professional_id, operation, key)
);
alter table idempotency enable row level security;
create policy app on idempotency to wijkregie_app using (municipality_id = (select me_municipality()));
create policy system on idempotency to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update, delete on idempotency to wijkregie_app, wijkregie_system;

-- What was done, by whom. Append-only for every role that works.
create table audit_entry (
  municipality_id text not null references municipality (id),
  id uuid not null,
  at timestamptz not null,
  event text not null,
  professional_id uuid,
  partner_id uuid,
  client_id uuid,
  in_name_of uuid,
  dossier_id uuid,
  subject_type text not null,
  subject_id uuid not null,
  fields jsonb not null,
  trace_id text not null default '',
  primary key (municipality_id, id)
);
create index audit_entry_dossier on audit_entry (municipality_id, dossier_id, at);
alter table audit_entry enable row level security;
create policy app on audit_entry for insert to wijkregie_app with check (municipality_id = (select me_municipality()));
create policy system on audit_entry to wijkregie_system using (municipality_id = (select me_municipality()));
grant insert on audit_entry to wijkregie_app;
grant select, insert on audit_entry to wijkregie_system;

-- +goose Down
select 1;
