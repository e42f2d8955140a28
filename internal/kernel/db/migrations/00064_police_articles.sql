-- +goose Up
-- Under which article of the Wpg police data is processed; what came in before this was asked has none.
alter table item add column police_article text not null default '' check (police_article in ('', '8', '9', '10', '13'));
alter table document add column police_article text not null default '' check (police_article in ('', '8', '9', '10', '13'));

-- Data of the articles 9 and 10 is in no dossier under the Wgs. Who puts a dossier on that basis need not read it: a function of the
-- owner takes it back at the moment of that decision, leaves its supplier the record of it, and gives what it took.
create function withdraw_police(change uuid) returns table (kind text, id uuid, category smallint, supplier uuid)
  volatile security definer set search_path = public language sql as $$
    with decided as (
      select c.dossier_id, c.decided_at, c.decided_by from basis_change c
        where c.municipality_id = me_municipality() and c.id = change and c.basis = 'wgs'
          and (select true from my_admissions a where a.dossier_id = c.dossier_id and not a.shielded limit 1)),
    items as (
      update item i set withdrawn_at = c.decided_at, changed_at = c.decided_at from decided c
        where i.municipality_id = me_municipality() and i.dossier_id = c.dossier_id and i.withdrawn_at is null and i.police_article in ('9', '10')
        returning i.id, i.category, i.supplier_id, i.superseded_by, c.dossier_id, c.decided_at, c.decided_by),
    documents as (
      update document d set withdrawn_at = c.decided_at, changed_at = c.decided_at from decided c
        where d.municipality_id = me_municipality() and d.dossier_id = c.dossier_id and d.withdrawn_at is null and d.police_article in ('9', '10')
        returning d.id, d.category, d.supplier_id, c.dossier_id, c.decided_at, c.decided_by),
    kept as (
      insert into item_withdrawal
        select me_municipality(), gen_random_uuid(), dossier_id, id, category, supplier_id, 'Wpg 9, 10; Wgs 2.30', false, decided_by, decided_at
          from items where superseded_by is null returning item_id),
    filed as (
      insert into document_withdrawal
        select me_municipality(), gen_random_uuid(), dossier_id, id, category, supplier_id, 'Wpg 9, 10; Wgs 2.30', false, decided_by, decided_at
          from documents returning document_id)
    select 'item', i.id, i.category, i.supplier_id from items i where i.superseded_by is null
    union all
    select 'document', d.id, d.category, d.supplier_id from documents d
  $$;
revoke execute on function withdraw_police(uuid) from public;
grant execute on function withdraw_police(uuid) to wijkregie_app;

-- +goose Down
select 1;
