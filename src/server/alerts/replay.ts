import type { RoutingRule } from '../../contract/service.ts';
import type { ServiceRow } from '../catalog/actions.ts';
import { decideUrgency } from '../catalog/rules.ts';
import { groupKeyOf, route } from './rules.ts';
import type { Signal } from './types.ts';

/** An alert there was, as it is kept. Times in milliseconds. */
export type Past = {
  id: string;
  integration: string;
  integration_service: string;
  summary: string;
  source: string;
  severity: Signal['severity'];
  labels: Record<string, string>;
  silenced: boolean;
  incident_id: string | null;
  at: number;
  resolved_at: number | null;
};
export type Fate = {
  result: 'opens' | 'joins' | 'silenced' | 'dropped';
  service: string;
  severity: Signal['severity'];
  urgency: 'high' | 'low' | null;
  /** The decision that says why. */
  why: string;
};
type Group = { opened: number; last: number; openUntil: number };

/**
 * Goes through past alerts, oldest first, as these rules and groupings would have taken them. Call it once an alert, in order: it
 * remembers the incidents that would be open.
 */
export const replay = (rules: RoutingRule[], services: Map<string, ServiceRow>) => {
  const groups = new Map<string, Group>();
  return (past: Past): Fate => {
    const routed = route(past, past.integration_service, past.integration, rules);
    const why = routed.decisions.at(-1)?.why ?? '';
    const name = routed.service ?? past.integration_service;
    const fate = { service: name, severity: routed.severity, urgency: null, why };
    if (routed.drop !== undefined) return { ...fate, result: 'dropped' };
    if (past.silenced) return { ...fate, result: 'silenced' };
    const service = services.get(name);
    if (!service) return { ...fate, result: 'dropped', why: `there is no service named ${name}` };
    const urgency =
      routed.urgency ?? decideUrgency(service, routed.severity, Temporal.Instant.fromEpochMilliseconds(past.at)).urgency;
    const { grouping } = service;
    if (grouping.window_seconds === 0) return { ...fate, urgency, result: 'opens' };
    const key = `${name} ${groupKeyOf(grouping.by, routed.labels)}`;
    const group = groups.get(key);
    const openUntil = past.resolved_at ?? Number.POSITIVE_INFINITY;
    const joins =
      group !== undefined &&
      past.at - group.last <= grouping.window_seconds * 1000 &&
      past.at - group.opened <= grouping.max_age_seconds * 1000 &&
      (service.on_all_resolved !== 'auto' || group.openUntil > past.at);
    if (joins) {
      group.last = past.at;
      group.openUntil = Math.max(group.openUntil, openUntil);
      return { ...fate, urgency, result: 'joins' };
    }
    groups.set(key, { opened: past.at, last: past.at, openUntil });
    return { ...fate, urgency, result: 'opens' };
  };
};
