import { z } from 'zod';
import { channelName } from './people.ts';

export const settings = z.strictObject({
  channels: z
    .partialRecord(channelName, z.record(z.string(), z.unknown()))
    .default({})
    .describe(
      'per channel, its provider; secrets may be written `${env:NAME}`. A channel that is absent sends nothing, and its methods fail over',
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
  dead_man_url: z.url().optional().describe('pinged each minute while the pager is healthy'),
});
export type Settings = z.infer<typeof settings>;
