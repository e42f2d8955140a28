-- +goose Up
create table partner (
  municipality_id text not null references municipality (id),
  id uuid not null,
  version bigint not null,
  name text not null,
  type text not null,
  domain text not null check (domain in ('social', 'safety', 'both', 'neighbourhood')),
  oin text,
  status text not null check (status in ('active', 'suspended')),
  contact_email text not null default '',
  changed_at timestamptz not null,
  primary key (municipality_id, id)
);
create index partner_oin on partner (oin) where oin is not null;

create table professional (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  partner_id uuid not null,
  name text not null,
  email text not null default '',
  function text not null default '',
  roles jsonb not null default '[]',
  language text not null default 'nl' check (language in ('nl', 'en')),
  valid_until date,
  screening_until date,
  secrecy_accepted_on date,
  trained_on date,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, partner_id) references partner (municipality_id, id)
);
create index professional_partner on professional (municipality_id, partner_id);

-- The person behind a token: issuer and subject, bound by the municipality's own records.
create table professional_identity (
  municipality_id text not null,
  issuer text not null,
  subject text not null,
  professional_id uuid not null,
  primary key (municipality_id, issuer, subject),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id)
);
create index professional_identity_professional on professional_identity (municipality_id, professional_id);
create index professional_identity_subject on professional_identity (issuer, subject);

create table substitution (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  professional_id uuid not null,
  substitute_id uuid not null check (substitute_id <> professional_id),
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, professional_id) references professional (municipality_id, id),
  foreign key (municipality_id, substitute_id) references professional (municipality_id, id)
);
create index substitution_substitute on substitution (municipality_id, substitute_id, ends_at);
create index substitution_professional on substitution (municipality_id, professional_id, ends_at);

create table client (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  partner_id uuid not null,
  name text not null,
  jwks_uri text not null default '',
  jwks jsonb,
  secret_hash bytea,
  categories jsonb not null default '[]',
  status text not null check (status in ('active', 'withdrawn')),
  last_used_at timestamptz,
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, partner_id) references partner (municipality_id, id)
);
create unique index client_id on client (id);

create table client_assertion (
  client_id uuid not null,
  jti text not null,
  until timestamptz not null,
  primary key (client_id, jti)
);
grant select, insert, delete on client_assertion to wijkregie_system;

create table consultation_table (
  municipality_id text not null,
  id uuid not null,
  version bigint not null,
  name text not null,
  purpose text not null default '',
  chair_id uuid not null,
  member_partner_ids jsonb not null default '[]',
  rhythm text not null default '',
  level text not null default 'case',
  area_codes jsonb not null default '[]',
  changed_at timestamptz not null,
  primary key (municipality_id, id),
  foreign key (municipality_id, chair_id) references professional (municipality_id, id)
);

create table district (
  municipality_id text not null references municipality (id),
  code text not null check (code ~ '^WK[0-9]{6}$'),
  name text not null,
  primary key (municipality_id, code)
);
create table neighbourhood (
  municipality_id text not null,
  code text not null check (code ~ '^BU[0-9]{8}$'),
  name text not null,
  district_code text not null,
  primary key (municipality_id, code),
  foreign key (municipality_id, district_code) references district (municipality_id, code)
);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['partner', 'professional', 'professional_identity', 'substitution', 'client',
                           'consultation_table', 'district', 'neighbourhood'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy app on %I to wijkregie_app using (municipality_id = (select me_municipality()))', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert, update on %I to wijkregie_app, wijkregie_system', t);
  end loop;
end $$;
-- +goose StatementEnd
grant delete on professional_identity to wijkregie_app, wijkregie_system;

-- Who is behind a token, before it is known for which municipality he acts. Only the system asks.
create function find_person(token_issuer text, token_subject text)
  returns table (municipality_id text, municipality_name text, professional_id uuid)
  stable security definer set search_path = public language sql as $$
    select i.municipality_id, m.name, i.professional_id
    from professional_identity i join municipality m on m.id = i.municipality_id
    where i.issuer = token_issuer and i.subject = token_subject
    order by 1
  $$;
create function find_client(token_client uuid)
  returns table (municipality_id text, municipality_name text, partner_id uuid)
  stable security definer set search_path = public language sql as $$
    select c.municipality_id, m.name, c.partner_id
    from client c join municipality m on m.id = c.municipality_id
    where c.id = token_client
  $$;
create function find_oin(token_oin text)
  returns table (municipality_id text, municipality_name text, partner_id uuid)
  stable security definer set search_path = public language sql as $$
    select p.municipality_id, m.name, p.id
    from partner p join municipality m on m.id = p.municipality_id
    where p.oin = token_oin
    order by 1, 3
  $$;
revoke execute on function find_person(text, text), find_client(uuid), find_oin(text) from public;
grant execute on function find_person(text, text), find_client(uuid), find_oin(text) to wijkregie_system;

-- +goose Down
select 1;
