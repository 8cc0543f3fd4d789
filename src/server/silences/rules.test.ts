import { describe, expect, test } from 'vitest';
import { matcher } from '../../contract/common.ts';
import { activeUntil, type SilenceRow, silencedBy } from './rules.ts';

const at = (text: string) => Temporal.Instant.from(text);
const silence = (about: Partial<SilenceRow> = {}): SilenceRow => ({
  id: 's',
  kind: 'silence',
  comment: 'why',
  services: [],
  matchers: [],
  starts_at: at('2026-01-01T00:00:00Z'),
  ends_at: null,
  recurs: null,
  created_by: 'ana',
  ended_at: null,
  ...about,
});

describe('activeUntil', () => {
  const once = { starts_at: at('2026-03-02T10:00:00Z'), ends_at: at('2026-03-02T12:00:00Z') };
  const nights = (days: string[], from = '22:00', to = '06:00') => ({
    recurs: { time_zone: 'Europe/Amsterdam', days, from, to },
  });
  test.each([
    ['before it starts', once, '2026-03-02T09:59:59Z', undefined],
    ['at its first instant', once, '2026-03-02T10:00:00Z', '2026-03-02T12:00:00Z'],
    ['at its last', once, '2026-03-02T11:59:59.999Z', '2026-03-02T12:00:00Z'],
    ['at its end', once, '2026-03-02T12:00:00Z', undefined],
    ['ended early', { ...once, ended_at: at('2026-03-02T11:00:00Z') }, '2026-03-02T11:00:00Z', undefined],
    ['ended later than now', { ...once, ended_at: at('2026-03-02T11:30:00Z') }, '2026-03-02T11:00:00Z', '2026-03-02T12:00:00Z'],
    ['Monday night, from its day', nights(['mon']), '2026-03-02T21:00:00Z', '2026-03-03T05:00:00Z'],
    ['Monday night, after midnight', nights(['mon']), '2026-03-03T04:59:59Z', '2026-03-03T05:00:00Z'],
    ['Monday night is over', nights(['mon']), '2026-03-03T05:00:00Z', undefined],
    ['Monday morning belongs to Sunday', nights(['mon']), '2026-03-02T04:00:00Z', undefined],
    [
      'cut by its own end',
      { ...nights(['mon']), ends_at: at('2026-03-02T23:00:00Z') },
      '2026-03-02T22:00:00Z',
      '2026-03-02T23:00:00Z',
    ],
    ['a night shorter by the clocks', nights(['sat']), '2026-03-28T21:00:00Z', '2026-03-29T04:00:00Z'],
    ['a night longer by the clocks', nights(['sat']), '2026-10-24T20:00:00Z', '2026-10-25T05:00:00Z'],
    ['a window that the clocks skip whole', nights(['sun'], '02:10', '02:50'), '2026-03-29T01:05:00Z', undefined],
    ['whole day, to the same time', nights(['mon'], '00:00', '00:00'), '2026-03-02T12:00:00Z', '2026-03-02T23:00:00Z'],
  ] as [string, Partial<SilenceRow>, string, string | undefined][])('%s', (_, about, now, until) => {
    expect(activeUntil(silence(about), at(now))?.toString()).toBe(until);
  });
});

describe('silencedBy', () => {
  const now = at('2026-03-02T12:00:00Z');
  const ends_at = at('2026-03-02T13:00:00Z');
  const facts = {
    labels: { env: 'production', host: 'db-1' },
    fields: { summary: 'disk', severity: 'error', service: 'db', source: '', integration: 'm' },
  };
  const matchers = (...list: object[]) => list.map((one) => matcher.parse(one));
  test.each([
    ['its service', { services: ['web', 'db'] }, true],
    ['another service', { services: ['web'] }, false],
    [
      'all matchers',
      { matchers: matchers({ name: 'env', value: 'production' }, { name: 'host', op: '=~', value: 'db-\\d' }) },
      true,
    ],
    [
      'one matcher fails',
      { matchers: matchers({ name: 'env', value: 'production' }, { name: 'host', op: '!~', value: 'db-.' }) },
      false,
    ],
    ['a field', { matchers: matchers({ name: 'severity', value: 'error' }) }, true],
    ['a missing label is empty', { matchers: matchers({ name: 'zone', op: '!=', value: 'a' }) }, true],
    ['over', { services: ['db'], ended_at: now }, false],
  ] as [string, Partial<SilenceRow>, boolean][])('%s: %s', (_, about, hides) => {
    expect(silencedBy([silence({ ends_at, ...about })], 'db', facts, now) !== undefined).toBe(hides);
  });
  test('the first that covers it, and the sentence that says why', () => {
    const list = [
      silence({ services: ['web'], ends_at }),
      silence({ kind: 'maintenance', matchers: matchers({ name: 'env', value: 'production' }), ends_at }),
    ];
    expect(silencedBy(list, 'db', facts, now)).toMatchObject({
      silence: { kind: 'maintenance' },
      why: 'Maintenance on env="production" by ana until 2026-03-02T13:00:00Z: why',
    });
  });
});
