import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../../test/harness.ts';
import { allclear, HOME, words } from './testing.ts';

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

  it('a list of all is read to its end', async () => {
    const row = (id: string) => ({
      id,
      schedule: 'rota',
      person: 'ana',
      starts: '2026-03-02T12:00:00Z',
      ends: '2026-03-02T13:00:00Z',
    });
    const server = createServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://x').searchParams;
      const given = { asked: [query.get('open') ?? 'any'], in_return: null, state: 'open', taken_by: null };
      const page = query.get('cursor') ? { items: [row('second')], next: null } : { items: [row('first')], next: 'more' };
      response.end(JSON.stringify({ ...page, items: page.items.map((one) => ({ ...one, ...given })) }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const list = (line: string) => allclear({ url, token: 'x' }, ['cover-requests', ...line.split(' ')]);
    expect((await list('list --all')).out).toMatch(/^first .* any +open *\nsecond /m);
    expect((await list('list')).out).toMatch(/^first .* true +open/m);
    const { items, next } = JSON.parse((await list('list --all --json')).out);
    expect([items.map((one: { id: string }) => one.id), next]).toEqual([['first', 'second'], null]);
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
