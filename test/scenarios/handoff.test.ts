import { expect, test } from 'vitest';
import { aTeam, type Someone, type Team } from './world.ts';

type Handoff = {
  id: string;
  at: string;
  until: string | null;
  role: string;
  outgoing: string[];
  incoming: string[];
  state: string;
  confirmed_by: string | null;
  note: string;
  note_version: number;
  may_write: boolean;
  before: { note: string } | null;
  left: {
    services: string[];
    open_incidents: { total: number; items: { title: string }[] };
    pages: { total: number; incidents: number; items: { number: string; pages: number }[] };
    silences: { comment: string }[];
  };
  timeline: { text: string; actor: string }[];
};
const MAIL: Someone = { by: ['mail'], time_zone: 'Europe/Amsterdam' };
const PATH = '/api/handoffs';
const rota = (change: object = {}) => ({
  title: 'Platform',
  time_zone: 'Europe/Amsterdam',
  team: 'platform',
  layers: [{ name: 'weeks', rotation: { unit: 'week' }, starts: '2026-03-02T09:00', participants: ['ana', 'ben', 'cleo'] }],
  ...change,
});

/** Weeks of Ana, Ben and Cleo from Monday 09:00 in Amsterdam; Lea leads. `db` pages the schedule, then Lea. */
const aRota = async (schedule: object = {}, people: Record<string, Someone> = {}): Promise<Team> => {
  const w = await aTeam(
    { ana: MAIL, ben: MAIL, cleo: MAIL, lea: MAIL, ...people },
    {
      handoffs: true,
      at: '2026-03-02T12:00:00Z',
      steps: [{ targets: [{ person: 'lea' }] }],
      service: { acknowledge_timeout_seconds: null },
    },
  );
  await w.call('PUT', '/api/teams/platform', { lead: 'lea', members: ['ana', 'ben', 'cleo'] });
  await w.call('PUT', '/api/schedules/rota', rota(schedule));
  await w.savePolicy('turns', {
    steps: [
      { targets: [{ schedule: 'rota' }], escalate_after_seconds: 600 },
      { targets: [{ team: 'platform', who: 'lead' }], escalate_after_seconds: 300 },
    ],
    repeat: 0,
  });
  return w;
};
const list = async (w: Team, query = ''): Promise<Handoff[]> =>
  (await w.call<{ items: Handoff[] }>('GET', `${PATH}?${query}`)).items;
const shown = (items: Handoff[]) =>
  items.map((one) => `${one.at} ${one.outgoing.join('+')} → ${one.incoming.join('+')} ${one.state}`);
const as = async (w: Team, name: string) => {
  const key = await w.tokenOf(name);
  return async <T = Handoff>(method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await w.request(method, path, body ?? (method === 'POST' ? {} : undefined), { ...key, ...headers });
    return { status: response.status, body: (await response.json()) as T, tag: response.headers.get('etag') ?? '' };
  };
};
const linkIn = (text: string) => /\/handoff\/[\w-]+/.exec(text)?.[0] ?? 'no link';

test('a change is told a day before, written, told when it comes, and confirmed by the link of the mail', async () => {
  const w = await aRota();
  const [ana, ben] = [await as(w, 'ana'), await as(w, 'ben')];
  const [first] = await list(w, 'schedule=rota');
  expect(shown(await list(w))).toEqual(['2026-03-09T08:00:00Z ana → ben open', '2026-03-16T08:00:00Z ben → cleo open']);
  const path = `${PATH}/${first?.id}`;
  await w.jump('139h');
  w.expectNothing();
  await w.jump('1h');
  const told = w.expectMail('ben', /You are on call from Mon, Mar 9, 09:00 \(Europe\/Amsterdam\): Platform/);
  expect(told.mail.text).toContain('http');
  w.expectMail('ana', /You hand over Platform on Mon, Mar 9, 09:00/);

  // What is left is gathered as it is read.
  await w.alertFires('disk');
  w.expectMail('ana', /disk/);
  await w.does('acknowledge');
  await w.call('POST', '/api/silences', {
    comment: 'Staging is noisy',
    services: ['db'],
    matchers: [{ name: 'env', value: 'staging' }],
    ends_at: '2026-03-20T00:00:00Z',
  });
  const { body: read, tag } = await ana('GET', path);
  expect(read.left).toMatchObject({
    services: ['db'],
    open_incidents: { total: 1, items: [{ title: 'disk is wrong' }] },
    pages: { total: 1, incidents: 1, items: [{ pages: 1 }] },
    silences: [{ comment: 'Staging is noisy' }],
  });
  expect((await ana('PUT', path, { note: 'The disk fills each night.' }, { 'if-match': tag })).body).toMatchObject({
    note_version: 1,
    may_write: true,
  });
  // Of two who write from the same reading one is refused; so is whoever is neither side.
  expect((await ben('PUT', path, { note: 'mine' }, { 'if-match': tag })).status).toBe(412);
  expect((await (await as(w, 'cleo'))('PUT', path, { note: 'x' })).status).toBe(403);
  // Too early to say “I have it”.
  const early = await ben<{ detail: string }>('POST', `${path}/confirm`);
  expect(early).toMatchObject({ status: 409, body: { detail: 'Too early: from 2026-03-08T20:00:00Z on' } });

  await w.jump('24h');
  w.expectMail('ana', /You are off call: Platform/);
  const asked = w.expectMail('ben', /confirm the handoff of Platform/);
  expect(asked.mail.text).toContain('The disk fills each night.');
  const link = linkIn(asked.mail.text ?? '');
  // Opening it changes nothing.
  const page = await (await w.request('GET', link)).text();
  for (const text of ['The disk fills each night.', 'disk is wrong', 'Staging is noisy', '1 page for 1 incident', 'I have it'])
    expect(page).toContain(text);
  expect((await ana('GET', path)).body.state).toBe('open');
  // Ana adds something meanwhile: what was read is not what would be confirmed.
  await ana('PUT', path, { note: 'The disk fills each night. See the runbook.' });
  const press = (version: number) => w.request('POST', `${link}/confirm`, `note_version=${version}`);
  const again = await press(1);
  expect(again.headers.get('location')).toBe(`${link}?changed`);
  expect(await (await w.request('GET', `${link}?changed`)).text()).toContain('was changed since you read it');
  expect((await ben('POST', `${path}/confirm`, { note_version: 1 })).status).toBe(412);
  expect((await press(2)).status).toBe(303);
  expect((await press(2)).status).toBe(303);
  expect(await (await w.request('GET', link)).text()).toContain('You confirmed');
  const altered = link.replace(/.(?=...$)/, (one) => (one === 'x' ? 'y' : 'x'));
  expect((await w.request('GET', altered)).status).toBe(404);
  await w.does('resolve');
  const done = (await ben('GET', path)).body;
  // Kept as it was.
  expect(done).toMatchObject({
    state: 'confirmed',
    confirmed_by: 'ben',
    left: { open_incidents: { total: 1 } },
    may_write: false,
  });
  expect(done.timeline.map((one) => one.text)).toEqual([
    'ben has it',
    'ana wrote what to watch',
    'Ben is told',
    'Ana is told',
    'ana wrote what to watch',
    'Ben is told that it comes',
    'Ana is told that it comes',
  ]);
  expect((await ana('PUT', path, { note: 'late' })).status).toBe(409);
  expect((await ana('POST', `${path}/confirm`)).status).toBe(403);
  // Nobody is reminded, and the next one has what was watched before.
  await w.jump('3h');
  const [, next] = await list(w, 'schedule=rota');
  expect((await ana('GET', `${PATH}/${next?.id}`)).body.before?.note).toContain('runbook');
  expect(shown(await list(w, 'person=cleo&open=true'))).toEqual([
    '2026-03-16T08:00:00Z ben → cleo open',
    '2026-03-23T08:00:00Z cleo → ana open',
  ]);
});

test('not confirmed: reminded, then the lead and whoever went are told, once each; over when another has the role', async () => {
  const w = await aRota();
  const ben = await as(w, 'ben');
  const [first] = await list(w);
  await w.jump('164h');
  w.ignoreMessages();
  for (let minutes = 0; minutes < 35; minutes += 5) await w.jump('5m');
  expect(w.expectMail('ben', /Not confirmed: the handoff of Platform/).mail.text).toContain('At Mon, Mar 9, 11:00');
  await w.jump('1h');
  w.expectNothing();
  await w.jump('30m');
  w.expectMail('lea', /Ben has not confirmed the handoff of Platform/);
  w.expectMail('ana', /Ben has not confirmed/);
  await w.jump('1h');
  w.expectNothing();
  expect((await ben('POST', `${PATH}/${first?.id}/confirm`)).status).toBe(200);
  await w.settle();
  w.expectMail('lea', /Confirmed after all: Platform/);
  w.expectMail('ana', /Confirmed after all/);
  // The next is confirmed by nobody; Ana takes the whole week over, and there is nothing to confirm any more.
  await w.jump('165h');
  w.ignoreMessages();
  const [, second] = await list(w);
  await w.call('POST', '/api/schedules/rota/overrides', {
    kind: 'replace',
    person: 'ana',
    replaces: 'cleo',
    starts: w.now().toString(),
    ends: '2026-03-23T08:00:00Z',
  });
  const lapsed = await w.call<Handoff>('GET', `${PATH}/${second?.id}`);
  expect(lapsed).toMatchObject({ state: 'lapsed', timeline: [{ text: 'Nobody confirmed it, and ana is on call now' }, {}, {}] });
  await w.jump('3h');
  w.ignoreMessages();
});

test('overrides, covers and edits move a handoff or take it back, and whoever was told is told', async () => {
  const w = await aRota();
  await w.jump('141h');
  w.ignoreMessages();
  const override = (body: object) =>
    w.call<{ id: string }>('POST', '/api/schedules/rota/overrides', { kind: 'replace', ...body });
  // A take-over of two hours is no handoff; one of a night is two.
  await override({ person: 'cleo', replaces: 'ana', starts: '2026-03-08T14:00:00Z', ends: '2026-03-08T16:00:00Z' });
  expect(shown(await list(w)).slice(0, 1)).toEqual(['2026-03-09T08:00:00Z ana → ben open']);
  const night = await override({ person: 'cleo', replaces: 'ana', starts: '2026-03-08T18:00:00Z', ends: '2026-03-09T08:00:00Z' });
  expect(shown(await list(w)).slice(0, 2)).toEqual([
    '2026-03-08T18:00:00Z ana → cleo open',
    '2026-03-09T08:00:00Z cleo → ben open',
  ]);
  await w.settle();
  w.expectMail('ana', /Not yours any more: the handoff of Platform on Mon, Mar 9, 09:00/);
  await w.jump('1m');
  w.expectMail('ana', /You hand over Platform on Sun, Mar 8, 19:00/);
  w.expectMail('cleo', /You are on call from Sun/);
  w.expectMail('cleo', /You hand over Platform on Mon/);
  await w.call('DELETE', `/api/schedules/rota/overrides/${night.id}`);
  await w.settle();
  w.expectMail('ana', /Taken back: no handoff of Platform on Sun/);
  w.expectMail('cleo', /Taken back/);
  w.expectMail('cleo', /Not yours any more/);
  expect(shown(await list(w)).slice(0, 1)).toEqual(['2026-03-09T08:00:00Z ana → ben open']);
  await w.jump('1m');
  w.expectMail('ana', /You hand over Platform on Mon/);
  // The whole rotation an hour later: the same handoff, elsewhere.
  const [before] = await list(w);
  await w.call('PUT', '/api/schedules/rota', rota({ layers: [{ ...rota().layers[0], starts: '2026-03-02T10:00' }] }));
  const [after] = await list(w);
  expect({ id: after?.id, at: after?.at }).toEqual({ id: before?.id, at: '2026-03-09T09:00:00Z' });
  await w.settle();
  w.expectMail('ben', /Moved: the handoff of Platform is on Mon, Mar 9, 10:00/);
  w.expectMail('ana', /Moved/);
  // Off: nobody is asked anything.
  await w.call('PUT', '/api/schedules/rota', rota({ handoff: { on: false } }));
  expect(await list(w)).toEqual([]);
  await w.settle();
  w.expectMail('ben', /Taken back/);
  w.expectMail('ana', /Taken back/);
  const refused = await w.request(
    'PUT',
    '/api/schedules/rota',
    rota({ handoff: { remind_after_minutes: 60, escalate_after_minutes: 30 } }),
  );
  expect(await refused.json()).toMatchObject({ status: 422, field: 'handoff.escalate_after_minutes' });
  await w.call('PUT', '/api/schedules/rota', rota());
  expect(await list(w)).toHaveLength(2);
  await w.savePolicy('turns', { steps: [{ targets: [{ person: 'lea' }] }] });
  await w.call('DELETE', '/api/schedules/rota');
  expect(await list(w)).toEqual([]);
});

test('each is told by the way and lead time they chose; a way that is gone is made up for by mail', async () => {
  const push: Someone = { by: ['ntfy', 'call'], time_zone: 'Europe/Amsterdam' };
  const w = await aRota({}, { ben: push });
  const [ana, ben] = [await as(w, 'ana'), await as(w, 'ben')];
  const own = '/api/people/me/handoff-notices';
  expect((await ben('GET', own)).body).toEqual({ lead_hours: 24, before_by: 'mail', change_by: 'usual' });
  for (const [change, field] of [
    [{ before_by: { method: 'pigeon' } }, 'before_by'],
    [{ change_by: { method: 'call' } }, 'change_by'],
    [{ lead_hours: 0 }, 'lead_hours'],
  ] as const)
    expect((await ben<{ field: string }>('PUT', own, change)).body.field).toBe(field);
  expect((await ana('PUT', '/api/people/ben/handoff-notices', {})).status).toBe(403);
  expect((await ben('PUT', own, { lead_hours: 48, before_by: { method: 'ntfy' } })).status).toBe(200);
  expect((await ana('PUT', own, { before_by: 'none', change_by: 'none' })).status).toBe(200);
  await w.jump('116h');
  w.expectPush('ben', /You are on call from Mon/);
  await w.jump('24h');
  w.expectNothing();
  // The usual way for what may wait: not the call.
  await w.jump('24h');
  w.expectPush('ben', /confirm the handoff/);
  await w.call('PUT', '/api/people/ben/reach', { contact_methods: [], notification_rules: { high: [], low: [] } });
  await w.jump('31m');
  w.expectMail('ben', /Not confirmed/);
});

test('the check before a shift is computed: proof, ways, leave, runbooks, and who is next', async () => {
  const w = await aRota();
  const ben = await as(w, 'ben');
  const [first] = await list(w);
  type Check = {
    items: { id: string; state: string; text: string }[];
    runbooks: { service: string; links: string[] }[];
    contacts: { policy: string; next: { step: number; after_seconds: number; people: { name: string }[] }[] }[];
  };
  const check = async () => (await ben<Check>('GET', `${PATH}/${first?.id}/check`)).body;
  const states = (one: Check) => one.items.map(({ id, state }) => `${id} ${state}`);
  const before = await check();
  expect(states(before)).toEqual(['test_page warning', 'readiness warning', 'leave ok', 'services ok', 'runbooks warning']);
  expect(before.contacts).toMatchObject([
    { policy: 'turns', next: [{ step: 2, after_seconds: 600, people: [{ name: 'lea' }] }] },
  ]);
  await ben('POST', '/api/people/ben/test-page');
  await w.settle();
  w.expectMail('ben', /Test page/);
  await w.call('PUT', '/api/services/db', {
    escalation_policy: 'turns',
    description: 'Orders. Runbook: https://wiki.test/db (and https://wiki.test/restore).',
  });
  await w.call('POST', '/api/people/ben/leave', { first_day: '2026-03-11' });
  await w.settle();
  const after = await check();
  expect(states(after)).toEqual(['test_page ok', 'readiness warning', 'leave error', 'services ok', 'runbooks ok']);
  expect(after.runbooks).toMatchObject([{ service: 'db', links: ['https://wiki.test/db', 'https://wiki.test/restore'] }]);
  expect((await ben<{ field: string }>('GET', `${PATH}/${first?.id}/check?person=cleo`)).body.field).toBe('person');
  w.ignoreMessages();
});
