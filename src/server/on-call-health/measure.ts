import { type HealthLimits, type HealthRange, healthLimits, type PersonHealth } from '../../contract/on-call-health.ts';
import type { PersonRow } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { dutyOf, stretchesOf } from '../schedules/actions.ts';
import { measure, outcomeOf, shareOf, spanOf, type Window } from './rules.ts';
import * as store from './store.ts';
import type { Outcome } from './types.ts';

const MOST_DAYS = 366;
const USUAL_DAYS = 28;
/** A time on call that began before the range counts whole, as far back as any limit of consecutive days goes. */
const DUTY_BEFORE = { hours: 24 * 35 };
/** Longer than a page goes on: one that began before the range is known by it. */
const SENT_BEFORE = { hours: 12 };

export const readLimits = async (ctx: Ctx): Promise<HealthLimits> => healthLimits.parse((await store.limits(ctx)) ?? {});

/** The days asked for, on the calendar of a zone. Refuses what ends before it begins, or is longer than a year. */
export const windowOf = ({ from, to }: HealthRange, now: Temporal.Instant, zone: string): Window => {
  const last = to ? Temporal.PlainDate.from(to) : now.toZonedDateTimeISO(zone).toPlainDate();
  const first = from ? Temporal.PlainDate.from(from) : last.subtract({ days: USUAL_DAYS - 1 });
  const days = first.until(last).days + 1;
  if (days < 1) throw invalid('must not be before `from`', 'to');
  if (days > MOST_DAYS) throw invalid('at most a year at a time', 'from');
  return { from: first, to: last };
};

export type Measured = PersonHealth & { outcomes: [incident: string, outcome: Outcome][]; measured: ReturnType<typeof measure> };

/** What being on call asked of these people, each on their own calendar. */
export const measureAll = async (
  ctx: Ctx,
  people: PersonRow[],
  windowFor: (person: PersonRow) => Window,
  limits: HealthLimits,
): Promise<Measured[]> => {
  if (people.length === 0) return [];
  const windows = people.map((person) => ({ person, window: windowFor(person) }));
  const spans = windows.map(({ person, window }) => spanOf(window, person.time_zone));
  const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);
  const from = at(Math.min(...spans.map((span) => span.start)));
  const to = at(Math.max(...spans.map((span) => span.end), ctx.now.add({ hours: 24 }).epochMilliseconds));
  const sent = await store.sentTo(
    ctx,
    people.map((person) => person.id),
    from.subtract(SENT_BEFORE),
    to,
  );
  const period = { from: from.subtract(DUTY_BEFORE), to };
  const duty = Map.groupBy(dutyOf(await stretchesOf(ctx, period), period.from, period.to), (one) => one.person);
  const measured = windows.map(({ person, window }) => ({
    person,
    window,
    found: measure({
      zone: person.time_zone,
      window,
      now: ctx.now.epochMilliseconds,
      limits,
      sent: sent.get(person.id) ?? [],
      duty: duty.get(person.name) ?? [],
    }),
  }));
  const fates = await store.fatesOf(ctx, [...new Set(measured.flatMap(({ found }) => found.incidents))]);
  return measured.map(({ person, window, found }) => {
    const { incidents, ...rest } = found;
    const outcomes = incidents.map((id): [string, Outcome] => {
      const fate = fates.get(id);
      return [id, fate ? outcomeOf(fate) : 'unknown'];
    });
    return {
      person: person.name,
      display_name: person.display_name,
      time_zone: person.time_zone,
      from: window.from.toString(),
      to: window.to.toString(),
      ...rest,
      actionable: shareOf(outcomes.map(([, outcome]) => outcome)),
      outcomes,
      measured: found,
    };
  });
};
