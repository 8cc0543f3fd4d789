import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeNtfy, startNtfy } from '../../test/fakes/ntfy.ts';
import { startServer } from '../../test/harness.ts';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';
import { testTerminal } from './testing.ts';

type Server = Awaited<ReturnType<typeof startServer>>;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'allclear-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));
const fakes: FakeNtfy[] = [];
afterEach(async () => {
  for (const fake of fakes.splice(0)) await fake.stop();
});

const noServe = () => Promise.reject(new Error('serve is not asked for'));
/** Runs one command line in this process. */
const allclear = async (server: Pick<Server, 'url' | 'token'> | undefined, line: string[], given: Partial<Terminal> = {}) => {
  const env = server ? { ALLCLEAR_URL: server.url, ALLCLEAR_TOKEN: server.token } : {};
  const terminal = testTerminal({ home: folder, env, ...given });
  const code = await run(terminal, line, noServe);
  return { code, out: terminal.stdout(), err: terminal.stderr(), bytes: terminal.stdoutBytes() };
};
const words = (line: string): string[] => line.split(' ');

const PROCESS = (ntfy: string) => `
settings:
  channels: { ntfy: { server: "${ntfy}" } }
  bundle_seconds: 0
people:
  - name: ana
    display_name: Ana
    email: ana@example.com
    contact_methods:
      - { label: phone, channel: ntfy, address: topic-ana, verified: true }
      - { label: old-phone, channel: sms, address: "+31612345678", verified: true }
  - name: ben
    display_name: Ben
    email: ben@example.com
    contact_methods: [{ label: phone, channel: ntfy, address: topic-ben, verified: true }]
schedules:
  - name: rota
    time_zone: Europe/London
    layers:
      - { name: all, rotation: { every: 1, unit: week }, starts: "2026-01-05T09:00", participants: [ana, ben] }
escalation_policies:
  - name: turns
    steps:
      - { targets: [{ schedule: rota }], escalate_after_seconds: 300 }
      - { targets: [{ person: ben }], escalate_after_seconds: 300 }
services:
  - { name: checkout, escalation_policy: turns }
integrations:
  - { name: prod, service: checkout, key: the-key-of-prod }
`;

/** A server with a small process in it, put there by the command line itself. */
const configured = async (at = '2026-03-02T12:00:00Z') => {
  const ntfy = await startNtfy();
  fakes.push(ntfy);
  const server = await startServer({ at });
  const file = join(folder, 'process.yaml');
  await writeFile(file, PROCESS(ntfy.url));
  const applied = await allclear(server, ['apply', file]);
  expect(applied.code, applied.err + applied.out).toBe(0);
  return { ...server, ntfy, file };
};

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
  expect(stranger).toMatchObject({ code: 1, err: expect.stringMatching(/Send an API token.*\n.*allclear token save/) });
  expect((await allclear(undefined, words('token save'), { ...only, readInput: async () => `${token}\n` })).code).toBe(0);
  expect((await stat(join(home, '.config/allclear/token'))).mode & 0o777).toBe(0o600);
  expect((await allclear(undefined, words('incidents'), only)).code).toBe(0);
  expect((await allclear(server, words('token revoke ci'))).code).toBe(0);
  expect((await allclear(undefined, words('incidents'), only)).code).toBe(1);
  expect((await allclear(undefined, words('token save short'), only)).code).toBe(1);
});

const HOME = new URL('../../', import.meta.url).pathname;
/** Runs the program as people do, in a process of its own. */
const program = (server: Server, line: string[]) =>
  spawn(join(HOME, 'allclear'), line, {
    env: { ...process.env, ALLCLEAR_URL: server.url, ALLCLEAR_TOKEN: server.token, NO_COLOR: '1' },
  });

it('allclear backup > file, allclear restore file', async () => {
  const source = await configured();
  await allclear(source, ['page', 'checkout', 'Payments fail']);
  await source.settle();
  const file = join(folder, 'backup.gz');
  const child = program(source, ['backup']);
  let told = '';
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await pipeline(child.stdout, createWriteStream(file));
  expect(await ended, told).toBe(0);
  expect(told).toMatch(/^Backed up [\d,]+ rows of \d+ tables, as of 2026-03-02T12:00:00Z\.\n$/);

  const written = await allclear(source, ['backup', '--output', join(folder, 'second.gz'), '--json']);
  expect(JSON.parse(written.out)).toMatchObject({ created_at: '2026-03-02T12:00:00Z' });
  expect(await allclear(source, ['backup', '--output', join(folder, 'second.gz')])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/exists already/),
  });
  expect((await allclear(source, ['backup'], { outIsTerminal: true })).err).toMatch(/no text for a terminal/);

  const used = await allclear(source, ['restore', file]);
  expect(used).toMatchObject({ code: 1, err: expect.stringMatching(/in use \(it has people/) });

  const target = await startServer({ at: '2026-03-02T12:00:00Z' });
  const restore = program(target, ['restore', file]);
  let [out, err] = ['', ''];
  restore.stdout.on('data', (chunk) => {
    out += chunk;
  });
  restore.stderr.on('data', (chunk) => {
    err += chunk;
  });
  expect(await new Promise((resolve) => restore.on('close', resolve)), err).toBe(0);
  expect(out).toMatch(/^Restored the backup of 2026-03-02T12:00:00Z: [\d,]+ rows of \d+ tables, proven equal\.\n$/);
  expect(err).toMatch(/Your token goes on working, under the name restore-/);
  expect((await allclear(target, words('incidents'))).out).toMatch(/INC-2026-0001/);
  expect((await allclear(target, ['export'])).out).toBe((await allclear(source, ['export'])).out);
});

it('a backup that breaks off leaves no file and says so', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/gzip' });
    response.write(Buffer.from('1f8b0800000000000003', 'hex'), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const file = join(folder, 'broken.gz');
  const broken = await allclear({ url, token: 'x' }, ['backup', '--output', file]);
  expect(broken).toMatchObject({ code: 1, err: expect.stringMatching(/broke off and is of no use/) });
  await expect(stat(file)).rejects.toThrow(/ENOENT/);
  await new Promise((resolve) => server.close(resolve));
});

it('a refused upload tells why, however much was sent', async () => {
  const server = await startServer();
  const file = join(folder, 'large');
  await writeFile(file, Buffer.alloc(20_000_000, 'x'));
  const wrong = await allclear({ url: server.url, token: 'wrong-token' }, ['restore', file]);
  expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/unknown, expired or revoked/) });
  expect(await allclear(server, ['restore', file])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/not a whole Allclear backup/),
  });
});

describe('exit codes and errors', () => {
  it.each<[string, number, RegExp]>([
    ['--help', 0, /^$/],
    ['', 64, /Usage: allclear/],
    ['no-such-command', 64, /unknown command/],
    ['ack', 64, /missing required argument/],
    ['ack INC-1 --wrong', 64, /unknown option '--wrong'/],
    ['snooze INC-1', 64, /required option '--for/],
    ['snooze INC-1 --for soon', 64, /is not a duration/],
    ['oncall --at 2026-02-30T09:00Z', 64, /is not a moment/],
    ['page checkout --severity bad x', 64, /one of critical, error, warning, info/],
    ['incidents --limit 0', 64, /whole number from 1 to 200/],
    ['silence create --comment x --service a', 64, /give --for or --until/],
    ['incidents --url nowhere', 1, /is not an address/],
    ['incidents --url http://127.0.0.1:1', 3, /Cannot reach http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/],
    ['restore --url http://127.0.0.1:1 /nonexistent', 1, /there is no such file/],
    ['backup --url http://127.0.0.1:1', 3, /Cannot reach/],
  ])('allclear %s: %i', async (line, code, message) => {
    const found = await allclear(undefined, line === '' ? [] : words(line));
    expect(found.code, found.err).toBe(code);
    expect(found.err).toMatch(message);
    if (code !== 0) expect(found.out).toBe('');
  });

  it('a refusal shows detail, field and request id; with --json as it came', async () => {
    const server = await startServer();
    const line = ['page', 'no-such-service', 'x'];
    const told = await allclear(server, line);
    expect(told.code).toBe(1);
    expect(told.err).toMatch(/^error: .*no-such-service.*\n( {2}field: service\n)? {2}request id: \S+\n$/);
    expect(JSON.parse((await allclear(server, [...line, '--json'])).err)).toMatchObject({ status: 422, field: 'service' });
  });

  it('something else at the address is told from a server of ours', async () => {
    const server = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    expect(await allclear({ url, token: 'x' }, ['incidents'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/does not answer like an Allclear server/),
    });
    await new Promise((resolve) => server.close(resolve));
  });

  it('colours come only when they are wanted', async () => {
    const server = await startServer();
    const plain = await allclear(server, ['ack', 'INC-1']);
    expect(plain.err).not.toContain('\u001b');
    expect((await allclear(server, ['ack', 'INC-1'], { errColours: true })).err).toContain('\u001b[31merror:');
  });

  it('the program starts in well under a second and ends with its code', async () => {
    const server = await startServer();
    const { stdout } = await promisify(execFile)(join(HOME, 'allclear'), [
      'incidents',
      '--url',
      server.url,
      '--token',
      server.token,
    ]);
    expect(stdout).toBe('No incidents.\n');
    await expect(promisify(execFile)(join(HOME, 'allclear'), ['ack'])).rejects.toMatchObject({ code: 64 });
  });
});
