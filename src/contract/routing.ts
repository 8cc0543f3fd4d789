import { z } from 'zod';
import { instant, severity, slug, urgency } from './common.ts';
import { grouping, routingRule } from './service.ts';
import { pagedStep } from './trace.ts';

const rules = z.array(routingRule).max(500);
const decision = z.object({ step: z.string(), result: z.string(), why: z.string() });

export const routingTestInput = z
  .strictObject({
    rules: rules.optional().describe('as they would be saved; none: those that are saved'),
    integration: slug.optional().describe('which one would receive `payload`'),
    payload: z.unknown().optional().describe('as the tool would send it'),
    alert: z
      .uuid()
      .optional()
      .describe('instead of a payload: an alert there was, with the labels and severity that rules gave it then'),
    at: instant.optional().describe('none: now'),
  })
  .superRefine((input, refused) => {
    const refuse = (message: string, field: string) => refused.addIssue({ code: 'custom', message, path: [field] });
    if (input.alert === undefined && input.integration === undefined) refuse('needed with a payload', 'integration');
    if (input.alert !== undefined && input.payload !== undefined) refuse('give a payload or an alert, not both', 'alert');
  });
export const routingTest = z.object({
  at: instant,
  notes: z.array(z.string()),
  alerts: z.array(
    z.object({
      summary: z.string(),
      action: z.string(),
      rules: z
        .array(
          z.object({
            rule: z.string(),
            asked: z.boolean().describe('false: an earlier rule stopped it'),
            matched: z.boolean(),
            why: z.string().describe('what matched, or the first test that failed and the value it found'),
          }),
        )
        .describe('in order'),
      service: z.string(),
      severity,
      urgency: urgency.nullable().describe('null: it pages nobody'),
      labels: z.record(z.string(), z.string()),
      dropped: z.string().nullable().describe('why, when a rule drops it'),
      decisions: z.array(decision),
      would_page: z.array(pagedStep),
    }),
  ),
});

const days = z.number().int().min(1).max(30).default(30).describe('how far back');
export const backTestInput = z.strictObject({
  rules: rules.optional().describe('as they would be saved; none: those that are saved'),
  grouping: z.record(slug, grouping).default({}).describe('per service, as it would be saved'),
  days,
});
export const groupingTestInput = z.strictObject({ grouping, days });

const fate = z.object({
  result: z
    .enum(['opens', 'joins', 'silenced', 'dropped'])
    .describe('opens: a new incident, which pages; joins: an open one, which does not'),
  service: z.string(),
  severity,
  urgency: urgency.nullable(),
});
const example = z.object({
  alert: z.string().describe('its id'),
  at: instant,
  summary: z.string(),
  rule: z.string().describe('the decision of the draft, or of what is saved, that makes the difference'),
  before: fate,
  after: fate,
});
const examples = z.object({ count: z.number().int(), items: z.array(example).describe('the newest 50') });
const totals = z.object({
  incidents: z.number().int().describe('each pages by its policy'),
  high: z.number().int().describe('of them with high urgency'),
  dropped: z.number().int().describe('alerts'),
  joined: z.number().int().describe('alerts'),
  silenced: z.number().int().describe('alerts'),
});

/** What is approximated is said here, because whoever reads the numbers must know. */
export const backTest = z
  .object({
    from: instant,
    alerts: z.number().int().describe('looked at: those first seen since then'),
    truncated: z.boolean().describe('there were more than 500,000; the newest are counted'),
    actual_incidents: z.number().int().describe('that these alerts really opened or joined then'),
    before: totals.describe('by what is saved now'),
    after: totals.describe('by the draft'),
    added: examples.describe('alerts that would open an incident by the draft and do not by what is saved'),
    removed: examples.describe('alerts that open one by what is saved and would not by the draft'),
    changed: examples.describe('other alerts whose service, severity, urgency or fate differs'),
  })
  .describe(
    'Both sides are computed alike, so their difference is the change. Approximated: (1) rules are asked about an alert as it is kept, which is its latest form, with labels and severity that rules of its time had set; (2) what a silence hid then stays hidden on both sides; (3) urgency follows the support hours that are saved now; (4) an incident takes alerts while its window and age allow and, for services that resolve by themselves, while one of its alerts is open; merges, snoozes and resolving by hand before the alerts ended are not replayed; (5) flapping counts as any alert.',
  );
