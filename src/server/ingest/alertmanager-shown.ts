import type { Matcher } from '../../contract/common.ts';
import { AppError } from '../platform/errors.ts';
import { assertMatcher, type Facts } from '../platform/matching.ts';
import type { OpenAlert } from './alertmanager-store.ts';
import { isFields, textOf } from './parse/fields.ts';
import { fingerprint } from './parse/fingerprint.ts';

const time = (at: Temporal.Instant): string => at.toString({ smallestUnit: 'millisecond' });

/** `gettableAlert` of the Alertmanager API. Annotations and the generator are as the sender last gave them. */
export const gettableAlert = (row: OpenAlert, receiver: string, now: Temporal.Instant) => {
  const payload = isFields(row.payload) ? row.payload : {};
  const annotations = isFields(payload.annotations) ? payload.annotations : {};
  const silenced = row.disposition === 'silenced';
  const generator = textOf(payload.generatorURL);
  return {
    annotations: Object.fromEntries(
      Object.entries(annotations).flatMap(([name, value]) => {
        const text = textOf(value);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
    endsAt: time(row.ends_at ?? now.add({ minutes: 5 })),
    fingerprint: /^[0-9a-f]{16}$/.test(row.dedup_key) ? row.dedup_key : fingerprint(row.labels),
    receivers: [{ name: receiver }],
    startsAt: time(row.started_at),
    status: {
      state: silenced ? 'suppressed' : 'active',
      silencedBy: silenced && row.silence_id ? [row.silence_id] : [],
      inhibitedBy: [],
      mutedBy: [],
    },
    updatedAt: time(row.last_seen),
    ...(generator && URL.canParse(generator) ? { generatorURL: generator } : {}),
    labels: row.labels,
  };
};

export const facts = (labels: Record<string, string>): Facts => ({ labels, fields: {} });

const FILTER = /^\s*([a-zA-Z_:][\w:.-]*|"(?:[^"\\]|\\.)*")\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;
const unquote = (text: string): string | undefined => {
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
};

/** `filter` parameters, one matcher each, as amtool writes them: `alertname="Foo"`, `{job=~"a.*"}`. A text says what is wrong. */
export const parseFilters = (filters: string[]): Matcher[] | string => {
  const matchers: Matcher[] = [];
  for (const filter of filters.slice(0, 50)) {
    const bad = `bad matcher format: ${filter.slice(0, 200)}`;
    const match = FILTER.exec(filter.slice(0, 4000).replace(/^\s*\{(.*)\}\s*$/s, '$1'));
    const name = unquote(match?.[1] ?? '');
    const value = unquote(match?.[3] ?? '');
    if (!match || !name || value === undefined) return bad;
    const matcher: Matcher = { name, op: match[2] as Matcher['op'], value };
    try {
      assertMatcher(matcher, 'filter');
    } catch (thrown) {
      if (thrown instanceof AppError) return bad;
      throw thrown;
    }
    matchers.push(matcher);
  }
  return matchers;
};
