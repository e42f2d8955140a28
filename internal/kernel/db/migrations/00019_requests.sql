-- +goose Up
-- Whom an event names beside those who direct the dossier: who had received what was taken back, who is asked something.
alter table pending_event add column tell jsonb not null default '[]';
alter table feed add column tell jsonb not null default '[]';
alter table alert add column named boolean not null default false;

-- A question to a partner in a dossier (informatieverzoek), with a term; the supplier answers with items, or refuses with its
-- weighty reasons (Wgs 1.5, 2.29(3)).
create table information_request (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  partner_id uuid not null,
  category smallint not null,
  question text not null,
  due_date date not null,
  asked_by uuid not null,
  asked_at timestamptz not null,
  changed_at timestamptz not null,
  outcome text not null default '' check (outcome in ('', 'supplied', 'refused')),
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, partner_id) references partner (municipality_id, id)
);
create index information_request_dossier on information_request (municipality_id, dossier_id, asked_at desc);

create table information_answer (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  request_id uuid not null,
  outcome text not null check (outcome in ('supplied', 'refused')),
  item_ids jsonb not null default '[]',
  reason text not null default '',
  answered_by uuid,
  answered_partner_id uuid not null,
  answered_at timestamptz not null,
  check ((outcome = 'supplied') = (item_ids <> '[]'::jsonb)),
  check ((outcome = 'supplied') = (reason = '')),
  primary key (municipality_id, id),
  unique (municipality_id, request_id),
  foreign key (municipality_id, request_id) references information_request (municipality_id, id)
);

-- Who leads the dossier, and who is asked. Who is only one of its partners does not know of the question.
-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['information_request', 'information_answer'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert, update on %I to wijkregie_app, wijkregie_system', t);
    execute format($p$create policy add on %1$I for insert to wijkregie_app with check (
      municipality_id = (select me_municipality())
      and (select true from my_admissions a where a.dossier_id = %1$I.dossier_id and not a.shielded limit 1))$p$, t);
  end loop;
end $$;
-- +goose StatementEnd
create policy read on information_request for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = information_request.dossier_id and not a.shielded
       and (a.roles <> 0 or a.kind = 'director' or partner_id = (select me_partner())) limit 1));
create policy change on information_request for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = information_request.dossier_id and not a.shielded
       and (a.roles <> 0 or a.kind = 'director' or partner_id = (select me_partner())) limit 1));
create policy read on information_answer for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from information_request q where q.municipality_id = information_answer.municipality_id and q.id = information_answer.request_id limit 1));

-- What only a dossier of its type has; of category identity, like title and location.
alter table dossier add column particulars jsonb;

-- +goose Down
select 1;
