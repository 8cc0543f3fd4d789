import { CHANNEL_NAMES } from '../../contract/channel-names.ts';
import type { Facts, Page, Step, StepId } from './types.ts';

const CHANNELS: Record<string, string> = { ...CHANNEL_NAMES, voice: 'Calls', ntfy: 'Push' };
/** How a channel is called in a sentence. */
export const channelName = (channel: string): string => CHANNELS[channel] ?? channel;

/** Farther apart than this, and a person reads other times than the schedule means. */
const CLOCK_SECONDS = 120;
/** A sender that was silent for so long may be cut off; `doctor` says the same. */
const SILENT_DAYS = 30;

type Verdict = { state: 'done' | 'todo' | 'waiting' | 'failed'; text: string; warning?: string | undefined };
const done = (text: string, warning?: string): Verdict => ({ state: 'done', text, warning });
const todo = (text: string): Verdict => ({ state: 'todo', text });
const failed = (text: string): Verdict => ({ state: 'failed', text });

const isLoopback = (url: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);

/** `ana`; `Ana and Ben`; `Ana, Ben and 3 more`. */
export const listed = (names: string[]): string => {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
};

export const span = (seconds: number): string => {
  const [whole, minutes, hours] = [Math.max(0, Math.round(seconds)), Math.round(seconds / 60), Math.round(seconds / 3600)];
  if (whole < 60) return `${whole} s`;
  if (minutes < 60) return `${minutes} min`;
  return hours < 48 ? `${hours} h` : `${Math.round(seconds / 86_400)} d`;
};
const since = (from: Temporal.Instant, to: Temporal.Instant): number => (to.epochMilliseconds - from.epochMilliseconds) / 1000;

const account = ({ administrators }: Facts): Verdict =>
  administrators.length === 0
    ? failed('Nobody is administrator. Open the link that the first start printed.')
    : done(`${listed(administrators)} ${administrators.length === 1 ? 'is' : 'are'} administrator.`);

/** The address that messages link to must be the one people open; and everybody must read the same time. */
const address = ({ publicUrl, seen, now }: Facts): Verdict => {
  const remedy = (url: string) => `Set ALLCLEAR_PUBLIC_URL=${url} where the server is started, and start it again.`;
  const own = new URL(publicUrl).origin;
  const here = seen.origin === undefined ? undefined : new URL(seen.origin).origin;
  if (here !== undefined && here !== own && !(isLoopback(here) && isLoopback(own)))
    return failed(`You opened ${here}, but messages link to ${own}. ${remedy(here)}`);
  const apart = seen.at === undefined ? 0 : Math.abs(since(Temporal.Instant.from(seen.at), now));
  if (apart > CLOCK_SECONDS)
    return failed(
      `The clocks of this device and the server are ${span(apart)} apart. Run NTP on both: schedules go by the clock.`,
    );
  const clock = seen.at === undefined ? '' : ' The clocks agree.';
  if (isLoopback(own))
    return done(`${own}.${clock}`, `Links in messages open on this computer only. ${remedy('https://allclear.example.com')}`);
  return done(
    `${own}.${clock}`,
    own.startsWith('http:') ? 'Passwords and pages travel in the clear. Put a proxy with a certificate in front.' : undefined,
  );
};

const channel = ({ channels, acknowledged }: Facts): Verdict => {
  const configured = channels.filter((one) => one.configured);
  if (configured.length === 0)
    return todo('Messages leave through your mail server. A test tells at once whether it takes them.');
  const wrong = configured.flatMap((one) => {
    const why = one.problem ?? (one.test && !one.test.ok ? one.test.text : undefined);
    return why === undefined ? [] : [{ ...one, said: `${channelName(one.channel)}: ${why}` }];
  });
  const carried = (name: string) => acknowledged?.sent.some((one) => one.channel === name);
  const works = configured.filter(
    (one) => !wrong.some((bad) => bad.channel === one.channel) && (one.test || carried(one.channel)),
  );
  const trouble = wrong.map((one) => one.said).join('; ') || undefined;
  const [first] = works;
  if (first) {
    const others = works.slice(1).map((one) => channelName(one.channel));
    const proof = first.test ? `the last test was taken (${first.test.text})` : 'the last page that was answered went by it';
    return done(`${channelName(first.channel)}: ${proof}.${others.length > 0 ? ` ${listed(others)} too.` : ''}`, trouble);
  }
  if (trouble) return failed(`Nothing can leave. ${trouble}`);
  return todo(`${listed(configured.map((one) => channelName(one.channel)))}: set up, and not tried. Send a test.`);
};

const reach = ({ person, channels }: Facts): Verdict => {
  if (!person) return failed('Nobody is there to be reached.');
  const able = (method: { channel: string }) => channels.some((one) => one.channel === method.channel && one.configured);
  const good = person.methods.filter((method) => method.verified && !method.problem);
  const working = good.filter(able);
  const broken = person.methods.find((method) => method.problem);
  if (working.length > 0) {
    const kinds = [...new Set(working.map((method) => channelName(method.channel)))];
    return done(
      `${person.display_name} is reached by ${listed(working.map((method) => method.label))}, verified.`,
      broken?.problem ??
        (kinds.join() === 'Mail'
          ? 'Mail alone is a poor pager: phones do not ring for it. Add push, SMS or a call before you rely on this.'
          : undefined),
    );
  }
  const [method] = good;
  if (method)
    return failed(
      `${channelName(method.channel)} is not set up any more, and nothing else of ${person.display_name} is verified.`,
    );
  if (broken?.problem) return failed(`${broken.label}: ${broken.problem}. Correct it and verify it again.`);
  return person.own
    ? todo(`A code goes to ${person.email}; it proves that pages reach you there.`)
    : todo(`${person.display_name} has no verified way: only the mail address is tried.`);
};

/** Would somebody be paged now? The first step that pages nobody is skipped, so it may be a later one. */
export const pagesSomebody = ({ steps }: Facts['services'][number]): boolean => steps.some((step) => step.people.length > 0);

/** One service that pages somebody is enough to begin with; those that page nobody are named beside it. */
const service = ({ services }: Facts): Verdict => {
  if (services.length === 0)
    return todo('One form makes a team, its weekly turns, who comes next, and the service that pages them.');
  const deaf = services.filter((one) => !pagesSomebody(one));
  const why = (one: Facts['services'][number]) => one.steps.find((step) => step.skipped)?.skipped ?? 'nobody is on call';
  const [first] = deaf;
  const trouble =
    first && deaf.length > 1
      ? `${listed(deaf.map((one) => one.title))} page nobody now. ${first.title}: ${why(first)}.`
      : first && `${first.title} pages nobody now: ${why(first)}.`;
  const one = services.find(pagesSomebody);
  if (!one) return failed(trouble ?? '');
  const now = one.steps.find((step) => step.people.length > 0)?.people ?? [];
  const more = services.length > 1 ? ` ${services.length} services in all.` : '';
  return done(`${one.title} pages ${listed(now)} now.${more}`, trouble);
};

/** The integration that heard something last; else the first that was made. */
export const sourceOf = ({ integrations }: Pick<Facts, 'integrations'>): Facts['integrations'][number] | undefined =>
  integrations.reduce<Facts['integrations'][number] | undefined>(
    (best, one) =>
      !best || (one.last_event_at && (!best.last_event_at || Temporal.Instant.compare(one.last_event_at, best.last_event_at) > 0))
        ? one
        : best,
    undefined,
  );

const source = (facts: Facts): Verdict => {
  const found = sourceOf(facts);
  if (!found) return todo('Tell a monitoring tool where to send its alerts.');
  if (!found.last_event_at) return { state: 'waiting', text: `${found.name} waits for its first alert.` };
  const quiet = since(found.last_event_at, facts.now);
  return done(
    `${found.name} heard an alert ${span(quiet)} ago.`,
    quiet > SILENT_DAYS * 86_400 ? 'Nothing was heard since. Is the tool still sending?' : undefined,
  );
};

/** One page that was acknowledged is the proof: a later one that nobody answered, or that could not leave, does not undo it. */
const page = ({ newest, acknowledged, now }: Facts): Verdict => {
  const lost =
    newest?.state === 'failed'
      ? `No message of ${newest.incident} left for ${newest.person}: ${newest.why ?? 'unknown'}.`
      : undefined;
  if (acknowledged)
    return done(proofOf(acknowledged, now), lost ?? (acknowledged.open ? `${acknowledged.incident} is still open.` : undefined));
  if (lost) return failed(lost);
  if (!newest) return todo('A test page goes the way of a real one. The set-up is done when you have acknowledged it.');
  const way = newest.sent.map((one) => one.text).join(', ');
  if (newest.state === 'ended')
    return failed(
      `Nobody acknowledged ${newest.incident}${way ? `, which went by ${way}` : ''}: ${newest.why ?? 'it is over'}. Send another.`,
    );
  if (newest.state === 'sent') {
    const left = newest.sent[0] ? ` left ${span(since(newest.sent[0].at, now))} ago` : '';
    return { state: 'waiting', text: `${way}${left}. Open its link and acknowledge ${newest.incident}.` };
  }
  return {
    state: 'waiting',
    text: `${newest.incident} is on its way to ${newest.person}${newest.why ? `: ${newest.why}` : ''}.`,
  };
};

const VIA: Record<string, string> = {
  link: ' by its link',
  mail: ' by mail',
  sms: ' by SMS',
  voice: ' by phone',
  console: ' in the console',
  cli: ' in a terminal',
  api: ' through the API',
};
const proofOf = (proof: Page, now: Temporal.Instant): string => {
  const [first] = proof.sent;
  const { acknowledged } = proof;
  const by = VIA[acknowledged?.via ?? ''] ?? '';
  const after = first && acknowledged ? `, ${span(since(first.at, acknowledged.at))} after it left` : '';
  return `${proof.person} acknowledged ${proof.incident}${by}${after}, ${span(since(acknowledged?.at ?? proof.at, now))} ago.`;
};

const severities = ({ severities: { levels, preset } }: Facts): Verdict =>
  levels.length === 0
    ? todo('How bad is it, and what follows? Three schemes are in wide use: begin with one and change it as you like.')
    : done(`${preset ?? 'Your own'}: ${levels.join(', ')}.`);

const STEPS: { id: StepId; title: string; essential: boolean; fix: string | null; judge: (facts: Facts) => Verdict }[] = [
  { id: 'account', title: 'Create the first account', essential: true, fix: '/people', judge: account },
  { id: 'address', title: 'Check the address and the clock', essential: true, fix: null, judge: address },
  { id: 'channel', title: 'Send mail', essential: true, fix: '/settings/channels', judge: channel },
  { id: 'reach', title: 'Prove that messages arrive', essential: true, fix: '/me', judge: reach },
  { id: 'service', title: 'Add a service and who is on call for it', essential: true, fix: '/services', judge: service },
  { id: 'source', title: 'Connect an alert source', essential: true, fix: '/services?tab=integrations', judge: source },
  { id: 'page', title: 'Page yourself', essential: true, fix: '/incidents', judge: page },
  { id: 'severities', title: 'Choose severity levels', essential: false, fix: '/settings/scheme', judge: severities },
];

/** Each step as it stands, decided anew from the facts: a step that was done and broke says so. */
export const stepsOf = (facts: Facts): Step[] => {
  let next = false;
  return STEPS.map(({ judge, ...step }) => {
    const { state, text, warning } = judge(facts);
    const first = state === 'todo' && !next;
    if (first) next = true;
    return { ...step, state: state === 'todo' ? (first ? 'next' : 'later') : state, text, warning: warning ?? null };
  });
};

/** What would happen to a critical alert now, link by link. */
export const pathOf = (facts: Facts): { title: string; text: string; done: boolean }[] => {
  const heard = sourceOf(facts);
  const one = facts.services.find(pagesSomebody) ?? facts.services[0];
  const steps = one?.steps.filter((step) => step.people.length > 0) ?? [];
  const [first, second] = steps;
  const other = second?.people.some((name) => !first?.people.includes(name)) ?? false;
  const working = facts.channels.filter((row) => row.configured && !row.problem);
  const able = (facts.person?.methods ?? []).filter((row) => row.verified && working.some((ch) => ch.channel === row.channel));
  return [
    {
      title: 'An alert comes in',
      text: !heard ? 'No source yet' : heard.last_event_at ? `Through ${heard.name}` : `${heard.name} has heard nothing yet`,
      done: Boolean(heard?.last_event_at),
    },
    {
      title: first ? `It becomes a page for ${listed(first.people)}` : 'It becomes a page',
      text: first && one ? one.title : one ? 'Nobody is on call' : 'No service yet',
      done: first !== undefined,
    },
    {
      title: 'A message reaches them',
      text:
        able.length > 0
          ? `${listed([...new Set(able.map((row) => channelName(row.channel)))])}, verified`
          : working.length > 0
            ? 'Not proven yet'
            : 'Nothing can leave yet',
      done: able.length > 0,
    },
    {
      title: 'If nobody answers',
      text: second
        ? `After ${span(second.after_seconds)}: ${listed(second.people)}${other ? '' : ' again'}`
        : 'Nobody comes after them',
      done: other,
    },
  ];
};

/** `Checkout API` → `checkout-api`; empty when nothing of it can stand in a name. */
export const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** The last Monday at 09:00 on the local clock, as a schedule's first handoff: somebody is on call from now on. */
export const lastHandoff = (now: Temporal.Instant, timeZone: string): string => {
  const local = now.toZonedDateTimeISO(timeZone).toPlainDateTime();
  const monday = local
    .toPlainDate()
    .subtract({ days: local.dayOfWeek - 1 })
    .toPlainDateTime('09:00');
  const last = Temporal.PlainDateTime.compare(monday, local) > 0 ? monday.subtract({ days: 7 }) : monday;
  return last.toString({ smallestUnit: 'minute' });
};
