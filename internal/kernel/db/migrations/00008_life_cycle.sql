-- +goose Up
-- The decisions in the life of a dossier, each with its reasons; never changed.
create table triage (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  criteria jsonb not null,
  criteria_met boolean not null,
  advice text not null check (advice in ('accept', 'reject', 'refer')),
  reason text not null,
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index triage_dossier on triage (municipality_id, dossier_id, decided_at desc);

create table status_change (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  from_status text not null,
  to_status text not null check (to_status in ('triage', 'active', 'aftercare', 'rejected')),
  until date,
  perspective_goal text not null default '',
  reason text not null,
  decided_by uuid not null,
  decided_at timestamptz not null,
  check ((to_status = 'aftercare') = (until is not null)),
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index status_change_dossier on status_change (municipality_id, dossier_id, decided_at desc);

create table basis_change (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  from_basis text not null,
  basis text not null check (basis <> 'wams'),
  purpose text not null,
  ended_partner_ids jsonb not null default '[]',
  reason text not null,
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index basis_change_dossier on basis_change (municipality_id, dossier_id, decided_at desc);

create table reopening (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  closure_id uuid,
  ground text not null check (ground in ('relapse', 'new-signal', 'review', 'correction')),
  status text not null,
  reason text not null,
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, closure_id) references closure (municipality_id, id)
);
create index reopening_dossier on reopening (municipality_id, dossier_id, decided_at desc);

-- The status that a dossier had when it closed, in which it goes on when it is reopened.
alter table closure add column from_status text not null default 'active';

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['triage', 'status_change', 'basis_change', 'reopening'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert, update on %I to wijkregie_system', t);
    execute format($p$create policy read on %1$I for select to wijkregie_app using (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
    execute format($p$create policy add on %1$I for insert to wijkregie_app with check (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id limit 1))$p$, t);
    execute format('grant select, insert on %I to wijkregie_app', t);
  end loop;
  -- Who ended a dossier reads that decision, as long as he is known in it.
  foreach t in array array['closure', 'status_change'] loop
    execute format($p$create policy read_own on %1$I for select to wijkregie_app using (
      municipality_id = (select me_municipality()) and decided_by = any ((select me_holders())::uuid[])
      and (select true from dossier d where d.municipality_id = %1$I.municipality_id and d.id = %1$I.dossier_id
             and d.shielded_at = %1$I.decided_at limit 1))$p$, t);
  end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
select 1;
