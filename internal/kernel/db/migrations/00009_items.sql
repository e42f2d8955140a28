-- +goose Up
-- A correction (BGS 1.6) is an item of its own that names the one it corrects; that one stays. What came in one
-- delivery keeps its number.
alter table item
  add column corrects uuid,
  add column superseded_by uuid,
  add column correction_reason text not null default '',
  add column batch_id uuid,
  add column withdrawn_at timestamptz,
  add foreign key (municipality_id, corrects) references item (municipality_id, id),
  add foreign key (municipality_id, superseded_by) references item (municipality_id, id);
create unique index item_corrected_once on item (municipality_id, corrects) where corrects is not null;
create index item_batch on item (municipality_id, batch_id) where batch_id is not null;

-- What a supplier took back, and why: all that is left to read of the item, for its supplier alone.
create table item_withdrawal (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  item_id uuid not null,
  category smallint not null,
  supplier_id uuid not null,
  reason text not null,
  breach boolean not null,
  withdrawn_by uuid,
  withdrawn_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, item_id),
  foreign key (municipality_id, item_id) references item (municipality_id, id)
);
alter table item_withdrawal enable row level security;
grant select, insert on item_withdrawal to wijkregie_app, wijkregie_system;
create policy system on item_withdrawal to wijkregie_system using (municipality_id = (select me_municipality()));
create policy read on item_withdrawal for select to wijkregie_app using (
  municipality_id = (select me_municipality()) and supplier_id = (select me_partner())
  and (select true from my_admissions a where a.dossier_id = item_withdrawal.dossier_id and not a.shielded
         and (a.own >> category) & 1 = 1 limit 1));
create policy add on item_withdrawal for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and supplier_id = (select me_partner())
  and (select true from my_admissions a where a.dossier_id = item_withdrawal.dossier_id and not a.shielded limit 1));

-- Who writes a row must be able to read it as it becomes, and this one nobody reads: the supplier withdraws an
-- item, with the versions that it corrected, by a function of the owner.
create function withdraw_item(which uuid, moment timestamptz) returns void
  volatile security definer set search_path = public language sql as $$
    with recursive versions as (
      select i.id, i.corrects from item i
        where i.municipality_id = me_municipality() and i.id = which and i.supplier_id = me_partner()
          and (select true from my_admissions a where a.dossier_id = i.dossier_id and not a.shielded limit 1)
      union
      select i.id, i.corrects from versions v join item i on i.municipality_id = me_municipality() and i.id = v.corrects)
    update item i set withdrawn_at = moment, changed_at = moment from versions v
      where i.municipality_id = me_municipality() and i.id = v.id and i.withdrawn_at is null
  $$;
revoke execute on function withdraw_item(uuid, timestamptz) from public;
grant execute on function withdraw_item(uuid, timestamptz) to wijkregie_app;

alter policy read on item using (
  municipality_id = (select me_municipality()) and not restricted and withdrawn_at is null
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

-- +goose Down
select 1;
