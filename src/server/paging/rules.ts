import type { Hours, Urgency } from '../../contract/common.ts';
import type { Receipt } from '../channels/types.ts';
import { hasWords } from '../channels/words/words.ts';

export type Method = {
  id: string | null;
  label: string;
  channel: string;
  address: string;
  verified: boolean;
  disabled_reason: string | null;
};
export type RuleStep = { after_seconds: number; methods: string[] };

/** What the person is tried by, in order of preference: verified methods; unverified ones only when there is no other way. */
export const usableMethods = (methods: Method[], email: string): Method[] => {
  const alive = methods.filter((method) => !method.disabled_reason);
  const verified = alive.filter((method) => method.verified);
  if (verified.length > 0) return verified;
  return alive.some((method) => method.channel === 'email') ? alive : [...alive, mailTo(email)];
};
const mailTo = (address: string): Method => ({
  id: null,
  label: 'email',
  channel: 'email',
  address,
  verified: false,
  disabled_reason: null,
});

/** Ways that wake somebody however little they matter. */
const LOUD = new Set(['sms', 'voice']);
/** The ways for a page: one that is only told of quietly goes by none that is loud, and by mail where there is no other. */
export const waysFor = (page: { shadow: boolean; urgency: string }, methods: Method[], email: string): Method[] => {
  const usable = usableMethods(methods, email);
  if (!page.shadow || page.urgency === 'high') return usable;
  const soft = usable.filter((method) => !LOUD.has(method.channel));
  return soft.length > 0 ? soft : [mailTo(email)];
};

/** Her own rules for the urgency, cut to methods that can be used; without any: everything at once, or mail alone when low. */
export const ruleSteps = (
  rules: RuleStep[],
  usable: Method[],
  urgency: Urgency,
): { after_seconds: number; methods: Method[] }[] => {
  const steps = rules
    .map((step) => ({
      after_seconds: step.after_seconds,
      methods: usable.filter((method) => step.methods.includes(method.label)),
    }))
    .filter((step) => step.methods.length > 0)
    .sort((a, b) => a.after_seconds - b.after_seconds);
  if (steps.length > 0) return steps;
  const mail = usable.filter((method) => method.channel === 'email');
  return [{ after_seconds: 0, methods: urgency === 'low' && mail.length > 0 ? mail : usable }];
};

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** When the person's quiet hours end, if she is in them and the page may wait. Her own local time. */
export const quietUntil = (
  quiet: Hours | null,
  timeZone: string,
  urgency: Urgency,
  now: Temporal.Instant,
): Temporal.Instant | undefined => {
  if (!quiet || urgency === 'high') return undefined;
  const local = now.toZonedDateTimeISO(timeZone);
  for (const date of [local.toPlainDate(), local.toPlainDate().subtract({ days: 1 })]) {
    if (!quiet.days.includes(DAYS[date.dayOfWeek - 1] as (typeof DAYS)[number])) continue;
    const begins = date.toZonedDateTime({ timeZone, plainTime: quiet.from }).toInstant();
    const ends = (quiet.to > quiet.from ? date : date.add({ days: 1 }))
      .toZonedDateTime({ timeZone, plainTime: quiet.to })
      .toInstant();
    if (Temporal.Instant.compare(begins, now) <= 0 && Temporal.Instant.compare(now, ends) < 0) return ends;
  }
  return undefined;
};

/** Milliseconds before try `attempt + 1` of the same method, or undefined when the method has had its tries, or would have to wait for longer than `patienceMs`. */
export const retryDelay = (attempt: number, providerAsked: number | undefined, patienceMs = 10_000): number | undefined => {
  const own = [1000, 3000][attempt - 1];
  // A provider that asks for longer than a page can wait is treated as down: fail over instead.
  if (own === undefined || (providerAsked ?? 0) > patienceMs) return undefined;
  return Math.max(own, providerAsked ?? 0);
};

/** The tag whose form of times and dates somebody reads. Plain English says no country, and other languages have no words around it here: 24 hours, and a whole date as in ISO 8601. */
const formOf = (locale: string | undefined): string | undefined => {
  if (locale === undefined || locale === 'en' || !hasWords(locale)) return undefined;
  try {
    return Intl.getCanonicalLocales(locale)[0];
  } catch {
    return undefined;
  }
};

const clock = (at: Temporal.Instant, timeZone: string, locale?: string): string => {
  const local = at.toZonedDateTimeISO(timeZone);
  const form = formOf(locale);
  return form ? local.toLocaleString(form, { timeStyle: 'short' }) : local.toPlainTime().toString({ smallestUnit: 'minute' });
};

/** Since when, on the person's clocks: the time, and the day where it is not the day of `asOf`, in words (`1 Mar`) where no form is known. */
export const sinceText = (at: Temporal.Instant, timeZone: string, locale: string | undefined, asOf: Temporal.Instant): string => {
  const [local, then] = [at.toZonedDateTimeISO(timeZone), asOf.toZonedDateTimeISO(timeZone)];
  const time = clock(at, timeZone, locale);
  return local.toPlainDate().equals(then.toPlainDate())
    ? time
    : `${local.toLocaleString(formOf(locale) ?? 'en-GB', { day: 'numeric', month: 'short' })} ${time}`;
};

type Sent = {
  status: string;
  attempt: number;
  vendor: string | null;
  provider_id: string | null;
  receipt_at: Temporal.Instant | null;
};
/** What a vendor's word on a message changes. Its first word counts, and only its own word on its own message. */
export const receiptMeans = (
  row: Sent,
  word: Receipt,
  vendor: string,
): 'delivered' | 'failed' | 'delivered late' | 'failed late' | 'nothing' => {
  const foreign = row.vendor !== null && row.vendor !== vendor;
  const unknown = row.provider_id !== null && row.provider_id !== word.providerId;
  const never = row.status === 'cancelled' || (row.status === 'queued' && row.attempt === 0);
  if (foreign || unknown || never || row.receipt_at) return 'nothing';
  const late = row.status === 'failed';
  if (word.state === 'delivered') return late ? 'delivered late' : 'delivered';
  // Between two tries, what became of the one before says nothing of the next.
  if (row.status === 'queued') return 'nothing';
  return late ? 'failed late' : 'failed';
};

/** Severity words of alerts as the four of the screens. */
export const shownSeverity = (severity: string): 'critical' | 'high' | 'medium' | 'low' =>
  severity === 'critical' ? 'critical' : severity === 'error' ? 'high' : severity === 'warning' ? 'medium' : 'low';

/** A moment on the person's clocks, in the form they read. */
export const localTime = (at: Temporal.Instant, timeZone: string, locale?: string): string => {
  const local = at.toZonedDateTimeISO(timeZone);
  const form = formOf(locale);
  const date = form ? local.toLocaleString(form, { dateStyle: 'medium' }) : local.toPlainDate().toString();
  return `${date} ${clock(at, timeZone, locale)}`;
};
/** The same, with its zone, and by UTC. */
export const localAndUtc = (at: Temporal.Instant, timeZone: string, locale?: string): string =>
  `${localTime(at, timeZone, locale)} ${timeZone} (${clock(at, 'UTC', locale)} UTC)`;

/** Labels a responder looks for first, in this order; then the others by name. */
const TELLING = ['instance', 'host', 'node', 'pod', 'namespace', 'job', 'cluster', 'region', 'env', 'environment'];
/** Labels that repeat what the message says elsewhere. */
const SAID = new Set(['alertname', 'severity', 'priority', 'service']);

/** The few labels worth reading half asleep: at most five, short ones, the telling ones first. */
export const tellingLabels = (labels: Record<string, string>): [name: string, value: string][] =>
  Object.entries(labels)
    .filter(([name, value]) => !SAID.has(name.toLowerCase()) && value !== '' && value.length <= 100)
    .map(([name, value]) => ({ name, value, rank: TELLING.indexOf(name.toLowerCase()) }))
    .sort(
      (a, b) => (a.rank < 0 ? TELLING.length : a.rank) - (b.rank < 0 ? TELLING.length : b.rank) || a.name.localeCompare(b.name),
    )
    .slice(0, 5)
    .map(({ name, value }) => [name, value]);

/** The push service of a subscription, all that anybody need see of it. */
const deviceAddress = (address: string): string => {
  const endpoint = /"endpoint":"([^"]*)"/.exec(address)?.[1] ?? '';
  return URL.canParse(endpoint) ? `${new URL(endpoint).origin}/…` : '…';
};

/** Enough of an address to know which it is, too little to use it: `+31…678`, `i…@example.com`, `U…6N7`, `https://ntfy.sh/…`. */
export const maskAddress = (channel: string, address: string): string => {
  if (channel === 'sms' || channel === 'voice') return `${address.slice(0, 3)}…${address.slice(-3)}`;
  const mail = /^(.)[^@]*@(.+)$/.exec(address);
  if (channel === 'webpush') return deviceAddress(address);
  if (channel === 'slack' && !mail) return `${address.slice(0, 1)}…${address.slice(-3)}`;
  if (channel === 'telegram') return address.startsWith('@') ? `${address.slice(0, 2)}…` : `…${address.slice(-3)}`;
  if ((channel === 'teams' || channel === 'discord') && !address.includes(':')) return address;
  if (channel === 'mattermost' || channel === 'matrix') return `${address.slice(0, 2)}…`;
  if (channel === 'email' || channel === 'slack') return mail ? `${mail[1]}…@${mail[2]}` : '…';
  return URL.canParse(address) ? `${new URL(address).origin}/…` : '…';
};
