import { expect, test } from 'vitest';
import { startWorld } from '../../../test/harness.ts';
import type { Signal } from '../alerts/types.ts';
import type { Runner } from '../platform/runner.ts';
import { createIntake } from './intake.ts';
import type { Known } from './types.ts';

const KEY = 'k'.repeat(32);

/** An intake of its own over a real database; `around` may fail or hold up the transactions of its batches. */
const intakeOver = async (around: (run: () => Promise<unknown>) => Promise<unknown> = (run) => run(), maxQueued = 100) => {
  const world = await startWorld();
  await world.call('PUT', '/api/services/shop', {});
  await world.call('PUT', '/api/integrations/tool', { service: 'shop', key: KEY });
  let transactions = 0;
  const runner = {
    ...world.app.runner,
    transaction: ((...given: Parameters<Runner['transaction']>) => {
      transactions += 1;
      return around(() => world.app.runner.transaction(...given));
    }) as Runner['transaction'],
  };
  const silent = { warn: () => {} } as unknown as Parameters<typeof createIntake>[0]['log'];
  const intake = createIntake({ runner, metrics: world.app.metrics, log: silent, maxQueued });
  const integration = (await world.app.intake.find(KEY)) as Known;
  const accept = (key: string, more: Partial<Signal> = {}, bytes = 100) =>
    intake.accept({ integration, signals: [signal(integration, key, more)], bytes });
  const count = async () => (await world.call<{ items: unknown[] }>('GET', '/api/alerts?limit=200')).items.length;
  return { world, intake, integration, accept, count, transactions: () => transactions };
};

const signal = (integration: Known, dedupKey: string, more: Partial<Signal>): Signal => ({
  integrationId: integration.id,
  action: 'trigger',
  dedupKey,
  summary: dedupKey,
  severity: 'error',
  source: 'x',
  labels: {},
  links: [],
  images: [],
  raw: {},
  ...more,
});

/** Holds every transaction until it is opened. */
const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, around: async (run: () => Promise<unknown>) => opened.then(run) };
};

test('a hundred requests at once are few transactions, each answered with its own outcome', async () => {
  const { accept, count, transactions } = await intakeOver(undefined, 500);
  const outcomes = await Promise.all(Array.from({ length: 100 }, (_, index) => accept(`k${index % 50}`)));
  expect(transactions()).toBeLessThanOrEqual(3);
  expect(outcomes.flat().filter((one) => one.result === 'opened' || one.result === 'joined')).toHaveLength(100);
  expect(await count()).toBe(50);
  const [again] = await accept('k7');
  expect(again?.result).toBe('repeated');
  expect(again?.alertId).toBe(outcomes[7]?.[0]?.alertId);
});

test('one poisonous request fails alone', async () => {
  const { accept, count } = await intakeOver();
  const poison = { labels: { bad: 'nul \u0000' } };
  const results = await Promise.allSettled([accept('a'), accept('b', poison), accept('c')]);
  expect(results.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await count()).toBe(2);
});

test('the queue is bounded in requests, in bytes, and in the share of one key', async () => {
  const hold = gate();
  const { accept, intake, integration, count } = await intakeOver(hold.around, 10);
  const codes = async (waiting: Promise<unknown>[]) =>
    (await Promise.allSettled(waiting)).map((one) =>
      one.status === 'rejected' ? (one.reason as { code: string }).code : 'taken',
    );
  const first = Array.from({ length: 7 }, (_, index) => accept(`k${index}`));
  const large = intake.accept({ integration: { ...integration, id: 'of another' }, bytes: 129 * 1024 * 1024 });
  const refused = await codes([...first.slice(5), large]);
  expect(refused).toEqual(['rate_limited', 'rate_limited', 'overloaded']);
  hold.open();
  expect(await codes(first.slice(0, 5))).toEqual(Array(5).fill('taken'));
  expect(await count()).toBe(5);
  expect(await codes([accept('after')])).toEqual(['taken']);
});

test('a database that is away is our trouble: everybody is told to try again, nothing is half kept', async () => {
  let away = true;
  const { accept, intake, count } = await intakeOver((run) =>
    away ? Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })) : run(),
  );
  const results = await Promise.allSettled([accept('a'), accept('b'), intake.find('unknown-key-1'), intake.find(KEY)]);
  expect(results.map((one) => one.status === 'rejected' && (one.reason as { code: string }).code)).toEqual(
    Array(4).fill('overloaded'),
  );
  away = false;
  expect(await count()).toBe(0);
  await Promise.all([accept('a'), accept('b')]);
  expect(await count()).toBe(2);
});

test('looking up a key costs no query while it is fresh, whether anybody has it or not', async () => {
  const { intake, transactions } = await intakeOver();
  for (let turn = 0; turn < 20; turn += 1) {
    expect((await intake.find(KEY))?.name).toBe('tool');
    expect(await intake.find('nobody-has-this')).toBeUndefined();
    expect(await intake.find('not a key \u0000')).toBeUndefined();
    expect(await intake.find(undefined)).toBeUndefined();
  }
  expect(transactions()).toBeLessThanOrEqual(2);
});

test('room for bodies is bounded and given back', async () => {
  const { intake } = await intakeOver();
  const rooms = Array.from({ length: 256 }, () => intake.reserve(1024 * 1024));
  expect(() => intake.reserve(1)).toThrow(/at once/);
  rooms[0]?.();
  intake.reserve(1024 * 1024)();
});

test('the last event of an integration is known, and written rarely', async () => {
  const { world, accept } = await intakeOver();
  const last = async () => (await world.call('GET', '/api/integrations/tool')).last_event_at;
  expect(await last()).toBeNull();
  await accept('a');
  const first = await last();
  expect(first).toBe('2026-03-02T12:00:00Z');
  await world.clock.setTime(world.clock.now() + 5000);
  await accept('b');
  expect(await last()).toBe(first);
  await world.clock.setTime(world.clock.now() + 5000);
  await accept('c');
  expect(await last()).toBe('2026-03-02T12:00:10Z');
});
