import { expect, test } from 'vitest';
import { parseSearch, several, stringifySearch } from './search-state.ts';

test('the address keeps text as text, lists with commas, and nothing that is empty', () => {
  const cases: [state: Record<string, string | undefined>, address: string][] = [
    [{}, ''],
    [{ q: '', status: undefined }, ''],
    [{ q: '50% & more', severity: 'critical,error' }, '?q=50%25+%26+more&severity=critical,error'],
    [{ q: '007' }, '?q=007'],
  ];
  for (const [state, address] of cases) expect(stringifySearch(state)).toBe(address);
  expect(parseSearch('?q=50%25+%26+more&n=007')).toEqual({ q: '50% & more', n: '007' });
  expect(several('a,,b')).toEqual(['a', 'b']);
  expect(several(undefined)).toEqual([]);
});
