import { setImmediate as turn } from 'node:timers/promises';
import type { Ctx } from '../../platform/ctx.ts';
import { isCurrent } from '../../platform/tags.ts';
import { lockDirectory } from '../sign-on-store.ts';
import { ScimError, unknown, wrongValue } from './error.ts';
import { readFilter } from './filter.ts';
import { changeGroup, createGroup, groupOf, removeGroup, saveGroup, shownGroups } from './groups.ts';
import { groupChange, patchedUser } from './rules.ts';
import { baseUrl } from './settings.ts';
import {
  listOfResources,
  MAX_LISTED,
  operationsOf,
  type Plain,
  providerConfigAt,
  readGroup,
  readUser,
  resourceTypesAt,
  schemasAt,
} from './shapes.ts';
import * as store from './store.ts';
import { createUser, keptOf, removeUser, saveUser, shownUsers, userOf } from './users.ts';

export type ScimRequest = {
  method: string;
  /** Of the path after /scim/v2, decoded. */
  segments: string[];
  query: Record<string, string>;
  header: (name: string) => string | undefined;
  /** Read as JSON; `invalidSyntax` when it is none. */
  body: () => unknown;
};
export type ScimReply = { status: number; body?: Plain; headers?: Record<string, string> };

const DEFAULT_COUNT = 100;
const wholeNumber = (name: string, text: string | undefined, absent: number): number => {
  if (text === undefined || text.trim() === '') return absent;
  if (!/^[+-]?\d{1,9}$/.test(text.trim())) throw wrongValue(`${name}: must be a whole number`);
  return Number(text);
};
const pageOf = (query: Record<string, string>) => ({
  startIndex: Math.max(1, wholeNumber('startIndex', query.startIndex, 1)),
  count: Math.min(MAX_LISTED, Math.max(0, wholeNumber('count', query.count, DEFAULT_COUNT))),
});

const names = (text: string | undefined): string[] =>
  (text ?? '').split(',').flatMap((one) => {
    const name = one.trim().replace(/^urn:ietf:params:scim:schemas:core:2\.0:(User|Group):/i, '');
    return name ? [name.toLowerCase().replace(/\..*$/, '')] : [];
  });
const ALWAYS = new Set(['schemas', 'id']);
/** A resource with the attributes that were asked for, `attributes` and `excludedAttributes` being lists of names. */
const chosen = (resource: Plain, query: Record<string, string>): Plain => {
  const [only, not] = [names(query.attributes), names(query.excludedAttributes)];
  if (only.length === 0 && not.length === 0) return resource;
  return Object.fromEntries(
    Object.entries(resource).filter(([key]) => {
      const name = key.toLowerCase();
      return ALWAYS.has(name) || (only.length > 0 ? only.includes(name) : !not.includes(name));
    }),
  );
};
const withMembers = (query: Record<string, string>): boolean =>
  names(query.attributes).length > 0
    ? names(query.attributes).includes('members')
    : !names(query.excludedAttributes).includes('members');

/** A filter takes up to 0.2 ms a resource: others are served in between. */
const matching = async (filter: { match: (resources: Plain[]) => Plain[] }, all: Plain[]): Promise<Plain[]> => {
  const found: Plain[] = [];
  for (let at = 0; at < all.length; at += 200) {
    found.push(...filter.match(all.slice(at, at + 200)));
    await turn();
  }
  return found;
};

const listUsers = async (ctx: Ctx, query: Record<string, string>): Promise<Plain> => {
  const base = baseUrl(ctx);
  const { startIndex, count } = pageOf(query);
  const from = startIndex - 1;
  const show = async (rows: store.UserRow[]) => (await shownUsers(ctx, rows, base)).map((one) => chosen(one, query));
  if (!query.filter) {
    const rows = await store.userPage(ctx, from, count);
    return listOfResources(await show(rows), await store.countUsers(ctx), startIndex);
  }
  const filter = readFilter(query.filter);
  if ('equal' in filter) {
    const found = await store.usersWith(ctx, filter.equal.attribute, filter.equal.value);
    return listOfResources(await show(found.slice(from, from + count)), found.length, startIndex);
  }
  const found = await matching(filter, await shownUsers(ctx, await store.allUsers(ctx), base));
  return listOfResources(
    found.slice(from, from + count).map((one) => chosen(one, query)),
    found.length,
    startIndex,
  );
};

const listGroups = async (ctx: Ctx, query: Record<string, string>): Promise<Plain> => {
  const base = baseUrl(ctx);
  const { startIndex, count } = pageOf(query);
  const from = startIndex - 1;
  const rows = await store.groups(ctx);
  const filter = query.filter ? readFilter(query.filter) : undefined;
  const equal = filter && 'equal' in filter ? filter.equal : undefined;
  if (filter && !equal && 'match' in filter) {
    const found = await matching(filter, await shownGroups(ctx, rows, base));
    return listOfResources(
      found.slice(from, from + count).map((one) => chosen(one, query)),
      found.length,
      startIndex,
    );
  }
  const found = equal ? rows.filter((row) => isEqual(row, equal)) : rows;
  const shown = await shownGroups(ctx, found.slice(from, from + count), base, withMembers(query));
  return listOfResources(
    shown.map((one) => chosen(one, query)),
    found.length,
    startIndex,
  );
};
const isEqual = (row: store.GroupRow, { attribute, value }: { attribute: string; value: string }): boolean => {
  if (attribute === 'id') return row.id === value.toLowerCase();
  if (attribute === 'externalId') return row.external_id === value;
  return attribute === 'displayName' && row.display_name.toLowerCase() === value.toLowerCase();
};

const metaOf = (resource: Plain) => resource.meta as { version: string; location: string };
const replyOf = (resource: Plain, query: Record<string, string>, status = 200): ScimReply => {
  const { version, location } = metaOf(resource);
  return { status, body: chosen(resource, query), headers: { etag: version, location } };
};
const userReply = async (ctx: Ctx, id: string, query: Record<string, string>, status?: number): Promise<ScimReply> => {
  const [shown] = await shownUsers(ctx, [await userOf(ctx, id)], baseUrl(ctx));
  return replyOf(shown as Plain, query, status);
};
const groupReply = async (ctx: Ctx, id: string, query: Record<string, string>, status?: number): Promise<ScimReply> => {
  const [shown] = await shownGroups(ctx, [await groupOf(ctx, id)], baseUrl(ctx), withMembers(query));
  return replyOf(shown as Plain, query, status);
};

/** Whoever says what version it changes must have the one there is. */
const refuseStale = async (request: ScimRequest, now: () => Promise<ScimReply>): Promise<void> => {
  const wanted = request.header('if-match');
  if (wanted === undefined) return;
  const { headers } = await now();
  if (!isCurrent((headers?.etag ?? '').replace(/^W\//, ''), wanted))
    throw new ScimError(412, undefined, 'It was changed since this version: read it again');
};
const unlessCurrent = (request: ScimRequest, reply: ScimReply): ScimReply => {
  const { headers = {} } = reply;
  return isCurrent((headers.etag ?? '').replace(/^W\//, ''), request.header('if-none-match')) ? { status: 304, headers } : reply;
};

const notHere = (request: ScimRequest): ScimError =>
  new ScimError(405, undefined, `${request.method} is not for /${request.segments.join('/').slice(0, 100)}`);

const users = async (ctx: Ctx, request: ScimRequest, id: string | undefined): Promise<ScimReply> => {
  const { method, query } = request;
  if (id === undefined) {
    if (method === 'GET') return { status: 200, body: await listUsers(ctx, query) };
    if (method === 'POST') return userReply(ctx, await createUser(ctx, readUser(request.body())), query, 201);
    throw notHere(request);
  }
  if (method === 'GET') return unlessCurrent(request, await userReply(ctx, id, query));
  const current = await userOf(ctx, id);
  await refuseStale(request, () => userReply(ctx, id, {}));
  if (method === 'DELETE') {
    await removeUser(ctx, id);
    return { status: 204 };
  }
  if (method !== 'PUT' && method !== 'PATCH') throw notHere(request);
  if (method === 'PUT') await saveUser(ctx, id, readUser(request.body()));
  else {
    const operations = operationsOf(request.body());
    await saveUser(ctx, id, readUser(await patchedUser(keptOf(current), operations)));
  }
  return userReply(ctx, id, query);
};

const groups = async (ctx: Ctx, request: ScimRequest, id: string | undefined): Promise<ScimReply> => {
  const { method, query } = request;
  if (id === undefined) {
    if (method === 'GET') return { status: 200, body: await listGroups(ctx, query) };
    if (method === 'POST') return groupReply(ctx, await createGroup(ctx, readGroup(request.body())), query, 201);
    throw notHere(request);
  }
  if (method === 'GET') return unlessCurrent(request, await groupReply(ctx, id, query));
  await groupOf(ctx, id);
  await refuseStale(request, () => groupReply(ctx, id, {}));
  if (method === 'DELETE') {
    await removeGroup(ctx, id);
    return { status: 204 };
  }
  if (method !== 'PUT' && method !== 'PATCH') throw notHere(request);
  if (method === 'PUT') await saveGroup(ctx, id, readGroup(request.body()));
  else await changeGroup(ctx, id, groupChange(operationsOf(request.body())));
  return groupReply(ctx, id, query);
};

const described = (request: ScimRequest, all: Plain[], id: string | undefined): ScimReply => {
  if (request.method !== 'GET') throw notHere(request);
  if (request.query.filter) throw new ScimError(403, undefined, 'This list takes no filter');
  if (id === undefined) return { status: 200, body: listOfResources(all) };
  const one = all.find((candidate) => String(candidate.id).toLowerCase() === id.toLowerCase());
  if (!one) throw unknown(id.slice(0, 100));
  return { status: 200, body: one };
};

/** Answers one request of a directory. Throws ScimError or AppError for what is refused. */
export const serveScim = async (ctx: Ctx, request: ScimRequest): Promise<ScimReply> => {
  // One change at a time, from reading what it changes on.
  if (request.method !== 'GET') await lockDirectory(ctx);
  const [kind = '', id, ...more] = request.segments;
  const base = baseUrl(ctx);
  if (more.length > 0) throw unknown(`/${request.segments.join('/').slice(0, 100)}`);
  switch (kind) {
    case 'Users':
      return users(ctx, request, id);
    case 'Groups':
      return groups(ctx, request, id);
    case 'ServiceProviderConfig':
      if (request.method !== 'GET' || id !== undefined) throw notHere(request);
      return { status: 200, body: providerConfigAt(base) };
    case 'ResourceTypes':
      return described(request, resourceTypesAt(base), id);
    case 'Schemas':
      return described(request, schemasAt(base), id);
    case 'Me':
    case 'Bulk':
      throw new ScimError(501, undefined, `/${kind} is not offered`);
    default:
      throw unknown(`/${request.segments.join('/').slice(0, 100)}`);
  }
};
