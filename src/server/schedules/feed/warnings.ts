import type { Ctx } from '../../platform/ctx.ts';
import type { ScheduleWarning } from '../health.ts';
import type { ScheduleRow } from '../store.ts';
import { calendarsOf } from './actions.ts';

/** What is wrong with the calendars of a schedule's layers, between two instants: cannot be read, holds nothing, names nobody. */
export const calendarWarnings = async (
  ctx: Ctx,
  row: ScheduleRow,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Promise<ScheduleWarning[]> => {
  const zone = row.definition.time_zone;
  const local = (at: string) =>
    Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
  return (await calendarsOf(ctx, row)).flatMap(
    ({ layer, error, read_at, events, findings, more_findings }): ScheduleWarning[] => {
      const about = (message: string): ScheduleWarning => ({ policy: 'calendar', from, to, message });
      const [first] = findings;
      const more = findings.length - 1 + more_findings;
      return [
        ...(error
          ? [
              about(
                read_at
                  ? `The calendar of layer ${layer} cannot be read: ${error}. Turns are as it held them on ${local(read_at)} (${zone}).`
                  : `The calendar of layer ${layer} could never be read: ${error}.`,
              ),
            ]
          : []),
        ...(read_at && events === 0 ? [about(`The calendar of layer ${layer} holds no event from now on.`)] : []),
        ...(first
          ? [
              {
                policy: 'calendar' as const,
                from: Temporal.Instant.from(first.starts),
                to: Temporal.Instant.from(first.ends),
                message: `Event “${first.title}” of layer ${layer}, from ${local(first.starts)} to ${local(first.ends)} (${zone}): ${first.problem}${more > 0 ? `; ${more} more later` : ''}.`,
              },
            ]
          : []),
      ];
    },
  );
};
