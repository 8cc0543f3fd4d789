-- Who put each version in force and through what; null: not known. `made`: nothing was before it; otherwise what was before the first is not known.
alter table schedule_versions add column saved_by text, add column source text, add column made boolean not null default false;

update schedule_versions v set saved_by = j.actor, source = j.source, made = j.made
from (
  select distinct on (subject_id, at) subject_id, at, actor, source,
    jsonb_path_exists(data, '$.changes[*] ? (@.field == "name" && @.before == null)') as made
  from journal
  where subject_type = 'schedule' and (type = 'schedule.removed' or (type = 'schedule.saved' and data ? 'schedule'))
  order by subject_id, at, id desc
) j
where j.subject_id = v.schedule_id and j.at = v.starts_at;

create table escalation_policy_versions (
  policy_id uuid not null,
  starts_at timestamptz not null,
  definition jsonb,
  saved_by text,
  source text,
  made boolean not null default false,
  primary key (policy_id, starts_at)
);

insert into escalation_policy_versions (policy_id, starts_at, definition, saved_by, source, made)
select distinct on (subject_id, at) subject_id, at, case when type = 'escalation_policy.saved' then data -> 'policy' end, actor, source,
  jsonb_path_exists(data, '$.changes[*] ? (@.field == "name" && @.before == null)')
from journal
where subject_type = 'escalation_policy' and (type = 'escalation_policy.removed' or (type = 'escalation_policy.saved' and data ? 'policy'))
order by subject_id, at, id desc;

insert into escalation_policy_versions (policy_id, starts_at, definition)
select id, now(), definition
from escalation_policies p
where definition is distinct from (
  select definition from escalation_policy_versions v where v.policy_id = p.id order by starts_at desc limit 1
)
on conflict (policy_id, starts_at) do update set definition = excluded.definition;

-- Written down afterwards because it was so then, such as that somebody had left; any other counts from when it was entered.
alter table schedule_overrides add column was_so boolean not null default false;
