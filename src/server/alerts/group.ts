import * as incidents from '../incidents/actions.ts';
import { worse } from '../incidents/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { newId } from '../platform/id.ts';
import { type Decision, describeGrouping, groupKeyOf } from './rules.ts';
import * as store from './store.ts';
import type { Outcome } from './types.ts';
import { byKey, type Candidate, keyOf, keyRow, newAlert } from './world.ts';

/** Links of the first alert that an incident keeps for its messages. */
const MAX_LINKS = 5;

/** Puts alerts into incidents before anybody is paged: one page a group, however many alerts. */
export const group = async (
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
