import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { sql } from 'kysely';
import type { Ctx } from './ctx.ts';
import { AppError } from './errors.ts';

export type Change = { by: string; at: string };
/** A thing with an address: its tag now, and who changed it last. Parameters in the order of the address. */
export type Readable = {
  read: (ctx: Ctx, params: string[]) => Promise<string>;
  changed: (ctx: Ctx, params: string[]) => Promise<Change | undefined>;
};

/** An address whatever its parameters are called. */
export const shapeOf = (path: string): string => path.replace(/\{\w+\}/g, '{}');

const hash = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64url')
    .slice(0, 27);

/**
 * The `ETag` of an answer. When only some of it is compared before a change, that comes first: what changes by itself, such as
 * when an integration last heard something, must not stand in anybody's way.
 */
export const tagOf = (result: unknown, compared?: unknown): string =>
  compared === undefined ? `"${hash(result)}"` : `"${hash(compared)}.${hash(result)}"`;

const tagsIn = (header: string): string[] => header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
/** The part that is compared before a change. */
const own = (tag: string): string => tag.replace(/\..*$/, '"');

/** Whether a reader has this already (`If-None-Match`). */
export const isCurrent = (tag: string, header: string | undefined): boolean =>
  header !== undefined && (header.trim() === '*' || tagsIn(header).includes(tag));

/**
 * Does a change only if the thing is still as the caller last saw it (`If-Match`), or is not there yet (`If-None-Match: *`): AppError
 * `stale` otherwise. One change of a thing and what is below its address at a time, so that of two with the same tag one is
 * refused. Answers the new tag, unless the caller may change but not read.
 */
export const lastSeen = async <T>(
  ctx: Ctx,
  thing: Readable,
  c: Context,
  work: (ctx: Ctx) => Promise<T>,
): Promise<{ result: T; tag: string | undefined }> => {
  const params = Object.values(c.req.param());
  const whole = c.req.path.split('/').slice(0, 4).join('/');
  await sql`select pg_advisory_xact_lock(hashtextextended(${`change ${whole}`}, 0))`.execute(ctx.tx);
  const wanted = c.req.header('if-match');
  const onlyNew = c.req.header('if-none-match')?.trim() === '*';
  if (wanted !== undefined || onlyNew) {
    const tag = await unless(['not_found'], thing.read(ctx, params));
    if (onlyNew && tag !== undefined) throw await stale(ctx, thing, params, 'There is one of this name already');
    if (wanted !== undefined) {
      if (tag === undefined) throw new AppError('stale', 'It is no longer there: somebody removed it since you read it');
      const same = wanted.trim() === '*' || tagsIn(wanted).some((one) => own(one) === own(tag));
      if (!same) throw await stale(ctx, thing, params, 'It was changed since you read it');
    }
  }
  const result = await work(ctx);
  return { result, tag: await unless(['not_found', 'forbidden'], thing.read(ctx, params)) };
};

const unless = (codes: AppError['code'][], reading: Promise<string>): Promise<string | undefined> =>
  reading.catch((thrown: unknown) => {
    if (thrown instanceof AppError && codes.includes(thrown.code)) return undefined;
    throw thrown;
  });

const stale = async (ctx: Ctx, thing: Readable, params: string[], what: string): Promise<AppError> => {
  const change = await thing.changed(ctx, params);
  if (!change) return new AppError('stale', `${what}. Read it again and repeat your change`);
  return new AppError('stale', `${what}, last by ${change.by} at ${change.at}. Read it again and repeat your change`, undefined, {
    changed_by: change.by,
    changed_at: change.at,
  });
};
