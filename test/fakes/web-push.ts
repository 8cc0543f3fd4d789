import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import tls from 'node:tls';
import type { PushPayload } from '../../src/contract/web-push.ts';
import { selfSigned } from './certificate.ts';
import { type FakeReply, type FakeRequest, NOT_HTTP, startHttpFake } from './http-fake.ts';

export type FakePush = {
  device: string;
  payload: PushPayload;
  headers: Record<string, string | string[] | undefined>;
  /** Whom the service may write to, as the sender says. */
  subject: string;
  bytes: number;
};

const certificate = selfSigned();
let trusted = false;
/** Push services speak TLS only, so this process trusts the certificate of the fake beside those of the system. */
const trust = (): void => {
  if (!trusted) tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.cert]);
  trusted = true;
};

/** Undoes aes128gcm as a browser does (RFC 8188 §2, RFC 8291 §3.4): one record, without its padding. */
const decrypt = (body: Buffer, device: ReturnType<typeof createECDH>, auth: Buffer): string => {
  const [salt, sender] = [body.subarray(0, 16), body.subarray(21, 21 + body.readUInt8(20))];
  const record = body.subarray(21 + sender.length);
  const derive = (secret: Buffer, from: Buffer, info: Buffer, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, from, info, length));
  const both = Buffer.concat([Buffer.from('WebPush: info\0'), device.getPublicKey(), sender]);
  const secret = derive(device.computeSecret(sender), auth, both, 32);
  const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(record.subarray(-16));
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = plain.lastIndexOf(2);
  if (plain.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('wrong padding');
  return plain.subarray(0, end).toString();
};

const objectOf = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString() || '{}') as Record<string, unknown>;

/** The subject of a valid `vapid t=…, k=…` (RFC 8292 §2, §3) for this origin; undefined for any other. */
const subjectOfVapid = (header: string | undefined, origin: string): { subject: string; key: string } | undefined => {
  const [, token, key] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(header ?? '') ?? [];
  const [head, claims, signature] = (token ?? '').split('.');
  const point = Buffer.from(key ?? '', 'base64url');
  if (!signature || point.length !== 65) return undefined;
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const signed = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  const { aud, exp, sub } = objectOf(claims);
  const left = Number(exp) - Temporal.Now.instant().epochMilliseconds / 1000;
  const good = signed && objectOf(head).alg === 'ES256' && aud === origin && left > 0 && left <= 86_400;
  return good && /^(mailto:|https:)/.test(String(sub)) ? { subject: String(sub), key: key ?? '' } : undefined;
};

/** A push service and the browsers that subscribed with it: it takes what a real one takes, and reads it as the browser would. */
export const startWebPush = async () => {
  trust();
  const received: FakePush[] = [];
  const devices = new Map<
    string,
    { key: ReturnType<typeof createECDH>; auth: Buffer; applicationServerKey: string | undefined }
  >();
  const gone = new Set<string>();

  const take = ({ method, path, headers, bytes }: FakeRequest): FakeReply => {
    const token = /^\/push\/([\w-]+)$/.exec(path)?.[1] ?? '';
    const device = devices.get(token);
    if (method !== 'POST' || !device) return { status: 404, body: 'no such subscription' };
    if (gone.has(token)) return { status: 410, body: 'push subscription has unsubscribed or expired.' };
    const vapid = subjectOfVapid(headers.authorization, server.url);
    if (!vapid) return { status: 401, body: 'the VAPID authentication failed' };
    if (device.applicationServerKey && device.applicationServerKey !== vapid.key)
      return { status: 403, body: 'the key in the authorization header does not correspond to the subscription' };
    if (!/^\d+$/.test(String(headers.ttl))) return { status: 400, body: 'TTL is missing' };
    if (headers['content-encoding'] !== 'aes128gcm') return { status: 400, body: 'unknown content encoding' };
    if (headers.topic !== undefined && !/^[\w-]{1,32}$/.test(String(headers.topic))) return { status: 400, body: 'bad topic' };
    if (bytes.length > 4096) return { status: 413, body: 'payload too large' };
    const payload = JSON.parse(decrypt(bytes, device.key, device.auth)) as PushPayload;
    received.push({ device: token, payload, headers, subject: vapid.subject, bytes: bytes.length });
    return { status: 201, headers: { location: `${server.url}/message/${randomBytes(12).toString('hex')}` } };
  };

  const server = await startHttpFake(
    {
      ok: take,
      retryable: () => ({ status: 429, body: 'too many messages', headers: { 'retry-after': '7' } }),
      refused: () => ({ status: 403, body: 'not allowed' }),
      malformed: NOT_HTTP,
    },
    certificate,
  );
  return {
    ...server,
    received,
    /** A browser subscribes: what its `PushSubscription.toJSON()` gives. */
    subscribe: (token = randomBytes(16).toString('base64url'), applicationServerKey?: string) => {
      const key = createECDH('prime256v1');
      key.generateKeys();
      const auth = randomBytes(16);
      devices.set(token, { key, auth, applicationServerKey });
      return {
        endpoint: `${server.url}/push/${token}`,
        expirationTime: null,
        keys: { p256dh: key.getPublicKey('base64url'), auth: auth.toString('base64url') },
      };
    },
    /** The browser takes no pushes any more. */
    unsubscribe: (token: string): void => void gone.add(token),
    /** The person presses a button of the notification: the service worker sends the request. */
    press: async (push: FakePush, action: string): Promise<number> => {
      const button = push.payload.actions.find((one) => one.action === action);
      if (!button) throw new Error(`No button ${action} on ${push.payload.title}`);
      return (await fetch(button.url, { method: 'POST' })).status;
    },
  };
};
