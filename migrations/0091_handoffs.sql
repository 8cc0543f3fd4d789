-- Each change of who is on call in one role of a schedule: who is told, what is left behind, and that whoever comes has it.

create table handoffs (
  id uuid primary key default uuidv7(),
  schedule_id uuid not null references schedules (id) on delete cascade,
  role text not null check (role in ('primary', 'secondary', 'tertiary')),
  -- When whoever comes begins; whoever goes may have ended before that.
  at timestamptz not null,
  outgoing_until timestamptz,
  -- When whoever comes ends, as it stood last; null: not foreseen.
  until timestamptz,
  note text not null default '',
  -- Counts the changes of the note, so that nobody confirms what was changed since it was read.
  note_version integer not null default 0,
  note_by text,
  note_at timestamptz,
  state text not null default 'open' check (state in ('open', 'confirmed', 'lapsed', 'withdrawn')),
  confirmed_by text,
  -- What was open, paging and silenced when it was confirmed.
  left_behind jsonb,
  reminded_at timestamptz,
  escalated_at timestamptz,
  escalated_to text[] not null default '{}',
  created_at timestamptz not null,
  ended_at timestamptz,
  check (outgoing_until <= at),
  check (until > at),
  check ((state = 'open') = (ended_at is null)),
  check ((state = 'confirmed') = (confirmed_by is not null and left_behind is not null))
);
create unique index handoffs_once on handoffs (schedule_id, role, at) where state <> 'withdrawn';
create index handoffs_at on handoffs (at) where state in ('open', 'confirmed');

create table handoff_people (
  -- In the link of that person's message.
  id uuid primary key default uuidv7(),
  handoff_id uuid not null references handoffs (id) on delete cascade,
  person text not null,
  side text not null check (side in ('outgoing', 'incoming')),
  told_before_at timestamptz,
  told_at timestamptz,
  unique (handoff_id, person)
);
create index handoff_people_person on handoff_people (person);

-- How a person wants to be told of handoffs; none: as everybody is.
create table handoff_notices (
  person_id uuid primary key references people (id) on delete cascade,
  lead_hours integer not null check (lead_hours between 1 and 168),
  before_by jsonb not null,
  change_by jsonb not null
);
