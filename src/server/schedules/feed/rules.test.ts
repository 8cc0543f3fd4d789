import { expect, test } from 'vitest';
import { schedule } from '../../../contract/schedule.ts';
import type { Entry } from '../../absences/feed.ts';
import { matcher } from './match.ts';
import { changesOf, settle, turnsBefore, withKnown } from './rules.ts';

const person = (name: string, display_name: string, more: object = {}) => ({
  name,
  display_name,
  email: `${name}@example.com`,
  active: true,
  ...more,
});
const people = [
  person('ana', 'Ana Souza'),
  person('ben', 'Ben Okafor'),
  person('cem', 'Cem Yıldız'),
  person('dua', 'Dua', { active: false }),
  person('may', 'May Lin'),
  person('kim-1', 'Kim Lee'),
  person('kim-2', 'Kim Lee'),
];
const match = matcher(people, { 'Ana S.': 'ana', 'Rota B': 'ben', 'pager@vendor.test': 'cem' });
const mail = (email: string, name?: string) => ({ email, ...(name ? { name } : {}) });

test.each<[string, Parameters<typeof match>[0], string[], RegExp | undefined]>([
  ['a title that is a name', { reason: 'ana' }, ['ana'], undefined],
  ['a full name in a title', { reason: 'On call: Ben Okafor' }, ['ben'], undefined],
  ['any case and spaces', { reason: '  CEM   YILDIZ' }, [], /nobody who is known/],
  ['two in a title', { reason: 'Ana Souza & Ben Okafor' }, ['ana', 'ben'], undefined],
  ['a name before a dash', { reason: 'ben okafor - checkout' }, ['ben'], undefined],
  ['a mail address in a title', { reason: 'On call <Ana@Example.com>' }, ['ana'], undefined],
  ['a word that only looks like a name', { reason: 'On call in May' }, [], /nobody who is known/],
  ['no title', { reason: '' }, [], /nobody who is known/],
  ['a name of two people', { reason: 'Kim Lee' }, [], /2 people are named kim lee/],
  ['one of them by mail', { reason: 'x', attendees: [mail('kim-2@example.com', 'Kim Lee')] }, ['kim-2'], undefined],
  ['attendees before the title', { reason: 'Ana Souza', attendees: [mail('ben@example.com')] }, ['ben'], undefined],
  ['an attendee by name', { reason: 'x', attendees: [mail('b@home.test', 'Ben Okafor')] }, ['ben'], undefined],
  [
    'one attendee of two',
    { reason: 'x', attendees: [mail('ana@example.com'), mail('zoe@else.test')] },
    ['ana'],
    /nobody here is zoe@else\.test/,
  ],
  ['a room, and the title', { reason: 'Ana Souza', attendees: [mail('calendar@example.com')] }, ['ana'], undefined],
  ['nobody of the attendees', { reason: 'x', attendees: [mail('zoe@else.test', 'Zoe')] }, [], /nobody here is Zoe/],
  ['the organizer last', { reason: 'Rota', organizer: mail('may@example.com') }, ['may'], undefined],
  ['the title before the organizer', { reason: 'ana', organizer: mail('may@example.com') }, ['ana'], undefined],
  ['the table: a title', { reason: 'rota b' }, ['ben'], undefined],
  ['the table: part of a title', { reason: 'On call: Ana S.' }, ['ana'], undefined],
  ['the table: an attendee', { reason: 'x', attendees: [mail('pager@vendor.test')] }, ['cem'], undefined],
  ['the table: a title, whoever attends', { reason: 'Rota B', attendees: [mail('ana@example.com')] }, ['ben'], undefined],
  [
    'the table: an attendee beside another',
    { reason: 'x', attendees: [mail('pager@vendor.test'), mail('ana@example.com')] },
    ['cem', 'ana'],
    undefined,
  ],
  ['the table: the organizer', { reason: 'x', organizer: mail('pager@vendor.test') }, ['cem'], undefined],
  ['somebody who left', { reason: 'dua' }, [], /dua is deactivated/],
  ['one who left beside one who is here', { reason: 'Dua & Ana Souza' }, ['ana'], /dua is deactivated/],
])('who is meant by %s', (_, event, expected, problem) => {
  const found = match(event);
  expect(found.people).toEqual(expected);
  if (problem) expect(found.problems.join()).toMatch(problem);
  else expect(found.problems).toEqual([]);
});

const at = (time: string) => Temporal.Instant.from(time);
const now = at('2026-03-10T12:00:00Z');
const days = (reason: string, first_day: string, last_day = first_day): Entry => ({
  first_day,
  last_day,
  starts: null,
  ends: null,
  reason,
});
const hours = (reason: string, starts: string, ends: string): Entry => ({
  first_day: null,
  last_day: null,
  starts,
  ends,
  reason,
});
const told = (turns: { person: string; starts: Temporal.Instant; ends: Temporal.Instant }[]) =>
  turns.map((one) => `${one.person} ${one.starts} ${one.ends}`);

test.each<[string, Entry[], string[]]>([
  [
    'whole days of the zone, over the clock change',
    [days('ana', '2026-03-28', '2026-03-29')],
    ['ana 2026-03-27T23:00:00Z 2026-03-29T22:00:00Z'],
  ],
  [
    'several at once',
    [hours('ana', '2026-03-11T08:00:00Z', '2026-03-11T10:00:00Z'), hours('ben', '2026-03-11T09:00:00Z', '2026-03-11T11:00:00Z')],
    ['ana 2026-03-11T08:00:00Z 2026-03-11T10:00:00Z', 'ben 2026-03-11T09:00:00Z 2026-03-11T11:00:00Z'],
  ],
  [
    'of one person that overlap or touch',
    [
      hours('ana', '2026-03-11T10:00:00Z', '2026-03-11T12:00:00Z'),
      hours('ana', '2026-03-11T08:00:00Z', '2026-03-11T10:00:00Z'),
      hours('Ana Souza', '2026-03-11T09:00:00Z', '2026-03-11T09:30:00Z'),
    ],
    ['ana 2026-03-11T08:00:00Z 2026-03-11T12:00:00Z'],
  ],
  ['over, or of no length', [days('ana', '2026-03-01'), hours('ana', '2026-03-11T08:00:00Z', '2026-03-11T08:00:00Z')], []],
])('events become turns: %s', (_, events, expected) => {
  const found = settle(events, 'Europe/Amsterdam', match, now);
  expect(told(found.turns)).toEqual(expected);
  expect(found.findings).toEqual([]);
});

test('an event that names nobody is a finding and no turn', () => {
  const found = settle([hours('Mystery', '2026-03-11T08:00:00Z', '2026-03-11T10:00:00Z')], 'UTC', match, now);
  expect(found).toEqual({
    turns: [],
    events: 1,
    unreadable: [],
    findings: [
      {
        starts: '2026-03-11T08:00:00Z',
        ends: '2026-03-11T10:00:00Z',
        title: 'Mystery',
        problem: 'it names nobody who is known here',
      },
    ],
  });
});

test('an event without times that can be read is told by its title', () => {
  const bad = { ...days('Ben Okafor', '2026-03-11'), first_day: null, last_day: null };
  expect(settle([bad, days('ana', '2026-03-11')], 'UTC', match, now)).toMatchObject({ events: 1, unreadable: ['Ben Okafor'] });
});

const turn = (person: string, starts: string, ends: string) => ({ person, starts: at(starts), ends: at(ends) });
const running = { id: 'r', ...turn('ana', '2026-03-10T08:00:00Z', '2026-03-10T16:00:00Z') };
const over = { id: 'o', ...turn('ben', '2026-03-09T08:00:00Z', '2026-03-10T08:00:00Z') };
const ahead = { id: 'a', ...turn('ben', '2026-03-10T16:00:00Z', '2026-03-11T16:00:00Z') };
const NONE = { remove: [], end: [], add: [] };

test.each([
  [
    'the same',
    [turn('ana', '2026-03-10T08:00:00Z', '2026-03-10T16:00:00Z'), turn('ben', '2026-03-10T16:00:00Z', '2026-03-11T16:00:00Z')],
    NONE,
  ],
  [
    'the same, said to have begun otherwise',
    [turn('ana', '2026-03-10T10:00:00Z', '2026-03-10T16:00:00Z'), turn('ben', '2026-03-10T16:00:00Z', '2026-03-11T16:00:00Z')],
    NONE,
  ],
  ['nothing: what runs ends now, what was over stays', [], { ...NONE, remove: ['a'], end: [{ id: 'r', ends: now }] }],
  [
    'another person in the turn that runs, from now',
    [turn('cem', '2026-03-10T08:00:00Z', '2026-03-10T16:00:00Z'), ahead],
    { ...NONE, end: [{ id: 'r', ends: now }], add: [turn('cem', '2026-03-10T12:00:00Z', '2026-03-10T16:00:00Z')] },
  ],
  [
    'longer, and the next one later',
    [turn('ana', '2026-03-10T08:00:00Z', '2026-03-10T18:00:00Z'), turn('ben', '2026-03-10T18:00:00Z', '2026-03-11T16:00:00Z')],
    {
      remove: ['a'],
      end: [{ id: 'r', ends: at('2026-03-10T18:00:00Z') }],
      add: [turn('ben', '2026-03-10T18:00:00Z', '2026-03-11T16:00:00Z')],
    },
  ],
  [
    'the end moved into the past',
    [turn('ana', '2026-03-10T08:00:00Z', '2026-03-10T11:00:00Z'), ahead],
    { ...NONE, end: [{ id: 'r', ends: now }] },
  ],
])('a calendar that now says %s', (_, wanted, expected) => {
  const found = changesOf([over, running, ahead], wanted, now);
  expect(JSON.parse(JSON.stringify(found))).toEqual(
    JSON.parse(JSON.stringify({ ...expected, add: expected.add.map(({ person, starts, ends }) => ({ person, starts, ends })) })),
  );
});

test.each<[string, ReturnType<typeof turn>[], string[]]>([
  ['nothing else', [], ['ana 2026-03-10T08:00:00Z 2026-03-10T16:00:00Z', 'ben 2026-03-10T16:00:00Z 2026-03-11T16:00:00Z']],
  [
    'another within it',
    [turn('cem', '2026-03-10T20:00:00Z', '2026-03-11T04:00:00Z')],
    [
      'cem 2026-03-10T20:00:00Z 2026-03-11T04:00:00Z',
      'ana 2026-03-10T08:00:00Z 2026-03-10T16:00:00Z',
      'ben 2026-03-10T16:00:00Z 2026-03-10T20:00:00Z',
      'ben 2026-03-11T04:00:00Z 2026-03-11T16:00:00Z',
    ],
  ],
  [
    'the same person in a part of it',
    [turn('ben', '2026-03-10T16:00:00Z', '2026-03-10T20:00:00Z'), turn('cem', '2026-03-10T08:00:00Z', '2026-03-10T16:00:00Z')],
    ['ben 2026-03-10T16:00:00Z 2026-03-11T16:00:00Z', 'cem 2026-03-10T08:00:00Z 2026-03-10T16:00:00Z'],
  ],
])('while an event cannot be read, known turns stay where the calendar has %s', (_, wanted, expected) => {
  const gone = turn('dua', '2026-03-12T08:00:00Z', '2026-03-12T16:00:00Z');
  expect(told(withKnown(wanted, [running, ahead, gone], new Set(['ana', 'ben', 'cem'])))).toEqual(expected);
});

const saying = (layers: object[], time_zone = 'UTC') =>
  schedule.parse({
    name: 'rota',
    time_zone,
    layers: layers.map((one) => ({ rotation: { unit: 'day' }, starts: '2026-03-09T09:00', ...one })),
  });
const elsewhere = { calendar: { address: 'https://calendar.example.com/x' } };
const kept = ['ben 2026-03-10T12:00:00Z 2026-03-11T08:00:00Z', 'ana 2026-03-11T08:00:00Z 2026-03-11T12:00:00Z'];

test.each<[string, object[] | undefined, object[], string[]]>([
  ['people before', [{ name: 'a', participants: ['ana', 'ben'] }], [{ name: 'a', ...elsewhere }], kept],
  [
    'people before, in another place',
    [{ name: 'a', participants: ['ana', 'ben'] }],
    [
      { name: 'b', participants: ['cem'] },
      { name: 'a', ...elsewhere },
    ],
    kept,
  ],
  ['people and another name before', [{ name: 'a', participants: ['ana', 'ben'] }], [{ name: 'b', ...elsewhere }], kept],
  [
    'another role than what was in its place',
    [{ name: 'a', participants: ['ana', 'ben'] }],
    [{ name: 'b', role: 'secondary', ...elsewhere }],
    [],
  ],
  [
    'in its place what is elsewhere now',
    [{ name: 'a', participants: ['ana', 'ben'] }],
    [
      { name: 'b', ...elsewhere },
      { name: 'a', participants: ['ana', 'ben'] },
    ],
    [],
  ],
  [
    'two at once',
    [{ name: 'a', participants: [['ana', 'ben']] }],
    [{ name: 'a', ...elsewhere }],
    [
      'ana 2026-03-10T12:00:00Z 2026-03-11T08:00:00Z',
      'ben 2026-03-10T12:00:00Z 2026-03-11T08:00:00Z',
      'ana 2026-03-11T08:00:00Z 2026-03-11T12:00:00Z',
      'ben 2026-03-11T08:00:00Z 2026-03-11T12:00:00Z',
    ],
  ],
  ['a calendar before', [{ name: 'a', ...elsewhere }], [{ name: 'a', ...elsewhere }], []],
  ['people still', [{ name: 'a', participants: ['ana'] }], [{ name: 'a', participants: ['ana'] }], []],
  ['no schedule before', undefined, [{ name: 'a', ...elsewhere }], []],
])('turns that stay until a calendar is read, of a layer with %s', (_, was, is, expected) => {
  const name = is.flatMap((one) => ('calendar' in one && 'name' in one ? [String(one.name)] : []))[0] ?? 'a';
  // The old hours are those of the zone as it was.
  const before = was && saying(was, 'Europe/Amsterdam');
  expect(told(turnsBefore(before, saying(is), name, now, at('2026-03-11T12:00:00Z')))).toEqual(expected);
});
