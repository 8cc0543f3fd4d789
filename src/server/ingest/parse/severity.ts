import type { AlertSeverity } from '../../alerts/types.ts';

/**
 * The one table of severity words, lower case. Sources: PagerDuty Events v2, Opsgenie priorities, Splunk On-Call message
 * types, syslog levels, Zabbix severities (as Zabbix's own PagerDuty media type maps them), Grafana and Datadog alert
 * types. A bare number counts like a priority: 1 is the worst, and 0 is worse still.
 */
const WORDS: Record<AlertSeverity, string> = {
  critical:
    'critical crit fatal emergency emerg panic disaster blocker catastrophic page p0 p1 sev0 sev1 s0 s1 severity0 severity1 priority1 0 1 urgent down red outage',
  error:
    'error err errors high major severe alert alerting p2 sev2 s2 severity2 priority2 2 failure failed fail bad no_data nodata unreachable important',
  warning:
    'warning warn medium moderate average minor degraded p3 sev3 s3 severity3 priority3 3 yellow amber orange unstable elevated',
  info: 'info information informational notice low none debug trace verbose trivial not_classified p4 p5 sev4 sev5 s4 s5 severity4 severity5 priority4 priority5 4 5 ok okay normal clear cleared success recovery recovered resolved green up healthy unimportant',
};

const TABLE: ReadonlyMap<string, AlertSeverity> = new Map(
  Object.entries(WORDS).flatMap(([severity, words]) =>
    words.split(' ').map((word) => [word, severity as AlertSeverity] as const),
  ),
);

/** Our severity for a tool's word or number; undefined for one not in the table. `SEV-1`, `Sev 1` and `sev1` are one word. */
export function severityOf(value: unknown): AlertSeverity | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const word = String(value).trim().toLowerCase();
  if (word.length > 40) return undefined;
  return TABLE.get(word) ?? TABLE.get(word.replace(/[\s_-]+/g, '_')) ?? TABLE.get(word.replace(/[\s_-]+/g, ''));
}

/** Our severity, `error` when the word is unknown or absent; an unknown word is added to `problems` under `path`. */
export function severityOrError(value: unknown, path: string, problems: string[]): AlertSeverity {
  const severity = severityOf(value);
  if (severity) return severity;
  if (value !== undefined && value !== null && value !== '') {
    problems.push(`${path}: unknown severity ${describe(value)}, taken as error`);
  }
  return 'error';
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 60)}'`;
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : `of type ${Array.isArray(value) ? 'array' : typeof value}`;
}
