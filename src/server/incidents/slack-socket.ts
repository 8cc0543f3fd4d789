import { randomUUID } from 'node:crypto';
import { guardedFetch } from '../channels/public-url.ts';
import { respond, type SlackApp, slackApp } from '../channels/slack/client.ts';
import { parseCommand, parsePress } from '../channels/slack/inbound.ts';
import { type Envelope, NotConnected, openSocket, type Socket } from '../channels/slack/socket.ts';
import * as paging from '../paging/actions.ts';
import { type Ctx, type Outside, SYSTEM } from '../platform/ctx.ts';
import { messageOf } from '../platform/errors.ts';
import type { JobMap } from '../platform/jobs.ts';
import type { Logger } from '../platform/log.ts';
import type { Runner } from '../platform/runner.ts';
import * as requests from './chat-store.ts';
import { answerCommand, pressed } from './slack.ts';

/** How often the node that has the connection says so; another takes it over once it has not, for the time of its lease. */
const LOOK_MS = 5_000;
const OPENING_MS = 15_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 120_000;

/** Keeps what came over the socket, once, and has it done; what is kept may be told to Slack as arrived. */
const keep = async (ctx: Ctx, { id, type, payload }: Envelope): Promise<void> => {
  if (!(await requests.take(ctx, `envelope ${id}`))) return;
  await ctx.enqueue('incidents.slack_envelope', [{ data: { type, payload: JSON.stringify(payload) }, priority: 100 }]);
};

const appNow = async (ctx: Ctx): Promise<SlackApp | undefined> => {
  const provider = paging.providerOf(await paging.readSettings(ctx), 'slack');
  return 'config' in provider ? slackApp.safeParse(provider.config).data : undefined;
};

/** Does what came over the socket, by the handlers of what Slack posts. What a command is answered goes to its `response_url`. */
export const doEnvelope = async (outside: Outside, { type, payload }: JobMap['incidents.slack_envelope']): Promise<void> => {
  if (type === 'interactive') {
    const press = parsePress(payload);
    if (press) await pressed(outside, press);
    return;
  }
  const fields = Object.entries(JSON.parse(payload) as Record<string, unknown>);
  const form = new URLSearchParams(fields.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
  const asked = parseCommand(form);
  const app = await outside.transaction(appNow);
  const url = form.get('response_url');
  if (!asked || !app) return;
  const answer = await answerCommand(outside, app, asked);
  if (!url) return;
  const problem = await respond(url, answer, outside.allowedHosts);
  if (problem) outside.log.warn({ problem }, 'Slack did not take the answer to a command');
};

/**
 * Holds the connection of Socket Mode, on one node of several: `look` brings it to what the settings say, and is called again and
 * again. Without an app-level token in the settings nothing is connected.
 */
export const slackSocket = (runner: Runner, log: Logger) => {
  const node = randomUUID();
  const outside = runner.outsideAs(SYSTEM('slack'), 'slack', log);
  let [socket, old]: (Socket | undefined)[] = [];
  let using = '';
  let problem: string | null = null;
  let failures = 0;
  let notBefore = runner.now();

  const closeAll = () => {
    for (const one of [socket, old]) one?.close();
    socket = undefined;
    old = undefined;
  };
  const failed = (reason: string, afterMs = 0) => {
    problem = reason;
    failures += 1;
    const wait = Math.max(afterMs, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)));
    notBefore = runner.now().add({ milliseconds: wait });
    log.warn({ problem, wait_ms: wait }, 'Slack is not connected by Socket Mode');
  };
  const open = async (app: SlackApp, token: string) => {
    try {
      const opened = await openSocket(
        app,
        token,
        {
          allow: outside.allowedHosts,
          fetch: guardedFetch({ allow: outside.allowedHosts }),
          signal: AbortSignal.timeout(OPENING_MS),
          now: runner.now(),
        },
        (envelope) =>
          outside
            .transaction((ctx) => keep(ctx, envelope))
            .catch((thrown: unknown) => {
              log.warn({ err: messageOf(thrown) }, 'what Slack sent could not be kept; it comes again');
              throw thrown;
            }),
        (reason) => {
          if (socket === opened) problem = reason;
        },
      );
      // The one before still brings what is under way, until Slack ends it.
      old?.close();
      old = socket;
      socket = opened;
      problem = null;
      failures = 0;
    } catch (thrown) {
      if (!(thrown instanceof NotConnected)) throw thrown;
      failed(thrown.message, thrown.afterMs);
    }
  };

  const pass = async () => {
    const app = await outside.transaction(appNow);
    const token = app?.app_token;
    const key = token ? `${token} ${app.base_url}` : '';
    if (key !== using) {
      closeAll();
      if (!token) await outside.transaction((ctx) => paging.forgetSocket(ctx));
      using = key;
      failures = 0;
      problem = null;
      notBefore = runner.now();
    }
    if (!app || !token) return;
    if (!(await outside.transaction((ctx) => paging.holdSocket(ctx, node, { connected: socket?.isOpen() ?? false, problem }))))
      return closeAll();
    const wanted = !socket?.isOpen() || socket.isEnding();
    if (wanted && Temporal.Instant.compare(notBefore, runner.now()) <= 0) {
      await open(app, token);
      await outside.transaction((ctx) => paging.holdSocket(ctx, node, { connected: socket?.isOpen() ?? false, problem }));
    }
  };
  let passing: Promise<void> | undefined;
  /** One pass. A database that is away ends the connection: what came over it could not be kept. */
  const look = (): Promise<void> => {
    passing ??= pass()
      .catch((thrown: unknown) => {
        closeAll();
        log.warn({ err: messageOf(thrown) }, 'Socket Mode of Slack was not looked at');
      })
      .finally(() => {
        passing = undefined;
      });
    return passing;
  };
  return {
    look,
    /** Looks every few seconds from now on. Returns how to stop: another node takes over at once. */
    start: (): (() => Promise<void>) => {
      const timer = setInterval(() => void look(), LOOK_MS);
      void look();
      return async () => {
        clearInterval(timer);
        await stop();
      };
    },
    stop: () => stop(),
  };
  async function stop() {
    await passing;
    closeAll();
    await outside.transaction((ctx) => paging.releaseSocket(ctx, node)).catch(() => undefined);
  }
};
