-- +goose Up
-- How a meeting ended, with the reason: cancelled, or finalised with its minutes. Never changed afterwards.
create table meeting_step (
  municipality_id text not null,
  id uuid not null,
  meeting_id uuid not null,
  kind text not null check (kind in ('cancellation', 'finalisation')),
  reason text not null default '',
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, meeting_id, kind),
  foreign key (municipality_id, meeting_id) references meeting (municipality_id, id)
);

-- Who was there: the chair, or somebody by an invitation; the domain is that of the partner on that day.
create table attendance (
  municipality_id text not null,
  id uuid not null,
  meeting_id uuid not null,
  invitation_id uuid,
  professional_id uuid,
  partner_id uuid,
  domain text not null default '',
  recorded_by uuid not null,
  recorded_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, meeting_id) references meeting (municipality_id, id),
  foreign key (municipality_id, invitation_id) references invitation (municipality_id, id),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id),
  foreign key (municipality_id, partner_id) references partner (municipality_id, id),
  check (invitation_id is not null or professional_id is not null)
);
create unique index attendance_invited on attendance (municipality_id, meeting_id, invitation_id) where invitation_id is not null;
create unique index attendance_professional on attendance (municipality_id, meeting_id, professional_id) where professional_id is not null;

-- A decision is replaced by another that names it, once; the dissent is per partner.
alter table decision
  add column supersedes uuid,
  add column dissents jsonb not null default '[]',
  add foreign key (municipality_id, supersedes) references decision (municipality_id, id);
create unique index decision_superseded_once on decision (municipality_id, supersedes) where supersedes is not null;

-- What a meeting did not get round to returns once, at the next of its table.
alter table agenda_item
  add column carried_from uuid,
  add foreign key (municipality_id, carried_from) references agenda_item (municipality_id, id);
-- Nothing was decided about it, and it is yet to return.
alter table agenda_item add column unfinished boolean not null default false;
create unique index agenda_item_carried_once on agenda_item (municipality_id, carried_from) where carried_from is not null;

-- What somebody who is invited asks the chair to discuss, and what became of that.
create table agenda_proposal (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  meeting_id uuid not null,
  dossier_id uuid not null,
  reason text not null,
  proposed_by uuid not null,
  proposed_partner_id uuid not null,
  proposed_at timestamptz not null,
  status text not null check (status in ('open', 'accepted', 'declined')),
  note text not null default '',
  agenda_item_id uuid,
  answered_by uuid,
  answered_at timestamptz,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, meeting_id) references meeting (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index agenda_proposal_meeting on agenda_proposal (municipality_id, meeting_id, proposed_at desc);
create unique index agenda_proposal_once on agenda_proposal (municipality_id, meeting_id, dossier_id, proposed_by) where status = 'open';

-- A secret address under which a professional's calendar reads his meetings; only its hash is kept.
create table calendar_feed (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  professional_id uuid not null,
  secret_hash bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id)
);
create index calendar_feed_professional on calendar_feed (municipality_id, professional_id, created_at desc);
create index calendar_feed_secret on calendar_feed (secret_hash);

-- Whose calendar a secret opens; nobody is known yet who asks.
create function find_calendar(secret bytea)
  returns table (municipality_id text, professional_id uuid)
  stable security definer set search_path = public language sql as $$
    select f.municipality_id, f.professional_id from calendar_feed f where f.secret_hash = secret and f.revoked_at is null
  $$;
revoke execute on function find_calendar(bytea) from public;
grant execute on function find_calendar(bytea) to wijkregie_system;

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['meeting_step', 'attendance', 'agenda_proposal', 'calendar_feed'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
  end loop;
  foreach t in array array['meeting_step', 'attendance'] loop
    execute format($p$create policy read on %1$I for select to wijkregie_app using (
      municipality_id = (select me_municipality())
      and (select true from my_meetings w where w.meeting_id = %1$I.meeting_id limit 1))$p$, t);
    execute format($p$create policy add on %1$I for insert to wijkregie_app with check (
      municipality_id = (select me_municipality())
      and (select true from my_meetings w where w.meeting_id = %1$I.meeting_id and w.leads limit 1))$p$, t);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert on meeting_step to wijkregie_app, wijkregie_system;
grant select, insert, delete on attendance to wijkregie_app, wijkregie_system;
grant select, insert, update on agenda_proposal, calendar_feed to wijkregie_app, wijkregie_system;
grant delete on agenda_item to wijkregie_app, wijkregie_system;

create policy remove on attendance for delete to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = attendance.meeting_id and w.leads limit 1));
create policy remove on agenda_item for delete to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = agenda_item.meeting_id and w.leads limit 1));

-- A proposal is for who leads the meeting and who made it, as far as they know the dossier.
create policy read on agenda_proposal for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (proposed_by = any ((select me_holders())::uuid[])
    or (select true from my_meetings w where w.meeting_id = agenda_proposal.meeting_id and w.leads limit 1))
  and (select true from my_admissions a where a.dossier_id = agenda_proposal.dossier_id and not a.shielded limit 1));
create policy add on agenda_proposal for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = agenda_proposal.meeting_id limit 1)
  and (select true from my_admissions a where a.dossier_id = agenda_proposal.dossier_id and not a.shielded limit 1));
create policy change on agenda_proposal for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_meetings w where w.meeting_id = agenda_proposal.meeting_id and w.leads limit 1));

create policy read on calendar_feed for select to wijkregie_app using (
  municipality_id = (select me_municipality()) and professional_id = any ((select me_holders())::uuid[]));
create policy add on calendar_feed for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and professional_id = any ((select me_holders())::uuid[]));
create policy change on calendar_feed for update to wijkregie_app using (
  municipality_id = (select me_municipality()) and professional_id = any ((select me_holders())::uuid[]));

-- +goose Down
select 1;
