-- A channel may have several vendors. Which one a message went by, and which were tried for it before.
alter table deliveries add column vendor text, add column tried text[] not null default '{}';

-- Health is that of a vendor; '' where a channel has but one kind of provider.
alter table channel_health add column vendor text not null default '';
alter table channel_health drop constraint channel_health_pkey;
alter table channel_health add primary key (channel, vendor);
