import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, api, ok } from './client.ts';
import { queryClient } from './query.ts';

export const signInQuery = queryOptions({ queryKey: ['sign-in'], queryFn: () => ok(api.GET('/api/sign-in')), staleTime: 0 });

/** One of the sign-in library's addresses; a refusal throws `ApiProblem`. */
export const postAuth = async <T = Record<string, unknown>>(path: string, body: object): Promise<T> => {
  const response = await fetch(`/api/auth/${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch((thrown: unknown) => {
    throw new ApiProblem(0, thrown instanceof Error ? thrown.message : String(thrown));
  });
  const told = (await response.json().catch(() => ({}))) as { message?: string; detail?: string; code?: string };
  if (!response.ok) throw new ApiProblem(response.status, told.detail ?? told.message ?? String(response.status), told.code);
  return told as T;
};

/** Passkeys need the browser's own dialogue; its code is fetched when it is asked for. */
const passkeys = async () => {
  const [{ createAuthClient }, { passkeyClient }] = await Promise.all([
    import('better-auth/client'),
    import('@better-auth/passkey/client'),
  ]);
  return createAuthClient({ basePath: '/api/auth', plugins: [passkeyClient()] });
};
export const signInWithPasskey = async (): Promise<void> => {
  const { error } = await (await passkeys()).signIn.passkey();
  if (error) throw new ApiProblem(error.status ?? 401, error.message ?? '');
};
export const addPasskey = async (name: string): Promise<void> => {
  const answer = await (await passkeys()).passkey.addPasskey({ name });
  if (answer?.error) throw new ApiProblem(answer.error.status ?? 400, answer.error.message ?? '');
};
export const canPasskey = (): boolean => typeof PublicKeyCredential !== 'undefined';

/** The server forgets a challenge after 5 min; a page that is open for longer gets a new one before. */
const RENEW_MS = 4 * 60_000;

/**
 * Waits for a passkey to be chosen among what the browser offers in the field of the mail address, until `ended`. Of everything that
 * keeps the browser from offering any, nobody is told: the button and the password are there.
 */
export const passkeyFromAutofill = async (ended: AbortSignal): Promise<'signed in' | 'refused' | 'none'> => {
  const can = canPasskey() && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
  if (!can || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return 'none';
  while (!ended.aborted) {
    const old = AbortSignal.timeout(RENEW_MS);
    const chosen = await offerPasskeys(AbortSignal.any([ended, old])).catch(() => undefined);
    if (chosen)
      return postAuth('passkey/verify-authentication', { response: chosen.toJSON() }).then(
        () => 'signed in',
        () => 'refused',
      );
    if (!old.aborted) break;
  }
  return 'none';
};
const offerPasskeys = async (signal: AbortSignal): Promise<PublicKeyCredential | undefined> => {
  const answer = await fetch('/api/auth/passkey/generate-authenticate-options', { credentials: 'same-origin', signal });
  if (!answer.ok) return undefined;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await answer.json());
  const chosen = await navigator.credentials.get({ mediation: 'conditional', publicKey, signal });
  return chosen instanceof PublicKeyCredential ? chosen : undefined;
};

/** Where she was going. Only a path of ours: an address of another site is not followed. */
export const returnPath = (wanted: string | undefined): string =>
  wanted?.startsWith('/') && !wanted.startsWith('//') && !wanted.includes('\\') ? wanted : '/';

/** Everything that was read as somebody else, or as nobody, is read anew. */
export const arrive = (path: string, go: (path: string) => void): void => {
  queryClient.clear();
  go(returnPath(path));
};

export const signOut = async (): Promise<void> => {
  await postAuth('sign-out', {});
  queryClient.clear();
};
