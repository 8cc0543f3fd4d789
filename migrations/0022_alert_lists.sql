-- An open alert is written again at each repeat, and each index on it with it. Open ones are few, and found by the index
-- that keeps their keys apart: what lists narrow by is indexed for resolved ones alone, once in an alert's life.
drop index alerts_open;
drop index alerts_service;
drop index alerts_integration;
create index alerts_resolved_service on alerts (service_id, id) where status = 'resolved';
create index alerts_resolved_integration on alerts (integration_id, id) where status = 'resolved';
create index alerts_resolved_severity on alerts (array_position(array['info', 'warning', 'error', 'critical'], severity), id) where status = 'resolved';
create index alerts_resolved_hidden on alerts (disposition, id) where status = 'resolved' and disposition <> 'incident';
