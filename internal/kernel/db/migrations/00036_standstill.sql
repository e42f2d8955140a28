-- +goose Up
-- A time in which nothing left a municipality any more: the director is told of each once, whatever instance notices it.
create table standstill (
  municipality_id text not null references municipality (id),
  id uuid not null,
  since timestamptz not null,
  noticed_at timestamptz not null,
  ended_at timestamptz,
  primary key (municipality_id, id)
);
create unique index standstill_open on standstill (municipality_id) where ended_at is null;
alter table standstill enable row level security;
create policy system on standstill to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on standstill to wijkregie_system;

-- What waits longest in each municipality where something waits since before a moment: a mail that is due and was not tried, or
-- not again for longer than two attempts lie apart, or an event that is not numbered.
create function standstills(at timestamptz, before timestamptz) returns table (municipality_id text, dossier_id uuid, since timestamptz)
  stable security definer set search_path = public language sql as $$
    select distinct on (w.municipality_id) w.municipality_id, w.dossier_id, w.since from (
      select d.municipality_id, d.dossier_id, d.due_at as since from delivery d
      where d.state = 'pending' and d.next_try_at <= at
        and (d.attempts = 0 and greatest(d.due_at, d.tried_from) <= before or d.changed_at <= before - interval '1 hour')
      union all
      select e.municipality_id, e.dossier_id, e.at from pending_event e where e.at <= before) w
    order by w.municipality_id, w.dossier_id is null, w.since
  $$;
create function open_standstills() returns setof text
  stable security definer set search_path = public language sql as $$ select municipality_id from standstill where ended_at is null $$;

-- How it stands with what leaves, over all municipalities: figures only. Deliveries are those of the past day, and all that wait.
create function delivery_figures(at timestamptz) returns table (state text, many bigint)
  stable security definer set search_path = public language sql as $$
    select s.state, sum(s.many)::bigint from municipality m, lateral (
      select d.state, count(*) as many from delivery d where d.municipality_id = m.id and (d.created_at > at - interval '1 day' or d.state = 'pending') group by d.state) s
    group by s.state
  $$;
create function oldest_waiting(at timestamptz) returns table (delivery timestamptz, event timestamptz)
  stable security definer set search_path = public language sql as $$
    select (select min(d.due_at) from delivery d where d.state = 'pending' and d.next_try_at <= at), (select min(e.at) from pending_event e)
  $$;
-- +goose StatementBegin
do $$
declare f text;
begin
  foreach f in array array['standstills(timestamptz, timestamptz)', 'open_standstills()', 'delivery_figures(timestamptz)', 'oldest_waiting(timestamptz)'] loop
    execute format('revoke execute on function %s from public', f);
    execute format('grant execute on function %s to wijkregie_system', f);
  end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
select 1;
