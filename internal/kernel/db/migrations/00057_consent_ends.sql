-- +goose Up
-- What was shared under secrecy because a person consented to it (Wgs 2.29(2); AVG 7(3)) goes back to its supplier when that
-- is withdrawn; what was done before stays lawful, and that it was shared stays to be seen.
alter table item add column consent_ended_at timestamptz;
alter table document add column consent_ended_at timestamptz;

-- A function of the owner, as who records the withdrawal changes what others supplied. Whose item it is in a dossier that is
-- about several is not known: none of those that rest on a consent is shared on, unless the person has another consent there.
create function end_consented(which uuid, today date) returns void
  volatile security definer set search_path = public language sql as $$
    with ended as (
      select c.dossier_id, c.withdrawn_at from consent c
        where c.municipality_id = me_municipality() and c.id = which and c.withdrawn_at is not null
          and (select true from my_admissions a where a.dossier_id = c.dossier_id and not a.shielded limit 1)
          and not exists (
            select from consent o where o.municipality_id = c.municipality_id and o.dossier_id = c.dossier_id and o.person_id = c.person_id and o.id <> c.id
              and o.withdrawn_at is null and o.given_on <= today and (o.until is null or o.until >= today))),
    items as (
      update item i set secret_ground = null, consent_ended_at = e.withdrawn_at, changed_at = e.withdrawn_at from ended e
        where i.municipality_id = me_municipality() and i.dossier_id = e.dossier_id and i.secret_ground = 'explicit-consent')
    update document d set secret_ground = null, consent_ended_at = e.withdrawn_at, changed_at = e.withdrawn_at from ended e
      where d.municipality_id = me_municipality() and d.dossier_id = e.dossier_id and d.secret_ground = 'explicit-consent'
  $$;
revoke execute on function end_consented(uuid, date) from public;
grant execute on function end_consented(uuid, date) to wijkregie_app;

-- +goose Down
select 1;
