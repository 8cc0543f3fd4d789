import net, { type AddressInfo, type Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { type Mode, SLOW_MS } from './http-fake.ts';

export type FakeMail = { from: string; to: string[]; raw: string; mail: Email };

const smtpError = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });

/** A mail server: RFC 5321 by npm smtp-server, with a login where one is asked for. */
export const startSmtp = async (credentials?: { username: string; password: string }) => {
  const received: FakeMail[] = [];
  const sockets = new Set<Socket>();
  let mode: Mode = 'ok';

  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: credentials === undefined,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: (auth, _session, callback) => {
      if (auth.username === credentials?.username && auth.password === credentials?.password)
        callback(null, { user: auth.username });
      else callback(smtpError(535, '5.7.8 Authentication credentials invalid'));
    },
    onRcptTo: (_address, _session, callback) => {
      if (mode === 'refused') callback(smtpError(550, '5.1.1 No such person here'));
      else if (mode === 'retryable') callback(smtpError(451, '4.7.1 Greylisted, try again later'));
      else callback();
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        if (mode === 'hang') return;
        const raw = Buffer.concat(chunks).toString();
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((recipient) => recipient.address),
          raw,
          mail: await PostalMime.parse(raw),
        });
        if (mode === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
        callback();
      });
    },
  });
  smtp.on('error', () => {});

  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    if (mode === 'malformed') socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    else smtp.server.emit('connection', socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    received,
    mode: (next: Mode): void => {
      mode = next;
    },
    /** The raw mail that a person's program makes when they answer. */
    reply: (to: FakeMail, text: string): string => {
      const { mail } = to;
      const quotedText = (mail.text ?? '').split('\n').map((line) => `> ${line}`);
      return [
        `From: ${to.to[0]}`,
        `To: ${mail.replyTo?.[0]?.address ?? to.from}`,
        `Subject: Re: ${mail.subject}`,
        `In-Reply-To: ${mail.messageId}`,
        `References: ${mail.messageId}`,
        'Message-ID: <answer@phone.example.com>',
        'Content-Type: text/plain; charset=utf-8',
        '',
        text,
        '',
        'On Sun, 15 Nov 2026 at 03:38, Allclear wrote:',
        ...quotedText,
      ].join('\r\n');
    },
    stop: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
    },
  };
};
export type FakeSmtp = Awaited<ReturnType<typeof startSmtp>>;
