import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { apiTypesAreStale } from '../scripts/api-types.ts';
import { stale } from '../scripts/schema.ts';
import * as rules from './architecture/rules.ts';

const ROOT = new URL('../', import.meta.url);
let tree: rules.Tree;

beforeAll(async () => {
  const files = await readdir(new URL('src', ROOT), { recursive: true });
  tree = new Map();
  for (const file of files)
    if (/\.tsx?$/.test(file)) tree.set(`src/${file}`, await readFile(new URL(`src/${file}`, ROOT), 'utf8'));
});

const FLOW: [string, string] = ['src/server/flow.ts', ''];

/** Each rule, and a small house that breaks it, with the words its message must have. */
const cases: [name: string, rule: rules.Rule, broken: [path: string, text: string][], says: RegExp][] = [
  [
    'a module imports only modules above it',
    rules.followsTheOrder,
    [['src/server/paging/a.ts', "import { open } from '../incidents/actions.ts';"]],
    /Emit an event/,
  ],
  [
    'of another module only types.ts and actions.ts',
    rules.followsTheOrder,
    [['src/server/incidents/a.ts', "import * as store from '../paging/store.ts';"]],
    /Export it from paging\/actions\.ts/,
  ],
  [
    'contract imports nothing of ours',
    rules.followsTheOrder,
    [['src/contract/a.ts', "import { x } from '../server/platform/errors.ts';"]],
    /contract\//,
  ],
  [
    'the command line imports only contract',
    rules.followsTheOrder,
    [['src/cli/a.ts', "import { x } from '../server/app.ts';"]],
    /talks HTTP/,
  ],
  [
    'the console imports only contract',
    rules.followsTheOrder,
    [['src/web/pages/a.tsx', "import { x } from '../../server/app.ts';"]],
    /talks HTTP/,
  ],
  ['the design system holds the colours', rules.keepsColoursInUi, [['src/web/pages/a.tsx', 'className="text-critical"']], /ui\//],
  ['a raw colour is a token', rules.keepsColoursInUi, [['src/web/features/a.tsx', "color: '#ff0000'"]], /ui\//],
  [
    'every module has a place in the order',
    rules.followsTheOrder,
    [['src/server/novelty/a.ts', "import { x } from '../platform/errors.ts';"]],
    /ORDER/,
  ],
  [
    'no cycle',
    rules.hasNoCycle,
    [
      ['src/server/paging/a.ts', "import { b } from './b.ts';"],
      ['src/server/paging/b.ts', "import { a } from './a.ts';"],
    ],
    /a cycle/,
  ],
  ['no barrel', rules.hasNoBarrel, [['src/server/paging/index.ts', "export * from './a.ts';"]], /no barrels/],
  ['SQL only in stores', rules.keepsSqlInStores, [['src/server/paging/actions.ts', "ctx.tx.selectFrom('pages')"]], /store\.ts/],
  [
    'SQL in a template is SQL',
    rules.keepsSqlInStores,
    [['src/server/paging/actions.ts', 'await sql`select 1`.execute(tx)']],
    /store\.ts/,
  ],
  [
    'a table has one writer',
    rules.hasOneWriterPerTable,
    [
      ['src/server/paging/store.ts', "insertInto('pages')"],
      ['src/server/alerts/store.ts', 'sql`delete from pages`'],
    ],
    /pages is written by/,
  ],
  [
    'the clock is read in one place',
    rules.readsTheClockInOnePlace,
    [['src/server/paging/a.ts', 'const now = Temporal.Now.instant();']],
    /`now` from ctx/,
  ],
  [
    'the environment is read in one place',
    rules.readsTheEnvironmentInOnePlace,
    [['src/server/paging/a.ts', 'const key = process.env.KEY;']],
    /platform\/config/,
  ],
  [
    'fetch is called in few places',
    rules.fetchesInFewPlaces,
    [['src/server/paging/a.ts', "await fetch('http://x');"]],
    /through a channel/,
  ],
  [
    'a writing action checks permission',
    rules.actsWithPermissionAndJournal({}),
    [
      ['src/server/paging/routes.ts', 'paging.put(ctx)'],
      ['src/server/paging/store.ts', "export const save = (ctx) => ctx.tx.insertInto('pages')"],
      [
        'src/server/paging/actions.ts',
        'export const put = async (ctx) => {\n  await store.save(ctx);\n  await journal(ctx);\n};',
      ],
    ],
    /permission check/,
  ],
  [
    'a writing action journals',
    rules.actsWithPermissionAndJournal({}),
    [
      ['src/server/paging/store.ts', "export const save = (ctx) => ctx.tx.insertInto('pages')"],
      ['src/server/paging/actions.ts', "export const put = async (ctx) => {\n  allow(ctx, 'x');\n  await store.save(ctx);\n};"],
    ],
    /no journal entry/,
  ],
  [
    'a route has a contract schema',
    rules.describesEveryRoute,
    [
      [
        'src/server/paging/routes.ts',
        "route({ method: 'get', path: '/api/x', summary: 's', permission: 'p' }, async (ctx) => {})",
      ],
    ],
    /no result schema/,
  ],
  [
    'a reading route names a permission',
    rules.describesEveryRoute,
    [
      [
        'src/server/paging/routes.ts',
        "route({ method: 'get', path: '/api/x', summary: 's', result: z.string() }, async (ctx) => {})",
      ],
    ],
    /no permission/,
  ],
  [
    'an event is answered in flow.ts',
    rules.answersEveryEvent,
    [FLOW, ['src/server/paging/types.ts', "  interface EventMap {\n    'page.lost': { id: string };\n  }"]],
    /page\.lost has no line in flow\.ts/,
  ],
];

describe('each rule bites', () => {
  for (const [name, rule, broken, says] of cases)
    test(name, () => {
      const found = rule(new Map(broken));
      expect(found).not.toEqual([]);
      expect(found.join('\n')).toMatch(says);
    });
});

describe('the house stands', () => {
  const all: Record<string, rules.Rule> = {
    'imports follow the order': rules.followsTheOrder,
    'no cycle': rules.hasNoCycle,
    'no barrel': rules.hasNoBarrel,
    'SQL only in stores': rules.keepsSqlInStores,
    'one writer a table': rules.hasOneWriterPerTable,
    'one clock': rules.readsTheClockInOnePlace,
    'one reader of the environment': rules.readsTheEnvironmentInOnePlace,
    'fetch only where addresses are guarded': rules.fetchesInFewPlaces,
    'permission and journal': rules.actsWithPermissionAndJournal(rules.EXCUSED),
    'every route described': rules.describesEveryRoute,
    'every event answered': rules.answersEveryEvent,
    'colours only in the design system': rules.keepsColoursInUi,
  };
  for (const [name, rule] of Object.entries(all)) test(name, () => expect(rule(tree)).toEqual([]));
});

test('what is generated from the migrations is current (npm run schema)', async () => {
  expect(await stale()).toEqual([]);
});

test("the types of the console's client are those of the API (npm run api-types)", async () => {
  expect(await apiTypesAreStale()).toBe(false);
});
