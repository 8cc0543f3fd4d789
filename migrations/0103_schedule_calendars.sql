-- A calendar elsewhere that a layer takes its turns from, read every hour: how reading it went, and what it held the last time it could be read.
create table schedule_calendars (
  schedule_id uuid not null references schedules (id) on delete cascade,
  layer text not null,
  address text not null,
  etag text,
  -- When the whole of it was read, not only found unchanged; events further ahead than were read then are not known.
  whole_at timestamptz,
  events jsonb not null default '[]',
  findings jsonb not null default '[]',
  tried_at timestamptz,
  read_at timestamptz,
  error text,
  primary key (schedule_id, layer)
);

-- Turns by these calendars. What has passed of one is never changed, whatever its calendar says afterwards; it stays of a schedule that is removed.
create table schedule_calendar_turns (
  id uuid primary key default uuidv7(),
  schedule_id uuid not null,
  layer text not null,
  person text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at)
);
create index schedule_calendar_turns_when on schedule_calendar_turns (schedule_id, ends_at);
