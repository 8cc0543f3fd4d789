import type { InboundReply } from '../channels/types.ts';
import { peopleByIds } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { readLink } from '../platform/links.ts';
import { isOpen, releaseWaiting } from './page.ts';
import { stopRinging } from './ringing.ts';
import * as store from './store.ts';
import { confirmTest, localeOfTest, testOfReply } from './test-pages.ts';
import type { Answer } from './types.ts';

/** Whoever was paged may answer that page, whatever her role is otherwise. */
const asPaged = (ctx: Ctx, page: store.PageRow, name: string, via: string): Ctx => ({
  ...ctx,
  source: via,
  actor: { kind: 'person', id: page.person_id, name, role: 'responder' },
});

/**
 * A person answered. Acknowledging answers every incident the message spoke of; escalating and resolving
 * only the first. Safe to repeat. Somebody deactivated since, or who only shadows, changes nothing. `via` is the way it came: `mail link`, `sms`, `voice`, `slack`, `mail`.
 */
export const answer = async (
  ctx: Ctx,
  pageId: string,
  action: Answer['action'],
  via: string,
): Promise<store.PageRow | undefined> => {
  const page = await store.pageById(ctx, pageId);
  if (!page) return undefined;
  const [person] = await peopleByIds(ctx, [page.person_id]);
  const asHer = asPaged(ctx, page, person?.name ?? 'unknown', via);
  const refused = !person?.active ? 'is deactivated' : page.shadow ? 'only shadows this page' : undefined;
  if (refused) {
    await journal(asHer, {
      type: 'page.answer_refused',
      subject: { type: 'incident', id: page.incident_id },
      text: `${person?.display_name} answered by ${via} (${action}), but ${refused}: nothing was changed`,
      data: { page: page.id, action, via },
    });
    return page;
  }
  await journal(asHer, {
    type: 'page.answered',
    subject: { type: 'incident', id: page.incident_id },
    text: `${asHer.actor.name} answered by ${via}: ${action}`,
    data: { page: page.id, action, via },
  });
  const together = action === 'acknowledge' ? await store.pagesByIds(ctx, await store.bundledWith(ctx, page)) : [];
  for (const one of [page, ...together.filter(isOpen)])
    await asHer.emit('page.answered', {
      incident_id: one.incident_id,
      page_id: one.id,
      run_id: one.run_id,
      round: one.round,
      step: one.step,
      person_id: one.person_id,
      action,
      via,
    });
  await releaseWaiting(asHer, page.person_id);
  return page;
};

/** Finds what a reply is about: its token, or the last message sent to the address it came from. */
export const deliveryOfReply = async (
  ctx: Ctx,
  reply: InboundReply,
  channels: string[],
): Promise<{ page: store.PageRow; delivery_id: string } | undefined> => {
  const link = reply.replyToken ? readLink(ctx.secret, 'delivery', reply.replyToken, ctx.now) : undefined;
  const delivery =
    link && !link.expired
      ? await store.deliveryById(ctx, link.id)
      : reply.from
        ? await store.lastDeliveryTo(ctx, channels, reply.from)
        : undefined;
  const page = delivery && (await store.pageById(ctx, delivery.page_id));
  return page && { page, delivery_id: delivery.id };
};

/** Where a reply is about a test page, by its token, or because no page was sent there since, it confirms that: the language of the person. */
export const confirmsTest = async (
  ctx: Ctx,
  reply: InboundReply,
  channels: string[],
  via: string,
): Promise<{ locale: string | undefined } | undefined> => {
  const test = await testOfReply(ctx, reply, channels);
  const page = test && (await deliveryOfReply(ctx, reply, channels))?.page;
  const since = page && (page.first_sent_at?.epochMilliseconds ?? 0) >= (test.sent_at?.epochMilliseconds ?? 0);
  if (!test || since) return undefined;
  await confirmTest(ctx, test.id, via);
  return { locale: await localeOfTest(ctx, test.id) };
};

export type PressedOn = {
  incident_id: string;
  /** When its buttons end. */
  expires: Temporal.Instant;
  page?: { id: string; address: string; person_id: string; delivery_id: string };
};
/**
 * What the token of a pressed button is about: an incident, and where its message went to a person, that page, the address and the
 * delivery.
 */
export const pressedOn = async (
  ctx: Ctx,
  channel: 'telegram' | 'mattermost',
  token: string,
): Promise<PressedOn | 'expired' | 'forged'> => {
  const link = readLink(ctx.secret, 'delivery', token, ctx.now);
  if (link) {
    const delivery = link.expired ? undefined : await store.deliveryById(ctx, link.id);
    const page = delivery && (await store.pageById(ctx, delivery.page_id));
    if (!page) return 'expired';
    return delivery.channel === channel
      ? {
          incident_id: page.incident_id,
          expires: link.expires,
          page: { id: page.id, address: delivery.address, person_id: page.person_id, delivery_id: delivery.id },
        }
      : 'forged';
  }
  // Of its own kind: Telegram shows its tokens to whoever looks, and Mattermost vouches for nobody but by a token it keeps.
  const place = readLink(ctx.secret, channel === 'mattermost' ? 'mattermost_place' : 'place', token, ctx.now);
  if (!place) return 'forged';
  return place.expired ? 'expired' : { incident_id: place.id, expires: place.expires };
};

/** The page that a message with this reply token is about; none for a token that has expired. */
export const pageOfReply = async (ctx: Ctx, token: string): Promise<store.PageRow | undefined> => {
  const link = readLink(ctx.secret, 'delivery', token, ctx.now);
  const delivery = link && !link.expired ? await store.deliveryById(ctx, link.id) : undefined;
  return delivery && store.pageById(ctx, delivery.page_id);
};

/** The page behind a signed link; a page's link that has expired still says which page it was. */
export const pageOfLink = async (ctx: Ctx, token: string): Promise<{ page: store.PageRow; expired: boolean } | undefined> => {
  const link = readLink(ctx.secret, 'page', token, ctx.now);
  const page = link ? await store.pageById(ctx, link.id) : undefined;
  return page && link ? { page, expired: link.expired } : undefined;
};

/** Stops paging for an incident: someone has it, or it is over. Returns the people who were being paged. */
export const stop = async (ctx: Ctx, incidentId: string, reason: string, answeredBy?: string): Promise<string[]> => {
  const ended = await store.endPages(ctx, incidentId, reason, answeredBy);
  if (ended.length === 0) return [];
  await store.cancelDeliveries(
    ctx,
    ended.map((page) => page.id),
  );
  await stopRinging(
    ctx,
    ended.map((page) => page.id),
  );
  await journal(ctx, {
    type: 'paging.stopped',
    subject: { type: 'incident', id: incidentId },
    text: `Paging stopped: ${reason}`,
    data: { pages: ended.length },
  });
  // What waited behind these pages need not wait for the time of its bundle.
  for (const id of await store.freed(ctx, [...new Set(ended.map((page) => page.person_id))])) await releaseWaiting(ctx, id);
  return ended.map((page) => page.person_id);
};

/** Pages a person no more, whatever the incident: somebody else must. Returns the pages that ended. Safe to repeat. */
export const letGo = async (ctx: Ctx, personId: string, reason: string): Promise<store.PageRow[]> => {
  const ended = await store.endPagesOf(ctx, personId, reason);
  if (ended.length === 0) return [];
  await store.cancelDeliveries(
    ctx,
    ended.map((page) => page.id),
  );
  await stopRinging(
    ctx,
    ended.map((page) => page.id),
  );
  await journal(
    ctx,
    ...ended.map((page) => ({
      type: 'page.let_go',
      subject: { type: 'incident' as const, id: page.incident_id },
      text: `A page ended unanswered: ${reason}`,
      data: { page: page.id, person_id: personId, reason },
    })),
  );
  return ended;
};
