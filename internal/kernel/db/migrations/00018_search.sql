-- +goose Up
-- What may be searched in full text, in Dutch. An operator that is not leakproof uses no index under row-level
-- security: …_hits says by the index which records of the municipality meet a query, ids only, the latest first;
-- who asks reads them through the fence before he says or counts anything. The municipality is a word of its own in
-- every text (in capitals, which no other word has), so that one index looks in one municipality only.
-- One line makes a table searchable: call make_searchable(what, table, its words, its column of the dossier).
-- +goose StatementBegin
create procedure make_searchable(what text, source regclass, words text, dossier text) language plpgsql as $make$
declare
  document text := format('(array_to_tsvector(array[municipality_id]) || to_tsvector(''dutch''::regconfig, %s))', words);
begin
  execute format('create index %I on %s using gin (%s) with (gin_pending_list_limit = 256)', what || '_search', source, document);
  execute format($f$
    create function %1$I(query text, within uuid, before uuid, at_most int) returns setof uuid
      stable security definer set search_path = public language plpgsql as $body$
    declare
      wanted tsquery := websearch_to_tsquery('dutch', query);
    begin
      if numnode(wanted) = 0 then
        return;
      end if;
      return query execute 'select id from %2$s where municipality_id = $1 and ' || %3$L || ' @@ $2'
        || case when within is null then '' else ' and %4$I = $3' end
        || case when before is null then '' else ' and id < $4' end || ' order by id desc limit $5'
        using me_municipality(), wanted && quote_literal(me_municipality())::tsquery, within, before, at_most;
    end $body$
  $f$, what || '_hits', source, document, dossier);
  execute format('revoke execute on function %I from public', what || '_hits');
  execute format('grant execute on function %I to wijkregie_app', what || '_hits');
end $make$;
-- +goose StatementEnd
revoke execute on procedure make_searchable from public;

call make_searchable('dossier_title', 'dossier', 'title', 'id');
call make_searchable('dossier', 'dossier', $$number || ' ' || purpose || ' ' || external_reference$$, 'id');
call make_searchable('item', 'item', $$text || ' ' || source$$, 'dossier_id');
call make_searchable('action', 'action', $$description || ' ' || mediator$$, 'dossier_id');
call make_searchable('deliberation', 'deliberation', $$social_perspective || ' ' || safety_perspective || ' ' || absence_reason || ' ' || advice
  || ' ' || jsonb_path_query_array(contributions, '$[*].text')::text$$, 'dossier_id');
call make_searchable('decision', 'decision', $$text || ' ' || reasons || ' ' || dissent || ' ' || jsonb_path_query_array(dissents, '$[*].text')::text$$, 'dossier_id');
call make_searchable('plan', 'plan', $$integral_goal || ' ' || resident_interest || ' ' || perspective || ' ' || care_goal || ' ' || safety_goal || ' ' || empty_reason
  || ' ' || jsonb_path_query_array(sections, '$[*].text')::text$$, 'dossier_id');
call make_searchable('goal', 'goal', $$text || ' ' || member$$, 'dossier_id');
call make_searchable('document', 'document', $$title || ' ' || source$$, 'dossier_id');

-- Where situations are, found by address or by a place and a distance in metres: ids only, for who sees there whom
-- they are about.
create index dossier_postcode on dossier (municipality_id, (replace(location ->> 'postcode', ' ', ''))) where location is not null;
create index dossier_street on dossier (municipality_id, (lower(location ->> 'street'))) where location is not null;
create index dossier_location_kind on dossier (municipality_id, (location ->> 'kind')) where location is not null;
create index dossier_latitude on dossier (municipality_id, (((location -> 'point') ->> 'latitude')::float8)) where location is not null;
-- +goose StatementBegin
create function location_hits(kind text, street text, house_number text, postcode text, longitude float8, latitude float8, metres float8)
  returns setof uuid stable security definer set search_path = public language plpgsql as $$
declare
  sql text := 'select d.id from dossier d where d.municipality_id = $1 and d.location is not null';
begin
  if kind is not null then
    sql := sql || ' and location ->> ''kind'' = $2';
  end if;
  if street is not null then
    sql := sql || ' and lower(location ->> ''street'') = lower($3)';
  end if;
  if house_number is not null then
    sql := sql || ' and lower(location ->> ''houseNumber'') = lower($4)';
  end if;
  if postcode is not null then
    sql := sql || ' and replace(location ->> ''postcode'', '' '', '''') = replace($5, '' '', '''')';
  end if;
  if metres is not null then -- a degree of latitude is 111.2 km; great circle by haversine
    sql := sql || ' and ((location -> ''point'') ->> ''latitude'')::float8 between $7 - $8 / 111195 and $7 + $8 / 111195
      and 2 * 6371008.8 * asin(sqrt(least(1, sin(radians(((location -> ''point'') ->> ''latitude'')::float8 - $7) / 2) ^ 2
        + cos(radians($7)) * cos(radians(((location -> ''point'') ->> ''latitude'')::float8))
          * sin(radians(((location -> ''point'') ->> ''longitude'')::float8 - $6) / 2) ^ 2))) <= $8';
  end if;
  return query execute sql using me_municipality(), kind, street, house_number, postcode, longitude, latitude, metres;
end $$;
-- +goose StatementEnd
revoke execute on function location_hits from public;
grant execute on function location_hits to wijkregie_app;

-- What happened in a dossier, for who may read it; of each event the application says whether he may.
create view dossier_events as
  select f.* from feed f
  where f.municipality_id = (select me_municipality())
    and (select true from my_admissions a where a.dossier_id = f.dossier_id and not a.shielded limit 1);
grant select on dossier_events to wijkregie_app;

-- +goose Down
select 1;
