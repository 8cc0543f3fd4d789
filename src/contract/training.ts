import { z } from 'zod';
import { slug } from './common.ts';
import { trainingStage } from './schedule.ts';

const wanted = z.number().int().min(0).max(20).default(2);
export const trainingInput = z.strictObject({
  mentor: slug.describe(
    'at whose side the person learns: whenever the mentor is on call in the schedule, the person is there too',
  ),
  shadow_wanted: wanted.describe('turns to shadow'),
  reverse_shadow_wanted: wanted.describe('turns in which the person is asked first'),
  loud: z
    .boolean()
    .default(false)
    .describe('paged while shadowing as loudly as who is on call; else as for low urgency, and never by SMS or call'),
  behind_seconds: z
    .number()
    .int()
    .min(30)
    .max(900)
    .default(120)
    .describe('in reverse-shadow: how long the person has to answer before the mentor is paged too'),
});
export type TrainingInput = z.output<typeof trainingInput>;

export const stageInput = z.strictObject({ stage: trainingStage });
export const readyInput = z.strictObject({
  note: z.string().trim().max(500).default('').describe('what it rests on, for whoever reads it later'),
});

export const training = z.object({
  schedule: slug,
  title: z.string().describe('of the schedule'),
  team: z.string().nullable().describe('that owns the schedule'),
  person: slug,
  display_name: z.string(),
  mentor: slug.nullable().describe('null: removed since; then nobody is accompanied'),
  mentor_name: z.string().nullable(),
  since: z.string(),
  stage: z.enum(['shadow', 'reverse_shadow', 'solo']).describe('solo: somebody signed that the person is ready for it'),
  stage_since: z.string(),
  shadow_done: z.number().int().describe('turns shadowed that are over'),
  shadow_wanted: z.number().int(),
  reverse_shadow_done: z.number().int().describe('turns asked first that are over'),
  reverse_shadow_wanted: z.number().int(),
  loud: z.boolean(),
  behind_seconds: z.number().int(),
  ready: z.object({ by: z.string(), at: z.string(), note: z.string() }).nullable().describe('who signed'),
});
export type Training = z.infer<typeof training>;
