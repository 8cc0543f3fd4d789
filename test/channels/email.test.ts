import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { email } from '../../src/server/channels/email/email.ts';
import { renderHtml, renderText } from '../../src/server/channels/email/render.ts';
import { parseMailReply } from '../../src/server/channels/email/reply.ts';
import { sendThrough } from '../../src/server/channels/registry.ts';
import type { Message } from '../../src/server/channels/types.ts';
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts';

const TOKEN = 'Ab3_-xYzAb3_-xYzAb3_-xYzAb3_-xYzAb3_-xYzAb3_-xYz42';
const REPLIES = 'replies@allclear.example.com';
const page: Message = {
  kind: 'page',
  idempotencyKey: 'delivery-1',
  replyToken: TOKEN,
  subject: 'Checkout API returning 5xx <b>&',
  short: '7.1% of checkouts fail',
  facts: [
    { label: 'Service', value: 'Checkout API' },
    { label: 'Why you', value: 'Commerce secondary until Mon 09:00' },
  ],
  severity: 'critical',
  actionUrl: 'https://allclear.example.com/p/1?a=1&b=2',
};
const now = Temporal.Instant.from('2026-11-15T02:38:00Z');
const options = { timeoutMs: 5_000, allowPrivate: [], now };

describe('mail as sent', () => {
  let smtp: FakeSmtp;
  beforeAll(async () => {
    smtp = await startSmtp();
  });
  afterAll(() => smtp.stop());
  beforeEach(() => {
    smtp.received.length = 0;
  });
  const config = (overrides: object = {}) => ({
    host: '127.0.0.1',
    port: smtp.port,
    security: 'none',
    from: 'Allclear <pager@allclear.example.com>',
    reply_to: REPLIES,
    ...overrides,
  });

  test('headers: threads, answers, priority, no out-of-office', async () => {
    const first = await sendThrough('email', config(), 'ana@example.com', page, options);
    const again = await sendThrough('email', config(), 'ana@example.com', page, options);
    expect(again).toMatchObject({ outcome: 'sent', providerId: (first as { providerId: string }).providerId, receipts: false });
    const [one, two] = smtp.received;
    expect(one).toMatchObject({ from: 'pager@allclear.example.com', to: ['ana@example.com'] });
    expect(one!.mail.messageId).toMatch(/^<[\w-]+\.[0-9a-f]{32}@allclear\.example\.com>$/);
    expect(two!.mail.messageId).toBe(one!.mail.messageId);
    const headers = Object.fromEntries(one!.mail.headers.map((header) => [header.key, header.value]));
    expect(headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'x-priority': '1 (Highest)',
      'reply-to': `replies+${TOKEN}@allclear.example.com`,
      subject: page.subject,
      date: 'Sun, 15 Nov 2026 02:38:00 +0000',
    });
  });

  test.each([
    ['no reply address', { reply_to: undefined }, undefined, page.subject, false],
    ['no plus-addressing', { plus_address: false }, REPLIES, `${page.subject} [#${TOKEN}]`, true],
    [
      'a reply address too long for it',
      { reply_to: `${'r'.repeat(20)}@example.com` },
      `${'r'.repeat(20)}@example.com`,
      `${page.subject} [#${TOKEN}]`,
      true,
    ],
  ])('%s', async (_what, overrides, replyTo, subject, offersReply) => {
    await sendThrough('email', config(overrides), 'ana@example.com', page, options);
    const { mail } = smtp.received[0]!;
    expect(mail.replyTo?.[0]?.address).toBe(replyTo);
    expect(mail.subject).toBe(subject);
    expect(mail.text!.includes('ACK')).toBe(offersReply);
  });

  test('a lesser severity has no priority', async () => {
    await sendThrough('email', config(), 'ana@example.com', { ...page, severity: 'high' }, options);
    expect(smtp.received[0]!.raw).not.toMatch(/^x-priority/im);
  });

  test('a subject cannot bring headers along', async () => {
    await sendThrough('email', config(), 'ana@example.com', { ...page, subject: 'x\r\nBcc: eve@example.com' }, options);
    expect(smtp.received[0]!.to).toEqual(['ana@example.com']);
    expect(smtp.received[0]!.mail.bcc).toBeUndefined();
  });

  test('a reply from a mail program comes back with its token', async () => {
    for (const overrides of [{}, { plus_address: false }]) {
      smtp.received.length = 0;
      await sendThrough('email', config(overrides), 'ana@example.com', page, options);
      const raw = smtp.reply(smtp.received[0]!, 'Ack, looking at it now');
      const expected = { action: 'acknowledge', replyToken: TOKEN, said: 'Ack, looking at it now' };
      expect(await parseMailReply(raw, REPLIES)).toEqual(expected);
      expect(await parseMailReply(raw.replace(/^(In-Reply-To|References): .*\r\n/gm, ''), REPLIES)).toEqual(expected);
    }
  });

  test('a login that is wrong is final', async () => {
    const closed = await startSmtp({ username: 'pager', password: 'right' });
    try {
      const given = { ...config(), port: closed.port, username: 'pager', password: 'wrong-pass' };
      expect(await sendThrough('email', given, 'ana@example.com', page, options)).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('535'),
      });
    } finally {
      await closed.stop();
    }
  });

  test('encryption that is insisted on is not given up', async () => {
    expect(await sendThrough('email', config({ security: 'starttls' }), 'ana@example.com', page, options)).toMatchObject({
      outcome: expect.not.stringMatching('sent'),
    });
    expect(smtp.received).toHaveLength(0);
  });
});

describe('mail as shown', () => {
  test('plain text has every word of the HTML', () => {
    expect(renderText(page, true)).toBe(
      [
        'Critical: Checkout API returning 5xx <b>&',
        'Service  Checkout API\nWhy you  Commerce secondary until Mon 09:00',
        'Acknowledge:\nhttps://allclear.example.com/p/1?a=1&b=2',
        'Acknowledge stops the paging. Opening the link alone does not: the page it opens asks once more.\nOr reply to this mail with ACK, ESCALATE or RESOLVE as its first word.\n',
      ].join('\n\n'),
    );
  });

  test('HTML: one button, severity as mark and word, all text escaped, both themes', async () => {
    const html = await renderHtml(page, true);
    expect(html.match(/class="button"/g)).toHaveLength(1);
    expect(html).toContain('href="https://allclear.example.com/p/1?a=1&amp;b=2"');
    expect(html).toContain('<span aria-hidden="true">⬣</span> Critical');
    expect(html).toContain('Checkout API returning 5xx &lt;b&gt;&amp;');
    expect(html).not.toContain('5xx <b>');
    expect(html).toContain('background-color:#0B6A5F');
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).not.toMatch(/undefined|var\(--|\[object|<img|<script|&#39;Segoe/);
  });

  test.each(['page', 'verification', 'notice', 'test'] as const)('a bare %s leaves nothing empty', async (kind) => {
    const bare: Message = { kind, idempotencyKey: '1', subject: 'S', short: 'S', facts: [] };
    expect(renderText(bare, false)).toBe('S\n');
    const html = await renderHtml(bare, false);
    expect(html).not.toMatch(/<p[^>]*><\/p>|<a |undefined/);
    expect(html).toContain('<html lang="en">');
  });
});

describe('mail replies', () => {
  const mail = (given: { body?: string; subject?: string; to?: string; extra?: string; type?: string }) =>
    [
      'From: Ana <ana@example.com>',
      `To: ${given.to ?? `Allclear <replies+${TOKEN}@allclear.example.com>`}`,
      `Subject: ${given.subject ?? 'Re: Checkout'}`,
      ...(given.extra ? [given.extra] : []),
      `Content-Type: ${given.type ?? 'text/plain; charset=utf-8'}`,
      '',
      given.body ?? 'ack',
    ].join('\r\n');

  test.each([
    ['ack', 'acknowledge'],
    ['ACK', 'acknowledge'],
    ['Acknowledge.', 'acknowledge'],
    ['acknowledged - on it', 'acknowledge'],
    ['\r\n\r\n  ack\r\nSent from my phone', 'acknowledge'],
    ['Escalate, I am on a plane', 'escalate'],
    ['RESOLVE', 'resolve'],
    ['Resolved by rolling back', 'resolve'],
    ['> ack\r\nresolve', 'resolve'],
    ['resolve?', undefined],
    ['I cannot ack this', undefined],
    ['On Sun, Allclear wrote:\r\nack', undefined],
    ['-----Original Message-----\r\nack', undefined],
    ['> ack', undefined],
    ['4', undefined],
    ['', undefined],
  ])('%j is %s', async (body, action) => {
    expect((await parseMailReply(mail({ body }), REPLIES))?.action).toBe(action);
  });

  test.each([
    ['plus-address', {}, TOKEN],
    ['plus-address among others', { to: `ben+private@example.com, replies+${TOKEN}@Allclear.example.com` }, TOKEN],
    ['plus-address of a forwarder', { to: 'x@example.com', extra: `Delivered-To: replies+${TOKEN}@allclear.example.com` }, TOKEN],
    ['subject', { to: REPLIES, subject: `Re: Checkout [#${TOKEN}]` }, TOKEN],
    ['In-Reply-To', { to: REPLIES, extra: `In-Reply-To: <${TOKEN}.${'0'.repeat(32)}@allclear.example.com>` }, TOKEN],
    [
      'References, the last of ours',
      {
        to: REPLIES,
        extra: `References: <older-token.${'1'.repeat(32)}@a.example>\r\n <${TOKEN}.${'0'.repeat(32)}@a.example>\r\n <other@example.com>`,
      },
      TOKEN,
    ],
    [
      'In-Reply-To before an address that lost its case',
      { to: `replies+${TOKEN.toLowerCase()}@allclear.example.com`, extra: `In-Reply-To: <${TOKEN}.${'0'.repeat(32)}@a.example>` },
      TOKEN,
    ],
    ['none: the sender proves nothing', { to: REPLIES }, undefined],
    ['a plus-address of somebody else', { to: `ana+${TOKEN}@example.com` }, undefined],
  ])('token from %s', async (_where, given, token) => {
    expect((await parseMailReply(mail(given), REPLIES))?.replyToken).toBe(token);
  });

  test.each(['Auto-Submitted: auto-replied', 'Auto-Submitted: auto-generated', 'Precedence: bulk'])(
    '%s is no answer',
    async (extra) => {
      expect(await parseMailReply(mail({ extra }), REPLIES)).toBeUndefined();
    },
  );
  test('Auto-Submitted: no is one', async () => {
    expect(await parseMailReply(mail({ extra: 'Auto-Submitted: no' }), REPLIES)).toBeDefined();
  });

  test('HTML mail without a text part', async () => {
    const body = '<html><head><style>ack{}</style></head><body><div>Resolve</div><blockquote>ack</blockquote></body></html>';
    expect(await parseMailReply(mail({ body, type: 'text/html; charset=utf-8' }), REPLIES)).toMatchObject({
      action: 'resolve',
      said: 'Resolve',
    });
  });
  test('bytes, base64 and another charset', async () => {
    const raw = `${mail({ type: 'text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64', body: Buffer.from('ack \xe9', 'latin1').toString('base64') })}\r\n`;
    expect(await parseMailReply(Buffer.from(raw), REPLIES)).toMatchObject({ action: 'acknowledge', said: 'ack é' });
  });
  test('nonsense is no answer', async () => {
    for (const raw of ['', '\0\0\0', 'ack']) expect(await parseMailReply(raw, REPLIES)).toBeUndefined();
  });
});

describe('mail addresses', () => {
  test.each([
    [' Ana@Example.COM ', 'ana@example.com'],
    ['ana+oncall@example.com', 'ana+oncall@example.com'],
    ['ana@münchen.example', 'ana@xn--mnchen-3ya.example'],
    ['root@localhost', 'root@localhost'],
  ])('%s', (typed, canonical) => expect(email.normalizeAddress(typed)).toBe(canonical));
  test.each([
    'ana',
    '@example.com',
    'ana@',
    'a b@example.com',
    'ana@example.com, eve@example.com',
    'ana@exa mple.com',
    `a@${'x'.repeat(300)}.com`,
    'Ana <ana@example.com>',
    'ana@example.com\r\nBcc: x',
  ])('refuses %s', (typed) =>
    expect(() => email.normalizeAddress(typed)).toThrow(expect.objectContaining({ code: 'invalid', field: 'address' })),
  );
});
