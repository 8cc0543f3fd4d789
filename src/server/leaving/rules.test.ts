import { expect, test } from 'vitest';
import { team } from '../../contract/people.ts';
import { schedule } from '../../contract/schedule.ts';
import { countedOn, overrideWith, scheduleWith, teamWith } from './rules.ts';

const week = (participants: (string | string[])[]) =>
  schedule.parse({
    name: 'week',
    time_zone: 'UTC',
    layers: [{ name: 'l', rotation: { unit: 'day' }, starts: '2026-01-01T00:00', participants }],
  });
test.each([
  [['ben', 'cem'], undefined],
  [
    ['ana', 'cem'],
    ['ben', 'cem'],
  ],
  // She keeps two turns: whoever takes them has them both.
  [
    ['ana', 'ben', 'ana'],
    ['ben', 'ben', 'ben'],
  ],
  [
    [['ana', 'cem'], 'cem'],
    [['ben', 'cem'], 'cem'],
  ],
  [[['ana', 'ben']], ['ben']],
])('turns of %j: %j', (before, after) => {
  expect(scheduleWith(week(before), 'ana', 'ben')?.layers[0]?.participants).toEqual(after);
});

test('whom the names of a calendar mean', () => {
  const people = { 'Ana S.': 'ana', 'The C': 'cem' };
  const layer = { name: 'l', starts: '2026-01-01T00:00', calendar: { address: 'https://calendar.example.com/x', people } };
  const named = schedule.parse({ name: 'week', time_zone: 'UTC', layers: [layer] });
  expect(scheduleWith(named, 'ana', 'ben')?.layers[0]?.calendar?.people).toEqual({ 'Ana S.': 'ben', 'The C': 'cem' });
  expect(scheduleWith(named, 'ben', 'ana')).toBeUndefined();
});

test.each([
  [{ kind: 'add', person: 'cem' }, undefined],
  [
    { kind: 'add', person: 'ana' },
    { kind: 'add', person: 'ben' },
  ],
  [
    { kind: 'remove', replaces: 'ana' },
    { kind: 'remove', replaces: 'ben' },
  ],
  [
    { kind: 'replace', person: 'ana', replaces: 'cem' },
    { kind: 'replace', person: 'ben', replaces: 'cem' },
  ],
  [{ kind: 'replace', person: 'ana', replaces: 'ben' }, 'goes'],
  [{ kind: 'replace', person: 'ben', replaces: 'ana' }, 'goes'],
] as const)('an override %j: %j', (before, after) => {
  expect(overrideWith(before, 'ana', 'ben')).toEqual(after);
});

test.each([
  [{ members: ['cem'] }, undefined],
  [
    { lead: 'ana', members: ['ana', 'ben'] },
    { lead: 'ben', members: ['ben'] },
  ],
  [{ grants: [{ person: 'ana', role: 'manager' }] }, { grants: [{ person: 'ben', role: 'manager' }] }],
  [
    {
      grants: [
        { person: 'ana', role: 'manager' },
        { person: 'ben', role: 'observer' },
      ],
    },
    { grants: [{ person: 'ben', role: 'observer' }] },
  ],
])('a team %j: %j', (before, after) => {
  const found = teamWith(team.parse({ name: 't', ...before }), 'ana', 'ben');
  if (after === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(after);
});

const none = {
  person: 'ana',
  active: false,
  counts_on_her: false,
  schedules: [],
  policies: [],
  teams: [{ team: 'ops', lead: false, member: true, grants: true }],
  open_pages: [],
  held_incidents: [],
  tokens: [],
  silences: [],
};
test('what has to be seen to when she left: keys that ended with her, not teams that hold without her', () => {
  expect(countedOn(none, [])).toEqual([]);
  expect(countedOn({ ...none, teams: [{ team: 'ops', lead: true, member: true, grants: false }] }, ['ci', 'deploys'])).toEqual([
    { label: 'Lead of', value: 'ops' },
    { label: 'Keys that ended', value: 'ci, deploys' },
  ]);
});
