import { z } from 'zod';
import { instant, severity, slug } from './common.ts';

const label = z
  .string()
  .max(2300)
  .regex(/^[^:]{1,200}:/, 'name:value')
  .transform((text) => ({ name: text.slice(0, text.indexOf(':')), value: text.slice(text.indexOf(':') + 1) }));

/** What a list of alerts may be narrowed by. */
export const alertFilter = z.object({
  status: z.enum(['open', 'resolved']).optional(),
  service: slug.optional(),
  integration: slug.optional(),
  severity: severity.optional(),
  disposition: z.enum(['incident', 'silenced', 'dropped', 'flapping']).optional(),
  label: z
    .union([label.transform((one) => [one]), z.array(label).max(20)])
    .optional()
    .describe('`name:value`; several by repeating it: all must hold'),
  q: z.string().trim().min(1).max(200).optional().describe('words in the summary'),
  since: instant.optional().describe('first seen at this moment or later'),
  until: instant.optional().describe('first seen before this moment'),
});
export type AlertFilter = z.output<typeof alertFilter>;
export const alertQuery = alertFilter.extend({
  sort: z.enum(['-first_seen', 'first_seen', '-severity', 'severity']).default('-first_seen').describe('`-`: the greatest first'),
  cursor: z.string().max(100).optional().describe('`next` of the previous page of the same sort'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('rows, at most 200'),
});
export type AlertQuery = z.output<typeof alertQuery>;

export const alertCountsQuery = alertFilter.extend({
  by: z
    .string()
    .max(220)
    .regex(/^(service|severity|integration|disposition|label:.+)$/, 'service, severity, integration, disposition or label:NAME')
    .describe('service, severity, integration, disposition or label:NAME'),
});
export const alertCounts = z.object({
  items: z.array(z.object({ value: z.string().nullable().describe('null: without that label'), count: z.number().int() })),
  total: z.number().int(),
  more: z.number().int().describe('alerts of values past the first 200'),
});
export const alertLabels = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      count: z.number().int(),
      values: z.array(z.object({ value: z.string(), count: z.number().int() })).describe('the most frequent, at most 50'),
    }),
  ),
  looked_at: z.number().int().describe('how many alerts these are of: the newest that fit, at most 5,000'),
});
