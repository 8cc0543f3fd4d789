import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { newToken } from '../../contract/people.ts';
import { SCIM_SCOPE } from '../../contract/scim.ts';
import { changesOf, journal } from '../journal/actions.ts';
import type { Actor, Ctx, Role } from '../platform/ctx.ts';
import { AppError, invalid, notFound } from '../platform/errors.ts';
import { personNamed } from './people.ts';
import { allow, decide, isPermission, lesserRole } from './permissions.ts';
import { actorOfPerson } from './sign-in.ts';
import * as store from './store.ts';

const noteUse = async (ctx: Ctx, row: { id: string; last_used_at: Temporal.Instant | null }): Promise<void> => {
  const minuteAgo = ctx.now.subtract({ minutes: 1 });
  if (!row.last_used_at || Temporal.Instant.compare(row.last_used_at, minuteAgo) < 0) await store.touchToken(ctx, row.id);
};

/** A key that lets a directory speak, by its text; undefined when it is none, or works no more. Anybody else's is refused. */
export const authenticateDirectory = async (ctx: Ctx, bearer: string): Promise<Actor | undefined> => {
  const row = await store.tokenByHash(ctx, store.hashToken(bearer));
  if (!row || row.revoked_at || (row.expires_at && Temporal.Instant.compare(row.expires_at, ctx.now) <= 0)) return undefined;
  if (!row.scopes?.includes(SCIM_SCOPE))
    throw new AppError('forbidden', 'This takes a key with the scope scim, which Settings, Sign-on makes');
  await noteUse(ctx, row);
  return { kind: 'system', name: `${row.name} (directory)` };
};

/** The actor behind a bearer token, or undefined when it is unknown, expired, revoked or its person left. */
export const authenticate = async (ctx: Ctx, bearer: string): Promise<Actor | undefined> => {
  const row = await store.tokenByHash(ctx, store.hashToken(bearer));
  if (
    !row ||
    row.revoked_at ||
    (row.expires_at && Temporal.Instant.compare(row.expires_at, ctx.now) <= 0) ||
    row.person_active === false
  )
    return undefined;
  if (row.scopes?.includes(SCIM_SCOPE))
    throw new AppError('forbidden', 'This key is for a directory: it works at /scim/v2 and nowhere else');
  await noteUse(ctx, row);
  const role = row.role as Role;
  const scopes = row.scopes ? { scopes: row.scopes } : {};
  if (!row.person_id) return { kind: 'token', id: row.id, name: row.name, role, ...scopes };
  const person = await actorOfPerson(ctx, row.person_id);
  // A key of hers is never worth more than she is.
  return person && { ...person, role: lesserRole(role, person.role), ...scopes };
};

/** Refuses a scope that is no permission, and one that whoever makes the key does not have. */
const assertScopes = (ctx: Ctx, scopes: string[] | undefined): void => {
  if (scopes?.includes(SCIM_SCOPE)) {
    if (scopes.length > 1) throw invalid(`${SCIM_SCOPE} stands alone: make another key for the rest`, 'scopes');
    // It brings people and gives roles: whoever makes it has to be able to.
    for (const needed of ['people.write', 'settings.write'] as const)
      if ('role' in ctx.actor && !decide(ctx.actor, needed).ok) throw invalid(`you do not have ${needed} yourself`, 'scopes.0');
    return;
  }
  for (const [index, scope] of (scopes ?? []).entries()) {
    if (!isPermission(scope)) throw invalid(`there is no permission ${scope}`, `scopes.${index}`);
    if ('role' in ctx.actor && !decide(ctx.actor, scope).ok)
      throw invalid(`you do not have ${scope} yourself`, `scopes.${index}`);
  }
};

/** A key of a person's own: it may what she may, within its scopes. Its text is returned this once. */
export const createOwnToken = async (
  ctx: Ctx,
  input: { name: string; expires_at?: string | undefined; scopes?: string[] | undefined },
): Promise<{ name: string; token: string }> => {
  const { actor } = ctx;
  if (actor.kind !== 'person') throw new AppError('forbidden', 'Only a person has keys of her own');
  if (actor.scopes) throw new AppError('forbidden', 'A limited key makes no others: sign in for that');
  if (input.scopes?.includes(SCIM_SCOPE)) throw invalid(`${SCIM_SCOPE} is for the key of a directory, not of a person`, 'scopes');
  const name = `${actor.name}.${input.name}`.slice(0, 63);
  if (await store.hasToken(ctx, name)) throw invalid('you have a key of this name already', 'name');
  if (input.expires_at && Temporal.Instant.compare(Temporal.Instant.from(input.expires_at), ctx.now) <= 0)
    throw invalid('is in the past', 'expires_at');
  assertScopes(ctx, input.scopes);
  const text = `alc_${randomBytes(24).toString('base64url')}`;
  const { id } = await store.insertToken(ctx, {
    name,
    sha256: store.hashToken(text),
    role: actor.role,
    person_id: actor.id,
    scopes: input.scopes ?? null,
    created_by: actor.name,
    expires_at: input.expires_at ? Temporal.Instant.from(input.expires_at) : null,
  });
  await journal(ctx, {
    type: 'token.created',
    subject: { type: 'token', id },
    text: `${actor.name} made a key of her own: ${name}`,
    data: {
      role: actor.role,
      person: actor.name,
      scopes: input.scopes,
      expires_at: input.expires_at,
      changes: changesOf(undefined, {
        name,
        role: actor.role,
        person: actor.name,
        scopes: input.scopes,
        expires_at: input.expires_at,
      }),
    },
  });
  return { name, token: text };
};
/** Somebody else's key is as unknown as one that never was. */
export const revokeOwnToken = async (ctx: Ctx, name: string): Promise<void> => {
  const { actor } = ctx;
  const own = actor.kind === 'person' && (await store.tokens(ctx)).find((row) => row.name === name && row.person === actor.name);
  const row = own ? await store.revokeToken(ctx, name) : undefined;
  if (!row) throw notFound(`Key ${name}`);
  await journal(ctx, {
    type: 'token.revoked',
    subject: { type: 'token', id: row.id },
    text: `${actor.name} revoked her key ${name}`,
  });
};
export const ownTokens = async (ctx: Ctx) => {
  const { actor } = ctx;
  return actor.kind === 'person' ? (await store.tokens(ctx)).filter((row) => row.person === actor.name) : [];
};

/** Makes a token and returns its text, which is shown this once and kept only as a hash. */
export const createToken = async (
  ctx: Ctx,
  input: z.output<typeof newToken>,
  given?: string,
): Promise<{ name: string; token: string }> => {
  allow(ctx, 'tokens.write');
  if (!given && (await store.hasToken(ctx, input.name))) throw invalid(`a key is named ${input.name} already`, 'name');
  assertScopes(ctx, input.scopes);
  const directory = input.scopes?.includes(SCIM_SCOPE);
  if (directory && input.person) throw invalid('the key of a directory acts for nobody', 'person');
  // A directory's key has no role: its scope says all.
  const role = directory ? 'stakeholder' : input.role;
  const text = given ?? `alc_${randomBytes(24).toString('base64url')}`;
  const person = input.person ? await personNamed(ctx, input.person, 'person') : undefined;
  const { id } = await store.insertToken(ctx, {
    name: input.name,
    sha256: store.hashToken(text),
    role,
    person_id: person?.id ?? null,
    scopes: input.scopes ?? null,
    created_by: ctx.actor.name,
    expires_at: input.expires_at ? Temporal.Instant.from(input.expires_at) : null,
  });
  await journal(ctx, {
    type: 'token.created',
    subject: { type: 'token', id },
    text: `Token ${input.name} was made`,
    data: {
      role,
      person: input.person,
      scopes: input.scopes,
      expires_at: input.expires_at,
      changes: changesOf(undefined, { ...input, role }),
    },
  });
  return { name: input.name, token: text };
};
export const revokeToken = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'tokens.write');
  const row = await store.revokeToken(ctx, name);
  if (!row) throw notFound(`Token ${name}`);
  await journal(ctx, { type: 'token.revoked', subject: { type: 'token', id: row.id }, text: `Token ${name} was revoked` });
};
export const allTokens = store.tokens;

/**
 * The administrator token of a first run, to be shown this once; undefined on a later one. A token given in the
 * environment always works: that is also the way back in for whoever lost theirs.
 */
export const firstToken = async (ctx: Ctx, given: string | undefined): Promise<string | undefined> => {
  if (given) {
    if (!(await store.tokenByHash(ctx, store.hashToken(given))))
      await createToken(
        ctx,
        { name: `environment-${store.hashToken(given).toString('hex').slice(0, 8)}`, role: 'administrator' },
        given,
      );
    return undefined;
  }
  return (await store.countTokens(ctx)) > 0
    ? undefined
    : (await createToken(ctx, { name: 'first-run', role: 'administrator' })).token;
};
