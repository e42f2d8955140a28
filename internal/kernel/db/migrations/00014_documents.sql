-- +goose Up
-- What a document is; its content stands apart, encrypted, in parts.
create table document (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  dossier_id uuid not null,
  category smallint not null check (category between 0 and 62),
  title text not null,
  kind text not null check (kind in ('report', 'letter', 'decision', 'agreement', 'form', 'image', 'other')),
  observed_on date not null,
  source text not null default '',
  supplier_id uuid not null,
  author_id uuid,
  conditions jsonb not null default '[]',
  withheld_types bigint not null default 0,
  secret boolean not null default false,
  secret_ground text,
  state text not null check (state in ('uploading', 'scanning', 'available', 'refused')),
  scanned boolean not null default false,
  media_type text not null default '',
  size bigint not null default 0,
  sha256 text not null default '',
  added_at timestamptz not null,
  uploaded_at timestamptz,
  changed_at timestamptz not null,
  withdrawn_at timestamptz,
  primary key (municipality_id, id),
  foreign key (municipality_id, dossier_id) references dossier (municipality_id, id),
  foreign key (municipality_id, supplier_id) references partner (municipality_id, id)
);
create index document_dossier on document (municipality_id, dossier_id, added_at desc, id desc);
create index document_added on document (municipality_id, added_at desc, id desc);

create table document_part (
  municipality_id text not null,
  document_id uuid not null,
  position int not null,
  data bytea not null,
  primary key (municipality_id, document_id, position),
  foreign key (municipality_id, document_id) references document (municipality_id, id)
);
-- What is encrypted does not become smaller.
alter table document_part alter column data set storage external;

-- What a supplier took back, and why: all that is left to read of the document, for its supplier alone.
create table document_withdrawal (
  municipality_id text not null,
  id uuid not null,
  dossier_id uuid not null,
  document_id uuid not null,
  category smallint not null,
  supplier_id uuid not null,
  reason text not null,
  breach boolean not null,
  withdrawn_by uuid,
  withdrawn_at timestamptz not null,
  primary key (municipality_id, id),
  unique (municipality_id, document_id),
  foreign key (municipality_id, document_id) references document (municipality_id, id)
);

alter table document enable row level security;
alter table document_part enable row level security;
alter table document_withdrawal enable row level security;
create policy system on document to wijkregie_system using (municipality_id = (select me_municipality()));
create policy system on document_part to wijkregie_system using (municipality_id = (select me_municipality()));
create policy system on document_withdrawal to wijkregie_system using (municipality_id = (select me_municipality()));
grant select, insert, update on document to wijkregie_app, wijkregie_system;
grant select, insert on document_part, document_withdrawal to wijkregie_app, wijkregie_system;

-- right = entitlement ∩ ceilings, as for an item; a document is not released.
create policy read on document for select to wijkregie_app using (
  municipality_id = (select me_municipality()) and withdrawn_at is null
  and (not secret or secret_ground is not null or supplier_id = (select me_partner()))
  and ((withheld_types >> (select me_type())) & 1 = 0 or supplier_id = (select me_partner()))
  and (select true from my_admissions a where a.dossier_id = document.dossier_id and not a.shielded
       and (not document.secret or a.kind <> 'emergency')
       and ((a.see >> category) & 1 = 1
         or ((a.own >> category) & 1 = 1 and supplier_id = (select me_partner())))
       limit 1));
create policy add on document for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and supplier_id = (select me_partner())
  and (select true from my_admissions a where a.dossier_id = document.dossier_id and not a.shielded limit 1));
create policy change on document for update to wijkregie_app using (
  municipality_id = (select me_municipality()) and supplier_id = (select me_partner())
  and (select true from my_admissions a where a.dossier_id = document.dossier_id and not a.shielded limit 1));

-- Content is there for whoever may read the document, once it is available.
create policy read on document_part for select to wijkregie_app using (
  municipality_id = (select me_municipality())
  and (select true from document d where d.municipality_id = document_part.municipality_id and d.id = document_part.document_id
         and d.state = 'available' limit 1));
create policy add on document_part for insert to wijkregie_app with check (
  municipality_id = (select me_municipality())
  and (select true from document d where d.municipality_id = document_part.municipality_id and d.id = document_part.document_id
         and d.supplier_id = (select me_partner()) and d.state <> 'available' limit 1));

create policy read on document_withdrawal for select to wijkregie_app using (
  municipality_id = (select me_municipality()) and supplier_id = (select me_partner())
  and (select true from my_admissions a where a.dossier_id = document_withdrawal.dossier_id and not a.shielded
         and (a.own >> category) & 1 = 1 limit 1));
create policy add on document_withdrawal for insert to wijkregie_app with check (
  municipality_id = (select me_municipality()) and supplier_id = (select me_partner())
  and (select true from my_admissions a where a.dossier_id = document_withdrawal.dossier_id and not a.shielded limit 1));

-- Who writes a row must be able to read it as it becomes, and this one nobody reads: the supplier withdraws a
-- document by a function of the owner.
create function withdraw_document(which uuid, moment timestamptz) returns void
  volatile security definer set search_path = public language sql as $$
    update document d set withdrawn_at = moment, changed_at = moment
      where d.municipality_id = me_municipality() and d.id = which and d.supplier_id = me_partner() and d.withdrawn_at is null
        and (select true from my_admissions a where a.dossier_id = d.dossier_id and not a.shielded limit 1)
  $$;
revoke execute on function withdraw_document(uuid, timestamptz) from public;
grant execute on function withdraw_document(uuid, timestamptz) to wijkregie_app;

-- Requests delete nothing; content that nobody may read yet its supplier drops by a function of the owner.
create function drop_document_content(which uuid) returns void
  volatile security definer set search_path = public language sql as $$
    delete from document_part p using document d
      where d.municipality_id = me_municipality() and d.id = which and d.supplier_id = me_partner() and d.withdrawn_at is null
        and d.state <> 'available' and p.municipality_id = d.municipality_id and p.document_id = d.id
        and (select true from my_admissions a where a.dossier_id = d.dossier_id and not a.shielded limit 1)
  $$;
revoke execute on function drop_document_content(uuid) from public;
grant execute on function drop_document_content(uuid) to wijkregie_app;

-- +goose Down
select 1;
