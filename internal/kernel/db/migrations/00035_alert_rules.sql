-- +goose Up
-- Who is told because an action is his, or because he follows something, is told only what he may read: also later.
alter table alert add column by_rule boolean not null default false;

-- Whoever wishes more than when mail leaves is looked for with every batch of events.
create index alert_preference_ruled on alert_preference (municipality_id) where rules <> '[]';

-- +goose Down
select 1;
