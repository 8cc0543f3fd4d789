import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { processJsonSchema } from '../../contract/process.ts';
import { example, problemsOf, read, wantedOf } from './testing.ts';

const ANA = '{name: ana, display_name: Ana, email: ana@example.com}';

describe('every mistake is told with its place and what was expected', () => {
  test.each<[string, string, string[]]>([
    [
      'a misspelt key',
      'people:\n  - nme: ana\n    display_name: Ana\n    email: ana@example.com',
      ['1.yaml:2:5: unknown key nme: did you mean name?'],
    ],
    [
      'a missing key',
      'people:\n  - display_name: Ana\n    email: ana@example.com',
      ['1.yaml:2:5: expected the key name (stable name, e.g. `checkout-api`): it is missing'],
    ],
    [
      'a number where text is meant',
      `people: [${ANA.replace('Ana,', '5,')}]`,
      ['1.yaml:1:36: expected text, got the number 5: put it in quotes'],
    ],
    ['text where a number is meant', 'settings:\n  bundle_seconds: "5"', ['1.yaml:2:19: expected a number, got "5"']],
    ['no list', 'teams:\n  - name: t\n    members:', ['1.yaml:3:5: expected a list, got nothing (the value is empty)']],
    ['a map for a list', 'services:\n  checkout: {}', ['1.yaml:2:3: expected a list of services, got a map']],
    [
      'an empty section',
      'services:',
      ['1.yaml:1:1: expected a list of services, got nothing (the value is empty): write services: [] for none'],
    ],
    [
      'a choice',
      'people: [{name: a, display_name: A, email: a@b.nl, role: reponder}]',
      [
        '1.yaml:1:58: expected administrator, manager, responder, observer or stakeholder, got "reponder": did you mean responder?',
      ],
    ],
    [
      'a time zone',
      'people: [{name: a, display_name: A, email: a@b.nl, time_zone: Europe/Amsterdm}]',
      ['1.yaml:1:63: expected an IANA time zone such as Europe/Amsterdam, got "Europe/Amsterdm": did you mean Europe/Amsterdam?'],
    ],
    [
      'a stable name',
      'teams: [{name: The Team}]',
      [
        '1.yaml:1:16: expected lower-case letters, digits, dots, dashes and underscores; 1 to 63 of them; starts with a letter or digit, got "The Team"',
      ],
    ],
    ['an unknown section', 'peple: []', ['1.yaml:1:1: unknown key peple: did you mean people?']],
    [
      'a misspelt target',
      'escalation_policies:\n  - name: x\n    steps:\n      - targets: [{persn: ana}]',
      ['1.yaml:4:20: unknown key persn: did you mean person?'],
    ],
    [
      'a bare target',
      'escalation_policies:\n  - name: x\n    steps:\n      - targets: [ana]',
      ['1.yaml:4:19: expected a map with person, schedule, role, team, who, round_robin, webhook, channel or address, got "ana"'],
    ],
    ['too few', 'escalation_policies:\n  - name: x\n    steps: []', ['1.yaml:3:12: expected at least 1 item, got an empty list']],
    ['too many', 'settings: {bundle_seconds: 9999}', ['1.yaml:1:28: expected at most 3600, got the number 9999']],
    [
      'a channel nobody has',
      'settings: {channels: {pager: {}}}',
      [
        '1.yaml:1:23: unknown key pager: expected email, sms, voice, ntfy, slack, webhook, webpush, pushover, telegram, teams, discord, mattermost or matrix',
      ],
    ],
    [
      'a condition',
      'routing: [{name: r, when: {all: [{nam: x, value: y}]}}]',
      ['1.yaml:1:35: unknown key nam: did you mean name?'],
    ],
    [
      'a silence without a name',
      'silences: [{comment: why, services: [x]}]',
      ['1.yaml:1:12: expected the key name (silences in files need a name): it is missing'],
    ],
    [
      'not a map',
      '- a\n- b',
      ['1.yaml:1:1: expected a map with people, teams, schedules, escalation_policies, services, integrations …, got a list'],
    ],
    ['the same key twice', 'people: []\npeople: []', ['1.yaml:2:1: the key people is in this map twice: expected it once']],
    ['a tab', 'people:\n\t- name: a', ['1.yaml:2:1: expected spaces, got a tab: YAML is indented with spaces']],
    [
      'a bad reference',
      'integrations: [{name: i, service: s, key: "${env:}"}]',
      ['1.yaml:1:43: expected 8 to 64 letters, digits, dashes or underscores, or a reference such as ${env:NAME}, got "${env:}"'],
    ],
  ])('%s', (_, text, expected) => expect(problemsOf(text)).toEqual(expected));

  test('all of them, in all files, in the order of the files', () => {
    expect(problemsOf(['people: [{name: A}]\nteams: 5', 'services: [{name: s, urgency: hgh}]', 'x: ['])).toEqual([
      '1.yaml:1:10: expected the key display_name (text): it is missing',
      expect.stringMatching(/^1\.yaml:1:10: expected the key email/),
      expect.stringMatching(/^1\.yaml:1:17: expected lower-case letters/),
      '1.yaml:2:8: expected a list of teams, got the number 5',
      '2.yaml:1:31: expected high, low or by_severity, got "hgh": did you mean high?',
      expect.stringMatching(/^3\.yaml:1:\d+: not valid YAML/),
    ]);
  });

  test('a reference without quotes in a flow map', () => {
    expect(problemsOf('settings: {channels: {ntfy: {token: ${env:NTFY}}}}')[0]).toBe(
      '1.yaml:1:38: expected quotes: inside { } and [ ] a reference is written "${env:NAME}"',
    );
  });

  test('one name twice is told with both places, across files too', () => {
    expect(problemsOf([`people:\n  - ${ANA}`, `# comment\npeople:\n  - ${ANA}`])).toEqual([
      '2.yaml:3:12: ana is in people twice: expected it once, and it is at 1.yaml:2:12 too',
    ]);
    expect(problemsOf('settings: {}\n---\nsettings: {}')).toEqual([
      '1.yaml:3:1: settings is here twice: expected it once, and it is at 1.yaml:1:1 too',
    ]);
    expect(problemsOf('severities: [{level: SEV-1}, {level: sev-1}]')[0]).toMatch(
      /sev-1 is in severities twice.*1\.yaml:1:22 too/,
    );
  });

  test('an alias bomb is refused, not expanded', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(',')}]`),
    ].join('\n');
    expect(problemsOf(bomb)[0]).toMatch(/expected YAML that can be read: Excessive alias count/);
  });

  test('no text makes it throw', () => {
    const word = fc.constantFrom(
      'people',
      'schedule',
      'roles',
      'severities',
      'name',
      'week_1',
      'ana',
      '5',
      '-',
      ':',
      '{',
      '}',
      '[',
      ']',
      '\n',
      '\n  ',
      ' ',
      '&a',
      '*a',
      '<<',
      '"',
      "'",
      '|',
      '#',
      '---',
      '\t',
      '!!x',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
        ),
        (text) => {
          for (const problem of read(text).problems)
            expect([problem.line, problem.column].every((number) => number !== null && number >= 1)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('what files may do', () => {
  test('anchors, merge keys, several documents and keys of their own', () => {
    const { wanted, scope } = wantedOf(
      `x-base: &base\n  time_zone: Europe/Berlin\npeople:\n  - {<<: *base, name: ana, display_name: Ana, email: ANA@example.com}\n---\nteams: []`,
    );
    expect(wanted.people[0]).toMatchObject({ name: 'ana', time_zone: 'Europe/Berlin', email: 'ana@example.com' });
    expect([...scope]).toEqual(['people', 'teams']);
  });
  test('JSON is YAML', () =>
    expect(wantedOf(JSON.stringify({ teams: [{ name: 't' }] })).wanted.teams).toEqual([
      { name: 't', title: '', members: [], grants: [] },
    ]));
  test('a mistake below a merge key is told where the map is', () =>
    expect(problemsOf('x-base: &b {titl: T}\nteams:\n  - <<: *b\n    name: t')).toEqual([
      '1.yaml:3:5: unknown key titl: did you mean title?',
    ]));
  test('an empty file says nothing', () => expect(wantedOf(['', '# only a comment']).scope.size).toBe(0));
});

test.each(['organisation.yaml', 'wiki-short-forms.yaml'])(
  'docs/examples/%s is read whole and fits the published schema',
  async (name) => {
    const file = example(name);
    const { scope } = wantedOf(file.text, undefined, { SMTP_PASSWORD: 'x' });
    expect(scope.size).toBeGreaterThan(4);
    const { parse } = await import('yaml');
    const published = z.fromJSONSchema(processJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
    expect(published.safeParse(parse(file.text)).error?.issues).toBeUndefined();
    expect(published.safeParse({ peple: [] }).success).toBe(false);
  },
);

test('every example in the documentation is read, and its errors are those it shows', () => {
  const page = readFileSync(new URL('../../../docs/process-as-code.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((found) => found[1] as string);
  expect(blocks.length).toBeGreaterThan(5);
  const known = wantedOf([
    example('organisation.yaml').text,
    example('wiki-short-forms.yaml').text.replace(/^severities:[\s\S]*/m, ''),
  ]).wanted;
  for (const block of blocks) expect(problemsOf(block, known), block).toEqual([]);
});
