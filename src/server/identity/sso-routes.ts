import { z } from 'zod';
import { slug } from '../../contract/common.ts';
import { SIGN_ON_ERRORS, type SignOnError } from '../../contract/sign-on-errors.ts';
import { SYSTEM } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import type { Http } from '../platform/http.ts';
import type { Logger } from '../platform/log.ts';
import { fromZod } from '../platform/problems.ts';
import type { Runner } from '../platform/runner.ts';
import type { Auth } from './auth.ts';
import { prepareSignOn, signOnFailed } from './sign-on.ts';
import { errorOfCallback, isOwnPath } from './sign-on-rules.ts';

const begin = z.object({
  providerId: slug,
  callbackURL: z.string().max(2000).refine(isOwnPath, 'a path of this site, such as /incidents').default('/'),
});
/** The library waits for a provider as long as the connection lives; a person does not. */
const PATIENCE_MS = 20_000;
/** What the decision itself has put on record. */
const RECORDED: SignOnError[] = ['not_admitted', 'deactivated', 'address_not_verified', 'address_taken'];

/** Out to a sign-on provider and back from it, by the sign-in library. Whatever fails on the way back ends on a page of the console. */
export const ssoRoutes = ({ app, addressOf, refuseOtherSites }: Http, auth: Auth, runner: Runner): void => {
  const outside = (log: Logger) => runner.outsideAs(SYSTEM('sign-in'), 'sign-on', log);

  app.post('/api/auth/sign-in/sso', async (c) => {
    refuseOtherSites(c);
    const body = begin.safeParse(await c.req.json().catch(() => ({})));
    if (!body.success) throw fromZod(body.error);
    const { providerId, callbackURL } = body.data;
    await prepareSignOn(outside(c.get('log')), providerId);
    // Nothing else of what it could be asked, such as further scopes, is the visitor's to choose.
    const headers = new Headers(c.req.raw.headers);
    headers.delete('content-length');
    const request = new Request(c.req.url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ providerId, callbackURL, errorCallbackURL: '/sign-in' }),
    });
    const response = await auth.handle(request, addressOf(c), providerId);
    if (response.status >= 500) throw new AppError('unavailable', SIGN_ON_ERRORS.provider_failed);
    response.headers.set('cache-control', 'no-store');
    return response;
  });

  app.get('/api/auth/sso/callback/:id', async (c) => {
    const id = c.req.param('id');
    const log = c.get('log');
    const failed = async (code: SignOnError, detail: string): Promise<Response> => {
      log.info({ provider: id, code, detail }, 'a sign-on did not work');
      // Without a state of ours it is nobody's try: anyone can send such a request.
      if (code !== 'invalid_state' && !RECORDED.includes(code))
        await outside(log).transaction((ctx) => signOnFailed(ctx, id, code, detail));
      return c.redirect(`/sign-in?error=${code}`);
    };
    const response = await Promise.race([
      auth.handle(c.req.raw, addressOf(c), id),
      new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS).unref()),
    ]);
    if (!response) return failed('provider_failed', `no answer within ${PATIENCE_MS / 1000} s`);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      await response.body?.cancel();
      return failed(response.status === 429 ? 'provider_failed' : 'failed', `the library answered ${response.status}`);
    }
    const error = errorOfCallback(new URL(location, 'http://localhost'));
    return error ? failed(error.code, error.detail) : response;
  });
};
