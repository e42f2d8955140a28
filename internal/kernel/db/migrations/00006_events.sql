-- +goose Up
-- What happened, in the transaction in which it happened; the sequencer moves it to the feed.
create table pending_event (
  municipality_id text not null references municipality (id),
  id uuid not null,
  name text not null,
  dossier_id uuid,
  subject_type text not null,
  subject_id uuid not null,
  category smallint,
  supplier_id uuid,
  fields jsonb not null,
  actor_id uuid,
  actor_partner_id uuid,
  in_name_of uuid,
  basis text not null default '',
  at timestamptz not null,
  primary key (municipality_id, id)
);

create table feed_head (
  municipality_id text primary key references municipality (id),
  last bigint not null default 0,
  moved_at timestamptz
);
-- How far the feeds have come is asked of all at once.
alter table feed_head enable row level security;
create policy read on feed_head for select to wijkregie_system using (true);
create policy add on feed_head for insert to wijkregie_system with check (municipality_id = (select me_municipality()));
create policy change on feed_head for update to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on feed_head to wijkregie_system;

-- The order in which commits became visible, without gaps, per municipality.
create table feed (
  municipality_id text not null references municipality (id),
  seq bigint not null,
  id uuid not null,
  name text not null,
  dossier_id uuid,
  subject_type text not null,
  subject_id uuid not null,
  category smallint,
  supplier_id uuid,
  fields jsonb not null,
  actor_id uuid,
  actor_partner_id uuid,
  in_name_of uuid,
  basis text not null default '',
  at timestamptz not null,
  sequenced_at timestamptz not null,
  primary key (municipality_id, seq),
  unique (municipality_id, id)
);
create index feed_dossier on feed (municipality_id, dossier_id, seq desc);

-- The inbox: that this professional is told of this event. What he may learn of it is decided when
-- he reads it.
create table alert (
  municipality_id text not null,
  id uuid not null,
  seq bigint not null,
  professional_id uuid not null,
  created_at timestamptz not null,
  acknowledged_at timestamptz,
  primary key (municipality_id, id),
  unique (municipality_id, professional_id, seq),
  foreign key (municipality_id, seq) references feed (municipality_id, seq),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id)
);
create index alert_open on alert (municipality_id, professional_id, seq) where acknowledged_at is null;

create table delivery (
  municipality_id text not null,
  id uuid not null,
  alert_id uuid not null,
  channel text not null check (channel in ('email')),
  state text not null check (state in ('pending', 'sent', 'cancelled', 'failed')),
  attempts int not null default 0,
  next_try_at timestamptz,
  last_answer text not null default '',
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, alert_id, channel),
  foreign key (municipality_id, alert_id) references alert (municipality_id, id)
);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['pending_event', 'feed', 'alert', 'delivery'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert, update, delete on %I to wijkregie_system', t);
  end loop;
end $$;
-- +goose StatementEnd
revoke update, delete on feed from wijkregie_system;

create policy add on pending_event for insert to wijkregie_app with check (municipality_id = (select me_municipality()));
grant insert on pending_event to wijkregie_app;

-- My inbox: my own alerts, and those of who I stand in for.
create policy read on alert for select to wijkregie_app using (
  municipality_id = (select me_municipality()) and professional_id = any ((select me_holders())::uuid[]));
create policy acknowledge on alert for update to wijkregie_app using (
  municipality_id = (select me_municipality()) and professional_id = any ((select me_holders())::uuid[]));
grant select on alert to wijkregie_app;
grant update (acknowledged_at) on alert to wijkregie_app;

-- The events behind my inbox. What of it may be shown is decided per event (dossier_known, category).
create view my_events as
  select f.* from feed f
  where f.municipality_id = (select me_municipality())
    and (select true from alert w where w.municipality_id = f.municipality_id and w.seq = f.seq
           and w.professional_id = any ((select me_holders())::uuid[]) limit 1);
grant select on my_events to wijkregie_app;

-- Municipalities with something to sequence: ids only.
create function pending_municipalities() returns setof text
  stable security definer set search_path = public language sql as $$
    select distinct municipality_id from pending_event
  $$;
revoke execute on function pending_municipalities() from public;
grant execute on function pending_municipalities() to wijkregie_system;

-- +goose Down
select 1;
