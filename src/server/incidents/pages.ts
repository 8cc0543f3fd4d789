import type { z } from 'zod';
import type { incidentNext, incidentPage, openPage } from '../../contract/pages.ts';
import { upcoming } from '../escalation/actions.ts';
import { peopleByIds, personNamed } from '../identity/actions.ts';
import { labelsOf, maskAddress, pagesOf, unansweredOf } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { incident, runsOf } from './actions.ts';

const text = (at: Temporal.Instant | null) => at?.toString() ?? null;

type Message = { created_at: Temporal.Instant; channel: string };
const inOrder = (a: Message, b: Message) =>
  Temporal.Instant.compare(a.created_at, b.created_at) || a.channel.localeCompare(b.channel);

/** Everybody who was paged, the newest page first, with what became of each message. Addresses of others are masked. */
export const pagesShown = async (ctx: Ctx, id: string): Promise<z.input<typeof incidentPage>[]> => {
  const pages = await pagesOf(ctx, id);
  const runs = new Map((await runsOf(ctx, [id])).map((run) => [run.id, run]));
  const labels = await labelsOf(ctx, [...new Set(pages.map((page) => page.person_id))]);
  const newest = (a: (typeof pages)[number], b: (typeof pages)[number]) =>
    Temporal.Instant.compare(b.created_at, a.created_at) || b.id.localeCompare(a.id);
  return pages.toSorted(newest).map((page) => {
    const run = page.run_id ? runs.get(page.run_id) : undefined;
    const own = ctx.actor.kind === 'person' && ctx.actor.id === page.person_id;
    const fallback = run !== undefined && page.step === run.snapshot.steps.length;
    return {
      id: page.id,
      person: { name: page.person, display_name: page.display_name },
      urgency: page.urgency as 'high',
      reason: page.reason,
      run: page.run_id,
      policy: run?.policy ?? null,
      step: page.step === null || fallback ? null : page.step + 1,
      round: page.round === null ? null : page.round + 1,
      fallback,
      status: page.status as 'paging',
      waiting_because: page.waiting_because,
      wake_at: text(page.wake_at),
      created_at: page.created_at.toString(),
      first_sent_at: text(page.first_sent_at),
      ended_at: text(page.ended_at),
      end_reason: page.end_reason,
      receipts: page.deliveries.toSorted(inOrder).map((one) => ({
        id: one.id,
        channel: one.channel,
        vendor: one.vendor,
        label: (one.method_id && labels.get(one.method_id)) || null,
        address: own && one.channel !== 'webpush' ? one.address : maskAddress(one.channel, one.address),
        status: one.status as 'queued',
        attempt: one.attempt,
        queued_because: one.queued_because,
        error: one.error,
        also_for: one.bundle.length,
        created_at: one.created_at.toString(),
        sent_at: text(one.sent_at),
        receipt_at: text(one.receipt_at),
      })),
    };
  });
};

/** Whom it pages next if nobody answers; null when nothing is escalating. */
export const nextShown = async (ctx: Ctx, id: string): Promise<z.input<typeof incidentNext>['next']> => {
  const found = await upcoming(ctx, id);
  if (!found) return null;
  const rows = await peopleByIds(
    ctx,
    found.people.map((one) => one.person_id),
  );
  return {
    at: found.at.toString(),
    step: found.step === 'fallback' ? null : found.step + 1,
    round: found.round + 1,
    fallback: found.step === 'fallback',
    people: found.people.map((one) => ({
      name: one.name,
      display_name: rows.find((row) => row.id === one.person_id)?.display_name ?? one.name,
      reason: one.reason,
      shadow: one.shadow,
    })),
    places: found.places.map((place) => place.channel),
    skipped: found.skipped.map(({ step, why }) => ({ step: step + 1, why })),
  };
};

/** At most so many unanswered pages are shown: who has more has one trouble, not many. */
const MOST = 50;

/** A person's pages that wait for an answer: the newest of each incident, the newest first, with who is paged after. */
export const openPages = async (ctx: Ctx, name: string): Promise<z.input<typeof openPage>[]> => {
  const person = await personNamed(ctx, name, 'person');
  const out: z.input<typeof openPage>[] = [];
  for (const page of await unansweredOf(ctx, person.id, MOST)) {
    const shown = await incident(ctx, page.incident_id);
    out.push({
      id: page.id,
      incident: shown,
      reason: page.reason,
      urgency: page.urgency as 'high',
      status: page.status as 'paging',
      waiting_because: page.waiting_because,
      wake_at: text(page.wake_at),
      since: page.created_at.toString(),
      first_sent_at: text(page.first_sent_at),
      until: shown.escalation?.next_at ?? null,
      next: await nextShown(ctx, page.incident_id),
    });
  }
  return out;
};
