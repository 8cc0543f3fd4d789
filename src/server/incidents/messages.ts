import type { InboundReply, Message } from '../channels/types.ts';
import * as escalation from '../escalation/actions.ts';
import * as paging from '../paging/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
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

/** How an incident stands. `hasGoneOn`: for somebody whose step escalation has left. */
export const sentenceOf = (row: store.ShownRow, hasGoneOn = false): string => {
  const by = row.acknowledger_name ? ` by ${row.acknowledger_name}` : '';
  if (row.status === 'triage')
    return `${row.number} is not acknowledged; ${hasGoneOn ? 'the next people are paged' : 'escalation goes on'}.`;
  if (row.status === 'acknowledged') return `${row.number} is ${row.snoozed_until ? 'snoozed' : 'acknowledged'}${by}.`;
  return `${row.number} is ${row.status}.`;
};

/** What a message that was sent about these pages says now, and which of its buttons still do something. */
const standOfPages = async (ctx: Ctx, pages: Page[]): Promise<NonNullable<Message['now']>> => {
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
  const sentences = shown.map((row, at) => sentenceOf(row, at === 0 && goneOn));
  return { text: [...new Set(sentences)].join('\n'), actions };
};

/** A message arrived when its page was over already: it says so at once. */
export const sentLate = (ctx: Ctx, { delivery_id }: { delivery_id: string }): Promise<void> =>
  ctx.enqueue('incidents.show_stand', [{ data: { delivery_id, on: null, tries: 1 } }]);

/**
 * Has a message that was sent say how its incident stands. The provider may take two changes in another order than they were
 * made, so each is followed by a look whether it still is as it was said.
 */
export const showStand = async (outside: Outside, { delivery_id, on, tries }: JobMap['incidents.show_stand']): Promise<void> => {
  const sent = await outside.transaction(async (ctx) => {
    const message = await paging.sentMessage(ctx, delivery_id);
    return message && { message, now: await standOfPages(ctx, message.pages) };
  });
  const providerId = on ?? sent?.message.providerId;
  if (!sent || !providerId) return;
  const result = await paging.changeMessage(outside, sent.message, providerId, sent.now);
  if (result.outcome !== 'sent') {
    outside.log.warn({ problem: result.reason, tries }, 'a message still shows how it was');
    if (result.outcome === 'refused' || tries >= MAX_TRIES) return;
  }
  await outside.transaction(async (ctx) => {
    if (result.outcome === 'retry') {
      const at = ctx.now.add({ milliseconds: result.afterMs ?? AGAIN_AFTER_MS });
      return ctx.enqueue('incidents.show_stand', [{ data: { delivery_id, on, tries: tries + 1 }, at }]);
    }
    const now = await standOfPages(ctx, sent.message.pages);
    if (now.text !== sent.now.text || now.actions.join() !== sent.now.actions.join())
      await ctx.enqueue('incidents.show_stand', [{ data: { delivery_id, on, tries: 1 } }]);
  });
};

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
