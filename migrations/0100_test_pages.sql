-- Test pages by the calendar: whose, and when on each person's own clock.
create table test_page_plans (
  name text primary key,
  -- none: everybody whom an escalation policy counts on
  team_id uuid references teams (id) on delete cascade,
  week text not null check (week in ('every', 'first', 'second', 'third', 'fourth', 'last')),
  day text not null check (day in ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')),
  at text not null check (at ~ '^\d\d:\d\d$'),
  confirm_within_hours int not null check (confirm_within_hours > 0),
  enabled boolean not null,
  -- what was due before it was switched on or changed is not caught up
  since timestamptz not null
);

-- One test of whether a person is reached, which the person confirms as a page is acknowledged.
create table test_pages (
  id uuid primary key,
  person_id uuid not null references people (id) on delete cascade,
  -- absent: somebody asked for it by hand
  plan text,
  -- the day on the person's calendar
  on_date text not null check (on_date ~ '^\d{4}-\d\d-\d\d$'),
  asked_by text not null,
  status text not null check (status in ('open', 'confirmed', 'unconfirmed')),
  created_at timestamptz not null,
  confirm_by timestamptz not null,
  confirmed_at timestamptz,
  confirmed_via text,
  check ((status = 'confirmed') = (confirmed_at is not null)),
  unique (plan, person_id, on_date)
);
create index test_pages_person on test_pages (person_id, created_at);

create table test_messages (
  id uuid primary key,
  test_page_id uuid not null references test_pages (id) on delete cascade,
  method_id uuid,
  label text not null,
  channel text not null,
  address text not null,
  status text not null check (status in ('queued', 'sent', 'delivered', 'failed')),
  attempt int not null default 0,
  error text,
  provider_id text,
  sent_at timestamptz,
  receipt_at timestamptz
);
create index test_messages_page on test_messages (test_page_id);
create index test_messages_address on test_messages (address, sent_at);

-- When the digest of who could not be reached goes out, on the clock of each who gets it; without a row, on Mondays at 09:00.
create table readiness_digest (
  id boolean primary key default true check (id),
  enabled boolean not null,
  day text not null check (day in ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')),
  at text not null check (at ~ '^\d\d:\d\d$'),
  since timestamptz not null
);

-- The last one that was sent to each.
create table readiness_digests_sent (
  person_id uuid primary key references people (id) on delete cascade,
  on_date text not null
);
