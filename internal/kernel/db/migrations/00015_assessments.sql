-- +goose Up
-- How it is on a life domain (domain.md §3): of a person, or of a family or one of its members, as a score; of a group or a situation as a
-- level. Never changed: a later one counts, and one that was wrong is named by the one that corrects it.
create table assessment (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  member text not null default '',
  life_domain text not null,
  score int check (score between 1 and 5),
  problem_level text not null default '' check (problem_level in ('', 'none', 'light', 'serious', 'acute')),
  reading text not null,
  own_strength text not null default '',
  source text not null,
  observed_on date not null,
  supplier_id uuid not null,
  assessor_id uuid,
  corrects uuid,
  added_at timestamptz not null,
  check (score is null or problem_level = ''),
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, corrects) references assessment (municipality_id, id)
);
create index assessment_dossier on assessment (municipality_id, dossier_id, added_at desc);
create unique index assessment_corrected_once on assessment (municipality_id, corrects) where corrects is not null;
alter table assessment enable row level security;
create policy system on assessment to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert on assessment to wijkregie_app, wijkregie_system;

-- Category life-domain is bit 11.
create policy read on assessment for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = assessment.dossier_id and not a.shielded
       and ((a.see >> 11) & 1 = 1 or ((a.own >> 11) & 1 = 1 and supplier_id = (select me_partner()))) limit 1));
create policy add on assessment for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and supplier_id = (select me_partner())
  and (select true from my_admissions a where a.dossier_id = assessment.dossier_id and not a.shielded limit 1));

-- What a link weighs, why persons are tied, and when and why it ended; it can be laid again after that.
alter table link
  add column impact_score int check (impact_score between 1 and 5),
  add column strength text not null default '' check (strength in ('', 'weak', 'moderate', 'strong')),
  add column ground text not null default '',
  add column version bigint not null default 1,
  add column ended_at timestamptz,
  add column ended_by uuid,
  add column end_reason text not null default '';
alter table link drop constraint link_municipality_id_dossier_id_other_dossier_id_kind_key;
drop index link_once;
create unique index link_once on link (municipality_id, least(dossier_id, other_dossier_id), greatest(dossier_id, other_dossier_id), kind)
  where kind <> 'cause-effect' and ended_at is null;
create unique index link_effect_once on link (municipality_id, dossier_id, other_dossier_id) where kind = 'cause-effect' and ended_at is null;
create index link_side on link (municipality_id, dossier_id);
create policy finish on link for update to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = link.dossier_id and not a.shielded limit 1)
  and (select true from my_admissions a where a.dossier_id = link.other_dossier_id and not a.shielded limit 1));
grant update on link to wijkregie_app;

-- +goose Down
select 1;
