import { createHash } from 'node:crypto';

/** Longest local part a mail server must take (RFC 5321 §4.5.3.1.1), in octets. */
const MAX_LOCAL_PART = 64;
const TOKEN = '[A-Za-z0-9_.~-]{8,200}';

/** `replies@example.com` and a token as `replies+token@example.com`; undefined where that is too long to be delivered. */
export const plusAddress = (replyTo: string, token: string): string | undefined => {
  const at = replyTo.lastIndexOf('@');
  const local = `${replyTo.slice(0, at)}+${token}`;
  return local.length <= MAX_LOCAL_PART ? `${local}${replyTo.slice(at)}` : undefined;
};

/** The token of an address that `plusAddress` made from this `replyTo`. */
export const tokenOfAddress = (address: string, replyTo: string): string | undefined => {
  const at = replyTo.lastIndexOf('@');
  const prefix = `${replyTo.slice(0, at)}+`.toLowerCase();
  const lower = address.toLowerCase();
  if (!lower.startsWith(prefix) || !lower.endsWith(replyTo.slice(at).toLowerCase())) return undefined;
  return address.slice(prefix.length, address.lastIndexOf('@')) || undefined;
};

/** Constant for a delivery over every retry, so that mail programs show a repeated one once. */
export const messageKey = (idempotencyKey: string): string =>
  createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32);

/** `<token.key@domain>`: every mail program sends it back in In-Reply-To, with the token inside. */
export const messageId = (key: string, token: string | undefined, domain: string): string =>
  `<${token ? `${token}.` : ''}${key}@${domain}>`;

const IN_MESSAGE_ID = new RegExp(`<(${TOKEN})\\.[0-9a-f]{32}@`, 'g');
/** The token of the last message id of ours in an In-Reply-To or References header. */
export const tokenOfMessageIds = (header: string): string | undefined => [...header.matchAll(IN_MESSAGE_ID)].at(-1)?.[1];

const IN_SUBJECT = new RegExp(`\\[#(${TOKEN})\\]`);
export const tokenOfSubject = (subject: string): string | undefined => IN_SUBJECT.exec(subject)?.[1];
