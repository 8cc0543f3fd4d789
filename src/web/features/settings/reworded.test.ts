import { expect, test } from 'vitest';
import { listedOf, reworded, unlistedOf } from './reworded.ts';

const shown = { languages: ['en', 'nl'], parts: ['page', 'test'].map((part) => ({ kind: 'sms', part })) };
const page = { sms: { page: { nl: 'x' } } };

test.each([
  ['nothing', {}, {}, []],
  ['what is listed stays', page, page, []],
  ['an empty text stays', { sms: { page: { nl: '' } } }, { sms: { page: { nl: '' } } }, []],
  ['a part that is gone', { sms: { page: { nl: 'x' }, gone: { nl: 'y', en: 'z' } } }, page, ['sms gone (nl)', 'sms gone (en)']],
  ['a kind that is gone', { ...page, fax: { page: { en: 'x' } } }, page, ['fax page (en)']],
  ['what is no language', { sms: { page: { nl: 'x', Dutch: 'y' } } }, page, ['sms page (Dutch)']],
  ['names of every object', { sms: { page: { nl: 'x' }, toString: { nl: 'x' } } }, page, ['sms toString (nl)']],
])('a stored wording is kept as far as this version knows it: %s', (_what, stored, kept, left) => {
  expect([listedOf(stored, shown), unlistedOf(stored, shown)]).toEqual([kept, left]);
});

test('one text is changed, added and taken back, and nothing empty stays', () => {
  expect(reworded(undefined, 'sms', 'page', 'nl', 'x')).toEqual(page);
  expect(reworded(page, 'sms', 'page', 'en', 'y')).toEqual({ sms: { page: { nl: 'x', en: 'y' } } });
  expect(reworded(page, 'sms', 'page', 'nl', undefined)).toEqual({});
});
