import { expect, test } from 'vitest';
import type { Level } from './queries.ts';
import { moved, withoutEmpty, withText } from './scheme-edit.ts';

test.each([
  ['up', 1, -1, ['b', 'a', 'c']],
  ['down', 1, 1, ['a', 'c', 'b']],
  ['the first stays', 0, -1, ['a', 'b', 'c']],
  ['the last stays', 2, 1, ['a', 'b', 'c']],
] as const)('moved %s', (_, index, by, result) => expect(moved(['a', 'b', 'c'], index, by)).toEqual(result));

const level = { level: 'SEV-1', name: 'Critical', response_time: '5 minutes', response_seconds: 300 } as unknown as Level;
test.each([
  ['other words take their number along', 'response_time', '10 minutes', { response_time: '10 minutes' }],
  ['emptied words go with their number', 'response_time', '', {}],
  ['another text leaves the number', 'name', 'Worst', { name: 'Worst', response_time: '5 minutes', response_seconds: 300 }],
] as const)('%s', (_, key, typed, result) =>
  expect(withText(level, key, typed)).toEqual({ level: 'SEV-1', ...(key === 'name' ? {} : { name: 'Critical' }), ...result }),
);
test('a level stays one while its name is typed anew', () => expect(withText(level, 'level', '').level).toBe(''));
test('empty lines go', () => expect(withoutEmpty(['a', '', '  ', ' b '])).toEqual(['a', 'b']));
