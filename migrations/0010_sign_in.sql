-- What the sign-in library keeps (its columns have its names), invitations, roles within a team, scopes of keys.

create table auth_users (
  id uuid primary key,
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null,
  "twoFactorEnabled" boolean
);
create table auth_sessions (
  id uuid primary key,
  "expiresAt" timestamptz not null,
  token text not null unique,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" uuid not null references auth_users (id) on delete cascade
);
create index auth_sessions_user on auth_sessions ("userId");
create table auth_accounts (
  id uuid primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" uuid not null references auth_users (id) on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null,
  unique ("providerId", "accountId")
);
create index auth_accounts_user on auth_accounts ("userId");
create table auth_verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null
);
create index auth_verifications_identifier on auth_verifications (identifier);
create table auth_two_factors (
  id uuid primary key,
  secret text not null,
  "backupCodes" text not null,
  "userId" uuid not null unique references auth_users (id) on delete cascade,
  verified boolean,
  "failedVerificationCount" integer,
  "lockedUntil" timestamptz
);
create table auth_passkeys (
  id uuid primary key,
  name text,
  "publicKey" text not null,
  "userId" uuid not null references auth_users (id) on delete cascade,
  "credentialID" text not null unique,
  counter integer not null,
  "deviceType" text not null,
  "backedUp" boolean not null,
  transports text,
  "createdAt" timestamptz,
  aaguid text
);
create index auth_passkeys_user on auth_passkeys ("userId");
create table auth_rate_limits (
  id uuid primary key,
  key text not null unique,
  count integer not null,
  "lastRequest" bigint not null
);

-- A link that lets a person set her first password, or a new one; its token is signed, not stored.
create table invitations (
  id uuid primary key default uuidv7(),
  person_id uuid not null references people (id),
  purpose text not null check (purpose in ('invitation', 'reset')),
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index invitations_person on invitations (person_id);

-- A role that counts only for what one team owns.
create table team_grants (
  team_id uuid not null references teams (id) on delete cascade,
  person_id uuid not null references people (id),
  role text not null check (role in ('manager', 'responder', 'observer')),
  primary key (team_id, person_id)
);

alter table tokens add column scopes text[];
alter table tokens add column created_by text;
