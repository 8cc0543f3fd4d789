import { describe, expect, test } from 'vitest';
import { onCallAt, type ScheduleOverride, shifts } from './rules.ts';
import { instant, makeSchedule } from './shifts-samples.ts';

/** One day, 00:00 to 24:00 UTC: ana (and ben, where asked) primary, cem secondary. */
const from = instant('2026-03-02T00:00Z');
const to = instant('2026-03-03T00:00Z');
const always = { starts: '2026-01-01T00:00' };
const schedule = makeSchedule('UTC', [
  { ...always, participants: ['ana'] },
  { ...always, participants: ['cem'], role: 'secondary' },
]);
const together = makeSchedule('UTC', [{ ...always, participants: [['ana', 'ben']] }]);
const nightsOnly = makeSchedule('UTC', [{ ...always, participants: ['ana'], restrictions: [{ from: '18:00', to: '06:00' }] }]);

const at = (hour: number) => from.add({ minutes: hour * 60 });
const all = [0, 24] as const;
type Given = Partial<ScheduleOverride> & { kind: ScheduleOverride['kind'] };
const over = ([start, end]: readonly [number, number], given: Given): ScheduleOverride => ({
  id: 'o',
  starts: at(start),
  ends: at(end),
  ...given,
});
const takes = (person: string, replaces: string, hours: readonly [number, number] = all, more = {}) =>
  over(hours, { kind: 'replace', person, replaces, ...more });

const lines = (of: typeof schedule, overrides: ScheduleOverride[]) => {
  const hour = (instantAt: Temporal.Instant) => (instantAt.epochMilliseconds - from.epochMilliseconds) / 3_600_000;
  return shifts(
    of,
    overrides.map((one, n) => ({ ...one, id: `o-${n}` })),
    from,
    to,
  )
    .map(({ person, role, start, end }) => `${role} ${hour(start)}-${hour(end)} ${person}`)
    .toSorted()
    .join(', ');
};

describe('overrides', () => {
  test.each([
    [
      'replace mid-shift, to the minute',
      [takes('dua', 'ana', [10.25, 12])],
      'primary 0-10.25 ana, primary 10.25-12 dua, primary 12-24 ana, secondary 0-24 cem',
    ],
    ['replace somebody who is not on call: nothing', [takes('dua', 'eli', [10, 12])], 'primary 0-24 ana, secondary 0-24 cem'],
    [
      'replace without a role follows the person into any',
      [takes('dua', 'cem', [10, 12])],
      'primary 0-24 ana, secondary 0-10 cem, secondary 10-12 dua, secondary 12-24 cem',
    ],
    ['replace in another role: nothing', [takes('dua', 'cem', all, { role: 'primary' })], 'primary 0-24 ana, secondary 0-24 cem'],
    [
      'remove leaves a gap',
      [over([10, 12], { kind: 'remove', replaces: 'ana' })],
      'primary 0-10 ana, primary 12-24 ana, secondary 0-24 cem',
    ],
    [
      'remove everyone means primary unless a role is named',
      [over([10, 12], { kind: 'remove' })],
      'primary 0-10 ana, primary 12-24 ana, secondary 0-24 cem',
    ],
    ['add joins', [over([10, 12], { kind: 'add', person: 'dua' })], 'primary 0-24 ana, primary 10-12 dua, secondary 0-24 cem'],
    [
      'add somebody who is on call already: once',
      [over([10, 12], { kind: 'add', person: 'ana' })],
      'primary 0-24 ana, secondary 0-24 cem',
    ],
    [
      'chain: each acts once on what the one before left',
      [takes('ben', 'ana', [8, 18]), takes('dua', 'ben', [12, 14])],
      'primary 0-8 ana, primary 12-14 dua, primary 14-18 ben, primary 18-24 ana, primary 8-12 ben, secondary 0-24 cem',
    ],
    [
      'give back: the later word holds, and nothing loops',
      [takes('ben', 'ana', [8, 18]), takes('ana', 'ben', [12, 14])],
      'primary 0-8 ana, primary 12-14 ana, primary 14-18 ben, primary 18-24 ana, primary 8-12 ben, secondary 0-24 cem',
    ],
    [
      'a person put on call later than an override about them stays',
      [takes('dua', 'ben'), takes('ben', 'ana')],
      'primary 0-24 ben, secondary 0-24 cem',
    ],
    [
      'of two for one person the later holds',
      [takes('ben', 'ana'), takes('dua', 'ana', [10, 12])],
      'primary 0-10 ben, primary 10-12 dua, primary 12-24 ben, secondary 0-24 cem',
    ],
    [
      'a swap between roles, with roles',
      [takes('cem', 'ana', all, { role: 'primary' }), takes('ana', 'cem', all, { role: 'secondary' })],
      'primary 0-24 cem, secondary 0-24 ana',
    ],
    [
      'a holiday after the cover was arranged does not undo the cover',
      [takes('ben', 'ana'), over(all, { kind: 'remove', replaces: 'ana' })],
      'primary 0-24 ben, secondary 0-24 cem',
    ],
    [
      'cover arranged after the holiday stands as well',
      [over(all, { kind: 'remove', replaces: 'ana' }), takes('ben', 'ana')],
      'primary 0-24 ben, secondary 0-24 cem',
    ],
    [
      'remove everyone, then add: the addition stands',
      [over(all, { kind: 'remove' }), over([10, 12], { kind: 'add', person: 'dua' })],
      'primary 10-12 dua, secondary 0-24 cem',
    ],
    [
      'add, then remove everyone: it does not',
      [over([10, 12], { kind: 'add', person: 'dua' }), over(all, { kind: 'remove' })],
      'secondary 0-24 cem',
    ],
    ['an override of no time', [takes('dua', 'ana', [10, 10])], 'primary 0-24 ana, secondary 0-24 cem'],
  ] as const)('%s', (_, overrides, expected) => {
    expect(lines(schedule, [...overrides])).toBe(expected);
  });

  test.each([
    [
      'one of several',
      [takes('dua', 'ana', [10, 12])],
      'primary 0-10 ana, primary 0-24 ben, primary 10-12 dua, primary 12-24 ana',
    ],
    [
      'one of several by another of them: once, not twice',
      [takes('ben', 'ana', [10, 12])],
      'primary 0-10 ana, primary 0-24 ben, primary 12-24 ana',
    ],
    [
      'all of several',
      [over([10, 12], { kind: 'replace', person: 'dua' })],
      'primary 0-10 ana, primary 0-10 ben, primary 10-12 dua, primary 12-24 ana, primary 12-24 ben',
    ],
    [
      'all of several by one of them',
      [over([10, 12], { kind: 'replace', person: 'ben' })],
      'primary 0-10 ana, primary 0-24 ben, primary 12-24 ana',
    ],
    ['two who end with one person', [takes('dua', 'ana'), takes('dua', 'ben')], 'primary 0-24 dua'],
  ] as const)('of several people at once: %s', (_, overrides, expected) => {
    expect(lines(together, [...overrides]).replace('primary 0-24 dua, primary 0-24 dua', 'twice')).toBe(expected);
  });

  test('that takes over a role holds it all its time, also where nobody was on call', () => {
    expect(lines(nightsOnly, [over([4, 20], { kind: 'replace', person: 'dua' })])).toBe(
      'primary 0-4 ana, primary 20-24 ana, primary 4-20 dua',
    );
    expect(lines(nightsOnly, [takes('dua', 'ana', [4, 20])])).toBe(
      'primary 0-4 ana, primary 18-20 dua, primary 20-24 ana, primary 4-6 dua',
    );
  });

  test('leave shadows alone', () => {
    const shadowed = makeSchedule('UTC', [
      { ...always, participants: ['ana'] },
      { ...always, participants: ['ben'], shadow: true },
    ]);
    const list = shifts(shadowed, [over(all, { kind: 'replace', person: 'dua' })], from, to);
    expect(list.map(({ person, shadow }) => `${person} ${shadow}`)).toEqual(['dua false', 'ben true']);
  });

  test('tell the layer, the override and the reason', () => {
    const told = (override: ScheduleOverride) =>
      onCallAt(schedule, [{ ...override, id: 'o-7' }], at(11)).map(
        ({ person, layer, override_id, reason }) => `${person} ${layer} ${override_id} ${reason}`,
      )[0];
    expect(told(takes('dua', 'ana'))).toBe('dua layer-0 o-7 Replaces ana by override o-7.');
    expect(told(over(all, { kind: 'replace', person: 'dua' }))).toBe(
      'dua undefined o-7 Replaces everyone who is primary by override o-7.',
    );
    expect(told(over(all, { kind: 'remove', replaces: 'ana' }))).toBe('cem layer-1 undefined Has the turn in layer layer-1.');
  });

  test('are read from the wire or as instants alike', () => {
    const wire = {
      id: 'o',
      kind: 'replace' as const,
      person: 'dua',
      replaces: 'ana',
      starts: '2026-03-02T11:00:00+01:00',
      ends: '2026-03-02T12:00:00Z',
    };
    expect(lines(schedule, [wire])).toBe(lines(schedule, [takes('dua', 'ana', [10, 12])]));
  });
});
