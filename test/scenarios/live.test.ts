import pg from 'pg';
import { expect, test } from 'vitest';
import { createApp } from '../../src/server/app.ts';
import { journal, THE_ONLY } from '../../src/server/journal/actions.ts';
import { createLogger } from '../../src/server/platform/log.ts';
import { type World as AnyWorld, startServer, startWorld } from '../harness.ts';

type Told = { event: string; id?: string; data: Record<string, unknown> };

/** Reads a stream of server-sent events; `next` waits for one that fits. */
const watch = async (world: Pick<AnyWorld, 'request'>, headers: Record<string, string> = {}, query = '') => {
  const response = await world.request('GET', `/api/live${query}`, undefined, headers);
  expect(response.status, await (response.ok ? '' : response.text())).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const seen: Told[] = [];
  let text = '';
  let ended = false;
  const more = async (): Promise<void> => {
    const { done, value } = await reader.read();
    if (done) {
      ended = true;
      return;
    }
    text += new TextDecoder().decode(value);
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const field = (name: string) => part.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1];
      const event = field('event');
      if (!event) continue;
      const id = field('id');
      seen.push({ event, ...(id ? { id } : {}), data: JSON.parse(field('data') ?? '{}') });
    }
  };
  return {
    seen,
    next: async (fits: (told: Told) => boolean): Promise<Told> => {
      for (;;) {
        const found = seen.find(fits);
        if (found) return found;
        if (ended) throw new Error(`the stream ended; it said ${JSON.stringify(seen)}`);
        await more();
      }
    },
    untilEnd: async () => {
      while (!ended) await more();
    },
    leave: () => reader.cancel(),
  };
};

const note = (world: AnyWorld, text: string) =>
  world.system(async (ctx) => {
    await journal(ctx, { type: 'test.note', subject: { type: 'settings', id: THE_ONLY }, text });
  });
const tokenOf = async (world: AnyWorld, role: string, name = role) =>
  (await world.call<{ token: string }>('POST', '/api/tokens', { name, role })).token;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('says hello, then each change with what it is about', async () => {
  const world = await startWorld();
  const stream = await watch(world);
  const hello = await stream.next(({ event }) => event === 'hello');
  expect(hello.data).toEqual({ at: world.now().toString() });
  await world.call('PUT', '/api/services/web', {});
  const change = await stream.next(({ data }) => data.type === 'service.saved');
  expect(change).toMatchObject({ event: 'change', data: { subject_type: 'service', actor: 'test' } });
  expect(change.id).toBe(change.data.id);
  expect(Object.keys(change.data).sort()).toEqual(['actor', 'at', 'id', 'subject_id', 'subject_type', 'type']);
  await stream.leave();
});

test('an entry with an earlier id whose transaction commits later is told, and each entry once', async () => {
  const world = await startWorld();
  const stream = await watch(world);
  await stream.next(({ event }) => event === 'hello');
  const write = (client: pg.Client, type: string) =>
    client.query<{ id: string }>(
      `insert into journal (at, actor, source, subject_type, subject_id, type, text)
       values (now(), 'someone', 'test', 'settings', '00000000-0000-0000-0000-000000000000', $1, '') returning id`,
      [type],
    );
  const [early, late] = [new pg.Client(world.connection as pg.ClientConfig), new pg.Client(world.connection as pg.ClientConfig)];
  await early.connect();
  await late.connect();
  try {
    await early.query('begin');
    await late.query('begin');
    const first = (await write(early, 'test.first')).rows[0]?.id ?? '';
    const second = (await write(late, 'test.second')).rows[0]?.id ?? '';
    expect(first < second).toBe(true);
    await late.query('commit');
    // Nobody notified: this is what the look each second finds.
    await stream.next(({ id }) => id === second);
    expect(stream.seen.some(({ id }) => id === first)).toBe(false);
    await early.query('commit');
    await stream.next(({ id }) => id === first);
    await note(world, 'after');
    await stream.next(({ data }) => data.type === 'test.note');
    expect(stream.seen.filter(({ id }) => id === first || id === second)).toHaveLength(2);
  } finally {
    await early.end();
    await late.end();
    await stream.leave();
  }
});

test('whoever comes back is told what she missed, and to fetch everything when that is too much or too old', async () => {
  const world = await startWorld();
  const first = await watch(world);
  await first.next(({ event }) => event === 'hello');
  await note(world, 'seen');
  const last = (await first.next(({ data }) => data.type === 'test.note')).id ?? '';
  await first.leave();
  await note(world, 'missed');
  for (const [headers, query] of [
    [{ 'last-event-id': last }, ''],
    [{}, `?after=${last}`],
  ] as [Record<string, string>, string][]) {
    const back = await watch(world, headers, query);
    await back.next(({ id, data }) => data.type === 'test.note' && id !== last);
    expect(back.seen[0]?.event).toBe('hello');
    expect(back.seen.some(({ event, id }) => event === 'reset' || id === last)).toBe(false);
    await back.leave();
  }
  const old = await watch(world, { 'last-event-id': '01900000-0000-7000-8000-000000000000' });
  await old.next(({ event }) => event === 'reset');
  await old.leave();

  await world.system(async (ctx) => {
    const entry = { type: 'test.storm', subject: { type: 'settings' as const, id: THE_ONLY }, text: '' };
    await journal(ctx, ...Array.from({ length: 501 }, () => entry));
  });
  const flooded = await watch(world, { 'last-event-id': last });
  await flooded.next(({ event }) => event === 'reset');
  expect(flooded.seen.some(({ event }) => event === 'change')).toBe(false);
  await flooded.leave();
  expect((await world.request('GET', '/api/live?after=yesterday')).status).toBe(422);
});

test('a storm of changes at once is one reset for those who watch', async () => {
  const world = await startWorld();
  const stream = await watch(world);
  await stream.next(({ event }) => event === 'hello');
  await world.system(async (ctx) => {
    const entry = { type: 'test.storm', subject: { type: 'settings' as const, id: THE_ONLY }, text: '' };
    await journal(ctx, ...Array.from({ length: 501 }, () => entry));
  });
  await stream.next(({ event }) => event === 'reset');
  await note(world, 'after');
  await stream.next(({ data }) => data.type === 'test.note');
  expect(stream.seen.map(({ event }) => event)).toEqual(['hello', 'reset', 'change']);
  await stream.leave();
});

test('a stakeholder hears of incidents only; nobody watches without a token', async () => {
  const world = await startWorld();
  await world.call('PUT', '/api/services/web', {});
  const stream = await watch(world, bearer(await tokenOf(world, 'stakeholder')));
  await note(world, 'hidden');
  await world.call('POST', '/api/incidents', { title: 'Down', service: 'web' });
  await stream.next(({ data }) => data.type === 'incident.opened');
  expect(new Set(stream.seen.filter(({ event }) => event === 'change').map(({ data }) => data.subject_type))).toEqual(
    new Set(['incident']),
  );
  await stream.leave();
  expect((await world.request('GET', '/api/live', undefined, { authorization: '' })).status).toBe(401);
});

test('the stream ends once the token is revoked, and when the server stops', async () => {
  const world = await startWorld();
  const revoked = await watch(world, bearer(await tokenOf(world, 'observer', 'short')));
  const kept = await watch(world);
  await world.app.live.check(0);
  await world.call('DELETE', '/api/tokens/short');
  await kept.next(({ data }) => data.type === 'token.revoked');
  await world.app.live.check(0);
  await revoked.untilEnd();
  await note(world, 'still here');
  await kept.next(({ data }) => data.type === 'test.note');
  world.app.live.close();
  await kept.untilEnd();
  expect((await world.request('GET', '/api/live')).status).toBe(503);
});

test('what another node commits is told here', async () => {
  const world = await startWorld();
  const stream = await watch(world);
  await stream.next(({ event }) => event === 'hello');
  const other = await createApp({
    connection: world.connection as pg.ClientConfig & { host: string; port: number; user: string; database: string },
    clock: { now: world.now },
    bossClock: world.clock,
    log: createLogger('silent'),
    publicUrl: () => 'http://other.test',
    allowedHosts: [],
    poolSize: 2,
  });
  try {
    await other.runner.transaction({ kind: 'system', name: 'other' }, 'test', async (ctx) => {
      await journal(ctx, { type: 'test.elsewhere', subject: { type: 'settings', id: THE_ONLY }, text: '' });
    });
    await stream.next(({ data }) => data.type === 'test.elsewhere');
  } finally {
    await other.close(1);
    await stream.leave();
  }
});

test('a client that does not read is cut off, and the others hear on', async () => {
  const world = await startServer();
  const slow = new AbortController();
  const response = await fetch(`${world.url}/api/live`, { headers: bearer(world.token), signal: slow.signal });
  expect(response.status).toBe(200);
  const stream = await watch(world);
  const metric = async () => (await world.app.metrics.watchersCut.get()).values[0]?.value ?? 0;
  for (let round = 0; round < 200 && (await metric()) === 0; round += 1)
    await world
      .system(async (ctx) => {
        const entry = { type: `test.round_${round}`, subject: { type: 'settings' as const, id: THE_ONLY }, text: '' };
        await journal(ctx, ...Array.from({ length: 400 }, () => entry));
        // The reader here keeps pace.
      })
      .then(() => stream.next(({ event, data }) => event === 'reset' || data.type === `test.round_${round}`));
  expect(await metric()).toBe(1);
  await note(world, 'after');
  await stream.next(({ data }) => data.type === 'test.note');
  slow.abort();
  await stream.leave();
});
