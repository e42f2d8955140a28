-- +goose Up
-- What a person asks under the AVG (12-22) and what was decided (UAVG 34), kept by privacy officer and municipal director,
-- whose fixed holders have no right to content by it.
create table data_subject_request (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  kind text not null check (kind in ('information', 'access', 'rectification', 'erasure', 'restriction', 'objection')),
  person_id uuid,
  received_on date not null,
  channel text not null,
  identity_check text not null,
  dossiers jsonb not null default '[]',
  recorded_by uuid not null,
  recorded_at timestamptz not null,
  changed_at timestamptz not null,
  extended_on date,
  extension_reason text not null default '',
  consultations jsonb not null default '[]',
  outcome text not null default '' check (outcome in ('', 'granted', 'partly', 'refused')),
  reasons text not null default '',
  ground text not null default '',
  exception_until date,
  unanswered_reason text not null default '',
  restricted_items jsonb not null default '[]',
  decided_on date,
  decided_by uuid,
  lift_notice_on date,
  lift_reason text not null default '',
  lifted_at timestamptz,
  lifted_by uuid,
  check ((decided_on is null) = (outcome = '')),
  check (outcome not in ('partly', 'refused') or ground <> ''),
  primary key (municipality_id, id),
  foreign key (municipality_id, person_id) references person (municipality_id, id)
);
create index data_subject_request_recorded on data_subject_request (municipality_id, recorded_at desc, id desc);

alter table data_subject_request enable row level security;
create policy system on data_subject_request to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on data_subject_request to wijkregie_app, wijkregie_system;
create policy handler on data_subject_request to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d2']::uuid[]);

-- Who decides on a restriction (AVG 18) reads no item, and who restricts one no longer reads it: a function of the owner
-- sets the mark on items of the dossiers that the request is about, with the versions that they corrected and those
-- that corrected them, and gives which it wrote. What another decided request still restricts stays restricted.
create function restrict_items(request uuid, restricting boolean, moment timestamptz) returns setof uuid
  volatile security definer set search_path = public language sql as $$
    with recursive asked as (
      select r.id, r.restricted_items, r.dossiers from data_subject_request r
        where r.municipality_id = me_municipality() and r.id = request and r.decided_on is not null
          and (r.lifted_at is not null) <> restricting
          and me_holders() && array['00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d2']::uuid[]),
    versions as (
      select i.id, i.corrects, i.superseded_by from asked r, item i
        where i.municipality_id = me_municipality() and r.restricted_items @> to_jsonb(i.id::text)
          and r.dossiers @> jsonb_build_array(jsonb_build_object('id', i.dossier_id::text))
      union
      select i.id, i.corrects, i.superseded_by from versions v join item i
        on i.municipality_id = me_municipality() and (i.id = v.corrects or i.id = v.superseded_by))
    update item i set restricted = restricting, changed_at = moment from versions v
      where i.municipality_id = me_municipality() and i.id = v.id and (restricting or not exists (
        select from data_subject_request o where o.municipality_id = me_municipality() and o.id <> request
          and o.decided_on is not null and o.lifted_at is null and o.restricted_items @> to_jsonb(i.id::text)))
      returning i.id
  $$;
revoke execute on function restrict_items(uuid, boolean, timestamptz) from public;
grant execute on function restrict_items(uuid, boolean, timestamptz) to wijkregie_app;

-- +goose Down
select 1;
