import { expect, test } from 'vitest';
import { TEST_PAGE } from '../../src/server/incidents/types.ts';
import { aTeam, type Team } from './world.ts';

const BOTH = { by: ['sms' as const, 'mail' as const] };
type Json = Record<string, unknown>;
type Answer = { status: number; body: Json };

const as = async (w: Team, name: string, role = 'responder', scopes?: string[]) => {
  const made = await w.call<{ token: string }>('POST', '/api/tokens', {
    name: `of-${name}-${scopes ? 'limited' : 'all'}`,
    person: name,
    role,
    ...(scopes ? { scopes } : {}),
  });
  return asKey(w, made.token);
};
const asKey =
  (w: Team, token: string) =>
  async (method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await w.request(method, path, body, { authorization: `Bearer ${token}` });
    return { status: answer.status, body: (await answer.json()) as Json };
  };

/** Tuesday 01:00: Ana is on call for her team day and night; Ben leads it, Cas is in it, Dee is a manager within it, Eve manages another. */
const aNight = async () => {
  const w = await aTeam(
    { ana: BOTH, ben: BOTH, cas: BOTH, dee: BOTH, eve: BOTH },
    {
      at: '2026-03-03T01:00:00Z',
      service: { grouping: { window_seconds: 0 } },
    },
  );
  await w.call('PUT', '/api/schedules/rota', {
    title: 'Platform',
    time_zone: 'UTC',
    layers: [{ name: 'all', rotation: { unit: 'week' }, starts: '2026-03-02T09:00', participants: ['ana'] }],
  });
  await w.savePolicy('turns', { steps: [{ targets: [{ schedule: 'rota' }], escalate_after_seconds: 3600 }] });
  await w.call('PUT', '/api/teams/ops', { lead: 'ben', members: ['ana', 'cas'], grants: [{ person: 'dee', role: 'manager' }] });
  await w.call('PUT', '/api/teams/duo', { members: ['cas', 'eve'] });
  const eve = await w.call<Json>('GET', '/api/people/eve');
  const { name: _n, problems: _p, calendar_url: _c, ...rest } = eve;
  await w.call('PUT', '/api/people/eve', { ...rest, role: 'manager' });
  return w;
};

/** Three pages before three o'clock, a mail and a test page. */
const threePages = async (w: Team) => {
  const ana = await as(w, 'ana');
  await w.alertFires('acted');
  await ana('POST', '/api/incidents/INC-2026-0001/acknowledge', {});
  await ana('POST', '/api/incidents/INC-2026-0001/resolve', {});
  await w.jump('40m');
  await w.alertFires('passed');
  await w.alertResolves('passed');
  await w.jump('40m');
  await w.alertFires('nobody knows');
  await ana('POST', '/api/incidents/INC-2026-0003/acknowledge', {});
  await w.alertResolves('nobody knows');
  await w.jump('40m');
  await w.alertFires('slow', { severity: 'warning' });
  await w.call('POST', '/api/incidents', { title: TEST_PAGE, service: 'db', urgency: 'high', severity: 'info' });
  await w.settle();
  for (const number of ['INC-2026-0004', 'INC-2026-0005']) await w.does('resolve', {}, number);
  w.ignoreMessages();
  return ana;
};

test('a night is counted as it was: pages, hours of sleep, what there was to do, and the morning that is owed', async () => {
  const w = await aNight();
  const ana = await threePages(w);
  const { status, body } = await ana('GET', '/api/people/me/health');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    person: 'ana',
    from: '2026-02-04',
    to: '2026-03-03',
    pages: 3,
    pages_a_week: 0.8,
    mailed: 1,
    night_pages: 3,
    nights_on_call: 1,
    pages_a_night: 3,
    nights: [{ night: '2026-03-02', pages: 3, interrupted_hours: 2, over: true }],
    interrupted_hours: 2,
    consecutive_over: false,
    actionable: { acted: 1, passed: 1, unknown: 1, share: 0.5 },
    rest: [
      {
        paged_at: '2026-03-03T01:00:00Z',
        starts: '2026-03-03T06:00:00Z',
        ends: '2026-03-03T13:00:00Z',
        on_call_seconds: 7 * 3600,
        cover: [{ schedule: 'rota', title: 'Platform', starts: '2026-03-03T06:00:00Z', ends: '2026-03-03T13:00:00Z' }],
      },
    ],
  });
  expect((body.weeks as Json[]).at(-1)).toEqual({ week: '2026-03-02', pages: 3, over: true });
  // Other days, other numbers; and other limits.
  expect((await ana('GET', '/api/people/ana/health?from=2026-02-02&to=2026-03-01')).body).toMatchObject({ pages: 0, rest: [] });
  for (const [query, field] of [
    ['from=2026-03-04&to=2026-03-03', 'to'],
    ['from=2024-03-04&to=2026-03-03', 'from'],
    ['from=yesterday', 'from'],
  ])
    expect(await ana('GET', `/api/people/me/health?${query}`)).toMatchObject({ status: 422, body: { field } });
  for (const [limits, field] of [
    [{ night: { from: '01:00', to: '07:00' } }, 'night.to'],
    [{ rest: { from: '00:00', to: '06:00', until: '05:00' } }, 'rest.until'],
    [{ pages_a_night: -1 }, 'pages_a_night'],
  ] as const)
    expect((await (await w.request('PUT', '/api/settings/health-limits', limits)).json()) as Json).toMatchObject({ field });
  await w.call('PUT', '/api/settings/health-limits', { pages_a_night: 3, night: { from: '23:00', to: '02:00' } });
  expect((await ana('GET', '/api/people/me/health')).body).toMatchObject({
    nights: [{ night: '2026-03-02', pages: 2, interrupted_hours: 1, over: false }],
  });
});

test('one person’s numbers are for that person, for who leads a team of theirs, and for administrators', async () => {
  const w = await aNight();
  const ana = await threePages(w);
  const machine = await w.call<{ token: string }>('POST', '/api/tokens', { name: 'machine', role: 'manager' });
  const readers = {
    ana,
    ben: await as(w, 'ben'),
    cas: await as(w, 'cas'),
    dee: await as(w, 'dee'),
    eve: await as(w, 'eve', 'manager'),
    machine: asKey(w, machine.token),
    'a limited key of ana': await as(w, 'ana', 'responder', ['configuration.read']),
    administrator: asKey(w, w.token),
  };
  const seen: Record<string, [person: number, together: number | null, members: string[] | null]> = {};
  for (const [name, ask] of Object.entries(readers)) {
    const team = await ask('GET', '/api/teams/ops/health');
    const { together, members } = team.body as { together: { pages: number } | null; members: { person: string }[] | null };
    seen[name] = [
      (await ask('GET', '/api/people/ana/health')).status,
      together?.pages ?? null,
      members?.map((one) => one.person) ?? null,
    ];
  }
  const all = ['ana', 'ben', 'cas'];
  expect(seen).toEqual({
    ana: [200, 3, null],
    ben: [200, 3, all],
    cas: [403, 3, null],
    dee: [200, 3, all],
    eve: [403, 3, null],
    machine: [403, 3, null],
    'a limited key of ana': [403, 3, null],
    administrator: [200, 3, all],
  });
  expect((await readers.ben('GET', '/api/teams/ops/health')).body.together).toMatchObject({
    pages_a_week: 0.3,
    night_pages: 3,
    interrupted_hours: 2,
    rest_owed: 1,
    actionable: { acted: 1, passed: 1, unknown: 1 },
  });
  // Of two people, what is of both tells each about the other.
  expect((await readers.cas('GET', '/api/teams/duo/health')).body).toMatchObject({ together: null, members: null, people: 2 });
  expect((await readers.cas('GET', '/api/people/nobody/health')).status).toBe(403);
  expect((await readers.administrator('GET', '/api/people/nobody/health')).status).toBe(404);
});

test('whose week passed a limit is told in the morning, and who leads the team in the same words, once a week', async () => {
  const w = await aNight();
  await threePages(w);
  await w.jump('5h');
  w.expectNothing();
  await w.jump('1h');
  const texts = ['ana', 'ben', 'dee'].map((name) => w.expectMail(name, /On-call load: a private note/).mail.text ?? '');
  w.expectNothing();
  for (const text of texts) {
    expect(text).toContain('On call asked more of Ana than it should in the week of Monday, March 2.');
    expect(text).toMatch(/Night of Mon, Mar 2:? +3 pages; the limit is 2/);
    expect(text).toMatch(/The week:? +3 pages; the limit is 2/);
    expect(text).toContain('These words went to Ana, Ben and Dee, and to nobody else.');
  }
  expect(texts[0]).toContain('/me?tab=health');
  expect(texts[1]).toContain('/people/ana?tab=health');
  const { items } = await w.call<{ items: { text: string }[] }>('GET', '/api/people/ana/journal');
  expect(items.map((entry) => entry.text)).toContain('A private note was mailed');
  expect(JSON.stringify(items)).not.toContain('On-call load');
  // More of the same week, and the next mornings, say nothing new.
  await w.jump('16h');
  await w.alertFires('again');
  await w.alertResolves('again');
  w.ignoreMessages();
  await w.jump('9h');
  w.expectNothing();
  // On the Tuesday after the week is another: Ana is on call since 2 March 09:00 without a free day.
  await w.jump('145h');
  expect(w.expectMail('ana', /private note/).mail.text).toMatch(/Without a free day:? +8\.\d days on call; the limit is 7/);
  w.expectMail('ben');
  w.expectMail('dee');
  w.expectNothing();
});
