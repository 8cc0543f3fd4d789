import { describe, expect, test } from 'vitest';
import { isSignedByPlivo, parsePlivoKey, parsePlivoReceipt, parsePlivoReply } from '../../src/server/channels/plivo/inbound.ts';
import { answerSms, askForKey, sayAndHangUp } from '../../src/server/channels/plivo/xml.ts';
import { channelConfig } from '../../src/server/channels/registry.ts';

// Each signature here was accepted by `validateV3Signature` or `validateSignature` of Plivo's own package (plivo 4.79.0).
const TOKEN = 'plivo-token-1';
const NONCE = '12345678901234567890';
const FORM = {
  From: '3197010000000',
  FromX: 'a',
  To: '31612345678',
  CallStatus: 'in-progress',
  Digits: '4',
  Text: 'Ça va? 4 & 5',
};
const CALL = 'https://a.example/answer/voice/tok-_1';
const CALL_SIGNED = 'xwF2V9QR2tbCwz65VrBaJhSKNH907MEyCvWfzW+0Dso=';
const QUERY = 'https://a.example:8443/answer/sms?b=2&a=1';
const QUERY_SIGNED = 'O/TVVKLPoiQUlhpeU+TZQJWaC+vkeZ2pyHInXXIXU+U=';
const SMS = 'https://a.example/answer/sms';
const SMS_SIGNED = '1Nqph0Dp5Gl9y3+6PDNAxY1Al1tuxpE2Rlm2AnM8dPY=';
const EMPTY_SIGNED = 'X0ZnItyG1ktr3HYTBi8fNqIiy9qCnTxVzSH3vskLRbg=';
const v3 = (signature: string, nonce = NONCE) => ({ 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce });
const v2 = (signature: string, nonce = NONCE) => ({ 'x-plivo-signature-v2': signature, 'x-plivo-signature-v2-nonce': nonce });

test.each([
  ['a call', TOKEN, v3(CALL_SIGNED), CALL, FORM, true],
  ['a call signed twice, for two tokens', TOKEN, v3(`AAAA,${CALL_SIGNED}`), CALL, FORM, true],
  ['a query and a port', TOKEN, v3(QUERY_SIGNED), QUERY, FORM, true],
  ['no form', TOKEN, v3(EMPTY_SIGNED), SMS, {}, true],
  ['a message', TOKEN, v2(SMS_SIGNED), SMS, FORM, true],
  ['a message with a query, which is not signed', TOKEN, v2(SMS_SIGNED), `${SMS}?a=1`, FORM, true],
  ['another token', 'plivo-token-2', v3(CALL_SIGNED), CALL, FORM, false],
  ['no token', '', v3(CALL_SIGNED), CALL, FORM, false],
  ['another nonce', TOKEN, v3(CALL_SIGNED, '1'), CALL, FORM, false],
  ['another path', TOKEN, v3(CALL_SIGNED), `${CALL}x`, FORM, false],
  ['plain http', TOKEN, v3(CALL_SIGNED), CALL.replace('https', 'http'), FORM, false],
  ['a changed digit', TOKEN, v3(CALL_SIGNED), CALL, { ...FORM, Digits: '6' }, false],
  ['one field more', TOKEN, v3(CALL_SIGNED), CALL, { ...FORM, Extra: '' }, false],
  ['a bad signature of calls beside a good one of messages', TOKEN, { ...v2(SMS_SIGNED), ...v3('AAAA') }, SMS, FORM, false],
  ['a message elsewhere', TOKEN, v2(SMS_SIGNED), `${SMS}/x`, FORM, false],
  ['no signature', TOKEN, {}, CALL, FORM, false],
  ['an empty signature', TOKEN, v3(''), CALL, FORM, false],
  ['no URL', TOKEN, v3(CALL_SIGNED), 'a.example', FORM, false],
])('signature: %s', (_what, token, headers, url, form, valid) => {
  const given = new Headers(headers as Record<string, string>);
  expect(isSignedByPlivo(token, given, url, form, 'sms')).toBe(valid);
  // What leaves the form out is not enough for a key that was pressed.
  expect(isSignedByPlivo(token, given, url, form, 'voice')).toBe(valid && given.has('x-plivo-signature-v3'));
});

test.each([
  [{ MessageUUID: 'm', Status: 'queued' }, undefined],
  [{ MessageUUID: 'm', Status: 'sent' }, undefined],
  [
    { MessageUUID: 'm', Status: 'delivered' },
    { providerId: 'm', state: 'delivered' },
  ],
  [
    { MessageUUID: 'm', Status: 'undelivered', ErrorCode: '300' },
    { providerId: 'm', state: 'failed', reason: 'undelivered (300)' },
  ],
  [
    { MessageUUID: 'm', Status: 'rejected' },
    { providerId: 'm', state: 'failed', reason: 'rejected' },
  ],
  [{ CallUUID: 'c', RequestUUID: 'r', CallStatus: 'ringing' }, undefined],
  [
    { CallUUID: 'c', RequestUUID: 'r', CallStatus: 'in-progress' },
    { providerId: 'r', state: 'delivered' },
  ],
  [
    { CallUUID: 'c', CallStatus: 'completed' },
    { providerId: 'c', state: 'delivered' },
  ],
  [
    { CallUUID: 'c', CallStatus: 'no-answer', HangupCauseName: 'No Answer' },
    { providerId: 'c', state: 'failed', reason: 'no-answer (No Answer)' },
  ],
  [
    { CallUUID: 'c', CallStatus: 'busy' },
    { providerId: 'c', state: 'failed', reason: 'busy' },
  ],
  [{ Status: 'delivered' }, undefined],
])('receipt %j', (form, receipt) => {
  expect(parsePlivoReceipt(form as Record<string, string>)).toEqual(receipt);
});

test('answers of people', () => {
  expect(parsePlivoReply({ Text: ' Ack, on my way', From: '31612345678' })).toEqual({
    action: 'acknowledge',
    from: '+31612345678',
    said: 'Ack, on my way',
  });
  expect(parsePlivoReply({ Text: 'who is this?', From: '31612345678' })).toBeUndefined();
  expect(parsePlivoReply({ Text: '4' })).toBeUndefined();
  expect(parsePlivoKey({ Digits: '6', To: '31612345678' })).toEqual({ action: 'resolve', from: '+31612345678', said: '6' });
  expect(parsePlivoKey({ Digits: '9', To: '31612345678' })).toBeUndefined();
});

test('Plivo XML', () => {
  expect(askForKey('DB <down>.', 'https://a.example/x?a=1&b=2', 'nl')).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><Response><GetDigits numDigits="1" timeout="10" retries="1" redirect="true" method="POST" action="https://a.example/x?a=1&amp;b=2">' +
      '<Speak language="nl-NL">DB &lt;down&gt;. Druk op 4 om te bevestigen, 5 om te escaleren, 6 voor opgelost.</Speak>' +
      '<Speak language="nl-NL">DB &lt;down&gt;. Druk op 4 om te bevestigen, 5 om te escaleren, 6 voor opgelost.</Speak></GetDigits>' +
      '<Speak language="nl-NL">Er is geen toets ingedrukt. Tot ziens.</Speak></Response>',
  );
  expect(sayAndHangUp('Done.')).toContain('<Response><Speak language="en-US">Done.</Speak><Hangup/></Response>');
  expect(answerSms('Got <it>', '31612345678', '31970')).toContain(
    '<Message src="31970" dst="31612345678">Got &lt;it&gt;</Message>',
  );
});

describe('settings of several vendors', () => {
  const twilio = { account_sid: 'AC00000000000000000000000000000001', auth_token: 't', from: '+3197010000000' };
  const plivo = { vendor: 'plivo', auth_id: 'MAXXXXXXXXXXXXXXXXXX', auth_token: 'p', from: '+3197010000001' };
  test.each([
    ['one, without its name', twilio, undefined],
    ['one by its name', { ...twilio, vendor: 'twilio' }, undefined],
    ['the other alone', plivo, undefined],
    ['either order', { ...plivo, next: twilio }, undefined],
    ['a secret of the environment', { ...twilio, next: { ...plivo, auth_token: '${env:PLIVO}' } }, undefined],
    ['a vendor nobody knows', { ...twilio, vendor: 'pigeon' }, 'channels.sms.vendor'],
    ['one twice', { ...twilio, next: twilio }, 'channels.sms.next.vendor'],
    ['a mistake in the second', { ...twilio, next: { ...plivo, from: 'a sender far too long' } }, 'channels.sms.next.from'],
    ['a mistake in the first', { ...twilio, account_sid: 'x', next: plivo }, 'channels.sms.account_sid'],
    ['fields of the other vendor', { ...plivo, account_sid: 'AC1' }, 'channels.sms'],
    ['a second that is none', { ...twilio, next: 'plivo' }, 'channels.sms.next'],
  ])('%s', (_what, config, field) => {
    const judge = () => channelConfig('sms', config, 'channels.sms');
    if (field === undefined) expect(judge).not.toThrow();
    else expect(judge).toThrow(expect.objectContaining({ code: 'invalid', field }));
  });
});
