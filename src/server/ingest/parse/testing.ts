import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Signal } from '../../alerts/types.ts';
import { LIMITS } from './truncate.ts';
import type { Parsed, ParseInput } from './types.ts';

export const NOW = Temporal.Instant.from('2026-11-21T03:12:00Z');
export const REQUEST_ID = '01990000-aaaa-7bbb-8ccc-0123456789ab';

const fixtures = new URL('../../../../test/fixtures/', import.meta.url);

/** A stored payload. */
export const fixture = (name: string): Record<string, unknown> => JSON.parse(readFileSync(new URL(name, fixtures), 'utf8'));

export type Captured = { method: string; url: string; headers: Record<string, string>; body: string };

/** The captured requests whose address contains `part`, in order. */
export function captured(part: string): Captured[] {
  const lines = readFileSync(new URL('captured-client-requests.jsonl', fixtures), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Captured).filter((request) => request.url.includes(part));
}

/** A parser's input around a body. */
export function given(body: unknown, more: Partial<ParseInput> = {}): ParseInput {
  return {
    body,
    query: {},
    params: {},
    integration: { id: 'int-1', kind: 'test', config: {} },
    now: NOW,
    requestId: REQUEST_ID,
    ...more,
  };
}

/** The result of a parse that must have gone well. */
export function good(parsed: Parsed) {
  if (!parsed.ok) throw new Error(`refused: ${parsed.reason}`);
  return parsed;
}

/** The only signal of a parse. */
export function only(parsed: Parsed): Signal {
  const { signals } = good(parsed);
  expect(signals).toHaveLength(1);
  return signals[0] as Signal;
}

const characters = (text: string) => [...text].length;
const fit = (text: string) => text.isWellFormed() && !text.includes('\u0000');

/** Every promise a signal makes to the database and to the screens; those that it breaks fail the test, by name. */
export function expectWithinLimits(signal: Signal): void {
  const labels = Object.entries(signal.labels);
  const addresses = [...signal.links.map((link) => link.href), ...signal.images.map((image) => image.src)];
  const texts = [signal.dedupKey, signal.summary, signal.source, signal.by ?? '', ...labels.flat()];
  const within = (text: string, most: number, least = 0) => {
    const long = characters(text);
    return long >= least && long <= most;
  };
  const promises = {
    action: ['trigger', 'acknowledge', 'resolve'].includes(signal.action),
    severity: ['critical', 'error', 'warning', 'info'].includes(signal.severity),
    'length of the dedup key': within(signal.dedupKey, LIMITS.key, 1),
    'length of the summary': within(signal.summary, LIMITS.summary, 1),
    'length of the source': within(signal.source, LIMITS.source),
    'number of labels': labels.length <= LIMITS.labels,
    'length of the labels': labels.every(([name, value]) => within(name, LIMITS.key) && within(value, LIMITS.labelValue)),
    addresses: addresses.every((address) => /^https?:\/\//i.test(address)),
    'well-formed texts': texts.every(fit),
    // The escape is how JSON.stringify writes what jsonb refuses; an escaped backslash before it is just text.
    'what jsonb takes': !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(signal.raw).replaceAll('\\\\', '')),
  };
  // One question a signal: there are a hundred thousand.
  expect(Object.entries(promises).flatMap(([promise, kept]) => (kept ? [] : promise))).toEqual([]);
}
