-- +goose Up
-- The processing log (Logboek Dataverwerkingen 1.0): whose data was processed, when, on which basis; one line per request and
-- data subject, under a pseudonym that is made outside the database, and nothing of who processed it. It is written of the
-- lines of the access log, each once, when they get their place in the record, and shares their trace.
create table processing_line (
  municipality_id text not null,
  id uuid not null,
  at timestamptz not null,
  trace_id text not null,
  parent_span_id text not null,
  operation text not null,
  basis text not null,
  failed boolean not null,
  data_subject text not null,
  primary key (municipality_id, id)
);
create index processing_line_at on processing_line (municipality_id, at desc, id desc);
create index processing_line_trace on processing_line (municipality_id, trace_id);
create index processing_line_subject on processing_line (municipality_id, data_subject, at desc, id desc) where data_subject <> '';

alter table processing_line enable row level security;
create policy system on processing_line to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert on processing_line to wijkregie_system;
grant select on processing_line to wijkregie_app;
create policy reader on processing_line for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select me_holders())::uuid[] && array['00000000-0000-7000-8000-0000000000d2', '00000000-0000-7000-8000-0000000000d3']::uuid[]);
create trigger stays before update or delete or truncate on processing_line for each statement execute function log_stays();

-- +goose Down
select 1;
