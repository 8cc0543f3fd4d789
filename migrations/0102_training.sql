-- Somebody who learns to be on call in a schedule, at the side of a mentor, until a person signs that they are ready for it alone.
create table on_call_training (
  id uuid primary key default uuidv7(),
  schedule_id uuid not null references schedules (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  since timestamptz not null,
  shadow_wanted integer not null check (shadow_wanted between 0 and 20),
  reverse_wanted integer not null check (reverse_wanted between 0 and 20),
  -- Paged while shadowing as loudly as who is on call.
  loud boolean not null,
  -- How long after the person, once they are paged first, the mentor is.
  behind_seconds integer not null check (behind_seconds between 30 and 900),
  ready_by text,
  ready_at timestamptz,
  ready_note text not null default '',
  -- Given up before the end.
  ended_at timestamptz,
  unique (schedule_id, person_id),
  check ((ready_by is null) = (ready_at is null))
);
create index on_call_training_person on on_call_training (person_id);

-- What the person did when, and whom they accompanied; the last one is still so.
create table on_call_training_stages (
  id uuid primary key default uuidv7(),
  training_id uuid not null references on_call_training (id) on delete cascade,
  stage text not null check (stage in ('shadow', 'reverse_shadow')),
  -- Null: the mentor was removed since.
  mentor_id uuid references people (id) on delete set null,
  starts_at timestamptz not null,
  ends_at timestamptz check (ends_at >= starts_at)
);
create unique index on_call_training_stages_now on on_call_training_stages (training_id) where ends_at is null;

-- Told of the page without being asked anything: it neither holds a step nor counts against the person.
alter table pages add column shadow boolean not null default false;
