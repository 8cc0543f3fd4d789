import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { type CalendarShift, feed } from './calendar.ts';
import { type ScheduleOverride, wholeShifts } from './rules.ts';
import { instant, makeSchedule } from './shifts-samples.ts';

const now = instant('2026-03-20T12:00Z');
const zone = 'Europe/Amsterdam';
const nights = makeSchedule(zone, [{ rotation: { unit: 'day' }, restrictions: [{ from: '22:00', to: '06:00' }] }]);
const shiftsOf = (from: string, to: string, overrides: ScheduleOverride[] = []): CalendarShift[] =>
  wholeShifts(nights, overrides, instant(from), instant(to)).map((shift) => ({
    ...shift,
    schedule: { name: 'main', title: 'Shop; nights, all' },
  }));
const write = (shifts: CalendarShift[], about: 'person' | 'schedule' = 'person') =>
  feed({ name: 'Ana on call', about, shifts, now });
const read = (text: string) => new ICAL.Component(ICAL.parse(text));
const events = (text: string) =>
  read(text)
    .getAllSubcomponents('vevent')
    .map((one) => new ICAL.Event(one));
const ids = (text: string) => events(text).map(({ uid }) => uid);

describe('a calendar feed, read back by another library', () => {
  const shifts = shiftsOf('2026-03-27T12:00Z', '2026-03-31T12:00Z');

  test('says what it is and how often to ask again', () => {
    const calendar = read(write(shifts));
    const value = (name: string) => String(calendar.getFirstPropertyValue(name));
    expect([value('version'), value('name'), value('x-wr-calname'), value('refresh-interval'), value('x-published-ttl')]).toEqual(
      ['2.0', 'Ana on call', 'Ana on call', 'PT1H', 'PT1H'],
    );
  });

  test('holds every shift in UTC, true across the clock change, without blocking the day', () => {
    const found = events(write(shifts)).map((event) => `${event.startDate.toICALString()} ${event.endDate.toICALString()}`);
    expect(found).toEqual([
      '20260327T210000Z 20260328T050000Z',
      '20260328T210000Z 20260329T040000Z',
      '20260329T200000Z 20260330T040000Z',
      '20260330T200000Z 20260331T040000Z',
    ]);
    for (const event of events(write(shifts))) expect(event.component.getFirstPropertyValue('transp')).toBe('TRANSPARENT');
  });

  test('ends every line with CR LF and keeps it within 75 octets', () => {
    const text = write(
      shiftsOf('2026-03-27T12:00Z', '2026-03-31T12:00Z').map((shift) => ({ ...shift, reason: 'é'.repeat(300) })),
    );
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of text.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  });

  test('text with separators and line breaks comes back as it went in, and adds no property', () => {
    const title = 'a,b;c\\d\r\nATTENDEE:mailto:x@example.org';
    const one = shifts.slice(0, 1).map((shift) => ({ ...shift, schedule: { name: 'main', title } }));
    const text = feed({ name: 'x\r\nMETHOD:CANCEL', about: 'person', shifts: one, now });
    expect(events(text)[0]!.summary.replace(/\r?\n/, '|')).toBe('On call: a,b;c\\d|ATTENDEE:mailto:x@example.org (primary)');
    expect(events(text)[0]!.attendees).toEqual([]);
    expect(read(text).getFirstPropertyValue('method')).toBe(null);
  });

  test('entries of a person say where, those of a schedule who', () => {
    expect(events(write(shifts))[0]!.summary).toBe('On call: Shop; nights, all (primary)');
    const people = new Map([['ana', 'Ana Bos']]);
    const named = feed({ name: 'Shop', about: 'schedule', shifts: shifts.slice(0, 3), people, now });
    expect(events(named).map(({ summary }) => summary)).toEqual([
      'Ana Bos on call (primary): Shop; nights, all',
      'ben on call (primary): Shop; nights, all',
      'cem on call (primary): Shop; nights, all',
    ]);
  });
});

describe('the identifier of an entry', () => {
  test('stays when the feed is read again later, also for the shift under way', () => {
    const first = ids(write(shiftsOf('2026-03-27T12:00Z', '2026-04-27T12:00Z')));
    const later = ids(write(shiftsOf('2026-03-29T00:30Z', '2026-04-29T00:30Z')));
    expect(first).toContain(later[0]);
    expect(later.slice(0, 20).every((id) => first.includes(id))).toBe(true);
  });

  test('is one per entry, and an override gets its own', () => {
    const cover: ScheduleOverride = {
      id: 'o-7',
      kind: 'replace',
      person: 'dua',
      replaces: 'ben',
      starts: '2026-03-28T00:00:00Z',
      ends: '2026-03-29T23:00:00Z',
    };
    const without = ids(write(shiftsOf('2026-03-27T12:00Z', '2026-03-31T12:00Z')));
    const covered = ids(write(shiftsOf('2026-03-27T12:00Z', '2026-03-31T12:00Z', [cover])));
    expect(new Set(covered).size).toBe(covered.length);
    expect(covered.filter((id) => !without.includes(id))).toEqual([
      'main/override.o-7.layer-0/dua/primary/2026-03-28T21:00:00Z@allclear',
    ]);
  });
});
