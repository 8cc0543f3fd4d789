import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeSms, septets, smsSize, toGsm7 } from '../../src/server/channels/sms/gsm7.ts';
import { smsText } from '../../src/server/channels/sms/sms.ts';
import { normalizePhone } from '../../src/server/channels/twilio/client.ts';
import type { Message } from '../../src/server/channels/types.ts';

const HINT = 'Reply 4 ack, 5 escalate, 6 resolve';

describe('GSM-7', () => {
  test.each([
    ['', 0],
    ['hello', 5],
    ['£5 ñ é Ω', 8],
    ['€', 2],
    ['[a]', 5],
    ['{}|~^\\', 12],
    ['line\nline', 9],
    ['ç', undefined],
    ['Ç', 1],
    ['日本', undefined],
    ['🔥', undefined],
  ])('%j takes %s septets', (text, size) => {
    expect(septets(text)).toBe(size);
  });

  test.each([
    ['“DB” – it’s down…', '"DB" - it\'s down...'],
    ['Łódź café ça', 'Lodz café ca'],
    ['Příliš', 'Prilis'],
    ['7 °C', '7 °C'],
  ])('%j is made plain: %j', (text, plain) => {
    expect(toGsm7(text)).toBe(plain);
  });
});

describe('SMS text', () => {
  const LINK = 'https://allclear.example.com/p/abcdefghijklmnop';
  const USUAL = '{title}\n{answers}\n{link}';
  test.each([
    ['all of it', 'db-down since 03:12', HINT, LINK, `db-down since 03:12\n${HINT}\n${LINK}`],
    ['one segment', 'x'.repeat(77), HINT, LINK, `${'x'.repeat(77)}\n${HINT}\n${LINK}`],
    ['one segment with short answers', 'x'.repeat(78), HINT, LINK, `${'x'.repeat(78)}\n4 ack 5 esc 6 res\n${LINK}`],
    ['two segments', 'x'.repeat(95), HINT, LINK, `${'x'.repeat(95)}\n${HINT}\n${LINK}`],
    ['no answers', 'Your code is 123456', undefined, undefined, 'Your code is 123456'],
    ['one line', 'a\r\nb\t c', undefined, undefined, 'a b c'],
    ['cut to one segment', 'x'.repeat(161), undefined, undefined, `${'x'.repeat(157)}...`],
    ['exactly one segment', 'x'.repeat(160), undefined, undefined, 'x'.repeat(160)],
    ['signs of two septets', '€'.repeat(81), undefined, undefined, `${'€'.repeat(78)}...`],
    ['a link too long is left out', 'db-down', HINT, `https://a.example/${'x'.repeat(300)}`, `db-down\n${HINT}`],
    ['other scripts are cut sooner', '日'.repeat(71), undefined, undefined, `${'日'.repeat(67)}...`],
    ['a character is never split', '🔥'.repeat(40), undefined, undefined, `${'🔥'.repeat(33)}...`],
  ])('%s', (_what, line, hint, link, sms) => {
    expect(composeSms(USUAL, hint ? [hint, '4 ack 5 esc 6 res'] : [], { title: line, link })).toBe(sms);
  });

  test('never over 306 septets or 201 UTF-16 units, and the answers are never lost', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.webUrl(), (line, link) => {
        const sms = composeSms(USUAL, [HINT], { title: line, link });
        const size = septets(sms);
        expect(size === undefined ? sms.length <= 201 : size <= 306).toBe(true);
        expect(sms).toContain(HINT);
      }),
    );
  });

  const WHERE = { number: 'INC-7', service: 'db', why: 'y'.repeat(90), title: 'down' };
  test.each([
    ['as it is written', '{service}|{title} {answers}', 'down', LINK, `db|down ${HINT}`],
    ['a line that stays empty is left out', '{missing}\n{title}\n{link}', 'down', LINK, `down\n${LINK}`],
    ['words in passing are short', '{title} ({why})\n{link}', 'down', LINK, `down (${'y'.repeat(57)}...)\n${LINK}`],
    [
      'the title gives way within its line',
      '{title}, {number}\n{link}',
      'x'.repeat(200),
      LINK,
      `${'x'.repeat(150)}..., INC-7\n${LINK}`,
    ],
    [
      'told twice, it gives way twice',
      '{title} {number} {title}',
      'x'.repeat(200),
      undefined,
      `${'x'.repeat(73)}... INC-7 ${'x'.repeat(73)}...`,
    ],
    [
      'and once more for the whole',
      '{title}\n{link}',
      'x'.repeat(200),
      `https://a.example/${'x'.repeat(200)}`,
      `${'x'.repeat(77)}...\nhttps://a.example/${'x'.repeat(200)}`,
    ],
    [
      'a link that is the only answer is never left out',
      '{title}\n{link}',
      'x'.repeat(200),
      `https://a.example/${'x'.repeat(300)}`,
      `${'x'.repeat(17)}...\nhttps://a.example/${'x'.repeat(300)}`,
    ],
    [
      'more is told whatever the title',
      '{title}\n{answers}',
      'x'.repeat(200),
      undefined,
      `${'x'.repeat(146)}... and 2 more\n${HINT}`,
    ],
    ['a sign of another alphabet', '🔥 {title}\n{answers}', 'ж'.repeat(80), undefined, `🔥 ${'ж'.repeat(64)}...\n${HINT}`],
  ])('a template: %s', (what, template, title, link, sms) => {
    const more = what.startsWith('more') ? ' and 2 more' : undefined;
    expect(composeSms(template, [HINT], { ...WHERE, title, link, more })).toBe(sms);
  });

  test.each([
    ['x'.repeat(160), 'GSM-7', 160, 1],
    ['x'.repeat(161), 'GSM-7', 161, 2],
    ['€'.repeat(153), 'GSM-7', 306, 2],
    ['ж'.repeat(70), 'UCS-2', 70, 1],
    ['ж'.repeat(135), 'UCS-2', 135, 3],
    ['', 'GSM-7', 0, 1],
  ])('%.12s… is %s, %i characters, %i segments', (text, alphabet, characters, segments) => {
    expect(smsSize(text)).toEqual({ alphabet, characters, segments });
  });

  test('the answers are offered only where one finds its way back', () => {
    const message: Message = { kind: 'page', idempotencyKey: '1', subject: 's', short: 'db-down', facts: [] };
    expect(smsText(message)).toBe('db-down');
    expect(smsText({ ...message, replyToken: 'x' })).toBe(`db-down\n${HINT}`);
    expect(smsText({ ...message, kind: 'verification', replyToken: 'x' })).toBe('db-down');
  });
});

describe('phone numbers', () => {
  test.each([
    ['+31 6 12345678', '+31612345678'],
    ['+1 (415) 867-5309', '+14158675309'],
    ['+44.20.7946.0000', '+442079460000'],
  ])('%s', (typed, canonical) => expect(normalizePhone(typed)).toBe(canonical));
  test.each([
    '0612345678',
    '0031612345678',
    '+0612345678',
    '+1234567890123456',
    '+31',
    'call me',
    '+31abc45678',
    '',
    '+3161234567\u0668',
  ])('refuses %s', (typed) =>
    expect(() => normalizePhone(typed)).toThrow(expect.objectContaining({ code: 'invalid', field: 'address' })),
  );
});
