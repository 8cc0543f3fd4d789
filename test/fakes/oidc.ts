import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import { expect } from 'vitest';

type Claims = { email?: string; email_verified?: boolean; name?: string; groups?: unknown; preferred_username?: string } & Record<
  string,
  unknown
>;

/** A real OpenID provider on 127.0.0.1, with its own pages for signing in and consent. `people`: what it knows, by login. */
export const startOidc = async (redirects: () => string[]) => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const people = new Map<string, Claims>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'allclear',
        client_secret: 'a-secret-of-the-client',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: redirects(),
      },
    ],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username', 'zoneinfo', 'locale', '_claim_names'],
      groups: ['groups', 'realm_access'],
    },
    scopes: ['openid', 'email', 'profile', 'groups'],
    cookies: { keys: ['for-tests-only'] },
    ttl: { Session: 3600, Grant: 3600, Interaction: 600, AccessToken: 600, IdToken: 600 },
    findAccount: async (_: unknown, sub: string) => ({ accountId: sub, claims: async () => ({ sub, ...people.get(sub) }) }),
  });
  const callback = provider.callback();
  /** Requests the server of Allclear makes; a test may answer one itself. */
  let instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  answer = (request, response) => {
    if (!instead?.(request, response)) void callback(request, response);
  };
  return {
    issuer,
    people,
    answerInstead: (with_: typeof instead) => {
      instead = with_;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Signs in at the provider with a browser of its own; answers where it sends the browser back to. */
export const signInAtProvider = async (start: string, login: string): Promise<string> => {
  const jar = new Map<string, string>();
  const { origin } = new URL(start);
  const go = async (url: string, form?: Record<string, string>) => {
    const response = await fetch(url, {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      jar.set(name, value);
    }
    return response;
  };
  let url = start;
  for (let hop = 0; hop < 12; hop += 1) {
    const response = await go(url);
    let to = response.headers.get('location');
    if (!to) {
      const page = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      expect(prompt, `a page of the provider: ${page.slice(0, 2000)}`).toBeDefined();
      const sent = await go(url, prompt === 'login' ? { prompt, login, password: 'any' } : { prompt: prompt as string });
      to = sent.headers.get('location');
    }
    url = new URL(to as string, url).toString();
    if (new URL(url).origin !== origin) return url;
  }
  throw new Error('the provider sends in circles');
};
