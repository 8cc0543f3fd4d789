-- What was sent to the people whom a cover request asks, so that it can say what became of it.
create table cover_messages (
  id uuid primary key default uuidv7(),
  request_id uuid not null references cover_requests on delete cascade,
  person text not null,
  channel text not null,
  address text not null,
  -- once it was sent
  provider_id text,
  unique (request_id, person)
);
