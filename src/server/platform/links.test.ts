import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLink, signLink, verificationCode } from './links.ts';

const secret = Buffer.alloc(32, 7);
const now = Temporal.Instant.from('2026-03-02T12:00:00Z');

test('a token says its row until it expires, and its row still afterwards', () => {
  const id = randomUUID();
  const expires = now.add({ hours: 1 });
  const token = signLink(secret, 'page', id, expires);
  expect(token).toMatch(/^[\w-]{50}$/);
  expect(readLink(secret, 'page', token, now)).toEqual({ id, expires, expired: false });
  expect(readLink(secret, 'page', token, expires)).toEqual({ id, expires, expired: false });
  expect(readLink(secret, 'page', token, expires.add({ seconds: 1 }))).toEqual({ id, expires, expired: true });
});

test('a token is for one purpose and one secret', () => {
  const token = signLink(secret, 'page', randomUUID(), now.add({ hours: 1 }));
  expect(readLink(secret, 'delivery', token, now)).toBeUndefined();
  expect(readLink(Buffer.alloc(32, 8), 'page', token, now)).toBeUndefined();
});

test('no other bytes make a token, and none make it throw', () => {
  const token = Buffer.from(signLink(secret, 'page', randomUUID(), now.add({ hours: 1 })), 'base64url');
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
      const bent = Buffer.from(token);
      bent[index] = (bent[index] ?? 0) ^ flip;
      expect(readLink(secret, 'page', bent.toString('base64url'), now)).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readLink(secret, 'page', text, now)).toBeUndefined();
    }),
  );
});

test('codes are six digits, differ by method, by address and by moment, and come out the same again', () => {
  const codes = Array.from({ length: 200 }, (_, n) =>
    verificationCode(secret, { id: `method-${n}`, address: '+31600000001' }, now),
  );
  for (const code of codes) expect(code).toMatch(/^\d{6}$/);
  expect(new Set(codes).size).toBeGreaterThan(190);
  const code = (address: string, seconds = 0) => verificationCode(secret, { id: 'm', address }, now.add({ seconds }));
  expect(code('a@b.nl')).toBe(code('a@b.nl'));
  expect(code('a@b.nl')).not.toBe(code('a@b.nl', 1));
  expect(code('a@b.nl'), 'another address').not.toBe(code('a@c.nl'));
});
