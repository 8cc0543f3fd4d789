import ical, { ICalEventTransparency } from 'ical-generator';
import type { Shift } from './rules.ts';

/** A whole shift (not one cut to a window, or its identifier would change as the window moves) and where it is from. */
export type CalendarShift = Shift & { schedule: { name: string; title: string } };

export type Feed = {
  /** Shown as the calendar's name. */
  name: string;
  /** `person`: everything is about one person, so entries say where; `schedule`: entries say who. */
  about: 'person' | 'schedule';
  shifts: readonly CalendarShift[];
  /** What people are called; a person not in it is called by the slug. */
  people?: ReadonlyMap<string, string>;
  now: Temporal.Instant;
};

const anHour = 3600;

/** The same for a shift however often the feed is read. The end is left out: an override that shortens a shift moves its entry. */
function identifier({ schedule, layer, override_id, person, role, shadow, start }: CalendarShift): string {
  const source = override_id === undefined ? `layer.${layer}` : `override.${override_id}.${layer ?? ''}`;
  return `${schedule.name}/${source}/${person}/${shadow ? `${role}-shadow` : role}/${start.toString()}@allclear`;
}

function summaryOf(shift: CalendarShift, { about, people }: Feed): string {
  const where = shift.schedule.title || shift.schedule.name;
  const as = shift.shadow ? `shadow of ${shift.role}` : shift.role;
  return about === 'person'
    ? `On call: ${where} (${as})`
    : `${people?.get(shift.person) ?? shift.person} on call (${as}): ${where}`;
}

/**
 * An iCalendar feed (RFC 5545; REFRESH-INTERVAL by RFC 7986, X-WR-CALNAME and X-PUBLISHED-TTL as Outlook and Google read them).
 * Times are UTC, so no client's idea of a zone can move a shift. Entries leave the person free (TRANSPARENT): being on call
 * does not decline meetings.
 */
export function feed(of: Feed): string {
  // The library escapes what entries say, but writes the name as it is: a line break in it would start a property of its own.
  const calendar = ical({
    name: of.name.replace(/[\r\n]+/g, ' '),
    prodId: { company: 'Allclear', product: 'On-call' },
    ttl: anHour,
  });
  for (const shift of of.shifts)
    calendar.createEvent({
      id: identifier(shift),
      stamp: of.now,
      start: shift.start,
      end: shift.end,
      summary: summaryOf(shift, of),
      description: shift.reason,
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  return `${calendar.toString()}\r\n`;
}
