-- +goose Up
-- A run of retention: what was due on a day, what was decided on it, and how far it is (Wgs 1.8(7), BGS 1.16). What was
-- destroyed is taken out of the candidates and stands in a certificate.
create table retention_run (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  scheduled boolean not null,
  as_of date not null,
  candidates jsonb not null default '[]',
  destroyed int not null default 0,
  started_by uuid,
  started_at timestamptz not null,
  reason text not null default '',
  decided_by uuid,
  decided_at timestamptz,
  finished_at timestamptz,
  changed_at timestamptz not null,
  check (scheduled or decided_at is null or decided_by is not null and reason <> ''),
  check (finished_at is null or decided_at is not null),
  primary key (municipality_id, id)
);
create index retention_run_started on retention_run (municipality_id, started_at desc, id desc);
create index retention_run_waiting on retention_run (municipality_id, decided_at) where decided_at is not null and finished_at is null;
alter table retention_run enable row level security;
create policy system on retention_run to wijkregie_system using (municipality_id = (select me_municipality()));
create policy read on retention_run for select to wijkregie_app using (municipality_id = (select me_municipality()));
create policy officer on retention_run to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d2']::uuid[]);
grant select, insert, update on retention_run to wijkregie_app, wijkregie_system;

-- That a dossier was destroyed, without personal data. Only destroy_dossier() writes one; it never changes.
create table destruction_certificate (
  municipality_id text not null references municipality (id),
  id uuid not null,
  run_id uuid not null,
  dossier_id uuid not null,
  number text not null,
  kind text not null,
  months int not null,
  due_on date not null,
  records jsonb not null,
  tables_searched int not null,
  copies_found int not null check (copies_found = 0),
  decided_by uuid,
  destroyed_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, dossier_id),
  foreign key (municipality_id, run_id) references retention_run (municipality_id, id)
);
create index destruction_certificate_run on destruction_certificate (municipality_id, run_id, destroyed_at desc, id desc);
alter table destruction_certificate enable row level security;
create policy system on destruction_certificate for select to wijkregie_system using (municipality_id = (select me_municipality()));
create policy read on destruction_certificate for select to wijkregie_app using (municipality_id = (select me_municipality()));
grant select on destruction_certificate to wijkregie_app, wijkregie_system;
create trigger stays before update or delete or truncate on destruction_certificate for each statement execute function log_stays();

-- Destroys rows by their ids with all that refers to them, leaves first, as the catalogue knows it. A row of another dossier
-- that merely points to one loses the pointer, and stays. `counts` is how many went by table, `gone` their ids.
-- +goose StatementBegin
create function destroy_rows(gm text, target regclass, doomed uuid[], dossier uuid, inout counts jsonb, inout gone uuid[])
  volatile set search_path = public language plpgsql as $$
declare
  c record;
  own text;
  below uuid[];
  n bigint;
begin
  if coalesce(cardinality(doomed), 0) = 0 then
    return;
  end if;
  for c in
    select k.conrelid::regclass as child, a.attname as col, not a.attnotnull as optional,
           exists (select from pg_attribute x where x.attrelid = k.conrelid and x.attname = 'id' and not x.attisdropped) as has_id,
           exists (select from pg_attribute x where x.attrelid = k.conrelid and x.attname = 'dossier_id' and not x.attisdropped) as within
    from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[2]
    join pg_attribute key on key.attrelid = target and key.attnum = k.confkey[2] and key.attname = 'id'
    where k.contype = 'f' and k.confrelid = target and cardinality(k.conkey) = 2
    order by k.conrelid::regclass::text, a.attname
  loop
    if c.child = target then
      if c.optional then
        execute format('update %s set %I = null where municipality_id = $1 and %I = any($2) and not id = any($2)', c.child, c.col, c.col) using gm, doomed;
      end if;
      continue;
    end if;
    if c.within and c.optional and target <> 'dossier'::regclass then
      execute format('update %s set %I = null where municipality_id = $1 and %I = any($2) and dossier_id <> $3', c.child, c.col, c.col) using gm, doomed, dossier;
    end if;
    if not c.has_id then
      execute format('delete from %s where municipality_id = $1 and %I = any($2)', c.child, c.col) using gm, doomed;
      get diagnostics n = row_count;
      counts := counts || jsonb_build_object(c.child::text, coalesce((counts ->> c.child::text)::bigint, 0) + n);
      continue;
    end if;
    execute format('select array_agg(id) from %s where municipality_id = $1 and %I = any($2)', c.child, c.col) into below using gm, doomed;
    select r.counts, r.gone into counts, gone from destroy_rows(gm, c.child, below, dossier, counts, gone) r;
  end loop;
  execute format('delete from %s where municipality_id = $1 and id = any($2)', target) using gm, doomed;
  get diagnostics n = row_count;
  counts := counts || jsonb_build_object(target::text, coalesce((counts ->> target::text)::bigint, 0) + n);
  gone := gone || doomed;
end $$;

-- What keeps ids of what is gone: the two logs, which hold no content, and the certificates themselves.
create function outlives_dossier(t name) returns boolean immutable language sql as
  $$ select t in ('audit_entry', 'access_line', 'destruction_certificate') $$;

-- How often a text, the id of a dossier, stands in any row of any other table, in whatever column but bytes, and in how many
-- tables was searched.
create function copies_of(gm text, id text, out searched int, out copies bigint)
  stable set search_path = public language plpgsql as $$
declare
  t record;
  n bigint;
begin
  searched := 0;
  copies := 0;
  for t in
    select c.oid::regclass as rel, string_agg(format('coalesce(x.%I::text, '''')', a.attname), ' || '' '' || ' order by a.attnum) as body,
           bool_or(a.attname = 'municipality_id') as fenced
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid not in ('bytea'::regtype, 'tsvector'::regtype)
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not outlives_dossier(c.relname)
    group by c.oid order by c.oid::regclass::text
  loop
    execute format('select count(*) from %s x where %s strpos(%s, $2) > 0', t.rel, case when t.fenced then 'x.municipality_id = $1 and' else '$1 is not null and' end, t.body)
      into n using gm, id;
    searched := searched + 1;
    copies := copies + n;
  end loop;
end $$;

-- Destroys a dossier that is a candidate of a decided run and under no legal hold, with everything of it and the persons who
-- are in no other dossier, and writes the certificate. It fails, and so destroys nothing, when a copy of its id remains.
create function destroy_dossier(certificate uuid, run uuid, dossier uuid, term int, moment timestamptz) returns void
  volatile security definer set search_path = public language plpgsql as $$
declare
  gm text := me_municipality();
  of_run retention_run;
  candidate jsonb;
  that dossier;
  people uuid[];
  ids uuid[];
  counts jsonb := '{}';
  gone uuid[] := '{}';
  t record;
  n bigint;
  proof record;
begin
  select * into of_run from retention_run r where r.municipality_id = gm and r.id = run and r.decided_at is not null and r.finished_at is null for update;
  select c into candidate from jsonb_array_elements(of_run.candidates) c where c ->> 'dossierId' = dossier::text;
  select * into that from dossier d where d.municipality_id = gm and d.id = dossier for update;
  if candidate is null or that.id is null or (candidate ->> 'dueOn')::timestamptz > moment + interval '1 day' then
    raise exception 'no run decided to destroy this' using errcode = '42501';
  end if;
  select array_agg(distinct p) into people from (
    select s.person_id as p from subject s where s.municipality_id = gm and s.dossier_id = dossier
    union all select k.person_id from consent k where k.municipality_id = gm and k.dossier_id = dossier) involved;

  -- What is told of it: deliveries hang on alerts, and these on the numbers of events.
  select array_agg(a.id) into ids from alert a join feed f on f.municipality_id = a.municipality_id and f.seq = a.seq where f.municipality_id = gm and f.dossier_id = dossier;
  select r.counts, r.gone into counts, gone from destroy_rows(gm, 'alert', ids, dossier, counts, gone) r;
  select r.counts, r.gone into counts, gone from destroy_rows(gm, 'dossier', array[dossier], dossier, counts, gone) r;
  -- What has a column of it without a foreign key.
  for t in
    select c.oid::regclass as rel, a.attname as col, exists (select from pg_attribute x where x.attrelid = c.oid and x.attname = 'id' and not x.attisdropped) as has_id
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.atttypid = 'uuid'::regtype and a.attname ~ '(^|_)dossier_id$' and not outlives_dossier(c.relname)
    order by c.oid::regclass::text, a.attname
  loop
    if not t.has_id then
      execute format('delete from %s where municipality_id = $1 and %I = $2', t.rel, t.col) using gm, dossier;
      get diagnostics n = row_count;
      counts := counts || jsonb_build_object(t.rel::text, coalesce((counts ->> t.rel::text)::bigint, 0) + n);
      continue;
    end if;
    execute format('select array_agg(id) from %s where municipality_id = $1 and %I = $2', t.rel, t.col) into ids using gm, dossier;
    select r.counts, r.gone into counts, gone from destroy_rows(gm, t.rel, ids, dossier, counts, gone) r;
  end loop;

  with recursive nobody as (
    select p as id from unnest(people) p
      where not exists (select from subject s where s.municipality_id = gm and s.person_id = p)
        and not exists (select from consent k where k.municipality_id = gm and k.person_id = p)
    union
    select m.other_id from nobody b join person_merge m on m.municipality_id = gm and m.survivor_id = b.id
      where not exists (select from subject s where s.municipality_id = gm and s.person_id = m.other_id))
  select array_agg(id) into ids from nobody;
  update data_subject_request r set person_id = null where r.municipality_id = gm and r.person_id = any(ids);
  select r.counts, r.gone into counts, gone from destroy_rows(gm, 'person', ids, dossier, counts, gone) r;

  -- Where its ids stand in lists and addresses.
  update data_subject_request r set
    dossiers = coalesce((select jsonb_agg(e) from jsonb_array_elements(r.dossiers) e where e ->> 'id' <> dossier::text), '[]'),
    restricted_items = r.restricted_items - gone::text[]
    where r.municipality_id = gm and r.dossiers @> jsonb_build_array(jsonb_build_object('id', dossier::text));
  update invitation i set agenda_item_ids = i.agenda_item_ids - gone::text[] where i.municipality_id = gm and i.agenda_item_ids ?| gone::text[];
  delete from idempotency k where k.municipality_id = gm and (k.resource_id = any(gone) or strpos(k.location, dossier::text) > 0);
  update retention_run r set candidates = coalesce((select jsonb_agg(e) from jsonb_array_elements(r.candidates) e where e ->> 'dossierId' <> dossier::text), '[]'),
    destroyed = r.destroyed + case when r.id = run then 1 else 0 end, version = r.version + 1, changed_at = moment
    where r.municipality_id = gm and r.candidates @> jsonb_build_array(jsonb_build_object('dossierId', dossier::text));

  select * into proof from copies_of(gm, dossier::text);
  if proof.copies > 0 then
    raise exception 'a copy remains in % rows', proof.copies;
  end if;
  insert into destruction_certificate values (gm, certificate, run, dossier, that.number, candidate ->> 'kind', term, (candidate ->> 'dueOn')::date,
    (select coalesce(jsonb_agg(jsonb_build_object('kind', replace(e.key, '_', '-'), 'count', e.value) order by e.key), '[]') from jsonb_each(counts) e where e.value::bigint > 0),
    proof.searched, proof.copies, of_run.decided_by, moment);
end $$;
-- +goose StatementEnd

-- The municipalities in which a decided run waits to be carried out.
create function decided_runs() returns table (municipality_id text, id uuid)
  stable security definer set search_path = public language sql as $$
    select r.municipality_id, r.id from retention_run r where r.decided_at is not null and r.finished_at is null order by r.decided_at
  $$;
revoke execute on function destroy_rows(text, regclass, uuid[], uuid, jsonb, uuid[]), copies_of(text, text), destroy_dossier(uuid, uuid, uuid, int, timestamptz), decided_runs() from public;
grant execute on function destroy_dossier(uuid, uuid, uuid, int, timestamptz), decided_runs() to wijkregie_system;

-- +goose Down
select 1;
