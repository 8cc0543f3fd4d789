import { z } from 'zod';
import { instant, slug } from './common.ts';
import { onCallRole, override, schedule, scheduleWarning, shift } from './schedule.ts';

const gap = z.object({
  starts: instant,
  ends: instant,
  role: onCallRole.nullable().describe('nobody in this role; null: nobody at all'),
});

export const scheduleTimeline = z.object({
  schedule: slug,
  title: z.string(),
  time_zone: z.string(),
  from: instant,
  to: instant,
  layers: z
    .array(
      z.object({
        name: slug,
        role: onCallRole,
        shadow: z.boolean(),
        turns: z.array(shift).describe("the layer's own turns, whatever other layers and overrides make of them"),
      }),
    )
    .describe('in their order: of one role a later one takes precedence'),
  overrides: z.array(z.object({ ...override.shape, reason: z.string() })),
  shifts: z.array(shift).describe('who is on call in the end, with the reason'),
  gaps: z.array(gap),
  warnings: z.array(scheduleWarning).describe('policies this schedule breaks in the window'),
});

const newOverride = z.object({ ...override.shape }).omit({ id: true });
export const schedulePreviewInput = z
  .strictObject({
    schedule: schedule.optional().describe('as it would be saved; may be a new one'),
    name: slug.optional().describe('instead of `schedule`: the one that is saved, for overrides alone'),
    overrides: z
      .strictObject({
        add: z.array(newOverride).max(100).default([]),
        remove: z.array(z.string()).max(1000).default([]).describe('ids'),
      })
      .default({ add: [], remove: [] }),
    from: instant.optional().describe('none: now'),
    to: instant.optional().describe('none: 30 days after `from`; at most two years'),
  })
  .refine((input) => (input.schedule === undefined) !== (input.name === undefined), {
    message: 'give either a schedule or the name of one',
    path: ['schedule'],
  });

const seconds = z.number().int().min(0);
export const schedulePreview = z.object({
  timeline: scheduleTimeline,
  is_new: z.boolean(),
  people: z
    .array(
      z.object({
        person: slug,
        before_seconds: seconds,
        after_seconds: seconds,
        before_night_seconds: seconds.describe('between 22:00 and 06:00 in her own zone'),
        after_night_seconds: seconds,
      }),
    )
    .describe('time on call in the window, shadowing not counted; who gains most first'),
  left_with_nobody: z
    .array(z.object({ policy: slug, services: z.array(slug), starts: instant, ends: instant }))
    .describe(
      'policies that would have no person to page, and have one now: no step, nor the fallback, finds one. Conditions of steps (urgency, hours) are not asked; webhooks and shared addresses are no person. The first 100',
    ),
});
