-- What somebody would rather have, when turns are shared out. A wish, not a rule.
create table rota_preferences (
  person_id uuid primary key references people (id) on delete cascade,
  -- Of the person's own zone.
  avoid_weekdays text[] not null default '{}',
  avoid_days text[] not null default '{}',
  prefers_weekends boolean not null default false
);

-- Who would have which turn, worked out and kept for review; put in force it is a layer of the schedule and some overrides.
create table rota_proposals (
  id uuid primary key default uuidv7(),
  schedule_id uuid not null references schedules (id) on delete cascade,
  state text not null default 'proposed' check (state in ('proposed', 'in_force', 'taken_back')),
  -- The schedule it was worked out for: it is put in force on no other.
  definition jsonb not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  result jsonb not null,
  -- Layers and overrides to make.
  change jsonb not null,
  override_ids uuid[] not null default '{}',
  created_by text not null,
  created_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  check (ends_at > starts_at),
  check ((state = 'proposed') = (decided_at is null))
);
create index rota_proposals_schedule on rota_proposals (schedule_id, created_at);
