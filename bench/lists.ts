/** The console's lists over a large installation, through HTTP: `node bench/lists.ts`. Rows are made in the database, analysed, then asked for. */
import { serve } from '@hono/node-server';
import { sql } from 'kysely';
import { createApp } from '../src/server/app.ts';
import { createToken } from '../src/server/identity/actions.ts';
import { systemClock } from '../src/server/platform/clock.ts';
import { SYSTEM } from '../src/server/platform/ctx.ts';
import type { Database } from '../src/server/platform/database.ts';
import { createLogger } from '../src/server/platform/log.ts';
import { startTestCluster } from '../test/postgres.ts';
import { count, ms, percentile, type Row } from './harness.ts';

const MANY = 100_000;
const ASKED = 20;
const AIM_MS = 100;

/** 40 services of 5 teams, 50 people, incidents and alerts over two years; two in a thousand are open. */
const fill = async ({ db }: Database): Promise<void> => {
  await sql`insert into people (name, display_name, email, role, time_zone, locale, calendar_secret)
    select 'person-' || n, 'Person ' || n, 'person-' || n || '@example.com', 'responder', 'UTC', 'en', 'cal_' || n from generate_series(1, 50) n`.execute(
    db,
  );
  await sql`insert into teams (name, title) select 'team-' || n, '' from generate_series(1, 5) n`.execute(db);
  await sql`insert into services (name, title, description, team_id, grouping, on_all_resolved, urgency, flapping)
    select 'service-' || n, '', '', (select id from teams where name = 'team-' || (n % 5 + 1)), '{}', 'auto', 'high', '{}' from generate_series(1, 40) n`.execute(
    db,
  );
  await sql`insert into integrations (name, service_id, kind, key) select name, id, 'generic', 'key-' || name from services`.execute(
    db,
  );
  await sql`insert into incident_numbers values (2026, ${MANY})`.execute(db);
  const moment = sql`now() - interval '2 years' * (1 - n::float8 / ${MANY}::int)`;
  const some = sql`(array['checkout', 'search', 'database', 'queue', 'disk', 'certificate', 'login', 'mail'])`;
  const what = sql`(array['latency above 2 s', 'errors above 5 %', 'is down', 'is filling up', 'lags behind', 'has run out of connections'])`;
  const title = sql`${some}[n % 8 + 1] || ' ' || ${what}[n / 8 % 6 + 1] || ' on host-' || n % 977`;
  await sql`insert into incidents (id, number, service_id, title, status, severity, urgency, alert_count, opened_at, acknowledged_at, acknowledged_by, resolved_at)
    select (substr(uuid_at(${moment})::text, 1, 15) || lpad(to_hex(n % 4096), 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
      'INC-2026-' || lpad(n::text, greatest(4, length(n::text)), '0'), s.ids[n % 40 + 1], ${title},
      case when n > ${MANY - 100}::int then 'triage' when n > ${MANY - 200}::int then 'acknowledged' when n % 2 = 0 then 'resolved' else 'closed' end,
      (array['critical', 'error', 'error', 'warning', 'warning', 'warning', 'info', 'info'])[n % 7 + 1], case n % 3 when 0 then 'low' else 'high' end, 1,
      ${moment}, ${moment}, p.ids[n % 50 + 1], case when n <= ${MANY - 200}::int then ${moment} + interval '1 hour' end
    from generate_series(1, ${MANY}::int) n, (select array_agg(id order by name) ids from services) s, (select array_agg(id order by name) ids from people) p`.execute(
    db,
  );
  await sql`insert into incident_assignees select id, acknowledged_by from incidents`.execute(db);
  await sql`insert into alerts (id, integration_id, service_id, dedup_key, status, disposition, decisions, incident_id, summary, severity, source, labels, links, images, payload,
      started_at, first_seen, last_seen, resolved_at)
    select i.id, g.id, i.service_id, 'key-' || row_number() over () % 5000 || case when i.resolved_at is null then i.number else '' end,
      case when i.resolved_at is null then 'open' else 'resolved' end, 'incident', '[]', i.id, i.title, i.severity, 'bench',
      jsonb_build_object('env', (array['production', 'staging'])[length(i.title) % 2 + 1], 'host', split_part(i.title, ' on ', 2), 'team', s.team_id),
      '[]', '[]', jsonb_build_object('text', repeat('a payload of its own ', 40), 'n', i.number), i.opened_at, i.opened_at, i.opened_at, i.resolved_at
    from incidents i join services s on s.id = i.service_id join integrations g on g.service_id = s.id`.execute(db);
  await sql`vacuum analyze`.execute(db);
};

/** What the console's filters can be set to, alone and together; each first page is followed by its next. */
const combined = (choices: Record<string, string[]>, stride: number): string[] => {
  const out: string[] = [];
  const walk = (names: string[], query: string): void => {
    const [name, ...rest] = names;
    if (name === undefined) {
      out.push(query);
      return;
    }
    for (const value of choices[name] ?? []) walk(rest, value ? `${query}&${name}=${encodeURIComponent(value)}` : query);
  };
  walk(Object.keys(choices), '');
  return out.filter((_, index) => index % stride === 0);
};
// Strides that divide no product of the choices, so that every pair of them comes up.
const INCIDENTS = combined(
  {
    status: ['', 'open', 'resolved,closed'],
    service: ['', 'service-7', 'nobody'],
    team: ['', 'team-3'],
    severity: ['', 'critical', 'critical,error'],
    urgency: ['', 'low'],
    assignee: ['', 'person-9'],
    acknowledged_by: ['', 'person-10'],
    q: ['', 'latency', 'host-976', 'no such words', '4242'],
    since: ['', '2026-06-01T00:00:00Z'],
    sort: ['', 'opened_at', '-severity', 'severity'],
  },
  11,
);
const ALERTS = combined(
  {
    status: ['', 'open', 'resolved'],
    service: ['', 'service-7', 'nobody'],
    integration: ['', 'service-8'],
    severity: ['', 'critical'],
    disposition: ['', 'incident', 'dropped'],
    label: ['', 'env:production', 'host:host-976', 'host:nowhere'],
    q: ['', 'latency', 'host-976', 'no such words'],
    since: ['', '2026-06-01T00:00:00Z'],
    sort: ['', 'first_seen', '-severity', 'severity'],
  },
  11,
);
const COUNTS = ['service', 'severity', 'integration', 'disposition', 'label:env', 'label:host'];
const countsBy = (more: string): string[] => COUNTS.flatMap((by) => [1, 2, 3].map(() => `${more}&by=${by}`));

export const lists = async (): Promise<Row[]> => {
  const cluster = await startTestCluster();
  const app = await createApp({
    connection: cluster.connection,
    clock: systemClock,
    log: createLogger('error'),
    publicUrl: () => 'http://localhost',
    allowedHosts: [],
    requestsAMinute: 1_000_000,
  });
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started: ReturnType<typeof serve> = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => resolve(started));
  });
  try {
    const { token } = await app.runner.transaction(SYSTEM('bench'), 'bench', (ctx) =>
      createToken(ctx, { name: 'bench', role: 'administrator' }),
    );
    await fill(app.database);
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const ask = async (path: string): Promise<{ took: number; next?: string | null }> => {
      const began = performance.now();
      const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      const answer = (await response.json()) as { next?: string | null };
      if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
      return { took: performance.now() - began, next: answer.next };
    };
    const measure = async (what: string, path: string, queries: string[]): Promise<Row> => {
      const times: { took: number; query: string }[] = [];
      for (let n = 0; n < ASKED; n += 1) await ask(`${path}?limit=50${queries[0]}`);
      for (const query of queries) {
        const { took, next } = await ask(`${path}?limit=50${query}`);
        times.push({ took, query });
        if (next) times.push({ took: (await ask(`${path}?limit=50${query}&cursor=${next}`)).took, query: `${query}, next` });
      }
      const slow = times.toSorted((a, b) => b.took - a.took);
      const p95 = percentile(
        times.map((one) => one.took),
        0.95,
      );
      if (process.env.BENCH_SLOW) for (const { took, query } of slow.slice(0, 15)) console.log(ms(took), query);
      return {
        what: `${what}: p95 of ${count(times.length)} answers`,
        aim: `≤ ${AIM_MS} ms`,
        measured: `${ms(p95)} (slowest ${ms(slow[0]?.took ?? Number.NaN)})`,
        reached: p95 <= AIM_MS,
      };
    };
    return [
      await measure(`list p95 at ${count(MANY)} incidents, filters and sorts together`, '/api/incidents', INCIDENTS),
      await measure(`list p95 at ${count(MANY)} alerts, filters and sorts together`, '/api/alerts', ALERTS),
      await measure('counts of open alerts by a field or label', '/api/alerts/counts', countsBy('&status=open')),
      await measure('counts of all alerts by a field or label', '/api/alerts/counts', countsBy('')),
      await measure(
        'counts of incidents',
        '/api/incidents/counts',
        Array.from({ length: ASKED }, () => ''),
      ),
    ];
  } finally {
    await new Promise<void>((resolve) => void server.close(() => resolve()));
    await app.close(1);
    await cluster.stop();
  }
};

if (import.meta.main) console.table(await lists());
