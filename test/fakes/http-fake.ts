import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * How a fake provider behaves from now on. `slow` still answers well; `hang` takes the request and never answers; `broken`
 * answers 500; `lost` does what it was asked and closes the connection without a word, `mute` does it and never answers.
 */
export type Mode = 'ok' | 'retryable' | 'refused' | 'slow' | 'hang' | 'malformed' | 'broken' | 'lost' | 'mute';
export type FakeRequest = { method: string; path: string; headers: http.IncomingHttpHeaders; body: string; bytes: Buffer };
export type FakeReply = { status: number; body?: unknown; headers?: Record<string, string> };
/** Bytes that are no HTTP answer at all. */
export const NOT_HTTP = Symbol('not http');

export const SLOW_MS = 80;
const MAX_BODY = 1_000_000;

/** A server on 127.0.0.1 that answers by mode; `answers.malformed` may be bytes that are not HTTP. */
export const startHttpFake = async (
  answers: {
    ok: (request: FakeRequest) => FakeReply;
    retryable: (request: FakeRequest) => FakeReply;
    refused: (request: FakeRequest) => FakeReply;
    malformed: FakeReply | typeof NOT_HTTP;
  },
  /** PEM; without it the server speaks plain HTTP. */
  certificate?: { key: string; cert: string },
) => {
  let modes: Mode[] = ['ok'];
  let asked = 0;
  const handle = async (incoming: http.IncomingMessage, outgoing: http.ServerResponse) => {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BODY) return incoming.destroy();
    }
    const bytes = Buffer.concat(chunks);
    const request: FakeRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: bytes.toString(),
      bytes,
    };
    const mode = modes[asked++ % modes.length] as Mode;
    if (mode === 'hang') return;
    if (mode === 'lost' || mode === 'mute') {
      answers.ok(request);
      return mode === 'lost' ? incoming.socket.destroy() : undefined;
    }
    if (mode === 'broken') return outgoing.writeHead(500).end();
    if (mode === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    if (mode === 'malformed' && answers.malformed === NOT_HTTP) return incoming.socket.end('SSH-2.0-what\r\n');
    const reply = mode === 'malformed' ? (answers.malformed as FakeReply) : answers[mode === 'slow' ? 'ok' : mode](request);
    const text = reply.body === undefined ? '' : typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    outgoing.writeHead(reply.status, {
      'content-type': typeof reply.body === 'string' ? 'text/html' : 'application/json',
      ...reply.headers,
    });
    outgoing.end(text);
  };
  const server = certificate ? https.createServer(certificate, handle) : http.createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Several: one after the other, request by request, over and over. */
    mode: (...next: Mode[]): void => {
      modes = next;
      asked = 0;
    },
    stop: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
