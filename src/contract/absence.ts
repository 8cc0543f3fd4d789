import { z } from 'zod';
import { instant, slug } from './common.ts';

const localDay = z.iso
  .date('a day such as 2026-07-01')
  .regex(/^2\d{3}-/, 'a day such as 2026-07-01')
  .describe("a whole local day in the person's zone");

const MOST_DAYS = 732;

/** Whole local days, or between two moments. */
export const leaveInput = z
  .strictObject({
    first_day: localDay.optional(),
    last_day: localDay.optional().describe('inclusive; none: `first_day` alone'),
    starts: instant.optional().describe('instead of days: the first instant'),
    ends: instant.optional().describe('exclusive'),
    reason: z.string().trim().max(500).default('').describe('seen by the person alone; others see that the person is away'),
  })
  .superRefine((value, refused) => {
    const refuse = (message: string, field: string) => refused.addIssue({ code: 'custom', message, path: [field] });
    const { first_day, last_day = first_day, starts, ends } = value;
    if ((first_day || last_day) && (starts || ends)) return refuse('give days, or `starts` and `ends`, not both', 'starts');
    if (!first_day && !starts) return refuse('give the first day, or `starts` and `ends`', 'first_day');
    // Also asked when a day or time is malformed, which has its own message.
    if (first_day && last_day) {
      if (![first_day, last_day].every((day) => localDay.safeParse(day).success)) return;
      const days = Temporal.PlainDate.from(first_day).until(last_day).days;
      if (days < 0) refuse('must not be before `first_day`', 'last_day');
      if (days >= MOST_DAYS) refuse('at most two years at a time', 'last_day');
      return;
    }
    if (!starts || !ends) return refuse('give both `starts` and `ends`', starts ? 'ends' : 'starts');
    if (![starts, ends].every((time) => instant.safeParse(time).success)) return;
    const length = Temporal.Instant.from(starts).until(ends).total('hours');
    if (length <= 0) refuse('must be after `starts`', 'ends');
    if (length > MOST_DAYS * 24) refuse('at most two years at a time', 'ends');
  });

const leave = z.object({
  id: z.string(),
  first_day: z.string().nullable().describe('of whole days'),
  last_day: z.string().nullable().describe('inclusive'),
  starts: z.string().describe("first instant; of whole days, in the person's zone"),
  ends: z.string().describe('exclusive'),
  reason: z.string().nullable().describe('null for everybody but the person'),
  source: z.enum(['manual', 'calendar']),
});

export const leaveCalendarInput = z.strictObject({
  address: z.string().trim().min(1).max(2000).describe('web address of a calendar (iCalendar) whose every event is leave; https'),
});
const leaveCalendar = z.object({
  address: z.string(),
  tried_at: z.string().nullable(),
  read_at: z.string().nullable().describe('last time it could be read'),
  error: z.string().nullable().describe('why it could not be read the last time; what was known stays'),
});

export const leaveOfPerson = z.object({
  person: slug,
  time_zone: z.string(),
  items: z.array(leave).describe('in order of start'),
  calendar: leaveCalendar.nullable().describe('null for everybody but the person'),
  holidays: z
    .object({
      region: z.string(),
      title: z.string(),
      next: z.array(z.object({ day: z.string(), name: z.string() })).describe('the next three'),
    })
    .nullable(),
});

const excluded = z.object({ person: slug, display_name: z.string(), reason: z.string() });
export const coverProposals = z.object({
  schedule: slug,
  person: slug.nullable().describe('who needs cover'),
  needed_seconds: z.number().int().describe('how long somebody else would be on call'),
  candidates: z
    .array(
      excluded.extend({
        on_call_seconds: z.number().int().describe('in the last 90 days, over all schedules'),
        on_call_night_seconds: z.number().int().describe("of them in the person's own night, 22:00 to 06:00; these count twice"),
        breaks: z
          .array(z.enum(['max_consecutive_days', 'min_gap_days', 'public_holiday']))
          .describe('what the cover would break; whoever breaks nothing comes first'),
      }),
    )
    .describe('the fairest first'),
  excluded: z.array(excluded),
});
