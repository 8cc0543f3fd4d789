import { createHmac } from 'node:crypto';
import type { sso } from '@better-auth/sso';
import { Kysely, type KyselyPlugin, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Session } from '../platform/caller.ts';
import { resolveSecrets } from '../platform/config.ts';
import { type Connection, datesAndNumbers } from '../platform/database.ts';
import { messageOf } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { Logger } from '../platform/log.ts';
import type { SsoIdentity, SsoVerdict } from './admit.ts';

/** What the sign-in library asks of the house. */
type AuthHooks = {
  /** Why this person may not sign in now; undefined: she may. */
  refusal: (userId: string) => Promise<string | undefined>;
  signedIn: (userId: string, address: string | null, agent: string | null) => Promise<void>;
  /** Whom an identity of a sign-on provider is; what it made is committed. */
  admit: (identity: SsoIdentity) => Promise<SsoVerdict>;
  /** Origins of a provider that may be asked though they are not public. */
  trustedOrigins: (providerId: string) => Promise<string[]>;
};
export type Auth = ReturnType<typeof createAuth>;

/** Signed in for this long without being seen; each day of use prolongs it. */
const SESSION_SECONDS = 14 * 86_400;
const MIN_PASSWORD = 10;
const MAX_PASSWORD = 128;
/** The header in which we tell the library whose request it is; what a client sends under this name is thrown away. */
const ADDRESS_HEADER = 'x-allclear-client-address';
/** Likewise, which sign-on provider it is about. */
const PROVIDER_HEADER = 'x-allclear-sign-on-provider';
const NO_TOKENS = { accessToken: null, refreshToken: null, idToken: null };
type SSOInput = Parameters<NonNullable<NonNullable<Parameters<typeof sso>[0]>['resolveUser']>>[0];

/**
 * Sign-in: passwords, passkeys, second factor and single sign-on, by better-auth over our own tables. It has a small pool of
 * its own, since it wants dates where ours reads `Temporal.Instant`.
 */
export const createAuth = (parts: {
  connection: Connection;
  secret: Buffer;
  publicUrl: () => string;
  log: Logger;
  hooks: AuthHooks;
}) => {
  const { log, hooks } = parts;
  const pool = new pg.Pool({ ...parts.connection, max: 4, types: datesAndNumbers, application_name: 'allclear sign-in' });
  pool.on('error', (error) => log.warn({ err: error.message }, 'a sign-in connection broke'));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }), plugins: [secretsFromEnvironment(log)] });

  /** Only for a sign-on, whose addresses to go back to are checked before it gets here. */
  const askable = async (request: Request | undefined): Promise<string[]> => {
    const provider = request?.headers.get(PROVIDER_HEADER);
    return provider ? hooks.trustedOrigins(provider) : [];
  };

  /** The library takes a second to read: it is fetched when it is first needed, so that no start waits for it. */
  const make = async (baseURL: string) => {
    const [{ passkey }, { sso }, { betterAuth }, { APIError }, { twoFactor }] = await Promise.all([
      import('@better-auth/passkey'),
      import('@better-auth/sso'),
      import('better-auth'),
      import('better-auth/api'),
      import('better-auth/plugins'),
    ]);
    const url = new URL(baseURL);
    return betterAuth({
      appName: 'Allclear',
      baseURL,
      basePath: '/api/auth',
      secret: createHmac('sha256', parts.secret).update('sign-in').digest('base64url'),
      database: { db, type: 'postgres', transaction: true },
      telemetry: { enabled: false },
      // What it calls an error (a wrong origin, a missing provider) is the visitor's; what fails of ours is a 500, logged by its route.
      logger: { level: 'warn', log: (_level, message) => log.warn({ part: 'sign-in' }, message) },
      trustedOrigins: async (request) => [url.origin, ...sameHost(request), ...(await askable(request))],
      emailAndPassword: {
        enabled: true,
        // People are made by administrators, invitations and directories.
        disableSignUp: true,
        minPasswordLength: MIN_PASSWORD,
        maxPasswordLength: MAX_PASSWORD,
        autoSignIn: true,
      },
      user: { modelName: 'auth_users' },
      session: {
        modelName: 'auth_sessions',
        expiresIn: SESSION_SECONDS,
        updateAge: 86_400,
        // Adding a passkey or a second factor asks for a recent sign-in.
        freshAge: 3600,
      },
      account: { modelName: 'auth_accounts', encryptOAuthTokens: true },
      onAPIError: { errorURL: '/sign-in' },
      verification: { modelName: 'auth_verifications' },
      rateLimit: {
        enabled: true,
        storage: 'database',
        modelName: 'auth_rate_limits',
        window: 60,
        max: 120,
        customRules: {
          '/sign-in/email': { window: 60, max: 10 },
          '/two-factor/verify-totp': { window: 60, max: 10 },
          '/two-factor/verify-backup-code': { window: 60, max: 10 },
          '/passkey/verify-authentication': { window: 60, max: 20 },
          '/sign-in/sso': { window: 60, max: 20 },
          '/change-password': { window: 60, max: 10 },
          '/get-session': false,
        },
      },
      advanced: {
        cookiePrefix: 'allclear',
        useSecureCookies: url.protocol === 'https:',
        defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
        ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
        database: { generateId: newId },
      },
      plugins: [
        twoFactor({
          issuer: 'Allclear',
          allowPasswordless: true,
          schema: { twoFactor: { modelName: 'auth_two_factors' } },
        }),
        passkey({
          rpID: url.hostname,
          rpName: 'Allclear',
          origin: url.origin,
          schema: { passkey: { modelName: 'auth_passkeys' } },
        }),
        sso({
          modelName: 'auth_sso_providers',
          // Its addresses are managed by our own API only; auth-routes.ts lets nobody near these.
          providersLimit: 0,
          resolveUser: async (input) => {
            const verdict = await admitted(input);
            return 'link' in verdict
              ? { action: 'link', userId: verdict.link, profile: 'preserve' }
              : { action: 'reject', code: verdict.refuse };
          },
        }),
      ],
      databaseHooks: {
        // We ask the provider nothing after the sign-in: what would let us is not kept.
        account: {
          create: { before: async (account) => ({ data: { ...account, ...NO_TOKENS } }) },
          update: { before: async (account) => ({ data: { ...account, ...NO_TOKENS } }) },
        },
        session: {
          create: {
            before: async (session) => {
              const refused = await hooks.refusal(session.userId);
              if (refused) throw new APIError('FORBIDDEN', { message: refused, code: 'NOT_ADMITTED' });
            },
            after: async (session) => {
              await hooks.signedIn(session.userId, session.ipAddress ?? null, session.userAgent ?? null);
            },
          },
        },
      },
    });
  };

  /** The library hides what goes wrong in here, so it is logged. */
  const admitted = async (input: SSOInput): Promise<SsoVerdict> => {
    const { providerUser, accountKey, providerId } = input;
    const claims =
      input.protocol === 'oidc' ? { ...input.verifiedIdTokenClaims, ...input.providerClaims } : input.providerAttributes;
    try {
      return await hooks.admit({
        providerId,
        accountId: accountKey.accountId,
        email: providerUser.email,
        // Of the same answer as the address itself.
        emailVerified: input.protocol === 'oidc' && /^true$/.test(String(input.providerClaims.email_verified)),
        name: providerUser.name,
        claims,
      });
    } catch (thrown) {
      log.error({ err: thrown, provider: providerId }, 'a sign-on failed');
      throw thrown;
    }
  };

  let made: { url: string; auth: ReturnType<typeof make> } | undefined;
  /** The public address is known only once the server listens. */
  const auth = (): ReturnType<typeof make> => {
    const url = parts.publicUrl();
    if (made?.url !== url) made = { url, auth: make(url) };
    return made.auth;
  };

  return {
    /** Answers one of the library's own addresses. `address` is the client's, as our proxies say it; `provider` the one it is about. */
    handle: async (request: Request, address: string, provider?: string): Promise<Response> =>
      (await auth()).handler(withAddress(request, address, provider)),
    sessionOf: async (headers: Headers): Promise<Session | undefined> => {
      const { response, headers: answered } = await (await auth()).api.getSession({ headers, returnHeaders: true });
      return response ? { id: response.session.id, personId: response.user.id, cookies: answered.getSetCookie() } : undefined;
    },
    hashPassword: async (password: string): Promise<string> => (await (await auth()).$context).password.hash(password),
    /** Reads the library ahead of the first who signs in. */
    warm: async (): Promise<void> => void (await auth()),
    close: () => db.destroy(),
  };
};

/** Whoever opened the console under another name of this host is at home too. */
const sameHost = (request: Request | undefined): string[] => {
  const origin = request?.headers.get('origin');
  const host = request?.headers.get('host');
  return origin && host && URL.canParse(origin) && new URL(origin).host === host ? [origin] : [];
};

/** What a provider's row refers to in the environment is read here, so that the secret itself is in no table. */
const secretsFromEnvironment = (log: Logger): KyselyPlugin => ({
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({
    ...result,
    rows: result.rows.map((row) => {
      if (typeof row.oidcConfig !== 'string') return row;
      try {
        return { ...row, oidcConfig: JSON.stringify(resolveSecrets(JSON.parse(row.oidcConfig))) };
      } catch (thrown) {
        log.warn({ part: 'sign-in', err: messageOf(thrown) }, 'a sign-on provider has no secret');
        return row;
      }
    }),
  }),
});

const withAddress = (request: Request, address: string, provider: string | undefined): Request => {
  const headers = new Headers(request.headers);
  headers.delete(PROVIDER_HEADER);
  if (provider) headers.set(PROVIDER_HEADER, provider);
  headers.set(ADDRESS_HEADER, address);
  headers.delete('x-forwarded-for');
  return new Request(request, { headers });
};
