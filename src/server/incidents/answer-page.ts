import { html, raw } from 'hono/html';
import { ACK_CSS } from './answer-style.ts';

export type AnswerView = {
  token: string;
  expired: boolean;
  now: Temporal.Instant;
  timeZone: string;
  me: { id: string; name: string };
  page: { status: string; reason: string; since: Temporal.Instant };
  incident: {
    number: string;
    title: string;
    status: string;
    severity: 'critical' | 'high' | 'medium' | 'low';
    service: string;
    openedAt: Temporal.Instant;
    alerts: number;
    openAlerts: number;
    acknowledgedBy: { id: string; name: string; at: Temporal.Instant | null } | undefined;
    resolvedAt: Temporal.Instant | null;
    labels: [name: string, value: string][];
    links: { href: string; text?: string }[];
  };
  others: string[];
  nextAt: Temporal.Instant | null;
  channels: string[];
};

// Each state has its own outline: octagon, triangle, diamond, circle. The word stands beside it.
const MARKS: Record<string, string> = {
  critical:
    '<path fill="currentColor" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z"/><path stroke="var(--surface)" stroke-width="1.9" stroke-linecap="round" d="M8 4.4v4"/><circle cx="8" cy="11.3" r="1.1" fill="var(--surface)"/>',
  high: '<path fill="currentColor" d="M8 1.2 15.2 14H.8z"/><path stroke="var(--surface)" stroke-width="1.7" stroke-linecap="round" d="M8 5.8v3.6"/><circle cx="8" cy="11.8" r="1" fill="var(--surface)"/>',
  medium:
    '<path fill="currentColor" d="M8 .8 15.2 8 8 15.2.8 8z"/><path stroke="var(--surface)" stroke-width="1.7" stroke-linecap="round" d="M8 4.8v3.6"/><circle cx="8" cy="11" r="1" fill="var(--surface)"/>',
  low: '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.7"/><path stroke="currentColor" stroke-width="1.7" stroke-linecap="round" d="M8 7.4v3.4"/><circle cx="8" cy="4.9" r="1" fill="currentColor"/>',
  ok: '<circle cx="8" cy="8" r="6.1" fill="none" stroke="currentColor" stroke-width="1.7"/><path stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" fill="none" d="m5.2 8.2 2 2 3.7-4"/>',
  unknown: '<circle cx="8" cy="8" r="6.1" fill="none" stroke="currentColor" stroke-width="1.7" stroke-dasharray="2.4 2"/>',
};
const mark = (state: string, word: string) =>
  html`<span class="mark s-${state}"><svg width="20" height="20" viewBox="0 0 16 16" fill="none" aria-hidden="true">${raw(MARKS[state] ?? '')}</svg>${word}</span>`;

const words = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' };
const clock = (at: Temporal.Instant, zone: string) =>
  at.toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: 'minute' });
const time = (at: Temporal.Instant, zone: string, text: string) =>
  html`<time datetime="${at.toString()}" title="${at.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ')} ${zone} · ${clock(at, 'UTC')} UTC">${text}</time>`;

/** "3 min", "4 h 12 min", "2 d 3 h". */
const span = (from: Temporal.Instant, to: Temporal.Instant): string => {
  const minutes = Math.max(0, Math.floor((to.epochMilliseconds - from.epochMilliseconds) / 60_000));
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
};

const layout = (title: string, who: string, body: unknown) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(ACK_CSS)}</style>
</head>
<body>
<header><svg class="logo" width="18" height="18" viewBox="0 0 18 18" fill="none" aria-hidden="true"><path d="M4.5 1.5v15M2 16.5h5" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/><path d="M4.5 8.4 14 2.6l2 3.3-9.5 5.8z" fill="currentColor"/></svg><b>Allclear</b><span class="who">${who}</span></header>
${body}
</body>
</html>`;

type Row = [label: string, value: unknown];
const facts = (rows: Row[]) =>
  html`<dl>${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
const button = (view: AnswerView, action: string, label: string, main: boolean) =>
  html`<form method="post" action="/p/${view.token}/${action}"><button class="${main ? 'main' : ''}" type="submit">${label}</button></form>`;

/** An address as one can read it: the host and the end of the path. */
const shortLink = (href: string): string => {
  const { host, pathname } = new URL(href);
  return pathname.length > 40 ? `${host}/…${pathname.slice(-30)}` : `${host}${pathname === '/' ? '' : pathname}`;
};

/** What is wrong, since when, who else is paged, and one thing to press. Works without scripts; opening it changes nothing. */
export const answerPage = async (view: AnswerView): Promise<string> => {
  const { incident, now, timeZone: zone } = view;
  const mine = incident.acknowledgedBy?.id === view.me.id;
  const over = incident.status === 'resolved' || incident.status === 'closed';
  const taken = incident.status === 'acknowledged';
  const open = !over && !taken && !view.expired;
  const state = over
    ? mark('ok', incident.status === 'closed' ? 'Closed' : 'Resolved')
    : taken
      ? mark('ok', mine ? 'You acknowledged' : 'Acknowledged')
      : mark(incident.severity, words[incident.severity]);
  const sentence = over
    ? `It was ${incident.status}${incident.resolvedAt ? ` at ${clock(incident.resolvedAt, zone)}` : ''}. Nothing is left to do.`
    : taken
      ? mine
        ? 'You have it. Paging has stopped.'
        : `${incident.acknowledgedBy?.name ?? 'Someone'} answered${incident.acknowledgedBy?.at ? ` at ${clock(incident.acknowledgedBy.at, zone)}` : ''}. You can still join.`
      : view.expired
        ? 'This link has expired. Open the newest message about this incident, or acknowledge from the command line.'
        : `Paged because you are ${view.page.reason}.`;
  const rows: Row[] = [
    ['Service', incident.service],
    [
      'Since',
      html`${time(incident.openedAt, zone, `${clock(incident.openedAt, zone)}`)} <span class="utc">(${clock(incident.openedAt, 'UTC')} UTC)</span>, ${span(incident.openedAt, now)} ago`,
    ],
    ['Alerts', incident.alerts === 0 ? 'Declared by hand' : `${incident.openAlerts} open of ${incident.alerts}`],
    ...incident.labels.map(([name, value]): Row => [name, value]),
    ...incident.links.map(
      (link): Row => [link.text || 'Link', html`<a href="${link.href}" rel="noreferrer noopener">${shortLink(link.href)}</a>`],
    ),
    [
      'Paged',
      html`${time(view.page.since, zone, `${span(view.page.since, now)} ago`)}${view.channels.length > 0 ? `, by ${view.channels.join(' and ')}` : ''}`,
    ],
    ['Also paged', view.others.length > 0 ? view.others.join(', ') : 'Nobody else'],
  ];
  const next =
    view.nextAt && open
      ? html`<p class="next"><b>${clock(view.nextAt, zone)}</b> ${time(view.nextAt, zone, zone)}: the next person is paged, unless someone answers</p>`
      : '';
  const foot = open
    ? html`<footer>${next}${button(view, 'acknowledge', 'Acknowledge', true)}<div class="pair">${button(view, 'escalate', 'Escalate', false)}${button(view, 'resolve', 'Resolve', false)}</div></footer>`
    : taken && !view.expired
      ? html`<footer>${mine ? button(view, 'resolve', 'Resolve', true) : button(view, 'acknowledge', 'Join', true)}<div class="pair one">${button(view, 'escalate', 'Escalate: page the next person', false)}</div></footer>`
      : '';
  const hint = open
    ? html`<p class="hint">Acknowledge stops the paging and gives it to you. Escalate pages the next person now. Opening this page does nothing.</p>`
    : '';
  const body = html`<main><div class="lead"><p class="top">${state}<span class="number">${incident.number}</span></p><h1>${incident.title}</h1><p class="why">${sentence}</p></div>${facts(rows)}${hint}</main>${foot}`;
  return String(await layout(`${incident.number} ${incident.title}`, view.me.name, body));
};

export const gonePage = async (): Promise<string> =>
  String(
    await layout(
      'Unknown link',
      '',
      html`<main><div class="lead"><p class="top">${mark('unknown', 'Unknown link')}</p><h1>This link leads nowhere</h1><p class="why">It was cut off, or it comes from another Allclear. Open it again from the message, whole. Nothing was changed.</p></div></main>`,
    ),
  );
