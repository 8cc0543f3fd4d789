-- What was merged into an incident: messages about it are changed whenever the other one moves.
create index incidents_merged_into on incidents (merged_into) where merged_into is not null;
