-- Slack user groups that follow who is on call: what came of each the last time.
create table slack_user_groups (
  schedule_id uuid not null references schedules on delete cascade,
  -- as the schedule names it: a handle or an id
  user_group text not null,
  -- who should be in it, by name
  wanted text[] not null,
  -- who was put into it, or found there
  members text[] not null default '{}',
  findings text[] not null default '{}',
  problem text,
  -- when the group was last as it should be
  synced_at timestamptz,
  -- when it is looked at again, whatever happens
  next_at timestamptz not null,
  primary key (schedule_id, user_group)
);
