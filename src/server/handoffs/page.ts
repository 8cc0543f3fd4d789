import { html } from 'hono/html';
import { facts, layout, mark, type Row, time } from '../incidents/answer-layout.ts';

export type HandoffView = {
  token: string;
  /** Where the console has all of it. */
  url: string;
  me: string;
  timeZone: string;
  title: string;
  state: string;
  isMine: boolean;
  confirmedBy: string | null;
  /** It was to be confirmed with another note than it has now. */
  changed: boolean;
  /** Why it cannot be confirmed now; empty: it can. */
  why: string;
  at: Temporal.Instant;
  until: Temporal.Instant | null;
  outgoing: string;
  note: string;
  noteBy: string;
  noteVersion: number;
  before: string;
  open: { number: string; title: string; severity: string }[];
  openTotal: number;
  pages: { total: number; incidents: number };
  silences: { comment: string; until: Temporal.Instant }[];
};

const count = (n: number, one: string) => `${n} ${n === 1 ? one : `${one}s`}`;
const day = (at: Temporal.Instant, zone: string) =>
  at
    .toZonedDateTimeISO(zone)
    .toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** What was left, and the one button that says “I have it”. Works without scripts; opening it changes nothing. */
export const handoffPage = async (view: HandoffView): Promise<string> => {
  const { timeZone: zone } = view;
  const say = (at: Temporal.Instant) => time(at, zone, day(at, zone));
  const done = view.state === 'confirmed';
  const state = done
    ? mark('ok', view.isMine ? 'You confirmed' : 'Confirmed')
    : view.why
      ? mark('unknown', 'Nothing to confirm')
      : mark('medium', 'Not confirmed yet');
  const sentence = done
    ? view.isMine
      ? 'You have it. Nothing is left to do here.'
      : `${view.confirmedBy ?? 'Somebody'} has it.`
    : view.why ||
      (view.changed
        ? 'What is to be watched was changed since you read it. Read it again, then confirm.'
        : 'Read what was left, then confirm that you have it.');
  const rows: Row[] = [
    ['On call', html`${say(view.at)}${view.until ? html` to ${say(view.until)}` : ''}`],
    ['From', view.outgoing],
    [
      'To watch',
      html`${view.note ? html`<span style="white-space:pre-wrap">${view.note}</span> <span class="utc">${view.noteBy}</span>` : 'Nothing was written'}`,
    ],
    ...(view.before ? [['Watched before', html`<span style="white-space:pre-wrap">${view.before}</span>`] satisfies Row] : []),
    [
      'Open now',
      view.open.length === 0
        ? 'No incident'
        : html`${view.open.map((one) => html`<div>${one.number} ${one.title}</div>`)}${view.openTotal > view.open.length ? `and ${view.openTotal - view.open.length} more` : ''}`,
    ],
    [
      'Last week',
      view.pages.total === 0 ? 'No page' : `${count(view.pages.total, 'page')} for ${count(view.pages.incidents, 'incident')}`,
    ],
    [
      'Silenced',
      view.silences.length === 0
        ? 'Nothing'
        : html`${view.silences.map((one) => html`<div>${one.comment}, until ${say(one.until)}</div>`)}`,
    ],
    ['All of it', html`<a href="${view.url}">Open in Allclear</a>`],
  ];
  const foot =
    done || view.why
      ? ''
      : html`<footer><form method="post" action="/handoff/${view.token}/confirm"><input type="hidden" name="note_version" value="${view.noteVersion}"><button class="main" type="submit">I have it</button></form></footer>`;
  const body = html`<main><div class="lead"><p class="top">${state}<span class="number">${zone}</span></p><h1>${view.title}</h1><p class="why">${sentence}</p></div>${facts(rows)}</main>${foot}`;
  return String(await layout(`Handoff: ${view.title}`, view.me, body));
};
