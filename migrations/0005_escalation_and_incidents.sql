create table escalation_policies (
  id uuid primary key default uuidv7(),
  name text not null unique,
  definition jsonb not null
);
-- Whose turn it is in a round-robin target: the next index, by policy, step and target.
create table round_robins (
  policy text not null,
  step int not null,
  target int not null,
  next int not null,
  primary key (policy, step, target)
);
create table escalation_runs (
  id uuid primary key,
  incident_id uuid not null,
  service_id uuid not null,
  policy text not null,
  -- the policy as it stood when the run began: edits neither skip nor repeat a step
  snapshot jsonb not null,
  urgency text not null,
  -- exhausted: every step and round is used up, yet nobody answered; it goes on, slowly
  state text not null check (state in ('running', 'exhausted', 'stopped')),
  step int not null,
  round int not null,
  -- when the next step is due; null once the run has ended
  due_at timestamptz,
  about jsonb not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  check ((state = 'stopped') = (due_at is null))
);
create unique index escalation_runs_one_alive on escalation_runs (incident_id) where state <> 'stopped';
create index escalation_runs_incident on escalation_runs (incident_id);

create table incident_numbers (
  year int primary key,
  last int not null
);
create table incidents (
  id uuid primary key,
  number text not null unique,
  service_id uuid not null references services (id),
  title text not null,
  description text,
  status text not null check (status in ('triage', 'acknowledged', 'resolved', 'closed')),
  severity text not null check (severity in ('critical', 'error', 'warning', 'info')),
  urgency text not null check (urgency in ('high', 'low')),
  group_key text,
  -- of the alert that opened it, for whoever is paged: {labels, links}
  details jsonb not null default '{}',
  alert_count int not null default 0,
  open_alert_count int not null default 0,
  opened_at timestamptz not null,
  last_alert_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by uuid references people (id),
  resolved_at timestamptz,
  closed_at timestamptz,
  snoozed_until timestamptz,
  -- acknowledged and then silent: paged again at this time, unless something happens before
  reminder_at timestamptz,
  merged_into uuid references incidents (id),
  flapping boolean not null default false,
  check ((status in ('resolved', 'closed')) = (resolved_at is not null))
);
create index incidents_open_group on incidents (service_id, group_key, last_alert_at) where status in ('triage', 'acknowledged');
create index incidents_status on incidents (status, id);
create table incident_assignees (
  incident_id uuid not null references incidents (id),
  person_id uuid not null references people (id),
  primary key (incident_id, person_id)
);
