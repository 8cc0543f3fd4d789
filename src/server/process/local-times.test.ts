import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LocalMoment, parseDate, parseLocalMoment } from './local-times.ts';

test.each<[string, LocalMoment | undefined]>([
  ['10:00 AM UTC', { time: '10:00', zone: 'UTC' }],
  ['10:00', { time: '10:00' }],
  ['9am', { time: '09:00' }],
  ['9:30 p.m. Europe/Berlin', { time: '21:30', zone: 'Europe/Berlin' }],
  ['12 AM', { time: '00:00' }],
  ['12:15pm GMT', { time: '12:15', zone: 'UTC' }],
  ['noon', { time: '12:00' }],
  ['Monday 09:00 Europe/Berlin', { day: 1, time: '09:00', zone: 'Europe/Berlin' }],
  ['09:00 Europe/Berlin on Fridays', { day: 5, time: '09:00', zone: 'Europe/Berlin' }],
  ['Wed', { day: 3 }],
  ['14:02 UTC', { time: '14:02', zone: 'UTC' }],
  ['14:02Z', { time: '14:02', zone: 'UTC' }],
  ['2026-03-01 14:02 UTC', { date: '2026-03-01', time: '14:02', zone: 'UTC' }],
  ['2026-03-01T14:02:30Z', { date: '2026-03-01', time: '14:02', zone: 'UTC' }],
  ['25:00', undefined],
  ['13pm', undefined],
  ['10:00 Mars/Olympus', undefined],
  ['10:00 11:00', undefined],
  ['Monday Tuesday', undefined],
  ['ten', undefined],
  ['', undefined],
])('%s', (words, expected) => expect(parseLocalMoment(words)).toEqual(expected));

test.each([
  ['2026-03-01', '2026-03-01'],
  ['March 1, 2026', '2026-03-01'],
  ['1 Mar 2026', '2026-03-01'],
  ['Mar 1st, 2026', '2026-03-01'],
  ['February 30, 2026', undefined],
  ['2026-13-01', undefined],
  ['next week', undefined],
])('date %s', (words, expected) => expect(parseDate(words)).toBe(expected));

test('every minute of the day is read the same on both clocks', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1439 }), (minute) => {
      const [hour, past] = [Math.floor(minute / 60), String(minute % 60).padStart(2, '0')];
      const time = `${String(hour).padStart(2, '0')}:${past}`;
      expect(parseLocalMoment(time)).toEqual({ time });
      expect(parseLocalMoment(`${hour % 12 || 12}:${past} ${hour < 12 ? 'AM' : 'PM'}`)).toEqual({ time });
    }),
  );
});
