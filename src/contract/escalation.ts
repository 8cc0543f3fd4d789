import { z } from 'zod';
import { clockTime, slug, timeZone, urgency, weekday } from './common.ts';
import { channelName } from './people.ts';

const target = z
  .union([
    z.strictObject({ person: slug }),
    z.strictObject({
      schedule: slug,
      role: z.enum(['primary', 'secondary', 'tertiary']).optional().describe('none: everyone on call in it'),
    }),
    z.strictObject({ team: slug, who: z.enum(['lead', 'all']).default('all') }),
    z.strictObject({ round_robin: z.array(slug).min(1).max(100).describe('people; each incident pages the next one') }),
    z.strictObject({ webhook: z.url().describe('told by a signed Standard Webhooks call; pages no person') }),
    z.strictObject({
      channel: channelName,
      address: z
        .string()
        .min(1)
        .max(500)
        .describe('a shared mailbox, a wall phone, an ntfy topic a team watches; pages no person'),
    }),
  ])
  .describe('whom a step pages');
export type Target = z.infer<typeof target>;

const stepConditions = z.strictObject({
  urgency: urgency.optional(),
  services: z.array(slug).min(1).optional(),
  support_hours: z.enum(['inside', 'outside']).optional().describe("of the incident's service"),
  hours: z
    .strictObject({
      from: clockTime,
      to: clockTime,
      days: z.array(weekday).min(1).optional(),
      time_zone: timeZone.optional().describe("none: each responder's own local time"),
    })
    .optional(),
});

const escalationStep = z.strictObject({
  targets: z.array(target).min(1).max(20),
  escalate_after_seconds: z
    .number()
    .int()
    .min(0)
    .max(7 * 86_400)
    .default(300)
    .describe('unanswered for this long: the next step'),
  low_urgency_hours: z
    .strictObject({
      from: clockTime.default('08:00'),
      to: clockTime.default('22:00'),
      days: z.array(weekday).min(1).optional().describe('none: every day'),
    })
    .optional()
    .describe(
      "low-urgency pages go out in these hours of each person's own clocks; at other hours the step is passed over, and when nobody of the policy is awake the incident waits for the first morning. High urgency never waits",
    ),
  when: stepConditions.default({}).describe('all must hold, else the step is skipped at once with the reason'),
});
export type EscalationStep = z.infer<typeof escalationStep>;

export const escalationPolicy = z.strictObject({
  name: slug,
  title: z.string().max(200).default(''),
  team: slug.optional().describe('owner: its managers may change it; none: every manager may'),
  steps: z.array(escalationStep).min(1).max(50),
  repeat: z.number().int().min(0).max(20).default(2).describe('rounds after the first when nobody answered'),
  fallback: target.optional().describe('paged when every step and round is used up, or a step could page nobody'),
});
export type EscalationPolicy = z.infer<typeof escalationPolicy>;
