-- +goose Up
-- The notice that another partner is active for the same person (domain.md 3.14): with whom to get in touch, and nothing
-- of the other dossier. One row for each of the two dossiers; the other one is kept for the audit and never shown.
create table overlap_notice (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  other_dossier_id uuid not null check (other_dossier_id <> dossier_id),
  raised_in uuid not null check (raised_in in (dossier_id, other_dossier_id)),
  category smallint not null check (category in (0, 18)),
  person_id uuid not null,
  contact_partner_id uuid not null,
  contact_function text not null,
  noticed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, other_dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, person_id) references person (municipality_id, id),
  foreign key (municipality_id, contact_partner_id) references partner (municipality_id, id)
);
create index overlap_notice_dossier on overlap_notice (municipality_id, dossier_id, noticed_at desc);

alter table overlap_notice enable row level security;
create policy system on overlap_notice to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert on overlap_notice to wijkregie_app, wijkregie_system;

-- Its case director, until one is appointed its opener (roles 1 and 4), and the municipal director, where they see
-- whom the dossier is about.
create policy read on overlap_notice for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = overlap_notice.dossier_id and not a.shielded
       and (a.roles & 5 <> 0 or a.kind = 'director') limit 1)
  and (select true from my_admissions a where a.dossier_id = overlap_notice.dossier_id and not a.shielded and (a.see >> overlap_notice.category) & 1 = 1 limit 1));
create policy add on overlap_notice for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = overlap_notice.raised_in and not a.shielded limit 1));

-- The other dossiers that are about the person of a subject that the caller can reach, led by another partner on the same
-- legal basis, of which no notice was given yet; nothing where an address of the person is secret. Whoever asks for the same
-- person waits until this transaction ends: of two dossiers at once one finds the other.
-- +goose StatementBegin
create function overlaps_of(which uuid, today date)
  returns table (dossier_id uuid, category smallint, person_id uuid, leader uuid, partner_id uuid, function text, basis text, own_partner_id uuid, own_function text)
  volatile security definer set search_path = public language plpgsql as $$
declare
  mine record;
begin
  select s.dossier_id, s.person_id, p.bsn_index, d.basis, l.partner_id, l.function into mine
    from subject s
    join person p on p.municipality_id = s.municipality_id and p.id = s.person_id
    join dossier d on d.municipality_id = s.municipality_id and d.id = s.dossier_id
    join professional l on l.municipality_id = d.municipality_id and l.id = coalesce(d.case_director_id, d.opened_by)
    where s.municipality_id = me_municipality() and s.id = which and (s.ends_on is null or s.ends_on >= today)
      and d.basis in ('wgs', 'covenant', 'social-domain')
      and (select true from my_admissions a where a.dossier_id = s.dossier_id and not a.shielded and (a.see >> s.category) & 1 = 1 limit 1);
  if not found then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(me_municipality() || ' overlap ' || coalesce(encode(mine.bsn_index, 'hex'), mine.person_id::text), 0));
  if exists (select from person p where p.municipality_id = me_municipality() and (p.id = mine.person_id or p.bsn_index = mine.bsn_index) and p.address_secret) then
    return;
  end if;
  return query
    select distinct on (d.id) d.id, s.category, s.person_id, l.id, l.partner_id, l.function, d.basis, mine.partner_id, mine.function
    from person p
    join subject s on s.municipality_id = p.municipality_id and s.person_id = p.id and (s.ends_on is null or s.ends_on >= today)
    join dossier d on d.municipality_id = s.municipality_id and d.id = s.dossier_id
    join professional l on l.municipality_id = d.municipality_id and l.id = coalesce(d.case_director_id, d.opened_by)
    where p.municipality_id = me_municipality() and (p.id = mine.person_id or p.bsn_index = mine.bsn_index)
      and d.id <> mine.dossier_id and d.basis = mine.basis and d.status not in ('closed', 'rejected') and d.shielded_at is null
      and l.partner_id <> mine.partner_id
      and not exists (select from overlap_notice n where n.municipality_id = d.municipality_id and n.dossier_id = mine.dossier_id
        and n.other_dossier_id = d.id and n.person_id = mine.person_id)
    order by d.id, s.added_at;
end $$;
-- +goose StatementEnd
revoke execute on function overlaps_of from public;
grant execute on function overlaps_of to wijkregie_app;

-- +goose Down
select 1;
