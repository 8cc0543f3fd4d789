import { z } from 'zod';
import { instant, slug, weekday } from './common.ts';
import { type Layer, type Override, onCallRole } from './schedule.ts';

const localDay = z.iso.date('a day such as 2026-12-24').regex(/^2\d{3}-/, 'a day such as 2026-12-24');

export const rotaPreferences = z.strictObject({
  avoid_weekdays: z
    .array(weekday)
    .max(6)
    .default([])
    .describe('days of the week the person would rather not be on call, in their zone'),
  avoid_days: z.array(localDay).max(100).default([]).describe('dates the person would rather not be on call'),
  prefers_weekends: z.boolean().default(false).describe('rather Saturdays and Sundays than the days between'),
});
export type RotaPreferences = z.infer<typeof rotaPreferences>;

export const rotaInput = z.strictObject({
  from: instant.optional().describe('the first turn begins then or later; none: now'),
  weeks: z.number().int().min(1).max(26).default(8),
  layers: z.array(slug).min(1).max(20).optional().describe('whose turns are shared out; none: all that are not shadows'),
  people: z.array(slug).min(1).max(100).optional().describe('who shares them; none: those who take turns in each layer'),
});
export type RotaInput = z.output<typeof rotaInput>;

const hours = z.number().min(0);
const load = z.object({
  hours,
  night_hours: hours.describe("22:00 to 06:00 in the person's zone"),
  weekend_hours: hours.describe("Saturday and Sunday in the person's zone"),
  holiday_hours: hours.describe('public holidays of the person'),
});

const percent = z.number().min(0).max(100);
export const rotaScore = z.object({
  from: instant,
  to: instant,
  total: percent.describe('weighted mean of the parts'),
  parts: z.array(
    z.object({
      part: z.enum(['coverage', 'rules', 'hours', 'nights', 'weekends', 'holidays']),
      score: percent,
      weight: z.number(),
      reason: z.string().describe('one sentence'),
    }),
  ),
  gap_hours: hours.describe('time of roles that layers mean to cover and nobody has'),
  gaps: z.array(z.object({ starts: instant, ends: instant, role: onCallRole })).describe('the first 20'),
  broken: z.array(z.object({ policy: z.string(), person: slug.nullable(), message: z.string() })),
  people: z.array(
    load.extend({
      person: slug,
      display_name: z.string(),
      turns: z.number().int(),
      fair_hours: hours.describe(
        'what a fair share would be, by the time the person is there and what they had in the 12 weeks before',
      ),
      past_hours: hours.describe('in the 12 weeks before, in every schedule'),
    }),
  ),
});
export type RotaScore = z.input<typeof rotaScore>;

const rotaTurn = z.object({
  layer: slug,
  role: onCallRole,
  starts: instant,
  ends: instant,
  person: slug.nullable().describe('null: a gap'),
  display_name: z.string().nullable(),
  reason: z.string().describe('why this person, or why nobody'),
  others: z.array(z.object({ person: slug, display_name: z.string(), reason: z.string() })).describe('why not the others'),
  now_has: z.array(slug).describe('who has it as the schedule stands'),
});
export type RotaTurn = z.input<typeof rotaTurn>;

const rotaResult = z.object({
  layers: z.array(slug),
  turns: z.array(rotaTurn),
  relaxed: z.array(z.string()).describe('rules that could not be kept, and why'),
  quality: z.object({
    proven: z.boolean().describe('no plan that keeps the rules is better'),
    unfair: hours.describe('hours above fair shares and against wishes, weighted as the documentation says'),
    at_least: hours.describe('no plan has fewer'),
  }),
  score: z.object({ before: rotaScore, after: rotaScore }),
});
export type RotaResult = z.input<typeof rotaResult>;

export const rotaProposal = rotaResult.extend({
  id: z.string(),
  schedule: slug,
  title: z.string(),
  time_zone: z.string(),
  state: z.enum(['proposed', 'in_force', 'taken_back']),
  stale: z.boolean().describe('the schedule was changed since: propose again'),
  starts: instant,
  ends: instant,
  created_by: z.string(),
  created_at: instant,
  decided_by: z.string().nullable(),
  decided_at: instant.nullable(),
});

export const rotaState = z.strictObject({
  state: z
    .enum(['in_force', 'taken_back'])
    .describe('in_force: its turns become layers of the schedule; taken_back: what is to come is as before'),
});

/** What makes a plan real: layers that lie over the rotations, and overrides where a turn is split or nobody can have it. */
export type RotaChange = { layers: { over: string; layer: Layer }[]; overrides: Omit<Override, 'id'>[] };
