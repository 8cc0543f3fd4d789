import { isFields, textOf } from './parse/fields.ts';
import { tagsOf } from './parse/opsgenie.ts';
import { cleanText } from './parse/truncate.ts';
import type { Known } from './types.ts';

/** What of an alert the Opsgenie API shows. */
export type OpsgenieRow = {
  id: string;
  tiny_id: number;
  dedup_key: string;
  status: string;
  acknowledged: boolean;
  summary: string;
  severity: string;
  source: string;
  labels: Record<string, string>;
  payload: unknown;
  count: number;
  first_seen: Temporal.Instant;
  last_seen: Temporal.Instant;
  resolved_at: Temporal.Instant | null;
};

/** For an alert whose sender gave no priority. */
const PRIORITY: Record<string, string> = { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' };
/** Labels that are fields of their own over there. */
const OWN = new Set(['tags', 'entity', 'priority', 'description', 'responders']);

const text = (at: Temporal.Instant): string => at.toString({ smallestUnit: 'millisecond' });

/** The alert object of `GET /v2/alerts/{id}`; a list leaves out what is long. */
export const opsgenieAlert = (row: OpsgenieRow, integration: Known, snoozedUntil: Temporal.Instant | null, long: boolean) => {
  const { labels } = row;
  const payload = isFields(row.payload) ? row.payload : {};
  const closed = row.status !== 'open';
  return {
    id: row.id,
    tinyId: String(row.tiny_id),
    alias: row.dedup_key,
    message: row.summary,
    status: closed ? 'closed' : 'open',
    acknowledged: row.acknowledged,
    isSeen: row.acknowledged,
    tags: tagsOf(labels.tags),
    snoozed: snoozedUntil !== null && !closed,
    ...(snoozedUntil && !closed ? { snoozedUntil: text(snoozedUntil) } : {}),
    count: row.count,
    lastOccurredAt: text(row.last_seen),
    createdAt: text(row.first_seen),
    updatedAt: text(row.resolved_at ?? row.last_seen),
    source: row.source,
    owner: '',
    priority: labels.priority ?? PRIORITY[row.severity] ?? 'P3',
    teams: [],
    responders: Array.isArray(payload.responders) ? payload.responders.filter(isFields) : [],
    integration: { id: integration.id, name: integration.name, type: 'API' },
    report:
      closed && row.resolved_at ? { closeTime: Math.max(0, row.resolved_at.since(row.first_seen).total('milliseconds')) } : {},
    ...(long
      ? {
          actions: [],
          entity: labels.entity ?? '',
          description: labels.description ?? textOf(payload.description) ?? '',
          details: Object.fromEntries(Object.entries(labels).filter(([name]) => !OWN.has(name))),
        }
      : {}),
  };
};

export type OpsgenieFilter = { field: string; value: string };

const FIELDS = new Set(['status', 'acknowledged', 'alias', 'tinyid', 'message', 'tag', 'priority', 'source', 'entity']);

/**
 * The part of Opsgenie's search language that scripts use: `status:open AND tag=db message:"disk full" word`.
 * A text instead of a list says what is not understood.
 */
export const readQuery = (query: string): OpsgenieFilter[] | string => {
  const filters: OpsgenieFilter[] = [];
  for (const match of cleanText(query.slice(0, 1000)).matchAll(/(\w+)\s*[:=]\s*(?:"([^"]*)"|(\S+))|"([^"]*)"|(\S+)/g)) {
    const [, field, quoted, bare, phrase, word] = match;
    if (field !== undefined) {
      const name = field.toLowerCase();
      const value = quoted ?? bare ?? '';
      if (!FIELDS.has(name)) return `the field ${field} cannot be searched; these can: ${[...FIELDS].join(', ')}`;
      if (name === 'status' && !/^(open|closed)$/i.test(value)) return 'status is open or closed';
      if (name === 'acknowledged' && !/^(true|false)$/i.test(value)) return 'acknowledged is true or false';
      if (name === 'tinyid' && !/^\d{1,15}$/.test(value)) return 'tinyId is a number';
      filters.push({ field: name, value: ['status', 'acknowledged'].includes(name) ? value.toLowerCase() : value });
    } else if (word !== undefined && /^(OR|NOT|\(.*|.*\))$/.test(word))
      return `${word} is not supported: conditions are joined by AND`;
    else if (word !== 'AND') filters.push({ field: 'message', value: phrase ?? word ?? '' });
  }
  return filters;
};
