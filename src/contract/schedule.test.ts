import { describe, expect, test } from 'vitest';
import { restriction } from './restriction.ts';
import { override, schedule } from './schedule.ts';

const layer = { name: 'weekly', rotation: { unit: 'week' }, starts: '2026-01-05T09:00', participants: ['ana', ['ben', 'cem']] };
const valid = { name: 'checkout', time_zone: 'Europe/Amsterdam', layers: [layer] };

const complaints = (result: { error?: { issues: { path: PropertyKey[]; message: string }[] } }) =>
  result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') ?? 'accepted';

describe('a schedule', () => {
  test('gets its defaults and the canonical name of its zone', () => {
    const read = schedule.parse({ ...valid, time_zone: 'europe/amsterdam' });
    expect(read.time_zone).toBe('Europe/Amsterdam');
    expect(read.title).toBe('');
    expect(read.policies).toEqual({ max_consecutive_days: 7, min_gap_days: 14, min_rotation_size: 4 });
    expect(read.layers[0]).toMatchObject({ role: 'primary', shadow: false, rotation: { every: 1, unit: 'week' } });
  });

  test('a layer with a calendar needs no rotation', () => {
    const [read] = schedule.parse({
      ...valid,
      layers: [{ name: 'out', starts: layer.starts, calendar: { address: 'https://calendar.example.com/x' } }],
    }).layers;
    expect(read).toMatchObject({ rotation: { every: 1, unit: 'week' }, participants: [] });
  });

  test('every zone the product accepts is one the engine can compute in', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const read = schedule.parse({ ...valid, time_zone: zone }).time_zone;
      expect(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(read)).not.toThrow();
    }
  });

  test.each([
    ['a zone that does not exist', { ...valid, time_zone: 'Europe/Amsterdamm' }, /^time_zone: an IANA time zone/],
    ['an offset for a zone', { ...valid, time_zone: '+02:00' }, /^time_zone: an IANA time zone/],
    ['a typo', { ...valid, timezone: 'UTC' }, /timezone/],
    ['a typo in a layer', { ...valid, layers: [{ ...layer, restriction: [] }] }, /^layers\.0: .*restriction/],
    ['two layers of one name', { ...valid, layers: [layer, layer] }, /^layers\.1\.name: another layer is named weekly/],
    [
      'an interval of zero',
      { ...valid, layers: [{ ...layer, rotation: { every: 0, unit: 'day' } }] },
      /^layers\.0\.rotation\.every/,
    ],
    [
      'a fraction of an interval',
      { ...valid, layers: [{ ...layer, rotation: { every: 1.5, unit: 'day' } }] },
      /^layers\.0\.rotation\.every/,
    ],
    ['a unit there is none of', { ...valid, layers: [{ ...layer, rotation: { unit: 'year' } }] }, /^layers\.0\.rotation\.unit/],
    [
      'a day that does not exist',
      { ...valid, layers: [{ ...layer, starts: '2026-02-30T09:00' }] },
      /^layers\.0\.starts: a local date and time/,
    ],
    [
      'an instant as a start',
      { ...valid, layers: [{ ...layer, starts: '2026-02-03T09:00Z' }] },
      /^layers\.0\.starts: a local date and time/,
    ],
    [
      'an end before the start',
      { ...valid, layers: [{ ...layer, ends: '2026-01-05T09:00' }] },
      /^layers\.0\.ends: must be after/,
    ],
    ['nobody', { ...valid, layers: [{ ...layer, participants: [] }] }, /^layers\.0\.participants/],
    [
      'no word of how long a turn lasts',
      { ...valid, layers: [{ ...layer, rotation: undefined }] },
      /^layers\.0\.rotation: is missing/,
    ],
    ['nobody at once', { ...valid, layers: [{ ...layer, participants: [[]] }] }, /^layers\.0\.participants\.0/],
    [
      'one person twice at once',
      { ...valid, layers: [{ ...layer, participants: ['cem', ['ana', 'ana']] }] },
      /^layers\.0\.participants\.1: names a person twice/,
    ],
    ['a policy of zero days', { ...valid, policies: { max_consecutive_days: 0 } }, /^policies\.max_consecutive_days/],
  ])('refuses %s, naming the field', (_, given, complaint) => {
    expect(complaints(schedule.safeParse(given))).toMatch(complaint);
  });
});

test.each([
  ['daily', { from: '09:00', to: '17:00' }, /^accepted$/],
  ['daily past midnight, on some days', { from: '22:00', to: '06:00', days: ['fri'] }, /^accepted$/],
  ['weekly past the end of the week', { from: 'fri 17:00', to: 'mon 09:00' }, /^accepted$/],
  ['weekly, all but one minute', { from: 'mon 09:00', to: 'mon 08:59' }, /^accepted$/],
  ['of no length', { from: '09:00', to: '09:00' }, /^to: must differ from `from`/],
  ['of no length, weekly', { from: 'fri 17:00', to: 'fri 17:00' }, /^to: must differ from `from`/],
  ['half daily, half weekly', { from: 'fri 17:00', to: '09:00' }, /^to: must have a weekday if/],
  ['weekly with days', { from: 'fri 17:00', to: 'mon 09:00', days: ['fri'] }, /^days: only for daily/],
  ['on no day', { from: '09:00', to: '17:00', days: [] }, /^days/],
  ['past the end of the day', { from: '09:00', to: '24:00' }, /^to: a time such as/],
  ['with a typo', { from: '09:00', to: '17:00', day: ['fri'] }, /day/],
])('a restriction %s', (_, given, complaint) => {
  expect(complaints(restriction.safeParse(given))).toMatch(complaint);
});

const times = { id: 'o-1', starts: '2026-03-02T09:00:00Z', ends: '2026-03-02T17:00:00+01:00' };
test.each([
  ['one for another', { kind: 'replace', person: 'ana', replaces: 'ben' }, /^accepted$/],
  ['one for everyone', { kind: 'replace', person: 'ana', role: 'secondary' }, /^accepted$/],
  ['one more', { kind: 'add', person: 'ana' }, /^accepted$/],
  ['one fewer', { kind: 'remove', replaces: 'ben' }, /^accepted$/],
  ['nobody for another', { kind: 'replace', replaces: 'ben' }, /^person: replace needs the person/],
  ['remove with a newcomer', { kind: 'remove', person: 'ana' }, /^person: nobody comes on call by remove/],
  ['add in place of somebody', { kind: 'add', person: 'ana', replaces: 'ben' }, /^replaces: add takes nobody off call/],
  ['one for themselves', { kind: 'replace', person: 'ana', replaces: 'ana' }, /^replaces: must be someone else/],
  ['no time at all', { kind: 'add', person: 'ana', ends: '2026-03-02T10:00:00+01:00' }, /^ends: must be after/],
  ['a local time', { kind: 'add', person: 'ana', starts: '2026-03-02T09:00:00' }, /^starts/],
])('an override: %s', (_, given, complaint) => {
  expect(complaints(override.safeParse({ ...times, ...given }))).toMatch(complaint);
});
