import { updateThrough } from '../channels/registry.ts';
import type { Message, SendResult } from '../channels/types.ts';
import { say } from '../channels/words/words.ts';
import { actorOfPerson, peopleNamed } from '../identity/actions.ts';
import { addressesBy, providerOf, readSettings, sendBy, sendOptions } from '../paging/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import type { JobMap } from '../platform/jobs.ts';
import { readLink, signLink } from '../platform/links.ts';
import { endedAs, spanSaid } from './rules.ts';
import * as store from './store.ts';
import { titleOf } from './take-over.ts';
import './types.ts';

/** A provider that is down is asked for ten minutes; the request is on its page and in the mail. */
const AGAIN_AFTER_MS = 15_000;
const MAX_TRIES = 40;
const CHANNEL = 'slack';

/** Asks people in chat too, each by a message of their own with buttons. Nothing where chat is not set up, or somebody has no way by it. */
export const askInChat = async (ctx: Ctx, row: store.Row): Promise<void> => {
  if (!(await readSettings(ctx)).channels[CHANNEL]) return;
  const people = (await peopleNamed(ctx, row.asked)).filter((person) => person.active);
  const addresses = await addressesBy(ctx, people, CHANNEL);
  await store.insertMessages(
    ctx,
    people.flatMap((person) => {
      const address = addresses.get(person.id);
      return address ? [{ request_id: row.id, person: person.name, channel: CHANNEL, address }] : [];
    }),
  );
  await retellChat(ctx, row.id);
};

/** It stands otherwise now: the messages about it say so, and lose their buttons once they do nothing. */
export const retellChat = async (ctx: Ctx, requestId: string): Promise<void> =>
  ctx.enqueue(
    'cover.tell_chat',
    (await store.messagesOf(ctx, requestId)).map(({ id }) => ({ data: { message_id: id, tries: 1 } })),
  );

type Told = { row: store.MessageRow; message: Message; provider: ReturnType<typeof providerOf> };

/** What a message says now. `body` is how it ended, or that this person declined; with buttons while an answer is awaited. */
const written = async (ctx: Ctx, id: string): Promise<Told | undefined> => {
  const row = await store.messageById(ctx, id);
  const request = row && (await store.byId(ctx, row.request_id));
  if (!row || !request) return undefined;
  const people = await peopleNamed(ctx, [row.person, request.person]);
  const [person, asker] = [row.person, request.person].map((name) => people.find((one) => one.name === name));
  if (!person?.active) return undefined;
  const title = titleOf({ name: request.schedule, definition: request.definition });
  const said = (starts: Temporal.Instant, ends: Temporal.Instant) => spanSaid(starts, ends, person.time_zone, person.locale);
  const when = said(request.starts_at, request.ends_at);
  const back =
    request.return_schedule && request.return_definition && request.return_starts_at && request.return_ends_at
      ? `${titleOf({ name: request.return_schedule, definition: request.return_definition })}, ${said(request.return_starts_at, request.return_ends_at)}`
      : undefined;
  const { locale } = person;
  const subject = say(locale, back ? 'cover.swap' : 'cover.take', { person: asker?.display_name ?? request.person });
  const waits = request.state === 'open' && request.asked.includes(row.person) && !request.declined.includes(row.person);
  const token = signLink(ctx.secret, 'cover', row.id, request.expires_at);
  return {
    row,
    provider: providerOf(await readSettings(ctx), CHANNEL),
    message: {
      kind: 'notice',
      idempotencyKey: row.id,
      subject: `${subject}: ${title}`,
      short: `${subject}: ${title}, ${when}`,
      facts: [
        { label: say(locale, 'cover.when'), value: when },
        ...(back ? [{ label: say(locale, 'cover.return'), value: back }] : []),
        ...(request.note ? [{ label: say(locale, 'cover.why'), value: request.note }] : []),
      ],
      actionUrl: `${ctx.publicUrl}/cover/${request.id}`,
      locale,
      ...(waits
        ? {
            choices: (['accept', 'decline'] as const).map((verb) => ({ label: say(locale, `button.${verb}`), verb, token })),
          }
        : { now: { text: endedAs(request, row.person, locale), actions: [] } }),
    },
  };
};

const same = (a: Told, b: Told | undefined): boolean => a.message.now?.text === b?.message.now?.text;

/** Sends a message about a cover request, or has the one that was sent say how it stands now. */
export const tellChat = async (outside: Outside, { message_id, tries }: JobMap['cover.tell_chat']): Promise<void> => {
  const told = await outside.transaction((ctx) => written(ctx, message_id));
  // What ended before it was sent need not be sent.
  if (!told || (!told.row.provider_id && told.message.now)) return;
  const { row, message, provider } = told;
  const result: SendResult =
    row.provider_id && 'config' in provider
      ? await updateThrough(
          CHANNEL,
          provider.config,
          { address: row.address, providerId: row.provider_id },
          message,
          sendOptions(outside),
        )
      : await sendBy(outside, provider, CHANNEL, row.address, message);
  if (result.outcome !== 'sent') outside.log.warn({ problem: result.reason, tries }, 'a message about cover was not taken');
  await outside.transaction(async (ctx) => {
    if (result.outcome === 'sent') {
      if (!row.provider_id && result.providerId) await store.setProviderId(ctx, row.id, result.providerId);
      // It may have changed meanwhile, or the provider took two changes in another order.
      if (!same(told, await written(ctx, message_id))) await ctx.enqueue('cover.tell_chat', [{ data: { message_id, tries: 1 } }]);
    } else if (result.outcome === 'retry' && tries < MAX_TRIES)
      await ctx.enqueue('cover.tell_chat', [
        { data: { message_id, tries: tries + 1 }, at: ctx.now.add({ milliseconds: result.afterMs ?? AGAIN_AFTER_MS }) },
      ]);
  });
};

/** Whom the token of a button speaks for, as the actor, and which request it is about; undefined for a foreign or an expired one. */
export const askedByToken = async (ctx: Ctx, token: string): Promise<{ as: Ctx; request_id: string } | undefined> => {
  const link = readLink(ctx.secret, 'cover', token, ctx.now);
  const row = link && !link.expired ? await store.messageById(ctx, link.id) : undefined;
  const [person] = row ? await peopleNamed(ctx, [row.person]) : [];
  const actor = person && (await actorOfPerson(ctx, person.id));
  return row && actor ? { as: { ...ctx, actor, source: row.channel }, request_id: row.request_id } : undefined;
};
