import { expect, test } from 'vitest';
import type { OnCallRole } from '../../contract/schedule.ts';
import { changesIn, type Duty, linksIn, mayConfirm, reconcile, runsOf } from './rules.ts';

const at = (text: string) => Temporal.Instant.from(`${text}Z`);
/** `ana 01T09-03T09`: days of March 2026 in UTC. */
const duties = (text: string, role: OnCallRole = 'primary'): Duty[] =>
  text.split(', ').map((one) => {
    const [person = '', span = ''] = one.split(' ');
    const [start = '', end = ''] = span.split('-').map((edge) => `2026-03-${edge}:00`);
    return { person, role, shadow: person === 'shadow', start: at(start), end: at(end) };
  });
const said = (text: string, least = 6): string =>
  changesIn(runsOf(duties(text), 'primary', least), 'primary', {
    from: at('2026-03-01T00:00').epochMilliseconds,
    to: at('2026-03-20T00:00').epochMilliseconds,
    seenTo: at('2026-03-25T00:00').epochMilliseconds,
  })
    .map(({ at: when, outgoing, outgoingUntil, incoming, until }) => {
      const short = (ms: number | null) =>
        ms === null ? '?' : Temporal.Instant.fromEpochMilliseconds(ms).toString().slice(8, 13);
      const from =
        outgoing.length > 0 ? `${outgoing.join('+')}${outgoingUntil === when ? '' : ` (${short(outgoingUntil)})`}` : 'nobody';
      return `${short(when)} ${from} > ${incoming.join('+')} to ${short(until)}`;
    })
    .join(', ');

test.each([
  ['weeks', 'ana 01T00-08T09, ben 08T09-15T09, ana 15T09-25T00', '08T09 ana > ben to 15T09, 15T09 ben > ana to ?'],
  ['a take-over of two hours is no handoff', 'ana 01T00-03T09, ben 03T09-03T11, ana 03T11-25T00', ''],
  [
    'nor does it hide the one soon after',
    'ana 01T00-03T09, ben 03T09-03T11, ana 03T11-03T13, cleo 03T13-25T00',
    '03T13 ana > cleo to ?',
  ],
  ['a night is two', 'ana 01T00-03T18, ben 03T18-04T08, ana 04T08-25T00', '03T18 ana > ben to 04T08, 04T08 ben > ana to ?'],
  ['turns of an hour are none', 'ana 01T00-01T01, ben 01T01-01T02, ana 01T02-01T03, ben 01T03-01T04', ''],
  [
    'hours of work are one run, and the weekend parts the two',
    'ana 02T09-02T17, ana 03T09-03T17, ben 05T09-05T17, ben 06T09-06T17',
    '02T09 nobody > ana to 03T17, 05T09 ana (03T17) > ben to 06T17',
  ],
  ['nobody goes where nobody was for two weeks', 'ana 01T00-02T00, ben 17T00-18T00', '17T00 nobody > ben to 18T00'],
  ['two at once', 'ana 01T00-02T00, ben 01T00-02T00, cleo 02T00-03T00, ben 02T00-03T00', '02T00 ana > cleo to 03T00'],
  ['somebody joins, and leaves again', 'ana 01T00-05T00, ben 02T00-03T00', '02T00 nobody > ben to 03T00'],
  ['shadows do not count', 'ana 01T00-05T00, shadow 02T00-03T00', ''],
])('%s', (_name, given, expected) => expect(said(given)).toBe(expected));

test('a day whose clocks skip an hour keeps its turn of eight hours', () =>
  expect(said('ana 01T00-02T00, ben 02T00-02T07, ana 02T07-05T00')).toBe('02T00 ana > ben to 02T07, 02T07 ben > ana to 05T00'));

test('what is known is kept at its moment, moved with its people, or withdrawn', () => {
  const known = (id: string, when: string, outgoing: string, incoming: string) => ({
    id,
    at: at(when),
    outgoing: [outgoing],
    incoming: [incoming],
  });
  const [a, b, c] = [
    known('a', '2026-03-02T09:00', 'ana', 'ben'),
    known('b', '2026-03-09T09:00', 'ben', 'ana'),
    known('c', '2026-03-16T09:00', 'ana', 'ben'),
  ];
  const change = (when: string, outgoing: string, incoming: string) => ({
    role: 'primary' as const,
    at: at(when).epochMilliseconds,
    until: null,
    outgoing: [outgoing],
    outgoingUntil: null,
    incoming: [incoming],
  });
  const [stays, moves, appears] = [
    change('2026-03-02T09:00', 'ana', 'cleo'),
    change('2026-03-16T10:00', 'ana', 'ben'),
    change('2026-03-20T09:00', 'ben', 'cleo'),
  ];
  expect(reconcile([a, b, c], [stays, moves, appears])).toEqual({
    kept: [[a, stays]],
    moved: [[c, moves]],
    withdrawn: [b],
    added: [appears],
  });
});

test.each([
  ['ben', 'open', '2026-03-01T20:59', 'Too early: from 2026-03-01T21:00:00Z on'],
  ['ben', 'open', '2026-03-01T21:00', 'yes'],
  ['ana', 'open', '2026-03-02T09:00', 'Only ben may confirm this'],
  ['ben', 'confirmed', '2026-03-02T09:00', 'ben has confirmed it already'],
  ['ben', 'lapsed', '2026-03-02T09:00', 'It is over: another is on call since'],
] as const)('%s confirms one that is %s at %s: %s', (who, state, now, expected) => {
  const one = { state, at: at('2026-03-02T09:00'), incoming: ['ben'], confirmed_by: state === 'confirmed' ? 'ben' : null };
  const verdict = mayConfirm(one, who, at(now));
  expect(verdict.ok ? 'yes' : verdict.why).toBe(expected);
});

test('addresses in a description', () =>
  expect(linksIn('See https://a.test/x, (https://b.test/y?z=1). http:// and ftp://no https://a.test/x')).toEqual([
    'https://a.test/x',
    'https://b.test/y?z=1',
  ]));
