import { describe, expect, test } from 'vitest';
import { piecesOf } from './changes.ts';
import { daysText, restrictionText, rotationText } from './describe.ts';

const shift = (person: string, from: number, to: number, role: 'primary' | 'secondary' = 'primary') => ({
  person,
  role,
  shadow: false,
  starts: `2026-11-15T${String(from).padStart(2, '0')}:00:00Z`,
  ends: `2026-11-15T${String(to).padStart(2, '0')}:00:00Z`,
  reason: '',
});
const shown = (pieces: ReturnType<typeof piecesOf>) =>
  pieces.map(({ from, to, fresh }) => `${new Date(from).getUTCHours()}-${new Date(to).getUTCHours()}${fresh ? ' fresh' : ''}`);

describe('what is fresh of a shift', () => {
  test.each([
    ['all, when she had nothing', [], ['8-16 fresh']],
    ['nothing, when she had it', [shift('ines', 8, 16)], ['8-16']],
    ['nothing, when she had more', [shift('ines', 0, 20)], ['8-16']],
    ['the middle, when she had its ends', [shift('ines', 6, 10), shift('ines', 14, 18)], ['8-10', '10-14 fresh', '14-16']],
    ['the end', [shift('ines', 8, 12)], ['8-12', '12-16 fresh']],
    ['all, when another had it', [shift('mira', 8, 16)], ['8-16 fresh']],
    ['all, when she had it in another role', [shift('ines', 8, 16, 'secondary')], ['8-16 fresh']],
    ['nothing, however it was cut and overlaps', [shift('ines', 8, 12), shift('ines', 10, 16)], ['8-16']],
  ])('%s', (_, before, pieces) => expect(shown(piecesOf(shift('ines', 8, 16), before))).toEqual(pieces));
});

test.each([
  [['mon', 'tue', 'wed', 'thu', 'fri'], 'Mon to Fri'],
  [['sat', 'sun'], 'Sat, Sun'],
  [['mon', 'wed'], 'Mon, Wed'],
  [['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'], 'every day'],
  [undefined, 'every day'],
])('days %j', (days, text) => expect(daysText(days)).toBe(text));

test('windows and turns in words', () => {
  expect(restrictionText({ from: '09:00', to: '18:00' })).toBe('09:00 to 18:00');
  expect(restrictionText({ from: '09:00', to: '18:00', days: ['mon', 'tue', 'wed'] })).toBe('09:00 to 18:00, Mon to Wed');
  expect(restrictionText({ from: 'fri 18:00', to: 'mon 09:00' })).toBe('Fri 18:00 to Mon 09:00');
  expect(rotationText({ rotation: { every: 1, unit: 'week' }, starts: '2026-11-02T09:00' })).toBe('Every week, Mon 09:00');
  expect(rotationText({ rotation: { every: 12, unit: 'hour' }, starts: '2026-11-02T08:00' })).toBe('Every 12 hours, 08:00');
  expect(rotationText({ rotation: { every: 1, unit: 'month' }, starts: '2026-11-02T08:00' })).toBe('Every month, day 2, 08:00');
});
