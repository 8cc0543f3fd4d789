import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sendThrough } from '../../src/server/channels/registry.ts';
import { isSignedByTwilio, parseKeyPress, parseReceipt, parseSmsReply } from '../../src/server/channels/twilio/inbound.ts';
import { answerSms, askForKey, sayAndHangUp, sayTwice } from '../../src/server/channels/twilio/twiml.ts';
import type { Message } from '../../src/server/channels/types.ts';
import { escapeXml } from '../../src/server/channels/xml.ts';
import { type FakeCall, type FakeSms, type FakeTwilio, startTwilio } from '../fakes/twilio.ts';
import { type FakeWebhook, startWebhook } from '../fakes/webhook.ts';

// The worked example of https://www.twilio.com/docs/usage/security
const TOKEN = '12345';
const URL_SIGNED = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const FORM = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
};
const SIGNATURE = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';

describe('Twilio signature', () => {
  test.each([
    ['the documented example', TOKEN, SIGNATURE, URL_SIGNED, FORM, true],
    ['the port that Twilio left out', TOKEN, SIGNATURE, 'https://mycompany.com:443/myapp.php?foo=1&bar=2', FORM, true],
    ['another port', TOKEN, SIGNATURE, 'https://mycompany.com:1234/myapp.php?foo=1&bar=2', FORM, true],
    ['another token', '12346', SIGNATURE, URL_SIGNED, FORM, false],
    ['no token', '', SIGNATURE, URL_SIGNED, FORM, false],
    ['no signature', TOKEN, undefined, URL_SIGNED, FORM, false],
    ['an empty signature', TOKEN, '', URL_SIGNED, FORM, false],
    ['another path', TOKEN, SIGNATURE, 'https://mycompany.com/myapp.php?foo=1&bar=3', FORM, false],
    ['plain http', TOKEN, SIGNATURE, 'http://mycompany.com/myapp.php?foo=1&bar=2', FORM, false],
    ['a changed digit', TOKEN, SIGNATURE, URL_SIGNED, { ...FORM, Digits: '1235' }, false],
    ['one field more', TOKEN, SIGNATURE, URL_SIGNED, { ...FORM, Extra: '' }, false],
    ['no URL', TOKEN, SIGNATURE, 'mycompany.com', FORM, false],
  ])('%s', (_what, token, signature, url, form, valid) => {
    expect(isSignedByTwilio(token, signature, url, form)).toBe(valid);
  });
});

describe('SMS answers', () => {
  test.each([
    ['4', 'acknowledge'],
    [' 4 \n', 'acknowledge'],
    ['ack', 'acknowledge'],
    ['Ack', 'acknowledge'],
    ['ACKNOWLEDGE', 'acknowledge'],
    ['Acknowledged, on my way', 'acknowledge'],
    ['ack.', 'acknowledge'],
    ['5', 'escalate'],
    ['Escalate please', 'escalate'],
    ['6', 'resolve'],
    ['resolved', 'resolve'],
    ['4 people are affected', undefined],
    ['45', undefined],
    ['7', undefined],
    ['acknowledgement', undefined],
    ['resolve?', undefined],
    ['please ack', undefined],
    ['STOP', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('%j is %s', (Body, action) => {
    const reply = parseSmsReply({ Body, From: '+31612345678' });
    expect(reply).toEqual(action && { action, from: '+31612345678', said: Body.trim() });
  });
  test('what was said is kept to 200 characters', () => {
    expect(parseSmsReply({ Body: `ack ${'x'.repeat(500)}`, From: '+31612345678' })?.said).toHaveLength(200);
  });
});

describe('keys pressed', () => {
  test.each([
    ['4', 'acknowledge'],
    ['5', 'escalate'],
    ['6', 'resolve'],
    ['1', undefined],
    ['*', undefined],
    ['44', undefined],
    ['', undefined],
    ['toString', undefined],
  ])('%j is %s', (Digits, action) => {
    expect(parseKeyPress({ Digits, From: '+3197010000000', To: '+31612345678' })).toEqual(
      action && { action, from: '+31612345678', said: Digits },
    );
  });
  test('a status callback is no key press', () =>
    expect(parseKeyPress({ CallSid: 'CA1', CallStatus: 'completed' })).toBeUndefined());
});

describe('receipts', () => {
  test.each([
    ['queued', undefined],
    ['accepted', undefined],
    ['sending', undefined],
    ['sent', undefined],
    ['delivered', { state: 'delivered' }],
    ['read', { state: 'delivered' }],
    ['undelivered', { state: 'failed', reason: 'undelivered (30007)' }],
    ['failed', { state: 'failed', reason: 'failed (30007)' }],
    ['canceled', { state: 'failed', reason: 'canceled (30007)' }],
  ])('message %s', (MessageStatus, receipt) => {
    expect(parseReceipt({ MessageSid: 'SM1', MessageStatus, ErrorCode: '30007' })).toEqual(
      receipt && { providerId: 'SM1', ...receipt },
    );
  });
  test.each([
    ['queued', undefined],
    ['initiated', undefined],
    ['ringing', undefined],
    ['in-progress', { state: 'delivered' }],
    ['completed', { state: 'delivered' }],
    ['busy', { state: 'failed', reason: 'busy' }],
    ['no-answer', { state: 'failed', reason: 'no-answer' }],
    ['failed', { state: 'failed', reason: 'failed' }],
    ['canceled', { state: 'failed', reason: 'canceled' }],
  ])('call %s', (CallStatus, receipt) => {
    expect(parseReceipt({ CallSid: 'CA1', CallStatus })).toEqual(receipt && { providerId: 'CA1', ...receipt });
  });
  test('no id, no receipt', () => expect(parseReceipt({ CallStatus: 'completed' })).toBeUndefined());
});

describe('TwiML', () => {
  test.each([
    ['<Hangup/> & "co" \'s', '&lt;Hangup/&gt; &amp; &quot;co&quot; &apos;s'],
    ['a\u0000b\u0008c\u001bd\ufffee', 'abcde'],
    ['tab\tline\n 日 🔥', 'tab\tline\n 日 🔥'],
    ['half \ud83d of a pair', 'half  of a pair'],
  ])('%j is escaped', (text, xml) => expect(escapeXml(text)).toBe(xml));

  test('asks for a key, twice, at the address given', () => {
    expect(askForKey('DB <down>.', 'https://a.example/x?a=1&b=2', 'en-GB')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Gather numDigits="1" timeout="10" method="POST" action="https://a.example/x?a=1&amp;b=2">' +
        '<Say language="en-GB">DB &lt;down&gt;. Press 4 to acknowledge, 5 to escalate, 6 to resolve.</Say><Pause length="1"/>' +
        '<Say language="en-GB">DB &lt;down&gt;. Press 4 to acknowledge, 5 to escalate, 6 to resolve.</Say></Gather>' +
        '<Say language="en-GB">No key was pressed. Goodbye.</Say></Response>',
    );
  });
  test.each([
    [undefined, 'en-US'],
    ['en', 'en-US'],
    ['en-GB', 'en-GB'],
    ['fr', 'en-US'],
    ['nl-BE', 'nl-NL'],
    ['de', 'de-DE'],
    ['"/><Dial>', 'en-US'],
    ['constructor', 'en-US'],
  ])('%s is read by a voice of %s', (locale, voice) => {
    expect(sayTwice('Hi', locale)).toContain(`<Say language="${voice}">Hi</Say>`);
  });
  test('answers', () => {
    expect(sayAndHangUp('Acknowledged.')).toContain('<Response><Say language="en-US">Acknowledged.</Say><Hangup/></Response>');
    expect(answerSms('Got <it>')).toContain('<Response><Message>Got &lt;it&gt;</Message></Response>');
    expect(answerSms()).toContain('<Response></Response>');
  });
});

describe('there and back through Twilio', () => {
  let twilio: FakeTwilio;
  let us: FakeWebhook;
  beforeAll(async () => {
    [twilio, us] = await Promise.all([startTwilio(), startWebhook()]);
  });
  afterAll(() => Promise.all([twilio.stop(), us.stop()]));
  beforeEach(() => {
    twilio.received.length = 0;
    us.received.length = 0;
  });

  const options = { timeoutMs: 5_000, allowPrivate: ['127.0.0.1'], now: Temporal.Instant.from('2026-11-15T02:38:00Z') };
  const page = (): Message => ({
    kind: 'page',
    idempotencyKey: 'd1',
    replyToken: 'reply-1f9e',
    callbackUrl: `${us.url}/answer?a=1&b=2`,
    subject: 'Checkout API returning 5xx',
    short: 'INC-42 Checkout & API: 5xx (since 03:12)',
    facts: [],
    severity: 'critical',
    actionUrl: 'https://allclear.example.com/p/1',
  });
  const config = (overrides: object = {}) => ({
    account_sid: twilio.account.sid,
    auth_token: twilio.account.authToken,
    from: '+3197010000000',
    base_url: twilio.url,
    ...overrides,
  });
  /** The last form that reached us, if Twilio signed it. */
  const signedForm = (): Record<string, string> => {
    const request = us.received.at(-1)!;
    const form = Object.fromEntries(new URLSearchParams(request.body));
    const signature = String(request.headers['x-twilio-signature']);
    expect(isSignedByTwilio(twilio.account.authToken, signature, us.url + request.path, form)).toBe(true);
    return form;
  };

  test('an SMS goes out, its receipt and its answer come back', async () => {
    const result = await sendThrough('sms', config(), '+31612345678', page(), options);
    const sent = twilio.received[0] as FakeSms;
    expect(result).toEqual({ outcome: 'sent', providerId: sent.sid, receipts: true, detail: 'queued' });
    expect(sent).toMatchObject({
      to: '+31612345678',
      from: '+3197010000000',
      body: 'INC-42 Checkout & API: 5xx (since 03:12)\nReply 4 ack, 5 escalate, 6 resolve\nhttps://allclear.example.com/p/1',
    });
    await twilio.reportStatus(sent, 'undelivered', '30007');
    expect(parseReceipt(signedForm())).toEqual({ providerId: sent.sid, state: 'failed', reason: 'undelivered (30007)' });
    await twilio.reply(sent, 'Ack', `${us.url}/sms`);
    expect(parseSmsReply(signedForm())).toEqual({ action: 'acknowledge', from: '+31612345678', said: 'Ack' });
  });

  test('a call goes out, a key press and its end come back', async () => {
    const result = await sendThrough('voice', config(), '+31612345678', page(), options);
    const sent = twilio.received[0] as FakeCall;
    expect(result).toEqual({ outcome: 'sent', providerId: sent.sid, receipts: true, detail: 'queued' });
    const said = 'INC-42 Checkout & API: 5xx (since 03:12). Press 4 to acknowledge, 5 to escalate, 6 to resolve.';
    expect(sent.said).toEqual([said, said, 'No key was pressed. Goodbye.']);
    await twilio.press(sent, '4');
    expect(parseKeyPress(signedForm())).toEqual({ action: 'acknowledge', from: '+31612345678', said: '4' });
    expect(parseReceipt(signedForm())).toBeUndefined();
    await twilio.reportStatus(sent, 'no-answer');
    expect(parseReceipt(signedForm())).toEqual({ providerId: sent.sid, state: 'failed', reason: 'no-answer' });
  });

  test('a call that only tells something asks for no key', async () => {
    await sendThrough(
      'voice',
      config(),
      '+31612345678',
      { ...page(), kind: 'verification', short: 'Your code is 1 2 3' },
      options,
    );
    expect(twilio.received[0]).toMatchObject({ said: ['Your code is 1 2 3.', 'Your code is 1 2 3.'] });
    expect((twilio.received[0] as FakeCall).gatherUrl).toBeUndefined();
  });

  test('a very long call stays within what Twilio takes', async () => {
    expect(await sendThrough('voice', config(), '+31612345678', { ...page(), short: '&'.repeat(5_000) }, options)).toMatchObject({
      outcome: 'sent',
    });
  });

  test('a messaging service instead of a number', async () => {
    const messaging_service_sid = `MG${'0'.repeat(32)}`;
    await sendThrough('sms', config({ from: undefined, messaging_service_sid }), '+31612345678', page(), options);
    expect(twilio.received[0]).toMatchObject({ from: messaging_service_sid });
  });

  test.each([
    [
      'a wrong token',
      { auth_token: 'nope-nope' },
      '+31612345678',
      { outcome: 'refused', reason: 'Twilio refused the account SID or auth token (20003)' },
    ],
    [
      'a number that is none',
      {},
      '+1',
      { outcome: 'refused', reason: "Twilio answered 400: The 'To' number +1 is not a valid phone number. (21211)" },
    ],
    [
      'a wrong base address',
      { base_url: 'http://127.0.0.1:1/api' },
      '+31612345678',
      { outcome: 'retry', reason: 'The connection was refused' },
    ],
    [
      'two senders',
      { messaging_service_sid: `MG${'0'.repeat(32)}` },
      '+31612345678',
      { outcome: 'refused', reason: expect.stringContaining('either from or') },
    ],
  ])('%s', async (_what, overrides, to, result) => {
    expect(await sendThrough('sms', config(overrides), to, page(), options)).toEqual(result);
    expect(twilio.received).toHaveLength(0);
  });
});
