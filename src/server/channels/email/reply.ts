import { actionOfLine, quoted } from '../answer-words.ts';
import type { InboundReply } from '../types.ts';
import { tokenOfAddress, tokenOfMessageIds, tokenOfSubject } from './reply-address.ts';

/** `On Sun, 15 Nov 2026 at 03:38, Allclear wrote:` and its kin in other languages start what is quoted. */
const ATTRIBUTION = /^(on|le|am|op|el|em|il|den)\b.*:$|^-{2,}\s*original message|^_{10,}$|^from:\s/i;

/**
 * What a person answered by mail, from the raw message (RFC 5322): the word that starts the first line of their own.
 * The token is looked for in In-Reply-To and References, in the recipients (plus-address of `replyTo`) and in the
 * subject (`[#token]`). Undefined without one, since anybody can write any From; when no action was asked for; and for
 * automatic mail (RFC 3834), which must never answer a page.
 */
export const parseMailReply = async (rawMail: string | Uint8Array, replyTo?: string): Promise<InboundReply | undefined> => {
  const { default: PostalMime } = await import('postal-mime');
  const mail = await PostalMime.parse(rawMail);
  const header = (name: string): string[] => mail.headers.filter((found) => found.key === name).map((found) => found.value);
  const automatic = header('auto-submitted').some((value) => !/^no\b/i.test(value.trim()));
  if (automatic || header('precedence').some((value) => /^(bulk|junk|auto_reply)/i.test(value.trim()))) return undefined;

  const line = firstOwnLine(mail.text ?? textOfHtml(mail.html ?? ''));
  const action = line === undefined ? undefined : actionOfLine(line);
  if (line === undefined || !action) return undefined;

  const recipients = [mail.to, mail.cc].flatMap((list) => list ?? []).flatMap((entry) => entry.group ?? [entry]);
  const addresses = [...recipients.map((entry) => entry.address ?? ''), ...header('delivered-to'), ...header('x-original-to')];
  const token =
    tokenOfMessageIds(mail.inReplyTo ?? '') ??
    tokenOfMessageIds(mail.references ?? '') ??
    (replyTo ? addresses.map((address) => tokenOfAddress(address.trim(), replyTo)).find((found) => found) : undefined) ??
    tokenOfSubject(mail.subject ?? '');
  return token ? { action, said: quoted(line), replyToken: token } : undefined;
};

const firstOwnLine = (text: string): string | undefined => {
  const line = text
    .split(/\r?\n/)
    .map((candidate) => candidate.trim())
    .find((candidate) => candidate !== '' && !candidate.startsWith('>'));
  return line === undefined || ATTRIBUTION.test(line) ? undefined : line;
};

/** Enough of HTML for the first line of a reply, not for reading the mail. */
const textOfHtml = (html: string): string =>
  html
    .replace(/<(style|script|head|blockquote)\b[\s\S]*?(<\/\1>|$)/gi, '\n')
    .replace(/<(br|\/p|\/div|\/tr|\/li)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/gi, ' ')
    .replace(/&gt;/gi, '>');
