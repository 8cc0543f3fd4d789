import { z } from 'zod';
import { instant, severity, slug, urgency } from './common.ts';

const incidentStatus = z.enum(['triage', 'acknowledged', 'resolved', 'closed']);
export type IncidentStatus = z.infer<typeof incidentStatus>;

export const incident = z.object({
  id: z.string(),
  number: z.string().describe('`INC-2026-0001`'),
  title: z.string(),
  service: z.string(),
  status: incidentStatus,
  severity,
  urgency,
  assignees: z.array(z.string()),
  alert_count: z.number().int(),
  open_alert_count: z.number().int(),
  opened_at: instant,
  acknowledged_at: instant.nullable(),
  acknowledged_by: z.string().nullable(),
  resolved_at: instant.nullable(),
  closed_at: instant.nullable(),
  snoozed_until: instant.nullable(),
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
  url: z.string(),
});
export type Incident = z.infer<typeof incident>;

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
  subject: z.string(),
  type: z.string(),
  text: z.string().describe('one sentence'),
  data: z.record(z.string(), z.unknown()),
});

export const alert = z.object({
  id: z.string(),
  service: z.string(),
  integration: z.string(),
  dedup_key: z.string(),
  status: z.enum(['open', 'resolved']),
  acknowledged: z.boolean(),
  disposition: z.enum(['incident', 'silenced', 'dropped', 'flapping']).describe('what was done with it'),
  reason: z.string().describe('why that was done'),
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
