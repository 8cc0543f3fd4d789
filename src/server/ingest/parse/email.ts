/**
 * A mail, read already (`MailFacts`), or as text:
 *
 *   {"subject":"PROBLEM: disk full on db1","from":"nagios@example.com","text":"…"}
 *
 * Any subject opens unless the integration says otherwise; what most tools write when it is over closes. Mails with the same
 * subject, without `Re:` and words of state, are about one alert.
 */
import type { MailRules } from '../../../contract/service.ts';
import { findIn } from '../../platform/matching.ts';
import { type MailFacts, scanMail } from '../mail-facts.ts';
import { isFields, linksOf, textOf } from './fields.ts';
import { makeSignal } from './signal.ts';
import { sha256 } from './truncate.ts';
import type { Parsed, ParseInput } from './types.ts';

const OVER = 'resolved|recovered|recovery|closed|cleared|ok';
/** `RESOLVED: …`, `[OK] …`, `Resolved in 5m: …`, `… is back up`. A word alone is not enough: `Closed connections`, `OK button broken`. */
const CLOSES = `^\\W*(?:${OVER})(?:\\s+in\\s+[\\w\\s]{1,20})?\\s*(?:[\\]:|*\\-–—]|$)|\\[(?:${OVER})(?::\\d+)?\\]|\\bis\\s+(?:now\\s+|back\\s+)?(?:ok|up|resolved|recovered|closed|normal|healthy)\\s*(?:[:*]|\\W*$)`;

const STATES = `${OVER}|problem|firing|alarm|alert|triggered|fired|critical|warning|error|info|down|up|new|open`;
const REPLY = /^\s*(?:re|fwd?|aw|wg|sv|vs|antw)\s*(?:\[\d+\])?:\s*/i;
const withoutReply = (subject: string): string => {
  let left = subject;
  for (let n = 0; n < 10 && REPLY.test(left); n += 1) left = left.replace(REPLY, '');
  return left;
};
const LEADING = new RegExp(`^\\W*(?:${STATES})(?::\\d+)?(?:\\s+in\\s+[\\w\\s]{1,20}(?=:))?(?![\\w])[\\s\\]:|*\\-–—]*`, 'i');
const BRACKETED = new RegExp(`\\[(?:${STATES})(?::\\d+)?\\]`, 'gi');
const TRAILING = new RegExp(
  `\\bis\\s+(?:now\\s+|back\\s+)?(?:${STATES}|unknown|unreachable|normal|healthy)\\b(?=\\W*$|\\s*:)`,
  'i',
);

/** The subject without `Re:` and words of state, so that what opens and what closes is one: `[FIRING:2] Disk` and `RESOLVED: disk`. */
export const plainSubject = (subject: string): string => {
  const bare = withoutReply(subject).replace(BRACKETED, ' ');
  const left = bare
    .replace(LEADING, '')
    .replace(TRAILING, ' ')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  return left || withoutReply(subject).toLowerCase().trim();
};

/** `[CRITICAL] …`, `WARNING: …`: what monitors write of how bad it is. The word alone is not enough: `Error budget is spent`. */
const SAID = /^\W*(critical|error|warning|info)\s*[:\]|*\-–—]|\[(critical|error|warning|info)(?::\d+)?\]/i;
const severityIn = (subject: string): MailRules['severity'] | undefined => {
  const [, first, bracketed] = SAID.exec(subject) ?? [];
  return (first ?? bracketed)?.toLowerCase() as MailRules['severity'] | undefined;
};

const rulesOf = (config: unknown): Partial<MailRules> => {
  const mail = isFields(config) ? config.mail : undefined;
  return isFields(mail) ? (mail as Partial<MailRules>) : {};
};

const factsOf = (body: unknown): Partial<MailFacts> | undefined => {
  if (typeof body === 'string') return body.trim() === '' ? undefined : scanMail(body);
  return isFields(body) ? (body as Partial<MailFacts>) : undefined;
};

const keyOf = (facts: Partial<MailFacts>, subject: string, rules: Partial<MailRules>): string => {
  const found = rules.key_pattern === undefined ? undefined : findIn(rules.key_pattern, subject);
  if (found) return found.toLowerCase();
  const root = [facts.references, facts.in_reply_to, facts.message_id].flat().find((id) => typeof id === 'string' && id !== '');
  if (rules.key === 'thread' && root) return `thread:${root}`;
  return plainSubject(subject) || sha256(`${textOf(facts.from)}\n${textOf(facts.text)}`);
};

/** At most one signal a mail; none, with the reason, where its subject opens nothing. */
export function parseEmail(input: ParseInput): Parsed {
  const facts = factsOf(input.body);
  const subject = textOf(facts?.subject) ?? '';
  const text = textOf(facts?.text) ?? '';
  const from = textOf(facts?.from) ?? '';
  if (!facts || (subject === '' && text === ''))
    return { ok: false, reason: 'the mail is empty', reply: { status: 400, body: { message: 'The mail is empty' } } };
  const rules = rulesOf(input.integration.config);
  const reply = { status: 202, body: { status: 'accepted' } };
  const bare = withoutReply(subject);
  const closes = rules.closes === undefined ? CLOSES : rules.closes;
  const resolves = closes !== null && findIn(closes, bare) !== undefined;
  if (!resolves && rules.opens !== undefined && findIn(rules.opens, bare) === undefined)
    return {
      ok: true,
      signals: [],
      problems: [`subject: it opens nothing, because \`opens\` is not found in “${subject}”`],
      reply,
    };
  const problems = facts.problem ? [`it was read only roughly: ${facts.problem}`] : [];
  const at = from.lastIndexOf('@');
  const signal = makeSignal(input, {
    action: resolves ? 'resolve' : 'trigger',
    dedupKey: keyOf(facts, subject, rules),
    summary: subject || (text.split('\n', 1)[0] ?? ''),
    severity: severityIn(bare) ?? rules.severity ?? 'error',
    source: from || 'mail',
    labels: { ...(from ? { from } : {}), ...(at > 0 ? { from_domain: from.slice(at + 1) } : {}) },
    links: linksOf((text.match(/https?:\/\/[^\s<>"')\]]{4,2000}/g) ?? []).slice(0, 5).map((href) => ({ href }))),
    raw: facts,
  });
  return { ok: true, signals: [signal], problems, reply };
}
