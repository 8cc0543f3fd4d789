import { z } from 'zod';
import { instant, severity } from './common.ts';

/** The languages in which a caller is spoken to. */
export const LINE_LANGUAGES = ['en', 'de', 'nl'] as const;

export const phoneLine = z
  .strictObject({
    number: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, 'a phone number starts with + and the country, such as +31201234567')
      .describe('the number of yours that people call; whoever is on call sees it when they are rung'),
    vendor: z.enum(['twilio', 'plivo']).default('twilio').describe('whose number it is; its account is that of `voice`'),
    greeting: z.string().max(300).default('').describe('said to the caller first; empty: a sentence of ours'),
    language: z.enum(LINE_LANGUAGES).default('en').describe('in which the caller is spoken to'),
    ring_seconds: z.number().int().min(10).max(60).default(20).describe('how long each person is rung'),
    total_seconds: z
      .number()
      .int()
      .min(20)
      .max(600)
      .default(120)
      .describe('after this the caller is asked for a message, whoever is left to ring'),
    voicemail_seconds: z.number().int().min(10).max(300).default(120).describe('how long a message may be'),
    transcribe: z.boolean().default(false).describe('ask the vendor for the words of a message, which it charges for'),
    alert_on_hangup: z
      .boolean()
      .default(true)
      .describe('a caller who hung up before anybody took the call makes an alert, one for each number while it is open'),
    severity: severity.default('error').describe('of the alerts that calls make'),
  })
  .describe('for kind phone: who calls this number is put through to whoever is on call, or leaves a message');
export type PhoneLine = z.infer<typeof phoneLine>;

export const phoneCall = z.object({
  id: z.string(),
  at: instant,
  caller: z.string().nullable().describe('null: the number was hidden'),
  state: z.enum(['ringing', 'taken', 'voicemail', 'over']),
  outcome: z
    .enum(['taken', 'voicemail', 'hung_up', 'refused'])
    .nullable()
    .describe('refused: too many calls by the same number; null: it is under way'),
  taken_by: z.string().nullable().describe('name'),
  rang: z.array(z.string()).describe('names, in the order they were rung'),
  notes: z.array(z.string()).describe('who or what was passed over, and why'),
  seconds: z.number().int().nullable().describe('how long it lasted in all; null: it is under way'),
  recording_seconds: z.number().int().nullable().describe('of the message; null: there is none'),
  recording_url: z.string().nullable().describe('where to hear it, for whoever may read alerts'),
  transcription: z.string().nullable(),
  incident: z.string().nullable(),
});
