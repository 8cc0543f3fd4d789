import type { Wording } from '../../contract/wording.ts';
import type { ChannelName, Message } from '../channels/types.ts';
import { say, tell } from '../channels/words/words.ts';
import type { PersonRow } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { signLink } from '../platform/links.ts';
import { localAndUtc, shownSeverity, sinceText, tellingLabels } from './rules.ts';
import type * as store from './store.ts';
import { pageWords } from './wording.ts';

const LINK_LIFE = { hours: 72 };

/** Why the person is paged, in their language. */
const whyOf = ({ why, reason }: store.PageRow, locale: string): string => (why && tell(locale, why)) || reason;

/** The message about these pages of one person, in the person's language and this installation's wording; the first one leads. */
export const compose = (
  ctx: Ctx,
  row: store.DeliveryRow,
  person: PersonRow,
  pages: store.PageRow[],
  own: Wording | undefined,
): Message => {
  const [first, ...others] = pages as [store.PageRow, ...store.PageRow[]];
  const { locale, time_zone: zone } = person;
  // Counted from when the message was written: a copy sent after a crash has the same Message-ID and links.
  const expires = row.created_at.add(LINK_LIFE);
  const link = `${ctx.publicUrl}/p/${signLink(ctx.secret, 'page', first.id, expires)}`;
  const back = signLink(ctx.secret, 'delivery', row.id, expires);
  const about = first.about;
  const since = Temporal.Instant.from(about.opened_at);
  const severity = shownSeverity(about.severity);
  const why = whyOf(first, locale);
  const facts = [
    { label: say(locale, 'fact.service'), value: about.service },
    { label: say(locale, 'fact.since'), value: localAndUtc(since, zone, locale) },
    ...tellingLabels(about.labels ?? {}).map(([label, value]) => ({ label, value })),
    { label: say(locale, 'fact.why'), value: why },
    ...(about.links ?? []).slice(0, 3).map((one) => ({ label: one.text || say(locale, 'fact.link'), value: one.href })),
    ...others.map((page) => ({
      label: say(locale, 'fact.also'),
      value: `${page.about.number} ${page.about.title} (${page.about.service})`,
    })),
  ];
  const words = pageWords(
    { own, channel: row.channel as ChannelName, locale },
    {
      number: about.number,
      title: about.title,
      service: about.service,
      severity: say(locale, `severity.${severity}`),
      since: sinceText(since, zone, locale, row.created_at),
      why,
      link,
    },
    others.map((page) => page.about.number),
  );
  const message = { idempotencyKey: row.id, ...words, facts, severity, actionUrl: link, locale };
  // Whoever only looks on is asked nothing: an answer of theirs must not keep the page from who is on call.
  if (pages.every((page) => page.shadow && page.urgency === 'low'))
    return { ...message, kind: 'notice', body: [words.body, say(locale, 'shadow.body')].filter(Boolean).join('\n\n') };
  return {
    ...message,
    kind: 'page',
    replyToken: back,
    callbackUrl: `${ctx.publicUrl}/answer/${row.channel}/${back}`,
    // A message about several incidents takes the place of none about one of them.
    thread: pages
      .map((page) => page.incident_id)
      .toSorted()
      .join(' '),
    urgency: pages.some((page) => page.urgency === 'high') ? 'high' : 'low',
    actions: (['Acknowledge', 'Escalate', 'Resolve'] as const).map((label) => ({ label, url: `${link}/${label.toLowerCase()}` })),
  };
};
