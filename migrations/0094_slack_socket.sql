-- Which node has the connection of Slack's Socket Mode, until when if it does not say so again, and how that is. One row at most.
create table slack_socket (
  one boolean primary key default true check (one),
  node uuid not null,
  held_until timestamptz not null,
  connected boolean not null,
  problem text,
  -- of `connected`
  since timestamptz not null
);
