import { lookup } from 'node:dns/promises';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { AppError, invalid } from '../platform/errors.ts';

/** Every IP address of a host name. */
export type Resolve = (host: string) => Promise<string[]>;
/** `allow`: host names, IP addresses and CIDR ranges that may be reached though they are not public. */
export type Guard = {
  allow: readonly string[];
  resolve?: Resolve;
  /** A longer reply is cut here; 64 KiB when not given. */
  maxReplyBytes?: number;
};

const MAX_REPLY_BYTES = 65_536;
const NULL_BODY = new Set([204, 205, 304]);

const resolveBySystem: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map((found) => found.address);

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Only plain unicast is public: what ipaddr.js names otherwise is loopback, private, link-local, or embeds such an address.
 * IPv6 must also lie in 2000::/3, all that IANA has given out, because old IPv4-compatible addresses count as unicast.
 */
const isPublic = (address: string): boolean => {
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST));
};

const isAllowed = (address: string, allow: readonly string[]): boolean => {
  const parsed = ipaddr.process(address);
  return allow.some((entry) => {
    if (ipaddr.isValid(entry)) return ipaddr.process(entry).toString() === parsed.toString();
    if (!ipaddr.isValidCIDR(entry)) return false;
    const [range, bits] = ipaddr.parseCIDR(entry);
    return range.kind() === parsed.kind() && parsed.match(range, bits);
  });
};

/**
 * The IP addresses behind a web address, all of them public or allowed. Throws AppError `invalid` naming `address`
 * when it is no http(s) address, carries credentials, or any of its IP addresses is neither; `unavailable` when the
 * name has none. Decimal, octal and short IPv4 forms are undone by the URL parser before the check.
 */
export const publicAddresses = async (webAddress: string, guard: Guard): Promise<string[]> => {
  if (!URL.canParse(webAddress)) throw invalid('This is not a web address', 'address');
  const url = new URL(webAddress);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('A web address starts with https://', 'address');
  if (url.username || url.password) throw invalid('A web address must not contain a user name or password', 'address');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host)) {
    if (isPublic(host) || isAllowed(host, guard.allow)) return [host];
    throw notPublic(host);
  }
  const addresses = await (guard.resolve ?? resolveBySystem)(host).catch((): string[] => []);
  if (addresses.length === 0) throw new AppError('unavailable', `No address found for ${host}`);
  if (guard.allow.some((entry) => entry.toLowerCase() === host)) return addresses;
  if (addresses.every((address) => isPublic(address) || isAllowed(address, guard.allow))) return addresses;
  throw notPublic(host);
};

const notPublic = (host: string): AppError =>
  invalid(`${host} is not a public address; whoever runs Allclear can allow it in ALLCLEAR_ALLOWED_HOSTS`, 'address');

/**
 * A `fetch` for addresses that people type. It connects only to the IP addresses it has just checked, so a name that
 * resolves differently a moment later (DNS rebinding) changes nothing; Node's own fetch has no such hook, node:http has.
 * A redirect is returned, never followed, and a reply is cut. One connection a request: a page must not be
 * the request that finds out that a kept connection is dead.
 */
export const guardedFetch =
  (guard: Guard): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const addresses = await publicAddresses(request.url, guard);
    const body = Buffer.from(await request.arrayBuffer());
    const incoming = await exchange(request, addresses, body);
    const reply = await readReply(incoming, guard.maxReplyBytes ?? MAX_REPLY_BYTES);
    const status = incoming.statusCode ?? 0;
    const headers = new Headers();
    for (const [name, values] of Object.entries(incoming.headersDistinct))
      for (const value of values ?? []) headers.append(name, value);
    return new Response(NULL_BODY.has(status) ? null : reply, { status, headers });
  };

const exchange = (request: Request, addresses: string[], body: Buffer): Promise<IncomingMessage> => {
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  const first = pinned[0]!;
  const lookupPinned: LookupFunction = (_host, options, callback) =>
    options.all ? callback(null, pinned) : callback(null, first.address, first.family);
  const url = new URL(request.url);
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === 'https:' ? https : http).request(
      url,
      {
        method: request.method,
        headers: { 'user-agent': 'Allclear', ...Object.fromEntries(request.headers), 'content-length': body.length },
        agent: false,
        lookup: lookupPinned,
        signal: request.signal,
      },
      resolve,
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
};

const readReply = async (incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early destroys the connection: an endless reply ends here.
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, maxBytes));
};

const LOCAL_NAME = /^[^.]+$|\.(local|internal|lan|localhost|home\.arpa)$/;

/**
 * A web address in canonical form, or AppError `invalid` naming `address`. Plain http is accepted only where the host
 * is visibly inside (a local name or a private IP); whether it may be reached is the guard's question at sending.
 */
export const normalizeWebAddress = (address: string): string => {
  const text = address.trim();
  if (!URL.canParse(text)) throw invalid('Give a full web address, such as https://example.com/hooks/1', 'address');
  const url = new URL(text);
  if (url.username || url.password) throw invalid('Leave the user name and password out of the web address', 'address');
  url.hash = '';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const inside = isIP(host) ? !isPublic(host) : LOCAL_NAME.test(host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && inside))
    throw invalid('The web address must start with https://', 'address');
  return url.toString();
};
