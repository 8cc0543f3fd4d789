-- Generated from the migrations by `npm run schema`. Not run by anything: for reading and review.

-- tables

create table alerts (
  id uuid not null,
  tiny_id bigint not null generated always as identity,
  integration_id uuid not null,
  service_id uuid not null,
  dedup_key text not null,
  status text not null,
  acknowledged boolean not null default false,
  disposition text not null,
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
  count integer not null default 1,
  started_at timestamp with time zone not null,
  first_seen timestamp with time zone not null,
  last_seen timestamp with time zone not null,
  ends_at timestamp with time zone,
  resolved_at timestamp with time zone,
  resolved_by text
);

create table auth_accounts (
  id uuid not null,
  accountId text not null,
  providerId text not null,
  userId uuid not null,
  accessToken text,
  refreshToken text,
  idToken text,
  accessTokenExpiresAt timestamp with time zone,
  refreshTokenExpiresAt timestamp with time zone,
  scope text,
  password text,
  createdAt timestamp with time zone not null,
  updatedAt timestamp with time zone not null
);

create table auth_passkeys (
  id uuid not null,
  name text,
  publicKey text not null,
  userId uuid not null,
  credentialID text not null,
  counter integer not null,
  deviceType text not null,
  backedUp boolean not null,
  transports text,
  createdAt timestamp with time zone,
  aaguid text
);

create table auth_rate_limits (
  id uuid not null,
  key text not null,
  count integer not null,
  lastRequest bigint not null
);

create table auth_sessions (
  id uuid not null,
  expiresAt timestamp with time zone not null,
  token text not null,
  createdAt timestamp with time zone not null,
  updatedAt timestamp with time zone not null,
  ipAddress text,
  userAgent text,
  userId uuid not null
);

create table auth_sso_providers (
  id uuid not null,
  issuer text not null,
  oidcConfig text,
  samlConfig text,
  userId uuid,
  providerId text not null,
  organizationId text,
  domain text not null
);

create table auth_two_factors (
  id uuid not null,
  secret text not null,
  backupCodes text not null,
  userId uuid not null,
  verified boolean,
  failedVerificationCount integer,
  lockedUntil timestamp with time zone
);

create table auth_users (
  id uuid not null,
  name text not null,
  email text not null,
  emailVerified boolean not null,
  image text,
  createdAt timestamp with time zone not null,
  updatedAt timestamp with time zone not null,
  twoFactorEnabled boolean
);

create table auth_verifications (
  id uuid not null,
  identifier text not null,
  value text not null,
  expiresAt timestamp with time zone not null,
  createdAt timestamp with time zone not null,
  updatedAt timestamp with time zone not null
);

create table channel_health (
  channel text not null,
  checked_at timestamp with time zone not null,
  problem text,
  vendor text not null default ''::text
);

create table channel_slots (
  channel text not null,
  next_free_at timestamp with time zone not null
);

create table chat_requests (
  id text not null,
  answer text not null default ''::text,
  asked_at timestamp with time zone not null
);

create table contact_methods (
  id uuid not null default uuidv7(),
  person_id uuid not null,
  label text not null,
  channel text not null,
  address text not null,
  verified_at timestamp with time zone,
  code_expires_at timestamp with time zone,
  code_tries integer not null default 0,
  disabled_reason text
);

create table cover_messages (
  id uuid not null default uuidv7(),
  request_id uuid not null,
  person text not null,
  channel text not null,
  address text not null,
  provider_id text
);

create table cover_requests (
  id uuid not null default uuidv7(),
  schedule_id uuid not null,
  person text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  hours_on_call double precision not null,
  asked text[] not null,
  return_schedule_id uuid,
  return_starts_at timestamp with time zone,
  return_ends_at timestamp with time zone,
  note text not null,
  state text not null,
  declined text[] not null default '{}'::text[],
  taken_by text,
  override_id uuid,
  return_override_id uuid,
  expires_at timestamp with time zone not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone
);

create table deliveries (
  id uuid not null,
  page_id uuid not null,
  person_id uuid not null,
  method_id uuid,
  channel text not null,
  address text not null,
  status text not null,
  attempt integer not null default 0,
  not_before timestamp with time zone not null,
  queued_because text,
  bundle uuid[] not null default '{}'::uuid[],
  provider_id text,
  error text,
  created_at timestamp with time zone not null,
  sending_since timestamp with time zone,
  sent_at timestamp with time zone,
  receipt_at timestamp with time zone,
  vendor text,
  tried text[] not null default '{}'::text[]
) partition by RANGE (id);

create table directory_groups (
  id uuid not null default uuidv7(),
  display_name text not null,
  external_id text,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null
);

create table directory_left (
  person_id uuid not null,
  external_id text not null
);

create table directory_members (
  group_id uuid not null,
  person_id uuid not null
);

create table directory_refused (
  id uuid not null default uuidv7(),
  at timestamp with time zone not null,
  key text,
  method text not null,
  path text not null,
  status integer not null,
  reason text not null
);

create table directory_roles (
  person_id uuid not null,
  role text not null
);

create table directory_settings (
  id boolean not null default true,
  settings jsonb not null
);

create table directory_users (
  person_id uuid not null,
  user_name text not null,
  external_id text,
  attributes jsonb not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null
);

create table escalation_policies (
  id uuid not null default uuidv7(),
  name text not null,
  definition jsonb not null
);

create table escalation_policy_versions (
  policy_id uuid not null,
  starts_at timestamp with time zone not null,
  definition jsonb,
  saved_by text,
  source text,
  made boolean not null default false
);

create table escalation_runs (
  id uuid not null,
  incident_id uuid not null,
  service_id uuid not null,
  policy text not null,
  snapshot jsonb not null,
  urgency text not null,
  state text not null,
  step integer not null,
  round integer not null,
  due_at timestamp with time zone,
  about jsonb not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  end_reason text
);

create table handoff_notices (
  person_id uuid not null,
  lead_hours integer not null,
  before_by jsonb not null,
  change_by jsonb not null
);

create table handoff_people (
  id uuid not null default uuidv7(),
  handoff_id uuid not null,
  person text not null,
  side text not null,
  told_before_at timestamp with time zone,
  told_at timestamp with time zone
);

create table handoffs (
  id uuid not null default uuidv7(),
  schedule_id uuid not null,
  role text not null,
  at timestamp with time zone not null,
  outgoing_until timestamp with time zone,
  until timestamp with time zone,
  note text not null default ''::text,
  note_version integer not null default 0,
  note_by text,
  note_at timestamp with time zone,
  state text not null default 'open'::text,
  confirmed_by text,
  left_behind jsonb,
  reminded_at timestamp with time zone,
  escalated_at timestamp with time zone,
  escalated_to text[] not null default '{}'::text[],
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone
);

create table health_limits (
  one boolean not null default true,
  limits jsonb not null
);

create table health_notices (
  person_id uuid not null,
  week text not null,
  told_at timestamp with time zone not null
);

create table heartbeats (
  id uuid not null default uuidv7(),
  name text not null,
  integration_id uuid not null,
  interval_seconds integer not null,
  enabled boolean not null default true,
  severity text not null,
  summary text,
  last_ping_at timestamp with time zone,
  state text not null default 'waiting'::text
);

create table incident_assignees (
  incident_id uuid not null,
  person_id uuid not null
);

create table incident_numbers (
  year integer not null,
  last integer not null
);

create table incidents (
  id uuid not null,
  number text not null,
  service_id uuid not null,
  title text not null,
  description text,
  status text not null,
  severity text not null,
  urgency text not null,
  group_key text,
  details jsonb not null default '{}'::jsonb,
  alert_count integer not null default 0,
  open_alert_count integer not null default 0,
  opened_at timestamp with time zone not null,
  last_alert_at timestamp with time zone,
  acknowledged_at timestamp with time zone,
  acknowledged_by uuid,
  resolved_at timestamp with time zone,
  closed_at timestamp with time zone,
  snoozed_until timestamp with time zone,
  reminder_at timestamp with time zone,
  merged_into uuid,
  flapping boolean not null default false,
  acknowledged_via text,
  severity_rank smallint not null default 
CASE severity
    WHEN 'critical'::text THEN 4
    WHEN 'error'::text THEN 3
    WHEN 'warning'::text THEN 2
    ELSE 1
END
);

create table instance (
  id boolean not null default true,
  link_secret bytea not null,
  created_at timestamp with time zone not null default now()
);

create table intake_watch (
  id boolean not null default true,
  seen_at timestamp with time zone not null,
  trusted_from timestamp with time zone not null
);

create table integrations (
  id uuid not null default uuidv7(),
  name text not null,
  service_id uuid not null,
  kind text not null,
  key text not null,
  mapping jsonb,
  hmac_secret text,
  last_event_at timestamp with time zone,
  removed_at timestamp with time zone,
  mail jsonb,
  phone jsonb
);

create table invitations (
  id uuid not null default uuidv7(),
  person_id uuid not null,
  purpose text not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);

create table journal (
  id uuid not null default uuidv7(),
  at timestamp with time zone not null,
  actor text not null,
  actor_id uuid,
  source text not null,
  subject_type text not null,
  subject_id uuid not null,
  type text not null,
  text text not null,
  data jsonb not null default '{}'::jsonb,
  xid xid8 default pg_current_xact_id()
) partition by RANGE (id);

create table leave_calendars (
  person_id uuid not null,
  address text not null,
  tried_at timestamp with time zone,
  read_at timestamp with time zone,
  error text
);

create table leave_periods (
  id uuid not null default uuidv7(),
  person_id uuid not null,
  first_day text,
  last_day text,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  reason text not null,
  source text not null,
  created_by text not null,
  created_at timestamp with time zone not null
);

create table migrations (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now()
);

create table notification_rules (
  person_id uuid not null,
  urgency text not null,
  position integer not null,
  after_seconds integer not null,
  methods text[] not null
);

create table on_call_training (
  id uuid not null default uuidv7(),
  schedule_id uuid not null,
  person_id uuid not null,
  since timestamp with time zone not null,
  shadow_wanted integer not null,
  reverse_wanted integer not null,
  loud boolean not null,
  behind_seconds integer not null,
  ready_by text,
  ready_at timestamp with time zone,
  ready_note text not null default ''::text,
  ended_at timestamp with time zone
);

create table on_call_training_stages (
  id uuid not null default uuidv7(),
  training_id uuid not null,
  stage text not null,
  mentor_id uuid,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone
);

create table opsgenie_requests (
  id uuid not null,
  integration_id uuid not null,
  at timestamp with time zone not null,
  action text not null,
  success boolean not null,
  status text not null,
  alert_id uuid,
  alias text not null
);

create table pages (
  id uuid not null,
  incident_id uuid not null,
  service_id uuid not null,
  run_id uuid,
  step integer,
  round integer,
  person_id uuid not null,
  urgency text not null,
  about jsonb not null,
  reason text not null,
  status text not null,
  waiting_because text,
  wake_at timestamp with time zone,
  created_at timestamp with time zone not null,
  first_sent_at timestamp with time zone,
  ended_at timestamp with time zone,
  end_reason text,
  shadow boolean not null default false,
  why jsonb
);

create table people (
  id uuid not null default uuidv7(),
  name text not null,
  display_name text not null,
  email text not null,
  role text not null,
  time_zone text not null,
  locale text not null,
  quiet_hours jsonb,
  active boolean not null default true,
  calendar_secret text not null,
  left_at timestamp with time zone,
  holidays text
);

create table phone_calls (
  id uuid not null default uuidv7(),
  integration_id uuid not null,
  vendor text not null,
  vendor_id text not null,
  caller text,
  began_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ladder jsonb not null,
  notes jsonb not null,
  position integer not null default 0,
  flood boolean not null default false,
  state text not null,
  outcome text,
  taken_by uuid,
  taken_at timestamp with time zone,
  recording jsonb,
  transcription text,
  alert_id uuid,
  incident_id uuid
);

create table place_messages (
  id uuid not null default uuidv7(),
  incident_id uuid not null,
  run_id uuid not null,
  channel text not null,
  address text not null,
  provider_id text not null,
  told_at timestamp with time zone not null
);

create table process_documents (
  kind text not null,
  name text not null,
  position integer not null,
  definition jsonb not null
);

create table readiness_digest (
  id boolean not null default true,
  enabled boolean not null,
  day text not null,
  at text not null,
  since timestamp with time zone not null
);

create table readiness_digests_sent (
  person_id uuid not null,
  on_date text not null
);

create table refused_requests (
  id uuid not null default uuidv7(),
  integration_id uuid,
  at timestamp with time zone not null,
  path text not null,
  reason text not null,
  content_type text,
  body text not null
);

create table rota_preferences (
  person_id uuid not null,
  avoid_weekdays text[] not null default '{}'::text[],
  avoid_days text[] not null default '{}'::text[],
  prefers_weekends boolean not null default false
);

create table rota_proposals (
  id uuid not null default uuidv7(),
  schedule_id uuid not null,
  state text not null default 'proposed'::text,
  definition jsonb not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  result jsonb not null,
  change jsonb not null,
  override_ids uuid[] not null default '{}'::uuid[],
  created_by text not null,
  created_at timestamp with time zone not null,
  decided_by text,
  decided_at timestamp with time zone
);

create table round_robins (
  policy text not null,
  step integer not null,
  target integer not null,
  next integer not null
);

create table routing_rules (
  position integer not null,
  name text not null,
  definition jsonb not null
);

create table schedule_calendar_turns (
  id uuid not null default uuidv7(),
  schedule_id uuid not null,
  layer text not null,
  person text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null
);

create table schedule_calendars (
  schedule_id uuid not null,
  layer text not null,
  address text not null,
  etag text,
  whole_at timestamp with time zone,
  events jsonb not null default '[]'::jsonb,
  findings jsonb not null default '[]'::jsonb,
  tried_at timestamp with time zone,
  read_at timestamp with time zone,
  error text
);

create table schedule_overrides (
  id uuid not null default uuidv7(),
  schedule_id uuid not null,
  kind text not null,
  person text,
  replaces text,
  role text,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  was_so boolean not null default false
);

create table schedule_versions (
  schedule_id uuid not null,
  starts_at timestamp with time zone not null,
  definition jsonb,
  saved_by text,
  source text,
  made boolean not null default false
);

create table schedules (
  id uuid not null default uuidv7(),
  name text not null,
  definition jsonb not null,
  calendar_secret text not null
);

create table services (
  id uuid not null default uuidv7(),
  name text not null,
  title text not null,
  description text not null,
  team_id uuid,
  escalation_policy text,
  grouping jsonb not null,
  on_all_resolved text not null,
  urgency text not null,
  support_hours jsonb,
  acknowledge_timeout_seconds integer,
  flapping jsonb not null
);

create table settings (
  key text not null,
  value jsonb not null
);

create table setup_ticks (
  item text not null,
  done_by text not null,
  done_at timestamp with time zone not null
);

create table sign_on (
  id text not null,
  settings jsonb not null,
  discovered jsonb,
  discovered_at timestamp with time zone
);

create table silences (
  id uuid not null default uuidv7(),
  name text,
  kind text not null,
  comment text not null,
  services text[] not null,
  matchers jsonb not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone,
  recurs jsonb,
  created_by text not null,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone
);

create table slack_socket (
  one boolean not null default true,
  node uuid not null,
  held_until timestamp with time zone not null,
  connected boolean not null,
  problem text,
  since timestamp with time zone not null
);

create table slack_user_groups (
  schedule_id uuid not null,
  user_group text not null,
  wanted text[] not null,
  members text[] not null default '{}'::text[],
  findings text[] not null default '{}'::text[],
  problem text,
  synced_at timestamp with time zone,
  next_at timestamp with time zone not null
);

create table team_grants (
  team_id uuid not null,
  person_id uuid not null,
  role text not null
);

create table team_members (
  team_id uuid not null,
  person_id uuid not null
);

create table teams (
  id uuid not null default uuidv7(),
  name text not null,
  title text not null,
  lead_id uuid
);

create table test_messages (
  id uuid not null,
  test_page_id uuid not null,
  method_id uuid,
  label text not null,
  channel text not null,
  address text not null,
  status text not null,
  attempt integer not null default 0,
  error text,
  provider_id text,
  sent_at timestamp with time zone,
  receipt_at timestamp with time zone
);

create table test_page_plans (
  name text not null,
  team_id uuid,
  week text not null,
  day text not null,
  at text not null,
  confirm_within_hours integer not null,
  enabled boolean not null,
  since timestamp with time zone not null
);

create table test_pages (
  id uuid not null,
  person_id uuid not null,
  plan text,
  on_date text not null,
  asked_by text not null,
  status text not null,
  created_at timestamp with time zone not null,
  confirm_by timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  confirmed_via text
);

create table ticks (
  name text not null,
  last_at timestamp with time zone not null
);

create table tokens (
  id uuid not null default uuidv7(),
  name text not null,
  sha256 bytea not null,
  role text not null,
  person_id uuid,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  scopes text[],
  created_by text
);

-- constraints

alter table alerts add constraint alerts_check CHECK (((status = 'resolved'::text) = (resolved_at IS NOT NULL)));
alter table alerts add constraint alerts_disposition_check CHECK ((disposition = ANY (ARRAY['incident'::text, 'silenced'::text, 'dropped'::text, 'flapping'::text])));
alter table alerts add constraint alerts_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id);
alter table alerts add constraint alerts_pkey PRIMARY KEY (id);
alter table alerts add constraint alerts_resolved_by_check CHECK ((resolved_by = ANY (ARRAY['source'::text, 'expired'::text, 'person'::text])));
alter table alerts add constraint alerts_status_check CHECK ((status = ANY (ARRAY['open'::text, 'resolved'::text])));
alter table auth_accounts add constraint auth_accounts_pkey PRIMARY KEY (id);
alter table auth_accounts add constraint auth_accounts_providerId_accountId_key UNIQUE ("providerId", "accountId");
alter table auth_accounts add constraint auth_accounts_userId_fkey FOREIGN KEY ("userId") REFERENCES auth_users(id) ON DELETE CASCADE;
alter table auth_passkeys add constraint auth_passkeys_credentialID_key UNIQUE ("credentialID");
alter table auth_passkeys add constraint auth_passkeys_pkey PRIMARY KEY (id);
alter table auth_passkeys add constraint auth_passkeys_userId_fkey FOREIGN KEY ("userId") REFERENCES auth_users(id) ON DELETE CASCADE;
alter table auth_rate_limits add constraint auth_rate_limits_key_key UNIQUE (key);
alter table auth_rate_limits add constraint auth_rate_limits_pkey PRIMARY KEY (id);
alter table auth_sessions add constraint auth_sessions_pkey PRIMARY KEY (id);
alter table auth_sessions add constraint auth_sessions_token_key UNIQUE (token);
alter table auth_sessions add constraint auth_sessions_userId_fkey FOREIGN KEY ("userId") REFERENCES auth_users(id) ON DELETE CASCADE;
alter table auth_sso_providers add constraint auth_sso_providers_pkey PRIMARY KEY (id);
alter table auth_sso_providers add constraint auth_sso_providers_providerId_key UNIQUE ("providerId");
alter table auth_two_factors add constraint auth_two_factors_pkey PRIMARY KEY (id);
alter table auth_two_factors add constraint auth_two_factors_userId_fkey FOREIGN KEY ("userId") REFERENCES auth_users(id) ON DELETE CASCADE;
alter table auth_two_factors add constraint auth_two_factors_userId_key UNIQUE ("userId");
alter table auth_users add constraint auth_users_email_key UNIQUE (email);
alter table auth_users add constraint auth_users_pkey PRIMARY KEY (id);
alter table auth_verifications add constraint auth_verifications_pkey PRIMARY KEY (id);
alter table channel_health add constraint channel_health_pkey PRIMARY KEY (channel, vendor);
alter table channel_slots add constraint channel_slots_pkey PRIMARY KEY (channel);
alter table chat_requests add constraint chat_requests_pkey PRIMARY KEY (id);
alter table contact_methods add constraint contact_methods_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table contact_methods add constraint contact_methods_person_id_label_key UNIQUE (person_id, label);
alter table contact_methods add constraint contact_methods_pkey PRIMARY KEY (id);
alter table cover_messages add constraint cover_messages_pkey PRIMARY KEY (id);
alter table cover_messages add constraint cover_messages_request_id_fkey FOREIGN KEY (request_id) REFERENCES cover_requests(id) ON DELETE CASCADE;
alter table cover_messages add constraint cover_messages_request_id_person_key UNIQUE (request_id, person);
alter table cover_requests add constraint cover_requests_check CHECK ((ends_at > starts_at));
alter table cover_requests add constraint cover_requests_check1 CHECK ((return_ends_at > return_starts_at));
alter table cover_requests add constraint cover_requests_check2 CHECK ((num_nulls(return_schedule_id, return_starts_at, return_ends_at) = ANY (ARRAY[0, 3])));
alter table cover_requests add constraint cover_requests_check3 CHECK (((state = ANY (ARRAY['accepted'::text, 'undone'::text])) = ((taken_by IS NOT NULL) AND (override_id IS NOT NULL))));
alter table cover_requests add constraint cover_requests_check4 CHECK (((state = 'open'::text) = (ended_at IS NULL)));
alter table cover_requests add constraint cover_requests_check5 CHECK ((declined <@ asked));
alter table cover_requests add constraint cover_requests_pkey PRIMARY KEY (id);
alter table cover_requests add constraint cover_requests_return_schedule_id_fkey FOREIGN KEY (return_schedule_id) REFERENCES schedules(id) ON DELETE CASCADE;
alter table cover_requests add constraint cover_requests_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedules(id) ON DELETE CASCADE;
alter table cover_requests add constraint cover_requests_state_check CHECK ((state = ANY (ARRAY['open'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text, 'expired'::text, 'undone'::text])));
alter table deliveries add constraint deliveries_pkey PRIMARY KEY (id);
alter table deliveries add constraint deliveries_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'cancelled'::text])));
alter table directory_groups add constraint directory_groups_pkey PRIMARY KEY (id);
alter table directory_left add constraint directory_left_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table directory_left add constraint directory_left_pkey PRIMARY KEY (person_id);
alter table directory_members add constraint directory_members_group_id_fkey FOREIGN KEY (group_id) REFERENCES directory_groups(id) ON DELETE CASCADE;
alter table directory_members add constraint directory_members_person_id_fkey FOREIGN KEY (person_id) REFERENCES directory_users(person_id) ON DELETE CASCADE;
alter table directory_members add constraint directory_members_pkey PRIMARY KEY (group_id, person_id);
alter table directory_refused add constraint directory_refused_pkey PRIMARY KEY (id);
alter table directory_roles add constraint directory_roles_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
alter table directory_roles add constraint directory_roles_pkey PRIMARY KEY (person_id);
alter table directory_roles add constraint directory_roles_role_check CHECK ((role = ANY (ARRAY['administrator'::text, 'manager'::text, 'responder'::text, 'observer'::text, 'stakeholder'::text])));
alter table directory_settings add constraint directory_settings_id_check CHECK (id);
alter table directory_settings add constraint directory_settings_pkey PRIMARY KEY (id);
alter table directory_users add constraint directory_users_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table directory_users add constraint directory_users_pkey PRIMARY KEY (person_id);
alter table escalation_policies add constraint escalation_policies_name_key UNIQUE (name);
alter table escalation_policies add constraint escalation_policies_pkey PRIMARY KEY (id);
alter table escalation_policy_versions add constraint escalation_policy_versions_pkey PRIMARY KEY (policy_id, starts_at);
alter table escalation_runs add constraint escalation_runs_check CHECK (((state = 'stopped'::text) = (due_at IS NULL)));
alter table escalation_runs add constraint escalation_runs_pkey PRIMARY KEY (id);
alter table escalation_runs add constraint escalation_runs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'waiting'::text, 'exhausted'::text, 'stopped'::text])));
alter table handoff_notices add constraint handoff_notices_lead_hours_check CHECK (((lead_hours >= 1) AND (lead_hours <= 168)));
alter table handoff_notices add constraint handoff_notices_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table handoff_notices add constraint handoff_notices_pkey PRIMARY KEY (person_id);
alter table handoff_people add constraint handoff_people_handoff_id_fkey FOREIGN KEY (handoff_id) REFERENCES handoffs(id) ON DELETE CASCADE;
alter table handoff_people add constraint handoff_people_handoff_id_person_key UNIQUE (handoff_id, person);
alter table handoff_people add constraint handoff_people_pkey PRIMARY KEY (id);
alter table handoff_people add constraint handoff_people_side_check CHECK ((side = ANY (ARRAY['outgoing'::text, 'incoming'::text])));
alter table handoffs add constraint handoffs_check CHECK ((outgoing_until <= at));
alter table handoffs add constraint handoffs_check1 CHECK ((until > at));
alter table handoffs add constraint handoffs_check2 CHECK (((state = 'open'::text) = (ended_at IS NULL)));
alter table handoffs add constraint handoffs_check3 CHECK (((state = 'confirmed'::text) = ((confirmed_by IS NOT NULL) AND (left_behind IS NOT NULL))));
alter table handoffs add constraint handoffs_pkey PRIMARY KEY (id);
alter table handoffs add constraint handoffs_role_check CHECK ((role = ANY (ARRAY['primary'::text, 'secondary'::text, 'tertiary'::text])));
alter table handoffs add constraint handoffs_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedules(id) ON DELETE CASCADE;
alter table handoffs add constraint handoffs_state_check CHECK ((state = ANY (ARRAY['open'::text, 'confirmed'::text, 'lapsed'::text, 'withdrawn'::text])));
alter table health_limits add constraint health_limits_one_check CHECK (one);
alter table health_limits add constraint health_limits_pkey PRIMARY KEY (one);
alter table health_notices add constraint health_notices_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table health_notices add constraint health_notices_pkey PRIMARY KEY (person_id, week);
alter table health_notices add constraint health_notices_week_check CHECK ((week ~ '^\d{4}-\d\d-\d\d$'::text));
alter table heartbeats add constraint heartbeats_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id);
alter table heartbeats add constraint heartbeats_interval_seconds_check CHECK ((interval_seconds > 0));
alter table heartbeats add constraint heartbeats_name_key UNIQUE (name);
alter table heartbeats add constraint heartbeats_pkey PRIMARY KEY (id);
alter table heartbeats add constraint heartbeats_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'healthy'::text, 'overdue'::text])));
alter table incident_assignees add constraint incident_assignees_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id);
alter table incident_assignees add constraint incident_assignees_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
alter table incident_assignees add constraint incident_assignees_pkey PRIMARY KEY (incident_id, person_id);
alter table incident_numbers add constraint incident_numbers_pkey PRIMARY KEY (year);
alter table incidents add constraint incidents_acknowledged_by_fkey FOREIGN KEY (acknowledged_by) REFERENCES people(id);
alter table incidents add constraint incidents_check CHECK (((status = ANY (ARRAY['resolved'::text, 'closed'::text])) = (resolved_at IS NOT NULL)));
alter table incidents add constraint incidents_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES incidents(id);
alter table incidents add constraint incidents_number_key UNIQUE (number);
alter table incidents add constraint incidents_pkey PRIMARY KEY (id);
alter table incidents add constraint incidents_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id);
alter table incidents add constraint incidents_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'error'::text, 'warning'::text, 'info'::text])));
alter table incidents add constraint incidents_status_check CHECK ((status = ANY (ARRAY['triage'::text, 'acknowledged'::text, 'resolved'::text, 'closed'::text])));
alter table incidents add constraint incidents_urgency_check CHECK ((urgency = ANY (ARRAY['high'::text, 'low'::text])));
alter table instance add constraint instance_id_check CHECK (id);
alter table instance add constraint instance_pkey PRIMARY KEY (id);
alter table intake_watch add constraint intake_watch_id_check CHECK (id);
alter table intake_watch add constraint intake_watch_pkey PRIMARY KEY (id);
alter table integrations add constraint integrations_key_key UNIQUE (key);
alter table integrations add constraint integrations_name_key UNIQUE (name);
alter table integrations add constraint integrations_pkey PRIMARY KEY (id);
alter table integrations add constraint integrations_service_id_fkey FOREIGN KEY (service_id) REFERENCES services(id);
alter table invitations add constraint invitations_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
alter table invitations add constraint invitations_pkey PRIMARY KEY (id);
alter table invitations add constraint invitations_purpose_check CHECK ((purpose = ANY (ARRAY['invitation'::text, 'reset'::text])));
alter table journal add constraint journal_pkey PRIMARY KEY (id);
alter table leave_calendars add constraint leave_calendars_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table leave_calendars add constraint leave_calendars_pkey PRIMARY KEY (person_id);
alter table leave_periods add constraint leave_periods_check CHECK ((last_day >= first_day));
alter table leave_periods add constraint leave_periods_check1 CHECK ((ends_at > starts_at));
alter table leave_periods add constraint leave_periods_check2 CHECK ((((first_day IS NULL) = (last_day IS NULL)) AND ((starts_at IS NULL) = (ends_at IS NULL)) AND ((first_day IS NULL) <> (starts_at IS NULL))));
alter table leave_periods add constraint leave_periods_first_day_check CHECK ((first_day ~ '^\d{4}-\d\d-\d\d$'::text));
alter table leave_periods add constraint leave_periods_last_day_check CHECK ((last_day ~ '^\d{4}-\d\d-\d\d$'::text));
alter table leave_periods add constraint leave_periods_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table leave_periods add constraint leave_periods_pkey PRIMARY KEY (id);
alter table leave_periods add constraint leave_periods_source_check CHECK ((source = ANY (ARRAY['manual'::text, 'calendar'::text])));
alter table migrations add constraint migrations_pkey PRIMARY KEY (name);
alter table notification_rules add constraint notification_rules_after_seconds_check CHECK ((after_seconds >= 0));
alter table notification_rules add constraint notification_rules_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table notification_rules add constraint notification_rules_pkey PRIMARY KEY (person_id, urgency, "position");
alter table notification_rules add constraint notification_rules_urgency_check CHECK ((urgency = ANY (ARRAY['high'::text, 'low'::text])));
alter table on_call_training add constraint on_call_training_behind_seconds_check CHECK (((behind_seconds >= 30) AND (behind_seconds <= 900)));
alter table on_call_training add constraint on_call_training_check CHECK (((ready_by IS NULL) = (ready_at IS NULL)));
alter table on_call_training add constraint on_call_training_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table on_call_training add constraint on_call_training_pkey PRIMARY KEY (id);
alter table on_call_training add constraint on_call_training_reverse_wanted_check CHECK (((reverse_wanted >= 0) AND (reverse_wanted <= 20)));
alter table on_call_training add constraint on_call_training_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedules(id) ON DELETE CASCADE;
alter table on_call_training add constraint on_call_training_schedule_id_person_id_key UNIQUE (schedule_id, person_id);
alter table on_call_training add constraint on_call_training_shadow_wanted_check CHECK (((shadow_wanted >= 0) AND (shadow_wanted <= 20)));
alter table on_call_training_stages add constraint on_call_training_stages_check CHECK ((ends_at >= starts_at));
alter table on_call_training_stages add constraint on_call_training_stages_mentor_id_fkey FOREIGN KEY (mentor_id) REFERENCES people(id) ON DELETE SET NULL;
alter table on_call_training_stages add constraint on_call_training_stages_pkey PRIMARY KEY (id);
alter table on_call_training_stages add constraint on_call_training_stages_stage_check CHECK ((stage = ANY (ARRAY['shadow'::text, 'reverse_shadow'::text])));
alter table on_call_training_stages add constraint on_call_training_stages_training_id_fkey FOREIGN KEY (training_id) REFERENCES on_call_training(id) ON DELETE CASCADE;
alter table opsgenie_requests add constraint opsgenie_requests_pkey PRIMARY KEY (id);
alter table pages add constraint pages_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
alter table pages add constraint pages_pkey PRIMARY KEY (id);
alter table pages add constraint pages_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'paging'::text, 'unreachable'::text, 'answered'::text, 'ended'::text])));
alter table pages add constraint pages_urgency_check CHECK ((urgency = ANY (ARRAY['high'::text, 'low'::text])));
alter table people add constraint people_calendar_secret_key UNIQUE (calendar_secret);
alter table people add constraint people_name_key UNIQUE (name);
alter table people add constraint people_pkey PRIMARY KEY (id);
alter table people add constraint people_role_check CHECK ((role = ANY (ARRAY['administrator'::text, 'manager'::text, 'responder'::text, 'observer'::text, 'stakeholder'::text])));
alter table phone_calls add constraint phone_calls_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id) ON DELETE CASCADE;
alter table phone_calls add constraint phone_calls_outcome_check CHECK ((outcome = ANY (ARRAY['taken'::text, 'voicemail'::text, 'hung_up'::text, 'refused'::text])));
alter table phone_calls add constraint phone_calls_pkey PRIMARY KEY (id);
alter table phone_calls add constraint phone_calls_state_check CHECK ((state = ANY (ARRAY['ringing'::text, 'taken'::text, 'voicemail'::text, 'over'::text])));
alter table phone_calls add constraint phone_calls_vendor_vendor_id_key UNIQUE (vendor, vendor_id);
alter table place_messages add constraint place_messages_pkey PRIMARY KEY (id);
alter table process_documents add constraint process_documents_definition_check CHECK ((jsonb_typeof(definition) = 'object'::text));
alter table process_documents add constraint process_documents_kind_check CHECK ((kind = ANY (ARRAY['severities'::text, 'roles'::text, 'templates'::text, 'postmortems'::text, 'schedules'::text, 'escalation_policies'::text])));
alter table process_documents add constraint process_documents_pkey PRIMARY KEY (kind, name);
alter table process_documents add constraint process_documents_position_check CHECK (("position" >= 0));
alter table readiness_digest add constraint readiness_digest_at_check CHECK ((at ~ '^\d\d:\d\d$'::text));
alter table readiness_digest add constraint readiness_digest_day_check CHECK ((day = ANY (ARRAY['mon'::text, 'tue'::text, 'wed'::text, 'thu'::text, 'fri'::text, 'sat'::text, 'sun'::text])));
alter table readiness_digest add constraint readiness_digest_id_check CHECK (id);
alter table readiness_digest add constraint readiness_digest_pkey PRIMARY KEY (id);
alter table readiness_digests_sent add constraint readiness_digests_sent_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table readiness_digests_sent add constraint readiness_digests_sent_pkey PRIMARY KEY (person_id);
alter table refused_requests add constraint refused_requests_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id) ON DELETE CASCADE;
alter table refused_requests add constraint refused_requests_pkey PRIMARY KEY (id);
alter table rota_preferences add constraint rota_preferences_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table rota_preferences add constraint rota_preferences_pkey PRIMARY KEY (person_id);
alter table rota_proposals add constraint rota_proposals_check CHECK ((ends_at > starts_at));
alter table rota_proposals add constraint rota_proposals_check1 CHECK (((state = 'proposed'::text) = (decided_at IS NULL)));
alter table rota_proposals add constraint rota_proposals_pkey PRIMARY KEY (id);
alter table rota_proposals add constraint rota_proposals_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedules(id) ON DELETE CASCADE;
alter table rota_proposals add constraint rota_proposals_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'in_force'::text, 'taken_back'::text])));
alter table round_robins add constraint round_robins_pkey PRIMARY KEY (policy, step, target);
alter table routing_rules add constraint routing_rules_name_key UNIQUE (name);
alter table routing_rules add constraint routing_rules_pkey PRIMARY KEY ("position");
alter table schedule_calendar_turns add constraint schedule_calendar_turns_check CHECK ((ends_at > starts_at));
alter table schedule_calendar_turns add constraint schedule_calendar_turns_pkey PRIMARY KEY (id);
alter table schedule_calendars add constraint schedule_calendars_pkey PRIMARY KEY (schedule_id, layer);
alter table schedule_calendars add constraint schedule_calendars_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedules(id) ON DELETE CASCADE;
alter table schedule_overrides add constraint schedule_overrides_check CHECK ((ends_at > starts_at));
alter table schedule_overrides add constraint schedule_overrides_check1 CHECK (((kind = 'remove'::text) = (person IS NULL)));
alter table schedule_overrides add constraint schedule_overrides_kind_check CHECK ((kind = ANY (ARRAY['replace'::text, 'add'::text, 'remove'::text])));
alter table schedule_overrides add constraint schedule_overrides_pkey PRIMARY KEY (id);
alter table schedule_overrides add constraint schedule_overrides_role_check CHECK ((role = ANY (ARRAY['primary'::text, 'secondary'::text, 'tertiary'::text])));
alter table schedule_versions add constraint schedule_versions_pkey PRIMARY KEY (schedule_id, starts_at);
alter table schedules add constraint schedules_calendar_secret_key UNIQUE (calendar_secret);
alter table schedules add constraint schedules_name_key UNIQUE (name);
alter table schedules add constraint schedules_pkey PRIMARY KEY (id);
alter table services add constraint services_acknowledge_timeout_seconds_check CHECK ((acknowledge_timeout_seconds > 0));
alter table services add constraint services_name_key UNIQUE (name);
alter table services add constraint services_on_all_resolved_check CHECK ((on_all_resolved = ANY (ARRAY['auto'::text, 'ask'::text, 'never'::text])));
alter table services add constraint services_pkey PRIMARY KEY (id);
alter table services add constraint services_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams(id);
alter table services add constraint services_urgency_check CHECK ((urgency = ANY (ARRAY['high'::text, 'low'::text, 'by_severity'::text])));
alter table settings add constraint settings_pkey PRIMARY KEY (key);
alter table setup_ticks add constraint setup_ticks_pkey PRIMARY KEY (item);
alter table sign_on add constraint sign_on_pkey PRIMARY KEY (id);
alter table silences add constraint silences_check CHECK ((ends_at > starts_at));
alter table silences add constraint silences_check1 CHECK (((ends_at IS NOT NULL) OR (recurs IS NOT NULL)));
alter table silences add constraint silences_kind_check CHECK ((kind = ANY (ARRAY['silence'::text, 'maintenance'::text])));
alter table silences add constraint silences_name_key UNIQUE (name);
alter table silences add constraint silences_pkey PRIMARY KEY (id);
alter table slack_socket add constraint slack_socket_one_check CHECK (one);
alter table slack_socket add constraint slack_socket_pkey PRIMARY KEY (one);
alter table slack_user_groups add constraint slack_user_groups_pkey PRIMARY KEY (schedule_id, user_group);
alter table slack_user_groups add constraint slack_user_groups_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedules(id) ON DELETE CASCADE;
alter table team_grants add constraint team_grants_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
alter table team_grants add constraint team_grants_pkey PRIMARY KEY (team_id, person_id);
alter table team_grants add constraint team_grants_role_check CHECK ((role = ANY (ARRAY['manager'::text, 'responder'::text, 'observer'::text])));
alter table team_grants add constraint team_grants_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE;
alter table team_members add constraint team_members_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
alter table team_members add constraint team_members_pkey PRIMARY KEY (team_id, person_id);
alter table team_members add constraint team_members_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE;
alter table teams add constraint teams_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES people(id);
alter table teams add constraint teams_name_key UNIQUE (name);
alter table teams add constraint teams_pkey PRIMARY KEY (id);
alter table test_messages add constraint test_messages_pkey PRIMARY KEY (id);
alter table test_messages add constraint test_messages_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sent'::text, 'delivered'::text, 'failed'::text])));
alter table test_messages add constraint test_messages_test_page_id_fkey FOREIGN KEY (test_page_id) REFERENCES test_pages(id) ON DELETE CASCADE;
alter table test_page_plans add constraint test_page_plans_at_check CHECK ((at ~ '^\d\d:\d\d$'::text));
alter table test_page_plans add constraint test_page_plans_confirm_within_hours_check CHECK ((confirm_within_hours > 0));
alter table test_page_plans add constraint test_page_plans_day_check CHECK ((day = ANY (ARRAY['mon'::text, 'tue'::text, 'wed'::text, 'thu'::text, 'fri'::text, 'sat'::text, 'sun'::text])));
alter table test_page_plans add constraint test_page_plans_pkey PRIMARY KEY (name);
alter table test_page_plans add constraint test_page_plans_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE;
alter table test_page_plans add constraint test_page_plans_week_check CHECK ((week = ANY (ARRAY['every'::text, 'first'::text, 'second'::text, 'third'::text, 'fourth'::text, 'last'::text])));
alter table test_pages add constraint test_pages_check CHECK (((status = 'confirmed'::text) = (confirmed_at IS NOT NULL)));
alter table test_pages add constraint test_pages_on_date_check CHECK ((on_date ~ '^\d{4}-\d\d-\d\d$'::text));
alter table test_pages add constraint test_pages_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE;
alter table test_pages add constraint test_pages_pkey PRIMARY KEY (id);
alter table test_pages add constraint test_pages_plan_person_id_on_date_key UNIQUE (plan, person_id, on_date);
alter table test_pages add constraint test_pages_status_check CHECK ((status = ANY (ARRAY['open'::text, 'confirmed'::text, 'unconfirmed'::text])));
alter table ticks add constraint ticks_pkey PRIMARY KEY (name);
alter table tokens add constraint tokens_name_key UNIQUE (name);
alter table tokens add constraint tokens_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id);
alter table tokens add constraint tokens_pkey PRIMARY KEY (id);
alter table tokens add constraint tokens_role_check CHECK ((role = ANY (ARRAY['administrator'::text, 'manager'::text, 'responder'::text, 'observer'::text, 'stakeholder'::text])));
alter table tokens add constraint tokens_sha256_key UNIQUE (sha256);

-- indexes

CREATE INDEX alerts_dropped ON public.alerts USING btree (id) WHERE ((status = 'open'::text) AND (disposition = 'dropped'::text));
CREATE INDEX alerts_expiring ON public.alerts USING btree (ends_at) WHERE ((status = 'open'::text) AND (ends_at IS NOT NULL));
CREATE INDEX alerts_incident ON public.alerts USING btree (incident_id) WHERE (incident_id IS NOT NULL);
CREATE INDEX alerts_key_history ON public.alerts USING btree (integration_id, dedup_key, last_seen);
CREATE INDEX alerts_resolved ON public.alerts USING btree (id) WHERE (status = 'resolved'::text);
CREATE INDEX alerts_resolved_hidden ON public.alerts USING btree (disposition, id) WHERE ((status = 'resolved'::text) AND (disposition <> 'incident'::text));
CREATE INDEX alerts_resolved_integration ON public.alerts USING btree (integration_id, id) WHERE (status = 'resolved'::text);
CREATE INDEX alerts_resolved_labels ON public.alerts USING gin (labels jsonb_path_ops) WHERE (status = 'resolved'::text);
CREATE INDEX alerts_resolved_service ON public.alerts USING btree (service_id, id) WHERE (status = 'resolved'::text);
CREATE INDEX alerts_resolved_severity ON public.alerts USING btree (array_position(ARRAY['info'::text, 'warning'::text, 'error'::text, 'critical'::text], severity), id) WHERE (status = 'resolved'::text);
CREATE INDEX alerts_silenced ON public.alerts USING btree (silence_id) WHERE ((status = 'open'::text) AND (disposition = 'silenced'::text));
CREATE INDEX alerts_summary_search ON public.alerts USING gin (summary gin_trgm_ops) WHERE (status = 'resolved'::text);
CREATE INDEX auth_accounts_user ON public.auth_accounts USING btree ("userId");
CREATE INDEX auth_passkeys_user ON public.auth_passkeys USING btree ("userId");
CREATE INDEX auth_sessions_user ON public.auth_sessions USING btree ("userId");
CREATE INDEX auth_verifications_identifier ON public.auth_verifications USING btree (identifier);
CREATE INDEX cover_requests_open ON public.cover_requests USING btree (expires_at) WHERE (state = 'open'::text);
CREATE INDEX cover_requests_schedule ON public.cover_requests USING btree (schedule_id, ends_at);
CREATE INDEX deliveries_address ON ONLY public.deliveries USING btree (address, id);
CREATE INDEX deliveries_page ON ONLY public.deliveries USING btree (page_id);
CREATE INDEX directory_members_person ON public.directory_members USING btree (person_id);
CREATE INDEX directory_users_external_id ON public.directory_users USING btree (external_id);
CREATE INDEX escalation_runs_incident ON public.escalation_runs USING btree (incident_id);
CREATE INDEX handoff_people_person ON public.handoff_people USING btree (person);
CREATE INDEX handoffs_at ON public.handoffs USING btree (at) WHERE (state = ANY (ARRAY['open'::text, 'confirmed'::text]));
CREATE INDEX heartbeats_integration ON public.heartbeats USING btree (integration_id);
CREATE INDEX incident_assignees_person ON public.incident_assignees USING btree (person_id, incident_id);
CREATE INDEX incidents_acknowledged_by ON public.incidents USING btree (acknowledged_by, id) WHERE (acknowledged_by IS NOT NULL);
CREATE INDEX incidents_merged_into ON public.incidents USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX incidents_open_group ON public.incidents USING btree (service_id, group_key, last_alert_at) WHERE (status = ANY (ARRAY['triage'::text, 'acknowledged'::text]));
CREATE INDEX incidents_opened ON public.incidents USING btree (opened_at);
CREATE INDEX incidents_service ON public.incidents USING btree (service_id, id);
CREATE INDEX incidents_severity ON public.incidents USING btree (severity_rank, id);
CREATE INDEX incidents_status ON public.incidents USING btree (status, id);
CREATE INDEX incidents_title_search ON public.incidents USING gin (title gin_trgm_ops);
CREATE INDEX incidents_urgency ON public.incidents USING btree (urgency, id);
CREATE INDEX invitations_person ON public.invitations USING btree (person_id);
CREATE INDEX journal_actor ON ONLY public.journal USING btree (actor, id);
CREATE INDEX journal_settings ON ONLY public.journal USING btree (type, id) WHERE (subject_type = 'settings'::text);
CREATE INDEX journal_subject ON ONLY public.journal USING btree (subject_type, subject_id, id);
CREATE INDEX journal_xid ON ONLY public.journal USING btree (xid);
CREATE INDEX leave_periods_person ON public.leave_periods USING btree (person_id);
CREATE INDEX on_call_training_person ON public.on_call_training USING btree (person_id);
CREATE INDEX pages_incident ON public.pages USING btree (incident_id);
CREATE INDEX pages_person ON public.pages USING btree (person_id, created_at);
CREATE INDEX pages_person_open ON public.pages USING btree (person_id, id) WHERE (status = ANY (ARRAY['waiting'::text, 'paging'::text, 'unreachable'::text]));
CREATE INDEX pages_waking ON public.pages USING btree (wake_at) WHERE (status = 'waiting'::text);
CREATE INDEX phone_calls_integration ON public.phone_calls USING btree (integration_id, began_at);
CREATE INDEX place_messages_incident ON public.place_messages USING btree (incident_id);
CREATE INDEX place_messages_told_at ON public.place_messages USING btree (told_at);
CREATE INDEX refused_requests_integration ON public.refused_requests USING btree (integration_id, id);
CREATE INDEX rota_proposals_schedule ON public.rota_proposals USING btree (schedule_id, created_at);
CREATE INDEX schedule_calendar_turns_when ON public.schedule_calendar_turns USING btree (schedule_id, ends_at);
CREATE INDEX schedule_overrides_window ON public.schedule_overrides USING btree (schedule_id, ends_at);
CREATE INDEX silences_running ON public.silences USING btree (ends_at) WHERE (ended_at IS NULL);
CREATE INDEX test_messages_address ON public.test_messages USING btree (address, sent_at);
CREATE INDEX test_messages_page ON public.test_messages USING btree (test_page_id);
CREATE INDEX test_pages_person ON public.test_pages USING btree (person_id, created_at);
CREATE UNIQUE INDEX alerts_open_key ON public.alerts USING btree (integration_id, dedup_key) WHERE (status = 'open'::text);
CREATE UNIQUE INDEX directory_groups_display_name ON public.directory_groups USING btree (lower(display_name));
CREATE UNIQUE INDEX directory_users_user_name ON public.directory_users USING btree (lower(user_name));
CREATE UNIQUE INDEX escalation_runs_one_alive ON public.escalation_runs USING btree (incident_id) WHERE (state <> 'stopped'::text);
CREATE UNIQUE INDEX handoffs_once ON public.handoffs USING btree (schedule_id, role, at) WHERE (state <> 'withdrawn'::text);
CREATE UNIQUE INDEX on_call_training_stages_now ON public.on_call_training_stages USING btree (training_id) WHERE (ends_at IS NULL);
CREATE UNIQUE INDEX pages_once_per_step ON public.pages USING btree (run_id, round, step, person_id);

-- functions

CREATE OR REPLACE FUNCTION public.make_month_partition(parent text, month date)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  child text := parent || to_char(month, '_YYYY_MM');
begin
  if to_regclass(child) is null then
    execute format('create table %I partition of %I for values from (%L) to (%L)', child, parent,
      uuid_at(month::timestamp at time zone 'UTC'), uuid_at((month + interval '1 month')::timestamp at time zone 'UTC'));
  end if;
exception when check_violation then
  -- rows of this month lie in the default partition: they stay there, and the next month gets its own
  null;
end $function$
;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the journal is append-only';
end $function$
;

CREATE OR REPLACE FUNCTION public.uuid_at(moment timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$function$
;

-- triggers

CREATE TRIGGER journal_append_only BEFORE DELETE OR UPDATE ON public.journal FOR EACH ROW EXECUTE FUNCTION refuse_change();
