import { z } from 'zod';
import { instant, slug } from './common.ts';

const turn = z.strictObject({ schedule: slug, starts: instant, ends: instant.describe('exclusive') });

export const newCoverRequest = z.strictObject({
  ...turn.shape,
  person: z
    .union([z.literal('me'), slug])
    .default('me')
    .describe('whose turn it is; for others only whoever manages the schedule may ask'),
  asked: z
    .array(slug)
    .min(1)
    .max(100)
    .optional()
    .describe('who may take it; none: everyone else who takes turns in the schedule, or the team where nobody does'),
  in_return: turn.optional().describe('a swap: what `person` takes for it, a turn of the only one who is asked'),
  note: z.string().trim().max(500).default('').describe('why, for those who are asked'),
});
export type NewCoverRequest = z.infer<typeof newCoverRequest>;

export const coverState = z
  .enum(['open', 'accepted', 'declined', 'withdrawn', 'expired', 'undone'])
  .describe(
    'declined: everyone who was asked did; expired: the turn began and nobody had taken it; undone: taken back after it was accepted',
  );

export const coverRequest = z.object({
  id: z.string(),
  schedule: slug,
  title: z.string().describe('of the schedule'),
  time_zone: z.string().describe('of the schedule'),
  person: slug.describe('whose turn it is'),
  starts: z.string(),
  ends: z.string(),
  hours_on_call: z.number().describe('of that time, how many hours the person was on call for when it was asked'),
  asked: z.array(slug),
  declined: z.array(slug),
  in_return: z
    .object({ schedule: slug, title: z.string(), starts: z.string(), ends: z.string() })
    .nullable()
    .describe('null: cover, nothing in return'),
  note: z.string(),
  state: coverState,
  taken_by: slug.nullable(),
  expires_at: z.string(),
  created_by: z.string(),
  created_at: z.string(),
  ended_at: z.string().nullable().describe('when it was answered, taken back or over'),
});

export const takeOver = z.strictObject({
  until: instant.describe('when it goes back to whoever the schedule has'),
  role: z.enum(['primary', 'secondary', 'tertiary']).default('primary'),
});
export const tookOver = z.object({
  id: z.string().describe('of the override; removing it hands the turn back'),
  from: z.array(slug).describe('who was on call; empty: nobody was'),
});
