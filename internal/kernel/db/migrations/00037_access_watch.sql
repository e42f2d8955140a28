-- +goose Up
-- Who ever had a way into a dossier, and whether it was still one when that was looked at last: from this follows the event that a
-- copy has to be removed. changes counts what happened to his ways since; seen is up to where it was looked at.
create table access_watch (
  municipality_id text not null,
  dossier_id uuid not null,
  holder uuid not null,
  reads boolean not null default true,
  changes bigint not null default 1,
  seen bigint not null default 0,
  primary key (municipality_id, dossier_id, holder),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id) on delete cascade
);
create index access_watch_changed on access_watch (municipality_id) where changes > seen;
create index admission_ending on admission (until) where until < 'infinity';

-- +goose StatementBegin
create function watch_access() returns trigger security definer set search_path = public language plpgsql as
$$ begin
  insert into access_watch (municipality_id, dossier_id, holder) values (new.municipality_id, new.dossier_id, new.holder)
    on conflict (municipality_id, dossier_id, holder) do update set changes = access_watch.changes + 1;
  return null;
end $$;
-- +goose StatementEnd
revoke execute on function watch_access from public;
create trigger watch after insert or update on admission for each row when (new.kind <> 'director') execute function watch_access();

insert into access_watch (municipality_id, dossier_id, holder, reads)
  select municipality_id, dossier_id, holder, bool_or(until > now() and not shielded) from admission where kind <> 'director' group by 1, 2, 3;

-- The municipalities in which somebody's ways changed, or ended by the clock within the last hours.
-- +goose StatementBegin
create function changed_access_municipalities(since timestamptz, at timestamptz) returns setof text
  security definer set search_path = public language sql as $$
    update access_watch w set changes = changes + 1
    from (select distinct municipality_id, dossier_id, holder from admission where until > since and until <= at and kind <> 'director') ended
    where (w.municipality_id, w.dossier_id, w.holder) = (ended.municipality_id, ended.dossier_id, ended.holder) and w.reads and w.changes = w.seen
      and not exists (select from admission a where a.municipality_id = w.municipality_id and a.dossier_id = w.dossier_id and a.holder = w.holder
                      and a.since <= at and a.until > at);
    select distinct municipality_id from access_watch where changes > seen
  $$;
-- +goose StatementEnd
revoke execute on function changed_access_municipalities(timestamptz, timestamptz) from public;
grant execute on function changed_access_municipalities(timestamptz, timestamptz) to wijkregie_system;

alter table access_watch enable row level security;
create policy system on access_watch to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, update on access_watch to wijkregie_system;

-- Beside what happened in the dossiers that he is in, that a way of his into another has ended.
create index feed_lost on feed (municipality_id, seq) where name = 'access.lost';
create or replace view feed_events as
  select f.* from feed f
  where f.municipality_id = (select me_municipality())
    and (f.name = 'access.lost' and f.tell @> to_jsonb(((select me_holders())::uuid[])[1])
      or f.name <> 'access.lost' and (select true from my_admissions a where a.dossier_id = f.dossier_id
         and (a.roles & 3 <> 0
           or not a.shielded
             and (f.category is null or ((a.see | a.own | a.released) >> f.category) & 1 = 1
               or f.subject_type in ('action', 'information-request', 'access-request')))
         limit 1));

-- +goose Down
select 1;
