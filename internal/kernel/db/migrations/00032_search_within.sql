-- +goose Up
-- A search looks in the dossiers that it is told, so that who is in few of many does not go through all that others wrote
-- to find his own.
-- +goose StatementBegin
do $$
declare
  f record;
  text text;
begin
  for f in select p.oid, p.proname, p.prokind from pg_proc p
    where p.pronamespace = 'public'::regnamespace and (p.proname = 'make_searchable' or p.proname in ('dossier_title_hits', 'dossier_hits', 'item_hits',
      'action_hits', 'deliberation_hits', 'decision_hits', 'plan_hits', 'goal_hits', 'document_hits'))
  loop
    text := pg_get_functiondef(f.oid);
    if strpos(text, 'within uuid') = 0 or strpos(text, ' = $3') = 0 then
      raise exception 'the search function % is not as expected', f.proname;
    end if;
    text := replace(replace(text, 'within uuid', 'within uuid[]'), ' = $3', ' = any($3)');
    if f.prokind = 'f' then
      execute format('drop function %I', f.proname);
    end if;
    execute text;
    if f.prokind = 'f' then
      execute format('revoke execute on function %I from public', f.proname);
      execute format('grant execute on function %I to wijkregie_app', f.proname);
    end if;
  end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
select 1;
