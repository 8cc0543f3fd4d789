-- A line that people call: its number, vendor and greeting. Only of integrations of kind `phone`.
alter table integrations add column phone jsonb;

-- Calls that came in, as their vendor knows them: what one webhook said is there for the next.
create table phone_calls (
  id uuid primary key default uuidv7(),
  integration_id uuid not null references integrations (id) on delete cascade,
  vendor text not null,
  vendor_id text not null,
  -- null: hidden
  caller text,
  began_at timestamptz not null,
  ended_at timestamptz,
  -- whom it rings, one after another: [{person_id, name, display_name, step}]; while it rings with `address`
  ladder jsonb not null,
  -- who or what was passed over, and why
  notes jsonb not null,
  position int not null default 0,
  -- too many calls at once: nobody is rung
  flood boolean not null default false,
  state text not null check (state in ('ringing', 'taken', 'voicemail', 'over')),
  outcome text check (outcome in ('taken', 'voicemail', 'hung_up', 'refused')),
  taken_by uuid,
  taken_at timestamptz,
  -- {id, url, seconds}, as the vendor keeps it
  recording jsonb,
  transcription text,
  alert_id uuid,
  incident_id uuid,
  unique (vendor, vendor_id)
);
create index phone_calls_integration on phone_calls (integration_id, began_at);
