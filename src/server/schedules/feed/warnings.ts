import type { Ctx } from '../../platform/ctx.ts';
import type { ScheduleWarning } from '../health.ts';
import type { ScheduleRow } from '../store.ts';
import { calendarsOf } from './actions.ts';
import { turnsAhead } from './store.ts';

const namesOf = (titles: readonly string[]) =>
  titles
    .slice(0, 3)
    .map((title) => `“${title || 'no title'}”`)
    .join(', ') + (titles.length > 3 ? ', …' : '');

/**
 * What is wrong with the calendars of a schedule's layers, between two instants: cannot be read, holds nothing, names nobody, or what
 * cannot be read of it.
 */
export const calendarWarnings = async (
  ctx: Ctx,
  row: ScheduleRow,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Promise<ScheduleWarning[]> => {
  const zone = row.definition.time_zone;
  const local = (at: Temporal.Instant | string) =>
    Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
  const about = (message: string): ScheduleWarning => ({ policy: 'calendar', from, to, message });
  const found: ScheduleWarning[] = [];
  for (const { layer, error, read_at, events, findings, more_findings, unreadable } of await calendarsOf(ctx, row)) {
    if (!read_at) {
      const kept = (await turnsAhead(ctx, { schedule_id: row.id, layer })).map(({ ends }) => ends).sort(Temporal.Instant.compare);
      const last = kept.at(-1);
      const until = last ? ` Until it can be, turns stay as they were, at most to ${local(last)} (${zone}).` : '';
      if (error) found.push(about(`The calendar of layer ${layer} could never be read: ${error}.${until}`));
      else if (until) found.push(about(`The calendar of layer ${layer} has not been read yet.${until}`));
      continue;
    }
    if (error)
      found.push(
        about(
          `The calendar of layer ${layer} cannot be read: ${error}. Turns are as it held them on ${local(read_at)} (${zone}).`,
        ),
      );
    if (events === 0) found.push(about(`The calendar of layer ${layer} holds no event from now on.`));
    if (unreadable.length > 0)
      found.push(
        about(
          `Times of ${unreadable.length} ${unreadable.length === 1 ? 'event' : 'events'} of layer ${layer} cannot be read (${namesOf(unreadable)}). Until they can be, hours that no other event has stay with whoever had them.`,
        ),
      );
    const [first] = findings;
    const more = findings.length - 1 + more_findings;
    if (first)
      found.push({
        policy: 'calendar',
        from: Temporal.Instant.from(first.starts),
        to: Temporal.Instant.from(first.ends),
        message: `Event “${first.title}” of layer ${layer}, from ${local(first.starts)} to ${local(first.ends)} (${zone}): ${first.problem}${more > 0 ? `; ${more} more later` : ''}.`,
      });
  }
  return found;
};
