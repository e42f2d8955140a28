-- +goose Up
create table meeting (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  title text not null,
  table_id uuid,
  chair_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  place text not null default '',
  online_url text not null default '',
  status text not null check (status in ('planned', 'held', 'finalised', 'cancelled')),
  scheduled_by uuid not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, chair_id) references professional (municipality_id, id),
  foreign key (municipality_id, table_id) references consultation_table (municipality_id, id)
);
create index meeting_starts on meeting (municipality_id, starts_at, id);

create table invitation (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  meeting_id uuid not null,
  professional_id uuid,
  guest_name text not null default '',
  guest_organisation text not null default '',
  agenda_item_ids jsonb not null default '[]',
  response text not null default 'pending' check (response in ('pending', 'accepted', 'declined', 'tentative')),
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, meeting_id) references meeting (municipality_id, id),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id)
);
create unique index invitation_once on invitation (municipality_id, meeting_id, professional_id) where professional_id is not null;
create index invitation_professional on invitation (municipality_id, professional_id, meeting_id);

-- Meetings that I lead or am invited to; the director sees every meeting, as who leads it.
create view my_meetings as
  select * from (
    select m.id as meeting_id,
           m.chair_id = any ((select me_holders())::uuid[])
             or '00000000-0000-7000-8000-0000000000d1' = any ((select me_holders())::uuid[]) as leads
    from meeting m where m.municipality_id = (select me_municipality())
  ) every where leads
    or (select true from invitation i where i.municipality_id = (select me_municipality()) and i.meeting_id = every.meeting_id
          and i.professional_id = any ((select me_holders())::uuid[]) limit 1);
grant select on my_meetings to wijkregie_app;

-- For what I am invited; nothing named is the whole agenda.
create view my_invitations as
  select i.meeting_id, i.agenda_item_ids from invitation i
  where i.municipality_id = (select me_municipality()) and i.professional_id = any ((select me_holders())::uuid[]);
grant select on my_invitations to wijkregie_app;

create table agenda_item (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  meeting_id uuid not null,
  dossier_id uuid,
  title text not null default '',
  position int not null,
  minutes int not null default 15,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, meeting_id) references meeting (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index agenda_item_meeting on agenda_item (municipality_id, meeting_id, position, id);
create index agenda_item_dossier on agenda_item (municipality_id, dossier_id);
create unique index agenda_item_once on agenda_item (municipality_id, meeting_id, dossier_id) where dossier_id is not null;

create table deliberation (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  agenda_item_id uuid not null,
  social_perspective text not null default '',
  safety_perspective text not null default '',
  absence_reason text not null default '',
  advice text not null default '',
  contributions jsonb not null default '[]',
  recorded_by uuid not null,
  recorded_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, agenda_item_id) references agenda_item (municipality_id, id)
);
create index deliberation_agenda_item on deliberation (municipality_id, agenda_item_id, recorded_at desc);
create index deliberation_dossier on deliberation (municipality_id, dossier_id, recorded_at desc);

create table decision (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  agenda_item_id uuid not null,
  text text not null,
  reasons text not null,
  dissent text not null default '',
  participants jsonb not null default '[]',
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, agenda_item_id) references agenda_item (municipality_id, id)
);
create index decision_agenda_item on decision (municipality_id, agenda_item_id, decided_at desc);
create index decision_dossier on decision (municipality_id, dossier_id, decided_at desc);

create table action (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  meeting_id uuid,
  decision_id uuid,
  partner_id uuid not null,
  professional_id uuid,
  description text not null,
  life_domain text not null,
  kind text not null check (kind in ('reactive', 'preventive', 'enforcement', 'support', 'mediation')),
  track text not null check (track in ('support', 'enforcement')),
  due_date date not null,
  status text not null check (status in ('open', 'done', 'cancelled')),
  created_by uuid,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, meeting_id) references meeting (municipality_id, id),
  foreign key (municipality_id, decision_id) references decision (municipality_id, id),
  foreign key (municipality_id, partner_id) references partner (municipality_id, id),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id)
);
create index action_dossier on action (municipality_id, dossier_id, status, due_date);
create index action_due on action (municipality_id, due_date, id);

create table completion (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  action_id uuid not null,
  result text not null check (result in ('achieved', 'partly', 'not-achieved')),
  note text not null default '',
  completed_by uuid,
  completed_partner_id uuid not null,
  completed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, action_id) references action (municipality_id, id)
);
create index completion_action on completion (municipality_id, action_id, completed_at desc);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['meeting', 'invitation', 'agenda_item', 'deliberation', 'decision', 'action', 'completion'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert, update on %I to wijkregie_app, wijkregie_system', t);
  end loop;
end $$;
-- +goose StatementEnd

create policy read on meeting for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = meeting.id limit 1));
create policy add on meeting for insert to wijkregie_app with check (municipality_id = (select me_municipality()));
create policy change on meeting for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = meeting.id limit 1));

create policy read on invitation for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = invitation.meeting_id limit 1));
create policy add on invitation for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = invitation.meeting_id limit 1));
create policy change on invitation for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = invitation.meeting_id limit 1));

-- An agenda item is for who leads the meeting or is invited for it and, where it is about a dossier,
-- knows the dossier too.
create policy read on agenda_item for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and ((select true from my_meetings w where w.meeting_id = agenda_item.meeting_id and w.leads limit 1)
    or (select true from my_invitations v where v.meeting_id = agenda_item.meeting_id
          and (v.agenda_item_ids = '[]'::jsonb or v.agenda_item_ids @> to_jsonb(agenda_item.id::text)) limit 1))
  and (dossier_id is null or (select true from my_admissions a where a.dossier_id = agenda_item.dossier_id and not a.shielded limit 1)));
create policy add on agenda_item for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = agenda_item.meeting_id limit 1)
  and (dossier_id is null or (select true from my_admissions a where a.dossier_id = agenda_item.dossier_id and not a.shielded limit 1)));
create policy change on agenda_item for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = agenda_item.meeting_id limit 1));

-- Deliberation and decision: category deliberation (14).
-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['deliberation', 'decision'] loop
    execute format($p$create policy read on %1$I for select to wijkregie_app using (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded and (a.see >> 14) & 1 = 1 limit 1))$p$, t);
    execute format($p$create policy add on %1$I for insert to wijkregie_app with check (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
  end loop;
end $$;
-- +goose StatementEnd

-- Actions and what became of them: category action (13); own is the partner that carries it out.
create policy read on action for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = action.dossier_id and not a.shielded
       and ((a.see >> 13) & 1 = 1 or ((a.own >> 13) & 1 = 1 and partner_id = (select me_partner()))) limit 1));
create policy add on action for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = action.dossier_id and not a.shielded limit 1));
create policy change on action for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = action.dossier_id and not a.shielded limit 1));
create policy read on completion for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from action x where x.municipality_id = completion.municipality_id and x.id = completion.action_id limit 1));
create policy add on completion for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = completion.dossier_id and not a.shielded limit 1));

-- +goose Down
select 1;
