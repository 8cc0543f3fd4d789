import type { SignOnError } from '../../contract/sign-on-errors.ts';
import { journal, THE_ONLY } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { followGroups } from './memberships.ts';
import { savePerson } from './people.ts';
import { followsDirectory } from './scim/owned.ts';
import { makeUser } from './sign-in.ts';
import { groupsIn, nameFor, whoIs } from './sign-on-rules.ts';
import * as store from './sign-on-store.ts';
import * as people from './store.ts';

/** What a provider proved about whoever came back from it. */
export type SsoIdentity = {
  providerId: string;
  /** The subject, unique within the provider. */
  accountId: string;
  email: string;
  emailVerified: boolean;
  name: string;
  claims: Record<string, unknown>;
};
export type SsoVerdict = { link: string } | { refuse: SignOnError };

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/**
 * Whom an identity is, made if she may be, with role and teams by her groups. Acts as the provider. What it writes must be committed
 * before the sign-in library goes on: it looks for her over a connection of its own.
 */
export const admit = async (outer: Ctx, identity: SsoIdentity): Promise<SsoVerdict> => {
  const provider = await store.one(outer, identity.providerId);
  if (!provider) return { refuse: 'failed' };
  const { settings } = provider;
  const ctx: Ctx = { ...outer, actor: { kind: 'system', name: `${settings.title} (sign-on)` }, source: 'sign-on' };
  await store.lockDirectory(ctx);
  const email = identity.email.trim().toLowerCase() || undefined;
  const verdict = whoIs(
    { email, vouched: identity.emailVerified || settings.trust_email },
    await store.accountHolder(ctx, identity.providerId, identity.accountId),
    email ? await store.peopleWithAddress(ctx, email) : [],
    settings.create_people,
  );
  if ('refuse' in verdict) {
    await refused(ctx, settings.title, verdict.refuse, `${email ?? 'somebody'}: ${verdict.why}`);
    return { refuse: verdict.refuse };
  }
  const id = 'link' in verdict ? verdict.link : await create(ctx, identity, email as string, settings.default_role);
  await makeUser(ctx, id);
  const groups = groupsIn(identity.claims, settings.groups_claim);
  // Two words on one matter would turn her role to and fro: the directory's counts.
  if (await followsDirectory(ctx, id)) return { link: id };
  if (groups) await followGroups(ctx, id, groups, settings.mapping, settings.default_role);
  else
    await journal(ctx, {
      type: 'person.groups_not_listed',
      subject: { type: 'person', id },
      text: `${settings.title} lists no groups because there are too many: role and teams stay as they are`,
    });
  return { link: id };
};

const create = async (ctx: Ctx, identity: SsoIdentity, email: string, role: SsoIdentityRole): Promise<string> => {
  const taken = new Set((await people.people(ctx)).map((row) => row.name));
  const { claims } = identity;
  const name = nameFor(text(claims.preferred_username), email, (one) => taken.has(one));
  return savePerson(ctx, {
    name,
    display_name: (text(identity.name) ?? text(claims.given_name) ?? name).slice(0, 200),
    email,
    role,
    time_zone: zoneOf(text(claims.zoneinfo)),
    locale: localeOf(text(claims.locale)),
    active: true,
  });
};
type SsoIdentityRole = Parameters<typeof savePerson>[1]['role'];

/** A time zone as we take it; UTC for what is none. */
export const zoneOf = (zone: string | undefined): string => {
  try {
    return zone && !/^[+-]/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) ? zone : 'UTC';
  } catch {
    return 'UTC';
  }
};
/** A language tag as we take it (`nl_NL` is `nl-NL`); English for what is none. */
export const localeOf = (locale: string | undefined): string => {
  const tag = locale?.replaceAll('_', '-') ?? '';
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : 'en';
};

/** A sign-on that was refused, for the audit log. */
export const refused = (ctx: Ctx, title: string, code: SignOnError, detail: string): Promise<void> =>
  journal(ctx, {
    type: 'person.sign_in_refused',
    subject: { type: 'settings', id: THE_ONLY },
    text: `${title} refused a sign-on: ${detail}`,
    data: { provider: title, code },
  });
