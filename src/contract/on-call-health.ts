import { z } from 'zod';
import { clockTime, slug } from './common.ts';

const count = z.number().int().nonnegative();
const day = z.string().describe('a day of the person’s calendar, `2026-03-02`');
const askedDay = z.iso.date('a day such as 2026-03-02').optional();

export const healthRange = z.object({
  from: askedDay.describe('first day on the person’s own calendar; none: four weeks up to `to`'),
  to: askedDay.describe('last day, all of it; none: today'),
});
export type HealthRange = z.output<typeof healthRange>;

const night = z
  .strictObject({ from: clockTime, to: clockTime })
  .refine((value) => value.from > value.to, { message: 'a night ends the day after: must be earlier than `from`', path: ['to'] });
const rest = z
  .strictObject({ from: clockTime, to: clockTime, until: clockTime })
  .refine((value) => value.from < value.to, { message: 'must be after `from`', path: ['to'] })
  .refine((value) => value.until > value.to, { message: 'must be after `to`', path: ['until'] });

/** What is asked of nobody without a word; all times are on the person's own clocks. */
export const healthLimits = z.strictObject({
  pages_a_night: z.number().int().min(0).max(100).default(2).describe('more in one night is too much'),
  pages_a_week: z.number().int().min(0).max(1000).default(2).describe('more from Monday to Sunday is too much'),
  consecutive_days: z.number().int().min(1).max(31).default(7).describe('more on call without a free day between is too much'),
  night: night.default({ from: '22:00', to: '07:00' }).describe('when people sleep'),
  rest: rest
    .default({ from: '00:00', to: '06:00', until: '13:00' })
    .describe('a page between `from` and `to` earns rest from `to` to `until` that day'),
});
export type HealthLimits = z.output<typeof healthLimits>;

const actionable = z
  .object({
    acted: count.describe('resolved by a person'),
    passed: count.describe('resolved by their alerts, and nobody had acknowledged them or they were flapping'),
    unknown: count.describe('acknowledged and then resolved by their alerts, or open, or merged: mended or passed, nobody says'),
    share: z.number().min(0).max(1).nullable().describe('acted of acted and passed; null: of none is it known'),
  })
  .describe('of the incidents the pages were about, each once');

const rested = z.object({
  paged_at: z.string(),
  starts: z.string(),
  ends: z.string(),
  on_call_seconds: count.describe('how long of it the person is or was on call'),
  cover: z
    .array(z.object({ schedule: slug, title: z.string(), starts: z.string(), ends: z.string() }))
    .describe('turns within it that are not over: what to ask cover for'),
});

export const personHealth = z.object({
  person: slug,
  display_name: z.string(),
  time_zone: z.string(),
  from: day,
  to: day,
  pages: count,
  pages_a_week: z.number().describe('pages in seven days, on average'),
  mailed: count.describe('low-urgency pages that went by mail alone: they wake nobody, and are not among `pages`'),
  weeks: z
    .array(z.object({ week: day.describe('its Monday'), pages: count, over: z.boolean().describe('more than the limit') }))
    .describe('every week that the range touches, with its pages in the range'),
  night_pages: count,
  nights_on_call: count,
  pages_a_night: z.number().nullable().describe('night pages for each night on call; null: on call in none'),
  nights: z
    .array(z.object({ night: day.describe('the day it began'), pages: count, interrupted_hours: count, over: z.boolean() }))
    .describe('nights with a page'),
  interrupted_hours: count.describe('clock hours of the person’s nights in which a message of a page went out'),
  consecutive_days: z.number().describe('the longest time on call without a free day, up to now'),
  consecutive_over: z.boolean(),
  actionable,
  rest: z.array(rested).describe('mornings owed after a page in the night, the newest first'),
});
export type PersonHealth = z.input<typeof personHealth>;

export const teamHealth = z.object({
  team: slug,
  title: z.string(),
  from: day,
  to: day,
  people: count.describe('active members, and the lead'),
  together: z
    .object({
      pages: count,
      pages_a_week: z.number().describe('for each person in seven days, on average'),
      night_pages: count,
      interrupted_hours: count,
      rest_owed: count,
      actionable,
    })
    .nullable()
    .describe('null for whoever may not read about each person, in a team too small to hide anybody'),
  hidden: z.string().nullable().describe('why a part is not shown'),
  members: z.array(personHealth).nullable().describe('by name; for the lead, managers of the team and administrators'),
});
export type TeamHealth = z.input<typeof teamHealth>;
