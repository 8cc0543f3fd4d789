-- What a person's on-call load is measured against. One row, once somebody has changed it.
create table health_limits (
  one boolean primary key default true check (one),
  limits jsonb not null
);

-- Who was told that a limit was passed: a person and those who lead them, once a week.
create table health_notices (
  person_id uuid not null references people (id) on delete cascade,
  -- Monday of the week on the person's calendar.
  week text not null check (week ~ '^\d{4}-\d\d-\d\d$'),
  told_at timestamptz not null,
  primary key (person_id, week)
);

-- Of low urgency, and everybody its policy would page sleeps: it goes on when the first of them wakes.
alter table escalation_runs drop constraint escalation_runs_state_check;
alter table escalation_runs add constraint escalation_runs_state_check
  check (state in ('running', 'waiting', 'exhausted', 'stopped'));
