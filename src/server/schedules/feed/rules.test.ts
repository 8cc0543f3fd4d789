import { expect, test } from 'vitest';
import type { Entry } from '../../absences/feed.ts';
import { matcher } from './match.ts';
import { changesOf, settle } from './rules.ts';

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
  ['the table: the organizer', { reason: 'x', organizer: mail('pager@vendor.test') }, ['cem'], undefined],
  ['somebody who left', { reason: 'dua' }, ['dua'], /dua is deactivated/],
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
