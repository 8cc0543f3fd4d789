-- What an organisation keeps in its files that nothing else stores yet: severities, roles, templates and
-- postmortems in order, and what its schedules and escalation policies say beyond what the pager acts on.
create table process_documents (
  kind text not null check (kind in ('severities', 'roles', 'templates', 'postmortems', 'schedules', 'escalation_policies')),
  name text not null,
  position int not null check (position >= 0),
  definition jsonb not null check (jsonb_typeof(definition) = 'object'),
  primary key (kind, name)
);
