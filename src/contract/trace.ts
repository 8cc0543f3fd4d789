import { z } from 'zod';
import { instant } from './common.ts';

const decision = z.object({ step: z.string(), result: z.string(), why: z.string() });

export const trace = z.object({
  subject: z.string(),
  summary: z.string().describe('one sentence: who has it, or why nobody was paged'),
  steps: z.array(decision.extend({ at: instant, title: z.string(), details: z.record(z.string(), z.unknown()).optional() })),
});

export const simulation = z.strictObject({
  integration: z.string().describe('which integration would receive it'),
  at: instant.optional().describe('none: now'),
  payload: z.unknown().describe('as the tool would send it'),
});
export const simulated = z.object({
  at: instant,
  notes: z.array(z.string()),
  alerts: z.array(
    z.object({
      summary: z.string(),
      action: z.string(),
      service: z.string(),
      decisions: z.array(decision),
      would_page: z.array(
        z.object({
          step: z.number().int(),
          after_seconds: z.number().int(),
          skipped: z.string().optional(),
          places: z.array(z.string()).describe('channels of addresses that are told without being anybody'),
          people: z.array(
            z.object({
              name: z.string(),
              reason: z.string(),
              waits: z.string().optional(),
              methods: z.array(z.object({ channel: z.string(), label: z.string(), after_seconds: z.number().int() })),
            }),
          ),
        }),
      ),
    }),
  ),
});

export const doctor = z.object({
  server_time: instant,
  problems: z.array(
    z.object({ level: z.enum(['error', 'warning']), subject: z.string(), problem: z.string(), remedy: z.string() }),
  ),
});
