-- +goose Up
-- Who was what, when: every change of a professional's roles and validity and of a partner's type and
-- status is kept by the database itself, so that no way of changing them forgets it. A decision of the
-- past is replayed from it.
create table professional_standing (
  municipality_id text not null,
  professional_id uuid not null,
  since timestamptz not null,
  partner_id uuid not null,
  roles jsonb not null,
  valid_until date,
  primary key (municipality_id, professional_id, since)
);
create table partner_standing (
  municipality_id text not null,
  partner_id uuid not null,
  since timestamptz not null,
  type text not null,
  status text not null,
  primary key (municipality_id, partner_id, since)
);
insert into professional_standing select municipality_id, id, changed_at, partner_id, roles, valid_until from professional;
insert into partner_standing select municipality_id, id, changed_at, type, status from partner;

-- +goose StatementBegin
create function keep_professional_standing() returns trigger security definer set search_path = public language plpgsql as $$
begin
  insert into professional_standing values (new.municipality_id, new.id, clock_timestamp(), new.partner_id, new.roles, new.valid_until);
  return null;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function keep_partner_standing() returns trigger security definer set search_path = public language plpgsql as $$
begin
  insert into partner_standing values (new.municipality_id, new.id, clock_timestamp(), new.type, new.status);
  return null;
end $$;
-- +goose StatementEnd
revoke execute on function keep_professional_standing(), keep_partner_standing() from public;
create trigger keep_standing after insert or update of partner_id, roles, valid_until on professional
  for each row execute function keep_professional_standing();
create trigger keep_standing after insert or update of type, status on partner
  for each row execute function keep_partner_standing();

-- A covenant (convenant) is what a partner takes part under.
alter table partner add column covenant_from date, add column covenant_until date;

-- What a municipality sets to its wishes; without a row the defaults count.
create table municipality_setting (
  municipality_id text primary key references municipality (id),
  id uuid not null,
  version bigint not null,
  meeting_access_days int not null default 7 check (meeting_access_days between 0 and 90),
  changed_at timestamptz not null
);

-- A version of the matrix is in force from a moment; a later publication replaces one that has not
-- begun. The stamp knows the version in force and the next one, and the clock decides between them.
alter table matrix_version
  add column effective_from timestamptz,
  add column restores_version bigint,
  add column acknowledged jsonb not null default '[]',
  add column supplier_consents jsonb not null default '[]';
update matrix_version set effective_from = published_at;
alter table matrix_version alter column effective_from set not null, alter column effective_from set default now();
alter table municipality_stamp add column next_matrix bigint, add column next_matrix_at timestamptz;

-- What must never be, whatever the matrix says ("no safety partner ever sees health"), and how often
-- that was looked at.
create table privacy_assertion (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  name text not null,
  reason text not null,
  partner_types jsonb not null default '[]',
  partner_domain text not null default '',
  partner_ids jsonb not null default '[]',
  dossier_types jsonb not null default '[]',
  categories jsonb not null,
  acts jsonb not null,
  status text not null check (status in ('active', 'withdrawn')),
  created_by uuid,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id)
);
create table privacy_assertion_check (
  municipality_id text not null references municipality (id),
  id uuid not null,
  at timestamptz not null,
  occasion text not null check (occasion in ('nightly', 'on-demand')),
  assertions int not null,
  found int not null,
  breaches jsonb not null default '[]',
  primary key (municipality_id, id)
);

-- The director's exception for one partner in one dossier: a cell that counts before every other.
create table matrix_exception (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  partner_id uuid not null,
  category smallint not null,
  level text not null,
  reason text not null,
  since timestamptz not null,
  until timestamptz,
  decided_by uuid,
  revoked_at timestamptz,
  revoked_by uuid,
  revocation_reason text not null default '',
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, partner_id) references partner (municipality_id, id)
);
create index matrix_exception_dossier on matrix_exception (municipality_id, dossier_id, since desc);

-- The director's time-boxed grant: a professional may come in, with categories beside his partner's cells.
create table access_grant (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  partner_id uuid not null,
  professional_id uuid not null,
  categories jsonb not null default '[]',
  level text not null,
  reason text not null,
  since timestamptz not null,
  until timestamptz not null,
  granted_by uuid,
  revoked_at timestamptz,
  revoked_by uuid,
  revocation_reason text not null default '',
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id)
);
create index access_grant_dossier on access_grant (municipality_id, dossier_id, since desc);

-- Who was invited for a dossier on an agenda may come in for a while.
create table meeting_access (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  meeting_id uuid not null,
  invitation_id uuid not null,
  partner_id uuid not null,
  professional_id uuid not null,
  since timestamptz not null,
  until timestamptz not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, dossier_id, invitation_id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id)
);
create index meeting_access_meeting on meeting_access (municipality_id, meeting_id);

-- Emergency access (noodtoegang, "break-glass"): at most 24 hours, reviewed afterwards.
create table emergency_access (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  dossier_number text not null,
  partner_id uuid not null,
  professional_id uuid not null,
  purpose text not null,
  since timestamptz not null,
  until timestamptz not null,
  review_due date not null,
  reviewed_by uuid,
  reviewed_at timestamptz,
  outcome text not null default '' check (outcome in ('', 'justified', 'not-justified')),
  findings text not null default '',
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id)
);
create index emergency_access_dossier on emergency_access (municipality_id, dossier_id, since desc);
create index emergency_access_review on emergency_access (municipality_id, since desc) where reviewed_at is null;

-- A request for access to a category, to its supplier and the director.
create table access_request (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  partner_id uuid not null,
  professional_id uuid not null,
  category smallint not null,
  supplier_id uuid,
  purpose text not null,
  requested_at timestamptz not null,
  answered_at timestamptz,
  answered_by uuid,
  outcome text not null default '' check (outcome in ('', 'granted', 'refused')),
  note text not null default '',
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id)
);
create index access_request_dossier on access_request (municipality_id, dossier_id, requested_at desc);
create index access_request_latest on access_request (municipality_id, requested_at desc, id desc);

-- A supplier withholds an item from one partner; the item knows from whom now, this is the history.
create table withholding (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  item_id uuid not null,
  partner_id uuid not null,
  reason text not null,
  withheld_by uuid,
  withheld_at timestamptz not null,
  lifted_by uuid,
  lifted_at timestamptz,
  lifting_reason text not null default '',
  primary key (municipality_id, id),
  foreign key (municipality_id, item_id) references item (municipality_id, id),
  foreign key (municipality_id, partner_id) references partner (municipality_id, id)
);
create index withholding_item on withholding (municipality_id, item_id, withheld_at desc);
create unique index withholding_once on withholding (municipality_id, item_id, partner_id) where lifted_at is null;
alter table item add column withheld_partners jsonb not null default '[]';

-- Admissions become slices of time: what was so before stays, so that the past can be asked. `source` is
-- what an admission follows from (participation, grant, invitation, emergency), `granted…` is what it gives
-- beside the cells, per act; `denied` are the categories for which the cells do not count. What a role in
-- the dossier gives follows from `roles`.
alter table admission
  add column source uuid not null default '00000000-0000-0000-0000-000000000000',
  add column granted_own bigint not null default 0,
  add column granted_add bigint not null default 0,
  add column granted_edit_own bigint not null default 0,
  add column granted_edit_all bigint not null default 0;
alter table admission drop constraint admission_municipality_id_dossier_id_holder_kind_key;
create unique index admission_once on admission (municipality_id, dossier_id, holder, kind, source, since);
create index admission_dossier on admission (municipality_id, dossier_id, until);
-- The policies ask for a holder's admissions to one dossier. The planner does not know how few holders a caller
-- has, and would rather read every slice of the dossier; it is told that there are many (measured: ×15).
alter table admission alter column dossier_id set (n_distinct = -0.01);
update admission set granted = 0, granted_released = 0 where roles <> 0;

-- What was admitted in the past is changed by no request.
drop policy manage on admission;
create policy read on admission for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and ((select true from my_admissions a where a.dossier_id = admission.dossier_id limit 1)
    or (select true from my_openings o where o.dossier_id = admission.dossier_id limit 1)));
create policy add on admission for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and ((select true from my_admissions a where a.dossier_id = admission.dossier_id limit 1)
    or (select true from my_openings o where o.dossier_id = admission.dossier_id limit 1)));
create policy finish on admission for update to wijkregie_app using (
  municipality_id = (select me_municipality()) and until > statement_timestamp()
  and (select true from my_admissions a where a.dossier_id = admission.dossier_id limit 1))
  with check (municipality_id = (select me_municipality()));

-- What case director (1) and chair (2) see in their dossier: life-domain, plan, action and deliberation,
-- and everything that is released (authz.Overlay).
create function role_sees(roles smallint) returns bigint immutable parallel safe language sql
  as $$ select case when roles & 3 <> 0 then 30720::bigint else 0 end $$;
create function role_sees_released(roles smallint) returns bigint immutable parallel safe language sql
  as $$ select case when roles & 3 <> 0 then 524287::bigint else 0 end $$;

-- The categories to which a client is limited; all of them for a person.
create function me_limit() returns bigint stable parallel safe language sql
  as $$ select coalesce(nullif(current_setting('me.limit', true), ''), '0')::bigint $$;

create or replace view my_admissions as
  select * from (
    select a.dossier_id, a.kind, a.profile, a.roles, a.granted, a.granted_released, a.denied, a.shielded,
           (((select me_see())[a.profile + 1] & ~a.denied) | a.granted | role_sees(a.roles)) & (select me_ceiling())[a.profile + 1] as see,
           ((select me_own())[a.profile + 1] & ~a.denied) | (a.granted_own & (select me_limit())) as own,
           (((select me_released())[a.profile + 1] & ~a.denied) | a.granted_released | role_sees_released(a.roles))
             & (select me_ceiling())[a.profile + 1] as released,
           a.granted_own, a.granted_add, a.granted_edit_own, a.granted_edit_all, a.source
    from admission a
    where a.municipality_id = (select me_municipality())
      and a.holder = any ((select me_holders())::uuid[])
      and (a.kind <> 'emergency' or a.holder = ((select me_holders())::uuid[])[1]) -- his own, not of whom he stands in for
      and a.since <= statement_timestamp() and a.until > statement_timestamp()
      and ((select me_admits()) >> a.profile) & 1 = 1
  ) mine where see | own | released <> 0;

-- Emergency access never opens what is under secrecy; a supplier may withhold from one partner.
alter policy read on item using (
  municipality_id = (select me_municipality()) and not restricted
  and (not secret or secret_ground is not null or supplier_id = (select me_partner()))
  and ((withheld_types >> (select me_type())) & 1 = 0 or supplier_id = (select me_partner()))
  and (not withheld_partners @> to_jsonb((select me_partner())::text) or supplier_id = (select me_partner()))
  and (select true from my_admissions a where a.dossier_id = item.dossier_id and not a.shielded
       and (not item.secret or a.kind <> 'emergency')
       and ( (a.see >> category) & 1 = 1
          or ((a.own >> category) & 1 = 1 and supplier_id = (select me_partner()))
          or ((a.released >> category) & 1 = 1
              and (select true from my_releases r where r.item_id = item.id limit 1)))
       limit 1));

-- A professional opens the glass for himself only: for at most a day, with nothing beside his cells, and on record.
create policy break_glass on admission for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and kind = 'emergency' and holder = any ((select me_holders())::uuid[])
  and until <= statement_timestamp() + interval '24 hours' and roles = 0
  and granted | granted_released | granted_own | granted_add | granted_edit_own | granted_edit_all = 0
  and (denied >> 4) & 1 = 1
  and (select true from emergency_access e where e.municipality_id = admission.municipality_id and e.id = admission.source
         and e.dossier_id = admission.dossier_id and e.professional_id = admission.holder and e.until = admission.until limit 1));
-- What he must know of the dossier whose number he knows, to decide whether he may.
create function emergency_dossier(number text) returns table (id uuid, type text, basis text, status text, shielded boolean)
  stable security definer set search_path = public language sql as $$
    select d.id, d.type, d.basis, d.status, d.shielded_at is not null from dossier d
    where d.municipality_id = me_municipality() and d.number = emergency_dossier.number
  $$;
revoke execute on function emergency_dossier(text) from public;
grant execute on function emergency_dossier(text) to wijkregie_app;

-- What an invitation opened, ends sooner by who leads the meeting or was invited himself, also where they no
-- longer know the dossier: what was opened can always be shut. It waits for who changes those dossiers, and
-- others that are opened next, in the order of their ids; without an invitation it is about everybody.
-- +goose StatementBegin
create function limit_meeting_access(meeting uuid, invitation uuid, latest timestamptz, next uuid[]) returns void
  volatile security definer set search_path = public language plpgsql as $$
declare
  opened uuid[] := (
    select array_agg(a.id) from meeting_access a
    where a.municipality_id = me_municipality() and a.meeting_id = meeting and (invitation is null or a.invitation_id = invitation)
      and a.until > latest
      and (a.professional_id = any (me_holders())
        or exists (select from my_meetings w where w.meeting_id = a.meeting_id and w.leads)));
  ending timestamptz;
begin
  perform from dossier d where d.municipality_id = me_municipality()
    and d.id in (select a.dossier_id from meeting_access a where a.municipality_id = me_municipality() and a.id = any (opened)
                 union select unnest(next))
    order by d.id for no key update;
  ending := greatest(latest, clock_timestamp());
  update admission s set until = greatest(s.since, ending) from meeting_access a
    where a.municipality_id = me_municipality() and a.id = any (opened) and s.municipality_id = a.municipality_id
      and s.dossier_id = a.dossier_id and s.holder = a.professional_id and s.kind = 'meeting' and s.source = a.id and s.until > ending;
  update meeting_access a set until = greatest(a.since, ending), version = a.version + 1, changed_at = clock_timestamp()
    where a.municipality_id = me_municipality() and a.id = any (opened) and a.until > ending;
end $$;
-- +goose StatementEnd
revoke execute on function limit_meeting_access(uuid, uuid, timestamptz, uuid[]) from public;
grant execute on function limit_meeting_access(uuid, uuid, timestamptz, uuid[]) to wijkregie_app;

-- Who loses the role of chair or case director in the municipality loses what it gave him in dossiers.
-- +goose StatementBegin
create function end_lost_roles() returns trigger security definer set search_path = public language plpgsql as $$
declare
  lost smallint := (case when old.roles ? 'case-director' and not new.roles ? 'case-director' then 1 else 0 end)
                 | (case when old.roles ? 'chair' and not new.roles ? 'chair' then 2 else 0 end);
begin
  if lost = 0 then
    return null;
  end if;
  insert into admission (municipality_id, id, dossier_id, partner_id, holder, kind, since, until, profile, roles, granted, granted_released,
                         denied, shielded, source, granted_own, granted_add, granted_edit_own, granted_edit_all)
    select municipality_id, gen_random_uuid(), dossier_id, partner_id, holder, kind, statement_timestamp(), until, profile, roles & ~lost, granted,
           granted_released, denied, shielded, source, granted_own, granted_add, granted_edit_own, granted_edit_all
    from admission where municipality_id = new.municipality_id and holder = new.id and roles & lost <> 0
      and since < statement_timestamp() and until > statement_timestamp();
  update admission set until = statement_timestamp()
    where municipality_id = new.municipality_id and holder = new.id and roles & lost <> 0
      and since < statement_timestamp() and until > statement_timestamp();
  update admission set roles = roles & ~lost
    where municipality_id = new.municipality_id and holder = new.id and roles & lost <> 0 and since >= statement_timestamp();
  return null;
end $$;
-- +goose StatementEnd
revoke execute on function end_lost_roles() from public;
create trigger end_lost_roles after update of roles on professional for each row execute function end_lost_roles();

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['professional_standing', 'partner_standing', 'municipality_setting', 'privacy_assertion', 'privacy_assertion_check'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy app on %I to wijkregie_app using (municipality_id = (select me_municipality()))', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select on %I to wijkregie_app, wijkregie_system', t);
  end loop;
  foreach t in array array['matrix_exception', 'access_grant', 'meeting_access', 'emergency_access', 'access_request', 'withholding'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert, update on %I to wijkregie_app', t);
    execute format('grant select on %I to wijkregie_system', t);
  end loop;
  foreach t in array array['matrix_exception', 'access_grant', 'meeting_access'] loop
    execute format($p$create policy read on %1$I for select to wijkregie_app using (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
    execute format($p$create policy add on %1$I for insert to wijkregie_app with check (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
    execute format($p$create policy change on %1$I for update to wijkregie_app using (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
  end loop;
end $$;
-- +goose StatementEnd
grant insert, update on municipality_setting, privacy_assertion to wijkregie_app;
grant insert on privacy_assertion_check to wijkregie_app, wijkregie_system;

-- An emergency access is for who opened it, who is in the dossier, and the privacy officer, whose fixed
-- holder has no admission anywhere.
create policy read on emergency_access for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (professional_id = any ((select me_holders())::uuid[])
    or '00000000-0000-7000-8000-0000000000d2' = any ((select me_holders())::uuid[])
    or (select true from my_admissions a where a.dossier_id = emergency_access.dossier_id limit 1)));
create policy add on emergency_access for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and professional_id = any ((select me_holders())::uuid[]));
create policy change on emergency_access for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = emergency_access.dossier_id and a.kind <> 'emergency' limit 1));
-- Who opened it changes nothing of it but its end, to before now; he never reviews it himself.
create policy end_own on emergency_access for update to wijkregie_app using (
  municipality_id = (select me_municipality()) and professional_id = any ((select me_holders())::uuid[]))
  with check (
  municipality_id = (select me_municipality()) and professional_id = any ((select me_holders())::uuid[])
  and (reviewed_by is null or not reviewed_by = any ((select me_holders())::uuid[])) and until <= statement_timestamp());

-- An access request is for who made it, the municipal director and the partner that is asked, its systems within their limit, as long as
-- they are in the dossier.
create policy read on access_request for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (professional_id = any ((select me_holders())::uuid[]) or (supplier_id = (select me_partner()) and ((select me_limit()) >> category) & 1 = 1)
    or '00000000-0000-7000-8000-0000000000d1' = any ((select me_holders())::uuid[]))
  and (select true from my_admissions a where a.dossier_id = access_request.dossier_id and not a.shielded limit 1));
create policy add on access_request for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and professional_id = any ((select me_holders())::uuid[])
  and (select true from my_admissions a where a.dossier_id = access_request.dossier_id and not a.shielded limit 1));
create policy change on access_request for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and ((supplier_id = (select me_partner()) and ((select me_limit()) >> category) & 1 = 1)
    or '00000000-0000-7000-8000-0000000000d1' = any ((select me_holders())::uuid[]))
  and (select true from my_admissions a where a.dossier_id = access_request.dossier_id and not a.shielded limit 1));

-- That an item is withheld, and from whom, is its supplier's.
create policy read on withholding for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from item i where i.municipality_id = withholding.municipality_id and i.id = withholding.item_id
         and i.supplier_id = (select me_partner()) limit 1));
create policy add on withholding for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = withholding.dossier_id and not a.shielded limit 1));
create policy change on withholding for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = withholding.dossier_id and not a.shielded limit 1));

-- From whom an item was withheld when, without why: who asks who could see an item, is in its dossier.
create view withheld_then as
  select w.item_id, w.partner_id, w.withheld_at, w.lifted_at from withholding w
  where w.municipality_id = (select me_municipality())
    and (select true from my_admissions a where a.dossier_id = w.dossier_id and not a.shielded limit 1);
grant select on withheld_then to wijkregie_app;

-- +goose Down
select 1;
