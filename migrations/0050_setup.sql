-- What somebody ticked in the list of the first weeks. What the system sees by itself is not kept. No row: not done.
create table setup_ticks (
  item text primary key,
  done_by text not null,
  done_at timestamptz not null
);
