/**
 * Writes what is generated from the migrations: `migrations/schema.sql`, the snapshot a reviewer reads, and
 * `src/server/platform/database-types.ts`, the types queries are checked by.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { migrate, openDatabase } from '../src/server/platform/database.ts';
import { startTestCluster } from '../test/postgres.ts';

const SCHEMA = new URL('../migrations/schema.sql', import.meta.url);
const TYPES = new URL('../src/server/platform/database-types.ts', import.meta.url);
const CODEGEN = new URL('../node_modules/kysely-codegen/dist/cli/bin.js', import.meta.url);

const QUERIES: [title: string, sql: string][] = [
  [
    'tables',
    `select format(E'create table %s (\\n%s\\n)%s;', c.relname,
        string_agg(format('  %s %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
          case a.attidentity when 'a' then ' generated always as identity' else '' end, coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')), E',\\n' order by a.attnum),
        case c.relkind when 'p' then ' partition by ' || pg_get_partkeydef(c.oid) else '' end) as line
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition group by c.oid, c.relname, c.relkind order by c.relname`,
  ],
  [
    'constraints',
    `select format('alter table %s add constraint %s %s;', c.relname, k.conname, pg_get_constraintdef(k.oid)) as line
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and not c.relispartition and k.contype <> 'n' order by c.relname, k.conname`,
  ],
  [
    'indexes',
    `select pg_get_indexdef(i.indexrelid) || ';' as line from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and not c.relispartition and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u')) order by 1`,
  ],
  [
    'functions',
    `select pg_get_functiondef(p.oid) || ';' as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by p.proname`,
  ],
  [
    'triggers',
    `select pg_get_triggerdef(t.oid) || ';' as line from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and not t.tgisinternal and not c.relispartition order by 1`,
  ],
];

/** Both files as the migrations make them. */
export const generate = async (): Promise<{ schema: string; types: string }> => {
  const cluster = await startTestCluster();
  const folder = await mkdtemp(join(tmpdir(), 'allclear-schema-'));
  try {
    const database = openDatabase(cluster.connection, 1, () => undefined);
    await migrate(database);
    await database.close();
    const client = new pg.Client(cluster.connection);
    await client.connect();
    const parts: string[] = [
      '-- Generated from the migrations by `npm run schema`. Not run by anything: for reading and review.',
    ];
    for (const [title, query] of QUERIES) {
      const { rows } = await client.query<{ line: string }>(query);
      parts.push(`-- ${title}`, rows.map((row) => row.line).join(title === 'tables' || title === 'functions' ? '\n\n' : '\n'));
    }
    await client.end();
    const { host, port, user, database: name } = cluster.connection;
    const out = join(folder, 'types.ts');
    await promisify(execFile)(process.execPath, [
      CODEGEN.pathname,
      '--url',
      `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`,
      '--out-file',
      out,
      '--log-level',
      'error',
    ]);
    return { schema: `${parts.join('\n\n')}\n`, types: await readFile(out, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
    await cluster.stop();
  }
};

/** Names of the generated files that no longer say what the migrations make. */
export const stale = async (): Promise<string[]> => {
  const made = await generate();
  const out: string[] = [];
  if ((await readFile(SCHEMA, 'utf8')) !== made.schema) out.push('migrations/schema.sql');
  if ((await readFile(TYPES, 'utf8')) !== made.types) out.push('src/server/platform/database-types.ts');
  return out;
};

if (import.meta.main) {
  const made = await generate();
  await writeFile(SCHEMA, made.schema);
  await writeFile(TYPES, made.types);
  process.stdout.write('wrote migrations/schema.sql and src/server/platform/database-types.ts\n');
}
