-- Country and region whose public holidays a person has off, such as NL or DE-BY.
alter table people add column holidays text;

-- When somebody is away: whole local days, which follow the person's zone, or between two moments.
create table leave_periods (
  id uuid primary key default uuidv7(),
  person_id uuid not null references people (id) on delete cascade,
  first_day text check (first_day ~ '^\d{4}-\d\d-\d\d$'),
  last_day text check (last_day ~ '^\d{4}-\d\d-\d\d$'),
  starts_at timestamptz,
  ends_at timestamptz,
  -- For the person alone.
  reason text not null,
  source text not null check (source in ('manual', 'calendar')),
  created_by text not null,
  created_at timestamptz not null,
  check (last_day >= first_day),
  check (ends_at > starts_at),
  check ((first_day is null) = (last_day is null) and (starts_at is null) = (ends_at is null) and (first_day is null) <> (starts_at is null))
);
create index leave_periods_person on leave_periods (person_id);

-- A calendar that holds somebody's leave, read every hour. Its address is a secret of the person.
create table leave_calendars (
  person_id uuid primary key references people (id) on delete cascade,
  address text not null,
  tried_at timestamptz,
  read_at timestamptz,
  error text
);
