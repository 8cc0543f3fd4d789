import { z } from 'zod';
import { instant, severity } from './common.ts';
import { mailRules } from './service.ts';
import { simulated } from './trace.ts';

export const setup = z.object({
  integration: z.string(),
  key_shown: z.boolean().describe('false: the key is masked in the snippets, because the reader may not see it'),
  tools: z
    .array(
      z.object({
        tool: z.string(),
        title: z.string(),
        fits: z.boolean().describe('meant for the kind of this integration; any works'),
        steps: z.array(z.string()),
        language: z.string().describe('of the snippet, e.g. `yaml`'),
        snippet: z.string().describe('to copy, with address and key filled in'),
        docs: z.string().describe('page with more about it'),
      }),
    )
    .describe('those that fit come first'),
});

export const refusedRequest = z.object({
  id: z.string(),
  at: z.string(),
  path: z.string(),
  reason: z.string(),
  content_type: z.string().nullable(),
  body: z.string().describe('as it came, at most 64 Ki characters of it'),
});
export const events = z.object({
  accepted: z
    .array(
      z.object({
        alert: z.string().describe('its id'),
        at: instant.describe('when it was last heard of'),
        summary: z.string(),
        status: z.string(),
        count: z.number().int().describe('how often it came'),
        disposition: z.string(),
        decided: z.string().describe('what was decided of it, and why'),
        incident: z.string().nullable(),
        payload: z.unknown().describe('the latest; earlier ones are not kept'),
      }),
    )
    .describe('the 50 alerts heard of last, newest first'),
  refused: z.array(refusedRequest).describe('the last 100 requests that were not taken, newest first'),
});

export const tryInput = z.strictObject({
  payload: z.unknown().describe('as the tool would send it'),
  mapping: z
    .record(z.string(), z.unknown())
    .nullable()
    .optional()
    .describe('as it would be saved; null: none; absent: the saved one'),
  mail: mailRules.optional().describe('of an integration for mail, as it would be saved; absent: the saved ones'),
});
export const tried = z.object({
  refused: z.string().nullable().describe('why it would not be taken; null: it would'),
  events: z.array(
    z.object({
      action: z.enum(['trigger', 'acknowledge', 'resolve']),
      summary: z.string(),
      severity,
      dedup_key: z.string().describe('alerts with the same key are one'),
      source: z.string(),
      labels: z.record(z.string(), z.string()),
      links: z.array(z.object({ href: z.string(), text: z.string().optional() })),
    }),
  ),
  problems: z.array(z.string()).describe('what was dropped or guessed'),
});

export const replayInput = z
  .strictObject({
    payload: z.unknown().optional().describe('as the tool would send it'),
    refused: z.uuid().optional().describe('a request that was refused, of this integration or with a key nobody has'),
    alert: z.uuid().optional().describe('an alert of this integration, with the labels and severity that rules gave it then'),
    dry_run: z.boolean().default(true).describe('true: only say what it would do'),
  })
  .refine((input) => [input.payload, input.refused, input.alert].filter((one) => one !== undefined).length === 1, {
    message: 'give one of payload, refused and alert',
    path: ['payload'],
  });
export const replayed = z.object({
  dry_run: z.boolean(),
  notes: z.array(z.string()),
  simulated: simulated.nullable().describe('of a dry run'),
  outcomes: z
    .array(z.object({ result: z.string(), alert: z.string().nullable(), why: z.string() }))
    .describe('of a real one: what became of each event, as if it had just arrived'),
});
