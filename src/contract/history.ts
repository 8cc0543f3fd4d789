import { z } from 'zod';
import { instant, slug } from './common.ts';

const fieldChange = z.object({ field: z.string(), before: z.unknown(), after: z.unknown() });

export const history = z.object({
  name: slug,
  subject: z.string().nullable().describe('of its entries in the audit log, `type:id`'),
  complete: z.boolean().describe('the oldest of these is when it was made; false: what was before that is not known'),
  items: z
    .array(
      z.object({
        from: instant.describe('first instant'),
        to: instant.nullable().describe('exclusive; null: still so'),
        action: z
          .enum(['made', 'saved', 'removed', 'found'])
          .describe('found: the oldest that is known, though something was before it'),
        by: z.string().nullable().describe('who; null: not known'),
        source: z.string().nullable().describe('through what: console, api, cli, apply, mail link …; null: not known'),
        text: z.array(z.string()).describe('what is different from the version before, in words'),
        changes: z.array(fieldChange).describe('the same, by field, secrets hidden'),
      }),
    )
    .describe('newest first'),
});
