import { expect, test } from 'vitest';
import { differences, fieldsChanged } from './differences.ts';

test.each([
  ['nothing', { a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, []],
  ['a value', { a: { b: 1 } }, { a: { b: 2 } }, [{ path: 'a.b', was: '1', is: '2' }]],
  ['one more in a list', { a: ['x'] }, { a: ['x', 'y'] }, [{ path: 'a.1', was: undefined, is: 'y' }]],
  ['a field that goes', { a: 1, b: 'x' }, { a: 1 }, [{ path: 'b', was: 'x', is: undefined }]],
  [
    'a list that empties',
    { a: ['x'] },
    { a: [] },
    [
      { path: 'a.0', was: 'x', is: undefined },
      { path: 'a', was: undefined, is: '' },
    ],
  ],
  ['undefined is absent', { a: 1, b: undefined }, { a: 1 }, []],
])('%s', (_, before, after, found) => expect(differences(before, after)).toEqual(found));

test('fields are counted, not what is inside them', () => {
  const before = { title: 'a', hours: { days: ['mon', 'tue'] } };
  expect(fieldsChanged(before, { ...before })).toBe(0);
  expect(fieldsChanged(before, { title: 'a', hours: { days: [] } })).toBe(1);
  expect(fieldsChanged(before, { title: 'b', team: 'x' })).toBe(3);
});
