-- +goose Up
-- A new version of the matrix in force can take the last way into dossiers too: where it has changed, all ways that were open
-- are looked at again.
alter table municipality_stamp add column watched_matrix bigint;
update municipality_stamp set watched_matrix = case when next_matrix_at <= now() then next_matrix else matrix end;

-- +goose StatementBegin
create or replace function changed_access_municipalities(since timestamptz, at timestamptz) returns setof text
  security definer set search_path = public language sql as $$
    update access_watch w set changes = changes + 1
    from (select distinct municipality_id, dossier_id, holder from admission where until > since and until <= at and kind <> 'director') ended
    where (w.municipality_id, w.dossier_id, w.holder) = (ended.municipality_id, ended.dossier_id, ended.holder) and w.reads and w.changes = w.seen
      and not exists (select from admission a where a.municipality_id = w.municipality_id and a.dossier_id = w.dossier_id and a.holder = w.holder
                      and a.since <= at and a.until > at);
    with changed as (
      update municipality_stamp s set watched_matrix = now.number
      from (select s.municipality_id, case when s.next_matrix_at <= at then s.next_matrix else s.matrix end as number from municipality_stamp s) now
      where s.municipality_id = now.municipality_id and s.watched_matrix is distinct from now.number returning s.municipality_id)
    update access_watch w set changes = changes + 1 from changed c where w.municipality_id = c.municipality_id and w.reads and w.changes = w.seen;
    select distinct municipality_id from access_watch where changes > seen
  $$;
-- +goose StatementEnd

-- +goose Down
select 1;
