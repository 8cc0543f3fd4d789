/**
 * Being an Alertmanager: `POST /api/v2/alerts` as Prometheus, vmalert and amtool send it (captured from Prometheus 2.42):
 *
 *   [{"labels":{"alertname":"AlwaysFiring","severity":"critical"},"annotations":{"summary":"hi"},
 *     "startsAt":"2026-11-21T03:24:24.433Z","endsAt":"2026-11-21T03:24:44.433Z",
 *     "generatorURL":"http://vm:19091/graph?g0.expr=vector%281%29&g0.tab=1"}]
 *
 * Statuses and bodies are those measured on Alertmanager 0.25: 200 empty; 400 a bare JSON string from its handler or
 * `{code,message}` from its decoder; 422 and 415 `{code,message}`. Two differences, both so that no page is lost: whatever
 * is usable is kept even where Alertmanager would drop the request, and label names may be any UTF-8, as in its later versions.
 */
import { z } from 'zod';
import type { Signal } from '../../alerts/types.ts';
import { annotationLinks, labelTexts, sourceOf, summaryOf } from './alertmanager.ts';
import { Dictionary, isFields, linksOf, textOf } from './fields.ts';
import { fingerprint } from './fingerprint.ts';
import { severityOrError } from './severity.ts';
import { makeSignal } from './signal.ts';
import { parseInstant } from './time.ts';
import { cutProblems, cutText } from './truncate.ts';
import type { Parsed, ParseInput, Reply } from './types.ts';

/** Alertmanager's default `resolve_timeout`: how long an alert without `endsAt` lives unless it is sent again. */
const RESOLVE_TIMEOUT = Temporal.Duration.from({ minutes: 5 });

const PostableAlert = z
  .object({
    labels: z.unknown().optional(),
    annotations: Dictionary,
    startsAt: z.unknown().optional(),
    endsAt: z.unknown().optional(),
    generatorURL: z.unknown().optional(),
  })
  .loose();

/** What Alertmanager would answer for one bad alert: its decoder (400), its schema (422) or its handler (400, text). */
type Fault =
  | { path: string; by: 'decoder' | 'handler'; message: string }
  | { path: string; by: 'schema'; code: number; message: string };

/** One signal an alert, keyed by its fingerprint; an `endsAt` in the past resolves. See the head of this file for the replies. */
export function parsePrometheus(input: ParseInput): Parsed {
  const type = input.contentType?.split(';')[0]?.trim().toLowerCase();
  if (type && type !== 'application/json' && !type.endsWith('+json')) {
    return refuse(415, 415, `unsupported media type "${cutText(type, 100)}", only allow ["application/json"]`);
  }
  if (input.body === undefined || input.body === null || input.body === '' || input.body === 'null') {
    return refuse(422, 602, 'alerts in body is required');
  }
  if (!Array.isArray(input.body)) return refuse(400, 400, decoderMessage('the body is not a JSON array of alerts'));

  const faults: Fault[] = [];
  const problems: string[] = [];
  const signals: Signal[] = [];
  for (const [index, item] of input.body.entries()) {
    const signal = readPostableAlert(input, item, index, faults, problems);
    if (signal) signals.push(signal);
  }
  const noted = cutProblems([...faults.map((fault) => `${fault.path}: ${fault.message}`), ...problems]);
  const reply = replyTo(faults);
  if (signals.length === 0 && faults.length > 0) return { ok: false, reason: noted.join('; '), reply };
  return { ok: true, signals, problems: noted, reply };
}

function readPostableAlert(
  input: ParseInput,
  item: unknown,
  index: number,
  faults: Fault[],
  problems: string[],
): Signal | undefined {
  const parsed = PostableAlert.safeParse(item);
  if (!parsed.success) {
    faults.push({ path: `${index}`, by: 'decoder', message: 'not a JSON object' });
    return undefined;
  }
  const alert = parsed.data;
  if (alert.labels === undefined || alert.labels === null) {
    faults.push({ path: `${index}.labels`, by: 'schema', code: 602, message: `${index}.labels in body is required` });
    return undefined;
  }
  if (!isFields(alert.labels)) {
    faults.push({ path: `${index}.labels`, by: 'decoder', message: 'not a JSON object' });
    return undefined;
  }
  const labels = labelTexts(alert.labels);
  const wrong = labelFault(alert.labels, labels);
  if (wrong) {
    faults.push({ path: `${index}.labels`, ...wrong });
    return undefined;
  }
  const startsAt = readTime(alert.startsAt, `${index}.startsAt`, faults);
  const endsAt = readTime(alert.endsAt, `${index}.endsAt`, faults);
  if (startsAt && endsAt && Temporal.Instant.compare(endsAt, startsAt) < 0) {
    faults.push({ path: `${index}.endsAt`, by: 'handler', message: 'start time must be before end time' });
    return undefined;
  }
  const generator = textOf(alert.generatorURL);
  if (generator && !URL.canParse(generator) && !generator.startsWith('/')) {
    const message = `${index}.generatorURL in body must be of type uri: ${JSON.stringify(cutText(generator, 200))}`;
    faults.push({ path: `${index}.generatorURL`, by: 'schema', code: 601, message });
  }
  const over = endsAt !== undefined && Temporal.Instant.compare(endsAt, input.now) <= 0;
  return makeSignal(input, {
    action: over ? 'resolve' : 'trigger',
    dedupKey: fingerprint(labels),
    summary: summaryOf(labels, alert.annotations, 'Prometheus'),
    severity: severityOrError(labels.severity ?? labels.priority, `${index}.labels.severity`, problems),
    source: sourceOf(labels, 'Prometheus'),
    labels,
    links: linksOf([{ href: alert.generatorURL, text: 'Source' }, ...annotationLinks(alert.annotations)]),
    // Without a start, a resolve is for whatever is open.
    startsAt: startsAt ?? (over ? undefined : input.now),
    endsAt: endsAt ?? input.now.add(RESOLVE_TIMEOUT),
    raw: item,
  });
}

function labelFault(
  given: Record<string, unknown>,
  labels: Record<string, string>,
): { by: 'decoder' | 'handler'; message: string } | undefined {
  const broken = Object.entries(given).find(([, value]) => typeof value === 'object' && value !== null);
  if (broken) return { by: 'decoder', message: `the value of label ${JSON.stringify(cutText(broken[0], 60))} is not a string` };
  const names = Object.keys(labels);
  if (names.length === 0) return { by: 'handler', message: 'at least one label pair required' };
  const bad = names.find((name) => name === '' || !name.isWellFormed());
  return bad === undefined
    ? undefined
    : { by: 'handler', message: `invalid label set: invalid name ${JSON.stringify(bad.toWellFormed())}` };
}

/** Go's zero time means absent; anything else unreadable is Alertmanager's 400, though the alert itself is kept. */
function readTime(value: unknown, path: string, faults: Fault[]): Temporal.Instant | undefined {
  const instant = parseInstant(value);
  const absent =
    value === undefined || value === null || value === '' || (typeof value === 'string' && value.startsWith('0001-01-01'));
  if (!instant && !absent) {
    const shown = typeof value === 'string' ? cutText(value, 60) : `a JSON ${typeof value}`;
    faults.push({ path, by: 'decoder', message: `parsing time ${JSON.stringify(shown)}: not an RFC 3339 time` });
  }
  return instant;
}

/** Decoding comes first in Alertmanager, then its schema, whose first finding is all it tells, then the handler, which joins. */
function replyTo(faults: Fault[]): Reply {
  const decoder = faults.find((fault) => fault.by === 'decoder');
  if (decoder) return { status: 400, body: { code: 400, message: decoderMessage(`${decoder.path}: ${decoder.message}`) } };
  const schema = faults.find((fault) => fault.by === 'schema');
  if (schema?.by === 'schema') return { status: 422, body: { code: schema.code, message: schema.message } };
  if (faults.length === 0) return { status: 200 };
  return { status: 400, body: cutProblems(faults.map((fault) => fault.message)).join('; ') };
}

function decoderMessage(why: string): string {
  return `parsing alerts body from "" failed, because ${why}`;
}

function refuse(status: number, code: number, message: string): Parsed {
  return { ok: false, reason: message, reply: { status, body: { code, message } } };
}
