-- Of an integration that takes mail: when a subject opens or closes, what tells alerts apart, who may send.
alter table integrations add column mail jsonb;
