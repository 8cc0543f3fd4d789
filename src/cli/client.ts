import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { problem } from '../contract/common.ts';
import { Failure, type Terminal } from './terminal.ts';

export type Problem = Partial<z.infer<typeof problem>> & { title: string };

/** The server said no. `text` is its answer as it came. */
export class Refused extends Error {
  readonly problem: Problem;
  readonly text: string;
  constructor(found: Problem, text: string) {
    super(found.detail ?? found.title);
    this.problem = found;
    this.text = text;
  }
}
/** No server answered at that address. */
export class Unreachable extends Error {}

/** An answer: `text` as it came, for `--json`, and what it says. */
export type Answer<T> = { text: string; value: T };
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Options = { query?: Record<string, string | undefined>; body?: unknown };

export type Client = ReturnType<typeof createClient>;

/** Nothing but a backup or a restore takes this long. */
const TIMEOUT_MS = 60_000;

/** Calls the public API at `url`. Throws Refused for any answer but 2xx, and Unreachable when there is none. */
const createClient = (url: string, token: string | undefined) => {
  const base = url.replace(/\/+$/, '');

  /** The open answer, whose body the caller reads; `upload` is sent as it is read. */
  const open = async (
    method: Method,
    path: string,
    options: Options & { upload?: Readable; timeoutMs?: number } = {},
  ): Promise<IncomingMessage> => {
    const address = new URL(base + path);
    for (const [name, value] of Object.entries(options.query ?? {}))
      if (value !== undefined) address.searchParams.set(name, value);
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const send = address.protocol === 'https:' ? httpsRequest : httpRequest;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = send(
        address,
        {
          method,
          headers: {
            accept: 'application/json',
            'x-allclear-client': 'cli',
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
            ...(options.upload ? { 'content-type': 'application/gzip' } : {}),
          },
        },
        resolve,
      );
      if (options.timeoutMs)
        sent.setTimeout(options.timeoutMs, () =>
          sent.destroy(new Error(`no answer within ${(options.timeoutMs ?? 0) / 1000} s`)),
        );
      const fail = (error: Error) => reject(new Unreachable(`Cannot reach ${base}: ${reasonOf(error)}`));
      sent.on('error', fail);
      // A server that refuses answers before it has read everything: its answer counts, not the broken upload.
      if (options.upload) pipeline(options.upload, sent).catch(fail);
      else sent.end(body);
    });
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    const text = await textOf(response, base);
    throw new Refused(problemOf(status, text), text);
  };

  const call = async <T>(method: Method, path: string, options?: Options): Promise<Answer<T>> => {
    const response = await open(method, path, { ...options, timeoutMs: TIMEOUT_MS });
    const text = await textOf(response, base);
    if (text === '') return { text: '{}', value: undefined as T };
    try {
      return { text, value: JSON.parse(text) as T };
    } catch {
      throw new Failure(`${base} does not answer like an Allclear server: is this its address?`);
    }
  };

  return {
    url: base,
    open,
    get: <T>(path: string, query?: Options['query']) => call<T>('GET', path, { ...(query ? { query } : {}) }),
    post: <T>(path: string, body: unknown = {}) => call<T>('POST', path, { body }),
    put: <T>(path: string, body: unknown) => call<T>('PUT', path, { body }),
    delete: <T = undefined>(path: string) => call<T>('DELETE', path),
  };
};

const textOf = async (response: IncomingMessage, base: string): Promise<string> => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (thrown) {
    throw new Unreachable(`${base} broke off its answer: ${reasonOf(thrown)}`);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const problemOf = (status: number, text: string): Problem => {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === 'object' && found !== null && 'title' in found) return found as Problem;
  } catch {
    // A proxy's HTML, for example.
  }
  return { title: `The server answered ${status}`, status, detail: text.trim().slice(0, 300) || `The server answered ${status}` };
};

const reasonOf = (thrown: unknown): string => {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return reasonOf(thrown.errors[0]);
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
};

export const DEFAULT_URL = 'http://localhost:8080';

/** Where `token save` keeps the token: `~/.config/allclear/token`, or under XDG_CONFIG_HOME when that is set. */
export const tokenFile = (terminal: Pick<Terminal, 'env' | 'home'>): string =>
  join(terminal.env.XDG_CONFIG_HOME || join(terminal.home, '.config'), 'allclear', 'token');

const savedToken = (terminal: Terminal): string | undefined => {
  try {
    return readFileSync(tokenFile(terminal), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
};

/** The client a command's options and the environment ask for, and whether JSON is wanted. */
export const connect = (terminal: Terminal, command: Command): { client: Client; json: boolean } => {
  const options = command.optsWithGlobals<{ url?: string; token?: string; json?: boolean }>();
  const url = options.url ?? (terminal.env.ALLCLEAR_URL || DEFAULT_URL);
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new Failure(`"${url}" is not an address: write it as https://allclear.example.com`);
  const token = options.token ?? (terminal.env.ALLCLEAR_TOKEN || savedToken(terminal));
  return { client: createClient(url, token), json: options.json === true };
};
