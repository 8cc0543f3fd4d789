-- The set-up asks for the newest entry of a type in the settings' history, where directories write much else.
create index journal_settings on journal (type, id) where subject_type = 'settings';
