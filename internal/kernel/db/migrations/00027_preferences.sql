-- +goose Up
-- How a professional wishes to be told by mail; without a row at once.
create table alert_preference (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  professional_id uuid not null,
  email text not null check (email in ('at-once', 'hourly', 'daily', 'none')),
  quiet_from text not null default '' check (quiet_from ~ '^(([01][0-9]|2[0-3]):[0-5][0-9])?$'),
  quiet_until text not null default '' check (quiet_until ~ '^(([01][0-9]|2[0-3]):[0-5][0-9])?$'),
  rules jsonb not null default '[]',
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, professional_id),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id)
);
alter table alert_preference enable row level security;
create policy system on alert_preference to wijkregie_system using (municipality_id = (select me_municipality()));
create policy own on alert_preference to wijkregie_app using (
  municipality_id = (select me_municipality()) and professional_id = any ((select me_holders())::uuid[]));
grant select on alert_preference to wijkregie_system;
grant select, insert, update on alert_preference to wijkregie_app;

-- What leaves for one person at a fixed hour goes in one letter, whatever its dossier.
alter table delivery add column digest boolean not null default false;

-- For how many seconds after a mail about a dossier the next to the same person waits for more.
alter table municipality_setting add column mail_window_seconds int not null default 60 check (mail_window_seconds between 0 and 3600);

-- +goose Down
select 1;
