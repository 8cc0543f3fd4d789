import { z } from 'zod';
import { compensationRules } from './compensation.ts';
import { channelName } from './people.ts';
import { storedWording, wording } from './wording.ts';

const receiptSeconds = (least: number, usual: number) => z.number().int().min(least).max(3600).default(usual);

export const settings = z.strictObject({
  channels: z
    .partialRecord(channelName, z.record(z.string(), z.unknown()))
    .default({})
    .describe(
      'per channel, its provider; secrets may be written `${env:NAME}`. A channel that is absent sends nothing, and its methods fail over. `sms` and `voice` name a `vendor`, twilio or plivo, and may hold the settings of the vendor tried after it in `next`',
    ),
  throttle: z
    .partialRecord(channelName, z.number().int().min(1).max(100_000))
    .default({})
    .describe('messages a minute, at most; others wait, visibly'),
  bundle_seconds: z
    .number()
    .int()
    .min(0)
    .max(3600)
    .default(60)
    .describe('while a person has an unanswered page, further incidents go out together this often; 0: never wait'),
  unreached_after_seconds: z
    .number()
    .int()
    .min(5)
    .max(300)
    .default(25)
    .describe('no provider took any message by then: the next person is paged, without waiting for the step'),
  receipt_seconds: z
    .strictObject({ sms: receiptSeconds(10, 60), voice: receiptSeconds(60, 75) })
    .default({ sms: 60, voice: 75 })
    .describe(
      'where a channel has more than one vendor: a message sent but not delivered, a call not answered, so long after it was sent has failed, and the next vendor is tried',
    ),
  wording: wording.optional(),
  compensation: compensationRules
    .optional()
    .describe('what being on call is worth; absent in what is sent: as it was. Alone: `/api/settings/compensation`'),
  dead_man_url: z.url().optional().describe('pinged each minute while the pager is healthy'),
});
/** As they are read: a wording that a later version would refuse must not keep anything from working. */
export const storedSettings = settings.extend({ wording: storedWording.optional().catch(undefined) });
export type Settings = z.infer<typeof settings>;

export const channelState = z.object({
  channel: channelName,
  configured: z.boolean().describe('a provider is set up'),
  problem: z
    .string()
    .nullable()
    .describe('why its provider could not be reached when it was last asked; null: it could, or was not asked yet'),
  checked_at: z.string().nullable().describe('asked every five minutes and after a change of the settings'),
  connected_since: z.string().nullable().describe('of Slack in Socket Mode, when it is connected; null otherwise'),
  messages_a_minute: z.number().int().nullable().describe('at most; null: no limit'),
  people: z.number().int().describe('active people with a way by it'),
  vendors: z
    .array(z.object({ vendor: z.string(), problem: z.string().nullable() }))
    .describe('of sms and voice, in the order they are tried; one known to be down is tried last'),
});
export const channelTest = z.strictObject({
  to: z.string().min(1).max(2000).describe('an address of this channel'),
  vendor: z.string().max(50).optional().describe('of sms and voice: by which vendor; absent: the first'),
});
export const channelTested = z.object({
  outcome: z.enum(['sent', 'failed']),
  detail: z.string().describe('what the provider said, or what went wrong, in words'),
  seconds: z.number().describe('how long that took'),
});
