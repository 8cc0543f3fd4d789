import { z } from 'zod';
import { slug, timeZone } from './common.ts';
import { schedule, scheduleWarning } from './schedule.ts';

const about = {
  name: slug.describe('of the schedule; refused when there is one of this name'),
  title: z.string().max(200).default(''),
  team: slug.optional().describe('owner'),
  dry_run: z.boolean().default(false).describe('answer what it would be, and save nothing'),
};

export const followTheSunInput = z.strictObject({
  ...about,
  time_zone: timeZone.default('UTC').describe('in which handoffs are told; UTC moves with nobody’s clocks'),
  sites: z
    .array(
      z
        .strictObject({
          name: slug,
          time_zone: timeZone,
          people: z.array(slug).min(1).max(100).optional(),
          team: slug.optional().describe('instead of people: its members'),
        })
        .refine((site) => (site.people === undefined) !== (site.team === undefined), {
          message: 'give either people or a team',
          path: ['people'],
        }),
    )
    .min(2)
    .max(6)
    .refine((sites) => new Set(sites.map(({ name }) => name)).size === sites.length, 'names a site twice'),
});

export const followTheSunResult = z.object({
  schedule,
  saved: z.boolean(),
  sites: z.array(
    z.object({
      name: slug,
      from: z.string().describe('in the zone of the schedule'),
      to: z.string(),
      local: z.array(z.string()).describe('the same on the site’s clocks, one for each clock change of the year ahead'),
      night_hours: z.number().describe('in the year ahead, between 22:00 and 06:00 there'),
    }),
  ),
  gap_hours: z.number().describe('in the year ahead, all clock changes included; 0: covered around the clock'),
  warnings: z.array(scheduleWarning),
});

export const tiersInput = z.strictObject({
  ...about,
  time_zone: timeZone,
  people: z.array(slug).min(2).max(100).describe('in order of their turns of a week'),
  tiers: z.number().int().min(2).max(3).default(2).describe('2: primary and secondary; 3: tertiary too'),
  policy: slug
    .optional()
    .describe('name of the escalation policy that asks one tier after the other; none: that of the schedule'),
  escalate_after_seconds: z.number().int().min(60).max(86_400).default(300),
});
export const tiersResult = z.object({
  schedule,
  policy: slug,
  saved: z.boolean(),
  warnings: z.array(scheduleWarning),
});
