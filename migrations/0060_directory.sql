-- People and groups that a directory brings over SCIM 2.0.

-- Since when somebody is deactivated: from then on the turns of a schedule that names that person are gaps. Null for an old row.
alter table people add column left_at timestamptz;

-- One row for each person whose name, address and activity the directory decides. Its id is the person's.
create table directory_users (
  person_id uuid primary key references people (id) on delete cascade,
  user_name text not null,
  external_id text,
  -- What the directory said of the person, as server/identity/scim/shapes.ts has it.
  attributes jsonb not null,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create unique index directory_users_user_name on directory_users (lower(user_name));
create index directory_users_external_id on directory_users (external_id);

create table directory_groups (
  id uuid primary key default uuidv7(),
  display_name text not null,
  external_id text,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create unique index directory_groups_display_name on directory_groups (lower(display_name));

create table directory_members (
  group_id uuid not null references directory_groups (id) on delete cascade,
  person_id uuid not null references directory_users (person_id) on delete cascade,
  primary key (group_id, person_id)
);
create index directory_members_person on directory_members (person_id);

-- What groups give; one row.
create table directory_settings (
  id boolean primary key default true check (id),
  settings jsonb not null
);

-- Requests of a directory that were refused, the last few hundred, for whoever sets it up.
create table directory_refused (
  id uuid primary key default uuidv7(),
  at timestamptz not null,
  -- The name of the API key; null when there was none that works.
  key text,
  method text not null,
  path text not null,
  status integer not null,
  reason text not null
);
