/**
 * Any JSON, form, query or text, with or without a mapping in the integration's config. Without one, the names most tools use:
 *
 *   {"title":"Disk full","severity":"P2","status":"firing","host":"db1","id":"disk-db1","url":"https://…"}
 *   title=Disk+full&severity=critical        Disk full on db1
 *
 * With one, whose values are the small path language of `path.ts`:
 *
 *   {"mapping":{"summary":"{$.check.name} on {$.host}","severity":"$.level","dedup_key":"$.check['id']","action":"$.state",
 *    "labels":{"team":"$.meta.team"},"links":[{"href":"$.url","text":"Check"}],"action_map":{"FINE":"resolve"}}}
 *
 * A list is many events. Answered 202; 400 only when there is nothing at all to tell a person.
 */
import type { Signal } from '../../alerts/types.ts';
import { type Fields, hrefOf, imagesOf, isFields, linksOf, textOf } from './fields.ts';
import { applyMapping, type Mapping, readMappingOrNone } from './generic-mapping.ts';
import { type Found, type Lookup, lookupIn, recognise } from './generic-shapes.ts';
import { severityOrError } from './severity.ts';
import { makeSignal } from './signal.ts';
import { parseInstant } from './time.ts';
import { cutKey, cutProblems, sha256 } from './truncate.ts';
import type { Parsed, ParseInput } from './types.ts';

/** One signal an event; see the head of this file. */
export function parseGeneric(input: ParseInput): Parsed {
  const problems: string[] = [];
  const mapping = readMappingOrNone(input.integration.config, problems);
  const signals: Signal[] = [];
  const many = Array.isArray(input.body);
  const events: unknown[] = Array.isArray(input.body) ? input.body : [input.body];
  let skipped = 0;
  for (const [index, event] of events.entries()) {
    const outcome = readEvent(input, event, mapping, many ? `${index}.` : '', problems);
    if (outcome === 'skipped') skipped += 1;
    else if (outcome) signals.push(outcome);
  }
  const noted = cutProblems(problems);
  if (signals.length === 0 && skipped === 0 && events.length > 0) {
    const errors = noted.length > 0 ? noted : ['the request is empty'];
    return { ok: false, reason: errors.join('; '), reply: { status: 400, body: { message: 'No event in the request', errors } } };
  }
  const keys = signals.map((signal) => signal.dedupKey);
  return { ok: true, signals, problems: noted, reply: { status: 202, body: { status: 'accepted', dedup_keys: keys } } };
}

function readEvent(
  input: ParseInput,
  event: unknown,
  mapping: Mapping | undefined,
  path: string,
  problems: string[],
): Signal | 'skipped' | undefined {
  const fields = isFields(event) ? event : undefined;
  const text = textOf(event);
  if (!text && (!fields || Object.keys(fields).length === 0)) {
    problems.push(`${path === '' ? 'body' : path.slice(0, -1)}: no event: empty, or neither an object nor text`);
    return undefined;
  }
  const guessed: Found = fields ? readFields(fields) : { summary: text?.split(/\r?\n/, 1)[0] };
  const mapped = mapping && applyMapping(mapping, event);
  const ignored =
    mapped?.action === 'ignore' ? 'action: ignored by the mapping' : mapped?.action === undefined ? guessed.skip : undefined;
  if (ignored !== undefined) {
    problems.push(`${path}${ignored}`);
    return 'skipped';
  }
  const action = actionOf(mapped?.action) ?? actionOf(guessed.action) ?? 'trigger';
  const summary = mapped?.summary ?? guessed.summary ?? describe(fields);
  const source = mapped?.source ?? guessed.source ?? input.integration.kind;
  const key = mapped?.key ?? guessed.key ?? sha256(`${source}\n${summary}`);
  return makeSignal(input, {
    action,
    dedupKey: cutKey(key),
    summary,
    severity: severityOrError(mapped?.severity ?? guessed.severity, `${path}severity`, problems),
    source,
    labels: { ...mapped?.labels, ...(mapped && mapping.labels.length > 0 ? {} : guessed.labels) },
    links: linksOf([...(mapped?.links ?? []), ...(guessed.links ?? [])]),
    images: imagesOf([...(mapped?.images ?? []), ...(guessed.images ?? [])]),
    startsAt: parseInstant(guessed.startsAt),
    by: guessed.by,
    raw: event,
  });
}

/** Objects that senders wrap the event in; looked into when the outside does not say. */
const WRAPPERS = ['alert', 'incident', 'event', 'data', 'payload', 'issue', 'check', 'monitor'];

function readFields(event: Fields): Found {
  const find = lookupIn(event);
  const known = recognise(event, find);
  if (known) return known;
  const inner = WRAPPERS.map((name) => find(name)).filter(isFields);
  const lookups = [find, ...inner.map(lookupIn)];
  const first = (...names: string[]) => firstText(lookups, names);
  const severity = first(...SEVERITY_NAMES);
  // `action: created` or `status: 200` says nothing; the next name may. Some senders say that it is over only by the level
  // (Kapacitor's `OK`, syslog-like `cleared`), so that comes last.
  const words = [...STATE_NAMES.map((name) => first(name)), severity];
  return {
    summary: first(...SUMMARY_NAMES),
    severity,
    action: words.find((word) => actionOf(word) !== undefined),
    key: first(...KEY_NAMES),
    source: first(...SOURCE_NAMES),
    labels: event,
    links: addresses(lookups, LINK_NAMES),
    images: addresses(lookups, IMAGE_NAMES).map(({ href }) => ({ src: href })),
    startsAt: first(...TIME_NAMES),
    by: first('acknowledgedby', 'ackauthor', 'resolvedby'),
  };
}

const STATE_NAMES = 'eventaction action status state alertstatus alertstate transition currentstate newstate'.split(' ');
const KEY_NAMES = 'dedupkey deduplicationkey incidentkey alias fingerprint alertid incidentid problemid id key uid uuid'.split(
  ' ',
);
const SOURCE_NAMES = 'source host hostname instance service servicename server device node application app entity'.split(' ');
const LINK_NAMES = 'url link href alerturl eventurl incidenturl dashboardurl runbookurl weburl permalink'.split(' ');
const IMAGE_NAMES = 'image imageurl snapshot snapshoturl graphurl'.split(' ');
const TIME_NAMES = 'startsat startedat starttime occurredat timestamp time date createdat'.split(' ');
const SEVERITY_NAMES = 'severity priority level urgency criticality alertseverity'.split(' ');
const SUMMARY_NAMES =
  'summary title subject eventtitle alertname alerttitle message msg text name headline description body content reason'.split(
    ' ',
  );

function firstText(lookups: Lookup[], names: string[]): string | undefined {
  for (const find of lookups) {
    for (const name of names) {
      const text = textOf(find(name));
      if (text) return text;
    }
  }
  return undefined;
}

function addresses(lookups: Lookup[], names: string[]): { href: string; text?: string }[] {
  return lookups.flatMap((find) =>
    names.flatMap((name) => {
      const href = hrefOf(find(name));
      return href ? [{ href }] : [];
    }),
  );
}

const ACTION_WORDS: Record<Signal['action'], string> = {
  trigger: 'trigger triggered firing alerting alert open opened active problem down critical error failed failing failure new',
  acknowledge: 'acknowledge acknowledged acknowledgement acknowledgment ack acked',
  resolve:
    'resolve resolved ok okay up close closed clear cleared recover recovered recovery normal healthy success passed fixed inactive solved online completed',
};

const ACTIONS = new Map(
  Object.entries(ACTION_WORDS).flatMap(([action, words]) =>
    words.split(' ').map((word) => [word, action as Signal['action']] as const),
  ),
);

/** What a state word asks for; undefined for a word that says nothing about it. */
function actionOf(word: unknown): Signal['action'] | undefined {
  const text = textOf(word)?.toLowerCase();
  return text === undefined ? undefined : ACTIONS.get(text.replace(/^(alert|event|incident|trigger)[._ ]/, ''));
}

/** Something to read when no field is a headline: the first few scalars as they came. */
function describe(fields: Fields | undefined): string {
  const scalars = Object.entries(fields ?? {}).flatMap(([name, value]) => {
    const text = textOf(value);
    return text ? [`${name}=${text}`] : [];
  });
  return scalars.length > 0 ? scalars.slice(0, 8).join(' ') : 'Event without a summary';
}
