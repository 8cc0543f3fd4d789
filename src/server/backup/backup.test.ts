import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { freshDatabase } from '../../../test/databases.ts';
import { type FakeNtfy, startNtfy } from '../../../test/fakes/ntfy.ts';
import { startWorld, type World } from '../../../test/harness.ts';
import { migrationFiles, openDatabase } from '../platform/database.ts';
import { writeBackup } from './actions.ts';

const AT = '2026-03-02T12:00:00Z';
const fakes: FakeNtfy[] = [];
afterEach(async () => {
  for (const fake of fakes.splice(0)) await fake.stop();
});

const query = async <T extends pg.QueryResultRow>(world: World, text: string, values: unknown[] = []): Promise<T[]> => {
  const client = new pg.Client(world.connection);
  await client.connect();
  try {
    await client.query("set timezone = 'UTC'");
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
};
const tableNames = async (world: World): Promise<string[]> =>
  (
    await query<{ name: string }>(
      world,
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migrations' order by 1`,
    )
  ).map((row) => row.name);
/** Every row of every table as PostgreSQL writes a whole row, and the jobs that wait. */
const dump = async (world: World): Promise<Record<string, string[]>> => {
  const found: Record<string, string[]> = {};
  for (const name of await tableNames(world))
    found[name] = (await query<{ row: string }>(world, `select t::text as row from "${name}" t order by 1`)).map(
      (one) => one.row,
    );
  found.jobs = (
    await query<{ row: string }>(
      world,
      `select concat_ws(' ', id, name, priority, data, start_after, created_on, keep_until, retry_count, singleton_key) as row
       from jobs.job where state in ('created', 'retry', 'active') order by 1`,
    )
  ).map((one) => one.row);
  return found;
};

/** An installation with rows in every table: an incident under way, one merged into a later one, awkward values. */
const inUse = async (): Promise<{ world: World; ntfy: FakeNtfy }> => {
  const ntfy = await startNtfy();
  fakes.push(ntfy);
  const world = await startWorld({ at: AT, own: true });
  const { call } = world;
  await call('PUT', '/api/settings', { channels: { ntfy: { server: ntfy.url } }, throttle: { ntfy: 6000 }, bundle_seconds: 0 });
  for (const name of ['ana', 'ben'])
    await call('PUT', `/api/people/${name}`, {
      display_name: `${name} "O'Neil" 日本 \\ \u{1f525}`,
      email: `${name}@example.com`,
      time_zone: 'Europe/Amsterdam',
      quiet_hours: { from: '22:00', to: '07:00' },
      contact_methods: [{ label: 'push', channel: 'ntfy', address: `topic-${name}`, verified: true }],
      notification_rules: { high: [{ after_seconds: 0, methods: ['push'] }], low: [] },
    });
  await call('PUT', '/api/teams/ops', { members: ['ana', 'ben'], lead: 'ana', grants: [{ person: 'ben', role: 'manager' }] });
  await call('PUT', '/api/schedules/rota', {
    time_zone: 'Europe/London',
    layers: [{ name: 'days', rotation: { every: 1, unit: 'week' }, starts: '2026-01-05T09:00', participants: ['ben'] }],
  });
  await call('POST', '/api/schedules/rota/overrides', {
    kind: 'replace',
    person: 'ana',
    starts: '2026-04-01T00:00:00Z',
    ends: '2026-04-02T00:00:00Z',
  });
  await call('POST', '/api/cover-requests', {
    schedule: 'rota',
    person: 'ben',
    asked: ['ana'],
    starts: '2026-05-01T00:00:00Z',
    ends: '2026-05-02T00:00:00Z',
  });
  await call('PUT', '/api/people/ana/rota-preferences', { avoid_weekdays: ['fri'], avoid_days: ['2026-12-24'] });
  await call('POST', '/api/schedules/rota/rota-proposals', { weeks: 1 });
  await call('PUT', '/api/escalation-policies/turns', {
    steps: [
      { targets: [{ round_robin: ['ana'] }], escalate_after_seconds: 300 },
      { targets: [{ schedule: 'rota' }], escalate_after_seconds: 300 },
    ],
  });
  await call('PUT', '/api/services/db', { escalation_policy: 'turns', grouping: { by: [], window_seconds: 0 } });
  await call('PUT', '/api/integrations/monitor', { service: 'db', key: 'the-key-of-db' });
  await call('PUT', '/api/routing', { items: [{ name: 'all', set: { labels: { seen: 'yes' } } }] });
  await call('POST', '/api/silences', {
    comment: 'weekend',
    matchers: [{ name: 'env', value: 'staging' }],
    ends_at: '2026-03-09T00:00:00Z',
  });
  await call('PUT', '/api/heartbeats/nightly', { integration: 'monitor', interval_seconds: 86_400, severity: 'error' });
  await call('POST', '/api/tokens', { name: 'ci', role: 'observer', expires_at: '2027-01-01T00:00:00Z' });

  const declare = async (title: string) =>
    (await call<{ number: string }>('POST', '/api/incidents', { title, service: 'db', severity: 'critical' })).number;
  const first = await declare('first');
  const second = await declare('line one\nline "two"\ttab \\n \u2028 end');
  await call('POST', `/api/incidents/${first}/merge`, { into: second });
  await call('POST', `/api/incidents/${second}/notes`, { text: 'looking' });
  await call('POST', `/api/incidents/${await declare('third')}/reassign`, { people: ['ana'] });
  await world.settle();

  const events: unknown[] = [{ summary: 'disk', severity: 'critical', dedup_key: 'disk' }];
  for (const event of events)
    expect((await world.request('POST', '/hooks/generic/the-key-of-db', event)).status).toBeLessThan(300);
  expect((await world.request('POST', '/hooks/generic/no-such-key-1', events[0])).status).toBeGreaterThan(399);
  await world.settle();

  // What no call reaches, and what PostgreSQL's types can hold and JSON cannot.
  await query(
    world,
    `update alerts set payload = 'null'::jsonb, first_seen = '2026-03-02 12:00:00.123456+00', last_seen = 'infinity'`,
  );
  await query(
    world,
    `insert into settings (key, value) values ('json null', 'null'), ('number', '12345678901234567890.10'), ('text', '"\\u00e9"')`,
  );
  await query(world, `insert into channel_health values ('sms', now(), E'it\\'s\\tdown') on conflict do nothing`);
  await query(
    world,
    `insert into slack_user_groups select id, '@db', '{ana}', '{}', '{}', null, null, now() from schedules limit 1`,
  );
  await query(world, `insert into slack_socket values (true, $1, now(), true, null, now())`, [randomUUID()]);
  await query(world, `insert into cover_messages select uuidv7(), id, 'ben', 'slack', 'U1', 'D1:p1' from cover_requests limit 1`);
  await query(
    world,
    `insert into place_messages select uuidv7(), id, id, 'telegram', '-1', '-1:1', now() from incidents limit 1`,
  );
  await query(world, `insert into channel_slots values ('sms', now()) on conflict do nothing`);
  await query(world, `insert into directory_roles select id, 'responder' from people limit 1`);
  await query(world, `insert into directory_left select id, 'x' from people limit 1`);
  await call('POST', '/api/people/ana/leave', { first_day: '2026-03-09', reason: 'rest' });
  await query(world, `insert into leave_calendars (person_id, address) select id, 'https://x.test/' from people limit 1`);
  await query(
    world,
    `insert into schedule_calendars (schedule_id, layer, address) select id, 'x', 'https://x.test/' from schedules limit 1`,
  );
  await query(
    world,
    `insert into schedule_calendar_turns (schedule_id, layer, person, starts_at, ends_at) select id, 'x', 'ana', now(), now() + interval '1 hour' from schedules limit 1`,
  );
  await query(world, `insert into chat_requests values ('12.34', 'answered', now())`);
  await query(
    world,
    `insert into phone_calls (integration_id, vendor, vendor_id, caller, began_at, ladder, notes, state) select id, 'twilio', 'CA1', '+31', now(), '[]', '[]', 'ringing' from integrations limit 1`,
  );
  await call('PUT', '/api/settings/health-limits', { pages_a_night: 3 });
  await query(world, `insert into health_notices select id, '2026-03-02', now() from people limit 1`);
  await query(
    world,
    `insert into handoffs (schedule_id, role, at, created_at) select id, 'secondary', '2026-03-09 09:00+00', now() from schedules limit 1`,
  );
  await query(world, `insert into handoff_people (handoff_id, person, side) select id, 'ben', 'incoming' from handoffs limit 1`);
  await call('PUT', '/api/people/ben/handoff-notices', { lead_hours: 48 });
  await call('PUT', '/api/test-page-plans/monthly', {});
  await call('POST', '/api/people/ana/test-page');
  await call('PUT', '/api/readiness/digest', {});
  await query(world, `insert into readiness_digests_sent select id, '2026-03-02' from people limit 1`);
  await query(
    world,
    `insert into on_call_training (schedule_id, person_id, since, shadow_wanted, reverse_wanted, loud, behind_seconds)
    select s.id, p.id, now(), 2, 2, false, 120 from schedules s, people p where p.name = 'ben' limit 1`,
  );
  await query(
    world,
    `insert into on_call_training_stages (training_id, stage, starts_at) select id, 'shadow', now() from on_call_training`,
  );
  await query(world, `insert into round_robins values ('turns', 7, 7, 7)`);
  await query(world, `insert into process_documents values ('roles', 'lead', 0, '{"title": "Lead"}')`);
  await query(world, `insert into refused_requests (at, path, reason, body) values (now(), '/x', 'why', E'\\\\x00 \\n')`);
  await query(world, `insert into opsgenie_requests values ($1, $1, now(), 'close', true, 'done', null, '')`, [randomUUID()]);
  const directory = await call<{ token: string }>('POST', '/api/tokens', { name: 'directory', scopes: ['scim'] });
  const brings = (path: string, body: object) =>
    world.request('POST', `/scim/v2/${path}`, body, { authorization: `Bearer ${directory.token}` });
  const { id } = (await (await brings('Users', { userName: 'zoe@corp.test' })).json()) as { id: string };
  expect((await brings('Groups', { displayName: 'ops', members: [{ value: id }] })).status).toBe(201);
  expect((await brings('Groups', {})).status).toBe(400);
  await call('PUT', '/api/scim', { mapping: [{ group: 'ops', team: 'ops' }] });
  await call('PUT', '/api/setup/items/tabletop', { done: true });
  await call('POST', '/api/people/ana/invite', {});
  await call('PUT', '/api/sign-on/corp', {
    kind: 'oidc',
    title: 'Corp',
    issuer: 'https://id.test',
    client_id: 'a',
    client_secret: 'b',
  });
  for (const [table, columns] of Object.entries({
    auth_sessions: `"expiresAt", token, "createdAt", "updatedAt", "userId") select $1::uuid, now(), md5(email), now(), now()`,
    auth_accounts: `"accountId", "providerId", "createdAt", "updatedAt", "userId") select $1::uuid, 'a', 'credential', now(), now()`,
    auth_two_factors: `secret, "backupCodes", "userId") select $1::uuid, 's', 'b'`,
    auth_passkeys: `"publicKey", "credentialID", counter, "deviceType", "backedUp", "userId") select $1::uuid, 'k', 'c', 0, 'd', true`,
  }))
    await query(world, `insert into ${table} (id, ${columns}, id from auth_users`, [randomUUID()]);
  for (const [table, columns] of Object.entries({
    auth_verifications: `identifier, value, "expiresAt", "createdAt", "updatedAt") values ($1, 'i', 'v', now(), now(), now())`,
    auth_rate_limits: `key, count, "lastRequest") values ($1, 'k', 1, 1760000000000)`,
  }))
    await query(world, `insert into ${table} (id, ${columns}`, [randomUUID()]);
  // One that a worker was at when the backup was taken.
  await query(
    world,
    `update jobs.job set state = 'active', started_on = now() where id = (select id from jobs.job where state = 'created' limit 1)`,
  );
  return { world, ntfy };
};

const takeBackup = async (world: World): Promise<Buffer> => {
  const response = await world.request('GET', '/api/backup');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/gzip');
  return Buffer.from(await response.arrayBuffer());
};
const restoreInto = (world: World, file: Uint8Array, token = world.token): Promise<Response> =>
  Promise.resolve(
    world.app.fetch(
      new Request('http://allclear.test/api/restore', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/gzip' },
        body: file as Uint8Array<ArrayBuffer>,
      }),
    ),
  );

it('a backup restored into a fresh installation is equal, row by row, and life goes on there', async () => {
  const { world: source, ntfy } = await inUse();
  const file = await takeBackup(source);
  const before = await dump(source);
  for (const [name, rows] of Object.entries(before)) expect(rows.length, `rows of ${name}`).toBeGreaterThan(0);
  const sequence = await query(source, 'select last_value, is_called from alerts_tiny_id_seq');
  await source.stop();

  const target = await startWorld({ at: AT, own: true });
  const own = await query<{ row: string }>(target, `select t::text as row from tokens t`);
  const response = await restoreInto(target, file);
  const answer = (await response.json()) as { tables: Record<string, { rows: number }>; token: string };
  expect(response.status, JSON.stringify(answer)).toBe(200);

  const after = await dump(target);
  // Two rows more, no others: the token that asked, under a new name, and the journal's word of the restore.
  const extra = (name: string) => after[name]?.filter((row) => !before[name]?.includes(row)) ?? [];
  expect(extra('tokens')).toHaveLength(1);
  expect(extra('tokens')[0]).toContain(answer.token);
  expect(own[0]?.row.split(',')[0]).toBe(extra('tokens')[0]?.split(',')[0]);
  expect(extra('journal')).toEqual([expect.stringContaining('backup.restored')]);
  for (const name of ['tokens', 'journal']) after[name] = after[name]?.filter((row) => !extra(name).includes(row)) ?? [];
  expect(after).toEqual(before);
  expect(Object.values(answer.tables).reduce((sum, table) => sum + table.rows, 0)).toBe(Object.values(before).flat().length);
  expect(await query(target, 'select last_value, is_called from alerts_tiny_id_seq')).toEqual(sequence);
  expect(
    await query(
      target,
      `select conname from pg_constraint where contype = 'f' and condeferrable and connamespace = 'public'::regnamespace`,
    ),
  ).toEqual([]);
  expect(await query(target, `select state from jobs.job where state = 'active'`)).toEqual([]);
  await expect(query(target, 'delete from journal')).rejects.toThrow(/append-only/);

  // The token goes on working, and the timer that was running pages who is on call next.
  ntfy.received.splice(0);
  await target.fastForward('6m');
  expect(ntfy.received.map((message) => message.topic)).toContain('topic-ben');
  expect(await target.call('GET', '/api/tokens')).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ name: answer.token })]),
  });
});

it('links that the old installation signed work in the new one', async () => {
  const { world: source } = await inUse();
  const file = await takeBackup(source);
  const secretOf = (world: World) => world.system((ctx) => Promise.resolve(ctx.secret.toString('hex')));
  const secret = await secretOf(source);
  const target = await startWorld({ at: AT, own: true });
  expect(await secretOf(target)).not.toBe(secret);
  expect((await restoreInto(target, file)).status).toBe(200);
  expect(await secretOf(target)).toBe(secret);
});

it('a restored installation can be backed up and restored again', async () => {
  const { world: source } = await inUse();
  const second = await startWorld({ at: AT, own: true });
  expect((await restoreInto(second, await takeBackup(source))).status).toBe(200);
  const file = await takeBackup(second);
  const before = await dump(second);
  const third = await startWorld({ at: AT, own: true });
  expect((await restoreInto(third, file)).status).toBe(200);
  const after = await dump(third);
  for (const name of Object.keys(before)) expect(after[name], name).toEqual(expect.arrayContaining(before[name] ?? []));
});

const lines = (file: Uint8Array): string[] => gunzipSync(file).toString('utf8').trimEnd().split('\n');
const packed = (list: string[]): Uint8Array => gzipSync(`${list.join('\n')}\n`);

it('whatever is wrong with the file or the installation, nothing is changed', async () => {
  const source = await startWorld({ at: AT, own: true });
  await source.call('PUT', '/api/teams/ops', { members: [] });
  const file = await takeBackup(source);
  const list = lines(file);
  const header = JSON.parse(list[0] as string) as { migrations: { name: string }[] };
  const withMigrations = (migrations: unknown[]) => packed([JSON.stringify({ ...header, migrations }), ...list.slice(1)]);
  const target = await startWorld({ at: AT, own: true });
  // The first use of a token is noted in its row.
  await target.call('GET', '/api/tokens');
  const before = await dump(target);

  const cases: [string, Uint8Array, number, RegExp][] = [
    ['an empty body', new Uint8Array(), 422, /not a whole Allclear backup/],
    ['no gzip', Buffer.from('{"allclear_backup":1}'), 422, /not a whole Allclear backup/],
    ['cut short', file.subarray(0, Math.floor(file.length / 2)), 422, /not a whole Allclear backup/],
    ['without its end', packed(list.slice(0, -1)), 422, /its end is missing/],
    ['a changed row', packed(list.map((line) => line.replace('"ops"', '"oops"'))), 422, /teams do not add up/],
    [
      'a newer schema',
      withMigrations([...header.migrations, { name: '9999_later.sql', sha256: 'x' }]),
      409,
      /newer Allclear.*9999_later/,
    ],
    ['no schema', withMigrations([]), 422, /it has no schema/],
    ['an unknown order', withMigrations(header.migrations.toReversed()), 409, /newer Allclear/],
    [
      'a table that is not here',
      packed(list.map((line) => line.replaceAll('"teams"', '"crews"'))),
      422,
      /Nothing here takes crews/,
    ],
    [
      'a column that is not here',
      packed([
        list[0]?.replace('"teams","columns":["id","name","title"', '"teams","columns":["id","name","heading"') as string,
        ...list.slice(1),
      ]),
      422,
      /Nothing here takes .*heading/,
    ],
    [
      'a schema that was edited',
      withMigrations(header.migrations.map((one) => ({ ...one, sha256: 'x' }))),
      409,
      /newer Allclear/,
    ],
  ];
  for (const [what, body, status, message] of cases) {
    const response = await restoreInto(target, body);
    const text = await response.text();
    expect(response.status, `${what}: ${text}`).toBe(status);
    expect(text, what).toMatch(message);
  }
  expect(await dump(target)).toEqual(before);

  await target.call('PUT', '/api/teams/theirs', { members: [] });
  const busy = await restoreInto(target, file);
  expect(busy.status).toBe(409);
  expect(await busy.text()).toMatch(/in use \(it has teams\)/);
});

it('rows that do not fit together are refused as a whole', async () => {
  const { world: source } = await inUse();
  const list = lines(await takeBackup(source));
  /** Takes a table's rows out, and makes the sums fit again. */
  const without = (table: string) => {
    const start = list.indexOf(JSON.stringify({ table }));
    const until = list.findIndex((line, index) => index > start && !line.startsWith('['));
    const header = JSON.parse(list[0] as string) as { tables: { name: string; rows: number }[] };
    const end = JSON.parse(list.at(-1) as string) as { end: Record<string, unknown> };
    end.end[table] = { rows: 0, sha256: createHash('sha256').digest('hex') };
    const tables = header.tables.map((one) => (one.name === table ? { ...one, rows: 0 } : one));
    return packed([
      JSON.stringify({ ...header, tables }),
      ...list.slice(1, start + 1),
      ...list.slice(until, -1),
      JSON.stringify(end),
    ]);
  };
  const target = await startWorld({ at: AT, own: true });
  // The first use of a token is noted in its row.
  await target.call('GET', '/api/tokens');
  const before = await dump(target);
  const response = await restoreInto(target, without('people'));
  expect(response.status).toBe(422);
  expect(await response.text()).toMatch(/does not fit together.*people|violates foreign key/);
  expect(await dump(target)).toEqual(before);
});

it('only an administrator may take a backup or restore one', async () => {
  const world = await startWorld({ at: AT, own: true });
  const { token } = await world.call<{ token: string }>('POST', '/api/tokens', { name: 'boss', role: 'manager' });
  const authorization = `Bearer ${token}`;
  expect((await world.request('GET', '/api/backup', undefined, { authorization })).status).toBe(403);
  expect((await restoreInto(world, new Uint8Array(), token)).status).toBe(403);
  expect((await restoreInto(world, new Uint8Array(), 'nobody')).status).toBe(401);
  expect((await world.app.fetch(new Request('http://allclear.test/api/backup'))).status).toBe(401);
});

it('a restore may be larger than other bodies', async () => {
  const world = await startWorld({ at: AT, own: true });
  const response = await restoreInto(world, gzipSync(Buffer.alloc(3_000_000, 'x'), { level: 0 }));
  expect(response.status).toBe(422);
});

it('a reader that goes away ends its backup, and the server goes on', async () => {
  const { world } = await inUse();
  await query(
    world,
    `insert into settings (key, value) select 'filler ' || n, to_jsonb((select string_agg(md5(n::text || m::text), '') from generate_series(1, 300) m)) from generate_series(1, 600) n`,
  );
  const response = await world.request('GET', '/api/backup');
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  const open = () =>
    query(world, `select query from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`);
  await expect.poll(open, { timeout: 10_000 }).toEqual([]);
  expect((await takeBackup(world)).length).toBeGreaterThan(1000);
});

it('a backup is one moment: what comes while it is written is not in it', async () => {
  const { world } = await inUse();
  const written: string[] = [];
  await world.system((ctx) =>
    writeBackup(ctx, async (line) => {
      if (written.length === 0) await world.call('PUT', '/api/teams/newcomers', { members: ['ben'] });
      written.push(line);
    }),
  );
  expect(written.filter((line) => line.includes('newcomers'))).toEqual([]);
  const target = await startWorld({ at: AT, own: true });
  const response = await restoreInto(target, packed(written));
  expect(response.status, await response.text()).toBe(200);
  expect(await target.call('GET', '/api/teams')).toMatchObject({ items: [{ name: 'ops' }] });
  expect(await world.call('GET', '/api/teams')).toMatchObject({ items: [{ name: 'newcomers' }, { name: 'ops' }] });
});

it('a backup of an older version goes into its own schema, and is brought up to date', async () => {
  const world = await startWorld({ at: AT, own: true });
  const files = await migrationFiles();
  const older = await freshDatabase();
  const { drop, ...connection } = older;
  const database = openDatabase(connection, 2, () => {});
  const written: string[] = [];
  try {
    await sql`drop schema public cascade`.execute(database.db);
    await sql`create schema public`.execute(database.db);
    await sql`create table migrations (name text primary key, sha256 text not null)`.execute(database.db);
    for (const name of files.slice(0, -1)) {
      const text = await readFile(new URL(`../../../migrations/${name}`, import.meta.url), 'utf8');
      await sql.raw(text).execute(database.db);
      await sql`insert into migrations values (${name}, ${createHash('sha256').update(text).digest('hex')})`.execute(database.db);
    }
    await sql`insert into teams (name, title) values ('ops', 'Operations')`.execute(database.db);
    await sql`insert into instance (link_secret) values (${Buffer.alloc(32, 7)})`.execute(database.db);
    await world.system((ctx) =>
      database.db.transaction().execute((tx) => writeBackup({ ...ctx, tx }, async (line) => void written.push(line))),
    );
  } finally {
    await database.close();
    drop();
  }

  const target = await startWorld({ at: AT, own: true });
  const schemaOf = (one: World) =>
    query(
      one,
      `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns where table_schema = 'public' order by 1, 2`,
    );
  const constraintsOf = (one: World) =>
    query(
      one,
      `select conname, pg_get_constraintdef(oid) as definition from pg_constraint where connamespace = 'public'::regnamespace order by 1`,
    );
  const response = await restoreInto(target, packed(written));
  expect(response.status, await response.text()).toBe(200);
  expect(await target.call('GET', '/api/teams')).toMatchObject({ items: [{ name: 'ops', title: 'Operations' }] });
  expect(await schemaOf(target)).toEqual(await schemaOf(world));
  expect((await constraintsOf(target)).map((row) => row.definition)).toEqual(
    (await constraintsOf(world)).map((row) => row.definition),
  );
  expect((await query(target, 'select name from migrations order by 1')).map((row) => row.name)).toEqual(files);
  await target.call('PUT', '/api/teams/more', { members: [] });
});
