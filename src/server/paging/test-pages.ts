import type { ChannelName, InboundReply, Message, Receipt, SendResult } from '../channels/types.ts';
import { say, tell } from '../channels/words/words.ts';
import { type PersonRow, peopleByIds } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { newId } from '../platform/id.ts';
import { readLink, signLink } from '../platform/links.ts';
import { localAndUtc, retryDelay, sinceText, usableMethods } from './rules.ts';
import { sendBy } from './send.ts';
import { readSettings } from './settings.ts';
import * as methods from './store.ts';
import * as store from './test-page-store.ts';
import { providersLeft } from './vendors.ts';
import { awakeAt } from './waking.ts';
import { type Told, testWords, unusedWording } from './wording.ts';

export { askedOn, beingPaged, lastRuns } from './test-page-store.ts';
export { awakeAt } from './waking.ts';

const LINK_LIFE = { hours: 72 };

type Asked = { person: PersonRow; on_date: string };

/**
 * Asks people by every method of theirs to acknowledge that a page reaches them. `plan`: by the calendar, once a day and person.
 * Returns each test with the labels of the methods that are tried. Safe to repeat.
 */
export const openTestPages = async (
  ctx: Ctx,
  asked: Asked[],
  { plan, hours }: { plan: string | null; hours: number },
): Promise<{ person: PersonRow; methods: string[] }[]> => {
  if (asked.length === 0) return [];
  const confirm_by = ctx.now.add({ hours });
  const made = await store.insertPages(
    ctx,
    asked.map(({ person, on_date }) => ({
      id: newId(),
      person_id: person.id,
      plan,
      on_date,
      asked_by: ctx.actor.name,
      confirm_by,
    })),
  );
  const rows = await methods.methodRows(
    ctx,
    made.map((page) => page.person_id),
  );
  const out: { person: PersonRow; methods: string[] }[] = [];
  for (const page of made) {
    const person = asked.find((one) => one.person.id === page.person_id)?.person as PersonRow;
    const usable = usableMethods(rows.filter((row) => row.person_id === person.id).map(methods.methodOf), person.email);
    const messages = usable.map(({ id, label, channel, address }) => ({
      id: newId(),
      test_page_id: page.id,
      method_id: id,
      label,
      channel,
      address,
    }));
    await store.insertMessages(ctx, messages);
    await ctx.enqueue(
      'paging.send_test',
      messages.map((message) => ({ data: { message_id: message.id } })),
    );
    await ctx.enqueue('paging.test_over', [{ data: { test_page_id: page.id }, at: confirm_by }]);
    const labels = messages.map((message) => message.label);
    await journal(ctx, {
      type: 'person.test_page',
      subject: { type: 'person', id: person.id },
      text: plan
        ? `A test page goes to ${person.display_name}, as ${plan} plans it`
        : `${ctx.actor.name} sends a test page to ${person.display_name}`,
      data: { methods: labels, plan, confirm_by },
    });
    out.push({ person, methods: labels });
  }
  return out;
};

type Prepared = { message: Message; row: Sent; providers: Awaited<ReturnType<typeof providersLeft>> };
type Sent = NonNullable<Awaited<ReturnType<typeof store.messageById>>>;

/** One message of a test. Sent again after a crash under the same key; tried three times, as a page's is. */
export const sendTestMessage = async (outside: Outside, { message_id }: { message_id: string }): Promise<void> => {
  const prepared = await outside.transaction((ctx) => prepare(ctx, message_id));
  if (!prepared) return;
  const { row, message, providers } = prepared;
  let result: SendResult = { outcome: 'refused', reason: `no ${row.channel} provider is set up` };
  for (const provider of providers) {
    result = await sendBy(outside, provider, row.channel as ChannelName, row.address, message);
    if (result.outcome === 'sent') break;
  }
  await outside.transaction((ctx) => record(ctx, message_id, row.attempt + 1, result));
};

const prepare = async (ctx: Ctx, id: string): Promise<Prepared | undefined> => {
  const row = await store.messageById(ctx, id);
  const page = row && (await store.pageById(ctx, row.test_page_id));
  if (!page || row.status !== 'queued' || page.status !== 'open') return undefined;
  const [person] = await peopleByIds(ctx, [page.person_id]);
  if (!person?.active) return undefined;
  // The server may have stood still since it was planned: by now it may be night there.
  const at = page.plan === null ? ctx.now : awakeAt(person, ctx.now);
  if (!at || Temporal.Instant.compare(at, page.confirm_by) >= 0) {
    await store.setMessage(ctx, id, { status: 'failed', error: 'not sent: it would have been night there' });
    return undefined;
  }
  if (Temporal.Instant.compare(at, ctx.now) > 0) {
    await ctx.enqueue('paging.send_test', [{ data: { message_id: id }, at }]);
    return undefined;
  }
  const settings = await readSettings(ctx);
  const told = { own: settings.wording, channel: row.channel as ChannelName, locale: person.locale };
  if (row.attempt === 0)
    for (const problem of unusedWording(told, 'test'))
      await journal(ctx, {
        type: 'person.wording_unused',
        subject: { type: 'person', id: person.id },
        text: `The test page to ${row.label} is worded as usual, because this installation’s own wording cannot be used (${problem})`,
        data: { label: row.label, channel: row.channel, problem },
      });
  return {
    row,
    message: compose(ctx, row, page, person, told),
    providers: await providersLeft(ctx, settings, row.channel, []),
  };
};

const compose = (ctx: Ctx, row: Sent, page: store.TestPageRow, { locale, time_zone }: PersonRow, told: Told): Message => {
  const expires = page.created_at.add(LINK_LIFE);
  const link = `${ctx.publicUrl}/p/${signLink(ctx.secret, 'page', page.id, expires)}`;
  const back = signLink(ctx.secret, 'delivery', row.id, expires);
  const why = tell(
    locale,
    page.plan
      ? { key: 'why.planned_test', values: { plan: page.plan } }
      : { key: 'why.asked_test', values: { person: page.asked_by } },
  );
  return {
    kind: 'page',
    idempotencyKey: row.id,
    replyToken: back,
    callbackUrl: `${ctx.publicUrl}/answer/${row.channel}/${back}`,
    thread: page.id,
    ...testWords(told, { why, by: sinceText(page.confirm_by, time_zone, locale, page.created_at), link }),
    facts: [
      { label: say(locale, 'fact.why'), value: why },
      { label: say(locale, 'test.by'), value: localAndUtc(page.confirm_by, time_zone, locale) },
    ],
    severity: 'low',
    // What somebody asks for by hand rings once, so that it is seen to; what the calendar sends need not.
    ...(page.plan === null ? {} : { urgency: 'low' as const }),
    actionUrl: link,
    actions: [{ label: 'Acknowledge', url: `${link}/acknowledge` }],
    locale,
  };
};

const record = async (ctx: Ctx, id: string, attempt: number, result: SendResult): Promise<void> => {
  const row = await store.lockMessage(ctx, id);
  if (row?.status !== 'queued') return;
  const page = (await store.pageById(ctx, row.test_page_id)) as store.TestPageRow;
  const wait = result.outcome === 'retry' ? retryDelay(attempt, result.afterMs) : undefined;
  if (wait !== undefined) {
    await store.setMessage(ctx, id, { attempt, error: result.outcome === 'sent' ? null : result.reason });
    await ctx.enqueue('paging.send_test', [{ data: { message_id: id }, at: ctx.now.add({ milliseconds: wait }) }]);
    return;
  }
  const sent = result.outcome === 'sent';
  if (sent)
    await store.setMessage(ctx, id, {
      attempt,
      status: result.receipts ? 'sent' : 'delivered',
      provider_id: result.providerId ?? null,
      sent_at: ctx.now,
      error: null,
    });
  else await store.setMessage(ctx, id, { attempt, status: 'failed', error: result.reason });
  if (result.outcome === 'refused' && result.gone && row.method_id)
    await methods.disableMethod(ctx, row.method_id, result.reason);
  await journal(ctx, {
    type: sent ? 'person.message_sent' : 'person.message_failed',
    subject: { type: 'person', id: page.person_id },
    text: `Test page to ${row.label}: ${sent ? 'the provider took it' : result.reason}`,
    data: { label: row.label, channel: row.channel, kind: 'test', outcome: result.outcome },
  });
};

/** The provider's later word on a message, if it is one of a test. */
export const testReceipt = async (ctx: Ctx, id: string, word: Receipt): Promise<void> => {
  const row = await store.lockMessage(ctx, id);
  if (!row || row.receipt_at || (row.status !== 'sent' && row.status !== 'queued')) return;
  // Of the vendor that could not send it, before another could.
  if (row.provider_id !== null && row.provider_id !== word.providerId) return;
  const failed = word.state === 'failed';
  await store.setMessage(ctx, id, {
    status: failed ? 'failed' : 'delivered',
    error: failed ? (word.reason ?? 'the provider could not deliver it') : null,
    provider_id: word.providerId,
    receipt_at: ctx.now,
    ...(row.sent_at ? {} : { sent_at: ctx.now }),
  });
  const page = await store.pageById(ctx, row.test_page_id);
  if (failed && page)
    await journal(ctx, {
      type: 'person.message_failed',
      subject: { type: 'person', id: page.person_id },
      text: `Test page to ${row.label}: ${word.reason ?? 'the provider could not deliver it'}`,
      data: { label: row.label, channel: row.channel, kind: 'test', outcome: 'failed' },
    });
};

/** The language of the person whom a test asks. */
export const localeOfTest = async (ctx: Ctx, id: string): Promise<string | undefined> => {
  const page = await store.pageById(ctx, id);
  return page && (await peopleByIds(ctx, [page.person_id]))[0]?.locale;
};

/** The person confirms, by whatever word, key or button: it is a test, so there is nothing to escalate. Safe to repeat. */
export const confirmTest = async (ctx: Ctx, id: string, via: string): Promise<void> => {
  const page = await store.setConfirmed(ctx, id, via);
  if (!page) return;
  const [person] = await peopleByIds(ctx, [page.person_id]);
  const late = Temporal.Instant.compare(ctx.now, page.confirm_by) > 0;
  await journal(
    { ...ctx, source: via, actor: { kind: 'person', id: page.person_id, name: person?.name ?? 'unknown', role: 'responder' } },
    {
      type: 'person.test_confirmed',
      subject: { type: 'person', id: page.person_id },
      text: `${person?.display_name} confirmed the test page by ${via}${late ? ', later than asked' : ''}`,
      data: { via, late, plan: page.plan },
    },
  );
};

/** The test that a reply is about: by its token, or the last message of a test sent to the address it came from, and when. */
export const testOfReply = async (
  ctx: Ctx,
  reply: InboundReply,
  channels: string[],
): Promise<{ id: string; address: string; sent_at: Temporal.Instant | null } | undefined> => {
  const link = reply.replyToken ? readLink(ctx.secret, 'delivery', reply.replyToken, ctx.now) : undefined;
  const row =
    link && !link.expired
      ? await store.messageById(ctx, link.id)
      : reply.from
        ? await store.lastMessageTo(ctx, channels, reply.from)
        : undefined;
  return row && channels.includes(row.channel) ? { id: row.test_page_id, address: row.address, sent_at: row.sent_at } : undefined;
};

/** The test behind a signed link, with the person. */
export const testOfLink = async (ctx: Ctx, token: string) => {
  const link = readLink(ctx.secret, 'page', token, ctx.now);
  const page = link ? await store.pageById(ctx, link.id) : undefined;
  const [person] = page ? await peopleByIds(ctx, [page.person_id]) : [];
  return page && link && person ? { page, person, expired: link.expired } : undefined;
};

/** The time to confirm is over. */
export const testOver = async (ctx: Ctx, { test_page_id }: { test_page_id: string }): Promise<void> => {
  const page = await store.setUnconfirmed(ctx, test_page_id);
  if (!page) return;
  await journal(ctx, {
    type: 'person.test_unconfirmed',
    subject: { type: 'person', id: page.person_id },
    text: 'The test page was not confirmed in time',
    data: { plan: page.plan },
  });
};

type LastTest = store.TestPageRow & { messages: Awaited<ReturnType<typeof store.messagesOf>> };
/** The newest test page of each, with its messages, by person id. */
export const lastTests = async (ctx: Ctx, personIds: string[]): Promise<Map<string, LastTest>> => {
  const pages = await store.newestOf(ctx, personIds);
  const messages = await store.messagesOf(
    ctx,
    pages.map((page) => page.id),
  );
  return new Map(
    pages.map((page) => [page.person_id, { ...page, messages: messages.filter((one) => one.test_page_id === page.id) }]),
  );
};
