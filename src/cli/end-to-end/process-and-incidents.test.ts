import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../../test/harness.ts';
import { allclear, configured, folder, words } from './testing.ts';

describe('process files', () => {
  it('plan says 2 while there are changes and 0 when there are none; export plans to nothing', async () => {
    const { url, token } = await startServer();
    const file = join(folder, 'ops.yaml');
    await writeFile(file, 'teams:\n  - { name: ops }\n');
    const server = { url, token };
    const plan = await allclear(server, ['plan', file]);
    expect(plan.code, plan.err).toBe(2);
    expect(plan.out).toMatch(/ops/);
    expect((await allclear(server, ['apply', file])).code).toBe(0);
    expect((await allclear(server, ['plan', file])).code).toBe(0);
    const exported = await allclear(server, ['export']);
    expect(exported.out).toContain('ops');
    expect((await allclear(server, ['plan', '-'], { readInput: async () => exported.out })).code).toBe(0);
    expect((await allclear(server, ['export', '--output', join(folder, 'out.yaml')])).out).toBe('');
    expect(await readFile(join(folder, 'out.yaml'), 'utf8')).toBe(exported.out);
  });

  it('errors name file, line and column, one a line, and nothing is applied', async () => {
    const server = await startServer();
    const below = join(folder, 'process', 'deep');
    await mkdir(below, { recursive: true });
    await writeFile(join(below, 'teams.yaml'), 'teams:\n  - name: ops\n    members: [nobody-here]\n');
    await writeFile(join(folder, 'process', 'notes.txt'), 'not: [yaml');
    for (const command of ['plan', 'apply']) {
      const { code, err } = await allclear(server, [command, join(folder, 'process')]);
      expect(code).toBe(1);
      expect(err).toMatch(/deep\/teams\.yaml:3:\d+: error: .*nobody-here/);
      expect(err).toMatch(/1 error: apply would refuse this/);
    }
    expect(await server.call('GET', '/api/teams')).toEqual({ items: [] });
    expect((await allclear(server, ['plan', join(folder, 'missing.yaml')])).err).toMatch(/there is no such file/);
  });
});

it('who is on call: local time and UTC', async () => {
  const server = await configured();
  const { out, code } = await allclear(server, words('oncall'));
  expect(code).toBe(0);
  expect(out).toMatch(/SCHEDULE\s+PERSON\s+ROLE\s+UNTIL \(Europe\/Amsterdam\)\s+UNTIL \(UTC\)/);
  expect(out).toMatch(/rota\s+ana\s+primary\s+2026-03-09 10:00\s+2026-03-09 09:00Z/);
  expect((await allclear(server, words('who-is-on-call --json'))).out.trim()).toBe(
    await (await server.request('GET', '/api/on-call')).text(),
  );
  const later = await allclear(server, ['oncall', '--schedule', 'rota', '--at', '2026-03-29T01:30 Europe/London']);
  expect(later.err).toMatch(/does not exist/);
  expect(later.out).toMatch(/rota\s+(ana|ben)/);
  expect((await allclear(server, words('oncall --schedule none'))).out).toBe('Nobody is on call in none.\n');
  const health = await allclear(server, words('health ana --to 2026-03-02'));
  expect(health.out, health.err).toMatch(/^Ana.*, 2026-02-03 to 2026-03-02 \(.*\)\nWHAT +HOW MUCH\nPages +\d+, \d\S* a week\n/);
  expect(health.out).toMatch(/^Actionable +.* of \d+ known, \d+ unknown\)$/m);
  expect((await allclear(server, words('health --from yesterday'))).code).toBe(64);
  expect((await allclear(server, words('load'))).out).toMatch(
    /PERSON\s+ON CALL\s+AT NIGHT\s+INCIDENTS\s+AT NIGHT\n\s*ana\s+\d+ h/,
  );
  expect((await allclear(server, words('load --days 0'))).code).toBe(64);
});

it('an incident from page to resolve', async () => {
  const server = await configured();
  const paged = await allclear(server, ['page', 'checkout', 'Payments fail', '--severity', 'critical']);
  expect(paged).toMatchObject({ code: 0, out: 'INC-2026-0001  triage  Payments fail (checkout)\n' });
  await server.settle();
  expect(server.ntfy.received.map((message) => message.topic)).toEqual(['topic-ana']);
  const handed = await allclear(server, ['page', 'checkout', 'Look', 'here', '--to', 'ben']);
  expect(handed).toMatchObject({ code: 0, out: 'INC-2026-0002  triage  Look here (checkout)\n' });
  const lost = await allclear(server, ['page', 'checkout', 'x', '--to', 'nobody']);
  expect(lost.code).toBe(1);
  expect(lost.err).toMatch(/INC-2026-0003 was opened and pages by its policy.*not handed to nobody/);

  const open = await allclear(server, words('incidents'));
  expect(open.out).toMatch(/INC-2026-0001\s+triage\s+critical\s+checkout\s+2026-03-02 13:00/);
  expect((await allclear(server, words('incidents --limit 1'))).err).toMatch(/There are more: --cursor \S+/);

  const some = await allclear(server, words('ack INC-2026-0001 INC-2026-0099 inc-2026-0002'));
  expect(some.code).toBe(1);
  expect(some.out).toMatch(/^INC-2026-0001 {2}acknowledged .*\nINC-2026-0002 {2}acknowledged .*\n$/);
  expect(some.err).toMatch(/error: INC-2026-0099: Incident INC-2026-0099 not found\n {2}request id: \S+/);
  expect((await allclear(server, words('snooze INC-2026-0001 --for 2h --json'))).out).toContain(
    '"snoozed_until":"2026-03-02T14:00:00Z"',
  );
  expect((await allclear(server, ['resolve', 'INC-2026-0001', 'INC-2026-0002', 'INC-2026-0003', '--note', 'done'])).code).toBe(0);
  expect((await allclear(server, words('incidents'))).out).toBe('No incidents.\n');
  expect((await allclear(server, words('incidents --status all'))).out).toMatch(/resolved/);
});

it('the list says who comes next, and when nobody is left', async () => {
  const server = await configured();
  await server.call('PUT', '/api/escalation-policies/turns', {
    steps: ['ana', 'ben'].map((person) => ({ targets: [{ person }], escalate_after_seconds: 300 })),
    repeat: 0,
  });
  await allclear(server, ['page', 'checkout', 'Payments fail']);
  await server.settle();
  const next = async () => /\S+ {2}(\S.*) {2}Payments fail/.exec((await allclear(server, words('incidents'))).out)?.[1]?.trim();
  expect(await next()).toMatch(/ {2}step 2 13:05$/);
  await server.fastForward('10m');
  expect(await next()).toMatch(/ {2}NOBODY LEFT, again 13:\d\d$/);
});

it('the set-up: how far it is, a test page, the list, the schemes of severity', async () => {
  const server = await configured();
  const before = await allclear(server, words('setup'));
  expect(before.code, before.err).toBe(1);
  expect(before.out).toMatch(/failed\s+Create the first account\n\s+Nobody is administrator/);
  expect(before.out).toMatch(/done\s+Add a service and who is on call for it/);
  expect(before.out).toMatch(/\d of 7 done\.\n\nWeek 1/);
  expect((await allclear(server, words('setup --test-page'))).out).toMatch(/^INC-2026-0001 is on its way/);
  expect((await allclear(server, words('setup --test-page nowhere'))).err).toMatch(/there is no service named nowhere/);
  expect((await allclear(server, words('setup --done tabletop'))).out).toBe('tabletop: done.\n');
  expect((await allclear(server, words('setup'))).out).toMatch(/\[x\] tabletop\s+Hold a tabletop exercise \(test\)/);
  expect((await allclear(server, words('setup --undo tabletop'))).code).toBe(0);
  expect((await allclear(server, words('setup --done severities'))).err).toMatch(/sees this by itself/);
  expect(JSON.parse((await allclear(server, words('setup --json'))).out)).toMatchObject({ ready: false, of: 7 });

  expect((await allclear(server, words('severities'))).out).toMatch(/No levels are written down yet/);
  expect((await allclear(server, words('severities --presets'))).out).toMatch(/p0-to-p3 {2}SEV0 to SEV3/);
  expect((await allclear(server, words('severities --use target-resolution'))).out).toMatch(/SEV1\s+Critical\s+1 hour/);
  expect((await allclear(server, words('severities --use other'))).code).toBe(1);
  expect((await allclear(server, words('severities --presets'))).out).toMatch(/target resolution \(in force\)/);
  await server.settle();
});

it('who brings people: providers, the directory, its key and what was refused', async () => {
  const server = await startServer();
  expect((await allclear(server, words('sign-on show'))).out).toMatch(/^No provider/);
  expect(await allclear(server, words('sign-on test corp'))).toMatchObject({ code: 1 });
  const key = (await allclear(server, words('sign-on scim-key okta'))).out.trim();
  const bring = (path: string, body: object) =>
    server.request('POST', `/scim/v2/${path}`, body, { authorization: `Bearer ${key}` });
  expect((await bring('Groups', { displayName: 'ops' })).status).toBe(201);
  expect((await bring('Users', {})).status).toBe(400);
  await server.call('PUT', '/api/scim', { mapping: [{ group: 'ops', role: 'responder' }] });
  const { out } = await allclear(server, words('sign-on scim'));
  expect(out).toMatch(/Base address: \S+\/scim\/v2\nKeys: okta \(last used 2026-03-02 13:00\)\nPeople: 0/);
  expect(out).toMatch(/ops\s+0\s+responder/);
  expect(out).toMatch(/okta\s+POST \/scim\/v2\/Users\s+400\s+Required attribute 'userName' is missing/);
  expect(JSON.parse((await allclear(server, words('sign-on scim --json'))).out)).toMatchObject({ keys: [{ name: 'okta' }] });
});
