import { expect, onTestFinished, test } from 'vitest';
import { allclear, words } from '../../src/cli/end-to-end/testing.ts';
import { createToken } from '../../src/server/identity/actions.ts';
import { startWebhook } from '../fakes/webhook.ts';
import { startServer, startWorld } from '../harness.ts';

type World = Awaited<ReturnType<typeof startWorld>>;
type Leave = {
  items: {
    id: string;
    first_day: string | null;
    last_day: string | null;
    starts: string;
    reason: string | null;
    source: string;
  }[];
  calendar: { address: string; tried_at: string | null; read_at: string | null; error: string | null } | null;
  holidays: { title: string; next: { day: string; name: string }[] } | null;
};
type Warnings = { warnings: { policy: string; person?: string; message: string }[] };
type Proposals = {
  needed_seconds: number;
  candidates: { person: string; reason: string; breaks: string[]; on_call_seconds: number }[];
  excluded: { person: string; reason: string }[];
};

const calendar = (...events: string[]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...events.flatMap((event, at) => ['BEGIN:VEVENT', `UID:${at}`, event, 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n');

/** Weeks of ana, ben, cem and dua from 2 March; kofi manages their team, and zoe another. Answers what asks as one of them. */
const ready = async (world: World) => {
  const { call } = world;
  for (const name of ['ana', 'ben', 'cem', 'dua', 'eli', 'kofi', 'zoe'])
    await call('PUT', `/api/people/${name}`, {
      display_name: name[0]?.toUpperCase() + name.slice(1),
      email: `${name}@example.com`,
      time_zone: 'Europe/Amsterdam',
      role: ['kofi', 'zoe'].includes(name) ? 'manager' : 'responder',
    });
  await call('PUT', '/api/teams/shop', {
    members: ['ana', 'ben', 'cem', 'dua', 'eli'],
    grants: [{ person: 'kofi', role: 'manager' }],
  });
  await call('PUT', '/api/teams/else', { members: ['zoe'] });
  await call('PUT', '/api/schedules/shop', {
    title: 'Shop',
    team: 'shop',
    time_zone: 'Europe/Amsterdam',
    layers: [
      { name: 'weeks', rotation: { unit: 'week' }, starts: '2026-01-05T09:00', participants: ['ana', 'ben', 'cem', 'dua'] },
    ],
  });
  const tokens = new Map<string, string>();
  return async (person: string, method: string, path: string, body?: unknown) => {
    const made =
      tokens.get(person) ??
      (await world.system((ctx) => createToken(ctx, { name: `of-${person}`, role: 'manager', person }))).token;
    tokens.set(person, made);
    return world.request(method, path, body, { authorization: `Bearer ${made}` });
  };
};
const of = <T>(response: Response) => response.json() as Promise<T>;

test('leave is planned, changed and removed by the person or a manager of the team; the reason stays with the person; shifts then are warned of', async () => {
  const world = await startWorld();
  const as = await ready(world);
  const warned = async () =>
    (await world.call<Warnings>('GET', '/api/schedules/shop/shifts')).warnings
      .filter(({ policy }) => policy === 'on_leave' || policy === 'public_holiday')
      .map(({ message }) => message);
  expect(await warned()).toEqual([]);

  const added = await as('ben', 'POST', '/api/people/me/leave', {
    first_day: '2026-03-28',
    last_day: '2026-04-12',
    reason: 'Knee surgery',
  });
  expect(added.status).toBe(201);
  const { id } = await of<{ id: string }>(added);
  // Ben has the weeks of 9 March and 6 April; the clocks go forward between them.
  expect(await warned()).toEqual(['ben is away and on call from 2026-04-06 09:00 to 2026-04-13 00:00 (Europe/Amsterdam).']);
  const own = await of<Leave>(await as('ben', 'GET', '/api/people/me/leave'));
  expect(own.items).toMatchObject([
    { first_day: '2026-03-28', starts: '2026-03-27T23:00:00Z', reason: 'Knee surgery', source: 'manual' },
  ]);
  const seen = await (await as('kofi', 'GET', '/api/people/ben/leave')).text();
  expect(seen).not.toContain('surgery');
  expect(await (await world.request('GET', '/api/journal')).text()).not.toContain('surgery');

  const shifts = await world.call<{ items: { starts: string; clash: string | null }[] }>(
    'GET',
    '/api/shifts?person=ben&to=2026-04-30T00:00:00Z',
  );
  expect(shifts.items.map(({ starts, clash }) => [starts, clash])).toEqual([
    ['2026-03-09T08:00:00Z', null],
    ['2026-04-06T07:00:00Z', 'on_leave'],
  ]);

  for (const [who, name, status] of [
    ['ana', 'ben', 403],
    ['zoe', 'ben', 403],
    ['kofi', 'nobody-here', 404],
  ] as const)
    expect((await as(who, 'POST', `/api/people/${name}/leave`, { first_day: '2026-03-09' })).status, `${who} for ${name}`).toBe(
      status,
    );
  expect(
    (await as('kofi', 'PUT', `/api/people/ben/leave/${id}`, { first_day: '2026-04-06', last_day: '2026-04-08' })).status,
  ).toBe(204);
  expect(await warned()).toEqual(['ben is away and on call from 2026-04-06 09:00 to 2026-04-09 00:00 (Europe/Amsterdam).']);
  expect((await of<Leave>(await as('ben', 'GET', '/api/people/ben/leave'))).items[0]?.reason).toBe('Knee surgery');
  expect((await as('kofi', 'PUT', `/api/people/cem/leave/${id}`, { first_day: '2026-04-06' })).status).toBe(404);
  expect((await as('ben', 'DELETE', `/api/people/me/leave/${id}`)).status).toBeLessThan(300);
  expect((await as('ben', 'DELETE', `/api/people/me/leave/${id}`)).status).toBe(404);
  expect(await warned()).toEqual([]);
  const { items } = await world.call<{ items: { type: string; text: string }[] }>('GET', '/api/journal?subject=person');
  expect(items.filter((entry) => entry.type.startsWith('person.leave')).map((entry) => entry.text)).toEqual([
    'Ben is no longer away from 2026-04-06 to 2026-04-08',
    'Ben is away from 2026-04-06 to 2026-04-08, no longer from 2026-03-28 to 2026-04-12',
    'Ben is away from 2026-03-28 to 2026-04-12',
  ]);

  for (const [body, field] of [
    [{}, 'first_day'],
    [{ first_day: '2026-02-30' }, 'first_day'],
    [{ first_day: '2026-03-02', last_day: '2026-03-01' }, 'last_day'],
    [{ first_day: '2026-03-02', last_day: '2029-03-01' }, 'last_day'],
    [{ starts: '2026-03-02T10:00:00Z' }, 'ends'],
    [{ starts: '2026-03-02T10:00:00Z', ends: '2026-03-02T10:00:00Z' }, 'ends'],
    [{ first_day: '2026-03-02', starts: '2026-03-02T10:00:00Z', ends: '2026-03-02T11:00:00Z' }, 'starts'],
  ] as const) {
    const refused = await as('ben', 'POST', '/api/people/me/leave', body);
    expect([refused.status, (await of<{ field: string }>(refused)).field], JSON.stringify(body)).toEqual([422, field]);
  }
});

test('public holidays of a region are days of the person, warned of in drafts too; an unknown region is refused', async () => {
  const world = await startWorld();
  await ready(world);
  const put = (holidays?: string) =>
    world.request('PUT', '/api/people/ana', {
      display_name: 'Ana',
      email: 'ana@example.com',
      time_zone: 'Europe/Amsterdam',
      holidays,
    });
  expect((await put('DE-BY')).status).toBe(200);
  expect((await world.call<{ holidays: string }>('GET', '/api/people/ana')).holidays).toBe('DE-BY');
  expect((await world.call<Leave>('GET', '/api/people/ana/leave')).holidays).toEqual({
    region: 'DE-BY',
    title: 'Bayern, Germany',
    next: [
      { day: '2026-04-03', name: 'Good Friday' },
      { day: '2026-04-06', name: 'Easter Monday' },
      { day: '2026-05-01', name: 'Labour Day' },
    ],
  });
  // Ana has the weeks of 2 and 30 March and of 27 April.
  const preview = await world.call<{ timeline: Warnings }>('POST', '/api/schedules/preview', {
    name: 'shop',
    from: '2026-03-30T00:00:00Z',
    to: '2026-05-10T00:00:00Z',
  });
  expect(preview.timeline.warnings.filter(({ policy }) => policy === 'public_holiday').map(({ message }) => message)).toEqual([
    'ana has a public holiday (Good Friday) and is on call from 2026-04-03 00:00 to 2026-04-04 00:00 (Europe/Amsterdam); 2 more later.',
  ]);
  for (const wrong of ['XX', 'NL-BY', 'nl']) {
    const refused = await put(wrong);
    expect([refused.status, (await of<{ field: string }>(refused)).field], wrong).toEqual([422, 'holidays']);
  }
  expect((await put()).status).toBe(200);
  expect((await world.call<Leave>('GET', '/api/people/ana/leave')).holidays).toBeNull();
});

test('leave is read from a calendar every hour; one that fails is told, and what was known stays', async () => {
  const world = await startWorld();
  const as = await ready(world);
  const fake = await startWebhook();
  onTestFinished(fake.stop);
  const secret = `${fake.url}/private-feed.ics`;
  const leave = async () => of<Leave>(await as('cem', 'GET', '/api/people/me/leave'));
  fake.answerWith({
    status: 200,
    body: calendar('DTSTART;VALUE=DATE:20260317\r\nSUMMARY:Wedding', 'DTSTART:20260401T120000Z\r\nDTEND:20260401T130000Z'),
  });
  expect((await as('cem', 'PUT', '/api/people/me/leave-calendar', { address: secret })).status).toBe(204);
  await world.settle();
  const first = await leave();
  expect(first.calendar).toEqual({
    address: secret,
    tried_at: '2026-03-02T12:00:00Z',
    read_at: '2026-03-02T12:00:00Z',
    error: null,
  });
  expect(first.items).toMatchObject([
    { first_day: '2026-03-17', last_day: '2026-03-17', reason: 'Wedding', source: 'calendar' },
    { first_day: null, starts: '2026-04-01T12:00:00Z', reason: '' },
  ]);
  expect((await world.call<Warnings>('GET', '/api/schedules/shop/shifts')).warnings.map(({ message }) => message)).toContain(
    'cem is away and on call from 2026-03-17 00:00 to 2026-03-18 00:00 (Europe/Amsterdam).',
  );
  const others = await (await as('kofi', 'GET', '/api/people/cem/leave')).text();
  expect(others).not.toMatch(/private-feed|Wedding/);
  expect(await (await world.request('GET', '/api/journal')).text()).not.toMatch(/private-feed|Wedding/);
  expect((await as('cem', 'DELETE', `/api/people/me/leave/${first.items[0]?.id}`)).status).toBe(422);

  const cases: [Parameters<typeof fake.answerWith>[0], RegExp][] = [
    [{ status: 404 }, /answers 404/],
    [{ status: 200, body: '<html>Sign in</html>' }, /is no calendar/],
    [{ status: 200, body: calendar(`SUMMARY:${'x'.repeat(2_200_000)}`) }, /larger than 2 MiB/],
    [{ status: 302, headers: { location: '/private-feed.ics' } }, /sends on more than 5 times/],
    [{ status: 302, headers: { location: 'http://example.com/' } }, /must start with https/],
  ];
  for (const [reply, wrong] of cases) {
    fake.answerWith(reply);
    await world.clock.setTime(world.clock.now() + 3_600_000);
    await world.settle();
    const now = await leave();
    expect(now.calendar?.error).toMatch(wrong);
    expect(now.calendar?.error).not.toContain('private-feed');
    expect(now.calendar?.read_at).toBe('2026-03-02T12:00:00Z');
    expect(now.items).toEqual(first.items);
  }
  fake.answerWith({ status: 200, body: calendar() });
  await world.clock.setTime(world.clock.now() + 3_600_000);
  await world.settle();
  expect(await leave()).toMatchObject({ items: [], calendar: { error: null } });
  expect((await as('cem', 'DELETE', '/api/people/me/leave-calendar')).status).toBeLessThan(300);
  expect((await leave()).calendar).toBeNull();
});

test('a calendar at an address that is not public, or no web address, is never asked', async () => {
  const world = await startWorld({ allowedHosts: [] });
  const as = await ready(world);
  const fake = await startWebhook();
  onTestFinished(fake.stop);
  expect((await as('ana', 'PUT', '/api/people/me/leave-calendar', { address: `${fake.url}/x.ics` })).status).toBe(204);
  await world.settle();
  expect((await of<Leave>(await as('ana', 'GET', '/api/people/me/leave'))).calendar?.error).toMatch(/not a public address/);
  expect(fake.received).toEqual([]);
  for (const address of [
    'http://calendar.example.com/x.ics',
    'https://me:secret@calendar.example.com/',
    'file:///etc/passwd',
    'nonsense',
  ]) {
    const refused = await as('ana', 'PUT', '/api/people/me/leave-calendar', { address });
    expect([refused.status, (await of<{ field: string }>(refused)).field], address).toEqual([422, 'address']);
  }
});

test('cover is proposed by fairness, over the API and on the command line, where leave is planned too', async () => {
  const world = await startServer();
  const as = await ready(world);
  await world.call('PUT', '/api/schedules/search', {
    time_zone: 'UTC',
    layers: [{ name: 'days', rotation: { unit: 'day' }, starts: '2026-01-01T00:00', participants: ['ben'] }],
  });
  await as('cem', 'POST', '/api/people/me/leave', { first_day: '2026-03-31' });
  const window = 'from=2026-03-31T08:00:00Z&to=2026-04-01T08:00:00Z';
  const found = await world.call<Proposals>('GET', `/api/schedules/shop/cover-proposals?person=ana&${window}`);
  expect(found.needed_seconds).toBe(86_400);
  expect(found.candidates.map(({ person, breaks }) => [person, ...breaks])).toEqual([['eli'], ['dua', 'min_gap_days']]);
  // Dua had the weeks of 26 January and 23 February, of which seven hours of this Monday's are to come.
  expect(found.candidates[1]).toMatchObject({ on_call_seconds: 14 * 86_400 });
  expect(found.candidates[1]?.reason).toMatch(
    /^Free\. 336 h on call in the last 90 days, 112 h of it at night\. Then has .* between turns/,
  );
  expect(found.excluded.map(({ person, reason }) => `${person} ${reason}`)).toEqual([
    'ben On call in search from 2026-03-31 10:00 to 2026-04-01 10:00 (Europe/Amsterdam).',
    'cem Away from 2026-03-31 10:00 to 2026-04-01 00:00 (Europe/Amsterdam).',
  ]);
  for (const [query, status] of [
    [`person=nobody-here&${window}`, 422],
    ['from=2026-04-01T08:00:00Z&to=2026-04-01T08:00:00Z', 422],
  ] as const)
    expect((await world.request('GET', `/api/schedules/shop/cover-proposals?${query}`)).status).toBe(status);

  const cover = await allclear(world, words('cover shop --person ana --from 2026-03-31T08:00Z --to 2026-04-01T08:00Z'));
  expect(cover.out).toMatch(
    /^1 d to cover\.\n.*\n1 +eli +Free\. Not on call in the last 90 days\.\n2 +dua .*\n- +ben .*\n- +cem +Away/,
  );
  const added = await allclear(world, words('leave add --person dua --from 2026-03-29 --to 2026-03-30'));
  expect(added.code, added.err).toBe(0);
  const list = await allclear(world, words('leave list --person dua'));
  expect(list.out).toMatch(/2026-03-29 +2026-03-30 +by hand +away\n$/);
  expect((await allclear(world, words('leave add --person dua --from 2026-03-29 --to 2026-03-30T10:00Z'))).code).toBe(64);
  expect((await allclear(world, ['leave', 'remove', added.out.trim(), '--person', 'dua'])).out).toBe('Removed.\n');
  expect((await allclear(world, words('leave list --person dua'))).out).toBe('No leave of dua is planned.\n');
});
