-- +goose Up
-- Who looked at what (Wgs 1.8(4), BGS 1.12, AVG 5(2)): one line per request and dossier, durable before the answer leaves.
-- It holds ids, codes and times, never content. It refers to nothing by a foreign key: a line outlives what it is about.
create table access_line (
  municipality_id text not null,
  id uuid not null,
  at timestamptz not null,
  operation text not null,
  acts text[] not null,
  professional_id uuid,
  partner_id uuid,
  client_id uuid,
  roles text[] not null,
  stands_in_for uuid[] not null,
  seen_as_partner_id uuid,
  seen_as_professional_id uuid,
  dossier_id uuid,
  subject_type text not null,
  subject_id uuid,
  categories bigint not null,
  grounds text[] not null,
  basis text not null,
  purpose text not null,
  outcome text not null check (outcome in ('allowed', 'refused', 'not-found', 'failed')),
  status smallint not null,
  trace_id text not null,
  span_id text not null,
  primary key (municipality_id, id)
);
create index access_line_at on access_line (municipality_id, at desc, id desc);
create index access_line_dossier on access_line (municipality_id, dossier_id, at desc, id desc) where dossier_id is not null;
create index access_line_professional on access_line (municipality_id, professional_id, at desc, id desc);
create index access_line_subject on access_line (municipality_id, subject_id, at desc, id desc) where subject_id is not null;

alter table access_line enable row level security;
grant select, insert on access_line to wijkregie_app;
grant select on access_line to wijkregie_system;
create policy read on access_line for select to wijkregie_app, wijkregie_system using (municipality_id = (select me_municipality()));
create policy add on access_line for insert to wijkregie_app with check (municipality_id = (select me_municipality()));

-- +goose StatementBegin
create function log_stays() returns trigger language plpgsql as $$
begin
  raise exception 'a log line stays as it is' using errcode = '42501';
end $$;
-- +goose StatementEnd
create trigger stays before update or delete or truncate on access_line for each statement execute function log_stays();

-- +goose Down
select 1;
