import { z } from 'zod';
import { hours, instant, slug, timeZone } from './common.ts';
import { person, role } from './people.ts';

/** As the sign-in library counts: NIST SP 800-63B asks for length, not for kinds of characters. */
export const password = z
  .string()
  .min(10, 'at least 10 characters: a few words are easier to keep than signs')
  .max(128, 'at most 128 characters')
  .refine((text) => new Set(text).size >= 4, 'more than the same few characters');

export const signInState = z.object({
  first_run: z.boolean().describe('nobody can sign in yet: the set-up link that the server printed makes the administrator'),
  providers: z.array(z.object({ id: z.string(), title: z.string() })).describe('single sign-on'),
  mail: z.boolean().describe('a forgotten password can be mailed for'),
});

export const firstAdministrator = z.strictObject({
  token: z.string().min(1).max(500).describe('the token that the first start printed'),
  name: slug,
  display_name: z.string().trim().min(1).max(200),
  email: z.email().max(320),
  time_zone: timeZone,
  password,
});

export const invitation = z.object({
  display_name: z.string(),
  email: z.string(),
  purpose: z.enum(['invitation', 'reset']),
  expires_at: instant,
});
export const invited = z.object({
  url: z.string().describe('lets her set a password, once; hand it over yourself when it was not mailed'),
  mailed: z.boolean(),
  expires_at: instant,
});

export const me = z.object({
  person: z
    .object({
      name: z.string(),
      display_name: z.string(),
      email: z.string(),
      role,
      time_zone: z.string(),
      locale: z.string(),
      quiet_hours: hours.optional(),
      holidays: z.string().optional(),
    })
    .nullable()
    .describe('null for the key of a machine'),
  role,
  permissions: z.array(z.string()).describe('what she may do somewhere'),
  teams: z
    .record(z.string(), role)
    .describe('her role in each of her teams; a manager changes what these own, and what none owns'),
  session: z.boolean().describe('signed in, as opposed to a key'),
});
export type Me = z.infer<typeof me>;

export const saveMe = person.pick({ display_name: true, time_zone: true, locale: true, quiet_hours: true, holidays: true });

export const session = z.object({
  id: z.string(),
  created_at: instant,
  last_seen_at: instant.describe('to the day'),
  expires_at: instant,
  address: z.string().nullable(),
  agent: z.string().nullable().describe('what the browser calls itself'),
  current: z.boolean(),
});

export const security = z.object({
  password: z.boolean(),
  two_factor: z.boolean(),
  passkeys: z.array(z.object({ id: z.string(), name: z.string(), created_at: instant.nullable() })),
  providers: z.array(z.string()).describe('single sign-on she has used'),
});

export const access = z.object({
  name: z.string(),
  state: z.enum(['none', 'invited', 'active', 'left']).describe('none: cannot sign in and was not asked to; left: deactivated'),
  invited_until: instant.nullable(),
  last_seen_at: instant.nullable(),
  two_factor: z.boolean(),
  passkeys: z.number().int(),
  providers: z.array(z.string()),
  directory: z.boolean().describe('a directory brought the person by SCIM, and decides name, address and activity'),
});

export const newOwnToken = z.strictObject({
  name: slug.describe('what it is for'),
  expires_at: instant.optional(),
  scopes: z.array(z.string().max(100)).max(50).optional().describe('permissions it is limited to; none: all of yours'),
});
export const tokenRow = z.object({
  name: z.string(),
  role: z.string(),
  person: z.string().nullable(),
  scopes: z.array(z.string()).nullable(),
  created_by: z.string().nullable(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
});
export const madeToken = z.object({ name: z.string(), token: z.string().describe('shown this once') });
