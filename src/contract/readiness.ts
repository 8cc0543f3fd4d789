import { z } from 'zod';
import { clockTime, slug, weekday } from './common.ts';

const awake = clockTime.refine((at) => at >= '08:00' && at < '21:00', 'between 08:00 and 20:59: a test page wakes nobody');

export const testPagePlan = z.strictObject({
  name: slug,
  team: slug.optional().describe('its members and its lead; none: everybody whom an escalation policy counts on'),
  week: z
    .enum(['every', 'first', 'second', 'third', 'fourth', 'last'])
    .default('first')
    .describe('`every` week, or on which such day of the month'),
  day: weekday.default('mon'),
  at: awake.default('10:00').describe('local time of each person, to five minutes; in quiet hours it waits for their end'),
  confirm_within_hours: z.number().int().min(1).max(48).default(4).describe('later it counts as not confirmed'),
  enabled: z.boolean().default(false),
});
export type TestPagePlan = z.infer<typeof testPagePlan>;

export const shownTestPagePlan = testPagePlan.extend({
  people: z.number().int().describe('who would be asked now'),
  next_on: z.string().nullable().describe('day, of whoever is first; null: it is switched off'),
  last: z
    .object({ on: z.string(), sent: z.number().int(), confirmed: z.number().int(), open: z.number().int() })
    .nullable()
    .describe('the last time it went out, and what became of it'),
});

export const digest = z.strictObject({
  enabled: z.boolean().default(true),
  day: weekday.default('mon'),
  at: clockTime
    .default('09:00')
    .describe('local time of each who gets it: administrators, and leads of teams about their people'),
});
export type Digest = z.infer<typeof digest>;

const tried = z.object({
  label: z.string(),
  channel: z.string(),
  status: z.enum(['queued', 'sent', 'delivered', 'failed']),
  error: z.string().nullable().describe('what the provider said'),
});
const lastTest = z.object({
  at: z.string(),
  status: z.enum(['open', 'confirmed', 'unconfirmed']).describe('unconfirmed: not within the time given; it may come later yet'),
  plan: z.string().nullable().describe('null: somebody asked for it by hand'),
  confirm_by: z.string(),
  confirmed_at: z.string().nullable(),
  confirmed_via: z.string().nullable(),
  tried: z.array(tried),
});
const named = z.object({ name: slug, display_name: z.string() });

export const readiness = z.object({
  server_time: z.string(),
  people: z
    .array(
      z.object({
        ...named.shape,
        state: z
          .enum(['unreachable', 'doubtful', 'ready'])
          .describe('unreachable: no way works; doubtful: something is to be put right; ready: nothing speaks against it'),
        problems: z.array(z.object({ level: z.enum(['error', 'warning']), problem: z.string(), remedy: z.string() })),
        last_test: lastTest.nullable(),
        teams: z.array(slug),
        policies: z.array(slug).describe('that count on the person'),
      }),
    )
    .describe('everybody whom a policy counts on or a plan tests; the worst first'),
});
export type Readiness = z.infer<typeof readiness>;
