import { z } from 'zod';
import { clockTime, instant, matcher, slug, timeZone, weekday } from './common.ts';

export const silence = z.strictObject({
  name: slug.optional().describe('given to silences kept in YAML; others are known by id'),
  kind: z.enum(['silence', 'maintenance']).default('silence'),
  comment: z.string().min(1).max(2000).describe('why, for whoever wonders'),
  services: z.array(slug).max(200).default([]).describe('none: every service'),
  matchers: z
    .array(matcher)
    .max(50)
    .default([])
    .describe('all must match; with no service and no matcher the silence is refused as too broad'),
  starts_at: instant.optional().describe('none: now'),
  ends_at: instant.optional().describe('needed unless the silence recurs'),
  recurs: z
    .strictObject({ time_zone: timeZone, days: z.array(weekday).min(1), from: clockTime, to: clockTime })
    .optional()
    .describe('active in these local hours between starts_at and ends_at'),
});
export type Silence = z.infer<typeof silence>;
