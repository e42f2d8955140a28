-- +goose Up
-- When the latest mails to people left is asked at every batch of events: by when, or all that ever left is read.
create index delivery_late on delivery (municipality_id, professional_id, due_at) include (dossier_id) where not digest;
drop index delivery_person;
create index delivery_person on delivery (municipality_id, professional_id, created_at desc, id desc);
-- Nothing is looked up by letter: without this index, and with room left in each page, taking a mail in hand changes no index.
drop index delivery_letter;
alter table delivery set (fillfactor = 80);

-- +goose Down
select 1;
