-- +goose Up
-- The cooperations in which a municipality takes part, with the arrangement of their joint controllers (AVG 26, Wgs 1.4) and the
-- contact point (BGS 1.1). An active one has what the law asks of it.
create table cooperation (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  name text not null,
  basis text not null,
  partner_ids jsonb not null default '[]',
  arrangement_reference text not null default '',
  arranged_on date,
  contact_name text not null default '',
  contact_email text not null default '',
  contact_phone text not null default '',
  status text not null check (status in ('draft', 'active', 'ended')),
  status_reason text not null default '',
  activated_at timestamptz,
  ended_at timestamptz,
  registered_at timestamptz not null,
  changed_at timestamptz not null,
  check ((arranged_on is null) = (arrangement_reference = '')),
  check ((contact_name = '') = (contact_email = '')),
  check (status <> 'active' or arranged_on is not null and (basis <> 'wgs' or contact_email <> '')),
  primary key (municipality_id, id)
);
create index cooperation_registered on cooperation (municipality_id, registered_at desc, id desc);

-- The prioritised list (Wgs 2.32, BGS 2.22): dossiers under the Wgs, each for criteria of a public list. What is not needed any more is
-- gone, not marked; the audit trail keeps that there was an entry.
create table priority_entry (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  criteria jsonb not null check (jsonb_array_length(criteria) > 0),
  review_on date not null,
  added_by uuid not null,
  added_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, dossier_id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id)
);
create index priority_entry_added on priority_entry (municipality_id, added_at desc, id desc);

alter table cooperation enable row level security;
alter table priority_entry enable row level security;
create policy system on cooperation to wijkregie_system using (municipality_id = (select me_municipality()));
create policy system on priority_entry to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on cooperation to wijkregie_app, wijkregie_system;
grant select, insert, delete on priority_entry to wijkregie_app, wijkregie_system;
create policy read on cooperation for select to wijkregie_app using (municipality_id = (select me_municipality()));
create policy add on cooperation for insert to wijkregie_app with check (municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d2']::uuid[]);
create policy change on cooperation for update to wijkregie_app using (municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d2']::uuid[]);
-- Who is in the dossier sees that it is on the list.
create policy inside on priority_entry to wijkregie_app using (municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = priority_entry.dossier_id and not a.shielded limit 1));

-- A dossier that ended, or is no longer under the Wgs, is off the list in the same moment.
-- +goose StatementBegin
create function leave_priority_list() returns trigger security definer set search_path = public language plpgsql as
$$ begin
  delete from priority_entry p where p.municipality_id = new.municipality_id and p.dossier_id = new.id;
  return null;
end $$;
-- +goose StatementEnd
revoke execute on function leave_priority_list() from public;
create trigger leave_priority_list after update of status, basis on dossier for each row
  when (new.status in ('closed', 'rejected') or new.basis <> 'wgs') execute function leave_priority_list();

-- +goose Down
select 1;
