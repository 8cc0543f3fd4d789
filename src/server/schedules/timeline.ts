import type { z } from 'zod';
import type { OnCallRole, Schedule } from '../../contract/schedule.ts';
import type { scheduleTimeline } from '../../contract/timeline.ts';
import type { Absences } from '../absences/types.ts';
import { absenceWarnings, healthWarnings, type Plan, trainingWarnings } from './health.ts';
import { type ScheduleOverride, type Shift, shifts } from './rules.ts';
import { roles, seatsBetween } from './shifts.ts';
import { complement, type Interval, intersect, union } from './shifts-intervals.ts';
import { isTurn } from './shifts-overrides.ts';
import { isMade, type MadeOverride } from './store.ts';

type Timeline = z.input<typeof scheduleTimeline>;

const shownShift = ({ start, end, ...rest }: Shift): Timeline['shifts'][number] => ({
  ...rest,
  starts: start.toString(),
  ends: end.toString(),
});

const sentence = ({ kind, person, replaces, role }: MadeOverride): string => {
  if (kind === 'add') return `${person} joins as ${role ?? 'primary'}.`;
  const whom = replaces ?? `everyone who is ${role ?? 'primary'}`;
  return kind === 'remove' ? `Takes ${whom} off call.` : `${person} stands in for ${whom}.`;
};

/** A schedule in a window, layer by layer: what each alone would say, what overrides do, and who is on call in the end (`onCall`). */
export const timelineOf = (
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  from: Temporal.Instant,
  to: Temporal.Instant,
  absences: Absences,
  onCall: readonly Shift[],
): Timeline => {
  const turns = overrides.filter(isTurn);
  const used = roles.filter((role) => schedule.layers.some((layer) => layer.role === role && !layer.shadow));
  const holes = (role: OnCallRole | null) => {
    const counted = onCall
      .filter((shift) => !shift.shadow && (role === null || shift.role === role))
      .map(({ start, end }) => ({ start: start.epochMilliseconds, end: end.epochMilliseconds }));
    return complement(union(counted), from.epochMilliseconds, to.epochMilliseconds).map(({ start, end }) => ({
      starts: Temporal.Instant.fromEpochMilliseconds(start).toString(),
      ends: Temporal.Instant.fromEpochMilliseconds(end).toString(),
      role,
    }));
  };
  return {
    schedule: schedule.name,
    title: schedule.title,
    time_zone: schedule.time_zone,
    from: from.toString(),
    to: to.toString(),
    layers: schedule.layers.map((layer) => ({
      name: layer.name,
      role: layer.role,
      shadow: layer.shadow,
      turns: shifts({ ...schedule, layers: [layer] }, turns, from, to).map(shownShift),
    })),
    overrides: overrides.filter(isMade).map((one) => ({
      ...one,
      starts: one.starts.toString(),
      ends: one.ends.toString(),
      reason: sentence(one),
    })),
    shifts: onCall.map(shownShift),
    gaps: [...holes(null), ...(used.length > 1 ? used.flatMap(holes) : [])],
    warnings: [
      ...trainingWarnings(schedule, overrides, from, to),
      ...healthWarnings(schedule, overrides, from, to),
      ...absenceWarnings(schedule, overrides, absences, from, to),
    ].map((warning) => ({
      ...warning,
      from: warning.from.toString(),
      to: warning.to.toString(),
    })),
  };
};

/** The nights of a zone that touch a window: 22:00 to 06:00 on its clocks, whatever they do in between. */
export const nightsOf = (zone: string, from: Temporal.Instant, to: Temporal.Instant): Interval[] => {
  const nights: Interval[] = [];
  const last = to.toZonedDateTimeISO(zone).toPlainDate();
  const at = (date: Temporal.PlainDate, time: string) =>
    date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
  let date = from.toZonedDateTimeISO(zone).toPlainDate().subtract({ days: 1 });
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 }))
    nights.push({ start: at(date, '22:00'), end: at(date.add({ days: 1 }), '06:00') });
  return nights;
};

const seconds = (intervals: readonly Interval[]) =>
  Math.round(intervals.reduce((sum, { start, end }) => sum + end - start, 0) / 1000);

/** A plan, or what was one for a while. */
type Said = Plan & { window?: { from: Temporal.Instant; to: Temporal.Instant } };
/** Who is on call when, by schedule, cut to a window. Shadows are left out. */
export const dutyOf = (plans: readonly Said[], from: Temporal.Instant, to: Temporal.Instant) =>
  plans.flatMap(({ schedule, overrides, window = { from, to } }) =>
    seatsBetween(
      schedule,
      overrides,
      Math.max(from.epochMilliseconds, window.from.epochMilliseconds),
      Math.min(to.epochMilliseconds, window.to.epochMilliseconds),
    )
      .filter((seat) => !seat.shadow)
      .map(({ person, start, end }) => ({ person, schedule: schedule.name, title: schedule.title || schedule.name, start, end })),
  );

export type Load = { seconds: number; night_seconds: number };
/** How long each person is on call in a window, and how much of it in her own night. Two turns at once count once; shadows do not. */
export const loadOf = (
  plans: readonly Said[],
  from: Temporal.Instant,
  to: Temporal.Instant,
  zoneOf: (person: string) => string,
): Map<string, Load> => {
  const nights = new Map<string, Interval[]>();
  const nightsIn = (zone: string) => {
    const known = nights.get(zone) ?? nightsOf(zone, from, to);
    nights.set(zone, known);
    return known;
  };
  return new Map(
    [...Map.groupBy(dutyOf(plans, from, to), (one) => one.person)].map(([person, own]) => {
      const duty = union(own);
      return [person, { seconds: seconds(duty), night_seconds: seconds(intersect(duty, nightsIn(zoneOf(person)))) }];
    }),
  );
};
