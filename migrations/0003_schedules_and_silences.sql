create table schedules (
  id uuid primary key default uuidv7(),
  name text not null unique,
  definition jsonb not null,
  calendar_secret text not null unique
);
create table schedule_overrides (
  id uuid primary key default uuidv7(),
  schedule_id uuid not null references schedules (id) on delete cascade,
  kind text not null check (kind in ('replace', 'add', 'remove')),
  person text,
  replaces text,
  role text check (role in ('primary', 'secondary', 'tertiary')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  created_by text not null,
  created_at timestamptz not null,
  check (ends_at > starts_at),
  check ((kind = 'remove') = (person is null))
);
create index schedule_overrides_window on schedule_overrides (schedule_id, ends_at);

create table silences (
  id uuid primary key default uuidv7(),
  name text unique,
  kind text not null check (kind in ('silence', 'maintenance')),
  comment text not null,
  services text[] not null,
  matchers jsonb not null,
  starts_at timestamptz not null,
  ends_at timestamptz,
  recurs jsonb,
  created_by text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  check (ends_at > starts_at),
  check (ends_at is not null or recurs is not null)
);
create index silences_running on silences (ends_at) where ended_at is null;
