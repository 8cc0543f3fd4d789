import type { z } from 'zod';
import type { shiftAnywhere } from '../../contract/schedule.ts';
import { absencesOf } from '../absences/actions.ts';
import { allPeople, personNamed } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { wholeShiftsThen } from './whole.ts';

const MOST_HOURS = 24 * 400;
const MOST = 2000;

/**
 * Shifts of every schedule, or of those a team owns, that touch the window, whole and in order of start: of one person, or
 * of all. At most 2,000; `more` says that there would be others.
 */
export const shiftsEverywhere = async (
  ctx: Ctx,
  filter: { person?: string | undefined; team?: string | undefined },
  from: Temporal.Instant,
  to: Temporal.Instant,
): Promise<{ items: z.input<typeof shiftAnywhere>[]; more: boolean }> => {
  if (Temporal.Instant.compare(to, from) <= 0) throw invalid('must be after `from`', 'to');
  if (Temporal.Instant.compare(to, from.add({ hours: MOST_HOURS })) > 0) throw invalid('at most 400 days at a time', 'to');
  if (filter.person) await personNamed(ctx, filter.person, 'person');
  const names = new Map((await allPeople(ctx)).map((person) => [person.name, person.display_name]));
  const found = [];
  for (const { schedule, shifts } of await wholeShiftsThen(ctx, { from, to })) {
    const { name, title, team, time_zone } = schedule;
    if (filter.team && team !== filter.team) continue;
    for (const shift of shifts)
      if (!filter.person || shift.person === filter.person)
        found.push({ ...shift, schedule: name, title, team: team ?? null, time_zone });
  }
  found.sort((a, b) => Temporal.Instant.compare(a.start, b.start) || a.schedule.localeCompare(b.schedule));
  const shown = found.slice(0, MOST);
  const absences = await absencesOf(
    ctx,
    shown.map(({ person }) => person),
    from,
    to,
  );
  const clashOf = ({ person, shadow, start, end }: (typeof shown)[number]) => {
    const met = (absences.get(person) ?? []).filter(
      (one) => !shadow && one.start < end.epochMilliseconds && one.end > start.epochMilliseconds,
    );
    return met.some(({ kind }) => kind === 'leave') ? 'on_leave' : met.length > 0 ? 'public_holiday' : null;
  };
  return {
    items: shown.map((one) => {
      const { start, end, ...shift } = one;
      return {
        ...shift,
        display_name: names.get(shift.person) ?? shift.person,
        clash: clashOf(one),
        starts: start.toString(),
        ends: end.toString(),
      };
    }),
    more: found.length > MOST,
  };
};
