import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { expect, onTestFinished, test } from 'vitest';
import { listenForMail } from '../../src/server/ingest/mail-listener.ts';
import { createLogger } from '../../src/server/platform/log.ts';
import { selfSigned } from '../fakes/certificate.ts';
import { startWorld, type World } from '../harness.ts';
import { aTeam } from './world.ts';

const KEY = 'mail-key-of-db-0001';
const DOMAIN = 'alerts.example.com';
type Sent = { code: number; said: string };

const listenAt = async ({ app }: Pick<World, 'app'>, tls?: { cert: string; key: string }): Promise<number> => {
  const listener = await listenForMail({
    intake: app.intake,
    runner: app.runner,
    log: createLogger('silent'),
    config: { host: '127.0.0.1', port: 0, domain: DOMAIN, ...(tls ? { tls } : {}) },
  });
  onTestFinished(listener.close);
  return listener.port;
};
const listen = async (world: Pick<World, 'app'>) =>
  createTransport({ host: '127.0.0.1', port: await listenAt(world), ignoreTLS: true });

const ready = async (mail: object = {}) => {
  const world = await startWorld({ mailDomain: DOMAIN });
  await world.call('PUT', '/api/services/db', {});
  await world.call('PUT', '/api/integrations/db-mail', { service: 'db', kind: 'email', key: KEY, mail });
  const transport = await listen(world);
  const send = async (options: object): Promise<Sent> => {
    try {
      const info = await transport.sendMail({
        from: 'nagios@mon.example.com',
        to: `${KEY}@${DOMAIN}`,
        text: 'It is full.',
        ...options,
      });
      return { code: Number(info.response.slice(0, 3)), said: info.response };
    } catch (thrown) {
      const { responseCode, response } = thrown as { responseCode: number; response: string };
      return { code: responseCode, said: response };
    }
  };
  const alerts = async () =>
    (await world.call<{ items: { summary: string; status: string; count: number; dedup_key: string }[] }>('GET', '/api/alerts'))
      .items;
  const refused = async () =>
    (await world.call<{ items: { reason: string; body: string; path: string }[] }>('GET', '/api/integrations/db-mail/refused'))
      .items;
  return { ...world, send, alerts, refused };
};

test('a mail opens, the same subject repeats, and what says that it is over closes; attachments are named', async () => {
  const world = await ready();
  const first = await world.send({
    subject: '[FIRING:1] Disk full on db1',
    attachments: [{ filename: 'graph.png', content: Buffer.alloc(1000) }],
    text: 'See https://grafana.example.com/d/1',
  });
  expect(first.code, first.said).toBe(250);
  expect((await world.send({ subject: 'Re: PROBLEM: disk full on db1' })).code).toBe(250);
  expect(await world.alerts()).toMatchObject([
    { summary: '[FIRING:1] Disk full on db1', status: 'open', count: 2, dedup_key: 'disk full on db1' },
  ]);
  expect((await world.send({ subject: 'RESOLVED: Disk full on db1' })).code).toBe(250);
  expect(await world.alerts()).toMatchObject([{ status: 'resolved' }]);
  expect((await world.send({ subject: 'Closed connections are too many' })).code).toBe(250);
  expect(await world.alerts()).toHaveLength(2);
  expect(await world.call('GET', '/api/integrations/db-mail')).toMatchObject({ url: `${KEY}@${DOMAIN}` });
});

test.each([
  ['an unknown address', { to: `nobody-knows-this@${DOMAIN}`, subject: 'x' }, 550, /No such address/],
  ['another domain', { to: `${KEY}@elsewhere.example.com`, subject: 'x' }, 550, /not passed on/],
  ['an automatic reply', { subject: 'Away', headers: { 'Auto-Submitted': 'auto-replied' } }, 550, /automatic reply/],
  ['a bounce', { subject: 'Undelivered', envelope: { from: '', to: [`${KEY}@${DOMAIN}`] } }, 550, /bounce/],
  ['bulk', { subject: 'News', headers: { Precedence: 'bulk' } }, 550, /take_bulk/],
  ['a mail of our own', { subject: 'INC-1', headers: { 'X-Loop': 'allclear' } }, 550, /Allclear itself/],
  ['one that is too large', { subject: 'Big', text: 'x'.repeat(5_300_000) }, 552, /larger than 5 MB/],
  ['a sender not on the list', { subject: 'x', from: 'eve@evil.example' }, 550, /may not send here/],
])('%s is refused with a word that helps', async (_, mail, code, said) => {
  const world = await ready({ allow_from: ['mon.example.com'] });
  const sent = await world.send(mail);
  expect([sent.code, sent.said]).toEqual([code, expect.stringMatching(said)]);
  expect(await world.alerts()).toEqual([]);
});

test('nested without end, in a charset nobody knows, it opens all the same', async () => {
  const world = await ready();
  const deep = Array.from({ length: 300 }, (_, n) => `--b${n}\r\nContent-Type: multipart/mixed; boundary=b${n + 1}\r\n\r\n`).join(
    '',
  );
  const raw = `From: a@mon.example.com\r\nSubject: Deep trouble\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n${deep}`;
  expect((await world.send({ raw, envelope: { from: 'a@mon.example.com', to: [`${KEY}@${DOMAIN}`] } })).code).toBe(250);
  const odd =
    'From: a@mon.example.com\r\nSubject: =?x-klingon?Q?Odd=FF?=\r\nContent-Type: text/plain; charset=x-klingon\r\n\r\n\xff\xfe';
  expect((await world.send({ raw: odd, envelope: { from: 'a@mon.example.com', to: [`${KEY}@${DOMAIN}`] } })).code).toBe(250);
  expect(await world.alerts()).toHaveLength(2);
});

test('guesses of addresses are slowed down, and what is known is taken all the same', async () => {
  const world = await ready();
  const codes: number[] = [];
  for (let n = 0; n < 22; n += 1)
    codes.push((await world.send({ to: `guess-number-${n}-of-many@${DOMAIN}`, subject: 'x' })).code);
  expect(codes).toEqual([...Array(20).fill(550), 450, 450]);
  expect((await world.send({ subject: 'Disk full' })).code).toBe(250);
});

/** How often each code is answered to these commands, one after the other on one connection. */
const talk = async (port: number, commands: string[]): Promise<Record<string, number>> => {
  const codes: Record<string, number> = {};
  const socket = net.connect(port, '127.0.0.1');
  let said = '';
  for await (const piece of socket.setEncoding('utf8') as AsyncIterable<string>) {
    // Whoever speaks before the greeting is hung up on.
    if (said === '') socket.write(['EHLO mon.example.com', ...commands, 'QUIT', ''].join('\r\n'));
    said += piece;
  }
  for (const [, code = ''] of said.matchAll(/^(\d{3}) /gm)) codes[code] = (codes[code] ?? 0) + 1;
  return codes;
};

test.each([
  ['one address: 120 mails a minute', 130, [`RCPT TO:<${KEY}@${DOMAIN}>`], { 250: 1 + 130 + 120 + 130, 450: 10 }],
  ['one machine: 300 mails a minute', 310, [], { 250: 1 + 300 + 310, 450: 10 }],
])('%s, then later', async (_what, times, more, codes) => {
  const world = await startWorld({ mailDomain: DOMAIN });
  await world.call('PUT', '/api/services/db', {});
  await world.call('PUT', '/api/integrations/db-mail', { service: 'db', kind: 'email', key: KEY });
  const once = ['MAIL FROM:<nagios@mon.example.com>', ...more, 'RSET'];
  const commands = Array.from({ length: times }, () => once).flat();
  expect(await talk(await listenAt(world), commands)).toEqual({ 220: 1, 221: 1, ...codes });
});

test('with a certificate mail may come encrypted, and plain as before; without one nothing else is offered', async () => {
  const world = await ready();
  const folder = await mkdtemp(join(tmpdir(), 'mail-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pem = selfSigned();
  const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  await Promise.all([writeFile(tls.cert, pem.cert), writeFile(tls.key, pem.key)]);
  const port = await listenAt(world, tls);
  const mail = { from: 'nagios@mon.example.com', to: `${KEY}@${DOMAIN}` };
  const way = { host: 'localhost', port, requireTLS: true, tls: { ca: pem.cert } };
  expect((await createTransport(way).sendMail({ ...mail, subject: 'Encrypted' })).response).toMatch(/^250/);
  const plain = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  expect((await plain.sendMail({ ...mail, subject: 'Plain' })).response).toMatch(/^250/);
  expect((await world.alerts()).map((one) => one.summary).toSorted()).toEqual(['Encrypted', 'Plain']);
  const none = createTransport({ ...way, port: await listenAt(world) });
  await expect(none.sendMail({ ...mail, subject: 'None' })).rejects.toThrow(/STARTTLS/);
});

test('a page answered by mail to the same port is acknowledged; a token nobody has is refused', async () => {
  const w = await aTeam({ ana: { by: ['mail'] } });
  const transport = await listen(w);
  await w.alertFires('down');
  const mail = w.expectMail('ana');
  const raw = w.smtp.reply(mail, 'ack');
  const to = mail.mail.replyTo?.[0]?.address ?? '';
  const forged = raw.replaceAll(/replies\+[\w-]+@/g, 'replies@').replaceAll(/<[\w-]+\.[0-9a-f]{32}@/g, '<x@');
  const from = mail.to[0] ?? '';
  await expect(transport.sendMail({ raw: forged, envelope: { from, to: [to] } })).rejects.toThrow(/550/);
  expect((await w.incident()).status).toBe('triage');
  await transport.sendMail({ raw, envelope: { from, to: [to] } });
  await w.settle();
  expect(await w.incident()).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ana' });
});
