import { decideUrgency } from '../catalog/rules.ts';
import * as incidents from '../incidents/actions.ts';
import { worse } from '../incidents/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { newId } from '../platform/id.ts';
import { isSilenced, wakeAtEnd } from '../silences/actions.ts';
import { endOrAcknowledge } from './ending.ts';
import { group } from './group.ts';
import { type Decision, factsOf, route, waves } from './rules.ts';
import * as store from './store.ts';
import type { Outcome, Signal } from './types.ts';
import { byKey, type Candidate, keyOf, keyRow, loadWorld, newAlert, serviceOf, type Trigger, type World } from './world.ts';

/** History that flapping and late posts are judged by. */
const HISTORY = { hours: 24 };
/** How far apart the two of an HA pair post: Alertmanager's peers wait 15 s for one another. */
const LATE_POST = { minutes: 1 };
/**
 * The one way in: dedup, route, silence, group and page, for any number of signals at once, in the caller's
 * transaction. Order is kept per dedup key. Returns one outcome a signal, in the order given, with the reason.
 */
export const receive = async (ctx: Ctx, signals: Signal[]): Promise<Outcome[]> => {
  const outcomes = new Array<Outcome>(signals.length);
  if (signals.length === 0) return outcomes;
  const world = await loadWorld(ctx, [...new Set(signals.map((signal) => signal.integrationId))]);
  for (const wave of waves(signals)) {
    const triggers = new Map<string, Trigger>();
    const others: { signal: Signal; index: number }[] = [];
    for (const item of wave) {
      if (item.signal.action !== 'trigger') {
        others.push(item);
        continue;
      }
      const known = triggers.get(keyOf(item.signal));
      if (known) {
        known.signal = item.signal;
        known.count += 1;
        known.indexes.push(item.index);
      } else triggers.set(keyOf(item.signal), { signal: item.signal, count: 1, indexes: [item.index] });
    }
    if (triggers.size > 0) await trigger(ctx, world, [...triggers.values()], outcomes);
    if (others.length > 0) await endOrAcknowledge(ctx, world, others, outcomes);
  }
  return outcomes;
};

export const trigger = async (ctx: Ctx, world: World, triggers: Trigger[], outcomes: Outcome[]): Promise<void> => {
  const keys = triggers.map(({ signal }) => keyRow(signal));
  const history = byKey(await store.known(ctx, keys, ctx.now.subtract(HISTORY)));
  const repeats: store.Repeat[] = [];
  const candidates: Candidate[] = [];
  const fresh: store.NewAlert[] = [];
  const kept: Parameters<typeof store.redispose>[1] = [];
  const risen: { open: store.Known; signal: Signal }[] = [];
  const tell = (one: Trigger, outcome: Outcome) => {
    for (const index of one.indexes) outcomes[index] = outcome;
  };

  for (const one of triggers) {
    const past = history.get(keyOf(one.signal)) ?? [];
    const open = past.find((row) => row.status === 'open');
    const late = open ? undefined : lateRepeat(ctx, one.signal, past);
    if (late) {
      await store.addDecision(ctx, late.id, {
        step: 'dedup',
        result: 'ignored',
        why: 'a late copy of a post from before it resolved',
      });
      tell(one, { result: 'ignored', alertId: late.id, why: 'a late copy of an alert that has resolved' });
      continue;
    }
    if (open) {
      // Looked at again, not received again: `last_seen` stays.
      if (one.count > 0)
        repeats.push({ id: open.id, count: one.count, payload: one.signal.raw, ends_at: one.signal.endsAt ?? null });
      tell(one, { result: 'repeated', alertId: open.id, incidentId: open.incident_id, why: 'open already' });
      if (open.disposition === 'incident' || open.disposition === 'flapping') {
        if (worse(open.severity, one.signal.severity) !== open.severity) risen.push({ open, signal: one.signal });
        continue;
      }
    }
    const source = world.sources.get(one.signal.integrationId);
    const routed = route(one.signal, source?.service ?? '', source?.name ?? '', world.rules);
    const service = await serviceOf(ctx, world, routed.service ?? source?.service ?? '');
    const decisions: Decision[] = [
      { step: 'intake', result: 'accepted', why: `${source?.kind} event through integration ${source?.name}` },
      ...routed.decisions,
    ];
    const write = (disposition: string, silence_id: string | null, id: string) =>
      fresh.push(
        newAlert(ctx, one, routed, service, { id, disposition, silence_id, incident_id: null, urgency: null, decisions }),
      );
    if (routed.drop !== undefined) {
      if (open) {
        if (open.disposition !== 'dropped')
          kept.push({ id: open.id, disposition: 'dropped', incident_id: null, silence_id: null, decisions: routed.decisions });
        continue;
      }
      const id = newId();
      write('dropped', null, id);
      tell(one, { result: 'dropped', alertId: id, why: routed.drop });
      continue;
    }
    const silenced = isSilenced(
      ctx,
      world.silences,
      service.name,
      factsOf({ ...one.signal, severity: routed.severity, labels: routed.labels }, service.name, source?.name ?? ''),
    );
    if (silenced) {
      const { silence, until } = silenced;
      const decision = { step: 'silence', result: 'silenced', why: silenced.why };
      const wake = `${silence.id} ${until}`;
      if (silence.recurs && !world.wakes.has(wake)) {
        world.wakes.add(wake);
        await wakeAtEnd(ctx, silence.id, until);
      }
      if (open) {
        // The silence that hides it now is the one whose end must bring it back.
        if (open.silence_id !== silence.id)
          kept.push({ id: open.id, disposition: 'silenced', incident_id: null, silence_id: silence.id, decisions: [decision] });
        continue;
      }
      decisions.push(decision);
      const id = newId();
      write('silenced', silence.id, id);
      tell(one, { result: 'silenced', alertId: id, why: silenced.why });
      continue;
    }
    decisions.push({
      step: 'silence',
      result: 'not silenced',
      why: world.silences.length > 0 ? 'no active silence matches' : 'there are no silences',
    });
    const flaps =
      2 *
        past.filter(
          (row) =>
            row.resolved_at &&
            Temporal.Instant.compare(row.resolved_at, ctx.now.subtract({ seconds: service.flapping.within_seconds })) > 0,
        ).length +
      1;
    const flapping = flaps >= service.flapping.changes;
    if (flapping)
      decisions.push({
        step: 'flapping',
        result: 'flapping',
        why: `${flaps} changes within ${service.flapping.within_seconds} s`,
      });
    const decided = routed.urgency
      ? { urgency: routed.urgency, why: 'set by a routing rule' }
      : decideUrgency(service, routed.severity, ctx.now);
    candidates.push({
      trigger: one,
      existing: open,
      service,
      routed,
      urgency: decided.urgency,
      whyUrgency: decided.why,
      flapping,
      decisions,
    });
  }

  await store.repeat(ctx, repeats);
  await store.redispose(ctx, kept);
  for (const one of risen) await rise(ctx, world, one.open, one.signal);
  await group(ctx, candidates, history, fresh, outcomes);
  await store.insert(ctx, fresh);
};

/** An alert that came again worse than it was: the routing rules say how bad, and its incident hears of it. */
const rise = async (ctx: Ctx, world: World, open: store.Known, signal: Signal): Promise<void> => {
  const source = world.sources.get(signal.integrationId);
  const routed = route(signal, source?.service ?? '', source?.name ?? '', world.rules);
  if (worse(open.severity, routed.severity) === open.severity) return;
  const service = await serviceOf(ctx, world, routed.service ?? source?.service ?? '');
  const urgency = routed.urgency ?? decideUrgency(service, routed.severity, ctx.now).urgency;
  await store.update(ctx, open.id, { severity: routed.severity });
  await store.addDecision(ctx, open.id, {
    step: 'dedup',
    result: `now ${routed.severity}`,
    why: `it came again worse than ${open.severity}`,
  });
  if (open.incident_id)
    await incidents.worsen(ctx, open.incident_id, { severity: routed.severity, urgency, title: signal.summary });
};

/** A firing post for an occurrence that its own sender has resolved: the other one of an HA pair, or out of order. */
const lateRepeat = (ctx: Ctx, signal: Signal, past: store.Known[]): store.Known | undefined => {
  const { startsAt } = signal;
  if (!startsAt) return undefined;
  return past.find(
    (row) =>
      row.resolved_by === 'source' &&
      row.resolved_at &&
      Temporal.Instant.compare(row.resolved_at, ctx.now.subtract(LATE_POST)) > 0 &&
      Temporal.Instant.compare(startsAt, row.started_at) <= 0,
  );
};
