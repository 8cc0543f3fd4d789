-- What a directory called somebody whom it took out: one that comes with the same id is back; any other is somebody else.
create table directory_left (
  person_id uuid primary key references people (id) on delete cascade,
  external_id text not null
);
