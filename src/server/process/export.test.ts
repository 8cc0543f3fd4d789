import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SECTIONS } from '../../contract/process.ts';
import { withoutDefaults } from './defaults.ts';
import { exportYaml } from './export.ts';
import { hasChanges, plan } from './plan.ts';
import { render } from './render.ts';
import { example, problemsOf, wantedOf } from './testing.ts';
import { emptyDocument, type ProcessDocument } from './types.ts';

/** Planning what was exported changes nothing, even if everything it does not list were removed. */
const staysSame = (document: ProcessDocument, keys = true, env: Record<string, string> = {}): string => {
  const text = exportYaml(document, keys);
  const again = wantedOf(text, document, env);
  const changes = plan(document, again.wanted, again.scope, true);
  expect(render(changes)).toMatch(/^No changes/);
  expect(exportYaml(again.wanted, keys)).toBe(text);
  return text;
};

test.each(['organisation.yaml', 'wiki-short-forms.yaml'])('%s comes back as it went in', (name) => {
  const text = staysSame(wantedOf(example(name).text).wanted);
  expect(text).toMatch(/^# The incident process/);
  expect(text).toMatch(/\n# From worst to least\.\nseverities:\n {2}- level: SEV-1\n {4}name: Critical\n/);
  expect(problemsOf(text)).toEqual([]);
});

test('an empty installation has an empty file', () => expect(wantedOf(exportYaml(emptyDocument(), true)).scope.size).toBe(0));

test('defaults are left out, times and dates are quoted for YAML 1.1, words become numbers beside them', () => {
  const text = staysSame(
    wantedOf(
      'people: [{name: ana, display_name: Ana, email: a@example.com, role: responder, quiet_hours: {from: "22:00", to: "07:00"}}]\nseverities: [{level: SEV-1, response_time: 5 minutes, name: X}]',
    ).wanted,
  );
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'people:',
    '  - name: ana',
    '    display_name: Ana',
    '    email: a@example.com',
    '    quiet_hours:',
    '      from: "22:00"',
    '      to: "07:00"',
    'severities:',
    '  - level: SEV-1',
    '    name: X',
    '    response_time: 5 minutes',
    '    response_seconds: 300',
  ]);
});

describe('secrets', () => {
  const document =
    wantedOf(`settings: {channels: {email: {host: h, username: u, password: hunter2}, ntfy: {token: "\${env:NTFY}"}}}
integrations: [{name: prom, service: x, key: 0123456789abcdef, hmac_secret: s3cret}]`).wanted;

  test('channel secrets come out as references with a comment; stored references as they are', () => {
    const text = staysSame(document);
    expect(text).toContain('password: ${env:ALLCLEAR_EMAIL_PASSWORD} # stored in Allclear');
    expect(text).toContain('token: ${env:NTFY}');
    expect(text).toContain('username: u');
    expect(text).not.toContain('hunter2');
    expect(text).toContain('key: 0123456789abcdef');
  });
  test('keys only for whoever may read them, and leaving them out changes nothing', () => {
    const text = staysSame(document, false);
    expect(text).not.toMatch(/0123456789abcdef|s3cret|hunter2/);
    expect(text).toContain('hmac_secret: ${env:ALLCLEAR_PROM_HMAC_SECRET}');
  });
  test('a stand-in means the stored secret until its variable says otherwise', () => {
    const text = exportYaml(document, true);
    for (const [env, expected] of [
      [{}, false],
      [{ ALLCLEAR_EMAIL_PASSWORD: 'hunter2' }, false],
      [{ ALLCLEAR_EMAIL_PASSWORD: 'other' }, true],
    ] as const) {
      const { wanted, scope } = wantedOf(text, document, env);
      expect(hasChanges(plan(document, wanted, scope, true))).toBe(expected);
    }
  });
  test('a reference to what the server does not have is refused for a key, warned of for a channel', () => {
    expect(() => wantedOf('integrations: [{name: i, service: s, key: "${env:NOPE}"}]')).toThrow(
      '1.yaml:1:43: the environment variable NOPE is not set on the server',
    );
    expect(
      wantedOf('integrations: [{name: i, service: s, key: "${env:KEY}"}]', emptyDocument(), { KEY: 'abcdefgh' }).wanted
        .integrations[0]?.key,
    ).toBe('abcdefgh');
    expect(wantedOf('settings: {channels: {ntfy: {token: "${env:NOPE}"}}}').warnings).toEqual([
      '1.yaml:1:37: the environment variable NOPE is not set on the server: ntfy sends nothing until it is',
    ]);
  });
});

test('who was deactivated is told of only where something names her', () => {
  const { wanted } = wantedOf(
    'people: [{name: ana, display_name: A, email: a@b.nl, active: false}, {name: ben, display_name: B, email: b@b.nl, active: false}]\nteams: [{name: t, lead: ana}]',
  );
  const text = staysSame(wanted);
  expect(text).toContain('name: ana');
  expect(text).not.toContain('name: ben');
});

describe('whatever is kept, it comes back', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
  const words = fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    .filter((text) => !/[\r\u0085\u2028\u2029\uFEFF\uD800-\uDFFF]/.test(text));
  const awkward = fc.constantFrom(
    'yes',
    'null',
    '~',
    '1e3',
    '0x1F',
    '22:00',
    '2026-01-01',
    '- a',
    'a: b',
    '# no',
    ' lead',
    'trail ',
    'two\nlines\n',
    'tab\there',
    '"quoted"',
    "it's",
    '*alias',
    '&anchor',
    '${env:X}',
    '{}',
    '…',
  );
  const text = fc.oneof(words, awkward);
  const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
    fc.option(value, { nil: undefined }).map((some): Record<string, T> => (some === undefined ? {} : { [key]: some }));
  const merged = (...parts: fc.Arbitrary<Record<string, unknown>>[]) =>
    fc.tuple(...parts).map((list) => Object.assign({}, ...list) as Record<string, unknown>);
  const unique = <T extends z.ZodType>(schema: T, item: fc.Arbitrary<Record<string, unknown>>, key = 'name') =>
    fc
      .uniqueArray(item, { maxLength: 4, selector: (one) => String(one[key]).toLowerCase() })
      .map((list) => list.map((one) => schema.parse(one)));

  const documents = fc
    .record({
      people: unique(
        SECTIONS.people.element,
        merged(
          fc.record({ name, display_name: text, email: fc.constant('a@example.com') }),
          optional('time_zone', fc.constantFrom('UTC', 'Asia/Tokyo')),
          optional('active', fc.constant(true)),
        ),
      ),
      templates: unique(
        SECTIONS.templates.element,
        merged(fc.record({ name, body: text }), optional('subject', text), optional('fields', fc.array(text, { maxLength: 3 }))),
      ),
      severities: unique(
        SECTIONS.severities.element,
        merged(
          fc.record({ level: fc.stringMatching(/^SEV-[0-9]$/) }),
          optional('description', text),
          optional('examples', fc.array(text, { maxLength: 3 })),
          optional('postmortem_required', fc.boolean()),
        ),
        'level',
      ),
      roles: unique(
        SECTIONS.roles.element,
        merged(
          fc.record({ name }),
          optional('who', fc.oneof(text, fc.array(text, { maxLength: 3 }))),
          optional('responsibilities', fc.array(text, { maxLength: 3 })),
        ),
      ),
      services: unique(
        SECTIONS.services.element,
        merged(
          fc.record({ name }),
          optional('description', text),
          optional('acknowledge_timeout_seconds', fc.constantFrom(null, 60, 1800)),
          optional('grouping', fc.record({ by: fc.array(text, { maxLength: 2 }) })),
        ),
      ),
      routing: unique(
        SECTIONS.routing.element,
        merged(
          fc.record({ name }),
          optional(
            'when',
            fc.oneof(
              fc.record({ name: text, value: text }),
              fc.record({
                any: fc.array(fc.record({ name: text, value: text, op: fc.constantFrom('=', '!=') }), { maxLength: 2 }),
              }),
            ),
          ),
          optional('set', fc.record({ labels: fc.dictionary(text, text, { maxKeys: 2 }) })),
        ),
      ),
    })
    .map((some): ProcessDocument => ({ ...emptyDocument(), ...(some as Partial<ProcessDocument>) }));

  test('export, read, plan: nothing', () => {
    fc.assert(
      fc.property(documents, (document) => void staysSame(wantedOf(exportYaml(document, true)).wanted)),
      { numRuns: 150 },
    );
  });
  test('reading what was exported gives the very document', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const sorted = {
          ...document,
          people: [...document.people].sort((a, b) => (a.name < b.name ? -1 : 1)),
          services: [...document.services].sort((a, b) => (a.name < b.name ? -1 : 1)),
        };
        expect(wantedOf(exportYaml(document, true)).wanted).toEqual(sorted);
      }),
      { numRuns: 150 },
    );
  });
  test('what defaults leave out, the schema puts back', () => {
    fc.assert(
      fc.property(documents, ({ services }) => {
        for (const service of services)
          expect(SECTIONS.services.element.parse(withoutDefaults(SECTIONS.services.element, service))).toEqual(service);
      }),
    );
    const nested = z.strictObject({
      a: z
        .strictObject({ b: z.number().default(1), c: z.array(z.strictObject({ d: z.string().default('x') })).default([]) })
        .default({ b: 1, c: [] }),
    });
    for (const value of [{ a: { b: 1, c: [] } }, { a: { b: 2, c: [] } }, { a: { b: 1, c: [{ d: 'x' }, { d: 'y' }] } }])
      expect(nested.parse(withoutDefaults(nested, value))).toEqual(value);
    expect(withoutDefaults(nested, { a: { b: 1, c: [{ d: 'x' }] } })).toEqual({ a: { c: [{}] } });
  });
});
