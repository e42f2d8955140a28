-- +goose Up
-- Mails are taken from the deliveries themselves, all that is due for a person in one letter: they have no jobs any more.
-- Municipalities with mails that are due and that nobody has in hand: ids only.
create function due_municipalities(at timestamptz) returns setof text
  stable security definer set search_path = public language sql as $$
    select id from municipality m where exists (
      select from delivery d where d.municipality_id = m.id and d.state = 'pending' and d.next_try_at <= at and (d.held_until is null or d.held_until <= at))
  $$;
revoke execute on function due_municipalities(timestamptz) from public;
grant execute on function due_municipalities(timestamptz) to wijkregie_system;
drop function stranded_municipalities(timestamptz);

-- +goose StatementBegin
do $$
begin
  if to_regclass('river_job') is not null then
    delete from river_job where kind = 'delivery';
  end if;
end
$$;
-- +goose StatementEnd

-- +goose Down
select 1;
