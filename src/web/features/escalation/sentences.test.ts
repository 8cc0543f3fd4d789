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

test.each<[Step['when'], string, Step['low_urgency_hours']?]>([
  [{}, 'always'],
  [{ urgency: 'high', support_hours: 'outside' }, 'only for high urgency, outside support hours'],
  [{ hours: { from: '22:00', to: '06:00', days: ['sat', 'sun'], time_zone: 'UTC' } }, 'only from 22:00 to 06:00 on Sat, Sun UTC'],
  [{ services: ['db'] }, 'only for db'],
  [{}, 'always, low urgency from 08:00 to 22:00 of their day', { from: '08:00', to: '22:00' }],
  [
    { services: ['db'] },
    'only for db, low urgency from 09:00 to 17:00 of their day on Mon',
    { from: '09:00', to: '17:00', days: ['mon'] },
  ],
])('%j reads %s', (when, words, low_urgency_hours) => {
  expect(conditionWords({ when, ...(low_urgency_hours ? { low_urgency_hours } : {}) })).toBe(words);
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
