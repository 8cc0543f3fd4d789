import type { SignOn, SignOnMapping } from '../../contract/sign-on.ts';
import type { SignOnError } from '../../contract/sign-on-errors.ts';
import type { Role } from '../platform/ctx.ts';
import { ROLES } from './permissions.ts';

/** Somebody whom a provider vouches for. */
export type Identity = {
  /** Lower case; undefined: it told none. */
  email: string | undefined;
  /** It says that the address is hers, or its word is taken for that. */
  vouched: boolean;
};
type Known = { id: string; active: boolean };
export type Verdict = { link: string } | { create: true } | { refuse: SignOnError; why: string };

/**
 * Whom an identity is. `account`: whoever signed in with it before. `holders`: people with its address. An account counts more than
 * an address, which may change hands.
 */
export const whoIs = (identity: Identity, account: Known | undefined, holders: Known[], createPeople: boolean): Verdict => {
  if (account)
    return account.active ? { link: account.id } : { refuse: 'deactivated', why: 'the person it belongs to is deactivated' };
  if (!identity.email) return { refuse: 'no_address', why: 'the provider told no mail address' };
  if (!identity.vouched)
    return {
      refuse: 'address_not_verified',
      why: 'the provider does not say that it verified the address, and its word is not taken',
    };
  const active = holders.filter((person) => person.active);
  if (active.length > 1) return { refuse: 'address_taken', why: `${active.length} people have this address` };
  if (active[0]) return { link: active[0].id };
  if (holders.length > 0) return { refuse: 'deactivated', why: 'the person with this address is deactivated' };
  if (createPeople) return { create: true };
  return { refuse: 'not_admitted', why: 'nobody here has this address, and the provider may not add people' };
};

/** A name that is a slug and not taken yet, from what the provider calls her. */
export const nameFor = (wanted: string | undefined, email: string, taken: (name: string) => boolean): string => {
  const base =
    [wanted, email]
      .map((text) =>
        (text ?? '')
          .replace(/@.*$/, '')
          .normalize('NFKD')
          .replace(/\p{M}/gu, '')
          .toLowerCase()
          .replace(/[^a-z0-9._-]+/g, '-')
          .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
          .slice(0, 50),
      )
      .find((text) => text !== '') ?? 'person';
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}-${n}`;
    // `me` stands for whoever asks.
    if (name !== 'me' && !taken(name)) return name;
  }
};

export type FromGroups = {
  /** The role she has from now on; undefined: it stays. */
  role: Role | undefined;
  /** What to remember as given by groups; null: nothing. */
  given: Role | null;
  join: string[];
  leave: string[];
  grants: { team: string; role: 'manager' | 'responder' | 'observer' | null }[];
  reasons: string[];
};

const highest = <R extends Role>(roles: R[]): R | undefined => roles.toSorted((a, b) => ROLES.indexOf(b) - ROLES.indexOf(a))[0];

/**
 * What her groups make of her role and teams. The highest mapped role counts. Without one, the role that groups gave her before goes
 * back to `defaultRole`; one that was given by hand stays. She is in exactly those of the mapped teams that one of her groups is
 * mapped to; teams that no group is mapped to are left alone. The last administrator who can sign in stays one.
 */
export const fromGroups = (
  groups: string[],
  mapping: SignOnMapping[],
  now: { role: Role; given: Role | null; teams: string[]; grants: Record<string, Role>; lastAdministrator: boolean },
  defaultRole: Role,
): FromGroups => {
  const held = new Set(groups);
  const hit = mapping.filter((one) => held.has(one.group));
  const reasons: string[] = [];
  let given = highest(hit.flatMap((one) => (one.role ? [one.role] : []))) ?? null;
  let role: Role | undefined;
  if (given) {
    role = given === now.role ? undefined : given;
    if (role) reasons.push(`${role}, by the group ${hit.find((one) => one.role === given)?.group}`);
  } else if (now.given && now.given === now.role && now.role !== defaultRole) {
    role = defaultRole;
    reasons.push(`${role}, because no group of hers gives her ${now.role} any more`);
  }
  if (role && now.role === 'administrator' && now.lastAdministrator) {
    reasons.splice(0, reasons.length, `still administrator, though her groups say ${role}: nobody else who can sign in is`);
    role = undefined;
    given = now.given;
  }
  const mapped = [...new Set(mapping.flatMap((one) => (one.team ? [one.team] : [])))];
  const wanted = new Set(hit.flatMap((one) => (one.team ? [one.team] : [])));
  const ruled = [...new Set(mapping.flatMap((one) => (one.team && one.team_role ? [one.team] : [])))];
  const grants = ruled.flatMap((team) => {
    const best = highest(hit.flatMap((one) => (one.team === team && one.team_role ? [one.team_role] : []))) ?? null;
    return (now.grants[team] ?? null) === best ? [] : [{ team, role: best }];
  });
  return {
    role,
    given,
    join: mapped.filter((team) => wanted.has(team) && !now.teams.includes(team)),
    leave: mapped.filter((team) => !wanted.has(team) && now.teams.includes(team)),
    grants,
    reasons,
  };
};

/**
 * Her groups as the provider told them; undefined when it told that there are more than it lists (Entra ID's overage), so that nothing
 * can be concluded. A list, or texts parted by commas; a claim that is not there means none.
 */
export const groupsIn = (claims: Record<string, unknown>, claim: string): string[] | undefined => {
  const overage = claims._claim_names;
  if (isMap(overage) && claim in overage) return undefined;
  const value = Object.hasOwn(claims, claim) ? claims[claim] : follow(claims, claim.split('.'));
  if (typeof value === 'string') return value.split(',').flatMap((text) => (text.trim() ? [text.trim()] : []));
  if (!Array.isArray(value)) return [];
  return value.flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : []));
};
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const follow = (value: unknown, path: string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isMap(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), value);

const HIDDEN = '…';
const isReference = (value: string) => /^\$\{env:[A-Za-z_][A-Za-z0-9_]*\}$/.test(value);
/** The settings as they may be shown. */
export const shownSettings = (settings: SignOn): SignOn => ({
  ...settings,
  client_secret: isReference(settings.client_secret) ? settings.client_secret : HIDDEN,
});
/**
 * The settings with the secret put back that a reader was not shown; undefined when there is none to put back. Whoever sends it
 * elsewhere must know it: a secret never follows to another issuer.
 */
export const withSecret = (settings: SignOn, before: SignOn | undefined): SignOn | undefined => {
  if (settings.client_secret !== HIDDEN) return settings;
  return before && before.issuer === settings.issuer ? { ...settings, client_secret: before.client_secret } : undefined;
};

/** What the sign-in library reads of a provider; endpoints come with what the provider says of itself. */
export const libraryConfig = (settings: SignOn, found: Discovered | undefined) => ({
  issuer: found?.issuer ?? settings.issuer,
  pkce: true,
  clientId: settings.client_id,
  clientSecret: settings.client_secret,
  discoveryEndpoint: discoveryAddress(settings.issuer),
  scopes: [...new Set(['openid', ...settings.scopes])],
  mapping: { email: settings.email_claim },
  ...(found
    ? {
        authorizationEndpoint: found.authorization_endpoint,
        tokenEndpoint: found.token_endpoint,
        jwksEndpoint: found.jwks_uri,
        ...(found.userinfo_endpoint ? { userInfoEndpoint: found.userinfo_endpoint } : {}),
        tokenEndpointAuthentication: found.token_auth,
      }
    : {}),
});

export const discoveryAddress = (issuer: string): string => `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;

export type Discovered = {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  jwks_uri: string;
  userinfo_endpoint?: string;
  token_auth: 'client_secret_basic' | 'client_secret_post';
};

const isWeb = (value: unknown): value is string =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

/** What a discovery document says, or what is wrong with it, in words. */
export const readDiscovery = (document: unknown, issuer: string): { found: Discovered } | { wrong: string } => {
  if (!isMap(document)) return { wrong: 'what is there is no OpenID configuration' };
  const bare = (text: string) => text.replace(/\/+$/, '');
  if (typeof document.issuer !== 'string' || bare(document.issuer) !== bare(issuer))
    return {
      wrong: `it calls itself ${typeof document.issuer === 'string' ? document.issuer : 'nothing'}, not ${issuer}: write the issuer as it does`,
    };
  const missing = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'].filter((name) => !isWeb(document[name]));
  if (missing.length > 0) return { wrong: `it names no ${missing.join(', no ')}` };
  const methods = document.token_endpoint_auth_methods_supported;
  const post = Array.isArray(methods) && !methods.includes('client_secret_basic') && methods.includes('client_secret_post');
  if (Array.isArray(methods) && !post && !methods.includes('client_secret_basic'))
    return { wrong: `it takes no client secret (${methods.join(', ')})` };
  return {
    found: {
      issuer: document.issuer,
      authorization_endpoint: document.authorization_endpoint as string,
      token_endpoint: document.token_endpoint as string,
      jwks_uri: document.jwks_uri as string,
      ...(isWeb(document.userinfo_endpoint) ? { userinfo_endpoint: document.userinfo_endpoint } : {}),
      token_auth: post ? 'client_secret_post' : 'client_secret_basic',
    },
  };
};

/** Why a callback of the sign-in library failed, as we say it. `detail` is its own word, for the audit log. */
export const errorOfCallback = (location: URL): { code: SignOnError; detail: string } | undefined => {
  const error = location.searchParams.get('error');
  if (error === null) return undefined;
  const description = location.searchParams.get('error_description') ?? '';
  const detail = `${error}${description ? `: ${description}` : ''}`.slice(0, 300);
  if (Object.hasOwn(BY_CODE, error)) return { code: BY_CODE[error] ?? 'failed', detail };
  if (/state|please_restart/.test(error)) return { code: 'invalid_state', detail };
  if (/missing_user_info/.test(description)) return { code: 'no_address', detail };
  if (/token_not_verified|subject|signature|assertion/i.test(description)) return { code: 'not_trusted', detail };
  if (/^(invalid_provider|discovery_failed|server_error|temporarily_unavailable)$/.test(error))
    return { code: 'provider_failed', detail };
  return { code: 'failed', detail };
};
const BY_CODE: Record<string, SignOnError> = {
  not_admitted: 'not_admitted',
  NOT_ADMITTED: 'deactivated',
  deactivated: 'deactivated',
  address_not_verified: 'address_not_verified',
  address_taken: 'address_taken',
  no_address: 'no_address',
  access_denied: 'access_denied',
};

/** A path of ours to go back to; an address of another site is none. */
export const isOwnPath = (path: string): boolean => /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path);
