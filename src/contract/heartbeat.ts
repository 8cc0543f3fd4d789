import { z } from 'zod';
import { severity, slug } from './common.ts';

export const heartbeat = z.strictObject({
  name: z
    .string()
    .regex(/^[^\s/\p{Cc}](?:[^/\p{Cc}]{0,198}[^\s/\p{Cc}])?$/u, '1 to 200 characters without a slash')
    .describe('what the sender pings; Opsgenie names are taken as they are'),
  integration: slug.describe('whose key pings it, and whose service is paged when it is late'),
  interval_seconds: z
    .number()
    .int()
    .min(10)
    .max(366 * 86_400)
    .describe('late when the last ping is older than this'),
  enabled: z.boolean().default(true),
  severity: severity.default('critical'),
  summary: z.string().min(1).max(1024).optional().describe('what the alert says; none: the name and the last ping'),
});
export type Heartbeat = z.infer<typeof heartbeat>;
