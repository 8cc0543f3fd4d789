import { z } from 'zod';
import { instant, slug } from './common.ts';

export const impact = z.object({
  person: slug,
  active: z.boolean(),
  counts_on_her: z.boolean().describe('anything below would miss her'),
  schedules: z.array(
    z.object({
      schedule: slug,
      layers: z.array(slug).describe('in which she takes turns'),
      overrides: z.array(z.object({ id: z.string(), starts: instant, ends: instant })).describe('not over, that name her'),
    }),
  ),
  policies: z.array(
    z.object({
      policy: slug,
      steps: z.array(z.number().int()).describe('that name her, counted from 1'),
      fallback: z.boolean(),
      services: z.array(slug).describe('that escalate by it'),
    }),
  ),
  teams: z.array(z.object({ team: slug, lead: z.boolean(), member: z.boolean(), grants: z.boolean() })),
  open_pages: z.array(z.object({ incident: z.string(), title: z.string(), since: instant, status: z.string() })),
  held_incidents: z
    .array(z.object({ incident: z.string(), title: z.string() }))
    .describe('open, acknowledged, and nobody else has them'),
  tokens: z.array(slug).describe('API keys that act as her and work'),
  silences: z.array(z.object({ id: z.string(), comment: z.string() })).describe('hers, not over'),
});

export const replacement = z.strictObject({ with: slug.describe('who takes her seats; an active person') });
export const replaced = z.object({
  changes: z
    .array(
      z.object({
        kind: z.enum(['schedule', 'override', 'policy', 'team', 'page', 'incident']),
        name: z.string(),
        before: z.unknown(),
        after: z.unknown(),
      }),
    )
    .describe('what was changed, before and after'),
  left: impact.describe('what still counts on her: keys and silences stay as they are'),
});
