import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { aPerson, browser, letIn } from '../browser-like.ts';
import { signInAtProvider, startOidc } from '../fakes/oidc.ts';
import { startServer } from '../harness.ts';

type World = Awaited<ReturnType<typeof startServer>>;
type Oidc = Awaited<ReturnType<typeof startOidc>>;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const setUp = async (settings: Record<string, unknown> = {}, id = 'corp') => {
  const world = await startServer();
  const oidc = await startOidc(() => [`${world.url}/api/auth/sso/callback/${id}`]);
  stops.push(oidc.stop);
  const saved = {
    kind: 'oidc',
    title: 'Corp',
    issuer: oidc.issuer,
    client_id: 'allclear',
    client_secret: 'a-secret-of-the-client',
    scopes: ['openid', 'email', 'profile', 'groups'],
    ...settings,
  };
  await world.call('PUT', `/api/sign-on/${id}`, saved);
  return { world, oidc, saved };
};

/** The whole way: out, in at the provider, back. Answers her browser and where it ended. */
const signOn = async (world: World, login: string, callbackURL = '/incidents', her = browser(world), id = 'corp') => {
  const begun = await her.go('POST', '/api/auth/sign-in/sso', { providerId: id, callbackURL });
  const answer = (await begun.json()) as { url: string };
  expect(begun.status, JSON.stringify(answer)).toBe(200);
  const back = await signInAtProvider(answer.url, login);
  const response = await her.go('GET', back.slice(world.url.length));
  return { her, back, status: response.status, to: response.headers.get('location') };
};

const providersOf = async (world: World) =>
  ((await (await browser(world).go('GET', '/api/sign-in')).json()) as { providers: unknown }).providers;
const meOf = async (her: Awaited<ReturnType<typeof signOn>>['her']) => {
  const response = await her.go('GET', '/api/me');
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) } as {
    status: number;
    role: string;
    person: { name: string; display_name: string; email: string; time_zone: string; locale: string };
    teams: Record<string, string>;
  };
};
const journalOf = async (world: World, type: string) =>
  (await world.call<{ items: { text: string; actor: string; data: unknown }[] }>('GET', `/api/journal?type=${type}`)).items;
const known = (oidc: Oidc, login: string, more: Record<string, unknown> = {}) =>
  oidc.people.set(login, { email: `${login}@corp.test`, email_verified: true, name: `${login} of Corp`, ...more });

describe('who comes in', () => {
  test('somebody who is here is found by her verified address, and stays who she is whatever the address becomes', async () => {
    const { world, oidc } = await setUp();
    await world.call('PUT', '/api/people/ana', { display_name: 'Ana', email: 'ana@corp.test', role: 'manager' });
    known(oidc, 'ana', { email: 'Ana@Corp.test' });
    expect(await providersOf(world)).toEqual([{ id: 'corp', title: 'Corp' }]);
    const first = await signOn(world, 'ana', '/incidents?status=open');
    expect([first.status, first.to]).toEqual([302, '/incidents?status=open']);
    expect(await meOf(first.her)).toMatchObject({ status: 200, role: 'manager', person: { name: 'ana', display_name: 'Ana' } });
    // Married, or a typing error corrected: the account counts.
    known(oidc, 'ana', { email: 'someone.else@corp.test' });
    expect((await meOf((await signOn(world, 'ana')).her)).person.name).toBe('ana');
    const { items } = await world.call<{ items: { name: string; providers: string[] }[] }>('GET', '/api/access');
    expect(items.find((one) => one.name === 'ana')?.providers).toEqual(['corp']);
    expect((await journalOf(world, 'person.signed_in')).length).toBe(2);
    // What would let us ask the provider later is not kept.
    const { rows } = await sql<Record<string, unknown>>`select * from auth_accounts where "providerId" = 'corp'`.execute(
      world.app.database.db,
    );
    expect(rows).toMatchObject([{ accountId: 'ana', accessToken: null, refreshToken: null, idToken: null }]);
  });

  test('nobody is let in by an address that the provider does not vouch for, unless its word is taken', async () => {
    const { world, oidc, saved } = await setUp();
    await aPerson(world, 'root', 'administrator');
    oidc.people.set('eve', { email: 'root@allclear.test', name: 'Eve' });
    const tried = await signOn(world, 'eve');
    expect(tried.to).toBe('/sign-in?error=address_not_verified');
    expect((await meOf(tried.her)).status).toBe(401);
    oidc.people.set('eve', { email: 'root@allclear.test', email_verified: false, name: 'Eve' });
    expect((await signOn(world, 'eve')).to).toBe('/sign-in?error=address_not_verified');
    await world.call('PUT', '/api/sign-on/corp', { ...saved, trust_email: true });
    expect((await signOn(world, 'eve')).to).toBe('/incidents');
  });

  test('a stranger is refused in words that are on record; with leave to add people she becomes one, with a name of her own', async () => {
    const { world, oidc, saved } = await setUp();
    await world.call('PUT', '/api/people/zoe', { display_name: 'Another Zoe', email: 'zoe@elsewhere.test' });
    known(oidc, 'zoe', { preferred_username: 'Zoë', zoneinfo: 'Europe/Lisbon', locale: 'pt_PT' });
    const tried = await signOn(world, 'zoe');
    expect(tried.to).toBe('/sign-in?error=not_admitted');
    expect((await meOf(tried.her)).status).toBe(401);
    expect((await journalOf(world, 'person.sign_in_refused'))[0]?.text).toBe(
      'Corp refused a sign-on: zoe@corp.test: nobody here has this address, and the provider may not add people',
    );
    await world.call('PUT', '/api/sign-on/corp', { ...saved, create_people: true, default_role: 'responder' });
    const { her, to } = await signOn(world, 'zoe');
    expect(to).toBe('/incidents');
    expect(await meOf(her)).toMatchObject({
      role: 'responder',
      person: {
        name: 'zoe-2',
        display_name: 'zoe of Corp',
        email: 'zoe@corp.test',
        time_zone: 'Europe/Lisbon',
        locale: 'pt-PT',
      },
    });
    expect((await journalOf(world, 'person.saved'))[0]?.actor).toBe('Corp (sign-on)');
    // Twice at once is once.
    known(oidc, 'yan');
    const both = await Promise.all([signOn(world, 'yan'), signOn(world, 'yan')]);
    for (const one of both) expect(one.to).toBe('/incidents');
    const { items } = await world.call<{ items: { email: string }[] }>('GET', '/api/people');
    expect(items.filter((one) => one.email === 'yan@corp.test').length).toBe(1);
  });

  test('whoever was deactivated is refused, by account and by address', async () => {
    const { world, oidc } = await setUp({ create_people: true });
    await world.call('PUT', '/api/people/ana', { display_name: 'Ana', email: 'ana@corp.test' });
    known(oidc, 'ana');
    const { her } = await signOn(world, 'ana');
    await world.call('DELETE', '/api/people/ana');
    expect((await meOf(her)).status).toBe(401);
    expect((await signOn(world, 'ana')).to).toBe('/sign-in?error=deactivated');
    known(oidc, 'ana2', { email: 'ana@corp.test' });
    expect((await signOn(world, 'ana2')).to).toBe('/sign-in?error=deactivated');
  });

  test('without an address, or with one that two people have, nobody is guessed at', async () => {
    const { world, oidc } = await setUp();
    oidc.people.set('nemo', { name: 'Nemo' });
    expect((await signOn(world, 'nemo')).to).toBe('/sign-in?error=no_address');
    for (const name of ['one', 'two'])
      await world.call('PUT', `/api/people/${name}`, { display_name: name, email: 'us@corp.test' });
    known(oidc, 'us');
    expect((await signOn(world, 'us')).to).toBe('/sign-in?error=address_taken');
  });
});

describe('groups', () => {
  const mapping = [
    { group: 'oncall', role: 'responder', team: 'payments' },
    { group: 'leads', role: 'manager', team: 'search', team_role: 'manager' },
    { group: 'admins', role: 'administrator' },
  ];
  const withTeams = async (settings: Record<string, unknown> = {}) => {
    const made = await setUp();
    for (const team of ['payments', 'search', 'unmapped']) await made.world.call('PUT', `/api/teams/${team}`, {});
    await made.world.call('PUT', '/api/sign-on/corp', { ...made.saved, mapping, create_people: true, ...settings });
    return made;
  };

  test('give a role and teams at every sign-in, and take them again', async () => {
    const { world, oidc } = await withTeams();
    known(oidc, 'ana', { groups: ['oncall', 'leads', 'lunch'] });
    const { her } = await signOn(world, 'ana');
    expect(await meOf(her)).toMatchObject({ role: 'manager', teams: { payments: 'manager', search: 'manager' } });
    await world.call('PUT', '/api/teams/unmapped', { members: ['ana'] });

    known(oidc, 'ana', { groups: ['oncall'] });
    await signOn(world, 'ana');
    expect(await meOf(her)).toMatchObject({ role: 'responder' });
    expect(Object.keys((await meOf(her)).teams).sort()).toEqual(['payments', 'unmapped']);
    expect(await world.call('GET', '/api/teams/search')).toMatchObject({ members: [], grants: [] });

    known(oidc, 'ana', { groups: [] });
    await signOn(world, 'ana');
    expect(await meOf(her)).toMatchObject({ role: 'observer' });
    expect(Object.keys((await meOf(her)).teams)).toEqual(['unmapped']);
    expect((await journalOf(world, 'person.role_by_groups')).map((one) => [one.actor, one.text])).toEqual([
      ['Corp (sign-on)', 'ana of Corp is observer, because no group of hers gives her responder any more'],
      ['Corp (sign-on)', 'ana of Corp is responder, by the group oncall'],
      ['Corp (sign-on)', 'ana of Corp is manager, by the group leads'],
    ]);
    // Nothing new, nothing written.
    const before = (await journalOf(world, 'team.')).length;
    await signOn(world, 'ana');
    expect((await journalOf(world, 'team.')).length).toBe(before);
  });

  test('leave a role that was given by hand, and everything when there are too many to list', async () => {
    const { world, oidc } = await withTeams();
    await world.call('PUT', '/api/people/ben', { display_name: 'Ben', email: 'ben@corp.test', role: 'manager' });
    known(oidc, 'ben', { groups: 'lunch, dinner' });
    expect(await meOf((await signOn(world, 'ben')).her)).toMatchObject({ role: 'manager' });
    known(oidc, 'ben', { groups: 'oncall' });
    expect(await meOf((await signOn(world, 'ben')).her)).toMatchObject({ role: 'responder', teams: { payments: 'responder' } });
    known(oidc, 'ben', { _claim_names: { groups: 'src1' } });
    expect(await meOf((await signOn(world, 'ben')).her)).toMatchObject({ role: 'responder', teams: { payments: 'responder' } });
    expect((await journalOf(world, 'person.groups_not_listed')).length).toBe(1);
  });

  test('never take away the last administrator who can sign in', async () => {
    const { world, oidc } = await withTeams();
    known(oidc, 'root', { groups: ['admins'] });
    const { her } = await signOn(world, 'root');
    expect((await meOf(her)).role).toBe('administrator');
    known(oidc, 'root', { groups: ['oncall'] });
    await signOn(world, 'root');
    expect(await meOf(her)).toMatchObject({ role: 'administrator', teams: { payments: 'administrator' } });
    await aPerson(world, 'second', 'administrator');
    await signOn(world, 'root');
    expect((await meOf(her)).role).toBe('responder');
  });

  test('are found by a path, and a team that is mapped cannot be removed', async () => {
    const { world, oidc } = await withTeams({ groups_claim: 'realm_access.roles' });
    known(oidc, 'kim', { realm_access: { roles: ['oncall'] } });
    expect(await meOf((await signOn(world, 'kim')).her)).toMatchObject({ role: 'responder' });
    const refused = await world.request('DELETE', '/api/teams/payments');
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('the sign-on Corp puts people into')]);
  });
});

describe('what must not work', () => {
  test('a state of another browser, a changed one, and the same answer twice', async () => {
    const { world, oidc } = await setUp({ create_people: true });
    known(oidc, 'ana');
    const her = browser(world);
    const { url } = (await (await her.go('POST', '/api/auth/sign-in/sso', { providerId: 'corp', callbackURL: '/' })).json()) as {
      url: string;
    };
    const asked = new URL(url).searchParams;
    expect([asked.get('code_challenge_method'), asked.get('response_type')]).toEqual(['S256', 'code']);
    const back = (await signInAtProvider(url, 'ana')).slice(world.url.length);
    const eve = browser(world);
    expect((await eve.go('GET', back)).headers.get('location')).toBe('/sign-in?error=invalid_state');
    expect((await eve.go('GET', '/api/me')).status).toBe(401);
    const changed = back.replace(/state=[^&]+/, 'state=made-up');
    expect((await her.go('GET', changed)).headers.get('location')).toBe('/sign-in?error=invalid_state');
    const again = await signOn(world, 'ana', '/', her);
    expect(again.to).toBe('/');
    expect((await her.go('GET', again.back.slice(world.url.length))).headers.get('location')).toBe(
      '/sign-in?error=invalid_state',
    );
    for (const nonsense of ['?code=x', '', '?error=access_denied', '?state=', '?code=a&state=b&state=c'])
      expect((await her.go('GET', `/api/auth/sso/callback/corp${nonsense}`)).headers.get('location')).toMatch(
        /^\/sign-in\?error=(invalid_state|failed)$/,
      );
    expect((await her.go('GET', '/api/auth/sso/callback/nobody?code=x&state=y')).status).toBe(302);
    expect((await her.go('POST', '/api/auth/sso/register', {})).status).toBe(404);
    expect((await her.go('GET', '/api/auth/sso/providers')).status).toBe(404);
  });

  test('an answer that another issuer signed, or for another client', async () => {
    const { world, oidc } = await setUp({ create_people: true });
    known(oidc, 'ana');
    await world.call('POST', '/api/sign-on/corp/test', {});
    const tamper = (issuer: string, clientId: string) =>
      sql`update auth_sso_providers set issuer = ${issuer}`.execute(world.app.database.db).then(() => clientId);
    await tamper('http://127.0.0.1:1', 'allclear');
    const tried = await signOn(world, 'ana');
    expect(tried.to).toBe('/sign-in?error=not_trusted');
    expect((await meOf(tried.her)).status).toBe(401);
    expect((await journalOf(world, 'person.sign_in_refused'))[0]?.text).toMatch(/^Corp refused a sign-on: .*token_not_verified/);
  });

  test('going back to another site, and asking for more than we ask for', async () => {
    const { world } = await setUp();
    const her = browser(world);
    for (const callbackURL of [
      'https://evil.test/',
      '//evil.test',
      '/\\evil.test',
      '\\/evil.test',
      'javascript:alert(1)',
      'evil',
      '/a\nb',
    ]) {
      const tried = await her.go('POST', '/api/auth/sign-in/sso', { providerId: 'corp', callbackURL });
      expect([callbackURL, tried.status, ((await tried.json()) as { field: string }).field]).toEqual([
        callbackURL,
        422,
        'callbackURL',
      ]);
    }
    const begun = await her.go('POST', '/api/auth/sign-in/sso', {
      providerId: 'corp',
      callbackURL: '/',
      errorCallbackURL: 'https://evil.test/',
      newUserCallbackURL: 'https://evil.test/',
      scopes: ['everything'],
      additionalParams: { redirect_uri: 'https://evil.test/', prompt: 'none' },
    });
    const { url } = (await begun.json()) as { url: string };
    const sent = new URL(url).searchParams;
    expect(sent.get('redirect_uri')).toBe(`${world.url}/api/auth/sso/callback/corp`);
    expect([sent.get('scope'), sent.get('prompt')]).toEqual(['openid email profile groups', null]);
    const foreign = await her.go('POST', '/api/auth/sign-in/sso', { providerId: 'corp' }, { origin: 'https://evil.test' });
    expect(foreign.status).toBe(403);
    expect((await her.go('POST', '/api/auth/sign-in/sso', { providerId: 'nobody' })).status).toBe(404);
    expect((await her.go('POST', '/api/auth/sign-in/sso', 'x')).status).toBe(422);
  });

  test('a provider that is away: words at the start, a page of the console on the way back', async () => {
    const { world, oidc, saved } = await setUp({ create_people: true });
    known(oidc, 'ana');
    const her = browser(world);
    const { url } = (await (await her.go('POST', '/api/auth/sign-in/sso', { providerId: 'corp' })).json()) as { url: string };
    const back = await signInAtProvider(url, 'ana');
    oidc.answerInstead((request, response) => {
      if (request.url !== '/token') return false;
      response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>down</h1>');
      return true;
    });
    expect((await her.go('GET', back.slice(world.url.length))).headers.get('location')).toBe('/sign-in?error=provider_failed');
    await oidc.stop();
    await world.call('PUT', '/api/sign-on/other', { ...saved, title: 'Other' });
    const away = await her.go('POST', '/api/auth/sign-in/sso', { providerId: 'other' });
    expect([away.status, ((await away.json()) as { detail: string }).detail]).toEqual([
      502,
      expect.stringMatching(/openid-configuration cannot be reached: .*ECONNREFUSED/),
    ]);
    expect(await world.call('POST', '/api/sign-on/other/test', {})).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/cannot be reached/),
    });
  });
});

describe('settings', () => {
  test('keep the secret to themselves, and say in words what is wrong with a provider', async () => {
    const { world, oidc, saved } = await setUp();
    const test_ = () =>
      world.call<{ ok: boolean; problem: string; facts: Record<string, string> }>('POST', '/api/sign-on/corp/test', {});
    expect(await test_()).toMatchObject({ ok: true, problem: null, facts: { issuer: oidc.issuer } });
    const { items } = await world.call<{ items: { settings: { client_secret: string }; redirect_url: string }[] }>(
      'GET',
      '/api/sign-on',
    );
    expect(items).toMatchObject([
      { id: 'corp', redirect_url: `${world.url}/api/auth/sso/callback/corp`, settings: { client_secret: '…' }, people: 0 },
    ]);
    // What was read can be saved; the secret stays, and follows nowhere else.
    await world.call('PUT', '/api/sign-on/corp', { ...items[0]?.settings, title: 'Corporation' });
    known(oidc, 'ana');
    expect((await signOn(world, 'ana')).to).toBe('/sign-in?error=not_admitted');
    const elsewhere = await world.request('PUT', '/api/sign-on/corp', { ...items[0]?.settings, issuer: 'https://evil.example' });
    expect([elsewhere.status, ((await elsewhere.json()) as { field: string }).field]).toEqual([422, 'client_secret']);
    const entries = JSON.stringify(await journalOf(world, 'sign_on.'));
    expect((await journalOf(world, 'sign_on.'))[0]?.data).toEqual({
      id: 'corp',
      changes: [{ field: 'title', before: 'Corp', after: 'Corporation' }],
    });
    expect(entries).not.toContain(saved.client_secret);

    for (const [issuer, problem] of [
      [`${oidc.issuer}/realms/none`, /answers 404: is this the issuer/],
      [oidc.issuer.replace('127.0.0.1', 'localhost'), /it calls itself http:\/\/127.0.0.1:\d+, not http:\/\/localhost/],
      ['http://10.1.2.3', /is not a public address; whoever runs Allclear can allow it/],
    ] as const) {
      await world.call('PUT', '/api/sign-on/corp', { ...saved, issuer });
      expect(await test_()).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
    }
    await world.call('PUT', '/api/sign-on/corp', saved);
    for (const [document, problem] of [
      ['<html>', /not JSON/],
      ['[]', /no OpenID configuration/],
      [
        JSON.stringify({ issuer: oidc.issuer, token_endpoint: 'x' }),
        /names no authorization_endpoint, no token_endpoint, no jwks_uri/,
      ],
    ] as const) {
      oidc.answerInstead((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(document);
        return true;
      });
      expect(await test_()).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
    }
  });

  test('a secret of the environment is read when it is needed, and named when it is not there', async () => {
    process.env.ALLCLEAR_TEST_SSO_SECRET = 'a-secret-of-the-client';
    const { world, oidc } = await setUp({ client_secret: '${env:ALLCLEAR_TEST_SSO_SECRET}', create_people: true });
    known(oidc, 'ana');
    expect((await signOn(world, 'ana')).to).toBe('/incidents');
    const { rows } = await sql<{ config: string }>`select "oidcConfig" as config from auth_sso_providers`.execute(
      world.app.database.db,
    );
    expect(rows[0]?.config).toContain('${env:ALLCLEAR_TEST_SSO_SECRET}');
    delete process.env.ALLCLEAR_TEST_SSO_SECRET;
    expect(await world.call('POST', '/api/sign-on/corp/test', {})).toMatchObject({
      ok: false,
      problem: 'The environment variable ALLCLEAR_TEST_SSO_SECRET is not set',
    });
  });

  test('removing a provider, or giving it another issuer, forgets who signed in by it; not if it is the last way in', async () => {
    const { world, oidc, saved } = await setUp({ create_people: true, mapping: [{ group: 'admins', role: 'administrator' }] });
    known(oidc, 'root', { groups: ['admins'] });
    await signOn(world, 'root');
    const moved = { ...saved, issuer: 'http://127.0.0.1:1' };
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PUT', moved],
    ] as const) {
      const refused = await world.request(method, '/api/sign-on/corp', body);
      expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
        409,
        expect.stringMatching(/No administrator could sign in any more/),
      ]);
    }
    await letIn(world, 'root');
    await world.call('PUT', '/api/sign-on/corp', moved);
    expect((await world.call<{ people: number }>('GET', '/api/sign-on/corp')).people).toBe(0);
    await world.call('DELETE', '/api/sign-on/corp');
    expect((await world.request('GET', '/api/sign-on/corp')).status).toBe(404);
    expect(await providersOf(world)).toEqual([]);
  });

  test('nonsense is refused where it is', async () => {
    const { world, saved } = await setUp();
    for (const [change, field] of [
      [{ issuer: 'ftp://x' }, 'issuer'],
      [{ client_secret: '' }, 'client_secret'],
      [{ mapping: [{ group: 'a' }] }, 'mapping.0.role'],
      [{ mapping: [{ group: 'a', role: 'manager', team_role: 'manager' }] }, 'mapping.0.team_role'],
      [{ mapping: [{ group: 'a', team: 'nowhere' }] }, 'mapping.0.team'],
      [{ kind: 'ldap' }, 'kind'],
      [{ scopes: ['a b'] }, 'scopes.0'],
    ] as const) {
      const refused = await world.request('PUT', '/api/sign-on/corp', { ...saved, ...change });
      expect([refused.status, ((await refused.json()) as { field: string }).field]).toEqual([422, field]);
    }
    expect((await world.request('PUT', '/api/sign-on/credential', saved)).status).toBe(422);
    const current = await world.request('GET', '/api/sign-on/corp');
    const stale = await world.request('PUT', '/api/sign-on/corp', { ...saved, title: 'B' }, { 'if-match': '"old"' });
    expect(stale.status).toBe(412);
    const etag = current.headers.get('etag') ?? '';
    expect((await world.request('PUT', '/api/sign-on/corp', { ...saved, title: 'B' }, { 'if-match': etag })).status).toBe(200);
  });
});
