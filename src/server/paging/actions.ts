import type { ChannelName } from '../channels/types.ts';
import type { Ctx } from '../platform/ctx.ts';
import { usableMethods } from './rules.ts';
import * as store from './store.ts';
import './types.ts';

export {
  answer,
  confirmsTest,
  deliveryOfReply,
  letGo,
  type PressedOn,
  pageOfLink,
  pageOfReply,
  pressedOn,
  stop,
} from './answer.ts';
export { channelStates, prepareTest, sendTest } from './channel-test.ts';
export { deliver, recover, repairStuck } from './deliver.ts';
export { unreachedDue } from './fail-over.ts';
export { probeProviders, providerHealth } from './health.ts';
export { canMail, mailInvitation, sendInvitation } from './invitation.ts';
export { loadOfPeople } from './load.ts';
export { noticeAdministrators, noticeBy, noticePeople, sendNotice } from './notice.ts';
export { page, ruleDue, waitingOver } from './page.ts';
export { newestPages, type ProvenPage } from './proof-store.ts';
export { confirmCode, forgetReach, reachOf, saveReach, sendCode, sendDirect, testPage } from './reach.ts';
export { reachProblems } from './readiness.ts';
export { receiptDue, receiptOfToken } from './receipts.ts';
export { silence } from './ringing.ts';
export {
  localAndUtc,
  localTime,
  maskAddress,
  quietUntil,
  ruleSteps,
  shownSeverity,
  sinceText,
  tellingLabels,
  waysFor,
} from './rules.ts';
export { sendBy, sendOptions } from './send.ts';
export { changeableOf, changeMessage, type SentMessage, sentMessage } from './sent.ts';
export {
  maskSecrets,
  providerOf,
  providersOf,
  readCompensation,
  readSettings,
  saveCompensation,
  saveDelivery,
  saveSettings,
  webPushKey,
} from './settings.ts';
export { hold as holdSettings } from './settings-store.ts';
export { forgetSocket, holdSocket, releaseSocket } from './socket-store.ts';
export type { PageRow } from './store.ts';
export { linkTelegram, prepareTelegramLink, telegramLink } from './telegram.ts';
export {
  askedOn,
  awakeAt,
  beingPaged,
  confirmTest,
  lastRuns,
  lastTests,
  localeOfTest,
  openTestPages,
  sendTestMessage,
  testOfLink,
  testOfReply,
  testOver,
} from './test-pages.ts';
export { pageWords, updateWords } from './wording.ts';
export { tryWording, wordingShown } from './wording-sample.ts';

/** By which address of a channel each of these people is paged, by id; whoever has none that can be used is not in it. */
export const addressesBy = async (
  ctx: Ctx,
  people: { id: string; email: string }[],
  channel: ChannelName,
): Promise<Map<string, string>> => {
  const rows = await store.methodRows(
    ctx,
    people.map((person) => person.id),
  );
  return new Map(
    people.flatMap(({ id, email }) => {
      const own = rows.filter((row) => row.person_id === id).map(store.methodOf);
      const method = usableMethods(own, email).find((one) => one.channel === channel);
      return method ? [[id, method.address] as const] : [];
    }),
  );
};
export const openPagesOf = store.openPagesOf;
export const ownerOf = store.ownerOf;
export const pagesOfStep = store.pagesOfStep;
export const sentBetween = store.sentBetween;
export const unansweredOf = store.unansweredOf;
/** The labels of people's contact methods, by method id. */
export const labelsOf = async (ctx: Ctx, personIds: string[]) =>
  new Map((await store.methodRows(ctx, personIds)).map((row) => [row.id, row.label]));
export const wasReached = store.wasReached;
/** Messages that should have left, or come back, more than so many seconds ago. */
export const stuckMessages = store.stuckDeliveries;

/** Every page of an incident with its messages and their receipts, oldest first. */
export const pagesOf = async (ctx: Ctx, incidentId: string) => {
  const pages = await store.pagesOfIncident(ctx, incidentId);
  const deliveries = await store.deliveriesOfPages(
    ctx,
    pages.map((page) => page.id),
  );
  return pages.map((page) => ({ ...page, deliveries: deliveries.filter((delivery) => delivery.page_id === page.id) }));
};
