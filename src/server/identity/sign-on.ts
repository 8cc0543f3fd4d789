import type { z } from 'zod';
import type { SignOn, signOnShown, signOnTested } from '../../contract/sign-on.ts';
import type { SignOnError } from '../../contract/sign-on-errors.ts';
import { publicAddresses } from '../channels/public-url.ts';
import { changesOf, journal } from '../journal/actions.ts';
import { resolveSecrets } from '../platform/config.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError, invalid, messageOf, notFound } from '../platform/errors.ts';
import { refused } from './admit.ts';
import { discover } from './discovery.ts';
import { assertTeam } from './people.ts';
import { allow } from './permissions.ts';
import { mappedTeam } from './scim/settings.ts';
import { libraryConfig, shownSettings, withSecret } from './sign-on-rules.ts';
import * as store from './sign-on-store.ts';

/** Account kinds that the sign-in library keeps for itself. */
const RESERVED = ['credential', 'passkey', 'email-otp', 'magic-link', 'phone-number', 'anonymous', 'siwe', 'new'];
/** What a provider says of itself is asked again after this long. */
const FRESH = { hours: 24 };

const shownOf = (ctx: Ctx, row: Awaited<ReturnType<typeof store.all>>[number]): z.input<typeof signOnShown> => ({
  id: row.id,
  settings: shownSettings(row.settings),
  redirect_url: `${ctx.publicUrl}/api/auth/sso/callback/${row.id}`,
  people: row.people,
});
export const allSignOn = async (ctx: Ctx) => (await store.all(ctx)).map((row) => shownOf(ctx, row));
/** What the journal calls a provider. */
export const signOnSubject = async (ctx: Ctx, id: string) => {
  const row = await store.one(ctx, id);
  return row && { type: 'settings' as const, id: row.key };
};
export const signOnNamed = async (ctx: Ctx, id: string) => {
  const row = await store.one(ctx, id);
  if (!row) throw notFound(`Sign-on ${id}`);
  return shownOf(ctx, row);
};

/** Creates a provider or brings one to this state, and the row that the sign-in library reads of it. */
export const saveSignOn = async (ctx: Ctx, id: string, input: SignOn): Promise<void> => {
  allow(ctx, 'settings.write');
  if (RESERVED.includes(id)) throw invalid(`${id} is a name of our own: take another`, 'id');
  const before = await store.one(ctx, id);
  const settings = withSecret(input, before?.settings);
  if (!settings)
    throw invalid(
      before ? 'give it again: the issuer has changed, and a secret does not follow to another one' : 'give it: none is kept yet',
      'client_secret',
    );
  for (const [index, one] of settings.mapping.entries()) if (one.team) await assertTeam(ctx, one.team, `mapping.${index}.team`);
  const moved = before !== undefined && before.settings.issuer !== settings.issuer;
  if (moved) await forget(ctx, id);
  const found = before && !moved && before.discovered && before.discovered_at ? before.discovered : undefined;
  const config = libraryConfig(settings, found);
  const key = await store.save(
    ctx,
    id,
    settings,
    { issuer: config.issuer, config },
    found && { at: before?.discovered_at as Temporal.Instant, discovered: found },
  );
  await journal(ctx, {
    type: 'sign_on.saved',
    subject: { type: 'settings', id: key },
    text: `Sign-on ${settings.title} was saved`,
    data: { id, changes: changesOf(before?.settings, settings) },
  });
};

/** Whoever signed in with it does so another way from now on. */
const forget = async (ctx: Ctx, id: string): Promise<number> => {
  const people = await store.forgetAccounts(ctx, id);
  if (people > 0 && (await store.administratorsWithout(ctx, id)) === 0)
    throw new AppError(
      'conflict',
      'No administrator could sign in any more: let one of you choose a password first (People, send a link)',
    );
  return people;
};

export const removeSignOn = async (ctx: Ctx, id: string): Promise<void> => {
  allow(ctx, 'settings.write');
  const before = await store.one(ctx, id);
  if (!before) throw notFound(`Sign-on ${id}`);
  const people = await forget(ctx, id);
  await store.remove(ctx, id);
  await journal(ctx, {
    type: 'sign_on.removed',
    subject: { type: 'settings', id: before.key },
    text: `Sign-on ${before.settings.title} was removed; ${people} signed in by it`,
    data: { id, changes: changesOf(before.settings, undefined) },
  });
};

/** Listens to `team.removing`. */
export const refuseTeamMapped = async (ctx: Ctx, { name }: { name: string }): Promise<void> => {
  const by = (await store.all(ctx)).find((row) => row.settings.mapping.some((one) => one.team === name));
  if (by) throw invalid(`the sign-on ${by.settings.title} puts people into ${name}: take it out of its groups first`, 'name');
  if (await mappedTeam(ctx, name))
    throw invalid(`a group of the directory puts people into ${name}: take it out of what groups give first`, 'name');
};

/** Asks the provider what it is and keeps that, when it changed. Throws `unavailable`, in words, when there is nothing to go by. */
const refresh = async (outside: Outside, id: string, always: boolean) => {
  const row = await outside.transaction((ctx) => store.one(ctx, id));
  if (!row) throw notFound(`Sign-on ${id}`);
  const asked = row.discovered_at;
  if (!always && asked && row.discovered && Temporal.Instant.compare(asked.add(FRESH), outside.now()) > 0) return row.discovered;
  const answer = await discover(row.settings.issuer, outside.allowedHosts);
  if ('wrong' in answer) {
    if (row.discovered && !always) return row.discovered;
    throw new AppError('unavailable', answer.wrong);
  }
  const { found } = answer;
  await outside.transaction(async (ctx) => {
    const now = await store.one(ctx, id);
    // Saved anew meanwhile: what was asked is no longer the question.
    if (!now || now.settings.issuer !== row.settings.issuer) return;
    const config = libraryConfig(now.settings, found);
    await store.save(ctx, id, now.settings, { issuer: config.issuer, config }, { at: ctx.now, discovered: found });
  });
  return found;
};

/** Before somebody is sent to a provider: what it says of itself is known, and its secret is there. */
export const prepareSignOn = async (outside: Outside, id: string): Promise<void> => {
  await refresh(outside, id, false);
};

/** Whether a provider can be signed in with, and if not, what is wrong. */
export const testSignOn = async (outside: Outside, id: string): Promise<z.input<typeof signOnTested>> => {
  const row = await outside.transaction((ctx) => store.one(ctx, id));
  if (!row) throw notFound(`Sign-on ${id}`);
  try {
    resolveSecrets(row.settings.client_secret);
    const found = await refresh(outside, id, true);
    for (const address of [found.token_endpoint, found.jwks_uri, found.userinfo_endpoint])
      if (address) await publicAddresses(address, { allow: outside.allowedHosts });
    const { token_auth, ...facts } = found;
    return { ok: true, problem: null, facts: { ...facts, secret_sent_by: token_auth } };
  } catch (thrown) {
    if (thrown instanceof AppError) return { ok: false, problem: messageOf(thrown), facts: {} };
    throw thrown;
  }
};

/** Origins of a provider that the sign-in library may ask though they are not public: those that our own guard lets through. */
export const trustedOrigins = async (outside: Outside, id: string): Promise<string[]> => {
  const found = (await outside.transaction((ctx) => store.one(ctx, id)))?.discovered;
  const origins = new Set(
    [found?.token_endpoint, found?.jwks_uri, found?.userinfo_endpoint].flatMap((address) =>
      address ? [new URL(address).origin] : [],
    ),
  );
  const judged = await Promise.all(
    [...origins].map((origin) =>
      publicAddresses(origin, { allow: outside.allowedHosts }).then(
        () => [origin],
        () => [],
      ),
    ),
  );
  return judged.flat();
};

/** A sign-on that the provider, or the check of its answer, ended. */
export const signOnFailed = async (ctx: Ctx, id: string, code: SignOnError, detail: string): Promise<void> => {
  const row = await store.one(ctx, id);
  if (row) await refused(ctx, row.settings.title, code, detail);
};
