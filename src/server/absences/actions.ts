import type { z } from 'zod';
import type { leaveInput, leaveOfPerson } from '../../contract/absence.ts';
import { allTeams, nameOf, type PersonRow, peopleByIds, peopleNamed, personNamed, publicHolidays } from '../identity/actions.ts';
import { allow, decide } from '../identity/permissions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { calendarAddress, readFeed } from './feed.ts';
import type { Entry } from './ical.ts';
import { absencesBetween, spanOf, told, yearsOf } from './rules.ts';
import * as store from './store.ts';
import type { Absence, Absences } from './types.ts';

export type { Absences } from './types.ts';

const MAX_PERIODS = 500;
/** How far a calendar of leave is read ahead, and behind for what runs on. */
const READ_DAYS = { behind: 31, ahead: 400 };
const daysFrom = (at: Temporal.Instant, days: number) => at.add({ hours: 24 * days });

const isSelf = (ctx: Ctx, name: string) => ctx.actor.kind === 'person' && ctx.actor.name === name;

/** Everybody plans leave of their own; else whoever may for one of the person's teams. Answers who it is about. */
const allowPlanning = async (ctx: Ctx, asked: string): Promise<PersonRow> => {
  const name = nameOf(ctx, asked, 'name') as string;
  const own = isSelf(ctx, name);
  allow(ctx, own ? 'self.write' : 'leave.write');
  const row = await personNamed(ctx, name);
  if (own) return row;
  const teams = (await allTeams(ctx)).filter((team) => team.members.includes(name) || team.lead === name);
  const { actor } = ctx;
  const may = (team: string) => !('role' in actor) || decide(actor, 'leave.write', team).ok;
  if (!teams.some((team) => may(team.name))) allow(ctx, 'leave.write', teams[0]?.name ?? null);
  return row;
};

const periodOf = (input: z.output<typeof leaveInput>): store.NewPeriod => ({
  first_day: input.first_day ?? null,
  last_day: input.first_day ? (input.last_day ?? input.first_day) : null,
  starts_at: input.starts ? Temporal.Instant.from(input.starts) : null,
  ends_at: input.ends ? Temporal.Instant.from(input.ends) : null,
  reason: input.reason,
});
/** What of a period everybody may know. */
const open = (period: store.NewPeriod) => ({
  first_day: period.first_day,
  last_day: period.last_day,
  starts: period.starts_at?.toString() ?? null,
  ends: period.ends_at?.toString() ?? null,
});

/** Plans leave. Returns its id. */
export const addLeave = async (ctx: Ctx, name: string, input: z.output<typeof leaveInput>): Promise<string> => {
  const row = await allowPlanning(ctx, name);
  if ((await store.countManual(ctx, row.id)) >= MAX_PERIODS)
    throw invalid(`${row.name} has ${MAX_PERIODS} periods of leave already: remove old ones first`, 'first_day');
  const period = periodOf(input);
  const [made] = await store.insertPeriods(ctx, row.id, 'manual', [period]);
  await journal(ctx, {
    type: 'person.leave_added',
    subject: { type: 'person', id: row.id },
    text: `${row.display_name} is away ${told(period)}`,
    data: { id: made?.id, ...open(period) },
  });
  return made?.id ?? '';
};

const manualLeave = async (ctx: Ctx, row: PersonRow, id: string) => {
  const before = await store.periodById(ctx, row.id, id);
  if (!before) throw notFound('Leave');
  if (before.source === 'calendar') throw invalid('this comes from a calendar: change it there', 'id');
  return before;
};

export const changeLeave = async (ctx: Ctx, name: string, id: string, input: z.output<typeof leaveInput>): Promise<void> => {
  const row = await allowPlanning(ctx, name);
  const before = await manualLeave(ctx, row, id);
  const period = periodOf(input);
  // A reason that somebody else cannot see is not theirs to overwrite.
  if (!isSelf(ctx, row.name)) period.reason = before.reason;
  if (!(await store.updatePeriod(ctx, id, period))) throw notFound('Leave');
  await journal(ctx, {
    type: 'person.leave_changed',
    subject: { type: 'person', id: row.id },
    text: `${row.display_name} is away ${told(period)}, no longer ${told(before)}`,
    data: { id, before: open(before), after: open(period) },
  });
};

export const removeLeave = async (ctx: Ctx, name: string, id: string): Promise<void> => {
  const row = await allowPlanning(ctx, name);
  const before = await manualLeave(ctx, row, id);
  if (!(await store.deletePeriod(ctx, id))) throw notFound('Leave');
  await journal(ctx, {
    type: 'person.leave_removed',
    subject: { type: 'person', id: row.id },
    text: `${row.display_name} is no longer away ${told(before)}`,
    data: { id, ...open(before) },
  });
};

/** Leave is read from this calendar from now on, every hour. Its address is a secret and stays out of the journal. */
export const setCalendar = async (ctx: Ctx, name: string, address: string): Promise<void> => {
  const row = await allowPlanning(ctx, name);
  const at = calendarAddress(address);
  await store.deletePeriodsOf(ctx, row.id, 'calendar');
  await store.saveCalendar(ctx, row.id, at);
  await ctx.enqueue('absences.read_calendar', [{ data: { person_id: row.id } }]);
  await journal(ctx, {
    type: 'person.leave_calendar_set',
    subject: { type: 'person', id: row.id },
    text: `Leave of ${row.display_name} is read from a calendar at ${new URL(at).host}`,
    data: { host: new URL(at).host },
  });
};

export const removeCalendar = async (ctx: Ctx, name: string): Promise<void> => {
  const row = await allowPlanning(ctx, name);
  if (!(await store.deleteCalendar(ctx, row.id))) throw notFound('Calendar');
  await store.deletePeriodsOf(ctx, row.id, 'calendar');
  await journal(ctx, {
    type: 'person.leave_calendar_removed',
    subject: { type: 'person', id: row.id },
    text: `Leave of ${row.display_name} is no longer read from a calendar`,
  });
};

/** Leave that is not over at `from`, the calendar it comes from and the next public holidays. */
export const leaveOf = async (ctx: Ctx, asked: string, from: Temporal.Instant): Promise<z.input<typeof leaveOfPerson>> => {
  const row = await personNamed(ctx, nameOf(ctx, asked, 'name') as string);
  const own = isSelf(ctx, row.name);
  const calendar = own ? await store.calendarOf(ctx, row.id) : undefined;
  const items = (await store.periods(ctx, [row.id], from))
    .map((period) => ({ period, ...spanOf(period, row.time_zone) }))
    .filter(({ ends }) => Temporal.Instant.compare(ends, from) > 0)
    .sort((a, b) => Temporal.Instant.compare(a.starts, b.starts) || (a.period.id < b.period.id ? -1 : 1));
  return {
    person: row.name,
    time_zone: row.time_zone,
    items: items.map(({ period, starts, ends }) => ({
      id: period.id,
      first_day: period.first_day,
      last_day: period.last_day,
      starts: starts.toString(),
      ends: ends.toString(),
      reason: own ? period.reason : null,
      source: period.source as 'manual',
    })),
    calendar: calendar
      ? {
          address: calendar.address,
          tried_at: calendar.tried_at?.toString() ?? null,
          read_at: calendar.read_at?.toString() ?? null,
          error: calendar.error,
        }
      : null,
    holidays: await holidaysAhead(ctx, row),
  };
};

/** Leave is told also while holidays cannot be, which is logged. */
const holidaysOrNone = (ctx: Ctx, asked: Parameters<typeof publicHolidays>[0]) =>
  publicHolidays(asked).catch((thrown: unknown) => {
    ctx.log.warn({ err: thrown }, 'public holidays cannot be told');
    return [];
  });

const holidaysAhead = async (ctx: Ctx, { holidays: region, time_zone }: PersonRow) => {
  if (!region) return null;
  const today = ctx.now.toZonedDateTimeISO(time_zone).toPlainDate();
  const years = await holidaysOrNone(
    ctx,
    [today.year, today.year + 1].map((year) => ({ region, year })),
  );
  return {
    region,
    title: years[0]?.title ?? region,
    next: years
      .flatMap((year) => year.days)
      .filter(({ day }) => Temporal.PlainDate.compare(day, today) >= 0)
      .slice(0, 3)
      .map(({ day, name }) => ({ day, name })),
  };
};

/** When people are away or have a public holiday in a window, by name. */
export const absencesOf = async (ctx: Ctx, names: string[], from: Temporal.Instant, to: Temporal.Instant): Promise<Absences> => {
  const people = await peopleNamed(ctx, [...new Set(names)]);
  const ids = people.map((row) => row.id);
  const periods = Map.groupBy(await store.periods(ctx, ids, from, to), (row) => row.person_id);
  const regions = new Set(people.flatMap((row) => row.holidays ?? []));
  const asked = [...regions].flatMap((region) => yearsOf(from, to).map((year) => ({ region, year })));
  const years = await holidaysOrNone(ctx, asked);
  const holidays = (region: string | null) => years.filter((year) => year.region === region).flatMap((year) => year.days);
  return new Map(
    people.map((row): [string, Absence[]] => [
      row.name,
      absencesBetween(periods.get(row.id) ?? [], holidays(row.holidays), row.time_zone, from, to),
    ]),
  );
};

/** Has every calendar of leave read. */
export const readCalendars = async (ctx: Ctx): Promise<void> =>
  ctx.enqueue(
    'absences.read_calendar',
    (await store.calendars(ctx)).map(({ person_id }) => ({ data: { person_id } })),
  );

const periodOfEntry = (entry: Entry): store.NewPeriod => ({
  first_day: entry.first_day,
  last_day: entry.last_day,
  starts_at: entry.starts ? Temporal.Instant.from(entry.starts) : null,
  ends_at: entry.ends ? Temporal.Instant.from(entry.ends) : null,
  reason: entry.reason,
});
const asText = (rows: store.NewPeriod[]) => JSON.stringify(rows.map((row) => JSON.stringify([open(row), row.reason])).sort());

/** Reads somebody's calendar of leave. One that cannot be read is noted, and what was known stays. */
export const readCalendar = async (outside: Outside, { person_id }: { person_id: string }): Promise<void> => {
  const { calendar, row } = await outside.transaction(async (ctx) => ({
    calendar: await store.calendarOf(ctx, person_id),
    row: (await peopleByIds(ctx, [person_id]))[0],
  }));
  if (!calendar || !row?.active) return;
  const now = outside.now();
  const read = await readFeed(calendar.address, outside.allowedHosts, {
    zone: row.time_zone,
    from: daysFrom(now, -READ_DAYS.behind).toString(),
    to: daysFrom(now, READ_DAYS.ahead).toString(),
  });
  await outside.transaction(async (ctx) => {
    if (!(await store.noteRead(ctx, person_id, calendar.address, 'wrong' in read ? read.wrong : null))) return;
    if ('wrong' in read) {
      if (calendar.error === read.wrong) return;
      return journal(ctx, {
        type: 'person.leave_calendar_failed',
        subject: { type: 'person', id: person_id },
        text: `The calendar with leave of ${row.display_name} cannot be read`,
      });
    }
    const periods = read.entries.map(periodOfEntry);
    const before = await store.imported(ctx, person_id);
    if (asText(before) === asText(periods)) return;
    await store.deletePeriodsOf(ctx, person_id, 'calendar');
    if (periods.length > 0) await store.insertPeriods(ctx, person_id, 'calendar', periods);
    await journal(ctx, {
      type: 'person.leave_read',
      subject: { type: 'person', id: person_id },
      text: `Leave of ${row.display_name} was read from a calendar: ${periods.length === 1 ? '1 period' : `${periods.length} periods`}`,
      data: { periods: periods.length, before: before.length },
    });
  });
};

/** Somebody else has the place of a person who left: that person's leave is nobody's business any more. */
export const forgetLeave = async (ctx: Ctx, { id }: { id: string }): Promise<void> => {
  await store.deleteCalendar(ctx, id);
  await store.deletePeriodsOf(ctx, id, 'calendar');
  await store.deletePeriodsOf(ctx, id, 'manual');
  await journal(ctx, {
    type: 'person.leave_removed',
    subject: { type: 'person', id },
    text: 'Leave of whoever had this place before was removed',
  });
};
