import ICAL from 'ical.js';

/** Of a calendar's event: whole local days, or between two instants (ISO); without either its times cannot be read. */
export type Entry = {
  first_day: string | null;
  last_day: string | null;
  starts: string | null;
  ends: string | null;
  reason: string;
  /** When asked for: attendees who have not declined, and the organizer, each by mail address and name. */
  attendees?: Party[];
  organizer?: Party;
};
export type Party = { email?: string; name?: string };
export type Read = { entries: Entry[] } | { wrong: string };
/**
 * `zone`: for days, and for times that name none. Events that touch `from` to `to` (ISO instants) are told. `parties`: with who takes
 * part, and also events whose times cannot be read, at most 50, first.
 */
export type Asked = { text: string; zone: string; from: string; to: string; parties?: boolean };

const MAX_EVENTS = 5000;
const MAX_ENTRIES = 1000;
const MAX_PARTIES = 20;
const MAX_UNREADABLE = 50;
/** Steps of all recurrences together; a daily event of 27 years takes ten thousand. Twice as many take half a second. */
const MAX_STEPS = 20_000;

const zones = new Map<string, boolean>();
const isZone = (name: string): boolean => {
  const seen = zones.get(name);
  if (seen !== undefined) return seen;
  let is = true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    is = false;
  }
  zones.set(name, is);
  return is;
};

/** For comparing days, of which there may be very many. */
const asNumber = ({ year, month, day }: { year: number; month: number; day: number }) => (year * 100 + month) * 100 + day;
const dateOf = (time: ICAL.Time) => new Temporal.PlainDate(time.year, time.month, time.day);

/** By the zone that the property names, if there is one; else by the calendar's own definition of it; else by the person's. */
const instantOf = (time: ICAL.Time, tzid: string | undefined, zone: string): Temporal.Instant => {
  const local = new Temporal.PlainDateTime(time.year, time.month, time.day, time.hour, time.minute, Math.min(59, time.second));
  if (time.zone === ICAL.Timezone.utcTimezone) return local.toZonedDateTime('UTC').toInstant();
  if (tzid && isZone(tzid)) return local.toZonedDateTime(tzid).toInstant();
  if (time.zone && time.zone !== ICAL.Timezone.localTimezone)
    return Temporal.Instant.fromEpochMilliseconds(time.toUnixTime() * 1000);
  return local.toZonedDateTime(zone).toInstant();
};

const zoneNamed = (component: ICAL.Component, property: string): string | undefined =>
  component.getFirstProperty(property)?.getFirstParameter('tzid') || undefined;

const partyOf = (property: ICAL.Property): Party => {
  const email = /^mailto:(.+)$/i.exec(String(property.getFirstValue()))?.[1]?.trim().toLowerCase();
  const name = property.getFirstParameter('cn')?.trim();
  return { ...(email ? { email } : {}), ...(name ? { name } : {}) };
};
const partiesOf = ({ component }: ICAL.Event): Pick<Entry, 'attendees' | 'organizer'> => {
  const is = (property: ICAL.Property, parameter: string, pattern: RegExp) =>
    pattern.test(String(property.getFirstParameter(parameter) ?? ''));
  const attendees = component
    .getAllProperties('attendee')
    .filter((one) => !is(one, 'partstat', /^declined$/i) && !is(one, 'cutype', /^(room|resource)$/i))
    .slice(0, MAX_PARTIES)
    .map(partyOf);
  const organizer = component.getFirstProperty('organizer');
  return { attendees, ...(organizer ? { organizer: partyOf(organizer) } : {}) };
};

const titleOf = (event: ICAL.Event) => (event.summary ?? '').trim().slice(0, 200);

/** Undefined for what takes no time, such as a reminder. */
const entryOf = (event: ICAL.Event, start: ICAL.Time, end: ICAL.Time, zone: string): Entry | undefined => {
  const reason = titleOf(event);
  if (start.isDate) {
    const first = dateOf(start);
    const after = dateOf(end);
    const last = Temporal.PlainDate.compare(after, first) > 0 ? after.subtract({ days: 1 }) : first;
    return { first_day: first.toString(), last_day: last.toString(), starts: null, ends: null, reason };
  }
  const startZone = zoneNamed(event.component, 'dtstart');
  const starts = instantOf(start, startZone, zone);
  const ends = instantOf(end, event.isRecurring() ? startZone : (zoneNamed(event.component, 'dtend') ?? startZone), zone);
  if (Temporal.Instant.compare(ends, starts) <= 0) return undefined;
  return { first_day: null, last_day: null, starts: starts.toString(), ends: ends.toString(), reason };
};

const isCancelled = (event: ICAL.Event) => String(event.component.getFirstPropertyValue('status')).toUpperCase() === 'CANCELLED';

/** Events, each with what was changed of single occurrences; a change whose event is not there stands alone. */
const eventsOf = (components: ICAL.Component[]): ICAL.Event[] => {
  const uidOf = (component: ICAL.Component) => String(component.getFirstPropertyValue('uid'));
  const [changes, whole] = [
    components.filter((one) => one.hasProperty('recurrence-id')),
    components.filter((one) => !one.hasProperty('recurrence-id')),
  ];
  const changesOf = Map.groupBy(changes, uidOf);
  const uids = new Set(whole.map(uidOf));
  return [
    ...whole.map((component) => new ICAL.Event(component, { exceptions: changesOf.get(uidOf(component)) ?? [] })),
    ...changes.filter((one) => !uids.has(uidOf(one))).map((component) => new ICAL.Event(component, { exceptions: [] })),
  ];
};

/** The events of a calendar in a window. Says in words what is wrong with it. */
export const readEvents = ({ text, zone, from, to, parties = false }: Asked): Read => {
  const body = text.replace(/^\uFEFF/, '').trimStart();
  if (!/^BEGIN:VCALENDAR/i.test(body))
    return { wrong: 'what it answers with is no calendar: it does not begin with BEGIN:VCALENDAR' };
  let components: ICAL.Component[];
  try {
    const parsed: unknown = ICAL.parse(body);
    const calendars = (Array.isArray(parsed) && typeof parsed[0] === 'string' ? [parsed] : parsed) as (string | unknown[])[];
    components = calendars.flatMap((one) => new ICAL.Component(one as never).getAllSubcomponents('vevent'));
  } catch (thrown) {
    return {
      wrong: `the calendar cannot be read: ${thrown instanceof Error ? thrown.message.slice(0, 200) : 'it is malformed'}`,
    };
  }
  if (components.length > MAX_EVENTS) return { wrong: `the calendar holds more than ${MAX_EVENTS.toLocaleString('en')} events` };

  const [first, last] = [Temporal.Instant.from(from), Temporal.Instant.from(to)];
  const firstDay = first.toZonedDateTimeISO(zone).toPlainDate();
  const lastDay = last.toZonedDateTimeISO(zone).toPlainDate();
  const touches = (entry: Entry) =>
    entry.starts && entry.ends
      ? Temporal.Instant.compare(entry.ends, first) > 0 && Temporal.Instant.compare(entry.starts, last) < 0
      : Temporal.PlainDate.compare(entry.last_day ?? '', firstDay) >= 0 &&
        Temporal.PlainDate.compare(entry.first_day ?? '', lastDay) <= 0;
  const found = new Map<string, Entry>();
  const keep = (event: ICAL.Event, start: ICAL.Time, end: ICAL.Time) => {
    if (isCancelled(event)) return;
    const entry = entryOf(event, start, end, zone);
    if (!entry || !touches(entry)) return;
    const whole = parties ? { ...entry, ...partiesOf(event) } : entry;
    found.set(JSON.stringify(whole), whole);
  };
  let steps = 0;
  const unreadable: Entry[] = [];
  for (const event of eventsOf(components)) {
    try {
      if (!event.isRecurring()) {
        keep(event, event.startDate, event.endDate);
        continue;
      }
      const length = Math.ceil(event.duration.toSeconds() / 86_400) + 1;
      const earliest = asNumber(firstDay.subtract({ days: length }));
      const latest = asNumber(lastDay.add({ days: 1 }));
      const each = event.iterator();
      for (let at = each.next(); at; at = each.next()) {
        steps += 1;
        if (steps > MAX_STEPS || found.size > MAX_ENTRIES) break;
        const day = asNumber(at);
        if (day < earliest) continue;
        if (day > latest) break;
        const { item, startDate, endDate } = event.getOccurrenceDetails(at);
        keep(item, startDate, endDate);
      }
    } catch {
      if (!isCancelled(event))
        unreadable.push({ first_day: null, last_day: null, starts: null, ends: null, reason: titleOf(event) });
    }
  }
  if (steps > MAX_STEPS) return { wrong: 'events of the calendar repeat too often' };
  if (found.size > MAX_ENTRIES)
    return {
      wrong: `the calendar holds more than ${MAX_ENTRIES.toLocaleString('en')} events to come: give one that holds nothing else`,
    };
  if (unreadable.length > 0 && unreadable.length === components.length)
    return { wrong: 'no event of the calendar has times that can be read' };
  const startOf = (entry: Entry) => entry.starts ?? entry.first_day ?? '';
  const read = [...found.values()].sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  return { entries: parties ? [...unreadable.slice(0, MAX_UNREADABLE), ...read] : read };
};
