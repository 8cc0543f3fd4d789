import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact } from '../../src/server/channels/redact.ts';

describe('redact', () => {
  test.each([
    ['as it is', 'password hunter22 refused', ['hunter22'], 'password *** refused'],
    ['in a URL, encoded', 'GET /?key=a%2Fb%20c failed', ['a/b c'], 'GET /?key=*** failed'],
    ['in base64', `AUTH PLAIN ${Buffer.from('\0ana\0hunter22').toString('base64')}`, ['\0ana\0hunter22'], 'AUTH PLAIN ***'],
    ['the longer one first', 'token-abc-def', ['token-abc', 'token-abc-def'], '***'],
    [
      'path and query of an address',
      'POST https://hooks.example.com/T1/B2?x=y failed',
      [],
      'POST https://hooks.example.com/*** failed',
    ],
    ['a bare origin stays', 'see https://status.example.com/ now', [], 'see https://status.example.com now'],
    [
      'authorization values',
      'sent Authorization: Bearer tk_12345678 and Basic QUM6dG9rZW4=',
      [],
      'sent Authorization: Bearer *** and Basic ***',
    ],
    ['ordinary words stay', 'Basic authentication is required', [], 'Basic authentication is required'],
    ['an empty secret hides nothing', 'all is said', ['', ' '], 'all is said'],
  ])('%s', (_what, text, secrets, clean) => {
    expect(redact(text, secrets)).toBe(clean);
  });

  test('no secret survives, wherever and however often it stands', () => {
    const secret = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => text.trim() !== '' && !text.includes('*'));
    const encode = fc.constantFrom(
      (text: string) => text,
      encodeURIComponent,
      (text: string) => Buffer.from(text).toString('base64'),
    );
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.string(), fc.nat(3), encode)),
        (secrets, parts) => {
          const text = parts.map(([filler, index, as]) => filler + as(secrets[index % secrets.length]!)).join('');
          const clean = redact(text, secrets);
          for (const one of secrets) expect(clean.includes(one)).toBe(false);
        },
      ),
    );
  });
});
