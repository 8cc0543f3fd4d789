import { expect, test } from 'vitest';
import { readEvents } from './ical.ts';

const zone = 'Europe/Amsterdam';
const calendar = (...lines: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...lines, 'END:VCALENDAR'].join('\r\n');
const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:u1', 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT'].join('\r\n');
/** In March and April 2026, where the clocks go forward on 29 March. */
const read = (text: string) => readEvents({ text, zone, from: '2026-03-01T00:00:00Z', to: '2026-05-01T00:00:00Z' });
const told = (text: string) => {
  const found = read(text);
  if ('wrong' in found) return found.wrong;
  return found.entries.map((one) =>
    [one.first_day ? `${one.first_day}..${one.last_day}` : `${one.starts}..${one.ends}`, one.reason].filter(Boolean).join(' '),
  );
};
const windows = [
  'BEGIN:VTIMEZONE',
  'TZID:Custom Time',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0530',
  'TZOFFSETTO:+0530',
  'END:STANDARD',
  'END:VTIMEZONE',
].join('\r\n');

test.each<[string, string, string[]]>([
  ['no event', calendar(), []],
  [
    'a day',
    calendar(event('DTSTART;VALUE=DATE:20260310', 'SUMMARY:Dentist\\, again')),
    ['2026-03-10..2026-03-10 Dentist, again'],
  ],
  [
    'days: the end is exclusive',
    calendar(event('DTSTART;VALUE=DATE:20260310', 'DTEND;VALUE=DATE:20260313')),
    ['2026-03-10..2026-03-12'],
  ],
  [
    'an end that is the start',
    calendar(event('DTSTART;VALUE=DATE:20260310', 'DTEND;VALUE=DATE:20260310')),
    ['2026-03-10..2026-03-10'],
  ],
  ['days by their length', calendar(event('DTSTART;VALUE=DATE:20260310', 'DURATION:P2D')), ['2026-03-10..2026-03-11']],
  ['UTC', calendar(event('DTSTART:20260310T120000Z', 'DTEND:20260310T130000Z')), ['2026-03-10T12:00:00Z..2026-03-10T13:00:00Z']],
  [
    "no zone: the person's",
    calendar(event('DTSTART:20260310T120000', 'DTEND:20260310T130000')),
    ['2026-03-10T11:00:00Z..2026-03-10T12:00:00Z'],
  ],
  [
    'a zone by its name, though the calendar does not define it',
    calendar(event('DTSTART;TZID=Asia/Tokyo:20260310T120000', 'DTEND;TZID=Asia/Tokyo:20260310T130000')),
    ['2026-03-10T03:00:00Z..2026-03-10T04:00:00Z'],
  ],
  [
    'a zone that the calendar alone knows',
    calendar(windows, event('DTSTART;TZID=Custom Time:20260310T120000', 'DTEND;TZID=Custom Time:20260310T130000')),
    ['2026-03-10T06:30:00Z..2026-03-10T07:30:00Z'],
  ],
  [
    'weekly across the clock change, without one and with another moved',
    calendar(
      event(
        'DTSTART;TZID=Europe/Amsterdam:20260320T090000',
        'DTEND;TZID=Europe/Amsterdam:20260320T100000',
        'RRULE:FREQ=WEEKLY;COUNT=4',
        'EXDATE;TZID=Europe/Amsterdam:20260327T090000',
      ),
      event(
        'RECURRENCE-ID;TZID=Europe/Amsterdam:20260403T090000',
        'DTSTART;TZID=Europe/Amsterdam:20260404T150000',
        'DTEND;TZID=Europe/Amsterdam:20260404T160000',
      ),
    ),
    [
      '2026-03-20T08:00:00Z..2026-03-20T09:00:00Z',
      '2026-04-04T13:00:00Z..2026-04-04T14:00:00Z',
      '2026-04-10T07:00:00Z..2026-04-10T08:00:00Z',
    ],
  ],
  [
    'days every month, for ever',
    calendar(event('DTSTART;VALUE=DATE:20200115', 'RRULE:FREQ=MONTHLY')),
    ['2026-03-15..2026-03-15', '2026-04-15..2026-04-15'],
  ],
  [
    'a change whose event is not there',
    calendar(event('RECURRENCE-ID:20260403T090000Z', 'DTSTART;VALUE=DATE:20260405')),
    ['2026-04-05..2026-04-05'],
  ],
  [
    'cancelled, without time, long over, far ahead',
    calendar(
      event('DTSTART;VALUE=DATE:20260310', 'STATUS:CANCELLED'),
      event('DTSTART:20260310T120000Z'),
      event('DTSTART;VALUE=DATE:20250310'),
      event('DTSTART;VALUE=DATE:20270310'),
      event('SUMMARY:no start'),
    ),
    [],
  ],
  [
    'the same twice',
    calendar(event('DTSTART;VALUE=DATE:20260310'), event('DTSTART;VALUE=DATE:20260310')),
    ['2026-03-10..2026-03-10'],
  ],
  [
    'two calendars, after a byte order mark',
    `\uFEFF${calendar(event('DTSTART;VALUE=DATE:20260310'))}\r\n${calendar(event('DTSTART;VALUE=DATE:20260312'))}`,
    ['2026-03-10..2026-03-10', '2026-03-12..2026-03-12'],
  ],
])('%s', (_, text, expected) => {
  expect(told(text)).toEqual(expected);
});

test.each([
  ['a page instead', '<html>Sign in</html>', /no calendar/],
  ['nothing', '', /no calendar/],
  ['cut off', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:2026', /cannot be read/],
  ['no iCalendar', 'BEGIN:VCALENDAR\r\nwhat is this', /cannot be read/],
  [
    'an hour that repeats every minute for ever',
    calendar(event('DTSTART:20200101T000000Z', 'DTEND:20200101T010000Z', 'RRULE:FREQ=MINUTELY')),
    /repeat too often/,
  ],
  [
    'a working calendar',
    calendar(event('DTSTART:20260301T000000Z', 'DTEND:20260301T001000Z', 'RRULE:FREQ=MINUTELY;INTERVAL=15')),
    /more than 1,000 events to come/,
  ],
  [
    'too many events',
    calendar(...Array.from({ length: 5001 }, () => event('DTSTART;VALUE=DATE:20260310'))),
    /more than 5,000 events/,
  ],
  ['times of no calendar', calendar(event('DTSTART:soon')), /times that can be read/],
])('refused: %s', (_, text, expected) => {
  expect(told(text)).toMatch(expected);
});

test('an event whose times cannot be read is told with its title where who takes part is asked for, and else left out', () => {
  const text = calendar(
    event('DTSTART;VALUE=DATE:20260310', 'SUMMARY:good'),
    event('DTSTART:soon', 'SUMMARY:Ana'),
    event('DTSTART:soon', 'SUMMARY:off', 'STATUS:CANCELLED'),
  );
  const asked = { text, zone, from: '2026-03-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };
  const days = { starts: null, ends: null };
  const good = { first_day: '2026-03-10', last_day: '2026-03-10', ...days, reason: 'good' };
  expect(readEvents(asked)).toEqual({ entries: [good] });
  expect(readEvents({ ...asked, parties: true })).toEqual({
    entries: [
      { first_day: null, last_day: null, ...days, reason: 'Ana' },
      { ...good, attendees: [] },
    ],
  });
});
