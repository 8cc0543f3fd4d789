import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allclear, configured, folder, words } from './testing.ts';

it('why: from payload to answer; and for an alert that paged nobody, why not', async () => {
  const server = await configured();
  const silenced = ['silence', 'create', '--match', 'env=staging', '--for', '2h', '--comment', 'load test'];
  expect((await allclear(server, silenced)).out).toMatch(/^\S{36} {2}until 2026-03-02 15:00 Europe\/Amsterdam\n$/);
  const send = (body: object) => server.request('POST', '/hooks/generic/the-key-of-prod', body);
  await send({ summary: 'disk \u001b[31mfull', severity: 'critical', dedup_key: 'disk' });
  await send({ summary: 'test noise', severity: 'critical', dedup_key: 'noise', env: 'staging' });
  await server.settle();
  await allclear(server, words('ack INC-2026-0001'));

  const why = await allclear(server, words('why INC-2026-0001'));
  expect(why.code, why.err).toBe(0);
  expect(why.out).toMatch(/INC-2026-0001.*disk full/);
  expect(why.out).toMatch(/alert .*received/);
  expect(why.out).toMatch(/because:/);
  expect(why.out).toMatch(/payload: \{.*"dedup_key":"disk"/);
  expect(why.out).toMatch(/acknowledge/i);
  expect(why.out).toMatch(/2026-03-02 13:00:00 {2}page/);
  expect(why.out).not.toContain('\u001b');
  expect((await allclear(server, words('why INC-2026-0001 --full'))).out).toMatch(/^ +"dedup_key": "disk"/m);

  const { items } = await server.call<{ items: { id: string; disposition: string }[] }>(
    'GET',
    '/api/alerts?disposition=silenced',
  );
  const quiet = await allclear(server, ['why', items[0]?.id ?? '']);
  expect(quiet.out).toMatch(/nobody was paged.*silenced/);
  const json = await allclear(server, ['why', items[0]?.id ?? '', '--json']);
  expect(json.out.trim()).toBe(await (await server.request('GET', `/api/alerts/${items[0]?.id}/trace`)).text());

  const list = await allclear(server, words('silence list'));
  const id = list.out.match(/[0-9a-f-]{36}/)?.[0] ?? '';
  expect(list.out).toMatch(/active\s+silence\s+2026-03-02 13:00\s+2026-03-02 15:00\s+test\s+env=staging\s+load test/);
  expect((await allclear(server, ['silence', 'end', id])).out).toBe('Ended: load test\n');
  expect((await allclear(server, ['silence', 'end', id])).code).toBe(1);
  expect((await allclear(server, words('silence list'))).out).toBe('No silences.\n');
  expect((await allclear(server, words('silence list --all'))).out).toMatch(/expired/);
});

it('simulate says what would happen at a moment, and touches nothing', async () => {
  const server = await configured();
  const payload = join(folder, 'payload.json');
  await writeFile(payload, JSON.stringify({ summary: 'db down', severity: 'critical', dedup_key: 'db' }));
  const before = await server.call('GET', '/api/journal');
  const seen = await allclear(server, ['simulate', '--integration', 'prod', '--at', '2026-03-29T01:30 Europe/London', payload]);
  expect(seen.code, seen.err).toBe(0);
  expect(seen.err).toMatch(/2026-03-29 01:30 Europe\/London does not exist.*2026-03-29 02:30 is meant/);
  expect(seen.out).toMatch(/At 2026-03-29 03:30 Europe\/Amsterdam \(2026-03-29 01:30Z\)/);
  expect(seen.out).toMatch(/step 1, at once:\n {4}(ana|ben) by phone \(ntfy\)/);
  expect(seen.out).toMatch(/step 2, after 5 min:\n {4}ben by phone \(ntfy\)\n {6}because:/);
  expect(await server.call('GET', '/api/journal')).toEqual(before);
  expect(server.ntfy.received).toEqual([]);
});

it('test-page shows each method, and fails when one does', async () => {
  const server = await configured();
  let looks = 0;
  const sleep = async () => {
    looks += 1;
    if (looks === 2) await server.settle();
  };
  const ana = await allclear(server, words('test-page ana'), { sleep });
  expect(ana.out).toMatch(/sent {2}Test page to phone: the provider took it/);
  expect(ana.out).toMatch(/failed {2}Test page to old-phone/);
  expect(ana.code).toBe(1);
  looks = 0;
  expect((await allclear(server, words('test-page ben'), { sleep })).code).toBe(0);
  const nothing = await allclear(server, words('test-page ben'));
  expect(nothing).toMatchObject({ code: 1, err: expect.stringMatching(/no result {2}phone: nothing within 30 s/) });
});

it('doctor fails on errors, and measures this clock against the server', async () => {
  const server = await configured();
  const now = () => server.now();
  const healthy = await allclear(server, words('doctor'), { now });
  expect(healthy.out).not.toMatch(/clock/);
  await server.call('PUT', '/api/services/orphan', {});
  const sick = await allclear(server, words('doctor'), { now });
  expect(sick.code).toBe(1);
  expect(sick.out).toMatch(/error {2}service orphan has no escalation policy/);
  const skewed = await allclear(server, words('doctor'), { now: () => server.now().add({ seconds: 90 }) });
  expect(skewed.out).toMatch(/warning {2}clock this computer's clock is 90\.0 s ahead of the server's/);
});

it('keys and tokens', async () => {
  const server = await configured();
  await server.call('PUT', '/api/integrations/prod', { service: 'checkout', kind: 'grafana', hmac_secret: 'kept-secret' });
  expect((await allclear(server, words('import-key prod 0123456789abcdef'))).code).toBe(0);
  expect(await server.call('GET', '/api/integrations/prod')).toMatchObject({
    key: '0123456789abcdef',
    kind: 'grafana',
    hmac_secret: 'kept-secret',
  });

  const made = await allclear(server, words('token create ci --role manager --expires 2027-01-01T00:00Z'));
  const token = made.out.trim();
  expect(made.err).toMatch(/not shown again/);
  const refused = await allclear({ url: server.url, token }, words('import-key prod 0123456789abcdee'));
  expect(refused.code).toBe(1);
  expect((await server.call<{ hmac_secret: string }>('GET', '/api/integrations/prod')).hmac_secret).toBe('kept-secret');
  expect((await allclear(server, words('token list'))).out).toMatch(
    /ci\s+manager\s+-\s+2026-03-02 13:00\s+2026-03-02 13:00\s+2027-01-01 01:00\s+valid/,
  );

  const home = join(folder, 'home');
  const only = { home, env: { ALLCLEAR_URL: server.url } };
  const stranger = await allclear(undefined, words('incidents'), only);
  expect(stranger).toMatchObject({ code: 1, err: expect.stringMatching(/send an API token.*\n.*allclear token save/) });
  expect((await allclear(undefined, words('token save'), { ...only, readInput: async () => `${token}\n` })).code).toBe(0);
  expect((await stat(join(home, '.config/allclear/token'))).mode & 0o777).toBe(0o600);
  expect((await allclear(undefined, words('incidents'), only)).code).toBe(0);
  expect((await allclear(server, words('token revoke ci'))).code).toBe(0);
  expect((await allclear(undefined, words('incidents'), only)).code).toBe(1);
  expect((await allclear(undefined, words('token save short'), only)).code).toBe(1);
});

it('pages says who was paged and who is next; audit who changed what, before and after', async () => {
  const server = await configured();
  await server.request('POST', '/hooks/generic/the-key-of-prod', {
    summary: 'disk full',
    severity: 'critical',
    dedup_key: 'disk',
  });
  await server.settle();
  const pages = await allclear(server, words('pages INC-2026-0001'));
  expect(pages.code, pages.err).toBe(0);
  expect(pages.out).toMatch(/PAGED +PERSON +STEP +STATE +METHOD/);
  expect(pages.out).toMatch(/2026-03-02 13:00 +\w+ +1, round 1 +\w+/);
  expect(pages.out).toMatch(/^Next: .+ at 2026-03-02/m);
  expect((await allclear(server, words('pages INC-2026-0009'))).code).toBe(1);

  await server.call('PUT', '/api/teams/night', { title: 'One', members: [] });
  await server.call('PUT', '/api/teams/night', { title: 'Two', members: [] });
  const audit = await allclear(server, words('audit --subject team --limit 1'));
  expect(audit.out).toMatch(/test +api +Team night was saved +title: One → Two/);
  expect(audit.err).toMatch(/There are more: --cursor/);
  expect((await allclear(server, words('audit --actor nobody'))).out).toBe('Nothing was recorded that fits.\n');
});
