-- Why the person is paged, as a sentence that can be told in any language: {key, values}. Null: paged before there was one; `reason` has it in English.
alter table pages add column why jsonb;
