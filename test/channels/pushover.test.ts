import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { channels, sendThrough, silenceThrough } from '../../src/server/channels/registry.ts';
import type { Message } from '../../src/server/channels/types.ts';
import { startPushover } from '../fakes/pushover.ts';

const TOKEN = 'azGDORePK8gMaC0QOYAMyEEuzJnyUi';
const KEY = 'uQiRzpo4DXghDmr9QzzfQu27cmVRsG';
const options = { timeoutMs: 5_000, allowPrivate: ['127.0.0.1'], now: Temporal.Instant.from('2026-11-15T02:38:00Z') };
const message: Message = {
  kind: 'page',
  idempotencyKey: 'delivery-1',
  subject: 'INC-42 Checkout API returning 5xx',
  short: 'INC-42 Checkout API: 5xx',
  facts: [{ label: 'Service', value: 'Checkout API' }],
  urgency: 'high',
  actionUrl: 'https://allclear.example.com/p/1',
  callbackUrl: 'https://allclear.example.com/answer/pushover/1',
};

let service: Awaited<ReturnType<typeof startPushover>>;
beforeAll(async () => {
  service = await startPushover(TOKEN);
});
afterAll(() => service.stop());
beforeEach(() => {
  service.mode('ok');
  service.received.length = 0;
});
const config = () => ({ token: TOKEN, base_url: service.url });

test('an urgent page is an emergency, which rings until it is stopped by its receipt', async () => {
  const sent = await sendThrough('pushover', config(), KEY, message, options);
  const [page] = service.received;
  expect(sent).toEqual({ outcome: 'sent', providerId: page?.receipt, receipts: false });
  expect(page).toMatchObject({
    title: message.subject,
    message: 'Service: Checkout API',
    priority: 2,
    url: message.actionUrl,
    callback: message.callbackUrl,
  });
  service.mode('retryable');
  expect(await silenceThrough('pushover', config(), page?.receipt ?? '', options)).toBe('pushover answered 429');
  expect(await silenceThrough('pushover', { ...config(), base_url: 'http://127.0.0.1:1' }, 'x', options)).toMatch(/refused/);
  service.mode('ok');
  expect(await silenceThrough('pushover', config(), 'unknown', options)).toBeUndefined();
  expect(page?.ringing).toBe(true);
  expect(await silenceThrough('pushover', config(), page?.receipt ?? '', options)).toBeUndefined();
  expect(page?.ringing).toBe(false);
  expect(await silenceThrough('ntfy', {}, 'x', options)).toBeUndefined();
});

test('what tells a place rings once: nobody could stop it', async () => {
  const { urgency: _, callbackUrl: _none, ...told } = message;
  await sendThrough('pushover', config(), KEY, told, options);
  expect(service.received[0]).toMatchObject({ priority: 1, ringing: false });
});

test.each(['x', '日', '😀'])('a message full of %s is cut to what is taken', async (character) => {
  const huge = { ...message, subject: character.repeat(300), facts: [{ label: 'Much', value: character.repeat(2_000) }] };
  expect(await sendThrough('pushover', config(), KEY, huge, options)).toMatchObject({ outcome: 'sent' });
  expect(service.received[0]?.message).toMatch(/^Much: .+…$/su);
});

test.each([
  ['of another length', KEY.slice(1)],
  ['with other characters', `${KEY.slice(1)}-`],
])('a key %s is refused', (_, key) => {
  expect(() => channels.pushover.normalizeAddress(key)).toThrow(expect.objectContaining({ code: 'invalid', field: 'address' }));
});
