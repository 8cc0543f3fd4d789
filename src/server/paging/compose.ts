import type { Message } from '../channels/types.ts';
import { say } from '../channels/words/words.ts';
import type { PersonRow } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { signLink } from '../platform/links.ts';
import { lineText, localAndUtc, shownSeverity, tellingLabels } from './rules.ts';
import type * as store from './store.ts';

const LINK_LIFE = { hours: 72 };

/** The message about these pages of one person, in the person's language; the first one leads. */
export const compose = (ctx: Ctx, row: store.DeliveryRow, person: PersonRow, pages: store.PageRow[]): Message => {
  const [first, ...others] = pages as [store.PageRow, ...store.PageRow[]];
  const { locale } = person;
  // Counted from when the message was written: a copy sent after a crash has the same Message-ID and links.
  const expires = row.created_at.add(LINK_LIFE);
  const link = `${ctx.publicUrl}/p/${signLink(ctx.secret, 'page', first.id, expires)}`;
  const back = signLink(ctx.secret, 'delivery', row.id, expires);
  const about = first.about;
  const abouts = pages.map((page) => page.about);
  const title = `${about.number} ${about.title}`;
  const subject = others.length > 0 ? say(locale, 'more.subject', { subject: title, count: others.length }) : title;
  const facts = [
    { label: say(locale, 'fact.service'), value: about.service },
    { label: say(locale, 'fact.since'), value: localAndUtc(Temporal.Instant.from(about.opened_at), person.time_zone) },
    ...tellingLabels(about.labels ?? {}).map(([label, value]) => ({ label, value })),
    { label: say(locale, 'fact.why'), value: first.reason },
    ...(about.links ?? []).slice(0, 3).map((one) => ({ label: one.text || say(locale, 'fact.link'), value: one.href })),
    ...others.map((page) => ({
      label: say(locale, 'fact.also'),
      value: `${page.about.number} ${page.about.title} (${page.about.service})`,
    })),
  ];
  // Whoever only looks on is asked nothing: an answer of theirs must not keep the page from who is on call.
  if (pages.every((page) => page.shadow && page.urgency === 'low'))
    return {
      kind: 'notice',
      idempotencyKey: row.id,
      subject,
      short: lineText('sms.line', abouts, person.time_zone, locale),
      body: say(locale, 'shadow.body'),
      facts,
      severity: shownSeverity(about.severity),
      actionUrl: link,
      locale,
    };
  return {
    kind: 'page',
    idempotencyKey: row.id,
    replyToken: back,
    callbackUrl: `${ctx.publicUrl}/answer/${row.channel}/${back}`,
    // A message about several incidents takes the place of none about one of them.
    thread: pages
      .map((page) => page.incident_id)
      .toSorted()
      .join(' '),
    subject,
    short: lineText('sms.line', abouts, person.time_zone, locale),
    spoken: lineText('call.line', abouts, person.time_zone, locale),
    facts,
    severity: shownSeverity(about.severity),
    urgency: pages.some((page) => page.urgency === 'high') ? 'high' : 'low',
    actionUrl: link,
    actions: (['Acknowledge', 'Escalate', 'Resolve'] as const).map((label) => ({ label, url: `${link}/${label.toLowerCase()}` })),
    locale,
  };
};
