import { z } from 'zod';

/** The stable name of a thing, used in YAML, addresses and other things' references. */
export const slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'lower-case letters, digits, dots, dashes and underscores; 1 to 63 of them; starts with a letter or digit',
  )
  .describe('stable name, e.g. `checkout-api`');

/** A person, or whoever asks. */
export const who = z.union([z.literal('me'), slug]).optional();

export const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => !/\.\d{10}/.test(text), 'at most nine digits of a second')
  .describe('instant, ISO 8601 with offset, e.g. `2026-03-29T01:30:00Z`');
export const timeZone = z
  .string()
  .refine(
    (zone) => {
      try {
        new Intl.DateTimeFormat('en', { timeZone: zone });
        return zone.length > 0 && !/^[+-]/.test(zone);
      } catch {
        return false;
      }
    },
    { message: 'an IANA time zone such as Europe/Amsterdam' },
  )
  .describe('IANA time zone');

/** Country and, where it has its own, region and district, as ISO 3166 has them. */
export const holidayRegion = z
  .string()
  .regex(/^[A-Z]{2}(-[A-Za-z0-9]{1,12}){0,2}$/, 'a country such as NL, or with its region such as DE-BY')
  .describe('whose public holidays the person has off, e.g. `NL` or `DE-BY`');

export const severity = z.enum(['critical', 'error', 'warning', 'info']).describe('as the monitoring tool says it');
export const urgency = z.enum(['high', 'low']).describe('high pages at once; low follows the quieter rules');
export type Urgency = z.infer<typeof urgency>;

export const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 09:30')
  .describe('local time, HH:mm');

/** Hours of a week in a zone, such as support hours or quiet hours; `to` at or before `from` runs past midnight. */
export const hours = z
  .strictObject({
    from: clockTime,
    to: clockTime,
    days: z
      .array(weekday)
      .min(1)
      .default(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
      .describe('days on which the window begins'),
  })
  .refine((window) => window.from !== window.to, {
    message: 'must differ from `from`; for the whole day give 00:00 and 23:59',
    path: ['to'],
  });
export type Hours = z.infer<typeof hours>;

export const matcher = z
  .strictObject({
    name: z.string().min(1).max(200).describe('label name, or one of the fields summary, severity, source, service, integration'),
    op: z.enum(['=', '!=', '=~', '!~']).default('=').describe('=~ and !~ take an RE2 expression that must match the whole value'),
    value: z.string().max(2048),
  })
  .describe('one test on a label or field; a missing label counts as empty');
export type Matcher = z.infer<typeof matcher>;

export type Condition = Matcher | { all: Condition[] } | { any: Condition[] } | { not: Condition };
export const condition: z.ZodType<Condition> = z
  .lazy(() =>
    z.union([
      matcher,
      z.strictObject({ all: z.array(condition).max(50) }),
      z.strictObject({ any: z.array(condition).max(50) }),
      z.strictObject({ not: condition }),
    ]),
  )
  // A schema that contains itself needs a name, or OpenAPI would unfold it for ever.
  .meta({ id: 'Condition' });

export const pageQuery = z.object({
  cursor: z.uuid().optional().describe('`next` of the previous page'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('rows, at most 200'),
});

export const search = z
  .string()
  .trim()
  .max(200)
  .optional()
  .describe('every word of it occurs in the name, title or another text shown of it');

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().optional().describe('cursor of the next page; null at the end') });

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  field: z.string().optional().describe('path of the offending field'),
  changed_by: z.string().optional().describe('of a 412: who changed it last, when that is known'),
  changed_at: z.string().optional().describe('of a 412: when'),
  request_id: z.string(),
});
