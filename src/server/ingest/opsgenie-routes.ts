import type { Context } from 'hono';
import type { Outcome, Signal } from '../alerts/types.ts';
import { incidentById } from '../incidents/actions.ts';
import type { Env, Http } from '../platform/http.ts';
import { segmentsOf } from '../platform/path.ts';
import { alertOf, applyAction } from './opsgenie-apply.ts';
import { opsgenieAlert, readQuery } from './opsgenie-shown.ts';
import * as opsgenieStore from './opsgenie-store.ts';
import { opsgenieKeyOf, parseOpsgenieCreate } from './parse/opsgenie.ts';
import { type OpsgenieTarget, parseOpsgenieAction } from './parse/opsgenie-actions.ts';
import {
  opsgenieData,
  opsgenieInvalid,
  opsgenieNotProcessed,
  opsgenieReply,
  opsgenieRequestStatus,
} from './parse/opsgenie-reply.ts';
import type { Reply } from './parse/types.ts';
import { type Addressed, parseInput, serve, takeEvent } from './request.ts';
import * as store from './store.ts';
import { OPSGENIE } from './surfaces.ts';
import type { Intake, RequestRow } from './types.ts';

const BASE = '/v2/alerts';

/** Opsgenie's Alert API. Its paths are read here, not by the router: an alias may hold slashes, encoded or not. */
export const opsgenieRoutes = (app: Http['app'], intake: Intake): void => {
  const handler = serve(intake, OPSGENIE, answer);
  app.all(BASE, handler);
  app.all(`${BASE}/*`, handler);
};

const answer = (request: Addressed): Promise<Reply> => {
  const { method } = request.c.req;
  const segments = partsOf(request.c);
  const [first] = segments;
  if (segments.length === 0 && method === 'POST') return create(request);
  if (method === 'GET' || method === 'HEAD') {
    if (first === undefined) return list(request);
    if (segments.length === 1 && first === 'count') return count(request);
    if (segments.length === 2 && first === 'requests') return status(request, segments[1] ?? '');
    return show(request, segments.join('/'));
  }
  return act(request, method, segments);
};

/** The decoded parts of the path after `/v2/alerts`. */
const partsOf = (c: Context<Env>): string[] => {
  const path = /^[^?#]*/.exec(c.req.url.replace(/^[a-z]+:\/\/[^/]*/i, ''))?.[0] ?? '';
  return segmentsOf(path.slice(BASE.length));
};

const create = (request: Addressed): Promise<Reply> =>
  takeEvent(request, parseOpsgenieCreate, {
    request: ([outcome]: Outcome[], [signal]: Signal[]): RequestRow => ({
      id: request.requestId,
      integration_id: request.integration.id,
      action: 'Create',
      success: true,
      status: 'Created alert',
      alert_id: outcome?.alertId ?? null,
      alias: signal?.dedupKey ?? '',
    }),
  });

const ACTIONS = new Set(
  'close acknowledge unacknowledge snooze escalate assign responders teams notes tags details message description priority'.split(
    ' ',
  ),
);
const act = async (request: Addressed, method: string, segments: string[]): Promise<Reply> => {
  const custom = segments.length > 2 && segments.at(-2) === 'actions';
  const size = custom ? 2 : segments.length > 1 && ACTIONS.has(segments.at(-1) ?? '') ? 1 : 0;
  const at = segments.length - size;
  const input = parseInput(request, { id: segments.slice(0, at).join('/') });
  const parsed = parseOpsgenieAction(input, method, segments.slice(at).join('/'));
  if (!parsed.ok) {
    await request.refuse(parsed.reason);
    return parsed.reply;
  }
  const { action } = parsed;
  await request.intake.act(
    request.integration,
    async (ctx) => store.addRequests(ctx, [await applyAction(ctx, request.integration, input, action)]),
    action.user,
  );
  return parsed.reply;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const status = async (request: Addressed, id: string): Promise<Reply> => {
  const { integration, intake, requestId } = request;
  const row = UUID.test(id) ? await intake.act(integration, (ctx) => store.requestById(ctx, integration.id, id)) : undefined;
  if (!row) return opsgenieNotProcessed(requestId);
  return opsgenieRequestStatus(
    {
      success: row.success,
      action: row.action,
      processedAt: row.at,
      integrationId: row.integration_id,
      status: row.status,
      alertId: row.alert_id ?? '',
      alias: row.alias,
    },
    row.id,
  );
};

const show = async (request: Addressed, identifier: string): Promise<Reply> => {
  const { integration, intake, requestId } = request;
  const by = (request.query.identifierType ?? 'id').toLowerCase();
  if (by !== 'id' && by !== 'tiny' && by !== 'alias')
    return opsgenieInvalid({ identifierType: 'must be id, tiny or alias' }, requestId);
  const target: OpsgenieTarget = { by, value: by === 'alias' ? opsgenieKeyOf(identifier) : identifier };
  return intake.act(integration, async (ctx) => {
    const row = await alertOf(ctx, integration, target);
    if (!row) return opsgenieReply(404, { message: 'Alert not found' }, requestId);
    const incident = row.incident_id ? await incidentById(ctx, row.incident_id) : undefined;
    return opsgenieData(opsgenieAlert(row, integration, incident?.snoozed_until ?? null, true), requestId);
  });
};

const wholeNumber = (value: string | undefined, otherwise: number, most: number): number =>
  value !== undefined && /^\d{1,9}$/.test(value) ? Math.min(Number(value), most) : otherwise;

/** Opsgenie shows no further than this. */
const MOST = 20_000;
const list = async (request: Addressed): Promise<Reply> => {
  const { query, integration, intake, requestId } = request;
  const filters = readQuery(query.query ?? '');
  if (typeof filters === 'string') return opsgenieInvalid({ query: filters }, requestId);
  const limit = Math.max(1, wholeNumber(query.limit, 20, 100));
  const offset = wholeNumber(query.offset, 0, MOST);
  const page = { offset, limit, sort: query.sort ?? 'createdAt', descending: query.order?.toLowerCase() !== 'asc' };
  return intake.act(integration, async (ctx) => {
    const rows = await opsgenieStore.search(ctx, integration.id, filters, page);
    const total = await opsgenieStore.count(ctx, integration.id, filters);
    const at = (start: number): string =>
      `${ctx.publicUrl}${BASE}?${new URLSearchParams({ ...withoutKey(query), limit: String(limit), offset: String(start) })}`;
    return opsgenieData(
      rows.map((row) => opsgenieAlert(row, integration, row.snoozed_until, false)),
      requestId,
      {
        first: at(0),
        last: at(Math.max(0, Math.ceil(total / limit) - 1) * limit),
        ...(offset > 0 ? { prev: at(Math.max(0, offset - limit)) } : {}),
        ...(offset + limit < total ? { next: at(offset + limit) } : {}),
      },
    );
  });
};
const withoutKey = ({ apiKey: _, ...rest }: Record<string, string>): Record<string, string> => rest;

const count = async ({ query, integration, intake, requestId }: Addressed): Promise<Reply> => {
  const filters = readQuery(query.query ?? '');
  if (typeof filters === 'string') return opsgenieInvalid({ query: filters }, requestId);
  return opsgenieData(
    { count: await intake.act(integration, (ctx) => opsgenieStore.count(ctx, integration.id, filters)) },
    requestId,
  );
};
