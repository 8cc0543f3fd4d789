import { z } from 'zod';
import { instant, severity, slug, urgency, who } from './common.ts';

const incidentStatus = z.enum(['triage', 'acknowledged', 'resolved', 'closed']);
export type IncidentStatus = z.infer<typeof incidentStatus>;

export const incident = z.object({
  id: z.string(),
  number: z.string().describe('`INC-2026-0001`'),
  title: z.string(),
  description: z.string().nullable(),
  labels: z.record(z.string(), z.string()).describe('of the alert that opened it'),
  links: z.array(z.object({ href: z.string(), text: z.string().optional() })),
  service: z.string(),
  status: incidentStatus,
  severity,
  urgency,
  flapping: z.boolean(),
  assignees: z.array(z.string()),
  people: z
    .array(z.object({ name: z.string(), display_name: z.string() }))
    .describe('assignees and who acknowledged, by their names'),
  alert_count: z.number().int(),
  open_alert_count: z.number().int(),
  opened_at: instant,
  acknowledged_at: instant.nullable(),
  acknowledged_by: z.string().nullable(),
  acknowledged_via: z.string().nullable().describe('`api`, `mail link`, `sms` …; null when unknown'),
  resolved_at: instant.nullable(),
  closed_at: instant.nullable(),
  snoozed_until: instant.nullable(),
  reminder_at: instant.nullable().describe('acknowledged and then silent: paged again at this time'),
  merged_into: z.string().nullable(),
  escalation: z
    .object({
      state: z.string(),
      step: z.number().int(),
      of: z.number().int(),
      round: z.number().int(),
      next_at: instant.nullable(),
    })
    .nullable()
    .describe('who comes next and when'),
  url: z.string().describe('its screen in the console'),
});
export type Incident = z.infer<typeof incident>;

const words = (known: string[]) => {
  const one = z.enum(known);
  return z
    .string()
    .max(200)
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(one).min(1))
    .optional()
    .describe(`${known.join(', ')}; several with commas`);
};
/** What a list of incidents may be narrowed by. */
const incidentFilter = z.object({
  status: z.string().optional().describe('open, triage, acknowledged, resolved, closed; several with commas'),
  service: slug.optional(),
  team: slug.optional().describe('owner of the service'),
  severity: words(severity.options),
  urgency: urgency.optional(),
  assignee: who.describe('a person, or `me`'),
  acknowledged_by: who.describe('a person, or `me`'),
  q: z.string().trim().min(1).max(200).optional().describe('words in the title, or a number such as 42 or INC-2026-0042'),
  since: instant.optional().describe('opened at this moment or later'),
  until: instant.optional().describe('opened before this moment'),
});
export const incidentQuery = incidentFilter.extend({
  sort: z.enum(['-opened_at', 'opened_at', '-severity', 'severity']).default('-opened_at').describe('`-`: the greatest first'),
  cursor: z.string().max(100).optional().describe('`next` of the previous page of the same sort'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('rows, at most 200'),
});
export type IncidentQuery = z.output<typeof incidentQuery>;
const perSeverity = z.object({ critical: z.number(), error: z.number(), warning: z.number(), info: z.number() });
export const incidentCounts = z.object({
  open: z.number().int(),
  mine: z.number().int().nullable().describe('open and assigned to who asks; null for a token of nobody'),
  status: z.object({ triage: z.number(), acknowledged: z.number(), resolved: z.number(), closed: z.number() }),
  severity: perSeverity.describe('of the open ones'),
});

export const newIncident = z.strictObject({
  title: z.string().trim().min(1).max(1024),
  service: slug,
  severity: severity.default('error'),
  urgency: urgency.optional().describe("none: by the service's rule"),
  description: z.string().max(25_000).optional(),
});
export const note = z.strictObject({ text: z.string().trim().min(1).max(25_000) });
export const reassign = z.strictObject({
  people: z.array(slug).min(1).max(20).describe('paged at once; escalation of the old assignment stops'),
});
export const snooze = z.strictObject({
  seconds: z
    .number()
    .int()
    .min(60)
    .max(30 * 86_400),
});
export const merge = z.strictObject({ into: z.string().describe('number or id of the incident that stays') });
export const resolve = z.strictObject({ note: z.string().max(25_000).optional() });

export const journalEntry = z.object({
  id: z.string(),
  at: instant,
  actor: z.string(),
  source: z.string(),
  subject: z.string().describe('`type:id`'),
  subject_name: z.string().nullable().optional().describe('in lists of many subjects; null: it is gone'),
  type: z.string(),
  text: z.string().describe('one sentence'),
  data: z.record(z.string(), z.unknown()).describe('of what was saved, `changes`: [{field, before, after}], secrets hidden'),
});
/** What the audit log may be narrowed by. */
export const journalFilter = z.object({
  type: z.string().max(100).optional().describe('begins with, e.g. `escalation.`'),
  actor: z.string().max(200).optional().describe('name of the person, key or part of the system'),
  subject: z
    .string()
    .regex(/^[a-z_]{1,40}(:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/i, 'a type such as service, or type:id')
    .optional()
    .describe('a type such as `service`, or `type:id`'),
  source: z.string().max(100).optional().describe('`api`, `cli`, `console`, `mail link`, `timer` …'),
  q: z.string().trim().min(1).max(200).optional().describe('words in the sentence'),
  since: instant.optional(),
  until: instant.optional(),
});
export type JournalFilter = z.output<typeof journalFilter>;

export const alert = z.object({
  id: z.string(),
  service: z.string(),
  integration: z.string(),
  dedup_key: z.string(),
  status: z.enum(['open', 'resolved']),
  acknowledged: z.boolean(),
  disposition: z.enum(['incident', 'silenced', 'dropped', 'flapping']).describe('what was done with it'),
  reason: z.string().describe('why that was done'),
  decisions: z
    .array(z.object({ step: z.string(), result: z.string(), why: z.string() }))
    .describe('each one taken on it, in order'),
  summary: z.string(),
  severity,
  source: z.string(),
  labels: z.record(z.string(), z.string()),
  links: z.array(z.object({ href: z.string(), text: z.string().optional() })),
  images: z.array(z.object({ src: z.string(), href: z.string().optional(), alt: z.string().optional() })),
  count: z.number().int(),
  first_seen: instant,
  last_seen: instant,
  resolved_at: instant.nullable(),
  incident: z.string().nullable(),
  payload: z.unknown(),
});

/** The incident as a message speaks of it: as it stood when the page was made. */
export type About = {
  number: string;
  title: string;
  service: string;
  severity: string;
  opened_at: string;
  /** Of the alert that opened it. */
  labels?: Record<string, string>;
  links?: { href: string; text?: string }[];
};
