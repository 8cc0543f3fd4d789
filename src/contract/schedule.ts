import { z } from 'zod';
import { instant, slug, timeZone } from './common.ts';
import { restriction } from './restriction.ts';

/** The zone as IANA spells it; an unknown one is left for the check to refuse. */
const canonicalZone = (zone: string): string => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return zone;
  }
};

const localDateTime = z.iso
  .datetime({ local: true, precision: -1, error: 'a local date and time such as 2026-03-02T09:00, without offset' })
  .regex(/^[12]\d{3}-\d\d-\d\dT\d\d:\d\d$/, 'a local date and time such as 2026-03-02T09:00, without offset');

export const onCallRole = z.enum(['primary', 'secondary', 'tertiary']).describe('whom an escalation asks first, second, third');
export type OnCallRole = z.infer<typeof onCallRole>;

export const trainingStage = z
  .enum(['shadow', 'reverse_shadow'])
  .describe('shadow: told quietly of what the mentor is paged for; reverse_shadow: paged first, and the mentor soon after');
export type TrainingStage = z.infer<typeof trainingStage>;

const rotation = z
  .strictObject({
    every: z.number().int().min(1).max(1000).default(1).describe('units between two handoffs'),
    unit: z.enum(['hour', 'day', 'week', 'month']).describe('counted on the local clock and calendar, not in elapsed time'),
  })
  .describe('how long a turn lasts');

/** Of a layer that says nothing of its rotation. Known again by being this very object, as a default hides what was left out. */
const WEEKLY = Object.freeze({ every: 1, unit: 'week' as const });

const seat = z.union([slug, z.array(slug).min(1).max(20)], { error: 'a person, or a list of people who are on call together' });

const calendarSource = z
  .strictObject({
    address: z
      .string()
      .trim()
      .regex(/^(https?|webcals?):\/\/\S+$/i, 'a web address such as https://calendar.example/on-call.ics')
      .max(2000)
      .describe('web address of an iCalendar; whoever may read the schedule sees it'),
    people: z
      .record(z.string().trim().min(1).max(200), slug)
      .refine((table) => Object.keys(table).length <= 200, 'at most 200 entries')
      .optional()
      .describe('who is meant by a name, address or title that events have; none: as people are called here'),
  })
  .describe('each event is a turn of its attendees, else of whoever its title names, else of its organizer; read every hour');

export const layer = z
  .strictObject({
    name: slug.describe('unique in the schedule'),
    role: onCallRole
      .default('primary')
      .describe('within one role a later layer takes precedence over earlier ones while it is on call'),
    shadow: z.boolean().default(false).describe('its people are notified, never counted: they cover nothing and displace nobody'),
    rotation: rotation
      .default(() => WEEKLY)
      .describe('how long a turn lasts; may be left out only beside `calendar`, where it is without effect'),
    starts: localDateTime.describe(
      'first handoff on the local clock, e.g. `2026-03-02T09:00`; gives the local time, weekday and day of month of every later one. With a calendar: nobody is on call by it before',
    ),
    ends: localDateTime.optional().describe('local, exclusive; none: for ever'),
    participants: z
      .array(seat)
      .max(200)
      .default([])
      .describe('turn order; a list in the list is several people at once. At least one, or none and a `calendar`'),
    calendar: calendarSource.optional().describe('turns come from a calendar elsewhere, instead of `participants`'),
    restrictions: z
      .array(restriction)
      .max(50)
      .optional()
      .describe('on call only within these; none: always. A turn that lies wholly outside them passes nobody over'),
  })
  .superRefine((value, refused) => {
    const refuse = (message: string, path: (string | number)[]) => refused.addIssue({ code: 'custom', message, path });
    if (value.ends !== undefined && value.ends <= value.starts) refuse('must be after `starts`', ['ends']);
    if (value.calendar && value.participants.length > 0) refuse('give turns or a calendar, not both', ['participants']);
    if (!value.calendar && value.participants.length === 0) refuse('needs at least one turn, or a `calendar`', ['participants']);
    if (!value.calendar && value.rotation === WEEKLY) refuse('is missing: how long does a turn last?', ['rotation']);
    for (const [at, people] of value.participants.entries())
      if (Array.isArray(people) && new Set(people).size < people.length) refuse('names a person twice', ['participants', at]);
  });
export type Layer = z.infer<typeof layer>;

const schedulePolicies = z.strictObject({
  max_consecutive_days: z.number().int().min(1).max(3660).default(7).describe('days on call without a free day between'),
  min_gap_days: z.number().int().min(0).max(3660).default(14).describe("days between a person's turns; 0: any"),
  min_rotation_size: z.number().int().min(1).max(200).default(4).describe('people who take turns in a layer'),
});

const handoffRules = z
  .strictObject({
    on: z.boolean().default(true).describe('off: nobody is told of changes or asked to confirm'),
    min_hours: z
      .number()
      .int()
      .min(1)
      .max(168)
      .default(6)
      .describe('turns with fewer hours on call in them are handed off without a word, such as a take-over of two hours'),
    remind_after_minutes: z.number().int().min(5).max(1440).default(30).describe('unconfirmed for this long'),
    escalate_after_minutes: z
      .number()
      .int()
      .min(10)
      .max(7 * 1440)
      .default(120)
      .describe('unconfirmed for this long: the lead and the managers of the team are told'),
  })
  .superRefine((value, refused) => {
    if (value.escalate_after_minutes <= value.remind_after_minutes)
      refused.addIssue({ code: 'custom', message: 'must be after the reminder', path: ['escalate_after_minutes'] });
  });

const slackUserGroup = z.strictObject({
  group: z
    .string()
    .trim()
    .regex(/^(@?[a-z0-9][a-z0-9._-]{0,79}|S[A-Z0-9]{2,20})$/, 'a handle such as @oncall-db, or an id such as S0123ABCD')
    .describe('handle such as `@oncall-db`, or id such as `S0123ABCD`'),
  role: onCallRole.optional().describe('only whoever is on call as this; none: everyone'),
});

export const schedule = z
  .strictObject({
    name: slug.describe('unique'),
    title: z.string().max(200).default('').describe('shown to people; none: the name'),
    team: slug.optional().describe('owner: its managers may change it; none: every manager may'),
    time_zone: timeZone.overwrite(canonicalZone).describe('IANA zone in which every local time of this schedule is read'),
    layers: z.array(layer).max(100).describe('later ones take precedence over earlier ones of the same role'),
    policies: schedulePolicies
      .default({ max_consecutive_days: 7, min_gap_days: 14, min_rotation_size: 4 })
      .describe('what is warned about; nothing here stops a shift'),
    handoff: handoffRules
      .optional()
      .describe(
        'how changes of who is on call are told and confirmed; none: on, from 6 hours, reminded after 30 min, escalated after 2 h',
      ),
    slack_user_groups: z
      .array(slackUserGroup)
      .max(10)
      .optional()
      .describe('user groups of Slack that hold whoever is on call; none: nothing is changed in Slack'),
  })
  .superRefine((value, refused) => {
    const seen = new Set<string>();
    for (const [at, { name }] of value.layers.entries()) {
      if (seen.has(name))
        refused.addIssue({ code: 'custom', message: `another layer is named ${name}`, path: ['layers', at, 'name'] });
      seen.add(name);
    }
  });
export type Schedule = z.infer<typeof schedule>;

export const scheduleUserGroup = z.object({
  group: z.string().describe('as the schedule names it'),
  wanted: z.array(slug).describe('who is on call, and should be in it'),
  members: z.array(slug).describe('of these, who was put into it when that last succeeded'),
  findings: z.array(z.string()).describe('who could not be put into it, and why; why it stays as it is'),
  problem: z.string().nullable().describe('why it could not be brought up to date the last time; null: it could'),
  synced_at: z.string().nullable().describe('when it was last as it should be'),
  next_at: z.string().describe('when it is looked at again, if nobody else comes on call before'),
});

export const layerCalendar = z.object({
  layer: slug,
  address: z.string(),
  tried_at: z.string().nullable().describe('last attempt to read it; null: none yet'),
  read_at: z
    .string()
    .nullable()
    .describe('when it could last be read: the turns are as it was then; null: never, turns are as they were before'),
  error: z.string().nullable().describe('why it could not be read the last time; the turns that were known stay'),
  events: z.number().int().describe('events that were not over when it was last read'),
  findings: z
    .array(
      z.object({
        starts: z.string(),
        ends: z.string(),
        title: z.string().describe('of the event'),
        problem: z.string().describe('who is not known of it'),
      }),
    )
    .describe('events of which somebody is not known, the next first; at most 50'),
  more_findings: z.number().int().describe('events with findings beyond those that are listed'),
  unreadable: z
    .array(z.string())
    .describe('titles of events whose times cannot be read; meanwhile hours that no other event has stay with whoever had them'),
});

export const override = z
  .strictObject({
    id: z.string().min(1).max(64).describe('made by the server'),
    kind: z
      .enum(['replace', 'add', 'remove'])
      .describe('replace: `person` takes over; add: `person` joins; remove: nobody takes over'),
    person: slug.optional().describe('who comes on call; absent for remove'),
    replaces: slug.optional().describe('who goes off call; absent: everyone of the role. Not for add'),
    role: onCallRole.optional().describe('absent: every role `replaces` has, or primary when that is absent too'),
    starts: instant.describe('first instant of the override'),
    ends: instant.describe('exclusive'),
  })
  .superRefine((value, refused) => {
    const refuse = (message: string, field: string) => refused.addIssue({ code: 'custom', message, path: [field] });
    if (value.kind === 'remove' && value.person !== undefined)
      refuse('nobody comes on call by remove; name who goes in `replaces`', 'person');
    if (value.kind !== 'remove' && value.person === undefined)
      refuse(`${value.kind} needs the person who comes on call`, 'person');
    if (value.kind === 'add' && value.replaces !== undefined) refuse('add takes nobody off call; use replace', 'replaces');
    if (value.person !== undefined && value.person === value.replaces) refuse('must be someone else than `person`', 'replaces');
    // Also asked when a time is malformed, which has its own message.
    const areTimes = [value.starts, value.ends].every((time) => instant.safeParse(time).success);
    if (areTimes && Temporal.Instant.compare(value.ends, value.starts) <= 0) refuse('must be after `starts`', 'ends');
  });
export type Override = z.infer<typeof override>;

const shiftTraining = z.object({
  stage: trainingStage,
  mentor: slug.nullable().describe('who is on call, at whose side the person learns'),
  loud: z.boolean().describe('paged while shadowing as loudly as who is on call'),
  behind_seconds: z.number().int().describe('how long after the person, in reverse-shadow, the mentor is paged'),
});
export type ShiftTraining = z.infer<typeof shiftTraining>;

export const shift = z.object({
  person: slug.describe('who'),
  role: onCallRole.describe('as what'),
  shadow: z.boolean().describe('notified, never counted'),
  starts: instant.describe('first instant'),
  ends: instant.describe('exclusive'),
  layer: slug.optional().describe('the layer it comes from; absent when an override alone puts the person on call'),
  override_id: z.string().optional().describe('the override it comes from'),
  training: shiftTraining.optional().describe('of a shadow who is in training'),
  reason: z.string().describe('why, one short sentence'),
});
export const shiftAnywhere = shift.extend({
  schedule: slug,
  title: z.string().describe('of the schedule'),
  team: z.string().nullable().describe('that owns the schedule'),
  time_zone: z.string(),
  display_name: z.string(),
  clash: z
    .enum(['on_leave', 'public_holiday'])
    .nullable()
    .describe('within the window the person is away at some time of it, or has a public holiday; null for a shadow'),
});

export const scheduleWarning = z.object({
  policy: z
    .enum([
      'max_consecutive_days',
      'min_gap_days',
      'min_rotation_size',
      'two_places',
      'on_leave',
      'public_holiday',
      'in_training',
      'calendar',
    ])
    .describe('the policy that is broken; calendar: of a layer that cannot be read, or whose events name nobody'),
  person: slug.optional().describe('whom it is about'),
  from: instant.describe('start of the first breach'),
  to: instant.describe('end of the first breach'),
  message: z.string().describe('what is wrong, with local dates'),
});
export type WireScheduleWarning = z.infer<typeof scheduleWarning>;
