import type { RoutingRule } from '../../contract/service.ts';
import { describeCondition, type Facts, holds } from '../platform/matching.ts';
import type { Signal } from './types.ts';

export type Decision = { step: string; result: string; why: string };

export type Routed = {
  /** Set by a rule; else the integration's own. */
  service?: string;
  severity: Signal['severity'];
  urgency?: 'high' | 'low';
  labels: Record<string, string>;
  drop?: string;
  decisions: Decision[];
};

export const factsOf = (
  signal: Pick<Signal, 'labels' | 'summary' | 'severity' | 'source'>,
  service: string,
  integration: string,
): Facts => ({
  labels: signal.labels,
  fields: { summary: signal.summary, severity: signal.severity, source: signal.source, service, integration },
});

/** Asks the rules in order; later ones see what earlier ones set. `asked` hears of each. */
export const route = (
  signal: Pick<Signal, 'labels' | 'summary' | 'severity' | 'source'>,
  service: string,
  integration: string,
  rules: RoutingRule[],
  asked?: (rule: RoutingRule, facts: Facts, matched: boolean) => void,
): Routed => {
  const routed: Routed = { severity: signal.severity, labels: signal.labels, decisions: [] };
  for (const rule of rules) {
    const facts = factsOf(
      { ...signal, severity: routed.severity, labels: routed.labels },
      routed.service ?? service,
      integration,
    );
    const matched = holds(rule.when, facts);
    asked?.(rule, facts, matched);
    if (!matched) continue;
    const { set } = rule;
    if (set.service) routed.service = set.service;
    if (set.severity) routed.severity = set.severity;
    if (set.urgency) routed.urgency = set.urgency;
    if (set.labels) routed.labels = { ...routed.labels, ...set.labels };
    const changes = [
      ...(set.service ? [`service ${set.service}`] : []),
      ...(set.severity ? [`severity ${set.severity}`] : []),
      ...(set.urgency ? [`urgency ${set.urgency}`] : []),
      ...Object.entries(set.labels ?? {}).map(([name, value]) => `${name}=${value}`),
    ];
    routed.decisions.push({
      step: 'routing',
      result: rule.drop ? 'dropped' : changes.length > 0 ? `set ${changes.join(', ')}` : 'matched',
      why: `rule ${rule.name}: ${describeCondition(rule.when)}${rule.drop ? `; ${rule.drop}` : ''}`,
    });
    if (rule.drop) return { ...routed, drop: rule.drop };
    if (rule.stop) break;
  }
  if (routed.decisions.length === 0)
    routed.decisions.push({
      step: 'routing',
      result: 'unchanged',
      why: rules.length > 0 ? 'no routing rule matched' : 'there are no routing rules',
    });
  return routed;
};

/** Alerts with equal keys may share an incident. */
export const groupKeyOf = (by: string[], labels: Record<string, string>): string =>
  JSON.stringify(by.map((name) => [name, Object.hasOwn(labels, name) ? labels[name] : '']));

export const describeGrouping = (grouping: { by: string[]; window_seconds: number }): string =>
  `same service${grouping.by.length > 0 ? `, equal ${grouping.by.join(', ')}` : ''}, within ${grouping.window_seconds} s of its last alert`;

/**
 * Splits signals into waves in which each key is asked only one thing, keeping the order per key: what came
 * together can then be written together.
 */
export const waves = <T extends { integrationId: string; dedupKey: string; action: string }>(
  signals: T[],
): { signal: T; index: number }[][] => {
  const at = new Map<string, { wave: number; action: string }>();
  const out: { signal: T; index: number }[][] = [];
  signals.forEach((signal, index) => {
    const key = `${signal.integrationId} ${signal.dedupKey}`;
    const last = at.get(key);
    const wave = last === undefined ? 0 : last.action === signal.action ? last.wave : last.wave + 1;
    at.set(key, { wave, action: signal.action });
    let list = out[wave];
    if (!list) {
      list = [];
      out[wave] = list;
    }
    list.push({ signal, index });
  });
  return out;
};
