import { z } from 'zod';
import { condition, hours, severity, slug, timeZone, urgency } from './common.ts';
import { phoneLine } from './phone.ts';

export const grouping = z.strictObject({
  by: z
    .array(z.string().min(1).max(200))
    .max(10)
    .default([])
    .describe('labels whose values must be equal; none: the whole service is one group'),
  window_seconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(300)
    .describe("an alert within this time of the incident's last one joins it; 0: never group"),
  max_age_seconds: z
    .number()
    .int()
    .min(60)
    .max(30 * 86_400)
    .default(86_400)
    .describe('an incident older than this takes no more alerts'),
});

export const service = z.strictObject({
  name: slug,
  title: z.string().max(200).default(''),
  description: z.string().max(2000).default(''),
  team: slug.optional().describe('owner'),
  escalation_policy: slug.optional().describe('none: incidents are recorded and page nobody, which `doctor` reports'),
  grouping: grouping.default({ by: [], window_seconds: 300, max_age_seconds: 86_400 }),
  on_all_resolved: z
    .enum(['auto', 'ask', 'never'])
    .default('auto')
    .describe('what happens to the incident when its last alert resolves'),
  urgency: z
    .enum(['high', 'low', 'by_severity'])
    .default('by_severity')
    .describe('by_severity: critical and error are high, warning and info are low'),
  support_hours: z
    .strictObject({ time_zone: timeZone, hours: z.array(hours).min(1).max(20), urgency_outside: urgency.default('low') })
    .optional()
    .describe('outside these hours every incident has `urgency_outside`'),
  acknowledge_timeout_seconds: z
    .number()
    .int()
    .min(60)
    .max(7 * 86_400)
    .nullable()
    .default(1800)
    .describe('acknowledged and then silent for this long: page again; null: never'),
  flapping: z
    .strictObject({
      changes: z.number().int().min(2).max(100).default(6),
      within_seconds: z.number().int().min(60).max(86_400).default(1800),
    })
    .default({ changes: 6, within_seconds: 1800 })
    .describe('an alert that opens or resolves this often in this time pages once and is marked flapping'),
});
export type Service = z.infer<typeof service>;

const count = z.number().int().min(0);
const serviceHealth = z.object({
  readiness: z.enum(['ok', 'warning', 'error']).describe('the worst of `problems`'),
  problems: z
    .array(
      z.object({
        level: z.enum(['error', 'warning']),
        subject: z.string(),
        subject_title: z.string(),
        problem: z.string(),
        fix: z.string(),
      }),
    )
    .describe(
      'what would keep its pages from arriving: of itself, its policy, the schedules of that, people none of whose ways works, and its integrations',
    ),
  open_incidents: z.object({ critical: count, error: count, warning: count, info: count }).describe('by severity'),
  open_alerts: count,
  integrations: count,
  last_event_at: z.string().nullable().describe('when any of its integrations heard something last'),
});
export const shownService = service.extend({ health: serviceHealth.optional().describe('only when asked for by `with=health`') });

export const routingRule = z
  .strictObject({
    name: slug,
    when: condition.default({ all: [] }).describe('no condition matches everything'),
    set: z
      .strictObject({
        service: slug.optional(),
        severity: severity.optional(),
        urgency: urgency.optional(),
        labels: z.record(z.string().max(200), z.string().max(2048)).optional(),
      })
      .default({}),
    drop: z.string().min(1).max(500).optional().describe('the alert is recorded and pages nobody, for this reason'),
    stop: z.boolean().default(false).describe('later rules are not asked'),
  })
  .describe('rules are asked in order; each that matches sets its fields over what earlier ones set');
export type RoutingRule = z.infer<typeof routingRule>;

const subjectPattern = z.string().min(1).max(500).describe('RE2 expression, found anywhere in the subject whatever its case');
export const mailRules = z.strictObject({
  opens: subjectPattern.optional().describe('only a subject in which this is found opens an alert; none: any mail does'),
  closes: subjectPattern
    .nullable()
    .optional()
    .describe(
      'a subject in which this is found closes its alert; none: what most tools write (RESOLVED:, [OK], … is OK); null: nothing does',
    ),
  key: z
    .enum(['subject', 'thread'])
    .default('subject')
    .describe(
      'which mails are about one alert: those with the same subject, Re: and words of state apart; or those of one thread',
    ),
  key_pattern: subjectPattern
    .optional()
    .describe('what of the subject tells alerts apart: its first group, else all that is found'),
  severity: severity.default('error').describe('of mails whose subject names none, as [CRITICAL] or WARNING: does'),
  allow_from: z
    .array(
      z
        .string()
        .trim()
        .toLowerCase()
        .regex(/^([^\s@]+@)?[a-z0-9][a-z0-9.-]*$/, 'an address, or a domain such as example.com'),
    )
    .max(100)
    .default([])
    .describe('addresses or domains in From that may send; none: whoever knows the address'),
  take_bulk: z.boolean().default(false).describe('also mail that calls itself bulk or list mail, as some monitors do'),
});
export type MailRules = z.infer<typeof mailRules>;

const integrationKind = z.enum([
  'alertmanager',
  'prometheus',
  'grafana',
  'pagerduty',
  'opsgenie',
  'victorops',
  'generic',
  'phone',
  'email',
]);
export const integration = z.strictObject({
  name: slug,
  service: slug,
  kind: integrationKind.default('generic').describe('what will send; any integration key works on any intake path'),
  key: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,64}$/, '8 to 64 letters, digits, dashes or underscores')
    .optional()
    .describe('the secret in the address; made when absent; give the old one to move a sender by changing only the host name'),
  mapping: z.record(z.string(), z.unknown()).optional().describe('for generic: paths into the payload'),
  mail: mailRules.optional().describe('for email: what its subjects mean, and who may send'),
  hmac_secret: z
    .string()
    .max(500)
    .optional()
    .describe('Grafana: check X-Grafana-Alerting-Signature with this; `…`, as it is shown masked, keeps it'),
  phone: phoneLine.optional(),
});
export type Integration = z.infer<typeof integration>;
