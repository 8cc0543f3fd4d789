import { html, raw } from 'hono/html';
import { ACK_CSS } from './answer-style.ts';

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
export const mark = (state: string, word: string) =>
  html`<span class="mark s-${state}"><svg width="20" height="20" viewBox="0 0 16 16" fill="none" aria-hidden="true">${raw(MARKS[state] ?? '')}</svg>${word}</span>`;

export const clock = (at: Temporal.Instant, zone: string) =>
  at.toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: 'minute' });
export const time = (at: Temporal.Instant, zone: string, text: string) =>
  html`<time datetime="${at.toString()}" title="${at.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ')} ${zone} · ${clock(at, 'UTC')} UTC">${text}</time>`;

/** A page of its own behind a signed link: works without scripts, comes in one round trip. */
export const layout = (title: string, who: string, body: unknown) => html`<!doctype html>
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

export type Row = [label: string, value: unknown];
export const facts = (rows: Row[]) =>
  html`<dl>${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;

export const gonePage = async (): Promise<string> =>
  String(
    await layout(
      'Unknown link',
      '',
      html`<main><div class="lead"><p class="top">${mark('unknown', 'Unknown link')}</p><h1>This link leads nowhere</h1><p class="why">It was cut off, or it comes from another Allclear. Open it again from the message, whole. Nothing was changed.</p></div></main>`,
    ),
  );

/** A page behind a signed link is kept nowhere, told to nobody, and runs nothing. */
export const SECURE = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};
