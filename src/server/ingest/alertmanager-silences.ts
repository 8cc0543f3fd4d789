import { z } from 'zod';
import { type Matcher, matcher } from '../../contract/common.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, invalid } from '../platform/errors.ts';
import { assertMatcher, matchNothing } from '../platform/matching.ts';
import { endSilence, recentSilences, type SilenceRow, saveSilence, silenceById, stateOf } from '../silences/actions.ts';
import { parseFilters } from './alertmanager-shown.ts';
import { Dictionary, isFields, List, Text } from './parse/fields.ts';
import { parseInstant } from './parse/time.ts';
import { cutText } from './parse/truncate.ts';
import type { Reply } from './parse/types.ts';
import type { Addressed } from './request.ts';
import { problemReply } from './surfaces.ts';
import type { Known } from './types.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const FOR_EVER = '9999-12-31T23:59:59.000Z';
const RECENT = 1000;
const time = (at: Temporal.Instant): string => at.toString({ smallestUnit: 'millisecond' });

const gettableSilence = (row: SilenceRow, now: Temporal.Instant) => ({
  id: row.id,
  status: { state: stateOf(row, now) },
  updatedAt: time(row.ended_at ?? row.starts_at),
  comment: row.comment,
  createdBy: row.created_by,
  startsAt: time(row.starts_at),
  endsAt: row.ended_at ? time(row.ended_at) : row.ends_at ? time(row.ends_at) : FOR_EVER,
  // A silence of the whole service has no matcher of its own, and the API needs one.
  matchers:
    row.matchers.length > 0
      ? row.matchers.map(({ name, op, value }) => ({ name, value, isRegex: op.endsWith('~'), isEqual: op.startsWith('=') }))
      : [{ name: 'service', value: row.services.join('|'), isRegex: true, isEqual: true }],
});

/** Silences that can hide an alert of this integration's service. */
const concerns = (row: SilenceRow, { service }: Known): boolean => row.services.length === 0 || row.services.includes(service);

export const listSilences = async ({ c, integration, intake, now }: Addressed): Promise<Reply> => {
  const filters = parseFilters(c.req.queries('filter') ?? []);
  if (typeof filters === 'string') return { status: 400, body: filters };
  const rows = await intake.act(integration, (ctx) => recentSilences(ctx, {}, RECENT));
  const hasAll = (row: SilenceRow) => filters.every((filter) => row.matchers.some((one) => same(one, filter)));
  return {
    status: 200,
    body: rows.filter((row) => concerns(row, integration) && hasAll(row)).map((row) => gettableSilence(row, now)),
  };
};
const same = (a: Matcher, b: Matcher): boolean => a.name === b.name && a.op === b.op && a.value === b.value;

const notFound: Reply = { status: 404, body: 'silence not found' };
const badId: Reply = { status: 422, body: { code: 601, message: 'silenceID in path must be of type uuid' } };

export const getSilence = async ({ c, integration, intake, now }: Addressed): Promise<Reply> => {
  const id = c.req.param('id') ?? '';
  if (!UUID.test(id)) return badId;
  const row = await intake.act(integration, (ctx) => silenceById(ctx, id));
  return row && concerns(row, integration) ? { status: 200, body: gettableSilence(row, now) } : notFound;
};

/** A key ends the silences of its own service; one that covers others too is not its to end. */
const mayEnd = (row: SilenceRow, { service }: Known): boolean => row.services.length === 1 && row.services[0] === service;

export const deleteSilence = async ({ c, integration, intake }: Addressed): Promise<Reply> => {
  const id = c.req.param('id') ?? '';
  if (!UUID.test(id)) return badId;
  return intake.act(integration, async (ctx) => {
    const row = await silenceById(ctx, id);
    if (!row || !concerns(row, integration)) return notFound;
    if (!mayEnd(row, integration)) return problemReply(403, 'this silence covers other services too: end it in Allclear');
    await endSilence(ctx, id);
    return { status: 200 };
  });
};

const Postable = z
  .object({
    id: Text,
    comment: Text,
    createdBy: Text,
    startsAt: z.unknown().optional(),
    endsAt: z.unknown().optional(),
    matchers: List,
  })
  .loose();
const PostableMatcher = z
  .object({ name: Text, value: z.unknown().optional(), isRegex: z.unknown().optional(), isEqual: z.unknown().optional() })
  .loose();

/** Creates a silence of the integration's service; with the id of one, in its place. 200 with `silenceID`. */
export const postSilence = async (request: Addressed): Promise<Reply> => {
  const { integration, intake } = request;
  const refuse = async (reply: Reply, reason: string): Promise<Reply> => {
    await request.refuse(reason);
    return reply;
  };
  if (!isFields(request.body))
    return refuse(problemReply(400, 'parsing silence body from "" failed: not a JSON object'), 'not a JSON object');
  const given = Postable.parse(request.body);
  const missing = (['comment', 'createdBy', 'startsAt', 'endsAt'] as const).find((name) => !given[name]);
  if (missing ?? given.matchers.length === 0) {
    const message = `silence.${missing ?? 'matchers'} in body is required`;
    return refuse({ status: 422, body: { code: 602, message } }, message);
  }
  const matchers = given.matchers.map((one) => matcherOf(one));
  const startsAt = parseInstant(given.startsAt);
  const endsAt = parseInstant(given.endsAt);
  const wrong =
    matchers.find((one) => typeof one === 'string') ?? (startsAt && endsAt ? undefined : 'startsAt and endsAt must be times');
  if (wrong !== undefined) return refuse({ status: 400, body: `invalid silence: ${wrong}` }, String(wrong));
  if (given.id && !UUID.test(given.id)) return refuse(notFound, 'no silence has this id');
  const tests = matchers.filter((one) => typeof one !== 'string');
  const by = cutText(given.createdBy ?? '', 200);
  try {
    const id = await intake.act(
      integration,
      async (ctx) => {
        for (const [index, one] of tests.entries()) assertMatcher(one, `matchers.${index}`);
        if (matchNothing(tests)) throw invalid('at least one matcher must not match the empty string', 'matchers');
        if (given.id) await endOld(ctx, given.id, integration);
        return saveSilence(ctx, {
          kind: 'silence',
          comment: cutText(given.comment ?? '', 2000),
          services: [integration.service],
          matchers: tests,
          // Alertmanager lets a silence begin no earlier than now.
          starts_at: (startsAt && Temporal.Instant.compare(startsAt, ctx.now) > 0 ? startsAt : ctx.now).toString(),
          ends_at: (endsAt ?? ctx.now).toString(),
        });
      },
      by,
    );
    return { status: 200, body: { silenceID: id } };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    if (thrown.code === 'not_found') return refuse(notFound, thrown.message);
    if (thrown.code !== 'invalid') throw thrown;
    const message = `invalid silence: ${thrown.field ?? ''} ${thrown.message}`;
    return refuse({ status: 400, body: message }, message);
  }
};

const endOld = async (ctx: Ctx, id: string, integration: Known): Promise<void> => {
  const row = await silenceById(ctx, id);
  if (!row || !mayEnd(row, integration)) throw new AppError('not_found', 'silence not found');
  await endSilence(ctx, id);
};

const matcherOf = (value: unknown): Matcher | string => {
  const given = PostableMatcher.parse(Dictionary.parse(value));
  const op = `${given.isEqual === false ? '!' : '='}${given.isRegex === true ? '~' : given.isEqual === false ? '=' : ''}`;
  const parsed = matcher.safeParse({
    name: cutText(given.name ?? '', 200),
    op,
    value: typeof given.value === 'string' ? cutText(given.value, 2048) : undefined,
  });
  return parsed.success ? parsed.data : 'every matcher needs a name and a value';
};
