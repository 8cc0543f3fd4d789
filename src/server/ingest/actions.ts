import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { tried, tryInput } from '../../contract/inspector.ts';
import type { Integration } from '../../contract/service.ts';
import type { Signal } from '../alerts/types.ts';
import { serviceNamed } from '../catalog/actions.ts';
import { allow } from '../identity/permissions.ts';
import { changesOf, journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { assertPattern } from '../platform/matching.ts';
import { keysChanging } from './keys.ts';
import { parseAlertmanager } from './parse/alertmanager.ts';
import { decodeBody } from './parse/body.ts';
import { parseEmail } from './parse/email.ts';
import { parseGeneric } from './parse/generic.ts';
import { readMapping } from './parse/generic-mapping.ts';
import { parseGrafana } from './parse/grafana.ts';
import { parseOpsgenieCreate } from './parse/opsgenie.ts';
import { parsePagerduty } from './parse/pagerduty.ts';
import { parsePrometheus } from './parse/prometheus.ts';
import type { Parser } from './parse/types.ts';
import { parseVictorops } from './parse/victorops.ts';
import * as store from './store.ts';
import type { Known } from './types.ts';

export { opsgeniePong } from './parse/opsgenie-reply.ts';
export type { Addressed } from './request.ts';
export { eitherSlash, serve } from './request.ts';
export type { Row as IntegrationRow } from './store.ts';
export { OPSGENIE, WEBHOOK } from './surfaces.ts';

/** Keys this long are what PagerDuty's senders expect; imported ones are accepted as they are. */
const newKey = (): string => randomBytes(16).toString('hex');

/** What stands in place of a secret for whoever may not read it; given back, the secret stays as it is. */
export const MASKED = '…';

/**
 * Creates an integration or brings one to this state. Without a key it keeps the one it has, or gets one. Refuses a
 * key another integration has and a mapping that cannot work. The key works on this node at once.
 */
export const saveIntegration = async (ctx: Ctx, input: Integration): Promise<{ name: string; key: string; created: boolean }> => {
  allow(ctx, 'service.write');
  const service = await serviceNamed(ctx, input.service, 'service');
  allow(ctx, 'service.write', service.team_id);
  readMapping({ mapping: input.mapping });
  if (input.kind === 'phone' && !input.phone) throw invalid('is needed: the number that people call', 'phone.number');
  if (input.kind !== 'phone' && input.phone) throw invalid('is only for an integration of kind phone', 'phone');
  assertMail(input);
  const before = await store.byName(ctx, input.name);
  if (before) allow(ctx, 'service.write', (await serviceNamed(ctx, before.service)).team_id);
  const hmac_secret = (input.hmac_secret === MASKED ? before?.hmac_secret : input.hmac_secret) ?? null;
  const key = input.key ?? (before && !before.removed_at ? before.key : newKey());
  if (input.kind === 'email' && !MAIL_KEY.test(key))
    throw invalid('begins the mail address: 16 to 64 lower-case letters, digits, dashes or underscores', 'key');
  const holder = await store.nameOfKey(ctx, key);
  if (holder !== undefined && holder !== input.name) throw invalid('is the key of another integration', 'key');
  keysChanging(before ? [key, before.key] : [key]);
  const id = await store.upsert(ctx, {
    name: input.name,
    service_id: service.id,
    kind: input.kind,
    key,
    mapping: input.mapping ? JSON.stringify(input.mapping) : null,
    mail: input.mail ? JSON.stringify(input.mail) : null,
    hmac_secret,
    phone: input.phone ? JSON.stringify(input.phone) : null,
  });
  await journal(ctx, {
    type: 'integration.saved',
    subject: { type: 'integration', id },
    text: `Integration ${input.name} of ${input.service} was saved`,
    data: {
      name: input.name,
      service: input.service,
      kind: input.kind,
      new_key: before?.key !== key,
      changes: changesOf(before && !before.removed_at ? integrationOf(before) : undefined, {
        ...input,
        key,
        ...(hmac_secret ? { hmac_secret } : {}),
      }),
    },
  });
  return { name: input.name, key, created: !before || before.removed_at !== null };
};

/** Programs that send mail may write the address in lower case, and nobody may guess it. */
const MAIL_KEY = /^[a-z0-9_-]{16,64}$/;

/** Refuses an expression that RE2 cannot compile, naming its field. */
const assertMail = ({ mail }: Pick<Integration, 'mail'>): void => {
  for (const field of ['opens', 'closes', 'key_pattern'] as const) {
    const expression = mail?.[field];
    if (expression) assertPattern(expression, `mail.${field}`);
  }
};

export const integrationOf = (row: store.Row): Integration => ({
  name: row.name,
  service: row.service,
  kind: row.kind as Integration['kind'],
  key: row.key,
  ...(row.mapping ? { mapping: row.mapping } : {}),
  ...(row.mail ? { mail: row.mail } : {}),
  ...(row.hmac_secret ? { hmac_secret: row.hmac_secret } : {}),
  ...(row.phone ? { phone: row.phone } : {}),
});
export const integrationRows = store.all;
/** Notes that something came in by these just now. */
export const noteHeard = store.seen;
/** All integrations by name, with their keys and secrets: only for those who may read them. */
export const allIntegrations = async (ctx: Ctx): Promise<Integration[]> => (await store.all(ctx)).map(integrationOf);

export const integrationNamed = async (ctx: Ctx, name: string, field?: string): Promise<store.Row> => {
  const row = await store.byName(ctx, name);
  if (!row || row.removed_at)
    throw field ? invalid(`there is no integration named ${name}`, field) : notFound(`Integration ${name}`);
  return row;
};

/** Its key works no more and may be given to another. Its alerts stay. Refused while a heartbeat belongs to it. */
export const removeIntegration = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'service.write');
  const row = await integrationNamed(ctx, name);
  allow(ctx, 'service.write', (await serviceNamed(ctx, row.service)).team_id);
  const heartbeats = await store.heartbeatsOf(ctx, row.id);
  if (heartbeats.length > 0) throw invalid(`heartbeat ${heartbeats.join(', ')} belongs to it: remove that first`, 'name');
  keysChanging([row.key]);
  if (await store.hasAlerts(ctx, row.id)) await store.retire(ctx, row.id);
  else await store.remove(ctx, row.id);
  await journal(ctx, {
    type: 'integration.removed',
    subject: { type: 'integration', id: row.id },
    text: `Integration ${name} was removed`,
  });
};

/** A service that something sends to cannot go. */
export const refuseServiceInUse = async (ctx: Ctx, { id }: { id: string; name: string }): Promise<void> => {
  const names = await store.ofService(ctx, id);
  if (names.length > 0) throw invalid(`integration ${names.join(', ')} belongs to it: remove that first`, 'name');
};

/** The last requests of an integration that were not taken, newest first; `undefined`: those whose key nobody has. */
export const refusedRequests = async (ctx: Ctx, name: string | undefined): Promise<store.RefusedRow[]> =>
  store.refused(ctx, name === undefined ? null : (await integrationNamed(ctx, name)).id);

/** What a call becomes is decided while it lasts. */
const noPayload: Parser = () => {
  const reason = 'an integration of kind phone takes calls, and a call has no payload to try';
  return { ok: false, reason, reply: { status: 400, body: { message: reason } } };
};
const PARSERS: Record<Integration['kind'], Parser> = {
  alertmanager: parseAlertmanager,
  prometheus: parsePrometheus,
  grafana: parseGrafana,
  pagerduty: parsePagerduty,
  opsgenie: parseOpsgenieCreate,
  victorops: parseVictorops,
  generic: parseGeneric,
  phone: noPayload,
  email: parseEmail,
};

/** Addresses that speak one vendor's way, whatever the kind of the integration. */
const BY_PATH: [RegExp, Parser][] = [
  [/\/v2\/enqueue|\/integration\/|\/x-ere\//, parsePagerduty],
  [/\/hooks\/alertmanager\//, parseAlertmanager],
  [/\/alertmanager\//, parsePrometheus],
  [/\/hooks\/grafana\//, parseGrafana],
  [/\/hooks\/generic\//, parseGeneric],
  [/\/v2\/alerts/, parseOpsgenieCreate],
  [/\/integrations\/generic\//, parseVictorops],
];

/** What an integration of this name would make of a payload of its kind, touching nothing. Refuses one that would be refused. */
export const previewSignals = async (
  ctx: Ctx,
  name: string,
  payload: unknown,
): Promise<{ signals: Signal[]; problems: string[] }> => {
  const row = await integrationNamed(ctx, name, 'integration');
  return signalsOf(ctx, row, PARSERS[row.kind as Integration['kind']], { body: payload, query: {} }, 'payload');
};

/** What the tool's payload would become, by the saved mapping or a draft of one. Refuses a mapping that cannot work; touches nothing. */
export const tryPayload = async (ctx: Ctx, name: string, input: z.output<typeof tryInput>): Promise<z.input<typeof tried>> => {
  const row = await integrationNamed(ctx, name);
  const mapping = input.mapping === undefined ? row.mapping : input.mapping;
  readMapping({ mapping });
  assertMail(input);
  const parsed = PARSERS[row.kind as Integration['kind']]({
    body: input.payload,
    query: {},
    params: {},
    integration: { id: row.id, kind: row.kind, config: { mapping, mail: input.mail ?? row.mail } },
    now: ctx.now,
    requestId: newId(),
  });
  if (!parsed.ok) return { refused: parsed.reason, events: [], problems: [] };
  const events = parsed.signals.map(({ action, summary, severity, dedupKey, source, labels, links }) => ({
    action,
    summary,
    severity,
    dedup_key: dedupKey,
    source,
    labels,
    links,
  }));
  return { refused: null, events, problems: parsed.problems };
};

const signalsOf = (
  ctx: Ctx,
  row: store.Row,
  parser: Parser,
  sent: { body: unknown; query: Record<string, string> },
  field: string,
): { signals: Signal[]; problems: string[] } => {
  const parsed = parser({
    ...sent,
    params: {},
    integration: { id: row.id, kind: row.kind, config: { mapping: row.mapping, mail: row.mail } },
    now: ctx.now,
    requestId: newId(),
  });
  if (!parsed.ok) throw invalid(parsed.reason, field);
  return { signals: parsed.signals, problems: parsed.problems };
};

/**
 * The events in a request that was refused, now taken for this integration: of its own, or with a key nobody has. Refuses one of which
 * only a part was kept, and one that still cannot be read.
 */
export const refusedSignals = async (ctx: Ctx, name: string, id: string): Promise<{ signals: Signal[]; problems: string[] }> => {
  const row = await integrationNamed(ctx, name);
  const refused = await store.refusedById(ctx, id);
  if (!refused || (refused.integration_id !== null && refused.integration_id !== row.id))
    throw invalid('no request with this id was refused here; only the last 100 are kept', 'refused');
  if (/larger than 1 MB|characters of the body are kept\)/.test(refused.reason))
    throw invalid('its body was too large to be kept whole: it cannot be replayed', 'refused');
  const path = refused.path.replace(/^\w+ /, '');
  const query = Object.fromEntries(new URL(path, 'http://replay.invalid').searchParams);
  const body = decodeBody(new TextEncoder().encode(refused.body), refused.content_type ?? undefined, query);
  const parser = BY_PATH.find(([pattern]) => pattern.test(path))?.[1] ?? PARSERS[row.kind as Integration['kind']];
  return signalsOf(ctx, row, parser, { body, query }, 'refused');
};

/** What an integration heard last, and what of it was not taken. */
export const eventsOf = async (ctx: Ctx, name: string): Promise<{ accepted: store.HeardRow[]; refused: store.RefusedRow[] }> => {
  const row = await integrationNamed(ctx, name);
  return { accepted: await store.heardLast(ctx, row.id, 50), refused: await store.refused(ctx, row.id) };
};

/** Alerts opened and requests refused of each integration within 24 hours, by its id. */
export const lastDay = async (ctx: Ctx): Promise<Map<string, store.LastDay>> =>
  new Map((await store.lastDay(ctx)).map((row) => [row.integration_id, row]));

/** Says that events are given to an integration by hand, and returns it as the intake needs it. */
export const prepareReplay = async (ctx: Ctx, name: string, what: string, events: number): Promise<Known> => {
  const row = await integrationNamed(ctx, name);
  allow(ctx, 'service.write', (await serviceNamed(ctx, row.service)).team_id);
  const known = await store.byKey(ctx, row.key);
  if (!known) throw notFound(`Integration ${name}`);
  await journal(ctx, {
    type: 'integration.replayed',
    subject: { type: 'integration', id: row.id },
    text: `${ctx.actor.name} replays ${what} into ${name}: ${events} ${events === 1 ? 'event' : 'events'}`,
    data: { what, events },
  });
  return known;
};
