-- Single sign-on: the row that the sign-in library reads (its columns have its names), and our settings beside it.
create table auth_sso_providers (
  id uuid primary key,
  issuer text not null,
  "oidcConfig" text,
  "samlConfig" text,
  "userId" uuid,
  "providerId" text not null unique,
  "organizationId" text,
  domain text not null
);

create table sign_on (
  id text primary key,
  -- As contract/sign-on.ts has it, with its secrets.
  settings jsonb not null,
  -- What the provider said of itself, and when it was asked.
  discovered jsonb,
  discovered_at timestamptz
);

-- The role that groups gave somebody last: it goes when the groups go. One that was given by hand stays.
create table directory_roles (
  person_id uuid primary key references people (id),
  role text not null check (role in ('administrator', 'manager', 'responder', 'observer', 'stakeholder'))
);
