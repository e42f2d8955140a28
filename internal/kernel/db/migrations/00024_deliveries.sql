-- +goose Up
-- A delivery says for whom it is, about what, and when it is meant to leave; several that leave for the same person can go in
-- one letter. Who works on it holds it for a while, so that two never send it, and it comes free when he is gone.
alter table delivery
  add column professional_id uuid,
  add column dossier_id uuid,
  add column seq bigint not null default 0,
  add column due_at timestamptz,
  add column tried_from timestamptz,
  add column letter_id uuid,
  add column held_until timestamptz;
update delivery d set professional_id = a.professional_id, seq = a.seq, dossier_id = f.dossier_id, due_at = d.created_at, tried_from = d.created_at
  from alert a join feed f on f.municipality_id = a.municipality_id and f.seq = a.seq
  where a.municipality_id = d.municipality_id and a.id = d.alert_id;
alter table delivery alter column due_at set not null, alter column tried_from set not null;

create index delivery_waiting on delivery (municipality_id, next_try_at) where state = 'pending';
create index delivery_person on delivery (municipality_id, professional_id, dossier_id, due_at);
create index delivery_letter on delivery (municipality_id, letter_id);
create index delivery_newest on delivery (municipality_id, created_at desc, id desc);

-- The municipal director sees what did not arrive, and sends it once more.
create policy read on delivery for select to wijkregie_app using (
  municipality_id = (select me_municipality()) and '00000000-0000-7000-8000-0000000000d1' = any ((select me_holders())::uuid[]));
create policy retry on delivery for update to wijkregie_app using (
  municipality_id = (select me_municipality()) and '00000000-0000-7000-8000-0000000000d1' = any ((select me_holders())::uuid[]));
grant select on delivery to wijkregie_app;
grant update (state, next_try_at, tried_from, changed_at) on delivery to wijkregie_app;

-- An address that the mail server of its owner does not know gets nothing more until it is changed.
alter table professional add column mail_refused_at timestamptz;

-- Municipalities with a delivery that should have been tried and that nobody works on: ids only.
create function stranded_municipalities(before timestamptz) returns setof text
  stable security definer set search_path = public language sql as $$
    select distinct municipality_id from delivery
    where state = 'pending' and next_try_at <= before and (held_until is null or held_until <= before)
  $$;
revoke execute on function stranded_municipalities(timestamptz) from public;
grant execute on function stranded_municipalities(timestamptz) to wijkregie_system;

-- +goose Down
select 1;
