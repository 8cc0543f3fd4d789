create table contact_methods (
  id uuid primary key default uuidv7(),
  person_id uuid not null references people (id) on delete cascade,
  label text not null,
  channel text not null check (channel in ('email', 'sms', 'voice', 'ntfy', 'webhook')),
  address text not null,
  verified_at timestamptz,
  -- a code sent to it may come back until then; the code itself is derived, never stored
  code_expires_at timestamptz,
  code_tries int not null default 0,
  -- the provider said the address is dead (a webhook's 410): kept, shown, not tried
  disabled_reason text,
  unique (person_id, label)
);
create table notification_rules (
  person_id uuid not null references people (id) on delete cascade,
  urgency text not null check (urgency in ('high', 'low')),
  position int not null,
  after_seconds int not null check (after_seconds >= 0),
  methods text[] not null,
  primary key (person_id, urgency, position)
);

-- One attempt to reach one person for one incident.
create table pages (
  id uuid primary key,
  incident_id uuid not null,
  service_id uuid not null,
  run_id uuid,
  step int,
  round int,
  person_id uuid not null references people (id),
  urgency text not null check (urgency in ('high', 'low')),
  -- the incident as it stood: {number, title, service, severity, opened_at}
  about jsonb not null,
  reason text not null,
  status text not null check (status in ('waiting', 'paging', 'unreachable', 'answered', 'ended')),
  -- while `waiting`: why, and until when (bundled with another page, quiet hours)
  waiting_because text,
  wake_at timestamptz,
  created_at timestamptz not null,
  first_sent_at timestamptz,
  ended_at timestamptz,
  end_reason text
);
create index pages_incident on pages (incident_id);
create index pages_person on pages (person_id, created_at);
create index pages_waking on pages (wake_at) where status = 'waiting';
create unique index pages_once_per_step on pages (run_id, round, step, person_id);

-- One message through one method. Partitioned by time like the journal.
create table deliveries (
  id uuid not null,
  page_id uuid not null,
  person_id uuid not null,
  method_id uuid,
  channel text not null,
  address text not null,
  status text not null check (status in ('queued', 'sending', 'sent', 'delivered', 'failed', 'cancelled')),
  attempt int not null default 0,
  not_before timestamptz not null,
  queued_because text,
  -- other pages of the same person that this message speaks for
  bundle uuid[] not null default '{}',
  provider_id text,
  error text,
  created_at timestamptz not null,
  sending_since timestamptz,
  sent_at timestamptz,
  receipt_at timestamptz,
  primary key (id)
) partition by range (id);
create table deliveries_default partition of deliveries default;
create index deliveries_page on deliveries (page_id);
create index deliveries_address on deliveries (address, id);

-- One row a channel with a speed limit: when its next message may leave.
create table channel_slots (
  channel text primary key,
  next_free_at timestamptz not null
);

-- Whether each provider took a connection when last asked; what `doctor` reads.
create table channel_health (
  channel text primary key,
  checked_at timestamptz not null,
  problem text
);
