import { expect, test } from 'vitest';
import { changesIn, restOf } from './audit-changes.ts';

test('changes are told as text, and what else is kept apart', () => {
  const entry = {
    data: {
      changes: [
        { field: 'role', before: 'responder', after: 'manager' },
        { field: 'members', before: [], after: ['ana', 'ben'] },
        { field: 'dead_man_url', before: null, after: 'https://x' },
        { field: 'layers.days', before: { at: 1 }, after: null },
      ],
      name: 'ops',
    },
  };
  expect(changesIn(entry)).toEqual([
    { field: 'role', before: 'responder', after: 'manager' },
    { field: 'members', before: '', after: 'ana, ben' },
    { field: 'dead_man_url', before: undefined, after: 'https://x' },
    { field: 'layers.days', before: '{"at":1}', after: undefined },
  ]);
  expect(restOf(entry)).toBe('{\n  "name": "ops"\n}');
});

test('an entry of files lists its changes in another form, which is shown as it is', () => {
  const entry = { data: { changes: [{ kind: 'teams', name: 'ops', change: 'create' }] } };
  expect(changesIn(entry)).toEqual([]);
  expect(restOf(entry)).toContain('"kind": "teams"');
});

test('an entry with nothing kept shows nothing', () => {
  expect(changesIn({ data: {} })).toEqual([]);
  expect(restOf({ data: {} })).toBeUndefined();
  expect(restOf({ data: { changes: [] } })).toBeUndefined();
});
