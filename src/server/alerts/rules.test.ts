import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { routingRule } from '../../contract/service.ts';
import { groupKeyOf, route, waves } from './rules.ts';
import type { Signal } from './types.ts';

const signal = (about: Partial<Signal> = {}): Signal => ({
  integrationId: 'i',
  action: 'trigger',
  dedupKey: 'k',
  summary: 'disk full',
  severity: 'error',
  source: 'host-1',
  labels: { env: 'production' },
  links: [],
  images: [],
  raw: null,
  ...about,
});
const rules = (...list: object[]) => list.map((rule, index) => routingRule.parse({ name: `r${index}`, ...rule }));

describe('route', () => {
  const env = (value: string) => ({ name: 'env', value });
  test.each([
    { why: 'no rules', given: [], want: { severity: 'error' }, said: ['there are no routing rules'] },
    {
      why: 'none matches',
      given: [{ when: env('test'), set: { severity: 'info' } }],
      want: { severity: 'error' },
      said: ['no routing rule matched'],
    },
    {
      why: 'a rule without a condition matches all',
      given: [{ set: { service: 'web' } }],
      want: { service: 'web' },
      said: ['rule r0: everything'],
    },
    {
      why: 'later rules set over earlier ones and see what they set',
      given: [
        { when: env('production'), set: { severity: 'warning', labels: { team: 'a' } } },
        { when: { name: 'team', value: 'a' }, set: { severity: 'critical' } },
      ],
      want: { severity: 'critical', labels: { env: 'production', team: 'a' } },
      said: ['rule r0: env="production"', 'rule r1: team="a"'],
    },
    {
      why: 'stop ends the asking',
      given: [{ set: { urgency: 'low' }, stop: true }, { set: { urgency: 'high' } }],
      want: { urgency: 'low' },
      said: ['rule r0: everything'],
    },
    {
      why: 'drop ends it with its reason, and keeps what was set',
      given: [
        { set: { service: 'web' } },
        { when: { name: 'service', value: 'web' }, drop: 'noise' },
        { set: { service: 'db' } },
      ],
      want: { service: 'web', drop: 'noise' },
      said: ['rule r0: everything', 'rule r1: service="web"; noise'],
    },
    {
      why: 'a label hides the field of its name',
      given: [{ when: { name: 'summary', value: 'disk full' }, set: { urgency: 'low' } }],
      about: { labels: { summary: 'mine' } },
      want: { severity: 'error', labels: { summary: 'mine' } },
      said: ['no routing rule matched'],
    },
  ] as { why: string; given: object[]; about?: Partial<Signal>; want: object; said: string[] }[])(
    '$why',
    ({ given, about, want, said }) => {
      const routed = route(signal(about), 'db', 'monitor', rules(...given));
      expect(routed).toMatchObject(want);
      expect(routed.decisions.map((decision) => decision.why)).toEqual(said);
    },
  );

  test('never changes the signal it is asked about', () => {
    const given = signal();
    route(given, 'db', 'monitor', rules({ set: { labels: { env: 'changed' }, severity: 'info' } }));
    expect(given).toEqual(signal());
  });
});

test('group keys are equal exactly when the named labels are', () => {
  const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), fc.string({ maxLength: 3 }));
  fc.assert(
    fc.property(labels, labels, fc.subarray(['a', 'b', 'constructor']), (one, two, by) => {
      const value = (of: Record<string, string>, name: string) => (Object.hasOwn(of, name) ? of[name] : '');
      const equal = by.every((name) => value(one, name) === value(two, name));
      expect(groupKeyOf(by, one) === groupKeyOf(by, two)).toBe(equal);
    }),
  );
  expect(groupKeyOf([], { a: '1' })).toBe(groupKeyOf([], {}));
  expect(groupKeyOf(['a', 'b'], { a: 'x","y' })).not.toBe(groupKeyOf(['a', 'b'], { a: 'x', b: 'y' }));
});

test('waves keep the order of each key, lose nothing, and ask a key one thing each', () => {
  const item = fc.record({
    integrationId: fc.constantFrom('i', 'j'),
    dedupKey: fc.constantFrom('a', 'b', 'c'),
    action: fc.constantFrom('trigger', 'resolve', 'acknowledge'),
  });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 40 }), (signals) => {
      const cut = waves(signals);
      expect(
        cut
          .flat()
          .map((one) => one.index)
          .sort((a, b) => a - b),
      ).toEqual(signals.map((_, index) => index));
      const keyOf = (one: { integrationId: string; dedupKey: string }) => `${one.integrationId} ${one.dedupKey}`;
      for (const key of new Set(signals.map(keyOf))) {
        const order = cut
          .flat()
          .filter((one) => keyOf(one.signal) === key)
          .map((one) => one.index);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        for (const wave of cut)
          expect(
            new Set(wave.filter((one) => keyOf(one.signal) === key).map((one) => one.signal.action)).size,
          ).toBeLessThanOrEqual(1);
      }
    }),
  );
});
