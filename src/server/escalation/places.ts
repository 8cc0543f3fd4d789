import type { Wording } from '../../contract/wording.ts';
import { changing } from '../channels/registry.ts';
import type { ChannelName, Message } from '../channels/types.ts';
import { say, tell } from '../channels/words/words.ts';
import { journal } from '../journal/actions.ts';
import {
  localAndUtc,
  pageWords,
  providerOf,
  readSettings,
  type SentMessage,
  sendBy,
  shownSeverity,
  sinceText,
} from '../paging/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import { signLink } from '../platform/links.ts';
import * as places from './places-store.ts';
import * as store from './store.ts';
import { placeName } from './targets.ts';
import './types.ts';

/** As long as the links of a page. */
const BUTTONS_LAST = { hours: 72 };

type Place = { channel: ChannelName; address: string };
/** What a place is told, in English and by nobody's clock, for who reads there is not known; `key`: the same when it is written again. */
const messageFor = (
  ctx: Pick<Ctx, 'secret' | 'publicUrl'>,
  run: store.RunRow,
  place: Place,
  key: string,
  at: Temporal.Instant,
  own: Wording | undefined,
) => {
  const { about } = run;
  const openUrl = `${ctx.publicUrl}/incidents/${about.number}`;
  const severity = shownSeverity(about.severity);
  const since = Temporal.Instant.from(about.opened_at);
  const words = pageWords(
    { own, channel: place.channel, locale: undefined, place: true },
    {
      number: about.number,
      title: about.title,
      service: about.service,
      severity: say(undefined, `severity.${severity}`),
      since: `${sinceText(since, 'UTC', undefined, at)} UTC`,
      why: tell(undefined, { key: 'why.place', values: { policy: run.policy } }),
      link: openUrl,
    },
    [],
  );
  const message: Message = {
    kind: 'page',
    idempotencyKey: `${key}:${place.address}`,
    openUrl,
    placeToken: signLink(
      ctx.secret,
      place.channel === 'mattermost' ? 'mattermost_place' : 'place',
      run.incident_id,
      at.add(BUTTONS_LAST),
    ),
    ...words,
    severity,
    facts: [
      { label: 'Service', value: about.service },
      { label: 'Since', value: localAndUtc(since, 'UTC') },
    ],
  };
  return message;
};

/** Tells an address of a step that is nobody's; a failure is retried by the queue and recorded on the incident. */
export const tellPlace = async (
  outside: Outside,
  { run_id, key, ...place }: { run_id: string; channel: ChannelName; address: string; key: string },
): Promise<void> => {
  const { channel, address } = place;
  const at = outside.now();
  const prepared = await outside.transaction(async (ctx) => {
    const run = await store.runById(ctx, run_id);
    const settings = await readSettings(ctx);
    return run && run.state !== 'stopped'
      ? { run, message: messageFor(ctx, run, place, key, at, settings.wording), provider: providerOf(settings, channel) }
      : undefined;
  });
  if (!prepared) return;
  const { run, message, provider } = prepared;
  const result = await sendBy(outside, provider, channel, address, message);
  const shown = placeName(place);
  const advice = result.outcome === 'sent' && result.advice ? `; ${result.advice}` : '';
  await outside.transaction(async (ctx) => {
    await journal(ctx, {
      type: result.outcome === 'sent' ? 'escalation.place_told' : 'escalation.place_failed',
      subject: { type: 'incident', id: run.incident_id },
      text: result.outcome === 'sent' ? `${shown} was told${advice}` : `${shown} failed: ${result.reason}`,
      data: { run: run.id, channel, outcome: result.outcome },
    });
    if (result.outcome !== 'sent' || !result.providerId || !changing.includes(channel)) return;
    await places.forgetBefore(ctx, at.subtract(BUTTONS_LAST));
    const { incident_id } = run;
    const id = await places.insert(ctx, { incident_id, run_id, channel, address, provider_id: result.providerId, told_at: at });
    await ctx.emit('place.told', { place_message_id: id, incident_id });
  });
  if (result.outcome === 'retry') throw new AppError('unavailable', `${shown}: ${result.reason}`);
};

/** What places were told about these incidents and can still be changed: ids. */
export const toldPlaces = places.idsOf;
/**
 * The message at a place that the provider names so: its id. One that is not known is kept from now on, because it was sent twice or
 * by a version that kept none; `expires`, when its buttons end, says when it was sent. Undefined when nothing told places of the incident then.
 */
export const toldAs = async (
  ctx: Ctx,
  message: { incident_id: string; channel: ChannelName; address: string; provider_id: string },
  expires: Temporal.Instant,
): Promise<string | undefined> => {
  const known = await places.idOfProvider(ctx, message);
  if (known) return known;
  const told_at = expires.subtract(BUTTONS_LAST);
  // Buttons end on a whole second, so what was sent within the first one of a run seems older than it.
  const run = (await store.runsOf(ctx, [message.incident_id])).findLast(
    (one) => Temporal.Instant.compare(one.started_at, told_at.add({ seconds: 1 })) < 0,
  );
  return run && places.insert(ctx, { ...message, run_id: run.id, told_at });
};

/** What a place was told, as it would be written now; undefined when it is not known any more. */
export const placeMessage = async (
  ctx: Ctx,
  id: string,
): Promise<(SentMessage & { incident_id: string; providerId: string }) | undefined> => {
  const row = await places.byId(ctx, id);
  const run = row && (await store.runById(ctx, row.run_id));
  if (!run) return undefined;
  const place = { channel: row.channel as ChannelName, address: row.address };
  const settings = await readSettings(ctx);
  return {
    ...place,
    incident_id: row.incident_id,
    providerId: row.provider_id,
    provider: providerOf(settings, place.channel),
    message: messageFor(ctx, run, place, row.id, row.told_at, settings.wording),
  };
};
