-- +goose Up
-- Who is told of events by webhook: a system of a partner, under the rights of that client. The secrets with which events are
-- signed are encrypted, the one before counts until a moment.
create table webhook_subscription (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  partner_id uuid not null,
  client_id uuid not null,
  url text not null,
  kinds jsonb not null default '[]',
  state text not null check (state in ('active', 'paused', 'stopped')),
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamptz,
  verified_at timestamptz,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, client_id) references client (municipality_id, id),
  foreign key (municipality_id, partner_id) references partner (municipality_id, id)
);
create index webhook_subscription_newest on webhook_subscription (municipality_id, created_at desc, id desc);
create index webhook_subscription_client on webhook_subscription (municipality_id, client_id);

-- What goes to a subscription: an event, or by purpose something else that has no dossier. Place is the order in which what is about
-- one dossier leaves. The kind is noted once it is decided that its client may read it; before that nobody is shown the row.
create table webhook_delivery (
  municipality_id text not null,
  id uuid not null,
  place bigint generated always as identity,
  subscription_id uuid not null,
  purpose text not null check (purpose in ('event', 'test', 'validation', 'replay')),
  event_id uuid not null,
  round bigint not null default 0,
  dossier_id uuid,
  seq bigint not null,
  kind text not null default '',
  state text not null check (state in ('pending', 'sent', 'cancelled', 'failed')),
  attempts int not null default 0,
  due_at timestamptz not null,
  tried_from timestamptz not null,
  next_try_at timestamptz,
  held_until timestamptz,
  last_answer text not null default '',
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, subscription_id, event_id, round),
  foreign key (municipality_id, subscription_id) references webhook_subscription (municipality_id, id)
);
create index webhook_delivery_waiting on webhook_delivery (municipality_id, next_try_at) where state = 'pending';
create index webhook_delivery_order on webhook_delivery (municipality_id, subscription_id, dossier_id, place) where state = 'pending';
create index webhook_delivery_held on webhook_delivery (municipality_id, subscription_id, held_until) where held_until is not null;
create index webhook_delivery_newest on webhook_delivery (municipality_id, subscription_id, created_at desc, id desc);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['webhook_subscription', 'webhook_delivery'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy app on %I to wijkregie_app using (municipality_id = (select me_municipality()))', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert, update on %I to wijkregie_system', t);
    execute format('grant select, insert on %I to wijkregie_app', t);
  end loop;
end $$;
-- +goose StatementEnd
grant update on webhook_subscription to wijkregie_app;

-- Municipalities with something for a webhook that should have been tried and that nobody works on: ids only.
create function stranded_webhook_municipalities(before timestamptz) returns setof text
  stable security definer set search_path = public language sql as $$
    select distinct municipality_id from webhook_delivery
    where state = 'pending' and next_try_at <= before and (held_until is null or held_until <= before)
  $$;
revoke execute on function stranded_webhook_municipalities(timestamptz) from public;
grant execute on function stranded_webhook_municipalities(timestamptz) to wijkregie_system;

-- +goose Down
select 1;
