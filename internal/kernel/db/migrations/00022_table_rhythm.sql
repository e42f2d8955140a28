-- +goose Up
-- When a table meets, so that its next meetings can be planned together.
alter table consultation_table
  add column meeting_rhythm jsonb check (jsonb_typeof(meeting_rhythm) = 'object');

-- Meetings that were planned together. Two who plan the same table at once do not plan a moment twice.
alter table meeting add column series_id uuid;
create index meeting_series on meeting (municipality_id, series_id) where series_id is not null;
create unique index meeting_series_once on meeting (municipality_id, table_id, chair_id, starts_at)
  where series_id is not null and status = 'planned';
