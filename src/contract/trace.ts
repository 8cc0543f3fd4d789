import { z } from 'zod';
import { instant, slug, urgency } from './common.ts';
import { escalationPolicy } from './escalation.ts';

const decision = z.object({ step: z.string(), result: z.string(), why: z.string() });

export const trace = z.object({
  subject: z.string(),
  summary: z.string().describe('one sentence: who has it, or why nobody was paged'),
  steps: z.array(decision.extend({ at: instant, title: z.string(), details: z.record(z.string(), z.unknown()).optional() })),
});

export const simulation = z.strictObject({
  integration: z.string().describe('which integration would receive it'),
  at: instant.optional().describe('none: now'),
  payload: z.unknown().describe('as the tool would send it'),
});
export const pagedStep = z.object({
  step: z.number().int(),
  after_seconds: z.number().int().describe('since the incident began'),
  at: instant.describe('when that is'),
  skipped: z.string().optional().describe('why nobody is paged by it'),
  places: z.array(z.string()).describe('channels of addresses that are told without being anybody'),
  people: z.array(
    z.object({
      name: z.string(),
      reason: z.string(),
      waits: z.string().optional(),
      methods: z.array(z.object({ channel: z.string(), label: z.string(), after_seconds: z.number().int() })),
    }),
  ),
});
export const simulated = z.object({
  at: instant,
  notes: z.array(z.string()),
  alerts: z.array(
    z.object({
      summary: z.string(),
      action: z.string(),
      service: z.string(),
      decisions: z.array(decision),
      would_page: z.array(pagedStep),
    }),
  ),
});

const finding = z.object({
  level: z.enum(['error', 'warning']),
  problem: z.string(),
  remedy: z.string().describe('what to do about it'),
});

export const policyPreviewInput = z
  .strictObject({
    policy: escalationPolicy.optional().describe('as it would be saved; may be a new one'),
    name: slug.optional().describe('instead of `policy`: the one that is saved'),
    service: slug.optional().describe('whose incident; none: a service that no step names, without support hours'),
    urgency: urgency.default('high'),
    at: instant.optional().describe('when the incident begins; none: now'),
  })
  .refine((input) => (input.policy === undefined) !== (input.name === undefined), {
    message: 'give either a policy or the name of one',
    path: ['policy'],
  });
export const policyPreview = z.object({
  policy: slug,
  at: instant,
  urgency,
  steps: z.array(pagedStep).describe('the first round, if nobody answers'),
  rounds: z.number().int().describe('how often the steps are gone through'),
  fallback: pagedStep.nullable().describe('paged when every round is used up'),
  readiness: z
    .array(
      finding.extend({
        step: z.number().int().nullable().describe('which step it is about; null: the whole policy'),
        person: slug.nullable(),
      }),
    )
    .describe('what would keep its pages from arriving'),
});

export const doctor = z.object({
  server_time: instant,
  problems: z
    .array(
      finding.extend({
        subject: z.string().describe('what it is about, in words, by its name: `person ana`'),
        subject_title: z.string().describe('the same by what people call it: `person Ana Souza`'),
        subject_type: z.enum([
          'service',
          'escalation_policy',
          'schedule',
          'person',
          'team',
          'channel',
          'integration',
          'settings',
          'wording',
        ]),
        subject_name: z.string().nullable().describe('its name; null: there is only one'),
        fix: z.string().describe('path of the screen where it is put right'),
      }),
    )
    .describe('worst first'),
});
