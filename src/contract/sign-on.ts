import { z } from 'zod';
import { slug } from './common.ts';
import { role } from './people.ts';

export const signOnMapping = z
  .strictObject({
    group: z.string().trim().min(1).max(500).describe('as the provider names it, letter for letter'),
    role: role.optional().describe('of several the highest counts'),
    team: slug.optional().describe('she is in this team as long as she is in the group'),
    team_role: z.enum(['manager', 'responder', 'observer']).optional().describe('her role for what that team owns'),
  })
  .refine((one) => one.role !== undefined || one.team !== undefined, { message: 'give a role, a team or both', path: ['role'] })
  .refine((one) => one.team_role === undefined || one.team !== undefined, {
    message: 'is a role within a team: give the team too',
    path: ['team_role'],
  });
export type SignOnMapping = z.infer<typeof signOnMapping>;

const common = {
  title: z.string().trim().min(1).max(100).describe('on the button: Sign in with …'),
  groups_claim: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .default('groups')
    .describe('where the provider lists her groups; a dotted path is followed, such as `realm_access.roles`'),
  mapping: z.array(signOnMapping).max(500).default([]),
  create_people: z.boolean().default(false).describe('lets in people who are not here yet, as new people'),
  default_role: role
    .default('observer')
    .describe('of a new person whose groups give her no role, and of one whose groups no longer do'),
  trust_email: z
    .boolean()
    .default(false)
    .describe('takes its word on addresses though it does not say that it verified them; for a directory of your own'),
};

const oidcSignOn = z.strictObject({
  kind: z.literal('oidc'),
  ...common,
  issuer: z
    .url({ protocol: /^https?$/ })
    .max(1000)
    .describe('its address, as it calls itself; /.well-known/openid-configuration is below it'),
  client_id: z.string().trim().min(1).max(500),
  client_secret: z.string().min(1).max(2000).describe('may be `${env:NAME}`; what is hidden (`…`) stays as it was'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'a scope has no spaces'))
    .max(30)
    .default(['openid', 'email', 'profile'])
    .describe('openid is always asked for'),
  email_claim: z.string().trim().min(1).max(200).default('email').describe('where her mail address is'),
});
export const signOn = z.discriminatedUnion('kind', [oidcSignOn]);
export type SignOn = z.infer<typeof signOn>;

export const signOnShown = z.object({
  id: slug,
  settings: signOn.describe('a secret that is no `${env:NAME}` is hidden as `…`'),
  redirect_url: z.string().describe('to give to the provider: where it sends people back to'),
  people: z.number().int().describe('have signed in by it'),
});

export const signOnTested = z.object({
  ok: z.boolean(),
  problem: z.string().nullable().describe('what is wrong, in words'),
  facts: z.record(z.string(), z.string()).describe('what the provider says of itself'),
});
