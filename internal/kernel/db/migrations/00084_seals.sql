-- +goose Up
-- Content lies under a key of its own, and that key lies sealed beside the first part: when keys are rotated it is renewed, and the
-- content stays as it is.
-- +goose StatementBegin
do $$ begin
  if exists (select from document_part) then
    raise exception 'an earlier version stored documents that this one cannot read: begin with another database, or remove them with that version';
  end if;
end $$;
-- +goose StatementEnd
alter table document_part add column key bytea, add check ((position = 0) = (key is not null));
grant update (key) on document_part to wijkregie_system;
