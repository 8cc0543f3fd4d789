import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { inject } from 'vitest';
import { createApp } from '../src/server/app.ts';
import { createLogger } from '../src/server/platform/log.ts';

type Served = { host: string; port: number; user: string; database: string };

/** What a process has beside the connections of its worlds: one to make databases, one to drop them. */
const admins = new Map<string, pg.Pool>();
const admin = (served: Served, purpose: 'create' | 'drop'): pg.Pool => {
  const known = admins.get(purpose);
  if (known) return known;
  const pool = new pg.Pool({ ...served, database: 'postgres', max: 1, idleTimeoutMillis: 0 }).on('error', () => {});
  admins.set(purpose, pool);
  return pool;
};

const TEMPLATE = 'allclear_template';

/**
 * Makes `pristine.again()`, which brings a database back to what the migrations left: no rows but theirs, and sequences from
 * the beginning. A quarter of what it takes to copy the template and to drop a copy. Gives how many rows there were.
 */
const makePristineAgain = async (client: pg.ClientBase): Promise<void> => {
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'jobs') and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  );
  const { rows: sequences } = await client.query<{ step: string }>(
    `select format('perform setval(%L, %s, %L);', format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value is not null) as step
     from pg_sequences where schemaname in ('public', 'jobs')`,
  );
  await client.query('create schema pristine');
  const steps: string[] = [];
  for (const { name } of tables) {
    steps.push(`delete from ${name}; get diagnostics rows = row_count; gone := gone + rows;`);
    const { rowCount } = await client.query(`select 1 from ${name} limit 1`);
    if (!rowCount) continue;
    const kept = `pristine.${client.escapeIdentifier(name.replace('.', '_'))}`;
    await client.query(`create table ${kept} as table ${name}`);
    steps.push(`insert into ${name} select * from ${kept};`);
  }
  await client.query(
    `create function pristine.again() returns bigint language plpgsql
     set session_replication_role = replica set lock_timeout = '5s' as $$
     declare rows bigint; gone bigint := 0; begin ${steps.join('\n')} ${sequences.map(({ step }) => step).join('\n')} return gone; end $$`,
  );
  // Its statements are read only when they run.
  await client.query('select pristine.again()');
};

let template: Promise<void> | undefined;
/** The migrated template, made by the first test of a run. */
const makeTemplate = async (served: Served): Promise<void> => {
  const client = await admin(served, 'create').connect();
  try {
    await client.query('select pg_advisory_lock(7204027)');
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
    if (rowCount) return;
    const making = { ...served, database: `${TEMPLATE}_making` };
    await client.query(`create database ${making.database}`);
    const app = await createApp({
      connection: making,
      clock: { now: () => Temporal.Now.instant() },
      log: createLogger('silent'),
      publicUrl: () => 'http://allclear.test',
      allowedHosts: [],
    });
    // Every test has a secret of its own.
    await sql`delete from instance`.execute(app.database.db);
    await app.close(1);
    const inside = new pg.Client(making);
    await inside.connect();
    await makePristineAgain(inside);
    await inside.end();
    await client.query(`alter database ${making.database} rename to ${TEMPLATE}`);
  } finally {
    // Ends it, and with it the lock, whatever happened.
    client.release(true);
  }
};

/** A database of its own for a test, cloned from the template. */
export const freshDatabase = async (): Promise<Served & { drop: () => void }> => {
  const served = inject('pg') as Served;
  const database = `t_${randomUUID().replaceAll('-', '')}`;
  template ??= makeTemplate(served);
  await template;
  await admin(served, 'create').query(`create database ${database} template ${TEMPLATE} strategy file_copy`);
  return {
    ...served,
    database,
    /** Begins it: PostgreSQL looks only each 100 ms whether the last connection is gone, and nobody has to wait for that. */
    drop: () => {
      admin(served, 'drop')
        .query(`drop database if exists ${database} with (force)`)
        .catch((thrown: unknown) => console.error(`${database} was not dropped`, thrown));
    },
  };
};

/** A pool whose connections know the catalogue, and what it is for. */
type Lent = { purpose: string; pool: pg.Pool; clients: Set<pg.PoolClient>; out: boolean };
type Used = Served & { drop: () => void; uses: number; pools: Lent[]; pristine: Promise<boolean> };

/** What is deleted leaves its place in the files: after so many worlds, or so many rows of one, a database is dropped. */
const USES = 40;
const ROWS = 3000;
/** So many are kept: a test has two or three worlds at a time. */
const SPARE = 3;

const spare: Used[] = [];
/** Databases whose pools are not ended with their world, by name. */
const inUse = new Map<string, Used>();

const RealPool = pg.Pool;

const names = new Map<string, string>();
/**
 * A statement with values is planned once a connection, not each time: half of what PostgreSQL did for a scenario was planning.
 * The product asks plainly, as a pooler between needs it, and so do the servers that crash/, operate/ and bench/ start.
 */
class NamingClient extends pg.Client {}
Object.defineProperty(NamingClient.prototype, 'query', {
  value(this: pg.Client, text: unknown, values: unknown, ...rest: unknown[]): unknown {
    const query = pg.Client.prototype.query as (...given: unknown[]) => unknown;
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return query.call(this, text, values, ...rest);
    const name = names.get(text) ?? `s${names.size}`;
    names.set(text, name);
    return query.call(this, { name, text, values }, ...rest);
  },
});

const newPool = (purpose: string, config: pg.PoolConfig): Lent => {
  const pool = new RealPool({ ...config, idleTimeoutMillis: 0, Client: NamingClient } as pg.PoolConfig);
  const made: Lent = { purpose, pool, clients: new Set(), out: false };
  listen(made);
  return made;
};

/** What a pool hears between worlds. */
const listen = ({ pool, clients }: Lent): void => {
  pool.removeAllListeners();
  pool.on('error', () => {});
  pool.on('connect', (client) => clients.add(client));
  pool.on('remove', (client) => clients.delete(client));
};

/** A pool for one world: ended like any other, while its connections stay for the world that has the database next. */
const lend = (lent: Lent): pg.Pool => {
  const { pool } = lent;
  const added: (() => void)[] = [];
  let ended = false;
  lent.out = true;
  const end = async (): Promise<void> => {
    if (ended) throw new Error('Called end on pool more than once');
    ended = true;
    while (pool.waitingCount > 0 || pool.totalCount > pool.idleCount) await delay(5);
    for (const forget of added) forget();
    listen(lent);
    lent.out = false;
  };
  const refuse = async (): Promise<never> => {
    throw new Error('Cannot use a pool after calling end on the pool');
  };
  // To this world every connection is new.
  const on = (event: 'connect', heard: (client: pg.PoolClient) => void): pg.Pool => {
    for (const client of event === 'connect' ? lent.clients : []) {
      const before = client.listeners('error');
      heard(client);
      for (const listener of client.listeners('error').filter((one) => !before.includes(one)))
        added.push(() => client.off('error', listener as () => void));
    }
    pool.on(event, heard);
    return lease;
  };
  const lease: pg.Pool = new Proxy(pool, {
    get: (_, name) => {
      if (name === 'end') return end;
      if (name === 'on') return on;
      if (name === 'ending' || name === 'ended') return ended;
      if (ended && (name === 'connect' || name === 'query')) return refuse;
      const value = Reflect.get(pool, name, pool);
      return typeof value === 'function' ? value.bind(pool) : value;
    },
  });
  return lease;
};

Object.defineProperty(pg, 'Pool', {
  value: new Proxy(RealPool, {
    construct: (_, [config]: [pg.PoolConfig]) => {
      const database = inUse.get(config.database ?? '');
      if (!database) return new RealPool(config);
      // Each pool of the product has a name of its own.
      const purpose = `${config.application_name}, ${config.max}`;
      const known = database.pools.find((one) => one.purpose === purpose && !one.out);
      const lent = known ?? newPool(purpose, config);
      if (!known) database.pools.push(lent);
      return lend(lent);
    },
  }),
});

const makePristine = async (database: Used): Promise<boolean> => {
  // One that nobody has used was not ended: sign-in makes its own for the case. Nobody is to use it now.
  for (const { pool } of database.pools) if (pool.totalCount === 0) void pool.end();
  database.pools = database.pools.filter(({ pool }) => pool.totalCount > 0);
  const idle = database.pools[0]?.pool;
  if (!idle || database.uses >= USES || spare.length >= SPARE || database.pools.some(({ out }) => out)) return false;
  const ours = database.pools.flatMap(({ clients }) =>
    [...clients].map((client) => (client as unknown as { processID: number }).processID),
  );
  // A connection that a test left open might hold a lock, or write.
  await idle.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and pid <> all($1)`,
    [ours],
  );
  const { rows } = await idle.query<{ gone: string }>('select pristine.again() as gone');
  return Number(rows[0]?.gone) <= ROWS;
};

const giveUp = (database: Used): void => {
  for (const { pool } of database.pools) void pool.end().catch(() => undefined);
  database.drop();
};

/** As `freshDatabase`, for what goes through `pg.Pool` and leaves the schema as it is: one that a world had before, as new; or one of its `own`. */
export const lendDatabase = async (own = false): Promise<Served & { giveBack: () => void }> => {
  if (own) {
    const { drop, ...served } = await freshDatabase();
    return { ...served, giveBack: drop };
  }
  let lent = spare.pop();
  while (lent && !(await lent.pristine)) lent = spare.pop();
  const taken = lent ?? { ...(await freshDatabase()), uses: 0, pools: [], pristine: Promise.resolve(true) };
  const { host, port, user, database: name } = taken;
  taken.uses += 1;
  inUse.set(name, taken);
  return {
    host,
    port,
    user,
    database: name,
    giveBack: () => {
      inUse.delete(name);
      taken.pristine = makePristine(taken)
        .catch((thrown: unknown) => {
          console.error(`${name} was not made as new`, thrown);
          return false;
        })
        .then((asNew) => {
          if (!asNew) giveUp(taken);
          return asNew;
        });
      spare.push(taken);
    },
  };
};
