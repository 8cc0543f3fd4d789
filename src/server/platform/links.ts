import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Signed, expiring tokens for links in messages and provider callbacks: what it is for, which row, until
 * when, and 128 bits of HMAC-SHA256. Nothing is stored; a token says nothing to who lacks the secret.
 */
type Purpose = 'page' | 'delivery' | 'invitation' | 'place' | 'telegram' | 'mattermost_place' | 'handoff' | 'cover';
const CODE: Record<Purpose, number> = {
  page: 1,
  delivery: 2,
  invitation: 3,
  place: 4,
  telegram: 5,
  mattermost_place: 6,
  handoff: 7,
  cover: 8,
};
const mac = (secret: Buffer, body: Buffer) => createHmac('sha256', secret).update(body).digest().subarray(0, 16);

export const signLink = (secret: Buffer, purpose: Purpose, id: string, expires: Temporal.Instant): string => {
  const body = Buffer.alloc(21);
  body.writeUInt8(CODE[purpose], 0);
  body.write(id.replaceAll('-', ''), 1, 'hex');
  body.writeUInt32BE(Math.floor(expires.epochMilliseconds / 1000), 17);
  return Buffer.concat([body, mac(secret, body)]).toString('base64url');
};

/** The row a token stands for, until when to the second; `expired` keeps the id so that the page can still say what it was about. */
export const readLink = (
  secret: Buffer,
  purpose: Purpose,
  token: string,
  now: Temporal.Instant,
): { id: string; expires: Temporal.Instant; expired: boolean } | undefined => {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 37) return undefined;
  const body = bytes.subarray(0, 21);
  if (!timingSafeEqual(bytes.subarray(21), mac(secret, body)) || body.readUInt8(0) !== CODE[purpose]) return undefined;
  const hex = body.subarray(1, 17).toString('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  const expires = Temporal.Instant.fromEpochMilliseconds(body.readUInt32BE(17) * 1000);
  return { id, expires, expired: Temporal.Instant.compare(expires, now) < 0 };
};

const sealKey = (secret: Buffer): Buffer => createHmac('sha256', secret).update('seal').digest();

/** A value as a part of an address that says nothing to who lacks the secret and cannot be made or changed without it (AES-256-GCM). */
export const seal = (secret: Buffer, value: unknown): string => {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealKey(secret), iv);
  const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
};

/** What `seal` was given; undefined for anything it did not make. */
export const unseal = (secret: Buffer, sealed: string): unknown => {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < 28) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', sealKey(secret), bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(12, 28));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString());
  } catch {
    return undefined;
  }
};

/** Six digits that prove a contact method, derived from the secret, the method, the address they go to and the moment they expire. */
export const verificationCode = (secret: Buffer, method: { id: string; address: string }, expires: Temporal.Instant): string =>
  (
    createHmac('sha256', secret)
      .update(`verify ${method.id} ${expires.epochMilliseconds} ${method.address}`)
      .digest()
      .readUInt32BE(0) % 1_000_000
  )
    .toString()
    .padStart(6, '0');
