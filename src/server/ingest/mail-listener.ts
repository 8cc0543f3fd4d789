import { readFileSync } from 'node:fs';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Outcome } from '../alerts/types.ts';
import { addressOfSender } from '../channels/email/sender.ts';
import type { InboundReply } from '../channels/types.ts';
import { answerByReply } from '../incidents/actions.ts';
import { confirmsTest, providerOf, readSettings } from '../paging/actions.ts';
import { aside } from '../platform/aside.ts';
import type { MailConfig } from '../platform/config.ts';
import { SYSTEM } from '../platform/ctx.ts';
import { isDatabaseDown } from '../platform/database.ts';
import { AppError, messageOf } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { Logger } from '../platform/log.ts';
import type { Runner } from '../platform/runner.ts';
import { type MailFacts, scanMail } from './mail-facts.ts';
import { type Own, whyNotTaken } from './mail-guards.ts';
import type { Asked, Read } from './mail-worker.ts';
import { parseEmail } from './parse/email.ts';
import { cleanText, cutText } from './parse/truncate.ts';
import { maskKey } from './request.ts';
import type { Intake, Known, Refusal } from './types.ts';

const MAX_BYTES = 5 * 1024 * 1024;
const MAX_RECIPIENTS = 10;
/** Of a refused mail, to be read by a person. */
const KEPT_CHARACTERS = 64 * 1024;
const READ_MS = 5000;
/** Each is read in a thread of its own: so many at once, and so many that wait for it. */
const READERS = 2;
const WAITING = 30;
/** A minute: mails of one integration, mails of one sender's machine, and addresses it guessed wrong. */
const PER_INTEGRATION = 120;
const PER_MACHINE = 300;
const WRONG_GUESSES = 20;
const MAX_CLIENTS = 100;
const IDLE_MS = 60_000;

type Recipient = { address: string; key: string; integration: Known } | { address: string; reply: true };
type Verdict = { code: number; text: string };

const answerOf = ({ code, text }: Verdict): Error => Object.assign(new Error(text), { responseCode: code });
const LATER: Verdict = { code: 451, text: '4.3.0 It could not be stored; send it again later' };
const UNKNOWN: Verdict = { code: 550, text: '5.1.1 No such address here; mail for other places is not passed on' };

type Parts = { intake: Intake; runner: Runner; log: Logger; config: MailConfig };

/**
 * Listens for mail (RFC 5321) and makes alerts of what comes to the address of an integration, and answers of what comes to the
 * address for replies. Nothing is passed on to anybody. 250 is said once it is on disk; anything that may pass is a 4xx, so that
 * the sender tries again.
 */
export const listenForMail = async ({
  intake,
  runner,
  log,
  config,
}: Parts): Promise<{ port: number; close: () => Promise<void> }> => {
  const { SMTPServer } = await import('smtp-server');
  const perIntegration = new RateLimiterMemory({ points: PER_INTEGRATION, duration: 60 });
  const perMachine = new RateLimiterMemory({ points: PER_MACHINE, duration: 60 });
  const guesses = new RateLimiterMemory({ points: WRONG_GUESSES, duration: 60 });
  const takes = (limiter: RateLimiterMemory, key: string): Promise<boolean> =>
    limiter.consume(key).then(
      () => true,
      () => false,
    );

  const own = async (): Promise<Own> => {
    const provider = await runner.transaction(SYSTEM('mail'), 'mail', async (ctx) =>
      providerOf(await readSettings(ctx), 'email'),
    );
    return 'config' in provider ? addressOfSender(provider.config) : { from: undefined, replyTo: undefined };
  };

  const recipientOf = async (address: string): Promise<Recipient | undefined> => {
    const at = address.lastIndexOf('@');
    const [local, domain] = [address.slice(0, at).toLowerCase(), address.slice(at + 1).toLowerCase()];
    const key = local.replace(/\+.*$/, '');
    if (domain === config.domain) {
      const integration = await intake.find(key);
      if (integration?.kind === 'email') return { address, key, integration };
    }
    const { replyTo } = await own();
    const split = replyTo?.lastIndexOf('@') ?? -1;
    return replyTo && domain === replyTo.slice(split + 1) && key === replyTo.slice(0, split)
      ? { address, reply: true }
      : undefined;
  };

  const keep = async (
    integration: Known | undefined,
    { address, key }: { address: string; key: string },
    reason: string,
    raw: string,
  ): Promise<void> => {
    const hide = (text: string): string => (key.length >= 4 ? text.replaceAll(key, maskKey(key)) : text);
    const cut = raw.length > KEPT_CHARACTERS;
    const refusal: Refusal = {
      integrationId: integration?.id ?? null,
      path: cutText(`MAIL /${hide(address)}`, 1000),
      reason: cutText(cut ? `${reason} (the first ${KEPT_CHARACTERS} characters of the body are kept)` : reason, 2000),
      contentType: 'message/rfc822',
      body: cleanText(hide(raw.slice(0, KEPT_CHARACTERS))),
    };
    intake.count('mail');
    await intake.accept({ ...(integration ? { integration } : {}), refusal, bytes: refusal.body.length });
  };

  let reading = 0;
  const waiting: (() => void)[] = [];
  /** What a mail says; from its plain headers alone where it is too deep, too odd or too slow to be read. */
  const read = async (raw: Buffer, replyTo: string | undefined): Promise<Read> => {
    if (reading >= READERS) {
      if (waiting.length >= WAITING) throw new AppError('overloaded', 'Too many mails at once');
      await new Promise<void>((go) => waiting.push(go));
    }
    reading += 1;
    try {
      const asked: Asked = { raw, replyTo };
      return await aside<Read>(new URL('./mail-worker.ts', import.meta.url), asked, READ_MS);
    } catch (thrown) {
      return { facts: scanMail(raw.toString('latin1'), messageOf(thrown)), reply: undefined };
    } finally {
      reading -= 1;
      waiting.shift()?.();
    }
  };

  /** Undefined: it is on disk. */
  const take = async (
    { integration, address, key }: Extract<Recipient, { key: string }>,
    facts: MailFacts,
    raw: Buffer,
    envelopeFrom: string,
    mine: Own,
  ): Promise<Verdict | undefined> => {
    const objection = whyNotTaken(facts, envelopeFrom, mine, integration.config.mail);
    if (objection) {
      await keep(integration, { address, key }, objection, raw.toString());
      return { code: 550, text: `5.7.1 Not taken: ${cutText(objection, 300)}` };
    }
    const parsed = parseEmail({
      body: facts,
      query: {},
      params: {},
      integration,
      now: intake.now(),
      requestId: newId(),
    });
    if (!parsed.ok) {
      await keep(integration, { address, key }, parsed.reason, raw.toString());
      return { code: 550, text: `5.6.0 Not taken: ${parsed.reason}` };
    }
    const { signals } = parsed;
    const outcomes: Outcome[] = await intake.accept({ integration, signals, bytes: raw.length });
    // Taken, and yet nothing came of it: a person should be able to see why.
    const nothing =
      signals.length === 0 ? parsed.problems.join('; ') : outcomes.every((one) => one.result === 'ignored') && outcomes[0]?.why;
    if (nothing) await keep(integration, { address, key }, `taken, but it changes nothing: ${nothing}`, raw.toString());
    return undefined;
  };

  const answer = async (reply: InboundReply | undefined): Promise<Verdict | undefined> => {
    if (!reply)
      return { code: 550, text: '5.6.0 This says none of ack, escalate, resolve in its first line, or carries no valid token' };
    const done = await runner.transaction(
      SYSTEM('mail'),
      'mail',
      async (ctx) => (await confirmsTest(ctx, reply, ['email'], 'mail')) || (await answerByReply(ctx, reply, ['email'], 'mail')),
    );
    return done ? undefined : { code: 550, text: '5.7.1 The token of this mail is unknown or has expired' };
  };

  const received = async (raw: Buffer, session: SMTPServerSession, recipients: Recipient[]): Promise<Verdict | undefined> => {
    const envelopeFrom = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
    const mine = await own();
    const { facts, reply } = await read(raw, recipients.some((one) => 'reply' in one) ? mine.replyTo : undefined);
    const refused: Verdict[] = [];
    for (const one of recipients) {
      const verdict = 'reply' in one ? await answer(reply) : await take(one, facts, raw, envelopeFrom, mine);
      if (verdict) refused.push(verdict);
    }
    return refused.length === recipients.length ? refused[0] : undefined;
  };

  const tooLarge = async (raw: Buffer, recipients: Recipient[]): Promise<Verdict> => {
    for (const one of recipients)
      if ('integration' in one)
        await keep(
          one.integration,
          one,
          `it is larger than 5 MB; only its beginning was read`,
          raw.toString('utf8', 0, KEPT_CHARACTERS),
        );
    return { code: 552, text: '5.3.4 The mail is larger than 5 MB: send the text without the attachments' };
  };

  const verdictOn = (thrown: unknown): Verdict => {
    if (thrown instanceof AppError) {
      if (thrown.code === 'rate_limited') return { code: 450, text: `4.7.1 ${thrown.message}` };
      if (thrown.code === 'overloaded' || thrown.code === 'unavailable') return LATER;
    }
    if (!isDatabaseDown(thrown)) log.error({ err: thrown }, 'a mail could not be taken');
    return LATER;
  };
  const done =
    (callback: (error?: Error | null) => void) =>
    (work: Promise<Verdict | undefined>): void =>
      void work.catch(verdictOn).then((verdict) => callback(verdict && answerOf(verdict)));

  const recipientsOf = new WeakMap<SMTPServerSession, Map<string, Recipient>>();
  const known = (session: SMTPServerSession): Map<string, Recipient> => {
    const map = recipientsOf.get(session) ?? new Map<string, Recipient>();
    recipientsOf.set(session, map);
    return map;
  };

  const addressed = async ({ address }: SMTPServerAddress, session: SMTPServerSession): Promise<Verdict | undefined> => {
    if (session.envelope.rcptTo.length >= MAX_RECIPIENTS)
      return { code: 452, text: `4.5.3 At most ${MAX_RECIPIENTS} recipients` };
    const found = await recipientOf(address);
    if (found) {
      const limit = 'integration' in found ? found.integration.id : 'replies';
      if (!(await takes(perIntegration, limit)))
        return { code: 450, text: '4.7.1 Too many mails to this address; send it again later' };
      known(session).set(address, found);
      return undefined;
    }
    if (!(await takes(guesses, session.remoteAddress)))
      return { code: 450, text: '4.7.1 Too many unknown addresses; try again later' };
    const key = address.slice(0, address.lastIndexOf('@')).toLowerCase();
    const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
    await keep(undefined, { address, key }, `no integration takes mail at ${maskKey(key)}@…`, `MAIL FROM:<${from}>`);
    return UNKNOWN;
  };

  const collect = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Verdict | undefined> => {
    const pieces: Buffer[] = [];
    let length = 0;
    // Read to its end whatever its length: a sender that is cut off believes in a broken line, and sends it again.
    for await (const piece of stream as AsyncIterable<Buffer>) {
      if (length <= MAX_BYTES) pieces.push(piece);
      length += piece.length;
    }
    const raw = Buffer.concat(pieces);
    const map = known(session);
    const recipients = session.envelope.rcptTo.flatMap((one) => map.get(one.address) ?? []);
    map.clear();
    return length > MAX_BYTES ? tooLarge(raw, recipients) : received(raw, session, recipients);
  };

  const server = new SMTPServer({
    name: config.domain,
    banner: 'Allclear',
    size: MAX_BYTES,
    // A word of our own says what to do about it.
    hideSize: true,
    disabledCommands: config.tls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    maxClients: MAX_CLIENTS,
    socketTimeout: IDLE_MS,
    closeTimeout: 2000,
    ...(config.tls ? { cert: readFileSync(config.tls.cert), key: readFileSync(config.tls.key) } : {}),
    onMailFrom: (_address, session, callback) =>
      done(callback)(
        takes(perMachine, session.remoteAddress).then((free) =>
          free ? undefined : { code: 450, text: '4.7.1 Too many mails from this machine; send it again later' },
        ),
      ),
    onRcptTo: (address, session, callback) => done(callback)(addressed(address, session)),
    onData: (stream, session, callback) => {
      let release: (() => void) | undefined;
      try {
        release = intake.reserve(MAX_BYTES);
      } catch (thrown) {
        stream.resume();
        stream.on('end', () => callback(answerOf(verdictOn(thrown))));
        return;
      }
      done(callback)(collect(stream, session).finally(release));
    },
  });
  // What a stranger's program does to its own connection is no fault of ours.
  server.on('error', (error: Error) => log.debug({ err: error.message }, 'a connection for mail ended badly'));
  await new Promise<void>((resolve, reject) => {
    const listening = server.listen(config.port, config.host, () => {
      listening.off('error', reject);
      resolve();
    });
    listening.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' ? new Error(`Port ${config.port} is in use. Set ALLCLEAR_MAIL_PORT to another one.`) : error,
      ),
    );
  });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
};
