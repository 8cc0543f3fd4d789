import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { channelConfig, channels, sendThrough } from '../../src/server/channels/registry.ts';
import type { Message } from '../../src/server/channels/types.ts';
import { MAX_PAYLOAD_BYTES, payloadOf, topicOf } from '../../src/server/channels/webpush/payload.ts';
import { subjectOf, vapidKeys } from '../../src/server/channels/webpush/vapid.ts';
import { startWebPush } from '../fakes/web-push.ts';

const sender = { secret: Buffer.alloc(32, 7), publicUrl: 'https://allclear.example.com' };
const options = {
  timeoutMs: 5_000,
  allowPrivate: ['127.0.0.1'],
  now: Temporal.Instant.from('2026-11-15T02:38:00Z'),
  sender,
};
const link = 'https://allclear.example.com/p/1';
const message: Message = {
  kind: 'page',
  idempotencyKey: 'delivery-1',
  thread: 'incident-42',
  subject: 'INC-42 Checkout API returning 5xx',
  short: 'INC-42 Checkout API: 5xx',
  facts: [
    { label: 'Service', value: 'Checkout API' },
    { label: 'Why you', value: 'on call' },
  ],
  severity: 'critical',
  urgency: 'high',
  actionUrl: link,
  actions: (['Acknowledge', 'Escalate', 'Resolve'] as const).map((label) => ({ label, url: `${link}/${label.toLowerCase()}` })),
};

let service: Awaited<ReturnType<typeof startWebPush>>;
beforeAll(async () => {
  service = await startWebPush();
});
afterAll(() => service.stop());
beforeEach(() => {
  service.received.length = 0;
});
const ofAna = () => JSON.stringify(service.subscribe('ana-phone', vapidKeys(sender.secret).publicKey));

test('a page is encrypted for the device, signed, and rings through', async () => {
  const result = await sendThrough('webpush', {}, ofAna(), message, options);
  expect(result).toEqual({ outcome: 'sent', receipts: false, providerId: expect.stringMatching(/^[0-9a-f]{24}$/) });
  const [push] = service.received;
  expect(push?.headers).toMatchObject({ ttl: '3600', urgency: 'high', topic: topicOf('incident-42') });
  expect(push?.subject).toBe('https://allclear.example.com');
  expect(push?.payload).toEqual({
    kind: 'page',
    title: 'INC-42 Checkout API returning 5xx',
    body: 'Service: Checkout API\nWhy you: on call',
    tag: topicOf('incident-42'),
    url: link,
    actions: [
      { action: 'acknowledge', title: 'Acknowledge', url: `${link}/acknowledge` },
      { action: 'escalate', title: 'Escalate', url: `${link}/escalate` },
    ],
  });
  const { thread: _, ...alone } = message;
  const contact = { contact: 'mailto:ops@example.com' };
  await sendThrough('webpush', contact, ofAna(), { ...alone, kind: 'verification', urgency: 'low', code: '123456' }, options);
  expect(service.received[1]?.headers).toMatchObject({ urgency: 'normal' });
  expect(service.received[1]?.headers).not.toHaveProperty('topic');
  expect(service.received[1]).toMatchObject({
    subject: 'mailto:ops@example.com',
    payload: { code: '123456', tag: 'delivery-1' },
  });
});

test('a device that is gone, and one that subscribed with the key of another installation', async () => {
  const left = JSON.stringify(service.subscribe('left-phone'));
  service.unsubscribe('left-phone');
  expect(await sendThrough('webpush', {}, left, message, options)).toEqual({
    outcome: 'refused',
    gone: true,
    reason: '127.0.0.1 answered 410: the device takes no pushes any more; let it be paged anew, under My settings',
  });
  const foreign = { ...options, sender: { ...sender, secret: Buffer.alloc(32, 8) } };
  expect(await sendThrough('webpush', {}, ofAna(), message, foreign)).toEqual({
    outcome: 'refused',
    reason: '127.0.0.1 answered 403: the key in the authorization header does not correspond to the subscription',
  });
  const { sender: _, ...nobody } = options;
  expect(await sendThrough('webpush', {}, ofAna(), message, nobody)).toMatchObject({ outcome: 'refused' });
});

test.each([
  ['long', 'x'],
  ['of three bytes a character', '日'],
  ['of pairs', '😀'],
  ['of quotes', '"'],
  ['of control characters', '\u0001'],
  ['of broken characters', '\ud800'],
])('a message %s fits into a push', async (_, character) => {
  const huge = { ...message, subject: character.repeat(9_000), facts: [{ label: 'Much', value: character.repeat(9_000) }] };
  const text = payloadOf(huge);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
  const { body, actions } = JSON.parse(text) as { body: string; actions: object[] };
  expect(body).toMatch(/^Much: .+…$/s);
  expect(actions).toHaveLength(2);
  expect(await sendThrough('webpush', {}, ofAna(), huge, options)).toMatchObject({ outcome: 'sent' });
  expect(service.received[0]?.bytes).toBeLessThanOrEqual(4_096);
});

const address = (changes: object) => JSON.stringify({ ...service.subscribe(), ...changes });
test.each([
  ['no JSON', () => 'https://push.example.com/1'],
  ['no keys', () => address({ keys: undefined })],
  ['a key that is no point of the curve', () => address({ keys: { ...service.subscribe().keys, p256dh: 'B'.repeat(87) } })],
  ['a secret of another length', () => address({ keys: { ...service.subscribe().keys, auth: 'AAAA' } })],
  ['plain HTTP', () => address({ endpoint: 'http://push.example.com/1' })],
  ['plain HTTP inside', () => address({ endpoint: 'http://127.0.0.1/1' })],
  ['a password', () => address({ endpoint: 'https://a:b@push.example.com/1' })],
])('%s is no subscription', (_, given) => {
  expect(() => channels.webpush.normalizeAddress(given())).toThrow(
    expect.objectContaining({ code: 'invalid', field: 'address' }),
  );
});

test('of a subscription only what is needed is kept', () => {
  const { expirationTime: _, ...kept } = service.subscribe('kept');
  expect(channels.webpush.normalizeAddress(JSON.stringify({ ...kept, expirationTime: 1, more: 'x' }))).toBe(JSON.stringify(kept));
});

test('the key is the installation’s own and stays', () => {
  expect(vapidKeys(sender.secret)).toEqual(vapidKeys(Buffer.alloc(32, 7)));
  expect(vapidKeys(sender.secret).publicKey).not.toBe(vapidKeys(Buffer.alloc(32, 8)).publicKey);
  expect(Buffer.from(vapidKeys(sender.secret).publicKey, 'base64url')).toHaveLength(65);
});

test.each([
  [undefined, 'https://allclear.example.com', 'https://allclear.example.com'],
  [undefined, 'http://localhost:8080', 'mailto:allclear@localhost'],
  ['mailto:ops@example.com', 'https://allclear.example.com', 'mailto:ops@example.com'],
])('with contact %s at %s push services are told %s', (contact, publicUrl, subject) => {
  expect(subjectOf(contact, { publicUrl })).toBe(subject);
});

test('a contact is a mail or web address', () => {
  channelConfig('webpush', { contact: 'https://example.com' }, 'channels.webpush');
  for (const contact of ['ops@example.com', 'http://example.com', 'mailto:nobody'])
    expect(() => channelConfig('webpush', { contact }, 'channels.webpush')).toThrow(
      expect.objectContaining({ field: 'channels.webpush.contact' }),
    );
});
