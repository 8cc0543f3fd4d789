create table integrations (
  id uuid primary key default uuidv7(),
  name text not null unique,
  service_id uuid not null references services (id),
  kind text not null,
  key text not null unique,
  mapping jsonb,
  hmac_secret text,
  last_event_at timestamptz
);
-- The last requests an integration sent that were not taken, as they came.
create table refused_requests (
  id uuid primary key default uuidv7(),
  integration_id uuid references integrations (id) on delete cascade,
  at timestamptz not null,
  path text not null,
  reason text not null,
  content_type text,
  body text not null
);
create index refused_requests_integration on refused_requests (integration_id, id);

create table routing_rules (
  position int primary key,
  name text not null unique,
  definition jsonb not null
);

create table alerts (
  id uuid primary key,
  tiny_id bigint generated always as identity,
  integration_id uuid not null references integrations (id),
  service_id uuid not null,
  dedup_key text not null,
  status text not null check (status in ('open', 'resolved')),
  acknowledged boolean not null default false,
  disposition text not null check (disposition in ('incident', 'silenced', 'dropped', 'flapping')),
  -- every decision taken on it, in order: [{step, result, why}]
  decisions jsonb not null,
  silence_id uuid,
  incident_id uuid,
  summary text not null,
  severity text not null,
  urgency text,
  source text not null,
  labels jsonb not null,
  links jsonb not null,
  images jsonb not null,
  payload jsonb not null,
  count int not null default 1,
  started_at timestamptz not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  ends_at timestamptz,
  resolved_at timestamptz,
  -- `source`: its sender said so; `expired`: it was not sent again in time; `person`: its incident was resolved
  resolved_by text check (resolved_by in ('source', 'expired', 'person')),
  check ((status = 'resolved') = (resolved_at is not null))
) with (fillfactor = 85);
create unique index alerts_open_key on alerts (integration_id, dedup_key) where status = 'open';
create index alerts_incident on alerts (incident_id) where incident_id is not null;
create index alerts_expiring on alerts (ends_at) where status = 'open' and ends_at is not null;
create index alerts_silenced on alerts (silence_id) where status = 'open' and disposition = 'silenced';
create index alerts_key_history on alerts (integration_id, dedup_key, last_seen);

-- When someone last looked for senders that fell silent, and from when their silence means anything.
create table intake_watch (
  id boolean primary key default true check (id),
  seen_at timestamptz not null,
  trusted_from timestamptz not null
);
create index alerts_dropped on alerts (id) where status = 'open' and disposition = 'dropped';
