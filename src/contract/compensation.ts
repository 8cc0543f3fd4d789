import { z } from 'zod';
import { holidayRegion, instant, slug, timeZone } from './common.ts';
import { restriction } from './restriction.ts';

export const DUTY_CLASSES = ['holiday', 'weekend', 'after_hours', 'working_hours'] as const;
const dutyClass = z.enum(DUTY_CLASSES);
export type DutyClass = z.infer<typeof dutyClass>;

const day = z.iso.date('a day such as 2026-01-01');

const compensationRate = z
  .strictObject({
    per: z
      .enum(['hour', 'shift', 'page'])
      .describe('shift: one unbroken stretch on call in a schedule and role; page: one that a message went out for'),
    class: dutyClass
      .optional()
      .describe('none: whatever it is. Of a shift: one that has any time of this class, paid where the first of it is'),
    role: z.enum(['primary', 'secondary', 'tertiary']).optional().describe('none: every role'),
    amount: z.number().int().min(0).max(100_000_000).describe('in the smallest unit of the currency, such as cents'),
    from: day.optional().describe('first day; none: since ever'),
    until: day.optional().describe('the first day it no longer counts; none: for ever'),
  })
  .superRefine((value, refused) => {
    if (value.from && value.until && value.until <= value.from)
      refused.addIssue({ code: 'custom', message: 'must be after `from`', path: ['until'] });
  })
  .describe('rates add up: each that fits is paid');
export type CompensationRate = z.infer<typeof compensationRate>;

export const compensationRules = z
  .strictObject({
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'three letters such as EUR')
      .refine((code) => Intl.supportedValuesOf('currency').includes(code), 'a currency of ISO 4217 such as EUR')
      .default('EUR'),
    time_zone: timeZone.default('UTC').describe('in which months, and days of rates, begin'),
    clock: z
      .enum(['person', 'schedule'])
      .default('person')
      .describe('whose local time says what is after hours, weekend or holiday'),
    working_hours: z
      .array(restriction)
      .max(50)
      .default([{ from: '09:00', to: '17:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }])
      .describe('all other time is after hours'),
    weekend: z
      .array(restriction)
      .max(50)
      .default([{ from: 'sat 00:00', to: 'mon 00:00' }]),
    holidays: z
      .record(slug, holidayRegion)
      .default({})
      .describe('by schedule, the region whose public holidays count; for others each person’s own'),
    order: z
      .array(dutyClass)
      .length(DUTY_CLASSES.length)
      .refine((order) => new Set(order).size === order.length, 'names one twice')
      .default([...DUTY_CLASSES])
      .describe('time that is of several classes counts as the first of these'),
    overlap: z
      .enum(['once', 'each'])
      .default('once')
      .describe('time on several schedules at once. once: for the highest role, then the first schedule by name; each: for each'),
    rates: z.array(compensationRate).max(100).default([]),
    rounding: z
      .enum(['half_up', 'half_even', 'up', 'down'])
      .default('half_up')
      .describe('of each amount, to the smallest unit; totals are sums of what was rounded'),
  })
  .describe('what being on call is worth, and how it is counted');
export type CompensationRules = z.infer<typeof compensationRules>;

const count = z.number().int().nonnegative();
const byClass = z.object({ holiday: count, weekend: count, after_hours: count, working_hours: count });

const compensationItem = z.object({
  rate: count.describe('place in `rules.rates`, from 0'),
  quantity: count.describe('minutes of an hourly rate; else shifts or pages'),
  amount: count,
});
const sums = {
  minutes: byClass.describe('counted, by class'),
  counted_minutes: count,
  shifts: count.describe('that began in the range'),
  pages: count,
  amount: count.describe('in the smallest unit of the currency'),
};
const compensationLine = z.object({
  person: slug,
  display_name: z.string(),
  schedule: slug.nullable().describe('null: pages while on call nowhere'),
  title: z.string(),
  team: z.string().nullable().describe('that owns the schedule'),
  scheduled_minutes: count.describe('on call by the shifts of the schedule'),
  elsewhere_minutes: count.describe('of them counted for another schedule or not at all, being on both at once'),
  ...sums,
  items: z.array(compensationItem).describe('what the amount is made of'),
});
const agreement = z.object({
  schedule: slug,
  title: z.string(),
  window_minutes: count,
  gap_minutes: count.describe('when nobody was on call'),
  shift_minutes: count.describe('sum of the shifts of the schedule; shadows do not count'),
  twice_minutes: count.describe('of them somebody in two roles at once, who counts once'),
  elsewhere_minutes: count,
  counted_minutes: count,
});

export const compensationReport = z.object({
  from: instant,
  to: instant.describe('exclusive'),
  time_zone: z.string(),
  rules: compensationRules,
  fraction_digits: count.describe('of the currency: an amount of 1250 is 12.50 where it is 2'),
  lines: z.array(compensationLine).describe('by person, then schedule'),
  people: z.array(z.object({ person: slug, display_name: z.string(), ...sums })),
  schedules: z
    .array(agreement)
    .describe('how lines and shifts agree, of schedules whose every line you may see: shift = counted + elsewhere + twice'),
  notes: z.array(z.string()).describe('what to know of the numbers, for people'),
});
export type CompensationReport = z.infer<typeof compensationReport>;

const month = z
  .string()
  .regex(/^[12]\d{3}-(0[1-9]|1[0-2])$/, 'a month such as 2026-11')
  .describe('of the rules’ time zone');
const moment = z.union([instant, day], { error: 'a day such as 2026-11-01, or an instant such as 2026-11-01T00:00:00Z' });
export const compensationQuery = z.object({
  month: month.optional().describe('of the rules’ time zone; none of the three: the month that runs'),
  from: moment.optional().describe('instead of a month: first day or instant'),
  to: moment.optional().describe('exclusive'),
  person: z.union([z.literal('me'), slug]).optional(),
  schedule: slug.optional(),
  team: slug.optional().describe('schedules that the team owns'),
});
export const compensationPreview = z.strictObject({
  month: month.optional().describe('none: the month that runs'),
  rules: compensationRules,
});
