import { randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { lockDirectory } from '../../src/server/identity/actions.ts';
import { SYSTEM } from '../../src/server/platform/ctx.ts';
import { aPerson, browser, letIn } from '../browser-like.ts';
import { signInAtProvider, startOidc } from '../fakes/oidc.ts';
import { startServer, startWorld } from '../harness.ts';
import { aTeam } from './world.ts';

type Json = Record<string, unknown>;
type Reply = { status: number; body: Json & { Resources: Json[] }; headers: Headers };
type Served = Pick<Awaited<ReturnType<typeof startWorld>>, 'call' | 'request'>;

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** A directory with a key of its own. */
const directory = async (world: Served, name = 'corp') => {
  const { token } = await world.call<{ token: string }>('POST', '/api/tokens', { name, scopes: ['scim'] });
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> => {
    const response = await world.request(
      method,
      `/scim/v2${path}`,
      typeof body === 'object' ? JSON.stringify(body) : (body as string),
      {
        authorization: `Bearer ${token}`,
        'content-type': 'application/scim+json; charset=utf-8',
        ...headers,
      },
    );
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : {}, headers: response.headers };
  };
  const patch = (path: string, Operations: unknown[]) => send('PATCH', path, { schemas: PATCH, Operations });
  const user = async (login: string, more: Json = {}): Promise<string> => {
    const made = await send('POST', '/Users', { schemas: [USER], userName: `${login}@corp.test`, ...more });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.id as string;
  };
  const group = async (displayName: string, members: string[] = [], more: Json = {}): Promise<string> => {
    const made = await send('POST', '/Groups', { displayName, members: members.map((value) => ({ value })), ...more });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.id as string;
  };
  return { send, patch, user, group, token };
};
/** A text that the database cannot press together. */
const random = (length: number) => randomBytes(length).toString('hex').slice(0, length);
const told = ({ status, body }: Reply) => [status, body.scimType, body.detail];
const personOf = (world: Served, name: string) =>
  world.call<Json & { role: string; active: boolean }>('GET', `/api/people/${name}`);
const journalOf = async (world: Served, type: string) =>
  (await world.call<{ items: { text: string; actor: string; source: string; data: Json }[] }>('GET', `/api/journal?type=${type}`))
    .items;

test('Okta: asks, brings, changes by PUT, deactivates and brings back', async () => {
  const world = await startWorld();
  const { send, patch } = await directory(world, 'okta');
  const asked = await send('GET', '/Users?filter=userName%20eq%20%22ana.b%40corp.test%22&startIndex=1&count=100');
  expect(asked.body).toEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: 0,
    startIndex: 1,
    itemsPerPage: 0,
    Resources: [],
  });
  const sent = {
    schemas: [USER],
    userName: 'ana.b@corp.test',
    name: { givenName: 'Ana', familyName: 'Berg' },
    emails: [{ primary: true, value: 'Ana.B@corp.test', type: 'work' }],
    displayName: 'Ana Berg',
    locale: 'en-US',
    externalId: '00ujl29u0le5T6Aj10h7',
    groups: [],
    password: '1mz050nq',
    active: true,
  };
  const made = await send('POST', '/Users', sent);
  expect(made.headers.get('content-type')).toMatch(/^application\/scim\+json/);
  expect(made).toMatchObject({
    status: 201,
    body: {
      schemas: [USER],
      userName: 'ana.b@corp.test',
      externalId: '00ujl29u0le5T6Aj10h7',
      active: true,
      groups: [],
      meta: { resourceType: 'User', created: '2026-03-02T12:00:00Z' },
    },
  });
  const at = `/Users/${made.body.id}`;
  expect(made.headers.get('location')).toBe(`http://allclear.test/scim/v2${at}`);
  expect(JSON.stringify(made.body)).not.toContain('1mz050nq');
  expect(await personOf(world, 'ana.b')).toMatchObject({
    display_name: 'Ana Berg',
    email: 'ana.b@corp.test',
    role: 'observer',
    locale: 'en-US',
    active: true,
  });
  expect(told(await send('POST', '/Users', sent))).toEqual([409, 'uniqueness', expect.stringMatching(/^userName: /)]);
  expect(told(await send('POST', '/Users', { ...sent, userName: 'other' }))).toEqual([
    409,
    'uniqueness',
    expect.stringMatching(/^emails: the address .* belongs to user/),
  ]);

  const { meta: _, ...read } = (await send('GET', at)).body;
  const put = await send('PUT', at, { ...read, displayName: 'Ana Meer', name: { givenName: 'Ana', familyName: 'Meer' } });
  expect(put).toMatchObject({ status: 200, body: { displayName: 'Ana Meer', externalId: '00ujl29u0le5T6Aj10h7' } });
  expect((await personOf(world, 'ana.b')).display_name).toBe('Ana Meer');
  expect((await patch(at, [{ op: 'replace', value: { active: false } }])).body.active).toBe(false);
  expect((await personOf(world, 'ana.b')).active).toBe(false);
  expect((await patch(at, [{ op: 'replace', value: { active: true } }])).body.active).toBe(true);
  expect((await personOf(world, 'ana.b')).active).toBe(true);
  expect((await journalOf(world, 'directory.user_added'))[0]).toMatchObject({
    actor: 'okta (directory)',
    source: 'scim',
    text: 'The directory brought Ana Berg',
  });

  // Group push: made, filled, renamed with its id in the value, and taken out.
  const group = await send('POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'Ops',
    members: [],
  });
  const there = `/Groups/${group.body.id}`;
  const member = { value: made.body.id, display: 'ana.b@corp.test' };
  expect((await patch(there, [{ op: 'add', path: 'members', value: [member] }])).body.members).toMatchObject([
    { value: made.body.id },
  ]);
  expect(
    (await patch(there, [{ op: 'replace', value: { id: group.body.id, displayName: 'Operations' } }])).body.displayName,
  ).toBe('Operations');
  expect((await send('GET', at)).body.groups).toMatchObject([{ display: 'Operations', value: group.body.id }]);
  expect((await patch(there, [{ op: 'replace', path: 'members', value: [] }])).body.members).toEqual([]);
  expect((await send('DELETE', there)).status).toBe(204);
  expect((await send('GET', there)).status).toBe(404);
});

test('Entra ID: tries a name out, brings with an extension, changes by PATCH in its own spelling, fills groups', async () => {
  const world = await startWorld();
  const { send, patch } = await directory(world, 'entra');
  for (const path of [
    '/Users?filter=userName+eq+%22bd9a1c5f-0000-4000-8000-000000000000%22',
    '/Groups?excludedAttributes=members&filter=displayName+eq+%22none%22',
  ])
    expect((await send('GET', path)).body).toMatchObject({ totalResults: 0, Resources: [] });
  const made = await send('POST', '/Users', {
    schemas: [USER, ENTERPRISE],
    externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
    userName: 'Ben@corp.test',
    active: true,
    addresses: [{ primary: false, type: 'work', country: 'NL' }],
    displayName: 'Ben',
    emails: [{ primary: true, type: 'work', value: 'ben@corp.test' }],
    meta: { resourceType: 'User' },
    name: { formatted: 'Ben C', familyName: 'C', givenName: 'Ben' },
    phoneNumbers: [{ primary: false, type: 'fax', value: '1' }],
    preferredLanguage: 'nl_NL',
    roles: [],
    timezone: 'Europe/Amsterdam',
    title: 'Engineer',
    [ENTERPRISE]: { department: 'Ops', manager: { value: '5' } },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const at = `/Users/${made.body.id}`;
  expect(await personOf(world, 'ben')).toMatchObject({ time_zone: 'Europe/Amsterdam', locale: 'nl-NL' });
  expect((await send('GET', '/Users?filter=userName+eq+%22BEN%40corp.test%22')).body.totalResults).toBe(1);
  expect((await send('GET', '/Users?filter=externalId+eq+%220a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef%22')).body.totalResults).toBe(1);
  const changed = await patch(at, [
    { op: 'Add', path: 'emails[type eq "work"].value', value: 'ben.c@corp.test' },
    { op: 'Replace', path: 'name.familyName', value: 'Cem' },
    { op: 'Replace', path: 'displayName', value: 'Ben Cem' },
    { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Payments' },
    { op: 'Add', path: 'phoneNumbers[type eq "work"].value', value: '2' },
    { op: 'Replace', value: { 'name.givenName': 'Benno', title: 'Lead' } },
  ]);
  expect(changed, JSON.stringify(changed.body)).toMatchObject({
    status: 200,
    body: { name: { givenName: 'Benno', familyName: 'Cem' }, emails: [{ value: 'ben.c@corp.test', type: 'work' }] },
  });
  expect(await personOf(world, 'ben')).toMatchObject({ display_name: 'Ben Cem', email: 'ben.c@corp.test' });
  expect((await patch(at, [{ op: 'Replace', path: 'active', value: 'False' }])).body.active).toBe(false);
  expect((await patch(at, [{ op: 'Replace', path: 'active', value: 'True' }])).body.active).toBe(true);

  const group = await send('POST', '/Groups', {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:Group',
      'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
    ],
    externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
    displayName: 'Pager',
    meta: { resourceType: 'Group' },
  });
  expect(group.status, JSON.stringify(group.body)).toBe(201);
  const there = `/Groups/${group.body.id}`;
  await patch(there, [{ op: 'Add', path: 'members', value: [{ $ref: null, value: made.body.id }] }]);
  expect((await send('GET', `${there}?excludedAttributes=members`)).body).not.toHaveProperty('members');
  expect((await send('GET', there)).body.members).toMatchObject([{ value: made.body.id, display: 'Ben Cem' }]);
  const asked = await send('GET', `/Groups?excludedAttributes=members&filter=displayName+eq+%22pager%22`);
  expect(asked.body).toMatchObject({ totalResults: 1, Resources: [{ id: group.body.id }] });
  expect((await send('GET', `/Groups?filter=members+eq+%22${made.body.id}%22`)).body.totalResults).toBe(1);
  expect((await patch(there, [{ op: 'Remove', path: `members[value eq "${made.body.id}"]` }])).body.members).toEqual([]);
  await patch(there, [{ op: 'Add', path: 'members', value: [{ value: made.body.id }] }]);
  expect((await patch(there, [{ op: 'Remove', path: 'members', value: [{ value: made.body.id }] }])).body.members).toEqual([]);
  expect((await send('DELETE', at)).status).toBe(204);
  expect(told(await send('GET', at))).toEqual([404, undefined, expect.any(String)]);
  expect((await personOf(world, 'ben')).active).toBe(false);
});

test('what is wrong is refused in the words of the protocol, never with a failure of ours, and is on record', async () => {
  const world = await startWorld();
  const { send, patch, user, group } = await directory(world);
  const [ana, ops] = [await user('ana'), await group('ops')];
  const nobody = '01890a5d-0000-7000-8000-00000000dead';
  const table: [string, string, unknown, number, string | undefined, Record<string, string>?][] = [
    ['POST', '/Users', '{', 400, 'invalidSyntax'],
    ['POST', '/Users', '', 400, 'invalidSyntax'],
    ['POST', '/Users', '[]', 400, 'invalidSyntax'],
    ['POST', '/Users', 'null', 400, 'invalidSyntax'],
    ['POST', '/Users', {}, 400, 'invalidValue'],
    ['POST', '/Users', { userName: 'a\u0000b@x.test' }, 400, 'invalidValue'],
    ['POST', '/Users', { userName: '\ud800@x.test' }, 400, 'invalidValue'],
    ['POST', '/Users', { userName: 'no address' }, 400, 'invalidValue'],
    ['POST', '/Users', { userName: 'z@x.test', active: 'perhaps' }, 400, 'invalidValue'],
    ['POST', '/Users', { userName: `${'\u{1f4df}'.repeat(251)}@x.test` }, 400, 'invalidValue'],
    ['POST', '/Users', { userName: 'z@x.test', externalId: random(4000) }, 400, 'invalidValue'],
    ['POST', '/Users', { userName: 'z@x.test', emails: [{ value: `${'x'.repeat(400)}@x.test` }] }, 400, 'invalidValue'],
    ['POST', '/Users', `{"userName":"z@x.test","x":"${'x'.repeat(1_100_000)}"}`, 413, undefined],
    ['POST', '/Users', { userName: 'z@x.test' }, 400, 'invalidSyntax', { 'content-type': 'text/plain' }],
    ['POST', `/Users/${ana}`, {}, 405, undefined],
    ['DELETE', '/Users', undefined, 405, undefined],
    ['GET', '/Users/nonsense', undefined, 404, undefined],
    ['GET', `/Users/${nobody}`, undefined, 404, undefined],
    ['PUT', `/Users/${nobody}`, { userName: 'x@x.test' }, 404, undefined],
    ['DELETE', '/Users/%00', undefined, 404, undefined],
    ['PUT', `/Users/${ana}`, { displayName: 'x' }, 400, 'invalidValue'],
    ['PATCH', `/Users/${ana}`, {}, 400, 'invalidSyntax'],
    [
      'PATCH',
      `/Users/${ana}`,
      { schemas: PATCH, Operations: [{ op: 'replace', path: 'nonsense', value: 1 }] },
      400,
      'invalidPath',
    ],
    ['PATCH', `/Users/${ana}`, { schemas: PATCH, Operations: [{ op: 'replace', path: 'id', value: 'x' }] }, 400, 'mutability'],
    ['PATCH', `/Users/${ana}`, { schemas: PATCH, Operations: [{ op: 'remove' }] }, 400, 'noTarget'],
    ['GET', '/Users?filter=userName', undefined, 400, 'invalidFilter'],
    ['GET', '/Users?filter=((((', undefined, 400, 'invalidFilter'],
    ['GET', '/Users?startIndex=x', undefined, 400, 'invalidValue'],
    ['GET', '/Users?filter=userName%20eq%20%22%00%22', undefined, 400, 'invalidValue'],
    ['POST', '/Groups', { displayName: 'OPS' }, 409, 'uniqueness'],
    ['POST', '/Groups', { displayName: 'x'.repeat(501) }, 400, 'invalidValue'],
    [
      'PATCH',
      `/Groups/${ops}`,
      { schemas: PATCH, Operations: [{ op: 'add', path: 'externalId', value: random(4000) }] },
      400,
      'invalidValue',
    ],
    [
      'GET',
      `/Users?filter=${encodeURIComponent(Array.from({ length: 9 }, () => '(id pr or active pr)').join(' and '))}`,
      undefined,
      400,
      'invalidFilter',
    ],
    ['POST', '/Groups', { displayName: 'x', members: [{ value: nobody }] }, 400, 'invalidValue'],
    ['POST', '/Groups', { displayName: 'x', members: [{ value: 'nonsense' }] }, 400, 'invalidValue'],
    ['POST', '/Groups', { displayName: 'x', members: [{ value: ops, type: 'Group' }] }, 400, 'invalidValue'],
    ['GET', '/Nonsense', undefined, 404, undefined],
    ['GET', '/Users/a/b', undefined, 404, undefined],
    ['POST', '/Bulk', {}, 501, undefined],
    ['GET', '/Me', undefined, 501, undefined],
    ['GET', '/Schemas/nonsense', undefined, 404, undefined],
  ];
  for (const [method, path, body, status, scimType, headers] of table) {
    const reply = await send(method, path, body, headers);
    const where = `${method} ${path} ${JSON.stringify(body)?.slice(0, 120)}: ${JSON.stringify(reply.body)}`;
    expect([reply.status, reply.body.scimType], where).toEqual([status, scimType]);
    expect(reply.body, where).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status) });
    expect(reply.headers.get('content-type'), where).toMatch(/^application\/scim\+json/);
  }
  // A user name and an id of the greatest length fit, whatever they are of.
  const greatest = { userName: random(500), externalId: '\u{1f4df}'.repeat(250), emails: [{ value: 'zoe@corp.test' }] };
  const zoe = await send('POST', '/Users', greatest);
  expect(zoe.status, JSON.stringify(zoe.body)).toBe(201);
  expect((await send('DELETE', `/Users/${zoe.body.id}`)).status).toBe(204);
  // What asks for more than there is, is no mistake.
  expect((await send('GET', '/Users?startIndex=-4&count=-1')).body).toMatchObject({ totalResults: 1, Resources: [] });
  expect((await send('GET', '/Users?startIndex=9&count=100000')).body).toMatchObject({ totalResults: 1, Resources: [] });
  expect((await patch(`/Groups/${ops}`, [{ op: 'remove', path: `members[value eq "${nobody}"]` }])).status).toBe(200);

  const { refused, last_request_at } = await world.call<{ refused: Json[]; last_request_at: string }>('GET', '/api/scim');
  expect(refused).toContainEqual({
    at: '2026-03-02T12:00:00Z',
    key: 'corp',
    method: 'PATCH',
    path: `/scim/v2/Users/${ana}`,
    status: 400,
    reason: 'There is no attribute nonsense',
  });
  // That somebody is not there is what a directory asks, and no mistake.
  expect(refused.filter((one) => one.method === 'GET' && one.status === 404)).toEqual([]);
  expect(last_request_at).toBe('2026-03-02T12:00:00Z');
});

test('it says what it offers, and answers by version', async () => {
  const world = await startWorld();
  const { send, user, group } = await directory(world);
  const at = `/Users/${await user('ana')}`;
  await user('ben');
  expect((await send('GET', '/ServiceProviderConfig')).body).toMatchObject({
    patch: { supported: true },
    bulk: { supported: false },
    etag: { supported: true },
  });
  expect((await send('GET', '/ResourceTypes')).body).toMatchObject({ totalResults: 2 });
  expect((await send('GET', '/ResourceTypes/User')).body).toMatchObject({ endpoint: '/Users', schema: USER });
  expect((await send('GET', `/Schemas/${USER}`)).body).toMatchObject({
    id: USER,
    attributes: expect.arrayContaining([expect.objectContaining({ name: 'userName', required: true })]),
  });
  expect((await send('GET', '/Users?attributes=userName')).body.Resources).toEqual([
    { schemas: [USER], id: expect.any(String), userName: 'ana@corp.test' },
    { schemas: [USER], id: expect.any(String), userName: 'ben@corp.test' },
  ]);
  expect((await send('GET', '/Users?startIndex=2&count=1')).body).toMatchObject({
    totalResults: 2,
    startIndex: 2,
    itemsPerPage: 1,
    Resources: [{ userName: 'ben@corp.test' }],
  });
  await user('cem', { name: { familyName: 'Meer' } });
  const found = async (filter: string) =>
    (await send('GET', `/Users?filter=${encodeURIComponent(filter)}`)).body.Resources.map((one) => one.userName);
  for (const [filter, names] of [
    ['userName sw "BEN" and active eq true', ['ben@corp.test']],
    ['name.familyName eq "Meer"', ['cem@corp.test']],
    ['members eq "x"', []],
    // What the answer shows, though the directory did not say it.
    ['displayName eq "Meer"', ['cem@corp.test']],
    ['displayName eq "ANA@corp.test"', ['ana@corp.test']],
  ] as const)
    expect(await found(filter), filter).toEqual(names);
  for (const path of [at, `/Groups/${await group('ops')}`]) {
    const etag = (await send('GET', path)).headers.get('etag') ?? '';
    expect((await send('GET', path, undefined, { 'if-none-match': etag })).status).toBe(304);
    expect((await send('DELETE', path, undefined, { 'if-match': 'W/"old"' })).status).toBe(412);
    expect((await send('DELETE', path, undefined, { 'if-match': etag })).status).toBe(204);
  }
});

describe('the key', () => {
  test('is made for this, works here alone, and no other works here', async () => {
    const world = await startWorld();
    const { token, send } = await directory(world);
    const as = (key: string) => ({ authorization: `Bearer ${key}` });
    expect(await world.call('GET', '/api/scim')).toMatchObject({
      base_url: 'http://allclear.test/scim/v2',
      keys: [{ name: 'corp', last_used_at: null }],
      last_request_at: null,
    });
    for (const path of ['/api/me', '/api/people', '/api/incidents', '/api/live'])
      expect((await world.request('GET', path, undefined, as(token))).status, path).toBe(403);
    expect((await world.request('POST', '/api/tokens', { name: 'more' }, as(token))).status).toBe(403);
    expect((await send('GET', '/Users')).status).toBe(200);
    const none = await world.request('GET', '/scim/v2/Users');
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await world.request('GET', '/scim/v2/Users', undefined, as('alc_wrong'))).status).toBe(401);
    expect((await world.request('GET', '/scim/v2/Users', undefined, as(world.token))).status).toBe(403);
    for (const [body, field] of [
      [{ scopes: ['scim', 'incident.read'] }, 'scopes'],
      [{ scopes: ['scim'], person: 'ana' }, 'person'],
    ] as const) {
      await world.call('PUT', '/api/people/ana', { display_name: 'Ana', email: 'ana@corp.test' });
      const refused = await world.request('POST', '/api/tokens', { name: 'other', ...body });
      expect([refused.status, ((await refused.json()) as Json).field]).toEqual([422, field]);
    }
    // Whoever may make keys only, does not make one that makes people.
    const maker = await world.call<{ token: string }>('POST', '/api/tokens', {
      name: 'maker',
      role: 'administrator',
      scopes: ['tokens.write'],
    });
    const sly = await world.request('POST', '/api/tokens', { name: 'sly', scopes: ['scim'] }, as(maker.token));
    expect([sly.status, ((await sly.json()) as Json).field]).toEqual([422, 'scopes.0']);
    const anas = await world.call<{ token: string }>('POST', '/api/tokens', { name: 'ana', role: 'responder', person: 'ana' });
    expect((await world.request('POST', '/api/me/tokens', { name: 'mine', scopes: ['scim'] }, as(anas.token))).status).toBe(422);
    await world.call('DELETE', '/api/tokens/corp');
    expect((await send('GET', '/Users')).status).toBe(401);
    // Strangers leave one line a minute.
    const { refused } = await world.call<{ refused: Json[] }>('GET', '/api/scim');
    expect(refused.filter((one) => one.key === null)).toHaveLength(1);
  });

  test('it has its share of requests a minute', async () => {
    const world = await startWorld({ requestsAMinute: 4 });
    const { send } = await directory(world);
    const statuses = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await send('GET', '/Users')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
  });
});

describe('whom it means', () => {
  test('somebody who is here is found by the address, and keeps role and history; two at once are one', async () => {
    const world = await startWorld();
    const { send, user, patch } = await directory(world);
    await world.call('PUT', '/api/people/ana', {
      display_name: 'Ana',
      email: 'Ana@corp.test',
      role: 'manager',
      time_zone: 'Europe/Lisbon',
    });
    await user('ana', { displayName: 'Ana of Corp', timezone: 'UTC' });
    expect(await personOf(world, 'ana')).toMatchObject({
      display_name: 'Ana of Corp',
      role: 'manager',
      time_zone: 'Europe/Lisbon',
    });
    expect(told(await send('POST', '/Users', { userName: 'ana2', emails: [{ value: 'ana@corp.test' }] }))[0]).toBe(409);
    const both = await Promise.all([1, 2].map(() => send('POST', '/Users', { userName: 'ben@corp.test' })));
    expect(both.map((one) => one.status).sort()).toEqual([201, 409]);
    // Two changes of one person at once are both there.
    const ben = `/Users/${both.find((one) => one.status === 201)?.body.id}`;
    await Promise.all(
      ['givenName', 'familyName', 'middleName'].map((part) => patch(ben, [{ op: 'replace', path: `name.${part}`, value: part }])),
    );
    expect((await send('GET', ben)).body.name).toEqual({
      givenName: 'givenName',
      familyName: 'familyName',
      middleName: 'middleName',
    });
    const { items } = await world.call<{ items: Json[] }>('GET', '/api/people');
    expect(items.map((one) => one.name)).toEqual(['ana', 'ben']);
    const access = await world.call<{ items: Json[] }>('GET', '/api/access');
    expect(access.items.map((one) => one.directory)).toEqual([true, true]);
    // Who is not called anything there, is called what people here say.
    await world.call('PUT', '/api/people/dee', { display_name: 'Dee', email: 'dee@corp.test' });
    await user('dee');
    expect((await personOf(world, 'dee')).display_name).toBe('Dee');
    await world.call('PUT', '/api/people/dee', { display_name: 'Dee Dee', email: 'dee@corp.test' });
    // A name of ours is nobody else's: the next one of a name gets an own one.
    await world.call('PUT', '/api/people/cem', { display_name: 'Cem', email: 'cem@elsewhere.test' });
    await user('cem');
    expect((await personOf(world, 'cem-2')).email).toBe('cem@corp.test');
  });

  test('what it decides is not changed by hand, as long as a key of it works', async () => {
    const world = await startWorld();
    const { user } = await directory(world);
    await user('ana', { displayName: 'Ana' });
    const { problems: _, calendar_url: __, ...ana } = await personOf(world, 'ana');
    const { name: ___, ...body } = ana;
    const save = async (change: Json) => {
      const reply = await world.request('PUT', '/api/people/ana', { ...body, ...change });
      return [reply.status, ((await reply.json()) as Json).field, reply.status === 200 ? undefined : 'refused'];
    };
    expect(await save({ time_zone: 'Europe/Amsterdam', role: 'responder' })).toEqual([200, undefined, undefined]);
    for (const [field, value] of [
      ['display_name', 'Other'],
      ['email', 'other@corp.test'],
      ['active', false],
    ] as const)
      expect(await save({ role: 'responder', [field]: value })).toEqual([422, field, 'refused']);
    const removed = await world.request('DELETE', '/api/people/ana');
    expect([removed.status, await removed.json()]).toEqual([
      422,
      expect.objectContaining({ field: 'active', detail: expect.stringMatching(/from the directory/) }),
    ]);
    const anas = await world.call<{ token: string }>('POST', '/api/tokens', { name: 'anas', role: 'responder', person: 'ana' });
    const own = (display_name: string) =>
      world.request(
        'PUT',
        '/api/me',
        { display_name, time_zone: 'UTC', locale: 'en' },
        { authorization: `Bearer ${anas.token}` },
      );
    expect([(await own('Other')).status, (await own('Ana')).status]).toEqual([422, 200]);
    await world.call('DELETE', '/api/tokens/corp');
    expect(await save({ role: 'responder', display_name: 'Other' })).toEqual([200, undefined, undefined]);
  });

  test('an administrator is made by a group that an administrator mapped, and by nothing else', async () => {
    const world = await startServer();
    const { send, user, patch, group } = await directory(world);
    await aPerson(world, 'keeper', 'administrator');
    const ana = await user('ana', { roles: [{ value: 'administrator' }], userType: 'administrator' });
    expect((await personOf(world, 'ana')).role).toBe('observer');
    const admins = await group('admins', [ana]);
    expect((await personOf(world, 'ana')).role).toBe('observer');
    await world.call('PUT', '/api/scim', { mapping: [{ group: 'admins', role: 'administrator' }], default_role: 'stakeholder' });
    expect((await personOf(world, 'ana')).role).toBe('administrator');
    // Given by a group: it is the group's to take.
    const { problems: _, calendar_url: __, name: ___, ...body } = await personOf(world, 'ana');
    const byHand = await world.request('PUT', '/api/people/ana', { ...body, role: 'observer' });
    expect([byHand.status, ((await byHand.json()) as Json).field]).toEqual([422, 'role']);
    await patch(`/Groups/${admins}`, [{ op: 'remove', path: 'members' }]);
    expect((await personOf(world, 'ana')).role).toBe('stakeholder');

    // The address of one made by hand would let in whoever has it.
    await world.call('PUT', '/api/people/root', { display_name: 'Root', email: 'root@corp.test', role: 'administrator' });
    const root = await user('root', { displayName: 'Root' });
    const sly = await patch(`/Users/${root}`, [
      { op: 'add', path: 'emails', value: [{ value: 'eve@evil.test', primary: true }] },
    ]);
    expect(told(sly)).toEqual([400, 'invalidValue', expect.stringMatching(/^emails: root is an administrator/)]);
    expect((await personOf(world, 'root')).email).toBe('root@corp.test');
    expect(
      (await world.request('PUT', '/api/people/root', { display_name: 'Root', email: 'r@corp.test', role: 'administrator' }))
        .status,
    ).toBe(200);
    // But it may take anybody out, whatever else it says of her: an address that is not its to say, a name of another.
    for (const body of [
      { userName: 'ANA@corp.test', emails: [{ value: 'eve@evil.test', primary: true }], active: false },
      { userName: 'no address', active: false },
    ]) {
      await world.call('PUT', '/api/people/root', { display_name: 'Root', email: 'r@corp.test', role: 'administrator' });
      const key = await world.call<{ token: string }>('POST', '/api/tokens', {
        name: `k${random(8)}`,
        role: 'observer',
        person: 'root',
      });
      const put = await send('PUT', `/Users/${root}`, body);
      expect([put.status, put.body.active], JSON.stringify(put.body)).toEqual([200, false]);
      expect(await personOf(world, 'root')).toMatchObject({ active: false, email: 'r@corp.test' });
      expect((await world.request('GET', '/api/me', undefined, { authorization: `Bearer ${key.token}` })).status).toBe(401);
      const again = await send('PUT', `/Users/${root}`, body);
      expect([again.status, again.body.active], 'and says so again').toEqual([200, false]);
      const back = await patch(`/Users/${root}`, [
        { op: 'replace', value: { userName: 'root@corp.test', emails: [{ value: 'r@corp.test' }], active: true } },
      ]);
      expect(back.status, JSON.stringify(back.body)).toBe(200);
      expect(await personOf(world, 'root')).toMatchObject({ active: true, role: 'stakeholder' });
    }
    // One who left comes back as anybody.
    await world.call('PUT', '/api/people/root', { display_name: 'Root', email: 'r@corp.test', role: 'administrator' });
    expect((await send('DELETE', `/Users/${root}`)).status).toBe(204);
    expect(await user('again', { emails: [{ value: 'r@corp.test' }], displayName: 'Root' })).toBe(root);
    expect(await personOf(world, 'root')).toMatchObject({ active: true, role: 'stakeholder' });
  });

  test('somebody who gets the address of one who left is let in by nothing of that one; who is back has all', async () => {
    const world = await startServer();
    const { user, send, patch, group } = await directory(world);
    await aPerson(world, 'keeper', 'administrator');
    const john = await user('john', { displayName: 'John Smith', externalId: 'old' });
    await world.call('PUT', '/api/teams/ops', { members: ['john'], lead: 'john', grants: [{ person: 'john', role: 'manager' }] });
    const { problems: _, calendar_url, name: ___, ...body } = await personOf(world, 'john');
    const reach = { contact_methods: [{ label: 'sms', channel: 'sms', address: '+31699999999', verified: true }] };
    await world.call('PUT', '/api/people/john', { ...body, ...reach, role: 'manager' });
    await letIn(world, 'john');
    const rows = async () => {
      const { rows } = await sql<{ id: string }>`
        select "userId" as id from auth_accounts where "userId" = ${john} union all select id from auth_users where id = ${john}`.execute(
        world.app.database.db,
      );
      return rows.length;
    };
    const kept = { role: 'manager', contact_methods: [{ address: '+31699999999', verified: true }] };
    expect(await personOf(world, 'john')).toMatchObject(kept);
    // Deactivated and back, taken out and back by the id the directory has: the same one.
    await patch(`/Users/${john}`, [{ op: 'replace', value: { active: false } }]);
    await patch(`/Users/${john}`, [{ op: 'replace', value: { active: true } }]);
    await send('DELETE', `/Users/${john}`);
    expect(await user('john', { externalId: 'old' })).toBe(john);
    expect(await personOf(world, 'john')).toMatchObject({ ...kept, active: true });
    expect(await rows()).toBe(2);

    const isAnew = async () => {
      expect(await rows(), 'accounts').toBe(0);
      const now = await personOf(world, 'john');
      expect(now).toMatchObject({ active: true, role: 'observer', contact_methods: [] });
      expect(now.calendar_url).not.toBe(calendar_url);
      expect(await world.call('GET', '/api/teams/ops')).toEqual({ name: 'ops', title: '', members: [], grants: [] });
    };
    const key = await world.call<{ token: string }>('POST', '/api/tokens', { name: 'of-john', role: 'observer', person: 'john' });
    await send('DELETE', `/Users/${john}`);
    await world.call('PUT', '/api/scim', { mapping: [{ group: 'ops', role: 'responder' }] });
    expect(await user('john', { displayName: 'John Smith', externalId: 'new' })).toBe(john);
    await isAnew();
    expect((await world.request('GET', '/api/me', undefined, { authorization: `Bearer ${key.token}` })).status).toBe(401);
    expect(await journalOf(world, 'person.replaced')).toMatchObject([
      {
        actor: 'corp (directory)',
        source: 'scim',
        text: expect.stringMatching(/^John Smith had left/),
        data: { role: 'manager', teams: ['ops'] },
      },
    ]);
    await group('ops', [john]);
    expect((await personOf(world, 'john')).role).toBe('responder');

    // Let go here, with a key left, and brought by a directory that has no id for people.
    await world.call('PUT', '/api/people/kim', { display_name: 'Kim', email: 'kim@corp.test', role: 'administrator', ...reach });
    const kims = await world.call<{ token: string }>('POST', '/api/tokens', {
      name: 'of-kim',
      role: 'administrator',
      person: 'kim',
    });
    await world.call('DELETE', '/api/people/kim');
    await user('kim');
    expect(await personOf(world, 'kim')).toMatchObject({ active: true, role: 'observer', contact_methods: [] });
    expect((await world.request('GET', '/api/me', undefined, { authorization: `Bearer ${kims.token}` })).status).toBe(401);

    // An entry that is given to another one while nobody has it.
    await world.call('PUT', '/api/scim', { mapping: [] });
    const lee = await user('lee', { externalId: 'first' });
    await letIn(world, 'lee');
    await send('PUT', `/Users/${lee}`, { userName: 'lee@corp.test', externalId: 'first', active: false });
    await send('PUT', `/Users/${lee}`, { userName: 'lee@corp.test', externalId: 'second', active: true });
    expect((await journalOf(world, 'person.replaced')).map((one) => one.text.split(' had')[0])).toEqual([
      'lee@corp.test',
      'Kim',
      'John Smith',
    ]);
  });

  test('what is changed by hand while a directory is at it waits, and counts what that did', async () => {
    const world = await startServer();
    const { user } = await directory(world);
    for (const name of ['ana', 'ben']) await aPerson(world, name, 'administrator');
    await user('ana', { displayName: 'Ana', emails: [{ value: 'ana@allclear.test' }] });
    const { problems: _, calendar_url: __, name: ___, ...ana } = await personOf(world, 'ana');
    const { token } = await world.call<{ token: string }>('POST', '/api/tokens', {
      name: 'anas',
      role: 'responder',
      person: 'ana',
      scopes: ['self.write'],
    });
    await world.request('GET', '/api/me', undefined, { authorization: `Bearer ${token}` });
    const table: [RawBuilder<unknown>, string, string, Json | undefined, Record<string, string>, string][] = [
      [sql`update people set display_name = 'Ana Berg' where name = 'ana'`, 'PUT', '/api/people/ana', ana, {}, 'display_name'],
      [
        sql`update people set display_name = 'Ana Meer' where name = 'ana'`,
        'PUT',
        '/api/me',
        { display_name: 'Ana Berg', time_zone: 'UTC', locale: 'en' },
        { authorization: `Bearer ${token}` },
        'display_name',
      ],
      [sql`update people set role = 'observer' where name = 'ana'`, 'DELETE', '/api/people/ben', undefined, {}, 'role'],
    ];
    for (const [did, method, path, body, headers, field] of table) {
      let byHand: Promise<Response> | undefined;
      let answered = false;
      await world.app.runner.transaction(SYSTEM('scim'), 'scim', async (ctx) => {
        await lockDirectory(ctx);
        byHand = world.request(method, path, body, headers).finally(() => {
          answered = true;
        });
        const isWaiting = async () =>
          (
            await sql`select 1 from pg_locks where locktype = 'advisory' and not granted
              and database = (select oid from pg_database where datname = current_database())`.execute(ctx.tx)
          ).rows.length > 0;
        while (!answered && !(await isWaiting()));
        expect(answered, `${method} ${path} did not wait`).toBe(false);
        await did.execute(ctx.tx);
      });
      const reply = await (byHand as unknown as Promise<Response>);
      expect([reply.status, ((await reply.json()) as Json).field], path).toEqual([422, field]);
    }
  });

  test('the last administrator who can sign in stays, and it is said why', async () => {
    const world = await startServer();
    const { user, send, patch } = await directory(world);
    await world.call('PUT', '/api/people/ana', { display_name: 'Ana', email: 'ana@corp.test', role: 'administrator' });
    await letIn(world, 'ana');
    const ana = await user('ana', { displayName: 'Ana' });
    for (const reply of [
      await patch(`/Users/${ana}`, [{ op: 'replace', value: { active: false } }]),
      await send('DELETE', `/Users/${ana}`),
    ])
      expect(told(reply)).toEqual([
        409,
        undefined,
        expect.stringMatching(/only administrator who can sign in, and stays active/),
      ]);
    expect((await personOf(world, 'ana')).active).toBe(true);
    expect((await world.call<{ refused: Json[] }>('GET', '/api/scim')).refused[0]).toMatchObject({ status: 409, key: 'corp' });
    await aPerson(world, 'ben', 'administrator');
    expect((await send('DELETE', `/Users/${ana}`)).status).toBe(204);
  });
});

test('groups give roles and teams by name or by what the directory calls them: mapped, renamed, removed', async () => {
  const world = await startWorld();
  const { user, group, patch, send } = await directory(world);
  await world.call('PUT', '/api/teams/payments', { members: [] });
  const [ana, ben] = [await user('ana'), await user('ben')];
  const pay = await group('Payments on call', [ana], { externalId: 'obj-1' });
  await group('Everyone', [ana, ben]);
  expect(await world.call('GET', '/api/scim')).toMatchObject({
    users: 2,
    groups: [
      { name: 'Payments on call', external_id: 'obj-1', members: 1, mapped: false },
      { name: 'Everyone', external_id: null, members: 2, mapped: false },
    ],
  });
  const mapping = [{ group: 'obj-1', role: 'responder', team: 'payments', team_role: 'manager' }];
  await world.call('PUT', '/api/scim', { mapping });
  const team = () => world.call('GET', '/api/teams/payments');
  expect(await team()).toMatchObject({ members: ['ana'], grants: [{ person: 'ana', role: 'manager' }] });
  await patch(`/Groups/${pay}`, [{ op: 'Add', path: 'members', value: [{ value: ben }] }]);
  expect(await team()).toMatchObject({ members: ['ana', 'ben'] });
  expect((await personOf(world, 'ben')).role).toBe('responder');
  const refused = await world.request('DELETE', '/api/teams/payments');
  expect([refused.status, ((await refused.json()) as Json).detail]).toEqual([
    422,
    expect.stringMatching(/a group of the directory/),
  ]);
  await world.call('PUT', '/api/scim', { mapping: [{ ...mapping[0], group: 'Payers' }] });
  expect(await team()).toMatchObject({ members: [], grants: [] });
  await patch(`/Groups/${pay}`, [{ op: 'replace', path: 'displayName', value: 'Payers' }]);
  expect(await team()).toMatchObject({ members: ['ana', 'ben'] });
  await send('DELETE', `/Groups/${pay}`);
  expect(await team()).toMatchObject({ members: [], grants: [] });
  expect((await personOf(world, 'ana')).role).toBe('observer');
  for (const [body, field] of [
    [{ mapping: [{ group: 'a' }] }, 'mapping.0.role'],
    [{ mapping: [{ group: 'a', team: 'nowhere' }] }, 'mapping.0.team'],
  ] as const) {
    const wrong = await world.request('PUT', '/api/scim', body);
    expect([wrong.status, ((await wrong.json()) as Json).field]).toEqual([422, field]);
  }
});

test('what the mapping gave is taken back when it gives no more, also from who was taken out of a group since, or is away', async () => {
  const world = await startServer();
  const { user, group, patch, send } = await directory(world);
  await aPerson(world, 'keeper', 'administrator');
  await world.call('PUT', '/api/teams/payments', { members: ['keeper'] });
  const [ana, ben, cem, dee] = [await user('ana'), await user('ben'), await user('cem'), await user('dee')];
  const admins = await group('Admins', [ana, ben, dee]);
  await group('Payers', [ana, cem]);
  const give = [
    { group: 'Admins', role: 'administrator' },
    { group: 'Payers', team: 'payments', team_role: 'manager' },
  ];
  const save = (mapping: Json[]) => world.call('PUT', '/api/scim', { mapping, default_role: 'stakeholder' });
  const active = (id: string, value: boolean) => patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value }]);
  const roles = () => Promise.all(['ana', 'ben', 'cem', 'dee'].map(async (name) => (await personOf(world, name)).role));
  const team = () => world.call('GET', '/api/teams/payments');
  await save(give);
  expect(await roles()).toEqual(['administrator', 'administrator', 'observer', 'administrator']);
  expect(await team()).toMatchObject({ members: ['ana', 'cem', 'keeper'] });
  // A row alone: the team it gave goes, and who is there by hand stays.
  await save(give.slice(0, 1));
  expect(await team()).toMatchObject({ members: ['keeper'], grants: [] });
  await save(give);

  // Whoever is administrator by a group does not end that by mistake.
  const { token } = await world.call<{ token: string }>('POST', '/api/tokens', {
    name: 'of-ana',
    role: 'administrator',
    person: 'ana',
  });
  const own = (mapping: Json[]) =>
    world.request('PUT', '/api/scim', { mapping, default_role: 'stakeholder' }, { authorization: `Bearer ${token}` });
  for (const mapping of [[], [{ group: 'Admins', role: 'manager' }]]) {
    const refused = await own(mapping);
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('by a group of the directory')]);
  }
  expect(await roles()).toEqual(['administrator', 'administrator', 'observer', 'administrator']);

  await active(ana, false);
  expect((await send('DELETE', `/Users/${dee}`)).status).toBe(204);
  await save([]);
  expect(await roles()).toEqual(['stakeholder', 'stakeholder', 'observer', 'stakeholder']);
  expect(await team()).toMatchObject({ members: ['keeper'], grants: [] });
  await active(ana, true);
  await user('dee');
  expect(await roles()).toEqual(['stakeholder', 'stakeholder', 'observer', 'stakeholder']);
  await world.call('PUT', '/api/people/ben', { display_name: 'ben', email: 'ben@corp.test', role: 'administrator' });
  const sly = await patch(`/Users/${ben}`, [{ op: 'add', path: 'emails', value: [{ value: 'eve@evil.test', primary: true }] }]);
  expect(told(sly)).toEqual([400, 'invalidValue', expect.stringMatching(/^emails: ben is an administrator/)]);

  // A sign-on gave him a role while nothing was mapped here: from now on his groups here count.
  await patch(`/Groups/${admins}`, [{ op: 'remove', path: 'members', value: [{ value: ben }] }]);
  await sql`insert into directory_roles values (${ben}, 'administrator')`.execute(world.app.database.db);
  await save(give);
  expect(await roles()).toEqual(['administrator', 'stakeholder', 'observer', 'stakeholder']);

  // A key is all that counted on her: that is on record, and that nobody could be mailed.
  await world.call('POST', '/api/tokens', { name: 'deploys', role: 'responder', person: 'cem' });
  await world.call('POST', '/api/tokens', { name: 'old', role: 'responder', person: 'cem', expires_at: '2026-03-01T12:00:00Z' });
  await active(cem, false);
  await world.settle();
  expect((await journalOf(world, 'person.counted_on')).find((one) => one.text.startsWith('cem'))).toMatchObject({
    text: 'cem@corp.test left and was counted on: keys that ended deploys. No administrator was told by mail',
    data: { keys_ended: ['deploys'], administrators_mailed: 0 },
  });
});

test('where the directory maps groups, those of a sign-on do not count', async () => {
  const world = await startServer();
  const oidc = await startOidc(() => [`${world.url}/api/auth/sso/callback/corp`]);
  try {
    await world.call('PUT', '/api/sign-on/corp', {
      kind: 'oidc',
      title: 'Corp',
      issuer: oidc.issuer,
      client_id: 'allclear',
      client_secret: 'a-secret-of-the-client',
      mapping: [{ group: 'admins', role: 'administrator' }],
    });
    const { user, group, patch } = await directory(world, 'dir');
    const ana = await user('ana');
    await group('ops', [ana]);
    await world.call('PUT', '/api/scim', { mapping: [{ group: 'ops', role: 'responder' }] });
    oidc.people.set('ana', { email: 'ana@corp.test', email_verified: true, name: 'Ana', groups: ['admins'] });
    const her = browser(world);
    const begun = (await (await her.go('POST', '/api/auth/sign-in/sso', { providerId: 'corp', callbackURL: '/' })).json()) as {
      url: string;
    };
    await her.go('GET', (await signInAtProvider(begun.url, 'ana')).slice(world.url.length));
    const me = async () => (await her.go('GET', '/api/me')).status;
    expect(await me()).toBe(200);
    expect((await personOf(world, 'ana')).role).toBe('responder');
    // Gone at once, and not by signing in again.
    await patch(`/Users/${ana}`, [{ op: 'replace', path: 'active', value: false }]);
    expect(await me()).toBe(401);
    const { rows } = await sql`select 1 from auth_sessions`.execute(world.app.database.db);
    expect(rows).toEqual([]);
  } finally {
    await oidc.stop();
  }
});

test('the life of a person: made, on call, gone while a page waits, back, and out', async () => {
  const team = await aTeam({ boss: { by: ['mail'] }, ben: { by: ['sms'] } });
  await team.call('PUT', '/api/people/boss', { display_name: 'Boss', email: 'boss@example.com', role: 'administrator' });
  const { user, group, patch, send } = await directory(team);
  await team.call('PUT', '/api/teams/ops', { members: [] });
  await team.call('PUT', '/api/scim', { mapping: [{ group: 'ops', role: 'responder', team: 'ops' }] });
  const ana = await user('ana', { displayName: 'Ana' });
  await group('ops', [ana]);
  expect(await team.call('GET', '/api/teams/ops')).toMatchObject({ members: ['ana'] });
  await team.call('PUT', '/api/people/ana/reach', {
    contact_methods: [{ label: 'sms', channel: 'sms', address: '+31699999999', verified: true }],
  });
  await team.call('PUT', '/api/schedules/week', {
    time_zone: 'UTC',
    layers: [{ name: 'daily', rotation: { unit: 'day' }, starts: '2026-03-01T09:00', participants: ['ana'] }],
  });
  await team.savePolicy('turns', {
    steps: [{ targets: [{ schedule: 'week' }], escalate_after_seconds: 300 }, { targets: [{ person: 'ben' }] }],
    repeat: 0,
  });
  const key = (await team.tokenOf('ana')).authorization ?? '';
  await team.alertFires('disk');
  team.expectSms('+31699999999', /disk is wrong/);
  const before = team.now();

  await team.fastForward('1m');
  await patch(`/Users/${ana}`, [{ op: 'Replace', path: 'active', value: 'False' }]);
  await team.settle();
  team.expectSms('ben', /disk is wrong/);
  expect(team.now().since(before).total('seconds')).toBeLessThan(65);
  const mail = team.expectMail('boss', /Ana left, and was counted on/);
  expect(mail.mail.text).toMatch(/week \(daily\)/);
  expect(mail.mail.text).toMatch(/INC-2026-0001/);
  expect(mail.mail.text).toMatch(/Keys that ended +token-of-ana/);
  const window = `from=${team.now()}&to=${team.now().add({ hours: 48 })}`;
  const shifts = () => team.call<{ items: { person: string; starts: string }[] }>('GET', `/api/schedules/week/shifts?${window}`);
  const timeline = () => team.call<{ gaps: Json[]; overrides: Json[] }>('GET', `/api/schedules/week/timeline?${window}`);
  expect((await shifts()).items).toEqual([]);
  expect(await timeline()).toMatchObject({ gaps: [{ role: null }], overrides: [] });
  // What was, was: she had it until then.
  const past = await team.call<{ items: Json[] }>(
    'GET',
    `/api/schedules/week/shifts?from=${before}&to=${team.now().add({ hours: 1 })}`,
  );
  expect(past.items).toMatchObject([{ person: 'ana', ends: team.now().toString() }]);
  expect((await team.request('GET', '/api/me', undefined, { authorization: key })).status).toBe(401);
  const [entry] = await journalOf(team, 'person.left');
  expect(entry).toMatchObject({ actor: 'corp (directory)', data: { keys_revoked: ['token-of-ana'] } });
  expect((await journalOf(team, 'person.counted_on'))[0]).toMatchObject({
    text: expect.stringMatching(/^Ana left and was counted on: schedules week \(daily\).*; keys that ended token-of-ana$/),
    data: { keys_ended: ['token-of-ana'], administrators_mailed: 1 },
  });
  // Somebody else may stand in for her turns.
  await team.call('POST', '/api/schedules/week/overrides', {
    kind: 'replace',
    person: 'ben',
    replaces: 'ana',
    starts: team.now().toString(),
    ends: team.now().add({ hours: 24 }).toString(),
  });
  expect((await shifts()).items.map((one) => one.person)).toEqual(['ben']);

  await patch(`/Users/${ana}`, [{ op: 'Replace', path: 'active', value: 'True' }]);
  await team.settle();
  expect((await shifts()).items.map((one) => one.person)).toEqual(['ben', 'ana']);
  expect(await personOf(team, 'ana')).toMatchObject({ active: true, contact_methods: [{ address: '+31699999999' }] });
  expect((await team.request('GET', '/api/me', undefined, { authorization: key })).status, 'a key that ended stays so').toBe(401);

  await team.does('resolve');
  await send('DELETE', `/Users/${ana}`);
  await team.settle();
  expect((await personOf(team, 'ana')).active).toBe(false);
  team.expectMail('boss', /Ana left, and was counted on/);
  expect(await user('ana', { displayName: 'Ana' }), 'the same person, with her history').toBe(ana);
  await team.settle();
  team.ignoreMessages();
});
