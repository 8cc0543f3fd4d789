import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { invalid, messageOf } from '../../platform/errors.ts';
import type { Channel, Message, SendResult } from '../types.ts';
import { renderHtml, renderText } from './render.ts';
import { messageId, messageKey, plusAddress } from './reply-address.ts';
import { addressOf } from './sender.ts';

const mailAddress = z.email({ pattern: z.regexes.html5Email });
const config = z
  .strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(587),
    /** `starttls` insists on encryption, `tls` encrypts from the first byte (465), `none` is for a relay on this machine. */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    username: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    from: z
      .string()
      .refine((from) => !/[\r\n]/.test(from) && mailAddress.safeParse(addressOf(from)).success, 'This is not a mail address'),
    /** Where answers arrive; left out, mail offers no answer by reply. */
    reply_to: mailAddress.optional(),
    /** Off for mail servers without plus-addressing: the token goes in the subject. */
    plus_address: z.boolean().default(true),
  })
  .refine((given) => (given.username === undefined) === (given.password === undefined), {
    message: 'Give both username and password, or neither',
    path: ['password'],
  });
export type EmailConfig = z.output<typeof config>;

const normalizeAddress = (address: string): string => {
  const text = address.trim();
  const at = text.lastIndexOf('@');
  const canonical = `${text.slice(0, at)}@${domainToASCII(text.slice(at + 1))}`.toLowerCase();
  if (at < 1 || canonical.length > 254 || !mailAddress.safeParse(canonical).success)
    throw invalid('Give a mail address, such as ana@example.com', 'address');
  return canonical;
};

const replyHeaders = (settings: EmailConfig, message: Message): { replyTo?: string; subject: string; canReply: boolean } => {
  const { reply_to: replyTo } = settings;
  if (!replyTo || !message.replyToken) return { subject: message.subject, canReply: false, ...(replyTo ? { replyTo } : {}) };
  const plus = settings.plus_address ? plusAddress(replyTo, message.replyToken) : undefined;
  if (plus) return { replyTo: plus, subject: message.subject, canReply: true };
  return { replyTo, subject: `${message.subject} [#${message.replyToken}]`, canReply: true };
};

/** What nodemailer adds to an Error: the code of the server's last reply (RFC 5321 §4.2), and a name for its own faults. */
const replyCodeOf = (thrown: unknown): number | undefined =>
  thrown instanceof Error && 'responseCode' in thrown && typeof thrown.responseCode === 'number'
    ? thrown.responseCode
    : undefined;

/** 5yz is final; 4yz, and every fault that is not the server's answer, may pass. */
const verdictOn = (thrown: unknown): SendResult | undefined => {
  const code = replyCodeOf(thrown);
  if (code === undefined) return undefined;
  const outcome = code >= 500 && code < 600 ? 'refused' : 'retry';
  return { outcome, reason: `The mail server said: ${messageOf(thrown)}` };
};

export const email: Channel<EmailConfig> = {
  name: 'email',
  config,
  normalizeAddress,
  secrets: ({ username, password }) =>
    password ? [password, `\0${username}\0${password}`, `${username}\0${username}\0${password}`] : [],
  send: async (settings, address, message, ctx) => {
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      host: settings.host,
      port: settings.port,
      secure: settings.security === 'tls',
      requireTLS: settings.security === 'starttls',
      ignoreTLS: settings.security === 'none',
      ...(settings.username ? { auth: { user: settings.username, pass: settings.password! } } : {}),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const { replyTo, subject, canReply } = replyHeaders(settings, message);
    const key = messageKey(message.idempotencyKey);
    const sender = addressOf(settings.from);
    try {
      const info = await transport.sendMail({
        from: settings.from,
        to: { name: '', address },
        ...(replyTo ? { replyTo } : {}),
        subject,
        text: renderText(message, canReply),
        html: await renderHtml(message, canReply),
        messageId: messageId(key, message.replyToken, sender.slice(sender.lastIndexOf('@') + 1)),
        // The library takes a Date.
        date: new Date(ctx.now.epochMilliseconds),
        ...(message.severity === 'critical' ? { priority: 'high' as const } : {}),
        // RFC 3834 §5, and its Exchange counterpart: no out-of-office answers to a page.
        // The last lets a mail that finds its way back to an Allclear open nothing.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'X-Loop': 'allclear' },
        signal: ctx.signal,
      });
      return { outcome: 'sent', providerId: key, receipts: false, detail: info.response };
    } catch (thrown) {
      const verdict = verdictOn(thrown);
      if (!verdict) throw thrown;
      return verdict;
    }
  },
};
