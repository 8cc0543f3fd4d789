import type { Context } from 'hono';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { SYSTEM } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import type { Env, Http } from '../platform/http.ts';
import type { Runner } from '../platform/runner.ts';
import type { Auth } from './auth.ts';
import { noteSignIn } from './sign-in.ts';

/** The library's addresses that the console uses; of no other does it answer. The text: what the audit log says when it worked. */
const ADDRESSES: Record<string, { method: 'GET' | 'POST'; type?: string; did?: string }> = {
  'sign-in/email': { method: 'POST' },
  'sign-out': { method: 'POST', type: 'person.signed_out', did: 'signed out' },
  'change-password': { method: 'POST', type: 'person.password_changed', did: 'changed the password' },
  'two-factor/enable': { method: 'POST' },
  'two-factor/disable': { method: 'POST', type: 'person.second_factor_removed', did: 'turned the second factor off' },
  'two-factor/verify-totp': { method: 'POST' },
  'two-factor/verify-backup-code': { method: 'POST', type: 'person.recovery_code_used', did: 'used a recovery code' },
  'two-factor/generate-backup-codes': { method: 'POST', type: 'person.recovery_codes_made', did: 'made new recovery codes' },
  'passkey/generate-register-options': { method: 'GET' },
  'passkey/verify-registration': { method: 'POST', type: 'person.passkey_added', did: 'added a passkey' },
  'passkey/generate-authenticate-options': { method: 'GET' },
  'passkey/verify-authentication': { method: 'POST' },
  'passkey/delete-passkey': { method: 'POST', type: 'person.passkey_removed', did: 'removed a passkey' },
  'passkey/update-passkey': { method: 'POST' },
};
const TRIES = new Set(['sign-in/email', 'two-factor/verify-totp', 'two-factor/verify-backup-code']);
/** Wrong passwords of one account in ten minutes, from anywhere, on one node; the library counts those of one address. */
const FAILURES = 20;

/** The sign-in library behind `/api/auth`: only what the console uses, throttled, on record, without session tokens in bodies. */
export const authRoutes = ({ app, addressOf, refuseOtherSites }: Http, auth: Auth, runner: Runner): void => {
  const failures = new RateLimiterMemory({ points: FAILURES, duration: 600 });
  app.all('/api/auth/*', async (c) => {
    const name = c.req.path.slice('/api/auth/'.length);
    const known = Object.hasOwn(ADDRESSES, name) ? ADDRESSES[name] : undefined;
    if (known?.method !== c.req.method) throw new AppError('not_found', `Nothing is at ${c.req.method} ${c.req.path}`);
    refuseOtherSites(c);
    const address = addressOf(c);
    const request = c.req.raw.clone();
    const email = name === 'sign-in/email' ? await emailOf(c) : undefined;
    if (email && ((await failures.get(email))?.consumedPoints ?? 0) >= FAILURES)
      throw new AppError(
        'rate_limited',
        'Too many wrong passwords for this account: wait ten minutes, or use another way to sign in',
      );
    const session = known.did ? await auth.sessionOf(c.req.raw.headers) : undefined;
    const response = await auth.handle(request, address);
    const note = (about: Parameters<typeof noteSignIn>[1]) =>
      runner.transaction(SYSTEM('sign-in'), 'console', (ctx) => noteSignIn(ctx, about), c.get('log'));
    if (response.ok && known.did && known.type) await note({ personId: session?.personId, type: known.type, text: known.did });
    if (TRIES.has(name) && (response.status === 401 || response.status === 403)) {
      if (email) await failures.consume(email).catch(() => undefined);
      await note({ email, type: 'person.sign_in_refused', text: `was refused at ${name}`, data: { address } });
    }
    if (response.ok && email) await failures.delete(email);
    if (response.status >= 500) c.get('log').error({ path: name, status: response.status }, 'sign-in failed');
    return withoutTokens(response);
  });
};

const emailOf = async (c: Context<Env>): Promise<string | undefined> => {
  const body: unknown = await c.req.raw.json().catch(() => undefined);
  const email = typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined;
  return typeof email === 'string' ? email.trim().toLowerCase() : undefined;
};

/** The cookie is the session; its token in a body would be a secret that scripts can read. */
const withoutTokens = async (response: Response): Promise<Response> => {
  if (!response.headers.get('content-type')?.includes('json')) return response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  headers.set('cache-control', 'no-store');
  const clean = text
    ? JSON.stringify(JSON.parse(text), (key, value) =>
        key === 'token' || key === 'accessToken' || key === 'idToken' ? undefined : value,
      )
    : text;
  return new Response(clean, { status: response.status, headers });
};
