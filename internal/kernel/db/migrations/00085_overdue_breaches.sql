-- +goose Up
-- That a data breach was not reported in time is told once.
alter table data_breach add column overdue_told_at timestamptz;
