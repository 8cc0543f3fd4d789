import type { InboundReply, Message } from '../channels/types.ts';
import { say } from '../channels/words/words.ts';
import * as escalation from '../escalation/actions.ts';
import * as paging from '../paging/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import type { EventMap } from '../platform/events.ts';
import type { JobMap } from '../platform/jobs.ts';
import * as store from './store.ts';
import './types.ts';

/** A provider that is down, or asks for patience, is asked for half an hour; the buttons of a message that it never changed change nothing. */
const AGAIN_AFTER_MS = 30_000;
const MAX_TRIES = 60;

type Page = Pick<paging.PageRow, 'incident_id' | 'run_id' | 'round' | 'step'>;

/** The incident, or the one it was merged into. */
export const standing = async (ctx: Ctx, id: string): Promise<store.ShownRow> => {
  const row = await store.shownById(ctx, id);
  if (!row) throw new AppError('not_found', 'The incident is gone');
  return row.merged_into ? standing(ctx, row.merged_into) : row;
};

/** How an incident stands, as a predicate. `hasGoneOn`: for somebody whose step escalation has left. */
const stateOf = (row: store.ShownRow, locale: string | undefined, hasGoneOn: boolean): string => {
  const { status, acknowledger_name: person } = row;
  if (status === 'resolved' || status === 'closed') return say(locale, `state.${status}`);
  if (status !== 'acknowledged') return say(locale, hasGoneOn ? 'state.gone_on' : 'state.triage');
  const key = row.snoozed_until ? 'snoozed' : 'acknowledged';
  return person ? say(locale, `state.${key}_by`, { person }) : say(locale, `state.${key}`);
};

/** How an incident stands, in a sentence of this language and this installation's wording. */
export const sentenceOf = async (ctx: Ctx, row: store.ShownRow, locale: string | undefined, hasGoneOn = false): Promise<string> =>
  paging.updateWords((await paging.readSettings(ctx)).wording, locale, {
    number: row.number,
    title: row.title,
    service: row.service,
    severity: say(locale, `severity.${paging.shownSeverity(row.severity)}`),
    state: stateOf(row, locale, hasGoneOn),
  });

/** What a message that was sent about these pages says now, and which of its buttons still do something. */
const standOfPages = async (ctx: Ctx, pages: Page[], locale: string | undefined): Promise<NonNullable<Message['now']>> => {
  const [first] = pages as [Page];
  const shown: store.ShownRow[] = [];
  for (const page of pages) shown.push(await standing(ctx, page.incident_id));
  const [mine] = shown as [store.ShownRow];
  const goneOn = mine.id === first.incident_id && (await escalation.hasGoneOn(ctx, first));
  const isOpen = mine.status === 'triage' || mine.status === 'acknowledged';
  const actions: InboundReply['action'][] = [];
  if (shown.some((row) => row.status === 'triage')) actions.push('acknowledge');
  if (isOpen && !goneOn) actions.push('escalate');
  if (isOpen) actions.push('resolve');
  const sentences: string[] = [];
  for (const [at, row] of shown.entries()) sentences.push(await sentenceOf(ctx, row, locale, at === 0 && goneOn));
  return { text: [...new Set(sentences)].join('\n'), actions };
};

/** The same of what a place was told: whoever presses there acts as themselves. */
const standOfPlace = async (ctx: Ctx, incidentId: string): Promise<NonNullable<Message['now']>> => {
  const row = await standing(ctx, incidentId);
  const text = await sentenceOf(ctx, row, undefined);
  if (row.status === 'triage') return { text, actions: ['acknowledge', 'escalate', 'resolve'] };
  return { text, actions: row.status === 'acknowledged' ? ['escalate', 'resolve'] : [] };
};

/** A message arrived when its page was over already: it says so at once. */
export const sentLate = (ctx: Ctx, { delivery_id }: { delivery_id: string }): Promise<void> =>
  ctx.enqueue('incidents.show_stand', [{ data: { delivery_id, on: null, tries: 1 } }]);

/** A place was told, and the incident may be somebody's by now. Held, so that whoever answers at this moment finds the message. */
export const placeTold = async (ctx: Ctx, { place_message_id, incident_id }: EventMap['place.told']): Promise<void> => {
  const row = await store.lock(ctx, incident_id);
  if (row && row.status !== 'triage') await ctx.enqueue('incidents.show_place', [{ data: { place_message_id, tries: 1 } }]);
};

type Shown = { sent: paging.SentMessage; providerId: string | null; now: NonNullable<Message['now']> };
/**
 * Has a message that was sent say how its incident stands. The provider may take two changes in another order than they were
 * made, so each is followed by a look whether it still is as it was said.
 */
const follow = async (
  outside: Outside,
  read: (ctx: Ctx) => Promise<Shown | undefined>,
  tries: number,
  again: (ctx: Ctx, tries: number, at?: Temporal.Instant) => Promise<void>,
): Promise<void> => {
  const shown = await outside.transaction(read);
  if (!shown?.providerId) return;
  const result = await paging.changeMessage(outside, shown.sent, shown.providerId, shown.now);
  if (result.outcome !== 'sent') {
    outside.log.warn({ problem: result.reason, tries }, 'a message still shows how it was');
    if (result.outcome === 'refused' || tries >= MAX_TRIES) return;
  }
  await outside.transaction(async (ctx) => {
    if (result.outcome === 'retry') return again(ctx, tries + 1, ctx.now.add({ milliseconds: result.afterMs ?? AGAIN_AFTER_MS }));
    const now = (await read(ctx))?.now;
    if (now && (now.text !== shown.now.text || now.actions.join() !== shown.now.actions.join())) await again(ctx, 1);
  });
};

export const showStand = (outside: Outside, { delivery_id, on, tries }: JobMap['incidents.show_stand']): Promise<void> =>
  follow(
    outside,
    async (ctx) => {
      const sent = await paging.sentMessage(ctx, delivery_id);
      return sent && { sent, providerId: on ?? sent.providerId, now: await standOfPages(ctx, sent.pages, sent.message.locale) };
    },
    tries,
    (ctx, next, at) => ctx.enqueue('incidents.show_stand', [{ data: { delivery_id, on, tries: next }, ...(at ? { at } : {}) }]),
  );

export const showPlace = (outside: Outside, { place_message_id, tries }: JobMap['incidents.show_place']): Promise<void> =>
  follow(
    outside,
    async (ctx) => {
      const sent = await escalation.placeMessage(ctx, place_message_id);
      return sent && { sent, providerId: sent.providerId, now: await standOfPlace(ctx, sent.incident_id) };
    },
    tries,
    (ctx, next, at) => ctx.enqueue('incidents.show_place', [{ data: { place_message_id, tries: next }, ...(at ? { at } : {}) }]),
  );

type Replied = { page: paging.PageRow; delivery_id: string; goneOn: boolean };
/** Answers the page that a reply is about. `goneOn`: it asked for a next step that is paged already, and changed nothing. */
export const reply = async (ctx: Ctx, said: InboundReply, channels: string[], via: string): Promise<Replied | undefined> => {
  const found = await paging.deliveryOfReply(ctx, said, channels);
  if (!found) return undefined;
  // Held from here on: of two that ask at once, the second is told.
  const row = await store.lock(ctx, found.page.incident_id);
  const goneOn = said.action === 'escalate' && !row?.merged_into && (await escalation.hasGoneOn(ctx, found.page));
  await paging.answer(ctx, found.page.id, said.action, via);
  return { ...found, goneOn };
};
