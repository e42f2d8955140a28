-- +goose Up
-- What a request restricts beside items (AVG 18): documents, and a whole person. From the next request on nobody reads the
-- registrations of the person, its subjects and consents, and the dossiers that are about it alone.
alter table data_subject_request
  add column restricted_documents jsonb not null default '[]',
  add column restricts_person boolean not null default false check (not restricts_person or person_id is not null);
alter table document add column restricted boolean not null default false;
alter table person add column restricted boolean not null default false;
alter table subject add column restricted boolean not null default false;
alter table consent add column restricted boolean not null default false;
alter table dossier add column restricted boolean not null default false;
alter table admission add column restricted boolean not null default false;

-- Who has a way into a dossier that is restricted, has none; a way that is made later neither.
create or replace view my_admissions as
  select * from (
    select a.dossier_id, a.kind, a.profile, a.roles, a.granted, a.granted_released, a.denied, a.shielded,
           (((select me_see())[a.profile + 1] & ~a.denied) | a.granted | role_sees(a.roles)) & (select me_ceiling())[a.profile + 1] as see,
           ((select me_own())[a.profile + 1] & ~a.denied) | (a.granted_own & (select me_limit())) as own,
           (((select me_released())[a.profile + 1] & ~a.denied) | a.granted_released | role_sees_released(a.roles))
             & (select me_ceiling())[a.profile + 1] as released,
           a.granted_own, a.granted_add, a.granted_edit_own, a.granted_edit_all, a.source
    from admission a
    where a.municipality_id = (select me_municipality())
      and a.holder = any ((select me_holders())::uuid[])
      and (a.kind <> 'emergency' or a.holder = ((select me_holders())::uuid[])[1]) -- his own, not of whom he stands in for
      and a.since <= statement_timestamp() and a.until > statement_timestamp()
      and not a.restricted
      and ((select me_admits()) >> a.profile) & 1 = 1
  ) mine where see | own | released <> 0;

-- +goose StatementBegin
create function keep_restricted() returns trigger security definer set search_path = public language plpgsql as
$$ begin
  new.restricted := exists (select from dossier d where d.municipality_id = new.municipality_id and d.id = new.dossier_id and d.restricted);
  return new;
end $$;
-- +goose StatementEnd
revoke execute on function keep_restricted from public;
create trigger keep_restricted before insert on admission for each row execute function keep_restricted();

create or replace function emergency_dossier(number text) returns table (id uuid, type text, basis text, status text, shielded boolean)
  stable security definer set search_path = public language sql as $$
    select d.id, d.type, d.basis, d.status, d.shielded_at is not null from dossier d
    where d.municipality_id = me_municipality() and d.number = emergency_dossier.number and not d.restricted
  $$;

-- +goose StatementBegin
do $$
declare
  text text := pg_get_functiondef('overlaps_of(uuid, date)'::regprocedure);
begin
  if strpos(text, 's.person_id = p.id and (s.ends_on') = 0 then
    raise exception 'the function that finds who else is active for a person is not as expected';
  end if;
  execute replace(text, 's.person_id = p.id and (s.ends_on', 's.person_id = p.id and not s.restricted and (s.ends_on');
end $$;
-- +goose StatementEnd

create or replace view my_subjects as
  select s.person_id, s.dossier_id, s.category from subject s
  where s.municipality_id = (select me_municipality()) and not s.restricted
    and (select true from my_admissions a where a.dossier_id = s.dossier_id and not a.shielded and (a.see >> s.category) & 1 = 1 limit 1);
create or replace view my_persons as
  select p.id as person_id from person p
  where p.municipality_id = (select me_municipality()) and not p.restricted
    and (not p.attached and p.supplier_id = (select me_partner()) and (select me_limit()) & 1 = 1
      or (select true from my_subjects s where s.person_id = p.id limit 1));
alter policy read on person using (
  municipality_id = (select me_municipality()) and not restricted
  and (not attached and supplier_id = (select me_partner()) and (select me_limit()) & 1 = 1
    or (select true from my_subjects s where s.person_id = person.id limit 1)));
alter policy change on person using (
  municipality_id = (select me_municipality()) and not restricted
  and (not attached and supplier_id = (select me_partner())
    or (select true from my_subjects s where s.person_id = person.id limit 1)));
alter policy read on subject using (
  municipality_id = (select me_municipality()) and not restricted
  and (select true from my_admissions a where a.dossier_id = subject.dossier_id and not a.shielded and (a.see >> subject.category) & 1 = 1 limit 1));
alter policy read on consent using (
  municipality_id = (select me_municipality()) and not restricted
  and (select true from my_admissions a where a.dossier_id = consent.dossier_id and not a.shielded and (a.see >> consent.category) & 1 = 1 limit 1));
alter policy read on document using (
  municipality_id = (select me_municipality()) and not restricted and withdrawn_at is null
  and (not secret or secret_ground is not null or supplier_id = (select me_partner()))
  and ((withheld_types >> (select me_type())) & 1 = 0 or supplier_id = (select me_partner()))
  and (select true from my_admissions a where a.dossier_id = document.dossier_id and not a.shielded
       and (not document.secret or a.kind <> 'emergency')
       and ((a.see >> category) & 1 = 1
         or ((a.own >> category) & 1 = 1 and supplier_id = (select me_partner())))
       limit 1));

-- As restrict_items: documents of the dossiers that a decided request is about, and those which it wrote.
create function restrict_documents(request uuid, restricting boolean, moment timestamptz) returns setof uuid
  volatile security definer set search_path = public language sql as $$
    update document t set restricted = restricting, changed_at = moment from data_subject_request r
      where r.municipality_id = me_municipality() and r.id = request and r.decided_on is not null and (r.lifted_at is not null) <> restricting
        and me_holders() && array['00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d2']::uuid[]
        and t.municipality_id = me_municipality() and r.restricted_documents @> to_jsonb(t.id::text)
        and r.dossiers @> jsonb_build_array(jsonb_build_object('id', t.dossier_id::text))
        and (restricting or not exists (
          select from data_subject_request o where o.municipality_id = me_municipality() and o.id <> request
            and o.decided_on is not null and o.lifted_at is null and o.restricted_documents @> to_jsonb(t.id::text)))
      returning t.id
  $$;
revoke execute on function restrict_documents(uuid, boolean, timestamptz) from public;
grant execute on function restrict_documents(uuid, boolean, timestamptz) to wijkregie_app;

-- The registrations that are the same as one by merges in force.
create function same_person(one uuid) returns setof uuid
  stable security definer set search_path = public language sql as $$
    with recursive same as (
      select p.id from person p where p.municipality_id = me_municipality() and p.id = one
      union
      select case when m.other_id = s.id then m.survivor_id else m.other_id end from same s join person_merge m
        on m.municipality_id = me_municipality() and (m.other_id = s.id or m.survivor_id = s.id) and m.reversed_at is null)
    select id from same
  $$;
revoke execute on function same_person(uuid) from public;

-- The marks of a whole person follow from the decided requests that restrict one: they are made anew for the registrations of
-- this request. A dossier of type person is about one alone when nobody else is a subject of it in that role.
-- +goose StatementBegin
create function restrict_person(request uuid) returns void
  volatile security definer set search_path = public language plpgsql as $$
declare
  persons uuid[];
  still uuid[];
  dossiers uuid[];
begin
  select array_agg(s) into persons from data_subject_request r, same_person(r.person_id) s
    where r.municipality_id = me_municipality() and r.id = request and r.decided_on is not null and r.restricts_person
      and me_holders() && array['00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d2']::uuid[];
  if persons is null then
    return;
  end if;
  select coalesce(array_agg(s), '{}') into still from data_subject_request r, same_person(r.person_id) s
    where r.municipality_id = me_municipality() and r.decided_on is not null and r.restricts_person and r.lifted_at is null;
  update person p set restricted = p.id = any(still) where p.municipality_id = me_municipality() and p.id = any(persons);
  update subject s set restricted = s.person_id = any(still) where s.municipality_id = me_municipality() and s.person_id = any(persons);
  update consent c set restricted = c.person_id = any(still) where c.municipality_id = me_municipality() and c.person_id = any(persons);
  select coalesce(array_agg(distinct s.dossier_id), '{}') into dossiers from subject s join dossier d on d.municipality_id = s.municipality_id and d.id = s.dossier_id
    where s.municipality_id = me_municipality() and s.person_id = any(persons) and s.role = 'subject' and d.type = 'person';
  update dossier d set restricted = not exists (
      select from subject s where s.municipality_id = d.municipality_id and s.dossier_id = d.id and s.role = 'subject' and not s.person_id = any(still))
    where d.municipality_id = me_municipality() and d.id = any(dossiers);
  update admission a set restricted = d.restricted from dossier d
    where d.municipality_id = me_municipality() and d.id = any(dossiers) and a.municipality_id = d.municipality_id and a.dossier_id = d.id
      and a.restricted <> d.restricted;
end $$;
-- +goose StatementEnd
revoke execute on function restrict_person(uuid) from public;
grant execute on function restrict_person(uuid) to wijkregie_app;

-- +goose Down
select 1;
