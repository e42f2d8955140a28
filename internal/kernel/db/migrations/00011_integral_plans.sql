-- +goose Up
-- The integral plans of a dossier, one version after another; at most one draft and one final at a time.
create table plan (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  number int not null,
  status text not null check (status in ('draft', 'final', 'superseded')),
  integral_goal text not null default '',
  resident_interest text not null default '',
  perspective text not null default '',
  care_goal text not null default '',
  safety_goal text not null default '',
  sections jsonb not null default '[]',
  decision_id uuid,
  empty_reason text not null default '',
  drafted_by uuid,
  drafted_at timestamptz not null,
  finalised_by uuid,
  finalised_at timestamptz,
  superseded_at timestamptz,
  check ((status = 'draft') = (finalised_at is null)),
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, decision_id) references decision (municipality_id, id)
);
create index plan_dossier on plan (municipality_id, dossier_id, drafted_at desc);
create unique index plan_draft on plan (municipality_id, dossier_id) where status = 'draft';
create unique index plan_final on plan (municipality_id, dossier_id) where status = 'final';
create unique index plan_number on plan (municipality_id, dossier_id, number);

create table goal (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  plan_id uuid not null,
  former_goal_id uuid,
  life_domain text not null,
  text text not null,
  member_dossier_id uuid,
  member text not null default '',
  added_by uuid,
  added_partner_id uuid not null,
  added_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, plan_id) references plan (municipality_id, id),
  foreign key (municipality_id, former_goal_id) references goal (municipality_id, id),
  foreign key (municipality_id, member_dossier_id) references dossier (municipality_id, id)
);
create index goal_plan on goal (municipality_id, plan_id, added_at desc);

create table goal_result (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  plan_id uuid not null,
  goal_id uuid not null,
  result text not null check (result in ('achieved', 'partly', 'not-achieved')),
  note text not null,
  recorded_by uuid,
  recorded_partner_id uuid not null,
  recorded_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, goal_id) references goal (municipality_id, id)
);
create index goal_result_goal on goal_result (municipality_id, goal_id, recorded_at desc);

create table commitment (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  plan_id uuid not null,
  partner_id uuid not null,
  outcome text not null check (outcome in ('committed', 'refused')),
  reason text not null default '',
  recorded_by uuid,
  recorded_partner_id uuid not null,
  recorded_at timestamptz not null,
  check (outcome = 'committed' or reason <> ''),
  primary key (municipality_id, id),
  foreign key (municipality_id, plan_id) references plan (municipality_id, id),
  foreign key (municipality_id, partner_id) references partner (municipality_id, id)
);
create index commitment_plan on commitment (municipality_id, plan_id, recorded_at desc);

-- The goal that an action serves.
alter table action add column goal_id uuid;
alter table action add foreign key (municipality_id, goal_id) references goal (municipality_id, id);

-- Plans and what belongs to them: category plan (12).
-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['plan', 'goal', 'goal_result', 'commitment'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert, update on %I to wijkregie_system', t);
    execute format($p$create policy read on %1$I for select to wijkregie_app using (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded and (a.see >> 12) & 1 = 1 limit 1))$p$, t);
    execute format($p$create policy add on %1$I for insert to wijkregie_app with check (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
    execute format('grant select, insert on %I to wijkregie_app', t);
  end loop;
  foreach t in array array['plan', 'goal'] loop
    execute format($p$create policy change on %1$I for update to wijkregie_app using (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
    execute format('grant update on %I to wijkregie_app', t);
  end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
select 1;
