import { z } from 'zod';
import { instant, slug } from './common.ts';
import { onCallRole } from './schedule.ts';

const somebody = z.object({ person: slug, display_name: z.string(), time_zone: z.string().describe('of the person') });
const service = z.object({ name: slug, title: z.string() });

export const onCallBoard = z.object({
  at: instant,
  schedules: z
    .array(
      z.object({
        schedule: slug,
        title: z.string(),
        team: z.string().nullable(),
        team_title: z.string(),
        time_zone: z.string(),
        now: z.array(
          somebody.extend({
            role: onCallRole,
            shadow: z.boolean(),
            since: instant,
            until: instant.nullable(),
            reason: z.string(),
          }),
        ),
        next: z
          .object({ at: instant, people: z.array(somebody.extend({ role: onCallRole })) })
          .nullable()
          .describe('the next change within 14 days, and who comes on call then; null: none'),
        gap: z.object({ starts: instant, ends: instant }).nullable().describe('the first time within 14 days with nobody'),
        services: z.array(service).describe('whose policy pages this schedule: declaring an incident for one of them does'),
      }),
    )
    .describe('by team, then title'),
  policies: z
    .array(
      z.object({
        policy: slug,
        title: z.string(),
        team: z.string().nullable(),
        team_title: z.string(),
        now: z.array(somebody.extend({ reason: z.string() })).describe('whom its first step would page now, shadows left out'),
        empty: z.array(z.string()).describe('what of that step means nobody now'),
        services: z.array(service),
      }),
    )
    .describe('every escalation policy'),
});
