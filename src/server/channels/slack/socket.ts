import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { z } from 'zod';
import { AppError, messageOf } from '../../platform/errors.ts';
import { publicAddresses } from '../public-url.ts';
import { redact } from '../redact.ts';
import type { SendContext } from '../types.ts';
import { connect, type SlackApp, verdictOf } from './client.ts';

/** What Slack sends over a socket: the same that it would post (https://docs.slack.dev/apis/events-api/using-socket-mode). */
export type Envelope = { id: string; type: 'interactive' | 'slash_commands'; payload: Record<string, unknown> };
const sent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('hello') }),
  z.looseObject({ type: z.literal('disconnect'), reason: z.string().max(100).optional() }),
  z.looseObject({
    type: z.enum(['interactive', 'slash_commands']),
    envelope_id: z.string().min(1).max(200),
    payload: z.record(z.string(), z.unknown()),
  }),
]);

export type Socket = {
  /** Slack said hello, and the socket is open. */
  isOpen: () => boolean;
  /** Slack is about to end this one: another should be opened before it does. */
  isEnding: () => boolean;
  close: () => void;
};
export class NotConnected extends Error {
  /** How long Slack asked to be left alone. */
  readonly afterMs: number | undefined;
  constructor(reason: string, afterMs?: number) {
    super(reason);
    this.afterMs = afterMs;
  }
}

const HELLO_MS = 10_000;
/** Slack pings every few seconds; a connection that has been silent for so long is dead, whatever TCP says. */
const SILENCE_MS = 60_000;
const PING = 'undici:websocket:ping';

/** Where the app's socket is. Throws `NotConnected`, in words. */
const addressOf = async (app: SlackApp, token: string, ctx: SendContext): Promise<string> => {
  try {
    const client = await connect({ ...app, bot_token: token }, ctx);
    const { url } = await client.apps.connections.open({});
    if (url && URL.canParse(url) && /^wss?:$/.test(new URL(url).protocol)) return url;
    throw new NotConnected('Slack named no address to connect to');
  } catch (thrown) {
    if (thrown instanceof NotConnected) throw thrown;
    const verdict = await verdictOf(thrown, ctx).catch(() => undefined);
    const reason = verdict && verdict.outcome !== 'sent' ? verdict.reason : messageOf(thrown);
    // The token is another than the one that the words of a refusal speak of.
    const words = /invalid_auth|not_authed|not_allowed_token_type/.test(reason)
      ? 'Slack does not accept the app-level token: it needs the scope connections:write, under Basic information of the app'
      : reason;
    throw new NotConnected(
      redact(words, [token, app.bot_token]).slice(0, 300),
      verdict?.outcome === 'retry' ? verdict.afterMs : undefined,
    );
  }
};

/**
 * Opens the app's socket and waits for Slack's hello. `take` stores an envelope; only then Slack is told that it arrived, and what
 * could not be stored comes again. Throws `NotConnected`.
 */
export const openSocket = async (
  app: SlackApp,
  token: string,
  ctx: SendContext & { allow: readonly string[] },
  take: (envelope: Envelope) => Promise<void>,
  ended: (reason: string) => void,
): Promise<Socket> => {
  const url = await addressOf(app, token, ctx);
  await publicAddresses(url.replace(/^ws/, 'http'), { allow: ctx.allow }).catch((thrown: unknown) => {
    throw new NotConnected(thrown instanceof AppError ? thrown.message : 'Slack’s address cannot be used');
  });
  const socket = new WebSocket(url);
  let [isEnding, greeted] = [false, false];
  let silence: ReturnType<typeof setTimeout> | undefined;
  const close = () => socket.close();
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(close, greeted ? SILENCE_MS : HELLO_MS);
    silence.unref();
  };
  const pinged = (message: unknown) => {
    if (typeof message === 'object' && message && Reflect.get(message, 'websocket') === socket) heard();
  };
  subscribe(PING, pinged);
  heard();
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => {
      heard();
      let json: unknown;
      try {
        json = JSON.parse(String(data));
      } catch {
        return;
      }
      const message = sent.safeParse(json).data;
      if (message?.type === 'hello') {
        greeted = true;
        heard();
        resolve();
      } else if (message?.type === 'disconnect') {
        isEnding = true;
        if (message.reason === 'link_disabled') close();
      } else if (message) {
        const { type, envelope_id: id, payload } = message;
        void take({ id, type, payload }).then(
          () => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ envelope_id: id })),
          () => undefined,
        );
      }
    });
    socket.addEventListener('close', ({ code }) => {
      clearTimeout(silence);
      unsubscribe(PING, pinged);
      const reason = greeted ? `Slack’s connection ended (${code})` : `Slack’s connection could not be made (${code})`;
      reject(new NotConnected(reason));
      if (greeted) ended(reason);
    });
    socket.addEventListener('error', () => undefined);
  });
  return { isOpen: () => greeted && socket.readyState === WebSocket.OPEN, isEnding: () => isEnding, close };
};
