import { html } from 'hono/html';
import { clock, facts, layout, mark, type Row, time } from './answer-layout.ts';

export type AnswerView = {
  token: string;
  expired: boolean;
  now: Temporal.Instant;
  timeZone: string;
  me: { id: string; name: string };
  page: { status: string; reason: string; shadow: boolean; since: Temporal.Instant };
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

const words = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' };
/** "3 min", "4 h 12 min", "2 d 3 h". */
const span = (from: Temporal.Instant, to: Temporal.Instant): string => {
  const minutes = Math.max(0, Math.floor((to.epochMilliseconds - from.epochMilliseconds) / 60_000));
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
};

const button = (view: { token: string }, action: string, label: string, main: boolean) =>
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
  const foot = view.page.shadow
    ? ''
    : open
      ? html`<footer>${next}${button(view, 'acknowledge', 'Acknowledge', true)}<div class="pair">${button(view, 'escalate', 'Escalate', false)}${button(view, 'resolve', 'Resolve', false)}</div></footer>`
      : taken && !view.expired
        ? html`<footer>${mine ? button(view, 'resolve', 'Resolve', true) : button(view, 'acknowledge', 'Join', true)}<div class="pair one">${button(view, 'escalate', 'Escalate: page the next person', false)}</div></footer>`
        : '';
  const hint = view.page.shadow
    ? html`<p class="hint">You look on: whoever is on call is paged and answers. Nothing is asked of you.</p>`
    : open
      ? html`<p class="hint">Acknowledge stops the paging and gives it to you. Escalate pages the next person now. Opening this page does nothing.</p>`
      : '';
  const body = html`<main><div class="lead"><p class="top">${state}<span class="number">${incident.number}</span></p><h1>${incident.title}</h1><p class="why">${sentence}</p></div>${facts(rows)}${hint}</main>${foot}`;
  return String(await layout(`${incident.number} ${incident.title}`, view.me.name, body));
};

export type TestView = {
  token: string;
  expired: boolean;
  name: string;
  timeZone: string;
  confirmBy: Temporal.Instant;
  confirmedAt: Temporal.Instant | null;
};
/** A test page: nothing is wrong, and there is one thing to do. */
export const testAnswerPage = async (view: TestView): Promise<string> => {
  const { confirmedAt, timeZone: zone } = view;
  const [state, title, sentence] = confirmedAt
    ? [
        mark('ok', 'Confirmed'),
        'Thank you, pages reach you',
        html`Confirmed at ${time(confirmedAt, zone, clock(confirmedAt, zone))}. Nothing is wrong.`,
      ]
    : [
        mark('low', 'Test'),
        'Test page: nothing is wrong',
        view.expired
          ? 'This link has expired. Wait for the next test, or send yourself one under My settings.'
          : html`Please acknowledge by ${time(view.confirmBy, zone, clock(view.confirmBy, zone))}, so that it is known that pages reach you.`,
      ];
  const foot = confirmedAt || view.expired ? '' : html`<footer>${button(view, 'acknowledge', 'Acknowledge', true)}</footer>`;
  const body = html`<main><div class="lead"><p class="top">${state}</p><h1>${title}</h1><p class="why">${sentence}</p></div></main>${foot}`;
  return String(await layout(title, view.name, body));
};
