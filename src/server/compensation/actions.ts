import type { z } from 'zod';
import type { CompensationRules, compensationQuery, compensationReport } from '../../contract/compensation.ts';
import { allPeople, allTeams, nameOf, publicHolidays } from '../identity/actions.ts';
import { can, decide } from '../identity/permissions.ts';
import { journal, THE_ONLY } from '../journal/actions.ts';
import { readCompensation, sentBetween } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { type Interval, overridesEnteredLate, type Stretch, shiftsOver, stretchesOf } from '../schedules/actions.ts';
import { csvOf } from './csv.ts';
import { rangeOf } from './range.ts';
import { agreementOf, atMinute, type Duty, type Home, type Line, linesOf, totalOf } from './rules.ts';

export type Report = z.input<typeof compensationReport>;
type Asked = z.output<typeof compensationQuery>;

const DAY = 24 * 3_600_000;
/** How far back shifts are looked for that run into the range; the longer way only where one is not seen to begin in the shorter. */
const LOOK_BACK_DAYS = [35, 400];
const instantOf = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);

type HomeOf = (person: string, schedule?: { name: string; time_zone: string }) => Home;

const dutiesOf = (stretches: readonly Stretch[], homeOf: HomeOf): Duty[] =>
  stretches.flatMap((stretch) =>
    shiftsOver([stretch])
      .filter((shift) => !shift.shadow)
      .map((shift) => ({
        person: shift.person,
        schedule: stretch.schedule.name,
        role: shift.role,
        start: atMinute(shift.start.epochMilliseconds),
        end: atMinute(shift.end.epochMilliseconds),
        ...homeOf(shift.person, stretch.schedule),
      }))
      .filter(({ start, end }) => start < end),
  );

/** Every duty that touches a range, from where it began. */
const dutiesBefore = async (ctx: Ctx, range: Interval, homeOf: HomeOf): Promise<{ duties: Duty[]; stretches: Stretch[] }> => {
  const [near, far] = LOOK_BACK_DAYS.map((days) => range.start - days * DAY) as [number, number];
  const to = instantOf(range.end);
  const read = async (low: number) => {
    const stretches = await stretchesOf(ctx, { from: instantOf(low), to });
    return { stretches, duties: dutiesOf(stretches, homeOf) };
  };
  const found = await read(near);
  return found.duties.some(({ start }) => start === near) ? read(far) : found;
};

/** Public holidays of regions, by home; refused while they cannot be told: a report without them would be wrong. */
const holidaysFor = async (homes: readonly Home[], { start, end }: Interval): Promise<(home: Home) => Interval[]> => {
  const years: number[] = [];
  for (
    let year = instantOf(start - DAY).toZonedDateTimeISO('UTC').year;
    year <= instantOf(end + DAY).toZonedDateTimeISO('UTC').year;
    year++
  )
    years.push(year);
  const regions = [...new Set(homes.flatMap(({ region }) => region ?? []))];
  const found = await publicHolidays(regions.flatMap((region) => years.map((year) => ({ region, year }))));
  return ({ zone, region }) =>
    found
      .filter((one) => one.region === region)
      .flatMap((one) => one.days)
      .map(({ day, days }) => {
        const first = Temporal.PlainDate.from(day);
        const begins = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).epochMilliseconds;
        return { start: begins(first), end: begins(first.add({ days })) };
      });
};

/** Whether a line is this reader's to see: their own, of a schedule or person of a team they manage, or any. */
const sightOf = async (ctx: Ctx, teamOf: ReadonlyMap<string, string | null>): Promise<(line: Line) => boolean> => {
  const { actor } = ctx;
  if (!('role' in actor)) return () => true;
  const isScoped = actor.scopes !== undefined && !actor.scopes.includes('compensation.read');
  const mayAny = decide(actor, 'compensation.read').ok;
  if (mayAny && (actor.role === 'administrator' || !actor.teams)) return () => true;
  const teams = await allTeams(ctx);
  const manages = (team: string) => mayAny && decide(actor, 'compensation.read', team).ok;
  const people = new Set(
    teams.filter((team) => manages(team.name)).flatMap((team) => [...team.members, ...(team.lead ? [team.lead] : [])]),
  );
  return ({ person, schedule }) => {
    if (actor.kind === 'person' && actor.name === person) return !isScoped;
    const team = schedule && teamOf.get(schedule);
    return people.has(person) || (team ? manages(team) : false);
  };
};

const NOTE_AT_MOST = 50;
/** What to know of the numbers: what is not over, what was entered afterwards. */
const notesOf = async (
  ctx: Ctx,
  range: Interval,
  stretches: readonly Stretch[],
  duties: readonly Duty[],
  zone: string,
): Promise<string[]> => {
  const [from, to] = [instantOf(range.start), instantOf(range.end)];
  const local = (at: Temporal.Instant) =>
    at.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
  const names = new Map(stretches.map((one) => [one.id, one.schedule.name]));
  const saved = stretches.flatMap(({ schedule: { name }, savedAt }) => {
    const before = { start: range.start, end: savedAt?.epochMilliseconds ?? 0 };
    const counts = duties.some(({ schedule, start, end }) => schedule === name && start < before.end && end > before.start);
    if (!savedAt || before.end <= before.start || !counts) return [];
    return [`${name} was first saved at ${local(savedAt)}; before then it counts as it was saved.`];
  });
  const late = (await overridesEnteredLate(ctx, from, to)).flatMap((one) => {
    const schedule = names.get(one.schedule_id);
    if (!schedule) return [];
    const whom = one.replaces ? ` for ${one.replaces}` : '';
    return [
      `In ${schedule} ${one.person ?? 'nobody'} is on call${whom} from ${local(one.starts_at)} to ${local(one.ends_at)}: ${one.created_by} entered it afterwards, at ${local(one.created_at)}.`,
    ];
  });
  const notes = [
    ...(Temporal.Instant.compare(to, ctx.now) > 0
      ? [`From ${local(later(ctx.now, from))} on it is what is planned: the range is not over.`]
      : []),
    ...saved,
    ...late,
  ];
  return notes.length > NOTE_AT_MOST
    ? [...notes.slice(0, NOTE_AT_MOST), `${notes.length - NOTE_AT_MOST} more like these.`]
    : notes;
};
const later = (a: Temporal.Instant, b: Temporal.Instant) => (Temporal.Instant.compare(a, b) > 0 ? a : b);

/** What being on call comes to in a range, of everybody the reader may know of. */
export const reportOf = async (ctx: Ctx, asked: Asked): Promise<Report> => reportBy(ctx, await readCompensation(ctx), asked);

/** The same by other rules than those that are saved: what they would come to. */
export const reportBy = async (ctx: Ctx, rules: CompensationRules, asked: Asked): Promise<Report> => {
  const range = rangeOf(asked, rules.time_zone, ctx.now);
  const person = nameOf(ctx, asked.person, 'person');
  const people = new Map((await allPeople(ctx)).map((row) => [row.name, row]));
  const homeOf: HomeOf = (name, schedule) => {
    const row = people.get(name);
    const own = row?.time_zone ?? schedule?.time_zone ?? rules.time_zone;
    return {
      zone: rules.clock === 'person' ? own : (schedule?.time_zone ?? own),
      region: (schedule && rules.holidays[schedule.name]) ?? row?.holidays ?? null,
    };
  };
  const { duties, stretches } = await dutiesBefore(ctx, range, homeOf);
  const pages = (await sentBetween(ctx, instantOf(range.start), instantOf(range.end))).map(({ name, at }) => ({
    person: name,
    at: atMinute(at.epochMilliseconds),
  }));
  const homes = [...duties, ...pages.map((page) => homeOf(page.person))];
  const reach = { start: duties.reduce((least, { start }) => Math.min(least, start), range.start), end: range.end };
  const all = linesOf({ rules, window: range, duties, pages, homeOf, holidaysOf: await holidaysFor(homes, reach) });

  // What a schedule is called, and whose it is, as it stands at the end of the range.
  const known = new Map(stretches.map(({ schedule }) => [schedule.name, schedule]));
  const teamOf = new Map([...known.values()].map((schedule) => [schedule.name, schedule.team ?? null]));
  const sees = await sightOf(ctx, teamOf);
  const isAsked = (line: { person?: string; schedule: string | null }) =>
    (!asked.schedule || line.schedule === asked.schedule) &&
    (!asked.team || (line.schedule !== null && teamOf.get(line.schedule) === asked.team));
  const shown = all.filter((line) => (!person || line.person === person) && isAsked(line) && sees(line));
  const called = (name: string) => people.get(name)?.display_name ?? name;
  const titleOf = (schedule: string | null) => (schedule && known.get(schedule)?.title) || schedule || '';
  const whole = person
    ? []
    : [...known.keys()].filter(
        (schedule) =>
          isAsked({ schedule }) &&
          seesAllOf(
            ctx,
            all.filter((line) => line.schedule === schedule),
            sees,
          ),
      );
  const mentioned = new Set([...whole, ...shown.flatMap(({ schedule }) => schedule ?? [])]);
  return {
    from: instantOf(range.start).toString(),
    to: instantOf(range.end).toString(),
    time_zone: rules.time_zone,
    rules,
    fraction_digits: fractionDigits(rules.currency),
    lines: shown.map((line) => ({
      ...line,
      display_name: called(line.person),
      title: titleOf(line.schedule),
      team: (line.schedule && teamOf.get(line.schedule)) ?? null,
    })),
    people: [...Map.groupBy(shown, (line) => line.person)].map(([name, own]) => ({
      person: name,
      display_name: called(name),
      ...totalOf(own),
    })),
    schedules: whole.map((schedule) => ({
      schedule,
      title: titleOf(schedule),
      ...agreementOf(
        duties.filter((duty) => duty.schedule === schedule),
        all.filter((line) => line.schedule === schedule),
        range,
      ),
    })),
    notes: await notesOf(
      ctx,
      range,
      stretches.filter((one) => mentioned.has(one.schedule.name)),
      duties,
      rules.time_zone,
    ),
  };
};

/** A schedule nobody was on call in has no line to hide: it is shown to whoever may read of others. */
const seesAllOf = (ctx: Ctx, lines: readonly Line[], sees: (line: Line) => boolean): boolean =>
  lines.length > 0 ? lines.every(sees) : !('role' in ctx.actor) || can(ctx.actor.role, 'compensation.read');

const fractionDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;

/** The lines of a report as CSV. Whoever takes them is in the journal. */
export const exportOf = async (ctx: Ctx, asked: Asked): Promise<string> => {
  const report = await reportOf(ctx, asked);
  await journal(ctx, {
    type: 'compensation.exported',
    subject: { type: 'settings', id: THE_ONLY },
    text: `${ctx.actor.name} exported ${report.lines.length} lines of the compensation report from ${report.from} to ${report.to}`,
    data: { ...asked, from: report.from, to: report.to, lines: report.lines.length },
  });
  return csvOf(report);
};
