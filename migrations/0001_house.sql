-- The installation itself: one row of its secret, what runs by the clock, and the journal.

create table instance (
  id boolean primary key default true check (id),
  link_secret bytea not null,
  created_at timestamptz not null default now()
);

create table ticks (
  name text primary key,
  last_at timestamptz not null
);

create table settings (
  key text primary key,
  value jsonb not null
);

-- Audit log, incident timeline and metrics source. Append-only, enforced below. A UUIDv7 begins with its
-- time, so partitions by id are partitions by time and a row is found by id in one partition.
create table journal (
  id uuid not null default uuidv7(),
  at timestamptz not null,
  actor text not null,
  actor_id uuid,
  source text not null,
  subject_type text not null,
  subject_id uuid not null,
  type text not null,
  text text not null,
  data jsonb not null default '{}',
  primary key (id)
) partition by range (id);
create table journal_default partition of journal default;
create index journal_subject on journal (subject_type, subject_id, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is append-only';
end $$;
create trigger journal_append_only before update or delete on journal
  for each row execute function refuse_change();

-- The first UUIDv7 of a moment.
create function uuid_at(moment timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- Makes the month's partition of a table unless it is there.
create function make_month_partition(parent text, month date) returns void language plpgsql as $$
declare
  child text := parent || to_char(month, '_YYYY_MM');
begin
  if to_regclass(child) is null then
    execute format('create table %I partition of %I for values from (%L) to (%L)', child, parent,
      uuid_at(month::timestamp at time zone 'UTC'), uuid_at((month + interval '1 month')::timestamp at time zone 'UTC'));
  end if;
exception when check_violation then
  -- rows of this month lie in the default partition: they stay there, and the next month gets its own
  null;
end $$;
