import { expect, test } from 'vitest';
import { changesOf } from './changes.ts';

const hook = 'https://example.com/ping/abc';
test.each<[string, object | undefined, object | undefined, unknown[]]>([
  ['nothing', { a: 1, b: [1, 2], c: { d: null } }, { b: [1, 2], a: 1, c: {} }, []],
  ['a value', { title: 'a' }, { title: 'b' }, [['title', 'a', 'b']]],
  ['a value that came', {}, { title: 'b' }, [['title', null, 'b']]],
  ['a value that went', { title: 'a' }, {}, [['title', 'a', null]]],
  ['deep inside', { grouping: { by: ['x'], window: 1 } }, { grouping: { by: ['x'], window: 2 } }, [['grouping.window', 1, 2]]],
  ['a list of plain values, whole', { members: ['a'] }, { members: ['a', 'b'] }, [['members', ['a'], ['a', 'b']]]],
  ['a list that was empty', { steps: [] }, { steps: [{ x: 1 }] }, [['steps.0', null, { x: 1 }]]],
  ['steps by their place', { steps: [{ x: 1 }, { x: 2 }] }, { steps: [{ x: 1 }, { x: 3 }] }, [['steps.1.x', 2, 3]]],
  [
    'named things by their names',
    {
      layers: [
        { name: 'day', people: ['a'] },
        { name: 'night', people: ['b'] },
      ],
    },
    {
      layers: [
        { name: 'dawn', people: [] },
        { name: 'day', people: ['c'] },
      ],
    },
    [
      ['layers.day.people', ['a'], ['c']],
      ['layers.night', { name: 'night', people: ['b'] }, null],
      ['layers.dawn', null, { name: 'dawn', people: [] }],
    ],
  ],
  [
    'their order',
    { rules: [{ name: 'a' }, { name: 'b' }] },
    { rules: [{ name: 'b' }, { name: 'a' }] },
    [['rules.order', ['a', 'b'], ['b', 'a']]],
  ],
  [
    'a new thing',
    undefined,
    { name: 'web', urgency: 'high' },
    [
      ['name', null, 'web'],
      ['urgency', null, 'high'],
    ],
  ],
  ['a removed thing', { name: 'web' }, undefined, [['name', 'web', null]]],
  ['a secret', { key: 'old-key-1', hmac_secret: 'x' }, { key: 'new-key-1', hmac_secret: 'x' }, [['key', '…', '…']]],
  [
    'a secret inside of what came',
    {},
    { channels: { sms: { auth_token: 'x', from: '+31' } } },
    [['channels', null, { sms: { auth_token: '…', from: '+31' } }]],
  ],
  [
    'all that is under a secret name',
    { secret: { a: 'x' } },
    { secret: { a: 'y', b: 1 } },
    [
      ['secret.a', '…', '…'],
      ['secret.b', null, '…'],
    ],
  ],
  ['a reference to a secret', { password: 'x' }, { password: '${env:SMTP}' }, [['password', '…', '${env:SMTP}']]],
  ['the address of the watcher', {}, { dead_man_url: hook }, [['dead_man_url', null, '…']]],
  ['no secret: keys of grouping and the like', { dedup_keys: ['a'] }, { dedup_keys: ['b'] }, [['dedup_keys', ['a'], ['b']]]],
  [
    'false and zero are values',
    { a: false, b: 0 },
    { a: true, b: null },
    [
      ['a', false, true],
      ['b', 0, null],
    ],
  ],
  ['a long text, cut', { d: '' }, { d: 'x'.repeat(2001) }, [['d', '', `${'x'.repeat(2000)}…`]]],
])('changesOf: %s', (_, before, after, expected) => {
  expect(changesOf(before, after).map((one) => [one.field, one.before, one.after])).toEqual(expected);
});

test('of more than 200 changes the rest is counted', () => {
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`f${n}`, n]));
  const changes = changesOf({}, many);
  expect([changes.length, changes.at(-1)?.field]).toEqual([201, 'and 50 more']);
});
