import { expect, test } from 'vitest';
import { whyPagesNobody } from './pages-nobody.ts';
import { danglingReferences } from './references.ts';
import { remarkText } from './source.ts';
import { NOW, read } from './testing.ts';
import { emptyDocument } from './types.ts';

const layer = (rest: string) => `{name: a, rotation: {unit: week}, starts: 2026-01-05T09:00, ${rest}}`;
const HOUSE = `people:
  - {name: ana, display_name: Ana, email: a@example.com}
  - {name: gone, display_name: Gone, email: g@example.com, active: false}
teams: [{name: led, lead: ana}, {name: headless, members: [gone]}, {name: empty}]
schedules:
  - {name: staffed, time_zone: UTC, layers: [${layer('participants: [gone, ana]')}]}
  - {name: deserted, time_zone: UTC, layers: [${layer('participants: [gone]')}]}
  - {name: shadowed, time_zone: UTC, layers: [${layer('participants: [ana], shadow: true')}]}
  - {name: over, time_zone: UTC, layers: [${layer('participants: [ana], ends: 2026-02-01T09:00')}]}
`;
const why = (policy: string | undefined, more = '') => {
  const { wanted } = read(
    `${HOUSE}${policy === undefined ? '' : `escalation_policies: [{name: p, ${policy}}]\n`}services: [{name: s, ${policy === undefined ? '' : 'escalation_policy: p, '}${more}}]`,
  );
  return whyPagesNobody(wanted.services[0] as (typeof wanted.services)[number], wanted, NOW);
};
const step = (target: string, rest = '') => `steps: [{targets: [${target}]${rest}}]`;

test.each<[string, string | undefined]>([
  ['{person: ana}', undefined],
  ['{person: gone}, {person: ana}', undefined],
  ['{round_robin: [gone, ana]}', undefined],
  ['{team: led, who: lead}', undefined],
  ['{schedule: staffed}', undefined],
  ['{schedule: staffed, role: primary}', undefined],
  ['{person: gone}', 'gone is not active'],
  ['{round_robin: [gone]}', 'gone is not active'],
  ['{team: headless}', 'team headless: gone is not active'],
  ['{team: headless, who: lead}', 'team headless has no lead'],
  ['{team: empty}', 'team empty has no members'],
  ['{schedule: deserted}', 'schedule deserted: gone is not active'],
  ['{schedule: staffed, role: secondary}', 'schedule staffed as secondary has no layer that counts'],
  ['{schedule: shadowed}', 'schedule shadowed has no layer that counts'],
  ['{schedule: over}', 'schedule over ended'],
  ['{webhook: "https://example.com"}', 'a webhook pages no person'],
  ['{person: gone}, {team: empty}', 'gone is not active, team empty has no members'],
])('a step of %s', (target, reason) =>
  expect(why(step(target))).toBe(
    reason === undefined
      ? undefined
      : `no step of escalation policy p can reach an active person (step 1: ${reason}; fallback: there is none)`,
  ),
);

test.each<[string, string | undefined, string, string | undefined]>([
  ['no policy', undefined, '', 'it has no escalation_policy'],
  ['a fallback that works', `${step('{person: gone}')}, fallback: {person: ana}`, '', undefined],
  [
    'a fallback that does not',
    `${step('{person: gone}')}, fallback: {team: empty}`,
    '',
    'no step of escalation policy p can reach an active person (step 1: gone is not active; fallback: team empty has no members)',
  ],
  [
    'a step for other services',
    step('{person: ana}', ', when: {services: [other]}'),
    '',
    'no step of escalation policy p can reach an active person (step 1: only for other; fallback: there is none)',
  ],
  [
    'a step for support hours there are not',
    step('{person: ana}', ', when: {support_hours: inside}'),
    '',
    'no step of escalation policy p can reach an active person (step 1: only inside support hours, and the service has none; fallback: there is none)',
  ],
  [
    'a step for support hours there are',
    step('{person: ana}', ', when: {support_hours: inside}'),
    'support_hours: {time_zone: UTC, hours: [{from: "08:00", to: "18:00"}]}',
    undefined,
  ],
])('%s', (_, policy, more, expected) => expect(why(policy, more)).toBe(expected));

test('names that stand for nothing are told where they are written', () => {
  const files = read(`people: [{name: ana, display_name: Ana, email: a@example.com}]
teams: [{name: t, lead: anna, members: [ana, zoe]}]
schedules: [{name: sched, time_zone: UTC, layers: [${layer('participants: [ana, [bob]]')}]}]
escalation_policies: [{name: p, steps: [{targets: [{schedule: shed}, {team: x}, {round_robin: [ana, cy]}]}], fallback: {person: dee}}]
services: [{name: s, team: tt, escalation_policy: q}]
integrations: [{name: i, service: ss}]
routing: [{name: r, set: {service: nope}}]
silences: [{name: z, comment: c, services: [s, u]}]`);
  const told = danglingReferences(files.wanted, emptyDocument(), files.wanted, files.where).map(remarkText);
  expect(told.map((one) => one.replace(/^1\.yaml:(\d+):\d+: /, '$1 '))).toEqual([
    '2 there is no person named anna: did you mean ana?',
    '2 there is no person named zoe; there is ana',
    '3 there is no person named bob; there is ana',
    '4 there is no schedule named shed: did you mean sched?',
    '4 there is no team named x: did you mean t?',
    '4 there is no person named cy; there is ana',
    '4 there is no person named dee; there is ana',
    '5 there is no team named tt: did you mean t?',
    '5 there is no escalation policy named q: did you mean p?',
    '6 there is no service named ss: did you mean s?',
    '7 there is no service named nope; there is s',
    '8 there is no service named u: did you mean s?',
  ]);
  expect(told[1]).toMatch(/^1\.yaml:2:46: /);
});
