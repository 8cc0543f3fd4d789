import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasChanges, merge, plan } from './plan.ts';
import { render } from './render.ts';
import { wantedOf } from './testing.ts';
import { emptyDocument, type Kind, type ProcessDocument } from './types.ts';

const BASE = `people:
  - {name: ana, display_name: Ana, email: ana@example.com, contact_methods: [{label: phone, channel: sms, address: "+31600000001"}]}
  - {name: ben, display_name: Ben, email: ben@example.com}
teams: [{name: core, members: [ana, ben]}]
routing: [{name: r1}, {name: r2}, {name: r3}, {name: r4}]
settings: {channels: {email: {host: smtp.example.com, password: hunter2}, ntfy: {server: "https://ntfy.example.com"}}}
integrations: [{name: prom, service: x, key: 0123456789abcdef}]
`;
const current = wantedOf(BASE).wanted;
const planOf = (text: string, prune = false) => {
  const { wanted, scope } = wantedOf(text, current);
  return plan(current, wanted, scope, prune);
};
const changed = (text: string, prune = false) => planOf(text, prune).filter((one) => one.change !== 'keep' || one.note);

test('the same again changes nothing', () => {
  const changes = planOf(BASE, true);
  expect(hasChanges(changes)).toBe(false);
  expect(render(changes)).toBe('No changes: 11 things are as the files say.\n');
});

describe('the plan as people read it', () => {
  test.each<[string, string, boolean, string]>([
    [
      'a change in a field and in a method',
      BASE.replace('display_name: Ana', 'time_zone: Europe/Berlin, display_name: Ana').replace('0001"}', '0002"}'),
      false,
      `people:
  ~ ana
      ~ time_zone: UTC → Europe/Berlin
      ~ contact_methods[phone].address: +31600000001 → +31600000002

0 to create, 1 to change, 0 to remove, 10 unchanged.
`,
    ],
    [
      'one made, one kept',
      'teams: [{name: new, title: New, members: [ben]}]',
      false,
      `teams:
  + new
      + title: New
      + members: [ ben ]
  = core  not in the files (kept)

1 to create, 0 to change, 0 to remove, 0 unchanged. 1 not in the files is kept; prune removes it.
`,
    ],
    ['one removed', 'teams: []', true, 'teams:\n  - core\n\n0 to create, 0 to change, 1 to remove, 0 unchanged.\n'],
    [
      'a list',
      'teams: [{name: core, members: [ben, carl]}]',
      false,
      'teams:\n  ~ core\n      ~ members: -ana +carl\n\n0 to create, 1 to change, 0 to remove, 0 unchanged.\n',
    ],
    [
      'a rule moved',
      'routing: [{name: r4}, {name: r1}, {name: r2}, {name: r3}]',
      false,
      'routing:\n  ~ r4\n      ~ position: 4 → 1\n\n0 to create, 1 to change, 0 to remove, 3 unchanged.\n',
    ],
    [
      'a secret',
      'integrations: [{name: prom, service: x, key: fedcba9876543210}]',
      false,
      'integrations:\n  ~ prom\n      ~ key: … → …\n\n0 to create, 1 to change, 0 to remove, 0 unchanged.\n',
    ],
    [
      'a secret by reference',
      'settings: {channels: {email: {host: smtp.example.com, password: "${env:SMTP}"}}}',
      true,
      'settings:\n  ~ channels.email\n      ~ password: … → ${env:SMTP}\n  - channels.ntfy\n\n0 to create, 1 to change, 1 to remove, 1 unchanged.\n',
    ],
    [
      'a new list of maps, an item a line',
      'escalation_policies: [{name: p, steps: [{targets: [{person: ana}]}, {targets: [{person: ben}]}]}]',
      false,
      'escalation_policies:\n  + p\n      + steps:\n          - { targets: [ { person: ana } ] }\n          - { targets: [ { person: ben } ] }\n\n1 to create, 0 to change, 0 to remove, 0 unchanged.\n',
    ],
  ])('%s', (_, text, prune, expected) => expect(render(planOf(text, prune))).toBe(expected));
});

test('no secret is anywhere in a plan', () => {
  const { wanted, scope } = wantedOf(BASE);
  for (const changes of [
    plan(emptyDocument(), wanted, scope, true),
    plan(wanted, emptyDocument(), scope, true),
    planOf(BASE.replace('hunter2', 'hunter3')),
  ])
    expect(JSON.stringify(changes) + render(changes)).not.toMatch(/hunter|0123456789abcdef/);
});

test.each<[string, string, boolean, string[]]>([
  ['an absent key leaves its kind alone', 'teams: [{name: core, members: [ana, ben]}]', true, []],
  ['a present key speaks for its kind', 'people: []', true, ['delete people ana', 'delete people ben']],
  ['without prune they stay, and are named', 'people: []', false, ['keep people ana', 'keep people ben']],
  [
    'a channel is a thing of its own',
    'settings: {bundle_seconds: 5}',
    false,
    ['update settings delivery', 'keep settings channels.email', 'keep settings channels.ntfy'],
  ],
])('%s', (_, text, prune, expected) =>
  expect(changed(text, prune).map((one) => `${one.change} ${one.kind} ${one.name}`)).toEqual(expected),
);

test('who left is not removed again, and stays for those who name her', () => {
  const left: ProcessDocument = {
    ...current,
    people: current.people.map((person) => ({ ...person, active: person.name !== 'ben' })),
  };
  const { wanted, scope } = wantedOf('people: [{name: ana, display_name: Ana, email: ana@example.com}]', left);
  expect(plan(left, wanted, scope, true).map((one) => `${one.change} ${one.name}`)).toEqual(['update ana']);
  expect(merge(left, wanted, scope, true).people.map((person) => person.name)).toEqual(['ana', 'ben']);
});

describe('order', () => {
  const names = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 });
  const rules = (list: string[]): ProcessDocument => ({
    ...emptyDocument(),
    routing: list.map((name) => ({ name, when: { all: [] }, set: {}, stop: false })),
  });
  const scope: ReadonlySet<Kind> = new Set(['routing']);

  test('carried out, any plan is empty; what is kept stays behind whom it followed', () => {
    fc.assert(
      fc.property(names, names, fc.boolean(), (before, after, prune) => {
        const result = merge(rules(before), rules(after), scope, prune);
        expect(hasChanges(plan(result, rules(after), scope, prune))).toBe(false);
        expect(result.routing.map((rule) => rule.name).filter((name) => after.includes(name))).toEqual(after);
        const changesAnything = JSON.stringify(result.routing) !== JSON.stringify(rules(before).routing);
        expect(hasChanges(plan(rules(before), rules(after), scope, prune))).toBe(changesAnything);
      }),
    );
  });
  test('kept rules stand where they stood', () =>
    expect(merge(rules(['a', 'k', 'b']), rules(['b', 'a']), scope, false).routing.map((rule) => rule.name)).toEqual([
      'b',
      'a',
      'k',
    ]));
});
