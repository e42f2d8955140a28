-- +goose Up
-- What a professional fulfils before he works with dossiers: the statement of secrecy (Wgs 1.11), the screening (BGS 1.11) and the
-- training (BGS 1.17). A municipality sets how hard each of them is.
alter table municipality_setting
  add column secrecy_requirement text not null default 'block' check (secrecy_requirement in ('block', 'warn', 'off')),
  add column screening_requirement text not null default 'block' check (screening_requirement in ('block', 'warn', 'off')),
  add column training_requirement text not null default 'warn' check (training_requirement in ('block', 'warn', 'off'));

-- +goose Down
select 1;
