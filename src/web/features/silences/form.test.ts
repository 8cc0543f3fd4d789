import { expect, test } from 'vitest';
import { bodyOf, emptyForm, formOf, matchersFor, missingIn } from './form.ts';

const NOW = Date.parse('2026-11-15T02:38:00Z');
const form = { ...emptyForm('Europe/Amsterdam'), comment: ' Disk is being moved ', services: ['db'] };

test('from now: it has an end and no beginning, so that it begins when it is saved', () =>
  expect(bodyOf({ ...form, seconds: 3600 }, NOW)).toEqual({
    kind: 'silence',
    comment: 'Disk is being moved',
    services: ['db'],
    matchers: [],
    ends_at: '2026-11-15T03:38:00.000Z',
  }));

test('each week: the days and hours, with or without an end', () => {
  const recurs = { time_zone: 'Europe/Amsterdam', days: ['sun' as const], from: '02:00', to: '04:00' };
  expect(bodyOf({ ...form, when: 'recurring', recurs }, NOW)).toMatchObject({ recurs });
  expect(bodyOf({ ...form, when: 'recurring', recurs }, NOW)).not.toHaveProperty('ends_at');
  expect(bodyOf({ ...form, when: 'planned', starts_at: 'a', ends_at: 'b' }, NOW)).not.toHaveProperty('recurs');
});

test('what is over is used again for as long as it lasted; what is changed keeps its times', () => {
  const { recurs: _, ...once } = form;
  const over = { ...once, starts_at: '2026-11-14T10:00:00Z', ends_at: '2026-11-14T14:00:00Z' };
  expect(formOf(over, 'UTC', true, NOW)).toMatchObject({ when: 'now', seconds: 14_400, ends_at: undefined });
  expect(formOf(over, 'UTC', false, NOW)).toMatchObject({ when: 'planned', starts_at: over.starts_at, ends_at: over.ends_at });
});

test('an alert is known by the labels that say where, else by its summary', () => {
  expect(matchersFor({ summary: 'Disk full', labels: { value: '93.2', host: 'db1', alertname: 'DiskFull' } })).toEqual([
    { name: 'alertname', op: '=', value: 'DiskFull' },
    { name: 'host', op: '=', value: 'db1' },
  ]);
  expect(matchersFor({ summary: 'Disk full', labels: { value: '93.2' } })).toEqual([
    { name: 'summary', op: '=', value: 'Disk full' },
  ]);
});

test.each([
  [{ comment: '  ' }, { comment: true }],
  [{ when: 'planned' as const }, { ends_at: true }],
  [{ when: 'recurring' as const }, { days: true }],
  [{ matchers: [{ name: '', op: '=' as const, value: 'x' }] }, { 'matchers.0': true }],
  [{}, {}],
])('%j lacks %j', (change, missing) => expect(missingIn({ ...form, ...change })).toEqual(missing));
