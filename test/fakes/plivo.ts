import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { type FakeReply, type FakeRequest, startHttpFake } from './http-fake.ts';

export type PlivoSms = { kind: 'sms'; uuid: string; to: string; from: string; body: string; url?: string };
export type PlivoCall = {
  kind: 'call';
  uuid: string;
  to: string;
  from: string;
  answerUrl: string;
  hangupUrl?: string;
  /** Once answered: what is spoken, in order, entities undone, and where a key goes. */
  said: string[];
  languages: string[];
  keyUrl?: string;
};

const unescapeXml = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** How Plivo signs: calls by version 3 over address and form, messages by version 2 over the address alone. */
const plivoSignature = (version: 'v3' | 'v2', authToken: string, url: string, form: Record<string, string>) => {
  const nonce = randomBytes(10).toString('hex');
  const fields = Object.keys(form)
    .sort()
    .map((name) => name + form[name])
    .join('');
  const text = version === 'v3' ? `${url}?${fields}.${nonce}` : `${url}${nonce}`;
  return {
    [`x-plivo-signature-${version}`]: createHmac('sha256', authToken).update(text).digest('base64'),
    [`x-plivo-signature-${version}-nonce`]: nonce,
  };
};

/** Plivo's REST API for messages and calls, with basic authentication, and Plivo's own signed requests back. */
export const startPlivo = async (account = { id: 'MAXXXXXXXXXXXXXXXXXX', authToken: 'plivo-auth-token-0815' }) => {
  const received: (PlivoSms | PlivoCall)[] = [];
  const authorization = `Basic ${Buffer.from(`${account.id}:${account.authToken}`).toString('base64')}`;
  const error = (status: number, text: string, headers?: Record<string, string>): FakeReply => ({
    status,
    body: { api_id: randomUUID(), error: text },
    ...(headers ? { headers } : {}),
  });

  const create = (request: FakeRequest): FakeReply => {
    const recording = /^\/v1\/Account\/[^/]+\/Recording\/([0-9a-f-]{36})\.mp3$/.exec(request.path);
    if (request.method === 'GET' && recording)
      return request.headers.authorization === authorization
        ? { status: 200, body: `ID3 ${recording[1]}`, headers: { 'content-type': 'audio/mpeg' } }
        : error(401, 'Could not verify your access level');
    const [, id, resource] = /^\/v1\/Account\/([^/]+)\/(Message|Call)\/$/.exec(request.path) ?? [];
    if (request.method !== 'POST' || !resource) return error(404, 'not found');
    if (request.headers.authorization !== authorization || id !== account.id)
      return { status: 401, body: 'Could not verify your access level' };
    if (!request.headers['content-type']?.startsWith('application/json')) return error(415, 'unsupported media type');
    const given = JSON.parse(request.body) as Record<string, string>;
    const uuid = randomUUID();
    if (resource === 'Message') {
      if (!/^[1-9]\d{6,14}$/.test(given.dst ?? '')) return error(400, `${given.dst} is not a valid phone number`);
      received.push({
        kind: 'sms',
        uuid,
        to: `+${given.dst}`,
        from: given.src ?? '',
        body: given.text ?? '',
        ...(given.url ? { url: given.url } : {}),
      });
      return { status: 202, body: { api_id: randomUUID(), message: 'message(s) queued', message_uuid: [uuid] } };
    }
    if (!/^[1-9]\d{6,14}$/.test(given.to ?? '')) return error(400, `${given.to} is not a valid phone number`);
    if (!given.answer_url) return error(400, 'answer_url is required');
    received.push({
      kind: 'call',
      uuid,
      to: `+${given.to}`,
      from: given.from ?? '',
      answerUrl: given.answer_url,
      said: [],
      languages: [],
      ...(given.hangup_url ? { hangupUrl: given.hangup_url } : {}),
    });
    return { status: 201, body: { api_id: randomUUID(), message: 'call fired', request_uuid: uuid } };
  };

  const server = await startHttpFake({
    ok: create,
    retryable: () => error(429, 'Too many requests', { 'retry-after': '7' }),
    refused: () => error(400, 'dst is not a valid phone number'),
    malformed: { status: 202, body: '<html>Maintenance</html>' },
  });

  /** Posts a signed form as Plivo does, and gives back the answer. */
  const post = async (version: 'v3' | 'v2', url: string, form: Record<string, string>) => {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: plivoSignature(version, account.authToken, url, form),
    });
    return { status: response.status, body: await response.text() };
  };
  const ofCall = (call: PlivoCall) => ({
    CallUUID: randomUUID(),
    RequestUUID: call.uuid,
    From: call.from,
    To: call.to.slice(1),
    Direction: 'outbound',
  });

  return {
    ...server,
    account,
    received,
    post,
    /** Reports `delivered`, `undelivered` … of a message, or the end of a call: `completed`, `busy`, `no-answer` … */
    reportStatus: (sent: PlivoSms | PlivoCall, status: string, code?: string) =>
      sent.kind === 'sms'
        ? post('v2', sent.url ?? '', {
            MessageUUID: sent.uuid,
            Status: status,
            To: sent.to.slice(1),
            From: sent.from,
            ...(code ? { ErrorCode: code } : {}),
          })
        : post('v3', sent.hangupUrl ?? '', { ...ofCall(sent), CallStatus: status, Event: 'Hangup' }),
    /** The person takes the call: what is spoken is fetched. */
    answer: async (call: PlivoCall) => {
      const { status, body } = await post('v3', call.answerUrl, {
        ...ofCall(call),
        CallStatus: 'in-progress',
        Event: 'StartApp',
      });
      call.said = [...body.matchAll(/<Speak\b[^>]*>([^<]*)<\/Speak>/g)].map((found) => unescapeXml(found[1] ?? ''));
      call.languages = [...body.matchAll(/<Speak language="([^"]*)"/g)].map((found) => found[1] ?? '');
      const keyUrl = /<GetDigits\b[^>]*\baction="([^"]*)"/.exec(body)?.[1];
      if (keyUrl) call.keyUrl = unescapeXml(keyUrl);
      return { status, body };
    },
    /** The person presses a key during the call. */
    press: (call: PlivoCall, digit: string) =>
      post('v3', call.keyUrl ?? '', { ...ofCall(call), CallStatus: 'in-progress', Event: 'Redirect', Digits: digit }),
    /** The person answers an SMS: it goes to the address that is set for the number. */
    reply: (sent: PlivoSms, text: string, numberUrl: string) =>
      post('v2', numberUrl, { MessageUUID: randomUUID(), From: sent.to.slice(1), To: sent.from, Type: 'sms', Text: text }),
  };
};
