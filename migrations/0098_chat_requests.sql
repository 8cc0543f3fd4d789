-- Telegram and Mattermost send what people press there again too.
alter table slack_requests rename to chat_requests;
alter table chat_requests rename constraint slack_requests_pkey to chat_requests_pkey;
