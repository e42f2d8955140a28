-- +goose Up
-- Disclosures to third parties (Wgs 1.7, 2.31(11)) and hits to other cooperations (Wgs 2.28). They name items by their ids and hold
-- no copy of them. Who directs or chairs the dossier reads them, and who supplied an item.
create table disclosure (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  kind text not null check (kind in ('third-party', 'hit')),
  state text not null check (state in ('draft', 'disclosed', 'withdrawn')),
  receiver_partner_id uuid,
  organisation text not null check ((receiver_partner_id is null) = (organisation <> '')),
  function text not null,
  expertise text not null,
  ground text not null check (ground <> ''),
  necessity text not null check (necessity <> ''),
  advice_reference text not null,
  secrecy_signed_on date,
  items jsonb not null check (jsonb_array_length(items) > 0),
  suppliers jsonb not null,
  dropped jsonb not null,
  feedback jsonb not null,
  feedback_due_on date check ((feedback_due_on is null) = (state <> 'disclosed')),
  drafted_by uuid not null,
  drafted_at timestamptz not null,
  changed_at timestamptz not null,
  disclosed_at timestamptz check ((disclosed_at is null) = (state <> 'disclosed')),
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, receiver_partner_id) references partner (municipality_id, id)
);
create index disclosure_drafted on disclosure (municipality_id, drafted_at desc, id desc);
create index disclosure_dossier on disclosure (municipality_id, dossier_id);

alter table disclosure enable row level security;
create policy system on disclosure to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, delete on disclosure to wijkregie_system;
grant select, insert, update on disclosure to wijkregie_app;
create policy inside on disclosure to wijkregie_app using (municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = disclosure.dossier_id and not a.shielded
    and (a.roles & 3 <> 0 or (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d1']::uuid[]
      or disclosure.suppliers @> to_jsonb((select me_partner())::text)) limit 1));

-- +goose Down
select 1;
