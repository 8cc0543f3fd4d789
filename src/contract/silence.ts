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

export const silenceWindow = z.object({
  starts: instant,
  ends: instant.nullable().describe('null: it has no end'),
  local_starts: z.string().describe('on the clocks of its zone, with their offset of that day'),
  local_ends: z.string().nullable(),
  time_zone: z.string(),
});

export const silencePreview = z.object({
  too_broad: z.string().nullable().describe('why saving it would be refused as hiding everything; null: it is narrow enough'),
  active_now: z.boolean(),
  windows: z.array(silenceWindow).describe('the next ones, at most 5, the present one included'),
  open_alerts: z.number().int().describe('all that are open now'),
  alerts: z
    .object({
      count: z.number().int(),
      items: z.array(
        z.object({
          id: z.string(),
          summary: z.string(),
          service: z.string(),
          severity: z.string(),
          labels: z.record(z.string(), z.string()),
          incident: z.string().nullable(),
        }),
      ),
    })
    .describe('open alerts it matches now, whenever it begins; the newest 50'),
  incidents: z
    .object({
      count: z.number().int(),
      items: z.array(
        z.object({
          number: z.string(),
          title: z.string(),
          service: z.string(),
          matching_alerts: z.number().int(),
          open_alerts: z.number().int(),
        }),
      ),
    })
    .describe(
      'open incidents of these alerts: what is open stays open and is escalated on, new alerts like them would page nobody; the first 50',
    ),
});
