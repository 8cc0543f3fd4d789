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

/** Every promise a signal makes to the database and to the screens. */
export function expectWithinLimits(signal: Signal): void {
  expect(['trigger', 'acknowledge', 'resolve']).toContain(signal.action);
  expect(['critical', 'error', 'warning', 'info']).toContain(signal.severity);
  expect(characters(signal.dedupKey)).toBeGreaterThan(0);
  expect(characters(signal.dedupKey)).toBeLessThanOrEqual(LIMITS.key);
  expect(characters(signal.summary)).toBeGreaterThan(0);
  expect(characters(signal.summary)).toBeLessThanOrEqual(LIMITS.summary);
  expect(characters(signal.source)).toBeLessThanOrEqual(LIMITS.source);
  const labels = Object.entries(signal.labels);
  expect(labels.length).toBeLessThanOrEqual(LIMITS.labels);
  for (const [name, value] of labels) {
    expect(characters(name)).toBeLessThanOrEqual(LIMITS.key);
    expect(characters(value)).toBeLessThanOrEqual(LIMITS.labelValue);
  }
  for (const address of [...signal.links.map((link) => link.href), ...signal.images.map((image) => image.src)]) {
    expect(address).toMatch(/^https?:\/\//i);
  }
  const texts = [signal.dedupKey, signal.summary, signal.source, signal.by ?? '', ...labels.flat()];
  expect(texts.every(fit)).toBe(true);
  // The escape is how JSON.stringify writes what jsonb refuses; an escaped backslash before it is just text.
  expect(JSON.stringify(signal.raw).replaceAll('\\\\', '')).not.toMatch(/\\u0000|\\ud[89a-f]/i);
}
