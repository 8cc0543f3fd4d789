import { expect, test } from 'vitest';
import type { z } from 'zod';
import type { bulkResult, incidentNext, incidentPage, openPage } from '../../src/contract/pages.ts';
import { aTeam } from './world.ts';

const SMS = { by: ['sms' as const] };
type Pages = { items: z.infer<typeof incidentPage>[] };
type Next = z.infer<typeof incidentNext>;
type Open = { items: z.infer<typeof openPage>[] };
type Done = z.infer<typeof bulkResult>;

test('pages say who, why, at which step, and what became of each message; the newest first, addresses masked', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'mail'] }, ben: { by: ['call'] } });
  await w.alertFires('db-down');
  w.expectSms('ana');
  w.expectMail('ana');
  await w.fastForward('5m');
  w.expectCall('ben');
  const asBen = await w.tokenOf('ben');
  const { items } = (await (await w.request('GET', '/api/incidents/INC-2026-0001/pages', undefined, asBen)).json()) as Pages;
  expect(items.map((page) => [page.person.display_name, page.step, page.round, page.status, page.policy])).toEqual([
    ['Ben', 2, 1, 'paging', 'turns'],
    ['Ana', 1, 1, 'paging', 'turns'],
  ]);
  expect(items[0]?.receipts).toMatchObject([
    { channel: 'voice', label: 'call', address: w.addressOf('ben', 'call'), status: 'sent' },
  ]);
  const [mail, sms] = items[1]?.receipts ?? [];
  expect(sms).toMatchObject({ label: 'sms', address: `+31…${w.addressOf('ana', 'sms').slice(-3)}`, error: null, also_for: 0 });
  expect(mail).toMatchObject({ label: 'mail', address: 'a…@example.com' });
  await w.request('POST', '/api/incidents/INC-2026-0001/acknowledge', {}, asBen);
  const after = await w.call<Pages>('GET', '/api/incidents/INC-2026-0001/pages');
  expect(after.items.map((page) => [page.status, page.end_reason])).toEqual([
    ['answered', 'acknowledged by ben'],
    ['ended', 'acknowledged by ben'],
  ]);
});

test('who is paged next, and when; past the last step the fallback, or nobody', async () => {
  const w = await aTeam(
    { ana: SMS, ben: SMS, cas: SMS },
    {
      steps: [
        { targets: [{ person: 'ana' }], escalate_after_seconds: 300 },
        { targets: [{ person: 'cas' }], escalate_after_seconds: 300, when: { urgency: 'low' } },
        { targets: [{ round_robin: ['ben', 'cas'] }], escalate_after_seconds: 300 },
      ],
      policy: { fallback: { person: 'cas' } },
    },
  );
  const next = async () => (await w.call<Next>('GET', '/api/incidents/INC-2026-0001/next')).next;
  await w.alertFires('db-down');
  w.expectSms('ana');
  expect(await next()).toEqual({
    at: w.now().add({ seconds: 300 }).toString(),
    step: 3,
    round: 1,
    fallback: false,
    people: [{ name: 'ben', display_name: 'Ben', reason: 'next in the round robin of step 3', shadow: false }],
    places: [],
    skipped: [{ step: 2, why: 'only for low urgency, this is high' }],
  });
  // Asking takes no turn of the round robin.
  expect((await next())?.people[0]?.name).toBe('ben');
  await w.fastForward('5m');
  w.expectSms('ben');
  expect(await next()).toMatchObject({ step: null, fallback: true, people: [{ name: 'cas' }] });
  await w.does('acknowledge');
  expect(await next()).toBeNull();
});

test('my unanswered pages, with their incident and who is next', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS });
  await w.alertFires('db-down');
  w.expectSms('ana');
  const asAna = await w.tokenOf('ana');
  const mine = async () => ((await (await w.request('GET', '/api/pages?person=me', undefined, asAna)).json()) as Open).items;
  expect(await mine()).toMatchObject([
    {
      incident: { number: 'INC-2026-0001', title: 'db-down is wrong', status: 'triage' },
      status: 'paging',
      since: '2026-03-02T12:00:00Z',
      until: '2026-03-02T12:05:00Z',
      next: { people: [{ name: 'ben', display_name: 'Ben' }] },
    },
  ]);
  expect((await w.call<Open>('GET', '/api/pages?person=ben')).items).toEqual([]);
  // Each round asks again: that is still one thing to answer. A second incident is another.
  await w.fastForward('40m');
  await w.alertFires('queue-stuck');
  w.ignoreMessages();
  const { items: all } = await w.call<{ items: unknown[] }>('GET', '/api/incidents/INC-2026-0001/pages');
  expect(all.length).toBeGreaterThan(2);
  expect((await mine()).map((page) => page.incident.number).sort()).toEqual(['INC-2026-0001', 'INC-2026-0002']);
  await w.request('POST', '/api/incidents/INC-2026-0002/acknowledge', {}, asAna);
  await w.request('POST', '/api/incidents/INC-2026-0001/acknowledge', {}, asAna);
  expect(await mine()).toEqual([]);
  expect((await w.request('GET', '/api/pages')).status).toBe(422);
  expect((await w.request('GET', '/api/pages?person=nobody')).status).toBe(422);
});

test('a snooze taken back: one that nobody had pages again, one that somebody had stays hers', async () => {
  const w = await aTeam({ ana: SMS });
  await w.alertFires('db-down');
  w.expectSms('ana');
  await w.does('snooze', { seconds: 3600 });
  expect(await w.does('unsnooze')).toMatchObject({ status: 'triage', snoozed_until: null });
  w.expectSms('ana');
  await w.request('POST', '/api/incidents/INC-2026-0001/acknowledge', {}, await w.tokenOf('ana'));
  await w.does('snooze', { seconds: 3600 });
  expect(await w.does('unsnooze')).toMatchObject({
    status: 'acknowledged',
    acknowledged_by: 'ana',
    snoozed_until: null,
    reminder_at: '2026-03-02T12:30:00Z',
  });
  expect((await w.request('POST', '/api/incidents/INC-2026-0001/unsnooze', {})).status).toBe(409);
  await w.fastForward('30m');
  w.expectSms('ana');
});

test('one verb on many: what refuses one leaves the others done', async () => {
  const w = await aTeam({ ana: SMS }, { service: { grouping: { window_seconds: 0 } } });
  for (const key of ['a', 'b', 'c']) await w.alertFires(key);
  w.ignoreMessages();
  await w.call('POST', '/api/incidents/INC-2026-0002/resolve', {});
  const ids = (await w.incidents()).map((one) => one.id);
  const done = await w.call<Done>('POST', '/api/incidents/bulk', {
    ids: [...ids, 'INC-2026-0002', 'INC-2026-9999'],
    action: 'snooze',
    seconds: 600,
  });
  const open = ids.length - 1;
  expect(done.items.filter((one) => one.done)).toHaveLength(open);
  expect(done.items.filter((one) => one.incident?.snoozed_until)).toHaveLength(open);
  expect(done.items.slice(-2)).toMatchObject([
    { id: 'INC-2026-0002', done: false, problem: 'INC-2026-0002 is resolved: reopen it first', incident: { status: 'resolved' } },
    { id: 'INC-2026-9999', done: false, problem: 'There is no incident INC-2026-9999', incident: null },
  ]);
  const resolved = await w.call<Done>('POST', '/api/incidents/bulk', { ids, action: 'resolve', note: 'storm over' });
  expect(resolved.items.every((one) => one.done && one.incident?.status === 'resolved')).toBe(true);
  const tooMany = await w.request('POST', '/api/incidents/bulk', { ids: Array.from({ length: 101 }, String), action: 'close' });
  expect(tooMany.status).toBe(422);
  w.ignoreMessages();
});

test("the timeline from its end, and an incident's alerts page by page", async () => {
  const w = await aTeam({ ana: SMS }, { service: { grouping: { by: [], window_seconds: 3600 } } });
  for (const key of ['a', 'b', 'c']) await w.alertFires(key);
  w.ignoreMessages();
  type Entries = { items: { id: string }[]; next: string | null };
  const path = '/api/incidents/INC-2026-0001/timeline';
  const forward = await w.call<Entries>('GET', `${path}?limit=200`);
  const backward: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Entries = await w.call('GET', `${path}?order=newest&limit=2${cursor && `&cursor=${cursor}`}`);
    backward.push(...page.items.map((one) => one.id));
    cursor = page.next;
  }
  expect(backward).toEqual(forward.items.map((one) => one.id).reverse());
  const first = await w.call<Entries>('GET', '/api/incidents/INC-2026-0001/alerts?limit=2');
  const rest = await w.call<Entries>('GET', `/api/incidents/INC-2026-0001/alerts?limit=2&cursor=${first.next}`);
  expect([first.items.length, rest.items.length, rest.next]).toEqual([2, 1, null]);
});
