import { z } from 'zod';
import { instant, urgency } from './common.ts';
import { incident } from './incident.ts';

const named = z.object({ name: z.string(), display_name: z.string() });
const pageStatus = z
  .enum(['waiting', 'paging', 'unreachable', 'answered', 'ended'])
  .describe(
    'waiting: held back, `waiting_because` says why; unreachable: no provider took a message; ended: somebody else answered, or it is over',
  );

const receipt = z.object({
  id: z.string(),
  channel: z.string(),
  vendor: z.string().nullable().describe('of sms and voice: whose message it is; null: no vendor was asked yet'),
  label: z.string().nullable().describe('of the contact method; null: it is gone, or her e-mail address was used'),
  address: z.string().describe("one's own in full, those of others masked"),
  status: z.enum(['queued', 'sending', 'sent', 'delivered', 'failed', 'cancelled']).describe('sent: the provider took it'),
  attempt: z.number().int(),
  queued_because: z.string().nullable(),
  error: z.string().nullable().describe('what the provider said, without secrets'),
  also_for: z.number().int().describe('how many other pages of hers this message speaks of'),
  created_at: instant,
  sent_at: instant.nullable(),
  receipt_at: instant.nullable(),
});

export const incidentPage = z.object({
  id: z.string(),
  person: named,
  urgency,
  reason: z.string().describe('why her'),
  run: z.string().nullable().describe('the escalation it belongs to; each start is one'),
  policy: z.string().nullable(),
  step: z.number().int().nullable(),
  round: z.number().int().nullable(),
  fallback: z.boolean(),
  status: pageStatus,
  waiting_because: z.string().nullable(),
  wake_at: instant.nullable(),
  created_at: instant,
  first_sent_at: instant.nullable(),
  ended_at: instant.nullable(),
  end_reason: z.string().nullable(),
  receipts: z.array(receipt),
});

const next = z
  .object({
    at: instant,
    step: z.number().int().nullable().describe('null: the fallback'),
    round: z.number().int(),
    fallback: z.boolean().describe('every step and round is used up by then'),
    people: z.array(named.extend({ reason: z.string(), shadow: z.boolean() })).describe('none: nobody is left to page'),
    places: z.array(z.string()).describe('channels of addresses that are told without being anybody'),
    skipped: z.array(z.object({ step: z.number().int(), why: z.string() })),
  })
  .nullable()
  .describe('whom it pages next if nobody answers, as things stand now; null when nothing is escalating');
export const incidentNext = z.object({ next });

export const openPage = z.object({
  id: z.string(),
  incident,
  reason: z.string(),
  urgency,
  status: pageStatus,
  waiting_because: z.string().nullable(),
  wake_at: instant.nullable(),
  since: instant,
  first_sent_at: instant.nullable(),
  until: instant.nullable().describe('when the next step pages somebody else'),
  next,
});

const ids = z.array(z.string().min(1).max(100)).min(1).max(100).describe('numbers or ids');
export const bulk = z.discriminatedUnion('action', [
  z.strictObject({ ids, action: z.literal('acknowledge') }),
  z.strictObject({ ids, action: z.literal('resolve'), note: z.string().max(25_000).optional() }),
  z.strictObject({ ids, action: z.literal('close') }),
  z.strictObject({ ids, action: z.literal('unsnooze') }),
  z.strictObject({
    ids,
    action: z.literal('snooze'),
    seconds: z
      .number()
      .int()
      .min(60)
      .max(30 * 86_400),
  }),
]);
export const bulkResult = z.object({
  items: z.array(
    z.object({
      id: z.string().describe('as it was sent'),
      done: z.boolean(),
      problem: z.string().nullable().describe('why it was not done'),
      incident: incident.nullable().describe('as it stands now; null when there is none'),
    }),
  ),
});
