-- What a step told a place by a channel that can change it afterwards, for as long as its buttons last.
create table place_messages (
  id uuid primary key default uuidv7(),
  incident_id uuid not null,
  run_id uuid not null,
  channel text not null,
  address text not null,
  provider_id text not null,
  told_at timestamptz not null
);
create index place_messages_incident on place_messages (incident_id);
create index place_messages_told_at on place_messages (told_at);
