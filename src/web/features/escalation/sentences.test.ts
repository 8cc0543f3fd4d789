import { expect, test } from 'vitest';
import type { Step, Target } from './queries.ts';
import { conditionWords, moved, policyWords, slugOf, targetWords } from './sentences.ts';

const names = {
  person: (name: string) => (name === 'mira' ? 'Mira' : name),
  schedule: () => 'Commerce',
  team: () => 'Commerce',
};

test.each<[Target, string]>([
  [{ person: 'mira' }, 'Mira'],
  [{ schedule: 's', role: 'primary' }, 'Commerce primary'],
  [{ schedule: 's' }, 'everyone on call in Commerce'],
  [{ team: 't', who: 'all' }, 'everyone in Commerce'],
  [{ team: 't', who: 'lead' }, 'the lead of Commerce'],
  [{ round_robin: ['mira', 'kofi'] }, 'one of Mira, kofi in turn'],
  [{ webhook: 'https://hooks.example.com/x' }, 'the webhook at hooks.example.com'],
  [{ webhook: 'half typ' }, 'the webhook at half typ'],
  [{ channel: 'email', address: 'ops@example.com' }, 'ops@example.com by email'],
])('%j reads %s', (target, words) => {
  expect(targetWords(target, names)).toBe(words);
});

test.each<[Step['when'], string]>([
  [{}, 'always'],
  [{ urgency: 'high', support_hours: 'outside' }, 'only for high urgency, outside support hours'],
  [{ hours: { from: '22:00', to: '06:00', days: ['sat', 'sun'], time_zone: 'UTC' } }, 'only from 22:00 to 06:00 on Sat, Sun UTC'],
  [{ services: ['db'] }, 'only for db'],
])('%j reads %s', (when, words) => {
  expect(conditionWords(when)).toBe(words);
});

test('a policy in one line: each wait stands before whom it leads to', () => {
  const steps: Step[] = [
    { targets: [{ person: 'mira' }], escalate_after_seconds: 300, when: {} },
    { targets: [{ team: 't', who: 'all' }, { person: 'kofi' }], escalate_after_seconds: 90, when: {} },
  ];
  expect(policyWords(steps, names)).toBe('Mira → 5 min: everyone in Commerce and kofi');
});

test.each([
  ['Ärzte, Nacht', 'arzte-nacht'],
  ['  ', ''],
  ['x'.repeat(80), 'x'.repeat(63)],
])('%s is named %s', (title, name) => {
  expect(slugOf(title)).toBe(name);
});

test('moving a step', () => {
  expect(moved([1, 2, 3], 2, 0)).toEqual([3, 1, 2]);
});
