import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guardedFetch, normalizeWebAddress, publicAddresses, type Resolve } from '../../src/server/channels/public-url.ts';

const NAMES: Record<string, string[]> = {
  'hooks.example.com': ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
  'inside.example.com': ['10.1.2.3'],
  'half-inside.example.com': ['93.184.215.14', '192.168.1.9'],
  'mapped.example.com': ['::ffff:169.254.169.254'],
  localhost: ['127.0.0.1', '::1'],
  'metadata.google.internal': ['169.254.169.254'],
};
const resolve: Resolve = async (host) => NAMES[host] ?? Promise.reject(new Error('ENOTFOUND'));
const check = (url: string, allow: string[] = []) => publicAddresses(url, { allow, resolve });

describe('which addresses are public', () => {
  test.each([
    ['https://hooks.example.com/x', NAMES['hooks.example.com']],
    ['https://hooks.example.com./x', NAMES['hooks.example.com']],
    ['http://8.8.8.8/', ['8.8.8.8']],
    ['https://[2606:4700:4700::1111]/', ['2606:4700:4700::1111']],
  ])('%s may be reached', async (url, addresses) => {
    expect(await check(url)).toEqual(addresses);
  });

  test.each([
    ['loopback', 'http://127.0.0.1/'],
    ['loopback, any of its addresses', 'http://127.8.8.8/'],
    ['loopback, decimal', 'http://2130706433/'],
    ['loopback, octal', 'http://0177.0.0.1/'],
    ['loopback, hexadecimal', 'http://0x7f.1/'],
    ['loopback, short', 'http://127.1/'],
    ['loopback, full stop at the end', 'http://127.0.0.1./'],
    ['loopback, full-width digits', 'http://１２７.０.０.１/'],
    ['this host', 'http://0.0.0.0/'],
    ['this host, short', 'http://0/'],
    ['loopback IPv6', 'http://[::1]/'],
    ['unspecified IPv6', 'http://[::]/'],
    ['IPv4-mapped loopback', 'http://[::ffff:127.0.0.1]/'],
    ['IPv4-mapped, hexadecimal', 'http://[::ffff:7f00:1]/'],
    ['IPv4-mapped metadata', 'http://[::ffff:169.254.169.254]/'],
    ['IPv4-compatible', 'http://[::127.0.0.1]/'],
    ['NAT64', 'http://[64:ff9b::a9fe:a9fe]/'],
    ['6to4', 'http://[2002:7f00:1::]/'],
    ['private 10', 'https://10.0.0.1/'],
    ['private 172.16', 'https://172.31.255.255/'],
    ['private 192.168', 'https://192.168.0.1/'],
    ['shared address space', 'https://100.64.0.1/'],
    ['link-local, the metadata service', 'http://169.254.169.254/latest/meta-data/'],
    ['link-local IPv6', 'http://[fe80::1]/'],
    ['unique local IPv6, metadata', 'http://[fd00:ec2::254]/'],
    ['site-local IPv6', 'http://[fec0::1]/'],
    ['multicast', 'http://224.0.0.1/'],
    ['multicast IPv6', 'http://[ff02::1]/'],
    ['broadcast', 'http://255.255.255.255/'],
    ['a name with a private address', 'https://inside.example.com/'],
    ['a name with one private address among public ones', 'https://half-inside.example.com/'],
    ['a name with a mapped metadata address', 'https://mapped.example.com/'],
    ['the metadata name', 'http://metadata.google.internal/'],
    ['localhost', 'http://localhost:5432/'],
    ['another protocol', 'ftp://hooks.example.com/'],
    ['a file', 'file:///etc/passwd'],
    ['credentials', 'https://user:pass@hooks.example.com/'],
    ['no address', 'hooks'],
  ])('%s is refused: %s', async (_what, url) => {
    await expect(check(url)).rejects.toMatchObject({ code: 'invalid', field: 'address' });
  });

  test.each([
    ['a range', 'http://10.9.8.7/', ['10.0.0.0/8']],
    ['a range, for a mapped address', 'http://[::ffff:10.9.8.7]/', ['10.0.0.0/8']],
    ['an IPv6 range', 'http://[fd12::7]/', ['fd12::/16']],
    ['one address', 'http://10.9.8.7/', ['10.9.8.7']],
    ['a name', 'https://inside.example.com/', ['Inside.example.com']],
    ['the range of a name', 'https://half-inside.example.com/', ['192.168.0.0/16']],
  ])('%s on the list may be reached: %s', async (_what, url, allow) => {
    await expect(check(url, allow)).resolves.not.toHaveLength(0);
  });

  test.each([
    ['another range', 'http://10.9.8.7/', ['192.168.0.0/16', 'fd00::/8']],
    ['a name does not allow its neighbours', 'https://inside.example.com/', ['example.com', 'hooks.example.com']],
    ['nonsense allows nothing', 'http://10.9.8.7/', ['', '*', '10.0.0.0/99', '10']],
  ])('%s: refused', async (_what, url, allow) => {
    await expect(check(url, allow)).rejects.toMatchObject({ code: 'invalid' });
  });

  test('a name nobody knows is worth another try', async () => {
    await expect(check('https://nowhere.example.com/')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('guarded fetch', () => {
  const hits: string[] = [];
  const server = http.createServer((incoming, outgoing) => {
    hits.push(`${incoming.method} ${incoming.headers.host} ${incoming.url}`);
    if (incoming.url === '/redirect') outgoing.writeHead(302, { location: '/secret' }).end();
    else if (incoming.url === '/endless') {
      outgoing.writeHead(200);
      const pump = () => {
        while (!outgoing.destroyed && outgoing.write('x'.repeat(16_384)));
      };
      outgoing.on('drain', pump);
      pump();
    } else outgoing.writeHead(204).end();
  });
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('connects to the address it checked: the name is looked up once', async () => {
    let asked = 0;
    const rebinding: Resolve = async () => [++asked === 1 ? '127.0.0.1' : '169.254.169.254'];
    const response = await guardedFetch({ allow: ['127.0.0.1'], resolve: rebinding })(
      `http://rebinding.example.com:${port}/hook`,
    );
    expect(response.status).toBe(204);
    expect(asked).toBe(1);
    expect(hits.at(-1)).toBe(`GET rebinding.example.com:${port} /hook`);
  });

  test('a redirect comes back as it is and is not followed', async () => {
    const before = hits.length;
    const response = await guardedFetch({ allow: ['127.0.0.1'] })(`http://127.0.0.1:${port}/redirect`, {
      method: 'POST',
      body: 'x',
    });
    expect(response.status).toBe(302);
    expect(hits.slice(before)).toEqual([`POST 127.0.0.1:${port} /redirect`]);
  });

  test('an endless reply is cut at 64 KiB', async () => {
    const response = await guardedFetch({ allow: ['127.0.0.1'] })(`http://127.0.0.1:${port}/endless`);
    expect((await response.text()).length).toBe(65_536);
  });
});

describe('web addresses as typed', () => {
  test.each([
    [' https://Example.com/a?b=c#d ', 'https://example.com/a?b=c'],
    ['http://10.0.0.5:9000/hook', 'http://10.0.0.5:9000/hook'],
    ['http://n8n/hook', 'http://n8n/hook'],
    ['http://n8n.internal/hook', 'http://n8n.internal/hook'],
    ['http://[::1]:8080/', 'http://[::1]:8080/'],
  ])('%s', (typed, canonical) => {
    expect(normalizeWebAddress(typed)).toBe(canonical);
    expect(normalizeWebAddress(canonical)).toBe(canonical);
  });
  test.each([
    'http://example.com/hook',
    'http://8.8.8.8/',
    'ftp://example.com',
    'javascript:alert(1)',
    'https://u:p@example.com/',
    '/hook',
    '',
  ])('refuses %s', (typed) => {
    expect(() => normalizeWebAddress(typed)).toThrow(expect.objectContaining({ code: 'invalid', field: 'address' }));
  });
});
