import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Setup } from '../../src/contract/setup.ts';
import { THE_ONLY } from '../../src/server/journal/actions.ts';
import { startSmtp } from '../fakes/smtp.ts';
import { startServer } from '../harness.ts';
import { aTeam } from './world.ts';

const stateOf = (setup: Setup) => Object.fromEntries(setup.steps.map((step) => [step.id, step.state]));
const textOf = (setup: Setup, id: string) => setup.steps.find((step) => step.id === id)?.text;

test('from nothing: each step is done when it is so, and says so again when it breaks', async () => {
  const w = await startServer();
  const smtp = await startSmtp();
  const look = () => w.call<Setup>('GET', '/api/setup');
  expect(stateOf(await look())).toMatchObject({ account: 'failed', channel: 'next', reach: 'failed', page: 'later' });
  const administrator = (name: string) => ({ display_name: name, email: `${name}@allclear.test`, role: 'administrator' });
  await w.call('PUT', '/api/people/ana', administrator('ana'));
  expect(await look()).toMatchObject({ ready: false, done: 2, of: 7, integration: null, page: null });
  const away = await w.call<Setup>('GET', `/api/setup?origin=${encodeURIComponent('https://else.example.com')}`);
  expect(textOf(away, 'address')).toMatch(/You opened https:\/\/else\.example\.com/);
  const fields: unknown[] = [];
  for (const query of ['at=yesterday', `at=2026-03-02T12:00:00.${'1'.repeat(10)}Z`, 'origin=mailto:a@b.cd', 'origin=file:///x']) {
    const refused = await w.request('GET', `/api/setup?${query}`);
    fields.push([refused.status, ((await refused.json()) as { field?: string }).field]);
  }
  expect(fields).toEqual(['at', 'at', 'origin', 'origin'].map((field) => [422, field]));

  const channels = { email: { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'allclear@allclear.test' } };
  await w.call('PUT', '/api/settings', { channels });
  expect(textOf(await look(), 'channel')).toMatch(/not tried/);
  await w.call('POST', '/api/settings/channels/email/test', { to: 'ana@allclear.test' });
  expect(stateOf(await look())).toMatchObject({ channel: 'done', reach: 'next' });
  await w.request('GET', '/api/backup').then((answer) => answer.arrayBuffer());
  await w.system((ctx) =>
    sql`
      insert into journal (at, actor, source, subject_type, subject_id, type, text)
      select now(), 'directory', 'api', 'settings', ${THE_ONLY}::uuid, 'directory.group_saved', n::text from generate_series(1, 250) as n`.execute(
      ctx.tx,
    ),
  );
  const busy = await look();
  expect(stateOf(busy).channel, 'what a directory does to the history hides no test').toBe('done');
  expect(
    busy.server.find((one) => one.label === 'Backup'),
    'nor a backup',
  ).toMatchObject({ done: true });
  await w.call('PUT', '/api/settings', { channels, bundle_seconds: 30 });
  expect(stateOf(await look()).channel, 'what concerns no channel leaves its test').toBe('done');
  await w.call('PUT', '/api/settings', { channels: { email: { ...channels.email, from: 'other@allclear.test' } } });
  expect(textOf(await look(), 'channel'), 'a changed channel is to be tried again').toMatch(/not tried/);
  smtp.mode('refused');
  await w.call('POST', '/api/settings/channels/email/test', { to: 'ana@allclear.test' });
  expect(textOf(await look(), 'channel')).toMatch(/Nothing can leave.*No such person/);
  smtp.mode('ok');
  await w.call('POST', '/api/settings/channels/email/test', { to: 'ana@allclear.test' });

  const refused = await w.request('POST', '/api/setup/test-page', {});
  expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('No service pages anybody now')]);
  const first = { service: 'Checkout API', team: 'Commerce', people: ['ana'] };
  const wrong = async (part: object) => {
    const response = await w.request('POST', '/api/setup/service', { ...first, ...part });
    return [response.status, ((await response.json()) as { field?: string }).field];
  };
  expect(await wrong({ people: ['ana', 'nobody'] })).toEqual([422, 'people.1']);
  expect(await wrong({ service: '結帳' })).toEqual([422, 'service']);
  expect(await w.call<{ items: unknown[] }>('GET', '/api/teams'), 'nothing is left of what was refused').toEqual({ items: [] });
  const both = await Promise.all([first, first].map((body) => w.request('POST', '/api/setup/service', body)));
  expect(both.map((one) => one.status).sort(), 'of two at once one makes it').toEqual([201, 422]);
  expect(await both.find((one) => one.status === 201)?.json()).toEqual({
    team: 'commerce',
    schedule: 'commerce',
    escalation_policy: 'commerce',
    service: 'checkout-api',
    integration: 'checkout-api-alerts',
  });
  expect(await wrong({})).toEqual([422, 'service']);
  expect(await wrong({ service: 'Other' })).toEqual([422, 'team']);
  expect(textOf(await look(), 'service')).toBe('Checkout API pages ana now.');
  expect(stateOf(await look())).toMatchObject({ service: 'done', source: 'waiting', page: 'later', reach: 'next' });

  const methods = [{ label: 'email', channel: 'email', address: 'ana@allclear.test', verified: true }];
  await w.call('PUT', '/api/people/ana/reach', { contact_methods: methods });
  const { incident } = await w.call<{ incident: string }>('POST', '/api/setup/test-page', {});
  expect(await look()).toMatchObject({ page: { incident, state: 'waiting', open: true } });
  smtp.mode('refused');
  await w.settle();
  expect(textOf(await look(), 'page')).toMatch(/No message of INC-2026-0001 left for ana: .*No such person/);
  smtp.mode('ok');
  await w.call('POST', `/api/incidents/${incident}/resolve`, {});
  // Of two pages of one moment neither is the newest.
  await w.clock.setTime(w.clock.now() + 1000);
  const again = await w.call<{ incident: string }>('POST', '/api/setup/test-page', { service: 'checkout-api' });
  await w.settle();
  expect(textOf(await look(), 'page')).toMatch(
    /Mail to a…@allclear\.test left 0 s ago\. Open its link and acknowledge INC-2026-0002/,
  );
  const link = /http\S+\/p\/\S+/.exec(smtp.received.at(-1)?.mail.text ?? '')?.[0] ?? '';
  const answered = await fetch(`${link}/acknowledge`, { method: 'POST' });
  expect(await answered.text()).toBe('Done.');
  await w.settle();
  expect(await look()).toMatchObject({ page: { incident: again.incident, state: 'acknowledged', open: true } });
  expect(textOf(await look(), 'page')).toMatch(/ana acknowledged INC-2026-0002 by its link/);
  await w.clock.setTime(w.clock.now() + 16 * 60_000);
  await w.settle();
  expect(await look(), 'the test ended by itself').toMatchObject({ page: { open: false, state: 'acknowledged' } });

  const { key } = await w.call<{ key: string }>('GET', '/api/integrations/checkout-api-alerts');
  const alert = { status: 'firing', labels: { alertname: 'Slow' }, startsAt: '2026-03-02T12:00:00Z' };
  await w.request('POST', `/hooks/alertmanager/${key}`, { version: '4', status: 'firing', alerts: [alert] });
  expect(await look()).toMatchObject({ ready: true, done: 7, person: 'ana' });
  // Whoever is never paged sees the same: it is about who is.
  await w.call('PUT', '/api/people/dee', administrator('dee'));
  const { token } = await w.call<{ token: string }>('POST', '/api/tokens', { name: 'dee', role: 'administrator', person: 'dee' });
  const hers = await (await w.request('GET', '/api/setup', undefined, { authorization: `Bearer ${token}` })).json();
  expect(hers).toMatchObject({ ready: true, person: 'ana' });

  await smtp.stop();
  await w.call('PUT', '/api/settings', {
    channels: { email: { ...channels.email, from: 'other@allclear.test' } },
    bundle_seconds: 20,
  });
  await w.settle();
  const broken = await look();
  expect(broken.ready).toBe(false);
  expect(textOf(broken, 'channel')).toMatch(/Nothing can leave\. Mail: 127\.0\.0\.1:\d+/);
});

test('the list: one tick for everyone, who and when, taken back, journalled; what is seen cannot be ticked', async () => {
  const team = await aTeam({ ana: { by: ['ntfy'] } });
  await team.call('PUT', '/api/people/cy', { display_name: 'Cy', email: 'cy@allclear.test', role: 'administrator' });
  const { token } = await team.call<{ token: string }>('POST', '/api/tokens', {
    name: 'cy',
    role: 'administrator',
    person: 'cy',
  });
  const cy = { authorization: `Bearer ${token}` };
  const tick = (item: string, done: boolean) => team.request('PUT', `/api/setup/items/${item}`, { done });
  expect((await team.request('PUT', '/api/setup/items/tabletop', { done: true }, cy)).ok).toBe(true);
  expect((await tick('tabletop', true)).ok).toBe(true);
  const item = async () =>
    (await team.call<Setup>('GET', '/api/setup')).weeks.flatMap((week) => week.items).find((one) => one.id === 'tabletop');
  expect(await item()).toMatchObject({ done: true, done_by: 'cy', done_at: expect.any(String) });
  expect((await tick('tabletop', false)).ok).toBe(true);
  expect((await tick('tabletop', false)).ok).toBe(true);
  expect(await item()).toMatchObject({ done: false, done_by: null });
  const seen = await tick('severities', true);
  expect([seen.status, await seen.json()]).toEqual([422, expect.objectContaining({ field: 'done' })]);
  expect((await tick('nothing', true)).status).toBe(404);
  const { items } = await team.call<{ items: { actor: string; type: string }[] }>('GET', '/api/journal?type=setup.');
  expect(items.map((one) => `${one.actor} ${one.type}`)).toEqual(['test setup.item_undone', 'cy setup.item_done']);
  team.ignoreMessages();
});
