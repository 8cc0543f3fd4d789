import { expect, test } from 'vitest';
import { aPerson, browser, PASSWORD, signedIn, totp } from '../browser-like.ts';
import { startSmtp } from '../fakes/smtp.ts';
import { startServer } from '../harness.ts';

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

test('an invitation lets a person in once, and a new one ends what went before', async () => {
  const world = await startServer();
  await world.call('PUT', '/api/people/ben', { display_name: 'Ben', email: 'Ben@allclear.test' });
  const state = async () =>
    (await world.call<{ items: { name: string; state: string }[] }>('GET', '/api/access')).items.find((one) => one.name === 'ben')
      ?.state;
  expect(await state()).toBe('none');
  const first = await world.call<{ url: string; mailed: boolean }>('POST', '/api/people/ben/invite', {});
  expect(first.mailed).toBe(false);
  expect(await state()).toBe('invited');
  const token = first.url.split('/').at(-1);
  const his = browser(world);
  expect(await (await his.go('GET', `/api/invitations/${token}`)).json()).toMatchObject({
    display_name: 'Ben',
    purpose: 'invitation',
  });
  expect((await his.go('GET', `/api/invitations/${token?.startsWith('a') ? 'b' : 'a'}${token?.slice(1)}`)).status).toBe(404);
  const both = await Promise.all([1, 2].map(() => his.go('POST', `/api/invitations/${token}`, { password: PASSWORD })));
  expect(both.map((one) => one.status).sort()).toEqual([200, 409]);
  expect(await state()).toBe('active');
  const session = await signedIn(world, 'ben');
  expect((await session.go('GET', '/api/me')).status).toBe(200);

  const again = await world.call<{ url: string }>('POST', '/api/people/ben/invite', {});
  const other = await world.call<{ url: string }>('POST', '/api/people/ben/invite', {});
  expect((await his.go('POST', `/api/invitations/${again.url.split('/').at(-1)}`, { password: `${PASSWORD} 2` })).status).toBe(
    200,
  );
  expect((await session.go('GET', '/api/me')).status, 'a new password ends the sessions of the old one').toBe(401);
  expect(
    (await his.go('POST', `/api/invitations/${other.url.split('/').at(-1)}`, { password: 'an attacker has it' })).status,
  ).toBe(409);
});

test('a link ends when its time is over, and tells so', async () => {
  const world = await startServer();
  await world.call('PUT', '/api/people/ben', { display_name: 'Ben', email: 'ben@allclear.test' });
  const { url } = await world.call<{ url: string }>('POST', '/api/people/ben/invite', {});
  await world.clock.setTime(world.clock.now() + 8 * 86_400_000);
  const late = await browser(world).go('POST', `/api/invitations/${url.split('/').at(-1)}`, { password: PASSWORD });
  expect([late.status, ((await late.json()) as { detail: string }).detail]).toEqual([409, expect.stringMatching(/ended at/)]);
});

test('invitations and forgotten passwords are mailed where mail is set up, three an hour at most', async () => {
  const world = await startServer();
  const smtp = await startSmtp();
  try {
    await world.call('PUT', '/api/settings', {
      channels: { email: { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'Allclear <pager@allclear.test>' } },
    });
    await world.call('PUT', '/api/people/ben', { display_name: 'Ben', email: 'ben@allclear.test' });
    const { mailed } = await world.call<{ mailed: boolean }>('POST', '/api/people/ben/invite', {});
    expect(mailed).toBe(true);
    await world.settle();
    const [mail] = smtp.received;
    const link = mail?.mail.text?.match(/\/join\/([\w-]+)/)?.[1];
    const his = browser(world);
    expect((await his.go('POST', `/api/invitations/${link}`, { password: PASSWORD })).status).toBe(200);
    for (const email of ['nobody@allclear.test', ...Array(5).fill('BEN@allclear.test')])
      expect((await his.go('POST', '/api/sign-in/forgot', { email })).status).toBe(202);
    await world.settle();
    expect(smtp.received.length - 1, 'the invitation counts as one of the three').toBe(2);
    expect(smtp.received.at(-1)?.mail.subject).toBe('A new password for Allclear');
  } finally {
    await smtp.stop();
  }
});

test('a cookie is worth nothing to another site', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'administrator');
  const her = await signedIn(world, 'ana');
  const team = { title: 'x', members: [] };
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: `${world.url}.evil.example` }]) {
    expect((await her.go('PUT', '/api/teams/ops', team, headers)).status).toBe(403);
    expect((await her.go('POST', '/api/auth/sign-out', {}, headers)).status).toBe(403);
    expect(
      (await browser(world).go('POST', '/api/auth/sign-in/email', { email: 'ana@allclear.test', password: PASSWORD }, headers))
        .status,
    ).toBe(403);
    expect((await browser(world).go('POST', '/api/sign-in/forgot', { email: 'ana@allclear.test' }, headers)).status).toBe(403);
  }
  const bare = await fetch(`${world.url}/api/teams/ops`, {
    method: 'PUT',
    headers: { cookie: [...her.jar].map(([name, value]) => `${name}=${value}`).join('; '), 'content-type': 'application/json' },
    body: JSON.stringify(team),
  });
  expect(bare.status, 'what says nothing of its origin is no page of ours').toBe(403);
  expect((await her.go('PUT', '/api/teams/ops', team)).status).toBe(200);
});

test('cookies are kept from scripts and from other sites, and over https from the open wire', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'responder');
  const cookiesAt = async (url: string) => {
    world.setPublicUrl(url);
    const response = await world.app.fetch(
      new Request(`${url}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ email: 'ana@allclear.test', password: PASSWORD }),
      }),
    );
    return response.headers.getSetCookie().find((cookie) => cookie.includes('session_token')) ?? '';
  };
  expect(await cookiesAt('https://allclear.example.com')).toMatch(
    /^__Secure-allclear\.session_token=.*HttpOnly.*Secure.*SameSite=Lax/i,
  );
  const open = await cookiesAt('http://allclear.example.com');
  expect(open).toMatch(/^allclear\.session_token=.*HttpOnly.*SameSite=Lax/i);
  expect(open).not.toMatch(/Secure/);
  world.setPublicUrl(world.url);
});

test('signing in makes a new session: a cookie planted before is worth nothing', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'responder');
  const planted = 'allclear.session_token=planted.c2lnbmF0dXJl';
  const her = browser(world);
  const response = await her.go(
    'POST',
    '/api/auth/sign-in/email',
    { email: 'ana@allclear.test', password: PASSWORD },
    { cookie: planted },
  );
  expect(response.status).toBe(200);
  expect(her.jar.get('allclear.session_token')).not.toContain('planted');
  expect((await fetch(`${world.url}/api/me`, { headers: { cookie: planted } })).status).toBe(401);
  const before = her.jar.get('allclear.session_token');
  await her.go('POST', '/api/auth/sign-out', {});
  expect((await fetch(`${world.url}/api/me`, { headers: { cookie: `allclear.session_token=${before}` } })).status).toBe(401);
});

test('guessing is slowed down: by address, and by account from anywhere', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'responder');
  const guess = (from: string) =>
    browser(world).go(
      'POST',
      '/api/auth/sign-in/email',
      { email: 'ana@allclear.test', password: 'a wrong one' },
      { 'x-forwarded-for': from },
    );
  const one = [];
  for (let n = 0; n < 12; n += 1) one.push((await guess('203.0.113.7')).status);
  expect(one.slice(0, 10)).toEqual(Array(10).fill(401));
  expect(one.slice(10)).toEqual([429, 429]);
  for (let n = 0; n < 10; n += 1) expect((await guess(`198.51.100.${n}`)).status).toBe(401);
  const blocked = await guess('198.51.100.77');
  expect([blocked.status, ((await blocked.json()) as { detail: string }).detail]).toEqual([
    429,
    expect.stringMatching(/Too many wrong passwords/),
  ]);
});

test('a second factor is asked for, recovery codes work once, and its secret is shown once', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'responder');
  const her = await signedIn(world, 'ana');
  const enabled = (await (await her.go('POST', '/api/auth/two-factor/enable', { password: PASSWORD })).json()) as {
    totpURI: string;
    backupCodes: string[];
  };
  expect(enabled.backupCodes.length).toBeGreaterThan(5);
  expect((await her.go('POST', '/api/auth/two-factor/verify-totp', { code: totp(enabled.totpURI) })).status).toBe(200);
  expect(await (await her.go('GET', '/api/me/security')).json()).toMatchObject({ password: true, two_factor: true });

  const again = browser(world);
  const half = await again.go('POST', '/api/auth/sign-in/email', { email: 'ana@allclear.test', password: PASSWORD });
  expect(await half.json()).toMatchObject({ twoFactorRedirect: true });
  expect((await again.go('GET', '/api/me')).status).toBe(401);
  expect((await again.go('POST', '/api/auth/two-factor/verify-totp', { code: '000000' })).status).toBe(401);
  expect((await again.go('POST', '/api/auth/two-factor/verify-backup-code', { code: enabled.backupCodes[0] })).status).toBe(200);
  expect((await again.go('GET', '/api/me')).status).toBe(200);
  const third = browser(world);
  await third.go('POST', '/api/auth/sign-in/email', { email: 'ana@allclear.test', password: PASSWORD });
  expect((await third.go('POST', '/api/auth/two-factor/verify-backup-code', { code: enabled.backupCodes[0] })).status).toBe(401);
});

test('sessions are listed and ended, and nobody ends those of others', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'responder');
  await aPerson(world, 'ben', 'responder');
  const [first, second, his] = [await signedIn(world, 'ana'), await signedIn(world, 'ana'), await signedIn(world, 'ben')];
  const sessions = async (of: typeof first) =>
    ((await (await of.go('GET', '/api/me/sessions')).json()) as { items: { id: string; current: boolean; address: string }[] })
      .items;
  expect((await sessions(first)).map((one) => one.address)).toEqual(['127.0.0.1', '127.0.0.1']);
  const other = (await sessions(first)).find((one) => !one.current);
  expect((await his.go('DELETE', `/api/me/sessions/${other?.id}`)).status).toBe(404);
  expect((await first.go('DELETE', `/api/me/sessions/${other?.id}`)).status).toBe(204);
  expect((await second.go('GET', '/api/me')).status).toBe(401);
  const third = await signedIn(world, 'ana');
  expect(await (await third.go('DELETE', '/api/me/sessions')).json()).toEqual({ ended: 1 });
  expect((await first.go('GET', '/api/me')).status).toBe(401);
  expect(await world.call('DELETE', '/api/people/ana/sessions')).toEqual({ ended: 1 });
  expect((await third.go('GET', '/api/me')).status).toBe(401);
});

test('who is deactivated is out at once, with her keys; the last administrator stays one', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'administrator');
  await aPerson(world, 'ben', 'responder');
  const his = await signedIn(world, 'ben');
  const key = (await (await his.go('POST', '/api/me/tokens', { name: 'laptop' })).json()) as { name: string; token: string };
  const byKey = () => fetch(`${world.url}/api/me`, { headers: { authorization: `Bearer ${key.token}` } });
  expect((await byKey()).status).toBe(200);
  await world.call('DELETE', '/api/people/ben');
  expect([(await his.go('GET', '/api/me')).status, (await byKey()).status]).toEqual([401, 401]);
  const back = await browser(world).go('POST', '/api/auth/sign-in/email', { email: 'ben@allclear.test', password: PASSWORD });
  expect([back.status, await back.text()]).toEqual([403, expect.stringMatching(/deactivated/)]);

  for (const change of [{ role: 'manager' }, { role: 'administrator', active: false }]) {
    const refused = await world.request('PUT', '/api/people/ana', { display_name: 'Ana', email: 'ana@allclear.test', ...change });
    expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
      422,
      expect.stringMatching(/only administrator/),
    ]);
  }
  expect((await world.request('DELETE', '/api/people/ana')).status).toBe(422);
});

test('a key of her own does what she may within its scopes, until it ends or is revoked', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'administrator');
  await aPerson(world, 'ben', 'responder');
  const his = await signedIn(world, 'ben');
  const make = async (body: object) => his.go('POST', '/api/me/tokens', body);
  const beyond = await make({ name: 'beyond', scopes: ['people.write'] });
  expect([beyond.status, ((await beyond.json()) as { field: string }).field]).toEqual([422, 'scopes.0']);
  expect((await make({ name: 'odd', scopes: ['no.such'] })).status).toBe(422);
  const { name, token } = (await (
    await make({ name: 'reader', scopes: ['incident.read'], expires_at: '2026-03-03T12:00:00Z' })
  ).json()) as {
    name: string;
    token: string;
  };
  expect(name).toBe('ben.reader');
  expect((await make({ name: 'reader' })).status).toBe(422);
  const get = (path: string) => fetch(`${world.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  expect([(await get('/api/incidents')).status, (await get('/api/alerts')).status]).toEqual([200, 403]);
  const made = await fetch(`${world.url}/api/me/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'wider' }),
  });
  expect(made.status, 'a limited key makes no wider one').toBe(403);
  const hers = await signedIn(world, 'ana');
  expect((await hers.go('DELETE', '/api/me/tokens/ben.reader')).status).toBe(404);
  const listed = (await (await his.go('GET', '/api/me/tokens')).json()) as { items: Record<string, unknown>[] };
  expect(listed.items).toMatchObject([{ name: 'ben.reader', scopes: ['incident.read'], last_used_at: expect.any(String) }]);
  expect(JSON.stringify(listed)).not.toContain(token);
  await world.clock.setTime(world.clock.now() + 25 * 3_600_000);
  expect((await get('/api/incidents')).status).toBe(401);
  expect((await his.go('DELETE', '/api/me/tokens/ben.reader')).status).toBe(204);
});

test('the sign-in library answers only what the console uses', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'administrator');
  const her = await signedIn(world, 'ana');
  for (const [method, path] of [
    ['POST', 'sign-up/email'],
    ['GET', 'get-session'],
    ['GET', 'list-sessions'],
    ['POST', 'update-user'],
    ['POST', 'delete-user'],
    ['POST', 'change-email'],
    ['POST', 'link-social'],
    ['POST', 'request-password-reset'],
    ['GET', 'sign-out'],
    ['POST', 'sso/register'],
    ['POST', 'sso/saml2/sp/acs/corp'],
    ['GET', 'sso/saml2/sp/metadata'],
    ['POST', 'sso/saml2/sp/slo/corp'],
    ['POST', '../people'],
    ['GET', 'constructor'],
  ] as const)
    expect((await her.go(method, `/api/auth/${path}`, method === 'POST' ? {} : undefined)).status, path).toBe(404);
});
