-- Which transaction wrote an entry: whoever follows the journal reads what has become visible since a snapshot, in whatever
-- order transactions commit. Entries from before this column have none, and nobody follows those.
alter table journal add column xid xid8;
alter table journal alter column xid set default pg_current_xact_id();
create index journal_xid on journal (xid);
