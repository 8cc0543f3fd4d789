import { html, raw } from 'hono/html';
import type { Message } from '../types.ts';
import { languageOf, say } from '../words/words.ts';
import { DARK, LIGHT } from './colours.ts';

const FONT = "Geist, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
/** Shape before colour: each severity reads in grey, and without the mark by its word. */
const MARK = {
  critical: '⬣',
  high: '▲',
  medium: '◆',
  low: '○',
} as const;
const BUTTON = {
  page: 'button.acknowledge',
  verification: 'button.verification',
  notice: 'button.notice',
  test: 'button.notice',
} as const;
const buttonOf = ({ kind, locale }: Message): string => say(locale, BUTTON[kind]);

/** Mail programs that honour it get the dark theme; `!important` because the light one is inline. */
const darkRules = (['surface', 'canvas'] as const)
  .map((ground) => `.${ground}{background-color:${DARK[ground]}!important}`)
  .concat(
    (['fg', 'fgMuted', 'fgSubtle', 'critical', 'high', 'medium', 'low'] as const).map(
      (text) => `.${text}{color:${DARK[text]}!important}`,
    ),
    `.line{border-color:${DARK.line}!important}`,
    `.button{background-color:${DARK.accent}!important;color:${DARK.onAccent}!important}`,
  )
  .join('');

const paragraphs = (text: string): string[] => text.split(/\n{2,}/).filter((part) => part.trim() !== '');

/** Notes under the button; replying is offered only where an answer finds its way back. */
const notesOf = (message: Message, canReply: boolean): string[] =>
  message.kind === 'page'
    ? [...(message.actionUrl ? [say(message.locale, 'mail.link')] : []), ...(canReply ? [say(message.locale, 'mail.reply')] : [])]
    : [];

/** The line for narrow channels says in one what a page's title and facts say here; nor is a body said twice. */
const leadOf = ({ kind, short, subject, body, facts }: Message): string =>
  short === subject || short === body || (kind === 'page' && facts.length > 0) ? '' : short;

const wordOf = ({ severity, locale }: Message): string => (severity ? say(locale, `severity.${severity}`) : '');

/** The plain text part: the same words in the same order as the HTML. */
export const renderText = (message: Message, canReply: boolean): string => {
  const width = Math.max(0, ...message.facts.map((fact) => fact.label.length));
  const parts = [
    message.severity ? `${wordOf(message)}: ${message.subject}` : message.subject,
    leadOf(message),
    message.facts.map((fact) => `${fact.label.padEnd(width)}  ${fact.value}`).join('\n'),
    message.body?.trim() ?? '',
    message.actionUrl ? `${buttonOf(message)}:\n${message.actionUrl}` : '',
    notesOf(message, canReply).join('\n'),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
};

/** The HTML part: one column of tables with inline colours, readable with styles, pictures and scripts off. */
export const renderHtml = async (message: Message, canReply: boolean): Promise<string> => {
  const mark = message.severity && MARK[message.severity];
  const row = `padding:12px 0;border-top:1px solid ${LIGHT.line};font-size:16px;line-height:1.45;vertical-align:top`;
  const page = await html`<!doctype html>
<html lang="${languageOf(message.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${message.subject}</title>
<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){${raw(darkRules)}}</style>
</head>
<body class="canvas" style="margin:0;padding:0;background-color:${LIGHT.canvas}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:16px 8px">
<table role="presentation" class="surface line" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;background-color:${LIGHT.surface};border:1px solid ${LIGHT.line};border-radius:6px;font-family:${raw(FONT)};text-align:left">
<tr><td style="padding:20px 20px 0">
<p class="fg" style="margin:0 0 20px;font-size:14px;font-weight:600;color:${LIGHT.fg}">Allclear</p>
${message.severity ? html`<p class="${message.severity}" style="margin:0 0 4px;font-size:16px;font-weight:500;color:${LIGHT[message.severity]}"><span aria-hidden="true">${mark}</span> ${wordOf(message)}</p>` : ''}
<h1 class="fg" style="margin:0 0 8px;font-size:20px;line-height:1.25;font-weight:600;color:${LIGHT.fg}">${message.subject}</h1>
${leadOf(message) ? html`<p class="fgMuted" style="margin:0 0 16px;font-size:16px;line-height:1.45;color:${LIGHT.fgMuted}">${leadOf(message)}</p>` : ''}
</td></tr>
${
  message.facts.length === 0
    ? ''
    : html`<tr><td style="padding:0 20px"><table width="100%" cellpadding="0" cellspacing="0" border="0">
${message.facts.map((fact) => html`<tr><th scope="row" class="fgSubtle line" width="32%" style="${row};padding-right:12px;text-align:left;font-weight:400;color:${LIGHT.fgSubtle}">${fact.label}</th><td class="fg line" style="${row};color:${LIGHT.fg}">${fact.value}</td></tr>`)}
</table></td></tr>`
}
${
  message.body
    ? html`<tr><td class="line" style="padding:16px 20px 0;border-top:1px solid ${LIGHT.line}">${paragraphs(message.body).map((part) => html`<p class="fg" style="margin:0 0 12px;font-size:14px;line-height:1.6;white-space:pre-line;color:${LIGHT.fg}">${part}</p>`)}</td></tr>`
    : ''
}
${
  message.actionUrl
    ? html`<tr><td style="padding:16px 20px 0"><a href="${message.actionUrl}" class="button" style="display:block;padding:18px 16px;border-radius:6px;background-color:${LIGHT.accent};color:${LIGHT.onAccent};font-size:16px;line-height:20px;font-weight:600;text-align:center;text-decoration:none">${buttonOf(message)}</a></td></tr>`
    : ''
}
<tr><td style="padding:12px 20px 20px">${notesOf(message, canReply).map((note) => html`<p class="fgSubtle" style="margin:0 0 4px;font-size:14px;line-height:1.45;color:${LIGHT.fgSubtle}">${note}</p>`)}</td></tr>
</table>
</td></tr></table>
</body>
</html>`;
  return String(page);
};
