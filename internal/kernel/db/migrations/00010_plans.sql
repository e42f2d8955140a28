-- +goose Up
-- Who mediates, for an action of that kind, and what the parties came to.
alter table action add column mediator text not null default '';
alter table completion add column agreement text not null default '' check (agreement in ('', 'agreed', 'not-agreed'));

-- What was decided about an action after it was agreed, with its reason.
create table action_step (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  action_id uuid not null,
  kind text not null check (kind in ('deferral', 'assignment', 'reopening', 'cancellation')),
  reason text not null,
  former_due_date date,
  due_date date,
  former_partner_id uuid,
  former_professional_id uuid,
  partner_id uuid,
  professional_id uuid,
  decided_by uuid,
  decided_partner_id uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, action_id) references action (municipality_id, id)
);
create index action_step_action on action_step (municipality_id, action_id, kind, decided_at desc);
alter table action_step enable row level security;
create policy system on action_step to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert on action_step to wijkregie_app, wijkregie_system;

create policy read on action_step for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from action x where x.municipality_id = action_step.municipality_id and x.id = action_step.action_id limit 1));
create policy add on action_step for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = action_step.dossier_id and not a.shielded limit 1));

-- +goose Down
select 1;
