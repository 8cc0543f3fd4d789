import { z } from 'zod';
import { instant } from './common.ts';
import { role } from './people.ts';
import { tokenRow } from './sign-in.ts';
import { signOnMapping } from './sign-on.ts';

/** The scope of a key that lets a directory speak; it stands alone, and is good for nothing else. */
export const SCIM_SCOPE = 'scim';

export const scimSettings = z.strictObject({
  mapping: z
    .array(signOnMapping)
    .max(500)
    .default([])
    .describe(
      'what groups give; a group is meant by its name, or by what the directory calls it (externalId). Empty: the groups of a sign-on count',
    ),
  default_role: role
    .default('observer')
    .describe('of a new person whose groups give no role, and of one whose groups no longer do'),
});
export type ScimSettings = z.infer<typeof scimSettings>;

export const scimShown = z.object({
  settings: scimSettings,
  base_url: z.string().describe('to give to the directory'),
  users: z.number().int().describe('people the directory brought'),
  keys: z
    .array(tokenRow.pick({ name: true, created_at: true, created_by: true, last_used_at: true, expires_at: true }))
    .describe('that work'),
  last_request_at: instant.nullable().describe('to the minute'),
  groups: z.array(
    z.object({ name: z.string(), external_id: z.string().nullable(), members: z.number().int(), mapped: z.boolean() }),
  ),
  refused: z
    .array(
      z.object({
        at: instant,
        key: z.string().nullable().describe('null: there was none that works'),
        method: z.string(),
        path: z.string(),
        status: z.number().int(),
        reason: z.string(),
      }),
    )
    .describe('requests that were refused, newest first, 50 at most'),
});
