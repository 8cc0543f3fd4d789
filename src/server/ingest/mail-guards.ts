import type { MailRules } from '../../contract/service.ts';
import type { MailFacts } from './mail-facts.ts';

/** Addresses that this installation sends from and is answered at, lower case. */
export type Own = { from: string | undefined; replyTo: string | undefined };

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
/** Our Message-IDs: 32 hex digits, before them a token where an answer is wanted (channels/email). */
const isOwnId = (id: string, domain: string): boolean =>
  /^<(?:[^<>@]+\.)?[0-9a-f]{32}@/.test(id) && id.toLowerCase().endsWith(`@${domain}>`);

/**
 * Why a mail must not open an alert: it answers us, or comes from ourselves, and the next one would be about it; or it is from
 * nobody who may send. `Auto-Submitted: auto-generated` is no such reason: cron and monitors write it.
 */
export const whyNotTaken = (facts: MailFacts, envelopeFrom: string, own: Own, rules: MailRules | null): string | undefined => {
  const { from } = facts;
  if (envelopeFrom === '') return 'it is a bounce or another notice without a sender';
  if (/^(mailer-daemon|postmaster)@/.test(from)) return `it is from ${from}, a mail system`;
  if (/^auto-replied/i.test(facts.auto_submitted.trim())) return 'it is an automatic reply (Auto-Submitted)';
  if (/\ballclear\b/i.test(facts.x_loop)) return 'Allclear itself has sent it (X-Loop)';
  const domain = own.from && domainOf(own.from);
  const sent = [facts.message_id, facts.in_reply_to, ...facts.references];
  if (domain && sent.some((id) => isOwnId(id, domain))) return 'it is, or answers, a mail of Allclear (Message-ID)';
  if (from !== '' && (from === own.from || from === own.replyTo)) return 'its From is the address that Allclear sends from';
  if (!rules?.take_bulk && /^(bulk|junk|list|auto_reply)\b/i.test(facts.precedence.trim()))
    return `it calls itself ${facts.precedence.trim()} (Precedence); \`take_bulk\` takes it`;
  const allowed = rules?.allow_from ?? [];
  if (allowed.length > 0 && !allowed.includes(from) && !allowed.includes(domainOf(from)))
    return `${from || 'nobody in From'} may not send here (allow_from)`;
  return undefined;
};
