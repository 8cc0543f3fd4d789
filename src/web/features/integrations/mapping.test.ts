import { expect, test } from 'vitest';
import { formOf, mappingOf } from './mapping.ts';

test.each([
  [{ summary: '$.a', labels: { team: '$.b' }, action_map: { FINE: 'resolve' }, links: [{ href: '$.u' }] }],
  [{ severity: '$.level', severity_map: { sev1: 'critical' }, images: ['$.i'] }],
  [undefined],
])('%j goes through the form unchanged', (mapping) => expect(mappingOf(formOf(mapping))).toEqual(mapping));

test('what is empty is left out, and nothing at all is no mapping', () => {
  expect(mappingOf({ ...formOf(undefined), summary: '  ', labels: [['', '$.x']] })).toBeUndefined();
  expect(
    mappingOf({
      ...formOf(undefined),
      labels: [
        ['team', '$.x'],
        ['', ''],
      ],
    }),
  ).toEqual({ labels: { team: '$.x' } });
});

test('what is no text is not shown as text', () =>
  expect(formOf({ summary: 5, labels: [] })).toMatchObject({ summary: '', labels: [] }));
