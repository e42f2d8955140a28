-- +goose Up
-- The record that cannot be bent (Wgs 1.8, AVG 5(2)): entries of the audit and lines of the access log get a place in one Merkle
-- tree per municipality, whose checkpoints are signed. By the transaction that wrote an entry it is known when nothing before
-- it can come any more, without a note of each entry that waits.
alter table audit_entry add column xid xid8 not null default pg_current_xact_id();
alter table access_line add column xid xid8 not null default pg_current_xact_id();
create index audit_entry_unsealed on audit_entry (municipality_id, xid);
create index access_line_unsealed on access_line (municipality_id, xid);
create index audit_entry_newest on audit_entry (municipality_id, at desc, id desc);
create trigger stays before update or delete or truncate on audit_entry for each statement execute function log_stays();

create table ledger_head (
  municipality_id text primary key references municipality (id),
  size bigint not null default 0,
  sealed_from xid8 not null default '0'
);
-- A place is taken once, and an entry takes one place: whoever seals at the same time fails.
create table ledger_leaf (
  municipality_id text not null references ledger_head (municipality_id),
  index bigint not null,
  kind text not null check (kind in ('change', 'access')),
  entry_id uuid not null,
  sealed_at timestamptz not null,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (municipality_id, index),
  unique (municipality_id, entry_id)
);
create table ledger_node (
  municipality_id text not null references ledger_head (municipality_id),
  level smallint not null check (level > 0),
  index bigint not null,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (municipality_id, level, index)
);
create table ledger_checkpoint (
  municipality_id text not null references ledger_head (municipality_id),
  id uuid not null,
  size bigint not null,
  root bytea not null check (octet_length(root) = 32),
  note text not null,
  public_key text not null,
  signed_at timestamptz not null,
  primary key (municipality_id, id)
);
create index ledger_checkpoint_newest on ledger_checkpoint (municipality_id, signed_at desc, id desc);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['ledger_head', 'ledger_leaf', 'ledger_node', 'ledger_checkpoint'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy system on %I to wijkregie_system using (municipality_id = (select me_municipality()))', t);
    execute format('grant select, insert on %I to wijkregie_system', t);
  end loop;
  foreach t in array array['ledger_leaf', 'ledger_node', 'ledger_checkpoint'] loop
    execute format('create trigger stays before update or delete or truncate on %I for each statement execute function log_stays()', t);
  end loop;
end $$;
-- +goose StatementEnd
grant update (size, sealed_from) on ledger_head to wijkregie_system;

-- Municipalities with entries that have no place yet: ids only.
create function unsealed_municipalities() returns setof text
  stable security definer set search_path = public language sql as $$
    select m.id from municipality m left join ledger_head h on h.municipality_id = m.id
    where exists (select from audit_entry e where e.municipality_id = m.id and e.xid > coalesce(h.sealed_from, '0'))
      or exists (select from access_line e where e.municipality_id = m.id and e.xid > coalesce(h.sealed_from, '0'))
      or h.sealed_from > pg_snapshot_xmin(pg_current_snapshot())
  $$;
revoke execute on function unsealed_municipalities() from public;
grant execute on function unsealed_municipalities() to wijkregie_system;

-- +goose Down
select 1;
