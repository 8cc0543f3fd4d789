-- The audit log asks who did what.
create index journal_actor on journal (actor, id);
