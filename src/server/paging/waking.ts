import type { Hours } from '../../contract/common.ts';
import { quietUntil } from './rules.ts';

/** Nobody is tested before or after, whatever a plan says. */
const FIRST = '08:00';
const LAST = '21:00';
/** Quiet hours and night follow each other once or twice; more often, and there is no time between them. */
const LOOKS = 20;

/** The first moment from then on at which a test wakes nobody: by day on the person's clock, out of their quiet hours. */
export const awakeAt = (
  person: { time_zone: string; quiet_hours: Hours | null },
  from: Temporal.Instant,
): Temporal.Instant | undefined => {
  let at = from;
  for (let look = 0; look < LOOKS; look += 1) {
    const local = at.toZonedDateTimeISO(person.time_zone);
    const clock = local.toPlainTime().toString({ smallestUnit: 'minute' });
    const next = (days: number) =>
      local.toPlainDate().add({ days }).toZonedDateTime({ timeZone: person.time_zone, plainTime: FIRST }).toInstant();
    const later = clock < FIRST ? next(0) : clock >= LAST ? next(1) : quietUntil(person.quiet_hours, person.time_zone, 'low', at);
    if (!later) return at;
    at = later;
  }
  return undefined;
};
