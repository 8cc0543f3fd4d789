-- What each schedule said and from when, so that the past is told as it was. Null: removed. Nothing here is ever changed.
create table schedule_versions (
  schedule_id uuid not null,
  starts_at timestamptz not null,
  definition jsonb,
  primary key (schedule_id, starts_at)
);

-- Before this table the journal kept it.
insert into schedule_versions (schedule_id, starts_at, definition)
select distinct on (subject_id, at) subject_id, at, case when type = 'schedule.saved' then data -> 'schedule' end
from journal
where subject_type = 'schedule' and (type = 'schedule.removed' or (type = 'schedule.saved' and data ? 'schedule'))
order by subject_id, at, id desc;

insert into schedule_versions (schedule_id, starts_at, definition)
select id, now(), definition
from schedules s
where definition is distinct from (
  select definition from schedule_versions v where v.schedule_id = s.id order by starts_at desc limit 1
)
on conflict (schedule_id, starts_at) do update set definition = excluded.definition;

-- Who stood in for whom stays known of a schedule that is removed.
alter table schedule_overrides drop constraint schedule_overrides_schedule_id_fkey;
