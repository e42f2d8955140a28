-- +goose Up
create table dossier_number (
  municipality_id text not null references municipality (id),
  year int not null,
  last bigint not null,
  primary key (municipality_id, year)
);

create table dossier (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  number text not null,
  type text not null check (type in ('person', 'family', 'group', 'situation')),
  title text not null,
  status text not null check (status in ('intake', 'triage', 'active', 'aftercare', 'closed', 'rejected')),
  basis text not null check (basis in ('wgs', 'covenant', 'social-domain', 'consent', 'wams')),
  purpose text not null,
  neighbourhood_code text,
  location jsonb,
  themes jsonb not null default '[]',
  regie_phase int not null default 1 check (regie_phase between 1 and 4),
  case_director_id uuid,
  chair_id uuid,
  opened_by uuid not null,
  table_id uuid,
  external_reference text not null default '',
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  identity_changed_at timestamptz,
  shielded_at timestamptz,
  primary key (municipality_id, id),
  unique (municipality_id, number),
  foreign key (municipality_id, neighbourhood_code) references neighbourhood (municipality_id, code),
  foreign key (municipality_id, case_director_id) references professional (municipality_id, id),
  foreign key (municipality_id, chair_id) references professional (municipality_id, id),
  foreign key (municipality_id, table_id) references consultation_table (municipality_id, id)
);
create index dossier_opened on dossier (municipality_id, opened_at desc, id desc);
create index dossier_changed on dossier (municipality_id, changed_at desc, id desc);

create table participant (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  partner_id uuid not null,
  role text not null check (role in ('participant', 'incidental')),
  professional_ids jsonb not null default '[]',
  starts_at timestamptz not null,
  ends_at timestamptz,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, dossier_id, partner_id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, partner_id) references partner (municipality_id, id)
);

-- The only way into a dossier. `holder` is the professional admitted by name, the partner for its
-- systems, or the fixed holder of the role municipal director. `profile` is dossier type × legal
-- basis; `granted…` are the categories that a role in the dossier adds, `denied` those that an
-- exception of the director empties.
create table admission (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  partner_id uuid not null,
  holder uuid not null,
  kind text not null check (kind in ('participant', 'meeting', 'grant', 'emergency', 'director')),
  since timestamptz not null,
  until timestamptz not null default 'infinity',
  profile smallint not null,
  roles smallint not null default 0,
  granted bigint not null default 0,
  granted_released bigint not null default 0,
  denied bigint not null default 0,
  shielded boolean not null default false,
  primary key (municipality_id, id),
  unique (municipality_id, dossier_id, holder, kind),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index admission_holder on admission (municipality_id, holder, dossier_id);

-- My live admissions, with what each lets me see: one bit per category. One without any act gives
-- nothing, not even the core.
create view my_admissions as
  select * from (
    select a.dossier_id, a.kind, a.profile, a.roles, a.granted, a.granted_released, a.denied, a.shielded,
           (((select me_see())[a.profile + 1] & ~a.denied) | a.granted) & (select me_ceiling())[a.profile + 1] as see,
           (select me_own())[a.profile + 1] & ~a.denied as own,
           (((select me_released())[a.profile + 1] & ~a.denied) | a.granted_released) & (select me_ceiling())[a.profile + 1] as released
    from admission a
    where a.municipality_id = (select me_municipality())
      and a.holder = any ((select me_holders())::uuid[])
      and a.since <= statement_timestamp() and a.until > statement_timestamp()
      and ((select me_admits()) >> a.profile) & 1 = 1
  ) mine where see | own | released <> 0;
grant select on my_admissions to wijkregie_app;

create table item (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  category smallint not null check (category between 0 and 62),
  life_domain text not null default '',
  text text not null,
  observed_on date not null,
  supplier_id uuid not null,
  author_id uuid,
  source text not null default '',
  conditions jsonb not null default '[]',
  withheld_types bigint not null default 0,
  secret boolean not null default false,
  secret_ground text,
  restricted boolean not null default false,
  external_reference text not null default '',
  added_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, supplier_id) references partner (municipality_id, id)
);
create index item_dossier on item (municipality_id, dossier_id, added_at desc, id desc);
create index item_changed on item (municipality_id, dossier_id, changed_at desc);

create table release (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  item_id uuid not null,
  partner_ids jsonb not null default '[]',
  purpose text not null,
  conditions text not null default '',
  until timestamptz,
  released_by uuid,
  released_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  withdrawal_reason text not null default '',
  primary key (municipality_id, id),
  foreign key (municipality_id, item_id) references item (municipality_id, id)
);
create index release_item on release (municipality_id, item_id);

-- Releases that count for me now: to the whole case, or to my partner by name.
create view my_releases as
  select r.item_id from release r
  where r.municipality_id = (select me_municipality())
    and r.withdrawn_at is null
    and (r.until is null or r.until > statement_timestamp())
    and (r.partner_ids = '[]'::jsonb or r.partner_ids @> to_jsonb((select me_partner())::text));
grant select on my_releases to wijkregie_app;

create table link (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  other_dossier_id uuid not null check (other_dossier_id <> dossier_id),
  kind text not null,
  note text not null default '',
  added_by uuid,
  added_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, dossier_id, other_dossier_id, kind),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, other_dossier_id) references dossier (municipality_id, id)
);
create index link_other on link (municipality_id, other_dossier_id);
-- Only cause and effect have a direction: any other link from the other side is the same one.
create unique index link_once on link (municipality_id, least(dossier_id, other_dossier_id), greatest(dossier_id, other_dossier_id), kind)
  where kind <> 'cause-effect';

create table regie_change (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  phase int,
  case_director_id uuid,
  chair_id uuid,
  criteria jsonb not null default '[]',
  reason text not null,
  review_date date,
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index regie_change_dossier on regie_change (municipality_id, dossier_id, decided_at desc);

create table closure (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  result text not null check (result in ('achieved', 'partly', 'not-achieved')),
  outcomes jsonb not null default '[]',
  reason text not null,
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index closure_dossier on closure (municipality_id, dossier_id, decided_at desc);

-- The system is fenced by the municipality only.
-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['dossier_number', 'dossier', 'participant', 'admission', 'item', 'release', 'link',
                           'regie_change', 'closure'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert, update on %I to wijkregie_system', t);
  end loop;
end $$;
-- +goose StatementEnd

create policy app on dossier_number to wijkregie_app using (municipality_id = (select me_municipality()));
grant select, insert, update on dossier_number to wijkregie_app;

-- Known: a live admission. The row is the dossier's core; its title is masked by the application.
create policy read on dossier for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = dossier.id limit 1));
create policy open on dossier for insert to wijkregie_app with check (municipality_id = (select me_municipality()));
create policy change on dossier for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = dossier.id limit 1));
grant select, insert, update on dossier to wijkregie_app;

-- The dossier that this very transaction opens: nobody is admitted to it yet.
create view my_openings as
  select d.id as dossier_id from dossier d
  where d.municipality_id = (select me_municipality()) and d.xmin = pg_current_xact_id_if_assigned()::xid;
grant select on my_openings to wijkregie_app;

-- Admissions are read through my_admissions; the service writes them as it writes what they follow from,
-- in a dossier that the caller knows or opens: nobody admits himself to another.
create policy manage on admission to wijkregie_app using (
  municipality_id = (select me_municipality())
  and ((select true from my_admissions a where a.dossier_id = admission.dossier_id limit 1)
    or (select true from my_openings o where o.dossier_id = admission.dossier_id limit 1)));
grant select, insert, update on admission to wijkregie_app;

-- Content of a dossier that is readable to all who are in it and not shielded.
-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['participant', 'regie_change', 'closure'] loop
    execute format($p$create policy read on %1$I for select to wijkregie_app using (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
    execute format($p$create policy add on %1$I for insert to wijkregie_app with check (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id limit 1))$p$, t);
    execute format($p$create policy change on %1$I for update to wijkregie_app using (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
    execute format('grant select, insert, update on %I to wijkregie_app', t);
  end loop;
end $$;
-- +goose StatementEnd

-- Each side of a link shows the other only to who may see the other.
create policy read on link for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = link.dossier_id and not a.shielded limit 1)
  and (select true from my_admissions a where a.dossier_id = link.other_dossier_id and not a.shielded limit 1));
create policy add on link for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = link.dossier_id limit 1)
  and (select true from my_admissions a where a.dossier_id = link.other_dossier_id limit 1));
grant select, insert on link to wijkregie_app;

-- right = entitlement ∩ ceilings, for one item (contract.md, "The matrix").
create policy read on item for select to wijkregie_app using (
  municipality_id = (select me_municipality()) and not restricted
  and (not secret or secret_ground is not null or supplier_id = (select me_partner()))
  and ((withheld_types >> (select me_type())) & 1 = 0 or supplier_id = (select me_partner()))
  and (select true from my_admissions a where a.dossier_id = item.dossier_id and not a.shielded
       and ( (a.see >> category) & 1 = 1
          or ((a.own >> category) & 1 = 1 and supplier_id = (select me_partner()))
          or ((a.released >> category) & 1 = 1
              and (select true from my_releases r where r.item_id = item.id limit 1)))
       limit 1));
create policy add on item for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and supplier_id = (select me_partner())
  and (select true from my_admissions a where a.dossier_id = item.dossier_id and not a.shielded limit 1));
create policy change on item for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = item.dossier_id and not a.shielded limit 1));
grant select, insert, update on item to wijkregie_app;

-- A release is readable to who may read the item that it releases.
create policy read on release for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from item i where i.municipality_id = release.municipality_id and i.id = release.item_id limit 1));
create policy add on release for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = release.dossier_id and not a.shielded limit 1));
create policy change on release for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = release.dossier_id and not a.shielded limit 1));
grant select, insert, update on release to wijkregie_app;

-- +goose Down
select 1;
