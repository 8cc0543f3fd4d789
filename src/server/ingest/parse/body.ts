import { isFields } from './fields.ts';

/** Query parameters that are credentials, not content; never part of what is kept. */
const SECRETS = new Set(['token', 'api_key', 'apikey', 'access_token', 'integration_key']);

/** `JSON.parse` with the source text its reviver is given since ES2026, which the type library does not know. */
const parseWithSource = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;

/**
 * What a sender meant by its bytes: JSON whatever the content type says, else a form (URL-encoded or multipart), else text.
 * A form whose `data` or `payload` field is JSON is that JSON. No bytes: the query without its credentials, or undefined
 * when that is empty too. Never throws.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | undefined, query: Record<string, string>): unknown {
  const text = decodeText(bytes, contentType).trim();
  if (text === '') {
    const content = Object.entries(query).filter(([name]) => !SECRETS.has(name.toLowerCase()));
    return content.length > 0 ? Object.fromEntries(content) : undefined;
  }
  const json = parseJson(text);
  if (json !== undefined) return json;
  const type = contentType?.toLowerCase() ?? '';
  const boundary = /^multipart\/form-data;.*?\bboundary="?([^";]{1,200})"?/i.exec(contentType ?? '')?.[1];
  if (boundary) return unwrap(readMultipart(text, boundary));
  const form = type.startsWith('application/x-www-form-urlencoded') ? text.includes('=') : looksLikeForm(text);
  return form ? unwrap(readForm(text)) : text;
}

/** Text of the bytes in the charset that a byte order mark or the content type names, else UTF-8; bad bytes become U+FFFD. */
function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
  const named = /charset="?([\w-]{1,40})/i.exec(contentType ?? '')?.[1];
  try {
    return new TextDecoder(mark ?? named ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/**
 * An object, a list, or a JSON string (read once more, for senders that encode twice); undefined for anything else, because a
 * bare `404` or `down` is text. Integers too large for a double keep their digits as text: they are ids, and two must not
 * become one.
 */
function parseJson(text: string, again = true): unknown {
  if (!/^[{["]/.test(text)) return undefined;
  const parsed = tryParse(text);
  if (typeof parsed === 'string') return again ? (parseJson(parsed.trim(), false) ?? parsed) : parsed;
  return parsed;
}

function tryParse(text: string): unknown {
  try {
    if (/\d{16}/.test(text)) return parseWithSource(text, exactInteger);
  } catch {
    // Bad JSON, or nested too deeply for a reviver: the plain parser below decides.
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exactInteger(_key: string, value: unknown, context: { source?: string }): unknown {
  const inexact = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source ?? '');
  return inexact ? context.source : value;
}

/** `a=b&c=d` without spaces: what a form looks like when the sender names no type. */
function looksLikeForm(text: string): boolean {
  return text.length < 100_000 && /^[\w.%[\]-]{1,100}=[^\s&]*(&[\w.%[\]-]{1,100}=[^\s&]*)*$/.test(text);
}

function readForm(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

/** The text fields of a multipart body; files are left out. */
function readMultipart(text: string, boundary: string): Record<string, string> {
  const fields: [string, string][] = [];
  for (const part of text.split(`--${boundary}`).slice(1, 201)) {
    const [head = '', ...rest] = part.split(/\r?\n\r?\n/);
    const name = /\bname="([^"]{1,255})"/i.exec(head)?.[1];
    if (name && !/\bfilename[*]?=/i.test(head)) fields.push([name, rest.join('\n\n').replace(/\r?\n$/, '')]);
  }
  return Object.fromEntries(fields);
}

/** Uptime Kuma's form has the event in `data`, Slack-like senders in `payload`. */
function unwrap(form: Record<string, string>): unknown {
  for (const name of ['data', 'payload']) {
    const value = form[name]?.trim();
    const inner = value ? parseJson(value) : undefined;
    if (isFields(inner) || Array.isArray(inner)) return inner;
  }
  return form;
}
