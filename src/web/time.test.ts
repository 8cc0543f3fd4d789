import { expect, test } from 'vitest';
import { countdown, duration, fromLocalInput, toLocalInput } from './time.ts';

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

test('how long, in the units a person says', () => {
  const cases: [ms: number, said: string][] = [
    [-5, '0 s'],
    [0, '0 s'],
    [59 * S, '59 s'],
    [60 * S, '1 min'],
    [25 * MIN + 59 * S, '25 min'],
    [H, '1 h'],
    [4 * H + 2 * MIN, '4 h 02 min'],
    [24 * H, '1 d'],
    [51 * H, '2 d 3 h'],
  ];
  for (const [ms, said] of cases) expect(duration(ms)).toBe(said);
});

test('what is left: the last second is said as 0:01, and never less than 0:00', () => {
  const cases: [ms: number, said: string][] = [
    [108 * S, '1:48'],
    [107_001, '1:48'],
    [1, '0:01'],
    [0, '0:00'],
    [-H, '0:00'],
    [H + 5 * MIN, '1:05:00'],
  ];
  for (const [ms, said] of cases) expect(countdown(ms)).toBe(said);
});

test('a local time goes into a field and comes back as the same instant; half of one is none', () => {
  for (const at of ['2026-11-15T02:13:00.000Z', '2026-03-29T00:30:00.000Z', '2026-07-01T22:00:00.000Z'])
    expect(fromLocalInput(toLocalInput(at))).toBe(at);
  expect(fromLocalInput('2026-11-')).toBeUndefined();
});
