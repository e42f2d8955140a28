-- +goose Up
-- What a municipality decided on a term, the latest of a kind holds; never changed (Archiefwet; Wgs 1.8(7), BGS 1.16).
create table retention_decision (
  municipality_id text not null references municipality (id),
  id uuid not null,
  kind text not null,
  months int not null check (months >= 0),
  reason text not null,
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id)
);
create index retention_decision_kind on retention_decision (municipality_id, kind, decided_at desc);

-- What keeps a dossier from being destroyed, until a day or until it is ended.
create table legal_hold (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  number text not null,
  ground text not null check (ground in ('litigation', 'archive')),
  reason text not null,
  until date,
  placed_by uuid not null,
  placed_at timestamptz not null,
  ended_by uuid,
  ended_at timestamptz,
  end_reason text not null default '',
  changed_at timestamptz not null,
  check ((ended_at is null) = (end_reason = '')),
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index legal_hold_dossier on legal_hold (municipality_id, dossier_id);
create index legal_hold_placed on legal_hold (municipality_id, placed_at desc, id desc);

-- That a dossier is kept longer, for two years at most and again, with the consent of who supplied (Wgs 1.8(7), BGS 1.16).
create table retention_extension (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  months int not null check (months between 1 and 24),
  ground text not null check (ground in ('open-criteria-met', 'closed-relapse-risk')),
  reason text not null,
  consents jsonb not null,
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index retention_extension_dossier on retention_extension (municipality_id, dossier_id, decided_at);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['retention_decision', 'legal_hold', 'retention_extension'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select on %I to wijkregie_system', t);
    execute format('grant select, insert on %I to wijkregie_app', t);
    execute format('create policy officer on %I to wijkregie_app using (municipality_id = (select me_municipality())
      and (select me_holders())::uuid[] && array[''00000000-0000-7000-8000-0000000000d1'', ''00000000-0000-7000-8000-0000000000d2'']::uuid[])', t);
  end loop;
end $$;
-- +goose StatementEnd
grant update on legal_hold to wijkregie_app;
create policy read on retention_decision for select to wijkregie_app using (municipality_id = (select me_municipality()));

-- Nothing under a legal hold is destroyed, whoever asks: its hold would have to go first.
-- +goose StatementBegin
create function hold_stays() returns trigger language plpgsql as $$
begin
  if old.ended_at is null and (old.until is null or old.until >= (now() - interval '1 day')::date) then
    raise exception 'a legal hold keeps this dossier' using errcode = '42501';
  end if;
  return old;
end $$;
-- +goose StatementEnd
create trigger stays before delete on legal_hold for each row execute function hold_stays();

-- +goose Down
select 1;
