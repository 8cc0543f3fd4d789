import { afterEach, expect, test, vi } from 'vitest';
import { blocksOf, dateOf, dateText, mondayOf, plusDays } from './week.ts';

afterEach(() => void vi.unstubAllEnvs());
const amsterdam = () => {
  vi.stubEnv('TZ', 'Europe/Amsterdam');
  return mondayOf(Date.parse('2026-11-19T10:00:00Z'));
};
const shown = (spans: { starts: string; ends: string | null }[], monday: number) =>
  blocksOf(spans, monday).map(({ day, from, to, lane, lanes, begins, ends }) => [day, from, to, lane, lanes, begins, ends]);

test('a week begins on Monday at the midnight of this device, and its date goes through the address', () => {
  const monday = amsterdam();
  expect(new Date(monday).toISOString()).toBe('2026-11-15T23:00:00.000Z');
  expect(dateText(monday)).toBe('2026-11-16');
  expect(dateOf('2026-11-16')).toBe(monday);
  expect(dateOf('nonsense')).toBeUndefined();
  expect(mondayOf(Date.parse('2026-11-22T22:30:00Z'))).toBe(monday);
});

test('a window past midnight is in two days; one without an end goes on; one of another week is not there', () => {
  const monday = amsterdam();
  expect(
    shown(
      [
        { starts: '2026-11-17T22:00:00Z', ends: '2026-11-18T01:30:00Z' },
        { starts: '2026-11-22T11:00:00Z', ends: null },
        { starts: '2026-11-10T11:00:00Z', ends: '2026-11-15T23:00:00Z' },
      ],
      monday,
    ),
  ).toEqual([
    [1, 1380, 1440, 0, 1, true, false],
    [2, 0, 150, 0, 1, false, true],
    [6, 720, 1440, 0, 1, true, false],
  ]);
});

test('what overlaps stands side by side, what does not has the whole width; the shortest can still be hit', () => {
  const monday = amsterdam();
  const at = (from: string, to: string) => ({ starts: `2026-11-16T${from}:00Z`, ends: `2026-11-16T${to}:00Z` });
  expect(shown([at('08:00', '10:00'), at('09:00', '11:00'), at('10:00', '12:00'), at('13:00', '13:05')], monday)).toEqual([
    [0, 540, 660, 0, 2, true, true],
    [0, 600, 720, 1, 2, true, true],
    [0, 660, 780, 0, 2, true, true],
    [0, 840, 870, 0, 1, true, true],
  ]);
});

test('a day of 25 hours is a day: what runs through the hour that comes twice is not lost', () => {
  vi.stubEnv('TZ', 'Europe/Amsterdam');
  const monday = mondayOf(Date.parse('2026-10-25T10:00:00Z'));
  expect(plusDays(monday, 7) - plusDays(monday, 6)).toBe(25 * 3_600_000);
  expect(shown([{ starts: '2026-10-25T00:50:00Z', ends: '2026-10-25T01:10:00Z' }], monday)).toEqual([
    [6, 170, 200, 0, 1, true, true],
  ]);
});
