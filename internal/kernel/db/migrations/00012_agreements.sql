-- +goose Up
-- What is agreed around the plan of a dossier: frames (kaders), the preconditions of a plan
-- (randvoorwaarden) and how they were passed over, and the chosen approach (gekozen aanpak).
create table frame (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  partner_id uuid not null,
  condition text not null,
  consequence text not null,
  until date not null,
  life_domain text not null default '',
  made_by uuid,
  made_at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid,
  end_reason text not null default '',
  changed_at timestamptz not null,
  check ((ended_at is null) = (end_reason = '')),
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index frame_dossier on frame (municipality_id, dossier_id, made_at desc, id);

create table precondition_answer (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  partner_id uuid not null,
  precondition text not null,
  answer text not null check (answer in ('met', 'not-met')),
  note text not null default '',
  answered_by uuid,
  answered_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index precondition_answer_dossier on precondition_answer (municipality_id, dossier_id, answered_at desc, id);

create table precondition_override (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  partner_id uuid not null,
  missing jsonb not null,
  reason text not null,
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index precondition_override_dossier on precondition_override (municipality_id, dossier_id, decided_at desc, id);

create table approach (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  partner_id uuid not null,
  description text not null,
  alternatives jsonb not null default '[]',
  decision_id uuid not null,
  plan_id uuid,
  chosen_by uuid not null,
  chosen_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, decision_id) references decision (municipality_id, id),
  foreign key (municipality_id, plan_id) references plan (municipality_id, id)
);
create index approach_dossier on approach (municipality_id, dossier_id, chosen_at desc, id);

-- A plan that was started although preconditions were not met, names how they were passed over.
alter table plan add column override_id uuid, add foreign key (municipality_id, override_id) references precondition_override (municipality_id, id);

-- An action can refer to the frame that it carries out.
alter table action add column frame_id uuid, add foreign key (municipality_id, frame_id) references frame (municipality_id, id);

-- Who was told of the term of an action: each rung of the ladder once per term. Only the product itself writes it.
create table action_reminder (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  action_id uuid not null,
  rung text not null check (rung in ('owner', 'case-director', 'chair', 'municipal-director')),
  due_date date not null,
  told jsonb not null,
  told_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, action_id, due_date, rung),
  foreign key (municipality_id, action_id) references action (municipality_id, id)
);

-- How many days before its term the owner of an action is reminded, and how many working days after it each
-- next rung of the ladder is told: case director, chair, municipal director.
alter table municipality_setting
  add column reminder_days int not null default 3 check (reminder_days between 0 and 60),
  add column escalation_days jsonb not null default '[1, 5, 10]';

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['frame', 'precondition_answer', 'precondition_override', 'approach', 'action_reminder'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert, update on %I to wijkregie_system', t);
    execute format('grant select on %I to wijkregie_app', t);
  end loop;
  -- Category plan (12); own is the partner that recorded it.
  foreach t in array array['frame', 'precondition_answer', 'precondition_override', 'approach'] loop
    execute format($p$create policy read on %1$I for select to wijkregie_app using (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded
           and ((a.see >> 12) & 1 = 1 or ((a.own >> 12) & 1 = 1 and partner_id = (select me_partner()))) limit 1))$p$, t);
    execute format($p$create policy add on %1$I for insert to wijkregie_app with check (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
    execute format('grant insert on %I to wijkregie_app', t);
  end loop;
end $$;
-- +goose StatementEnd
create policy change on frame for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = frame.dossier_id and not a.shielded limit 1));
grant update on frame to wijkregie_app;
create policy read on action_reminder for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from action x where x.municipality_id = action_reminder.municipality_id and x.id = action_reminder.action_id limit 1));

-- +goose Down
select 1;
