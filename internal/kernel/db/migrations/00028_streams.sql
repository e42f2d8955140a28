-- +goose Up
-- Who has alerts after a number is asked once for all open streams of a municipality.
create index alert_number on alert (municipality_id, seq) include (professional_id);

-- +goose Down
select 1;
