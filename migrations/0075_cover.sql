-- Somebody asks others to take a turn, or to swap it for one of theirs.

create table cover_requests (
  id uuid primary key default uuidv7(),
  schedule_id uuid not null references schedules (id) on delete cascade,
  person text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  hours_on_call double precision not null,
  asked text[] not null,
  -- What the person takes in return: a turn of the only one who is asked.
  return_schedule_id uuid references schedules (id) on delete cascade,
  return_starts_at timestamptz,
  return_ends_at timestamptz,
  note text not null,
  state text not null check (state in ('open', 'accepted', 'declined', 'withdrawn', 'expired', 'undone')),
  declined text[] not null default '{}',
  taken_by text,
  override_id uuid,
  return_override_id uuid,
  expires_at timestamptz not null,
  created_by text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  check (ends_at > starts_at),
  check (return_ends_at > return_starts_at),
  check (num_nulls(return_schedule_id, return_starts_at, return_ends_at) in (0, 3)),
  check ((state in ('accepted', 'undone')) = (taken_by is not null and override_id is not null)),
  check ((state = 'open') = (ended_at is null)),
  check (declined <@ asked)
);
create index cover_requests_schedule on cover_requests (schedule_id, ends_at);
create index cover_requests_open on cover_requests (expires_at) where state = 'open';
