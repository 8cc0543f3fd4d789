-- What the lists of incidents and alerts filter and sort by.
alter table incidents add column acknowledged_via text;
alter table incidents add column severity_rank smallint not null generated always as
  (case severity when 'critical' then 4 when 'error' then 3 when 'warning' then 2 else 1 end) stored;
create index incidents_severity on incidents (severity_rank, id);
create index incidents_service on incidents (service_id, id);
create index incidents_urgency on incidents (urgency, id);
create index incidents_opened on incidents (opened_at);
create index incidents_acknowledged_by on incidents (acknowledged_by, id) where acknowledged_by is not null;
create index incident_assignees_person on incident_assignees (person_id, incident_id);
create index pages_person_open on pages (person_id, id) where status in ('waiting', 'paging', 'unreachable');

create index alerts_open on alerts (id) where status = 'open';
create index alerts_resolved on alerts (id) where status = 'resolved';
create index alerts_service on alerts (service_id, id);
create index alerts_integration on alerts (integration_id, id);
-- Of resolved ones only: an open alert is written again at each repeat, and open ones are few enough to look through.
create index alerts_resolved_labels on alerts using gin (labels jsonb_path_ops) where status = 'resolved';

-- Finding words inside titles. An outside PostgreSQL may lack the extension or not let us make it: then a search looks through the rows.
do $$
begin
  create extension if not exists pg_trgm;
  create index incidents_title_search on incidents using gin (title gin_trgm_ops);
  create index alerts_summary_search on alerts using gin (summary gin_trgm_ops) where status = 'resolved';
exception when undefined_file or insufficient_privilege or feature_not_supported or undefined_object then
  raise notice 'no pg_trgm: searches are slower';
end $$;
