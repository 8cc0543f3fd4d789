import { sql } from 'kysely';
import { createApp } from '../../src/server/app.ts';
import { peopleByIds, peopleNamed } from '../../src/server/identity/actions.ts';
import * as incidents from '../../src/server/incidents/actions.ts';
import { pagesOf } from '../../src/server/paging/actions.ts';
import type { Ctx, Role } from '../../src/server/platform/ctx.ts';
import type { Connection } from '../../src/server/platform/database.ts';
import type { Job } from '../../src/server/platform/jobs.ts';
import type { Logger } from '../../src/server/platform/log.ts';
import { payloadOf, threeMonths } from './history.ts';
import { keyOf, TEAMS, VISITOR } from './organisation.ts';
import { randomFrom } from './random.ts';

const DAY = 86_400_000;

type Step = (app: Awaited<ReturnType<typeof createApp>>) => Promise<void>;

/**
 * Lives through three months in seconds: the real product on a clock that is moved by hand, so that nothing in the history
 * is made up beside it. Journal ids are made for the moment they tell of, as they would have been.
 */
export const liveThrough = async (connection: Connection, log: Logger, publicUrl: string, begin: Step): Promise<void> => {
  const now = Date.now();
  const from = now - 90 * DAY;
  let at = from - 3 * DAY;
  const app = await createApp({
    connection,
    clock: { now: () => Temporal.Instant.fromEpochMilliseconds(at) },
    log,
    publicUrl: () => publicUrl,
    allowedHosts: ['127.0.0.0/8'],
    requestsAMinute: 1_000_000,
  });
  const { db } = app.database;
  await sql`create table demo_shift (by interval not null)`.execute(db);
  await sql`insert into demo_shift values ('0')`.execute(db);
  await sql`alter table journal alter column id set default uuidv7()`.execute(db);
  await sql`create function demo_id() returns uuid language sql as 'select uuidv7(by) from demo_shift'`.execute(db);
  for (const months of [-4, -3, -2, -1])
    await sql`select make_month_partition('journal', (date_trunc('month', now() at time zone 'UTC') + make_interval(months => ${months}))::date)`.execute(
      db,
    );
  await sql`alter table journal alter column id set default demo_id()`.execute(db);

  const moveTo = async (moment: number): Promise<void> => {
    at = moment;
    await sql`update demo_shift set by = make_interval(secs => ${(at - Date.now()) / 1000})`.execute(db);
  };
  /** Does what is due by the moved clock, and what that makes due. No worker runs: the queue itself goes by the real time. */
  const settle = async (): Promise<void> => {
    for (;;) {
      const { rows } = await sql<{ id: string; data: Omit<Job, 'id'> }>`
        select id, data from jobs.job where state in ('created', 'retry') and start_after <= ${new Date(at).toISOString()}::timestamptz
        order by start_after, id limit 50`.execute(db);
      if (rows.length === 0) return;
      for (const { id, data } of rows) await app.runner.runJob({ ...data, id } as Job);
      await sql`delete from jobs.job where id = any(${rows.map((row) => row.id)}::uuid[])`.execute(db);
    }
  };
  /** Moves on to a moment, doing on the way what is due. */
  const advance = async (to: number): Promise<void> => {
    for (;;) {
      const { rows } = await sql<{ due: string | null }>`
        select extract(epoch from min(start_after)) * 1000 as due from jobs.job where state in ('created', 'retry')`.execute(db);
      const due = rows[0]?.due ? Math.ceil(Number(rows[0].due)) : undefined;
      if (due === undefined || due > to) break;
      await moveTo(Math.max(due, at));
      await settle();
    }
    await moveTo(Math.ceil(to));
  };
  const send = async (path: string, body: object): Promise<void> => {
    const response = await app.fetch(
      new Request(`${publicUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };

  try {
    await moveTo(from - 2 * DAY);
    await begin(app);
    await settle();
    const random = randomFrom(20_261_115);
    const { stories, happenings } = threeMonths(random, from, now - 1000);
    const incidentOf = new Map<number, string>();
    /** As whoever was paged last for it, or as the team's lead when nobody was. */
    const asPaged = (id: string, lead: string, via: string, act: (ctx: Ctx) => Promise<unknown>) =>
      app.runner.transaction({ kind: 'system', name: 'demo' }, via, async (ctx) => {
        const paged = (await pagesOf(ctx, id)).at(-1);
        const [person] = paged ? await peopleByIds(ctx, [paged.person_id]) : await peopleNamed(ctx, [lead]);
        if (!person) return;
        await act({ ...ctx, actor: { kind: 'person', id: person.id, name: person.name, role: person.role as Role } });
      });
    for (const one of happenings) {
      await advance(one.at);
      const story = stories[one.story];
      if (!story) continue;
      if (one.do === 'alert') {
        const { path, body } = payloadOf(story, one.nth, one.status, one.at);
        await send(`/hooks/${path}/${keyOf(story.service.name)}`, body);
        const { rows } = await sql<{ incident_id: string | null }>`
          select a.incident_id from alerts a join services s on s.id = a.service_id
          where s.name = ${story.service.name} and a.status = 'open' and a.labels ->> 'alertname' = ${story.trouble.alert}
          order by a.first_seen desc limit 1`.execute(db);
        if (one.status === 'firing' && rows[0]?.incident_id) incidentOf.set(one.story, rows[0].incident_id);
        await settle();
        continue;
      }
      const id = incidentOf.get(one.story);
      if (!id) continue;
      const via = random.pick(['ntfy', 'mail link', 'sms', 'console', 'voice']);
      const lead = TEAMS.find((team) => team.name === story.service.team)?.lead ?? VISITOR;
      await asPaged(id, lead, via, async (ctx) => {
        const row = await incidents.incident(ctx, id);
        if (row.status === 'resolved' || row.status === 'closed') return;
        if (one.do === 'acknowledge' && row.status === 'triage') await incidents.acknowledge(ctx, id);
        if (row.status !== 'acknowledged') return;
        if (one.do === 'note') await incidents.note(ctx, id, one.text);
        if (one.do === 'snooze') await incidents.snooze(ctx, id, 1800);
        if (one.do === 'resolve') await incidents.resolve(ctx, id, 'Fixed; watched for ten minutes.');
      });
      await settle();
    }
    await advance(Date.now());
  } finally {
    await sql`alter table journal alter column id set default uuidv7()`.execute(db);
    await sql`drop function demo_id()`.execute(db);
    await sql`drop table demo_shift`.execute(db);
    app.live.close();
    await app.close(2);
  }
};
