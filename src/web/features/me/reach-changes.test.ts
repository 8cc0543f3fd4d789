import { expect, test } from 'vitest';
import { type Change, methodPutBack, type Reach, withMethod, withoutMethod, withoutStep, withStep } from './reach-changes.ts';

const method = (label: string) => ({ label, channel: 'sms' as const, address: '+31612345678' });
const step = (after_seconds: number, ...methods: string[]) => ({ after_seconds, methods });
const reach = (methods: string[], high: Reach['notification_rules']['high'] = []): Reach => ({
  contact_methods: methods.map(method),
  notification_rules: { high, low: [] },
});
const before = reach(['push', 'phone'], [step(0, 'push', 'phone'), step(60, 'phone')]);

test.each<[string, Change, Reach, Reach]>([
  ['a method more', withMethod(method('pager')), reach(['push']), reach(['push', 'pager'])],
  ['a method less leaves the rules', withoutMethod('phone'), before, reach(['push'], [step(0, 'push')])],
  ['removed already', withoutMethod('phone'), reach(['push']), reach(['push'])],
  ['put back', methodPutBack(before, 'phone'), withoutMethod('phone')(before), before],
  [
    'put back among what others saved meanwhile',
    methodPutBack(before, 'phone'),
    reach(['push', 'pager'], [step(30, 'pager')]),
    reach(['push', 'phone', 'pager'], [step(30, 'pager'), step(0, 'phone'), step(60, 'phone')]),
  ],
  ['put back by somebody else', methodPutBack(before, 'phone'), before, before],
  ['a step more', withStep('high', step(9, 'push')), reach(['push']), reach(['push'], [step(9, 'push')])],
  [
    'a step less, wherever it is now',
    withoutStep('high', step(60, 'phone')),
    reach(['phone'], [step(0, 'phone'), step(60, 'phone')]),
    reach(['phone'], [step(0, 'phone')]),
  ],
  [
    'one of two equal steps',
    withoutStep('high', step(0, 'a')),
    reach(['a'], [step(0, 'a'), step(0, 'a')]),
    reach(['a'], [step(0, 'a')]),
  ],
  ['a step that is gone', withoutStep('low', step(0, 'a')), reach(['a'], [step(0, 'a')]), reach(['a'], [step(0, 'a')])],
])('%s', (_, change, from, to) => expect(change(from)).toEqual(to));
