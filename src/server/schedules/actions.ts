import { randomBytes } from 'node:crypto';
import type { Override, Schedule } from '../../contract/schedule.ts';
import { allPeople, assertPeople, assertTeam, type PersonRow } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import { changesOf, journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { feed } from './calendar.ts';
import { assertCalendars, followCalendars, settleAgain } from './feed/actions.ts';
import { calendarWarnings } from './feed/warnings.ts';
import { absenceWarnings, healthWarnings, type ScheduleWarning, trainingWarnings, twoPlaces } from './health.ts';
import { shiftsOver, stretchesOf } from './history.ts';
import { keepVersion } from './history-store.ts';
import { absencesIn, takersOf } from './preview.ts';
import { nextChange as changeAfter, type OnCallEntry, onCallAt, type Shift } from './rules.ts';
import { complement, union } from './shifts-intervals.ts';
import * as store from './store.ts';
import './types.ts';
import { wholeShiftsThen } from './whole.ts';

export { onCallThen, scheduleAt, scheduleHistory } from './as-of.ts';
export { schedulesWithTakers } from './feed/actions.ts';
export type { Plan, ScheduleWarning } from './health.ts';
export { type Stretch, shiftsOver, stretchesOf } from './history.ts';
export { overridesEnteredLate } from './history-store.ts';
export { draftOf, namedBy, plansOf, previewOf, timeline, timelinesOf, windowOf } from './preview.ts';
export { coverProposalsOf } from './proposals.ts';
export type { OnCallEntry, Shift } from './rules.ts';
export { gaps as gapsOfPlan } from './rules.ts';
export { complement, type Interval, intersect, subtract, union } from './shifts-intervals.ts';
export { windowsBetween } from './shifts-restrictions.ts';
export { dutyOf, loadOf } from './timeline.ts';

/** How far ahead the policies are checked on save. */
const LOOK_AHEAD_DAYS = 90;
const daysFrom = (at: Temporal.Instant, days: number) => at.add({ hours: 24 * days });

export const schedulesWithGroups = store.withGroups;
export const scheduleNamed = async (ctx: Ctx, name: string): Promise<store.ScheduleRow> => {
  const row = await store.byName(ctx, name);
  if (!row) throw notFound(`Schedule ${name}`);
  return row;
};

/** Creates a schedule or brings one to this state; refuses people who are not here. Returns what it breaks of its policies in 90 days. */
export const saveSchedule = async (ctx: Ctx, schedule: Schedule): Promise<ScheduleWarning[]> => {
  allow(ctx, 'schedule.write', schedule.team ?? null);
  const before = (await store.byName(ctx, schedule.name))?.definition;
  allow(ctx, 'schedule.write', before?.team ?? null);
  if (schedule.team) await assertTeam(ctx, schedule.team, 'team');
  for (const [index, layer] of schedule.layers.entries())
    await assertPeople(ctx, layer.participants.flat(), `layers.${index}.participants`);
  await assertCalendars(ctx, schedule);
  const { id } = await store.upsert(ctx, schedule, `cal_${randomBytes(24).toString('base64url')}`);
  await keepVersion(ctx, id, schedule, before === undefined);
  await followCalendars(ctx, id, schedule, before);
  await journal(ctx, {
    type: 'schedule.saved',
    subject: { type: 'schedule', id },
    text: `Schedule ${schedule.name} was saved`,
    data: { schedule, changes: changesOf(before, schedule) },
  });
  await ctx.emit('schedule.changed', { name: schedule.name });
  return warningsOf(ctx, schedule.name);
};

export const removeSchedule = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'schedule.write');
  const before = (await scheduleNamed(ctx, name)).definition;
  allow(ctx, 'schedule.write', before.team ?? null);
  await ctx.emit('schedule.removing', { name });
  await followCalendars(ctx, (await scheduleNamed(ctx, name)).id, null);
  const row = await store.remove(ctx, name);
  if (!row) throw notFound(`Schedule ${name}`);
  await keepVersion(ctx, row.id, null);
  await journal(ctx, {
    type: 'schedule.removed',
    subject: { type: 'schedule', id: row.id },
    text: `Schedule ${name} was removed`,
    data: { changes: changesOf(before, undefined) },
  });
};

export const allSchedules = async (ctx: Ctx): Promise<Schedule[]> => (await store.schedules(ctx)).map((row) => row.definition);

/** Policy breaches of a schedule in the next 90 days, and people it puts in two places at once with others. */
export const warningsOf = async (ctx: Ctx, name: string): Promise<ScheduleWarning[]> => {
  const to = daysFrom(ctx.now, LOOK_AHEAD_DAYS);
  const rows = await store.schedules(ctx);
  const plans = [];
  for (const row of rows) plans.push({ schedule: row.definition, overrides: await store.overrides(ctx, row.id, ctx.now, to) });
  const own = plans.find((plan) => plan.schedule.name === name);
  const row = rows.find((one) => one.name === name);
  if (!own || !row) throw notFound(`Schedule ${name}`);
  const people = takersOf(own);
  const absences = await absencesIn(ctx, [own], { from: ctx.now, to });
  return [
    ...(await calendarWarnings(ctx, row, ctx.now, to)),
    ...trainingWarnings(own.schedule, own.overrides, ctx.now, to),
    ...healthWarnings(own.schedule, own.overrides, ctx.now, to),
    ...absenceWarnings(own.schedule, own.overrides, absences, ctx.now, to),
    ...twoPlaces(plans, ctx.now, to).filter((warning) => warning.person && people.has(warning.person)),
  ];
};

/** What is wrong with the calendars that layers of a schedule read, a sentence each. */
export const calendarProblems = async (ctx: Ctx, name: string): Promise<string[]> =>
  (await calendarWarnings(ctx, await scheduleNamed(ctx, name), ctx.now, daysFrom(ctx.now, LOOK_AHEAD_DAYS))).map((one) =>
    one.message.replace(/\.$/, ''),
  );

/** One answer for pager, API, CLI and reports: who is on call in a window, cut to it. The past is told as the schedule stood then. */
export const shifts = async (ctx: Ctx, name: string, from: Temporal.Instant, to: Temporal.Instant): Promise<Shift[]> => {
  if (Temporal.Instant.compare(to, from) <= 0) throw invalid('must be after `from`', 'to');
  if (Temporal.Instant.compare(to, daysFrom(from, 740)) > 0) throw invalid('at most two years at a time', 'to');
  await scheduleNamed(ctx, name);
  return shiftsOver(await stretchesOf(ctx, { from, to }, name));
};
/** When nobody is on call in a window. */
export const gaps = async (ctx: Ctx, name: string, from: Temporal.Instant, to: Temporal.Instant) => {
  const covered = (await shifts(ctx, name, from, to))
    .filter((shift) => !shift.shadow)
    .map(({ start, end }) => ({ start: start.epochMilliseconds, end: end.epochMilliseconds }));
  return complement(union(covered), from.epochMilliseconds, to.epochMilliseconds).map(({ start, end }) => ({
    start: Temporal.Instant.fromEpochMilliseconds(start),
    end: Temporal.Instant.fromEpochMilliseconds(end),
  }));
};

/** Who is on call at a moment; empty when the schedule is gone, which a step reports as nobody. */
export const onCall = async (ctx: Ctx, name: string, at: Temporal.Instant): Promise<OnCallEntry[]> => {
  const row = await store.byName(ctx, name);
  if (!row) return [];
  return onCallAt(
    row.definition,
    await store.overrides(ctx, row.id, at.subtract({ hours: 24 * 35 }), at.add({ hours: 24 * 35 })),
    at,
  );
};

/** The next moment at which who is on call changes, before `until`. */
export const nextChange = async (
  ctx: Ctx,
  name: string,
  after: Temporal.Instant,
  until: Temporal.Instant,
): Promise<Temporal.Instant | undefined> => {
  const row = await store.byName(ctx, name);
  return row ? changeAfter(row.definition, await store.overrides(ctx, row.id, after, until), after, until) : undefined;
};

/** Puts someone else on call for a while, from now or later. Returns its id. */
export const addOverride = async (ctx: Ctx, name: string, override: Omit<Override, 'id'>): Promise<string> => {
  allow(ctx, 'override.write');
  const row = await scheduleNamed(ctx, name);
  allow(ctx, 'override.write', row.definition.team ?? null);
  if (override.person) await assertPeople(ctx, [override.person], 'person');
  if (override.replaces) await assertPeople(ctx, [override.replaces], 'replaces');
  const { id } = await store.insertOverride(ctx, row.id, override);
  await journal(ctx, {
    type: 'schedule.override_added',
    subject: { type: 'schedule', id: row.id },
    text: `${override.person ?? 'Nobody'} ${override.kind === 'add' ? 'joins' : 'stands in for'} ${override.replaces ?? override.role ?? 'whoever is on call'} in ${name} from ${override.starts} to ${override.ends}`,
    data: { ...override, id, changes: changesOf(undefined, override) },
  });
  await ctx.emit('schedule.changed', { name });
  return id;
};

/** Takes an override back: one to come is gone, one that runs ends now, one that is over is left as it was. */
export const removeOverride = async (ctx: Ctx, name: string, id: string): Promise<void> => {
  allow(ctx, 'override.write');
  const row = await scheduleNamed(ctx, name);
  allow(ctx, 'override.write', row.definition.team ?? null);
  const gone = await store.endOverride(ctx, row.id, id);
  if (!gone) throw notFound('An override that runs or is to come');
  await journal(ctx, {
    type: 'schedule.override_removed',
    subject: { type: 'schedule', id: row.id },
    text: `An override of ${name} was removed`,
    data: { id, person: gone.person, replaces: gone.replaces },
  });
  await ctx.emit('schedule.changed', { name });
};
export const overridesOf = async (ctx: Ctx, name: string, from: Temporal.Instant, to: Temporal.Instant) =>
  (await store.overrides(ctx, (await scheduleNamed(ctx, name)).id, from, to)).filter(store.isMade);

/** Everyone on call now or later, per schedule, as they stand now. `onCallThen`: at a moment in the past. */
export const onCallEverywhere = async (ctx: Ctx, at: Temporal.Instant): Promise<(OnCallEntry & { schedule: string })[]> => {
  const entries = [];
  for (const row of await store.schedules(ctx))
    for (const entry of await onCall(ctx, row.name, at)) entries.push({ ...entry, schedule: row.name });
  return entries;
};

/** Refuses to let someone go who has a turn anywhere, saying where. */
export const refuseWhileScheduled = async (ctx: Ctx, { name }: { name: string }): Promise<void> => {
  const where = [];
  for (const row of await store.schedules(ctx)) {
    const overrides = await store.overrides(ctx, row.id, ctx.now, daysFrom(ctx.now, LOOK_AHEAD_DAYS));
    if (takersOf({ schedule: row.definition, overrides }).has(name)) where.push(row);
  }
  if (where.length > 0)
    throw invalid(`${name} takes turns in ${where.map((row) => row.name).join(', ')}: take them out first`, 'name');
};

/** Somebody left, or is back: whoever is on call by her schedules may be another from now on. */
export const lookAgainAt = async (ctx: Ctx, { name }: { name: string }): Promise<void> => {
  for (const row of await store.schedules(ctx)) {
    const to = daysFrom(ctx.now, LOOK_AHEAD_DAYS);
    const isNamed =
      (await settleAgain(ctx, row)) ||
      row.definition.layers.some((layer) => layer.participants.flat().includes(name)) ||
      (await store.overrides(ctx, row.id, ctx.now, to)).some((one) => one.person === name || one.replaces === name);
    if (isNamed) await ctx.emit('schedule.changed', { name: row.name });
  }
};

/** Somebody who had left is back: that nobody had their turns meanwhile stays true. */
export const keepTimeAway = async (
  ctx: Ctx,
  { name, left_at }: { name: string; left_at: Temporal.Instant | null },
): Promise<void> => {
  if (!left_at || Temporal.Instant.compare(left_at, ctx.now) >= 0) return;
  const stretches = await stretchesOf(ctx, { from: left_at, to: ctx.now });
  const had = new Map(
    stretches.filter((one) => shiftsOver([one]).some(({ person }) => person === name)).map((one) => [one.id, one.schedule.name]),
  );
  const away = { kind: 'remove', replaces: name, starts: left_at.toString(), ends: ctx.now.toString() } as const;
  for (const [id, schedule] of had) {
    await store.insertOverride(ctx, id, away, true);
    await journal(ctx, {
      type: 'schedule.override_added',
      subject: { type: 'schedule', id },
      text: `${name} had left from ${away.starts} to ${away.ends}: nobody had their turns in ${schedule} then`,
      data: { ...away, changes: changesOf(undefined, away) },
    });
  }
};

/** The iCalendar feed behind a schedule's secret address; undefined when no schedule has it. */
export const scheduleFeed = async (ctx: Ctx, secret: string): Promise<string | undefined> => {
  const row = await store.byCalendarSecret(ctx, secret);
  return row ? calendar(ctx, row.name, row.definition.title || row.name, 'schedule', () => true) : undefined;
};
/** Everything one person is on call for. */
export const personFeed = async (ctx: Ctx, person: PersonRow): Promise<string> =>
  calendar(ctx, undefined, `On call: ${person.display_name}`, 'person', (shift) => shift.person === person.name);

const calendar = async (
  ctx: Ctx,
  only: string | undefined,
  name: string,
  about: 'person' | 'schedule',
  keep: (shift: Shift) => boolean,
): Promise<string> => {
  const from = daysFrom(ctx.now, -30);
  const to = daysFrom(ctx.now, 180);
  const all = [];
  for (const { schedule, shifts } of await wholeShiftsThen(ctx, { from, to }, only))
    for (const shift of shifts) if (keep(shift)) all.push({ ...shift, schedule: { name: schedule.name, title: schedule.title } });
  const people = new Map((await allPeople(ctx)).map((person) => [person.name, person.display_name]));
  return feed({ name, about, shifts: all, people, now: ctx.now });
};

/** The secret addresses of the feeds, for whoever may see them. */
export const calendarPath = async (ctx: Ctx, name: string): Promise<string> =>
  `/calendar/${(await scheduleNamed(ctx, name)).calendar_secret}.ics`;
