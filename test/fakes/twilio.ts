import { randomBytes } from 'node:crypto';
import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { type FakeReply, type FakeRequest, startHttpFake } from './http-fake.ts';

export type FakeSms = { kind: 'sms'; sid: string; to: string; from: string; body: string; statusCallback?: string };
export type FakeCall = {
  kind: 'call';
  sid: string;
  to: string;
  from: string;
  twiml: string;
  /** What is said, in order, entities undone. */
  said: string[];
  /** Where a pressed key is posted. */
  gatherUrl?: string;
  statusCallback?: string;
};

const unescapeXml = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

const vendorError = (status: number, code: number, message: string, headers?: Record<string, string>): FakeReply => ({
  status,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
  ...(headers ? { headers } : {}),
});

/**
 * Twilio's REST API for messages and calls, with basic authentication, and Twilio's own requests back: signed with the
 * vendor's library, not with ours.
 */
export const startTwilio = async (
  account = { sid: 'AC00000000000000000000000000000001', authToken: 'twilio-auth-token-4711' },
) => {
  const received: (FakeSms | FakeCall)[] = [];
  const authorization = `Basic ${Buffer.from(`${account.sid}:${account.authToken}`).toString('base64')}`;

  const create = (request: FakeRequest): FakeReply => {
    const recording = /^\/2010-04-01\/Accounts\/([^/]+)\/Recordings\/(RE[0-9a-f]{32})\.mp3$/.exec(request.path);
    if (request.method === 'GET' && recording)
      return request.headers.authorization === authorization && recording[1] === account.sid
        ? { status: 200, body: `ID3 ${recording[2]}`, headers: { 'content-type': 'audio/mpeg' } }
        : vendorError(401, 20003, 'Authenticate');
    const [, accountSid, resource] = /^\/2010-04-01\/Accounts\/([^/]+)\/(Messages|Calls)\.json$/.exec(request.path) ?? [];
    if (request.method !== 'POST' || !resource)
      return vendorError(404, 20404, `The requested resource ${request.path} was not found`);
    if (request.headers.authorization !== authorization || accountSid !== account.sid)
      return vendorError(401, 20003, 'Authenticate');
    if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
      return vendorError(415, 20415, 'Unsupported media type');
    const form = new URLSearchParams(request.body);
    const to = form.get('To') ?? '';
    const from = form.get('From') ?? form.get('MessagingServiceSid') ?? '';
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return vendorError(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
    const statusCallback = form.get('StatusCallback') ?? undefined;
    const sid = `${resource === 'Messages' ? 'SM' : 'CA'}${randomBytes(16).toString('hex')}`;
    const shared = { sid, to, from, ...(statusCallback ? { statusCallback } : {}) };
    if (resource === 'Messages') {
      const body = form.get('Body') ?? '';
      if (body === '') return vendorError(400, 21602, 'Message body is required.');
      if (body.length > 1600) return vendorError(400, 21617, 'The concatenated message body exceeds the 1600 character limit.');
      received.push({ kind: 'sms', body, ...shared });
    } else {
      const twiml = form.get('Twiml') ?? '';
      if (!twiml.includes('<Response>') || twiml.length > 4000) return vendorError(400, 21218, 'Invalid TwiML');
      const gatherUrl = /<Gather\b[^>]*\baction="([^"]*)"/.exec(twiml)?.[1];
      received.push({
        kind: 'call',
        twiml,
        said: [...twiml.matchAll(/<Say\b[^>]*>([^<]*)<\/Say>/g)].map((found) => unescapeXml(found[1] ?? '')),
        ...(gatherUrl ? { gatherUrl: unescapeXml(gatherUrl) } : {}),
        ...shared,
      });
    }
    return { status: 201, body: { sid, status: 'queued', to, from, account_sid: account.sid, error_code: null } };
  };

  const server = await startHttpFake({
    ok: create,
    retryable: () => vendorError(429, 20429, 'Too Many Requests', { 'retry-after': '7' }),
    refused: () => vendorError(400, 21211, "The 'To' number is not a valid phone number."),
    malformed: { status: 200, body: '<html>Maintenance</html>' },
  });

  /** Posts a signed form as Twilio does, and gives back the answer. */
  const post = async (url: string, form: Record<string, string>): Promise<{ status: number; body: string }> => {
    const all = { AccountSid: account.sid, ApiVersion: '2010-04-01', ...form };
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(all),
      headers: { 'x-twilio-signature': webhooks.getExpectedTwilioSignature(account.authToken, url, all) },
    });
    return { status: response.status, body: await response.text() };
  };

  return {
    ...server,
    account,
    received,
    post,
    /** Reports `delivered`, `undelivered`, `busy` … to the status callback of a message or call. */
    reportStatus: (sent: FakeSms | FakeCall, status: string, errorCode?: string) => {
      const code: Record<string, string> = errorCode ? { ErrorCode: errorCode } : {};
      return post(
        sent.statusCallback ?? '',
        sent.kind === 'sms'
          ? { MessageSid: sent.sid, MessageStatus: status, To: sent.to, From: sent.from, ...code }
          : { CallSid: sent.sid, CallStatus: status, To: sent.to, From: sent.from, Direction: 'outbound-api', ...code },
      );
    },
    /** The person answers an SMS: it goes to the address that is set for the number. */
    reply: (sent: FakeSms, body: string, numberUrl: string) =>
      post(numberUrl, {
        MessageSid: `SM${randomBytes(16).toString('hex')}`,
        From: sent.to,
        To: sent.from,
        Body: body,
        NumMedia: '0',
      }),
    /** The person presses a key during the call. */
    press: (sent: FakeCall, digit: string) =>
      post(sent.gatherUrl ?? '', {
        CallSid: sent.sid,
        CallStatus: 'in-progress',
        Direction: 'outbound-api',
        To: sent.to,
        From: sent.from,
        Digits: digit,
        msg: 'Gather End',
      }),
  };
};
export type FakeTwilio = Awaited<ReturnType<typeof startTwilio>>;
