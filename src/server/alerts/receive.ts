import { type ServiceRow, serviceNamed } from '../catalog/actions.ts';
import { decideUrgency } from '../catalog/rules.ts';
import * as incidents from '../incidents/actions.ts';
import { worse } from '../incidents/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { newId } from '../platform/id.ts';
import { isSilenced, runningSilences, type SilenceRow, wakeAtEnd } from '../silences/actions.ts';
import { type Decision, describeGrouping, factsOf, groupKeyOf, type Routed, route, waves } from './rules.ts';
import * as store from './store.ts';
import type { Outcome, Signal } from './types.ts';

/** Everything a batch is judged by, read once. */
type World = {
  sources: Map<string, { name: string; kind: string; service: string }>;
  services: Map<string, ServiceRow>;
  rules: Awaited<ReturnType<typeof store.routingRules>>;
  silences: SilenceRow[];
  /** Ends of recurring silences that are in the queue: one wake-up each, however many alerts they hide. */
  wakes: Set<string>;
};
type Trigger = { signal: Signal; count: number; indexes: number[] };
/** An alert that may open or join an incident, and what is written of it once that is known. */
type Candidate = {
  trigger: Trigger;
  existing: store.Known | undefined;
  service: ServiceRow;
  routed: Routed;
  urgency: 'high' | 'low';
  whyUrgency: string;
  flapping: boolean;
  decisions: Decision[];
};

/** Links of the first alert that an incident keeps for its messages. */
const MAX_LINKS = 5;

/** History that flapping and late posts are judged by. */
const HISTORY = { hours: 24 };
/** How far apart the two of an HA pair post: Alertmanager's peers wait 15 s for one another. */
const LATE_POST = { minutes: 1 };
const keyOf = (signal: { integrationId: string; dedupKey: string }) => `${signal.integrationId} ${signal.dedupKey}`;
const keyRow = (signal: Signal): store.Key => ({ integration_id: signal.integrationId, dedup_key: signal.dedupKey });
const keyOfRow = (row: store.Key) => `${row.integration_id} ${row.dedup_key}`;

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

const loadWorld = async (ctx: Ctx, integrationIds: string[]): Promise<World> => {
  const { sources, rules } = await store.judgedBy(ctx, integrationIds);
  return {
    sources: new Map(sources.map((row) => [row.id, { ...row, service: row.service.name }])),
    services: new Map(sources.map((row) => [row.service.name, row.service])),
    rules,
    silences: await runningSilences(ctx),
    wakes: new Set(),
  };
};
const serviceOf = async (ctx: Ctx, world: World, name: string): Promise<ServiceRow> => {
  const known = world.services.get(name);
  if (known) return known;
  const row = await serviceNamed(ctx, name, 'service');
  world.services.set(name, row);
  return row;
};

const trigger = async (ctx: Ctx, world: World, triggers: Trigger[], outcomes: Outcome[]): Promise<void> => {
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

/** Puts alerts into incidents before anybody is paged: one page a group, however many alerts. */
const group = async (
  ctx: Ctx,
  candidates: Candidate[],
  history: Map<string, store.Known[]>,
  fresh: store.NewAlert[],
  outcomes: Outcome[],
): Promise<void> => {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const { grouping, id } = candidate.service;
    const key =
      grouping.window_seconds === 0
        ? `alone ${keyOf(candidate.trigger.signal)}`
        : groupKeyOf(grouping.by, candidate.routed.labels);
    const name = `${id} ${key}`;
    const list = groups.get(name);
    if (list) list.push(candidate);
    else groups.set(name, [candidate]);
  }
  let lockedService: string | undefined;
  let taken = new Map<string, store.Known[]>();
  // Locks in one order, so that two batches never wait for each other.
  for (const name of [...groups.keys()].sort()) {
    const members = groups.get(name) ?? [];
    const [first] = members;
    if (!first) continue;
    const { service } = first;
    const { grouping } = service;
    const groupKey = name.slice(service.id.length + 1);
    if (service.id !== lockedService) {
      lockedService = service.id;
      await incidents.lockGrouping(ctx, service.id);
      // Another batch may have opened one of these while this one waited for the lock.
      const ofService = candidates.filter((one) => one.service.id === service.id);
      taken = byKey(
        await store.known(
          ctx,
          ofService.map(({ trigger }) => keyRow(trigger.signal)),
          ctx.now,
        ),
      );
    }
    // An incident of its own has nothing to join.
    const found =
      grouping.window_seconds === 0
        ? undefined
        : await incidents.findGroup(ctx, service.id, groupKey, grouping.window_seconds, grouping.max_age_seconds);
    const mine = members.filter(
      (one) => one.existing || !taken.get(keyOf(one.trigger.signal))?.some((row) => row.status === 'open'),
    );
    const late = members.filter((one) => !mine.includes(one));
    for (const one of late) {
      const row = taken.get(keyOf(one.trigger.signal))?.find((candidate) => candidate.status === 'open');
      if (row)
        await store.repeat(ctx, [
          { id: row.id, count: one.trigger.count, payload: one.trigger.signal.raw, ends_at: one.trigger.signal.endsAt ?? null },
        ]);
      for (const index of one.trigger.indexes)
        outcomes[index] = { result: 'repeated', alertId: row?.id, incidentId: row?.incident_id ?? null, why: 'open already' };
    }
    if (mine.length === 0) continue;
    const lead = mine[0] as Candidate;
    const flapping = mine.some((one) => one.flapping);
    const incident = found ?? (flapping ? await flappingIncident(ctx, mine, history) : undefined);
    const severity = mine.reduce((worst, one) => worse(worst, one.routed.severity), lead.routed.severity as string);
    const urgency = mine.some((one) => one.urgency === 'high') ? 'high' : 'low';
    let id: string;
    let decision: Decision;
    if (incident) {
      await incidents.join(ctx, incident, {
        count: mine.length,
        severity,
        urgency,
        titles: mine.map((one) => one.trigger.signal.summary),
        flapping,
      });
      id = incident.id;
      decision = {
        step: 'grouping',
        result: `joined ${incident.number}`,
        why: found ? describeGrouping(grouping) : `flapping: ${incident.number} is still open for it`,
      };
    } else {
      const opened = await incidents.open(ctx, {
        service_id: service.id,
        service: service.name,
        escalation_policy: service.escalation_policy,
        title: flapping ? `Flapping: ${lead.trigger.signal.summary}` : lead.trigger.signal.summary,
        severity,
        urgency,
        why_urgency: lead.whyUrgency,
        group_key: groupKey,
        alerts: mine.length,
        flapping,
        details: { labels: lead.routed.labels, links: lead.trigger.signal.links.slice(0, MAX_LINKS) },
      });
      id = opened.id;
      decision = {
        step: 'grouping',
        result: `opened ${opened.number}`,
        why: `no open incident to join (${describeGrouping(grouping)})`,
      };
    }
    const moved: Parameters<typeof store.redispose>[1] = [];
    for (const one of mine) {
      const decisions = [...one.decisions, decision];
      const disposition = one.flapping ? 'flapping' : 'incident';
      if (one.existing)
        moved.push({
          id: one.existing.id,
          disposition,
          incident_id: id,
          silence_id: null,
          decisions: [
            one.existing.disposition === 'dropped'
              ? { step: 'routing', result: 'not dropped', why: 'no rule drops it any more' }
              : { step: 'silence', result: 'over', why: 'no silence hides it any more' },
            decision,
          ],
        });
      else
        fresh.push(
          newAlert(ctx, one.trigger, one.routed, service, {
            id: newId(),
            disposition,
            silence_id: null,
            incident_id: id,
            urgency: one.urgency,
            decisions,
          }),
        );
      const alertId = one.existing?.id ?? fresh.at(-1)?.id;
      for (const index of one.trigger.indexes)
        outcomes[index] = {
          result: incident ? 'joined' : 'opened',
          alertId,
          incidentId: id,
          why: `${decision.result}: ${decision.why}`,
        };
    }
    await store.redispose(ctx, moved);
  }
};

/** The incident of a flapping alert stays open between its flaps, longer than the grouping window. */
const flappingIncident = async (ctx: Ctx, members: Candidate[], history: Map<string, store.Known[]>) => {
  for (const one of members)
    for (const row of history.get(keyOf(one.trigger.signal)) ?? []) {
      const incident = row.incident_id ? await incidents.lockOpen(ctx, row.incident_id) : undefined;
      if (incident) return incident;
    }
  return undefined;
};

const newAlert = (
  ctx: Ctx,
  one: Trigger,
  routed: Routed,
  service: ServiceRow,
  rest: {
    id: string;
    disposition: string;
    silence_id: string | null;
    incident_id: string | null;
    urgency: string | null;
    decisions: Decision[];
  },
): store.NewAlert => ({
  ...rest,
  integration_id: one.signal.integrationId,
  service_id: service.id,
  dedup_key: one.signal.dedupKey,
  summary: one.signal.summary,
  severity: routed.severity,
  source: one.signal.source,
  labels: routed.labels,
  links: one.signal.links,
  images: one.signal.images,
  payload: one.signal.raw,
  count: one.count,
  started_at: one.signal.startsAt ?? ctx.now,
  ends_at: one.signal.endsAt ?? null,
});

const byKey = (rows: store.Known[]): Map<string, store.Known[]> => {
  const map = new Map<string, store.Known[]>();
  for (const row of rows) {
    const list = map.get(keyOfRow(row));
    if (list) list.push(row);
    else map.set(keyOfRow(row), [row]);
  }
  return map;
};

const endOrAcknowledge = async (
  ctx: Ctx,
  world: World,
  items: { signal: Signal; index: number }[],
  outcomes: Outcome[],
): Promise<void> => {
  const rows = byKey(
    await store.known(
      ctx,
      items.map(({ signal }) => keyRow(signal)),
      ctx.now,
    ),
  );
  const ends: store.Known[] = [];
  for (const { signal, index } of items) {
    const open = rows.get(keyOf(signal))?.find((row) => row.status === 'open');
    if (!open) {
      outcomes[index] = { result: 'ignored', why: `no open alert has this key, so there is nothing to ${signal.action}` };
      continue;
    }
    if (signal.action === 'resolve' && signal.startsAt && Temporal.Instant.compare(signal.startsAt, open.started_at) < 0) {
      outcomes[index] = { result: 'ignored', alertId: open.id, why: 'a late post that resolves an earlier occurrence' };
      await store.addDecision(ctx, open.id, {
        step: 'dedup',
        result: 'ignored',
        why: 'a late post resolved an earlier occurrence',
      });
      continue;
    }
    outcomes[index] = {
      result: signal.action === 'resolve' ? 'resolved' : 'acknowledged',
      alertId: open.id,
      incidentId: open.incident_id,
      why: `by ${signal.by ?? world.sources.get(signal.integrationId)?.name}`,
    };
    if (signal.action === 'resolve') {
      ends.push(open);
      continue;
    }
    await store.setAcknowledged(ctx, [open.id], true);
    const incident = open.incident_id ? await incidents.lockOpen(ctx, open.incident_id) : undefined;
    if (incident)
      await incidents.acknowledge(
        {
          ...ctx,
          actor: {
            kind: 'integration',
            id: signal.integrationId,
            name: signal.by ?? world.sources.get(signal.integrationId)?.name ?? 'integration',
          },
        },
        incident.id,
      );
  }
  await resolveAlerts(
    ctx,
    ends.map((row) => row.id),
    'source',
  );
};

/** Resolves alerts and lets each incident that lost some know how many. */
export const resolveAlerts = async (ctx: Ctx, ids: string[], by: 'source' | 'expired' | 'person'): Promise<number> => {
  const resolved = await store.resolveByIds(ctx, ids, by);
  const counts = new Map<string, number>();
  for (const row of resolved) if (row.incident_id) counts.set(row.incident_id, (counts.get(row.incident_id) ?? 0) + 1);
  for (const id of [...counts.keys()].sort()) await incidents.alertsResolved(ctx, id, counts.get(id) ?? 0);
  return resolved.length;
};

/** How many hidden alerts are looked at together. */
const RECONSIDERED = 500;

/** A silence ended or covers less: what it hid and is still open is judged anew. */
export const reconsider = async (ctx: Ctx, { id }: { id: string }): Promise<void> => {
  let last: string | undefined;
  do {
    const rows = await store.silencedBy(ctx, id, last, RECONSIDERED);
    await judgeAnew(ctx, rows);
    last = rows.length === RECONSIDERED ? rows.at(-1)?.id : undefined;
  } while (last);
};
const judgeAnew = async (ctx: Ctx, rows: Awaited<ReturnType<typeof store.silencedBy>>): Promise<void> => {
  if (rows.length === 0) return;
  const world = await loadWorld(ctx, [...new Set(rows.map((row) => row.integration_id))]);
  const triggers = rows.map(
    (row): Trigger => ({
      // Nothing was received, so nothing is counted.
      count: 0,
      indexes: [],
      signal: {
        integrationId: row.integration_id,
        action: 'trigger',
        dedupKey: row.dedup_key,
        summary: row.summary,
        severity: row.severity as Signal['severity'],
        source: row.source,
        labels: row.labels,
        links: row.links,
        images: row.images,
        raw: row.payload,
        ...(row.ends_at ? { endsAt: row.ends_at } : {}),
      },
    }),
  );
  await trigger(ctx, world, triggers, []);
};

/** The routing rules changed: what they dropped and is still open is judged by the new ones. */
export const judgeDropped = async (ctx: Ctx): Promise<void> => {
  let last: string | undefined;
  do {
    const rows = await store.droppedOpen(ctx, last, RECONSIDERED);
    await judgeAnew(ctx, rows);
    last = rows.length === RECONSIDERED ? rows.at(-1)?.id : undefined;
  } while (last);
};
