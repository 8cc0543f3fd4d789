import { z } from 'zod';
import { instant, slug } from './common.ts';

const stepId = z.enum(['account', 'address', 'channel', 'reach', 'service', 'source', 'page', 'severities']);
const stepState = z
  .enum(['done', 'next', 'waiting', 'failed', 'later'])
  .describe('next: the first thing to do; waiting: something is under way, or is awaited from outside; later: after `next`');

const setupStep = z.object({
  id: stepId,
  title: z.string(),
  state: stepState,
  essential: z.boolean().describe('without it nobody can be paged'),
  text: z.string().describe('what is so, or what to do'),
  warning: z.string().nullable().describe('done, but not as it should stay'),
  fix: z.string().nullable().describe('path of the screen where it can be changed'),
});

const setupItem = z.object({
  id: z.string(),
  title: z.string(),
  why: z.string(),
  by: z.enum(['system', 'person']).describe('system: seen by Allclear itself; person: ticked by somebody'),
  done: z.boolean(),
  done_by: z.string().nullable().describe('name of who ticked it'),
  done_at: instant.nullable(),
  fix: z.string().nullable(),
});

export const setup = z.object({
  server_time: instant,
  public_url: z.string(),
  ready: z.boolean().describe('every essential step is done'),
  done: z.number().int().describe('essential steps that are done'),
  of: z.number().int().describe('essential steps'),
  steps: z.array(setupStep),
  integration: z
    .object({ name: z.string(), kind: z.string(), service: z.string(), last_event_at: instant.nullable() })
    .nullable()
    .describe('the one that was made first, or that heard something last'),
  person: z.string().nullable().describe('whose ways of being reached are looked at'),
  page: z
    .object({
      incident: z.string().describe('its number'),
      open: z.boolean().describe('the incident is not over'),
      person: z.string(),
      state: z.enum(['waiting', 'sent', 'failed', 'acknowledged', 'ended']),
      at: instant,
    })
    .nullable()
    .describe('the newest page of anybody'),
  path: z
    .array(z.object({ title: z.string(), text: z.string(), done: z.boolean() }))
    .describe('what would happen to a critical alert now'),
  server: z.array(z.object({ label: z.string(), text: z.string(), done: z.boolean(), fix: z.string() })),
  weeks: z.array(z.object({ title: z.string(), text: z.string(), items: z.array(setupItem) })).describe('start small, then grow'),
});
export type Setup = z.output<typeof setup>;

export const setupQuery = z.object({
  origin: z
    .url({ protocol: /^https?$/, error: 'an address such as https://allclear.example.com' })
    .max(300)
    .optional()
    .describe('the address the reader sees in the browser: is it the public one?'),
  at: instant.optional().describe("the reader's clock: does it agree with the server's?"),
});

/** A service with everything that makes it page: one form instead of five screens. */
export const firstService = z.strictObject({
  service: z.string().trim().min(1).max(100).describe('what runs, e.g. `Checkout`'),
  team: z.string().trim().min(1).max(100).describe('who answers for it, e.g. `Commerce`'),
  people: z.array(slug).min(1).max(50).describe('who take turns, a week each, in this order'),
});
export const madeService = z.object({
  team: z.string(),
  schedule: z.string(),
  escalation_policy: z.string(),
  service: z.string(),
  integration: z.string(),
});

export const testPageInput = z.strictObject({ service: slug.optional().describe('none: the first one that pages somebody') });
export const testPageSent = z.object({ incident: z.string().describe('its number') });
export const tick = z.strictObject({ done: z.boolean() });
