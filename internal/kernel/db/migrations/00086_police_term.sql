-- +goose Up
-- Police data leaves at the latest five years after it was first processed (Wpg 8(6)): nobody reads it any more, its supplier keeps the
-- record of it, and it is destroyed with its dossier. A correction was first processed when what it corrects was. Gives what it took.
create function remove_police(police int, before timestamptz, moment timestamptz) returns table (kind text, id uuid, dossier uuid, category smallint, supplier uuid)
  volatile security definer set search_path = public language sql as $$
    with recursive due as (
      select i.id from item i where i.municipality_id = me_municipality() and i.category = $1 and i.corrects is null and i.added_at < before
      union all
      select i.id from due d join item i on i.municipality_id = me_municipality() and i.corrects = d.id),
    items as (
      update item i set withdrawn_at = moment, changed_at = moment from due
        where i.municipality_id = me_municipality() and i.id = due.id and i.withdrawn_at is null
        returning i.id, i.dossier_id, i.category, i.supplier_id, i.superseded_by),
    documents as (
      update document d set withdrawn_at = moment, changed_at = moment
        where d.municipality_id = me_municipality() and d.category = $1 and d.added_at < before and d.withdrawn_at is null
        returning d.id, d.dossier_id, d.category, d.supplier_id),
    kept as (
      insert into item_withdrawal
        select me_municipality(), gen_random_uuid(), i.dossier_id, i.id, i.category, i.supplier_id, 'Wpg 8(6)', false, null, moment
          from items i where i.superseded_by is null returning item_id),
    filed as (
      insert into document_withdrawal
        select me_municipality(), gen_random_uuid(), d.dossier_id, d.id, d.category, d.supplier_id, 'Wpg 8(6)', false, null, moment
          from documents d returning document_id)
    select 'item', i.id, i.dossier_id, i.category, i.supplier_id from items i where i.superseded_by is null
    union all
    select 'document', d.id, d.dossier_id, d.category, d.supplier_id from documents d
  $$;
revoke execute on function remove_police(int, timestamptz, timestamptz) from public;
grant execute on function remove_police(int, timestamptz, timestamptz) to wijkregie_system;
