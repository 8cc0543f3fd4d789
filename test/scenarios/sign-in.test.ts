import { expect, test } from 'vitest';
import { startServer } from '../harness.ts';

type World = Awaited<ReturnType<typeof startServer>>;
const PASSWORD = 'correct horse battery';

/** A browser of one person: keeps cookies, says where its requests come from. */
const browser = (world: World) => {
  const jar = new Map<string, string>();
  const go = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${world.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        origin: world.url,
        ...(jar.size > 0 ? { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      if (value === '' || /max-age=0/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  return { go, jar };
};

test('the first administrator is made in the browser with the token of the first start, once', async () => {
  const world = await startServer();
  const her = browser(world);
  expect(await (await her.go('GET', '/api/sign-in')).json()).toEqual({ first_run: true, providers: [], mail: false });
  const ana = { name: 'ana', display_name: 'Ana', email: 'ana@allclear.test', time_zone: 'Europe/Lisbon', password: PASSWORD };
  const wrong = await her.go('POST', '/api/sign-in/first-administrator', { ...ana, token: 'alc_wrong' });
  expect([wrong.status, ((await wrong.json()) as { field: string }).field]).toEqual([422, 'token']);
  const weak = await her.go('POST', '/api/sign-in/first-administrator', { ...ana, token: world.token, password: 'short' });
  expect([weak.status, ((await weak.json()) as { field: string }).field]).toEqual([422, 'password']);
  const made = await her.go('POST', '/api/sign-in/first-administrator', { ...ana, token: world.token });
  expect(made.status).toBe(201);
  const again = await her.go('POST', '/api/sign-in/first-administrator', {
    ...ana,
    name: 'eve',
    email: 'eve@x.test',
    token: world.token,
  });
  expect(again.status).toBe(409);

  const refused = await her.go('POST', '/api/auth/sign-in/email', { email: ana.email, password: 'not this one' });
  expect(refused.status).toBe(401);
  const signedIn = await her.go('POST', '/api/auth/sign-in/email', { email: 'Ana@allclear.test', password: PASSWORD });
  expect(signedIn.status).toBe(200);
  expect(await signedIn.text()).not.toContain(decodeURIComponent(her.jar.get('allclear.session_token') ?? '?').split('.')[0]);
  const me = (await (await her.go('GET', '/api/me')).json()) as {
    person: { name: string };
    permissions: string[];
    session: boolean;
  };
  expect([me.person.name, me.session, me.permissions.includes('people.write')]).toEqual(['ana', true, true]);
  const { items } = await world.call<{ items: { type: string; source: string }[] }>('GET', '/api/journal?type=person.');
  expect(items.map((one) => one.type)).toEqual(
    expect.arrayContaining(['person.signed_in', 'person.sign_in_refused', 'person.first_administrator']),
  );
  expect((await her.go('POST', '/api/auth/sign-out', {})).status).toBe(200);
  expect((await her.go('GET', '/api/me')).status).toBe(401);
});
