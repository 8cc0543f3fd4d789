-- An integration that has alerts cannot go from the table, because they are kept: it loses its key instead.
alter table integrations add column removed_at timestamptz;

-- A watch on something that should call in: late means an alert.
create table heartbeats (
  id uuid primary key default uuidv7(),
  name text not null unique,
  integration_id uuid not null references integrations (id),
  interval_seconds int not null check (interval_seconds > 0),
  enabled boolean not null default true,
  severity text not null,
  summary text,
  last_ping_at timestamptz,
  -- `waiting`: never pinged since it was made
  state text not null default 'waiting' check (state in ('waiting', 'healthy', 'overdue'))
);
create index heartbeats_integration on heartbeats (integration_id);

-- How a change asked for through the Opsgenie API ended, for senders that ask afterwards; kept for an hour.
create table opsgenie_requests (
  id uuid primary key,
  integration_id uuid not null,
  at timestamptz not null,
  action text not null,
  success boolean not null,
  status text not null,
  alert_id uuid,
  alias text not null
);
