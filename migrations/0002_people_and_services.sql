create table people (
  id uuid primary key default uuidv7(),
  name text not null unique,
  display_name text not null,
  email text not null,
  role text not null check (role in ('administrator', 'manager', 'responder', 'observer', 'stakeholder')),
  time_zone text not null,
  locale text not null,
  quiet_hours jsonb,
  active boolean not null default true,
  calendar_secret text not null unique
);

create table teams (
  id uuid primary key default uuidv7(),
  name text not null unique,
  title text not null,
  lead_id uuid references people (id)
);
create table team_members (
  team_id uuid not null references teams (id) on delete cascade,
  person_id uuid not null references people (id),
  primary key (team_id, person_id)
);

create table tokens (
  id uuid primary key default uuidv7(),
  name text not null unique,
  sha256 bytea not null unique,
  role text not null check (role in ('administrator', 'manager', 'responder', 'observer', 'stakeholder')),
  person_id uuid references people (id),
  created_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);

create table services (
  id uuid primary key default uuidv7(),
  name text not null unique,
  title text not null,
  description text not null,
  team_id uuid references teams (id),
  escalation_policy text,
  grouping jsonb not null,
  on_all_resolved text not null check (on_all_resolved in ('auto', 'ask', 'never')),
  urgency text not null check (urgency in ('high', 'low', 'by_severity')),
  support_hours jsonb,
  acknowledge_timeout_seconds int check (acknowledge_timeout_seconds > 0),
  flapping jsonb not null
);
