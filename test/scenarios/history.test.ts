import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allclear } from '../../src/cli/end-to-end/testing.ts';
import { letLeave } from '../../src/server/identity/people.ts';
import { startServer, startWorld, type World } from '../harness.ts';

type OnCall = {
  items: { schedule: string; person: string; role: string; since: string; until: string | null }[];
  unknown: { schedule: string; since: string }[];
};
type History = {
  complete: boolean;
  subject: string;
  items: {
    from: string;
    to: string | null;
    action: string;
    by: string | null;
    source: string | null;
    text: string[];
    changes: unknown[];
  }[];
};
type Shifts = { items: { schedule: string; person: string; role: string; shadow: boolean; starts: string; ends: string }[] };

const PEOPLE = ['ana', 'ben', 'carl', 'dora'];
const person = (name: string) => ({ display_name: name, email: `${name}@example.com` });
const turns = (participants: string[], about: object = {}) => ({
  time_zone: 'Europe/Amsterdam',
  layers: [{ name: 'days', rotation: { unit: 'day' }, starts: '2026-03-20T09:00', participants }],
  handoff: { on: false },
  ...about,
});
const withPeople = async (w: World) => {
  for (const name of PEOPLE) await w.call('PUT', `/api/people/${name}`, person(name));
};
const said = ({ items }: OnCall) => items.map((one) => `${one.schedule} ${one.person} ${one.role}`).sort();
const to = (w: World, at: string) => w.clock.setTime(Temporal.Instant.from(at).epochMilliseconds);

type Op = { hours: number; what: string; schedule: string; people: string[]; role: string; length: number };
const ops = fc.record<Op>({
  hours: fc.integer({ min: 1, max: 9 }),
  what: fc.constantFrom('save', 'save', 'override', 'override', 'take back', 'remove', 'leave', 'return', 'title'),
  schedule: fc.constantFrom('web', 'db'),
  people: fc.shuffledSubarray(PEOPLE, { minLength: 2 }),
  role: fc.constantFrom('primary', 'secondary'),
  length: fc.integer({ min: 1, max: 30 }),
});

const does = async (w: World, { what, schedule, people, role, length }: Op): Promise<number | undefined> => {
  const [one = '', other = ''] = people;
  const path = `/api/schedules/${schedule}`;
  const ask = async (method: string, address: string, body?: unknown) => (await w.request(method, address, body)).status;
  if (what === 'save') {
    const { layers, ...rest } = turns(people);
    return ask('PUT', path, { ...rest, layers: layers.map((layer) => ({ ...layer, role })) });
  }
  if (what === 'override')
    return ask('POST', `${path}/overrides`, {
      kind: 'replace',
      person: one,
      replaces: other,
      starts: w.now().toString(),
      ends: w.now().add({ hours: length }).toString(),
    });
  if (what === 'take back') {
    const response = await w.request('GET', `${path}/overrides`);
    const [found] = response.ok ? ((await response.json()) as { items: { id: string }[] }).items : [];
    return found && ask('DELETE', `${path}/overrides/${found.id}`);
  }
  if (what === 'remove') return ask('DELETE', path);
  if (what === 'return') return ask('PUT', `/api/people/${one}`, person(one));
  if (what === 'leave') {
    await w.system(async (ctx) => {
      const row = await ctx.tx.selectFrom('people').select(['id', 'active']).where('name', '=', one).executeTakeFirstOrThrow();
      if (row.active) await letLeave(ctx, row.id);
    });
    return 200;
  }
  const response = await w.request('GET', path);
  return response.ok
    ? ask('PUT', path, { ...((await response.json()) as object), name: undefined, title: `now ${length}` })
    : undefined;
};

test.each([4])(
  'who was on call is told as it was told then, whatever changed since: over a clock change, seed %i',
  async (seed) => {
    const w = await startWorld({ at: '2026-03-26T08:10:00Z' });
    await withPeople(w);
    const seen: [at: string, said: string[]][] = [];
    const done: string[] = [];
    const first = new Map<string, string>();
    for (const op of fc.sample(ops, { seed, numRuns: 60 })) {
      const status = await does(w, op);
      if (status && status < 300) done.push(op.what);
      if (status === 200 && op.what === 'save' && !first.has(op.schedule)) first.set(op.schedule, w.now().toString());
      await w.clock.setTime(w.clock.now() + op.hours * 3_600_000 + 60_000);
      seen.push([w.now().toString(), said(await w.call<OnCall>('GET', '/api/on-call'))]);
      await w.clock.setTime(w.clock.now() + 1000);
    }
    expect(Object.keys(Object.groupBy(done, (what) => what)).length).toBeGreaterThanOrEqual(6);
    await w.clock.setTime(w.clock.now() + 3_600_000);
    const shifts = await w.call<Shifts>('GET', `/api/shifts?from=2026-03-26T08:00:00Z&to=${w.now()}`);
    for (const [at, then] of seen) {
      expect(said(await w.call<OnCall>('GET', `/api/on-call?at=${at}`)), at).toEqual(then);
      // Before it is first saved a schedule counts in lists and reports as it was saved then.
      const here = shifts.items.filter(
        (one) => !one.shadow && one.starts <= at && one.ends > at && at >= (first.get(one.schedule) ?? ''),
      );
      expect(here.map((one) => `${one.schedule} ${one.person} ${one.role}`).sort(), `shifts at ${at}`).toEqual(then);
    }
  },
);

test('an override that is entered afterwards changes no page that was; one that is taken back held until then; until is what happened', async () => {
  const w = await startWorld({ at: '2026-03-28T08:10:00Z' });
  await withPeople(w);
  // Ana from 08:00 UTC; from 29 March on turns begin at 07:00 UTC.
  await w.call('PUT', '/api/schedules/web', turns(['ana', 'ben']));
  const override = (body: object) => w.call<{ id: string }>('POST', '/api/schedules/web/overrides', { kind: 'replace', ...body });
  await to(w, '2026-03-28T10:00:00Z');
  const { id } = await override({
    person: 'carl',
    replaces: 'ana',
    starts: '2026-03-28T20:00:00Z',
    ends: '2026-03-29T07:00:00Z',
  });
  await to(w, '2026-03-29T02:30:00Z');
  await w.call('DELETE', `/api/schedules/web/overrides/${id}`);
  await to(w, '2026-03-29T12:00:00Z');
  await override({ person: 'dora', replaces: 'ana', starts: '2026-03-28T12:00:00Z', ends: '2026-03-28T14:00:00Z' });
  await to(w, '2026-03-29T15:00:00Z');
  await w.call('PUT', '/api/schedules/web', turns(['dora', 'carl']));
  await to(w, '2026-04-02T12:00:00Z');
  await w.call('DELETE', '/api/schedules/web');
  await to(w, '2026-04-10T12:00:00Z');
  const at = async (moment: string) =>
    (await w.call<OnCall>('GET', `/api/on-call?at=${moment}`)).items.map((one) => `${one.person} ${one.since} ${one.until}`);
  for (const [moment, who] of [
    ['2026-03-28T08:00:00Z', []],
    ['2026-03-28T13:00:00Z', ['ana 2026-03-28T08:10:00Z 2026-03-28T20:00:00Z']],
    ['2026-03-29T02:29:59Z', ['carl 2026-03-28T20:00:00Z 2026-03-29T02:30:00Z']],
    ['2026-03-29T02:30:00Z', ['ana 2026-03-29T02:30:00Z 2026-03-29T07:00:00Z']],
    ['2026-03-29T12:00:00Z', ['ben 2026-03-29T07:00:00Z 2026-03-29T15:00:00Z']],
    ['2026-04-02T11:00:00Z', ['carl 2026-04-02T07:00:00Z 2026-04-02T12:00:00Z']],
    ['2026-04-02T12:00:00Z', []],
  ] as const)
    expect(await at(moment), moment).toEqual(who);
});

test('versions of a schedule and a policy: from when to when, by whom, through what and what is different, also of one that is gone', async () => {
  const w = await startServer({ at: '2026-03-02T12:00:00Z' });
  await withPeople(w);
  await w.call('PUT', '/api/people/ana', { ...person('ana'), role: 'manager' });
  const { token } = await w.call<{ token: string }>('POST', '/api/tokens', {
    name: 'ana-key',
    person: 'ana',
    role: 'manager',
  });
  const asAna = { authorization: `Bearer ${token}` };
  await w.call('PUT', '/api/schedules/web', turns(['ana', 'ben']));
  await w.call('PUT', '/api/escalation-policies/turns', {
    steps: [{ targets: [{ schedule: 'web' }] }, { targets: [{ webhook: 'https://example.com/secret-path' }] }],
  });
  await to(w, '2026-03-03T12:00:00Z');
  const night = {
    name: 'nights',
    role: 'secondary',
    rotation: { unit: 'week' },
    starts: '2026-03-02T20:00',
    participants: ['dora'],
  };
  const second = turns(['ana', 'carl'], { time_zone: 'Europe/Lisbon', title: 'Web' });
  expect((await w.request('PUT', '/api/schedules/web', { ...second, layers: [...second.layers, night] }, asAna)).status).toBe(
    200,
  );
  // The same again is no version.
  await w.call('PUT', '/api/schedules/web', { ...second, layers: [...second.layers, night] });
  await w.request(
    'PUT',
    '/api/escalation-policies/turns',
    { steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 600 }], repeat: 3, fallback: { team: 'x', who: 'lead' } },
    asAna,
  );
  await w.call('PUT', '/api/escalation-policies/turns', {
    steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 600 }],
    repeat: 3,
    fallback: { person: 'ben' },
  });
  await to(w, '2026-03-04T12:00:00Z');
  await w.call('PUT', '/api/escalation-policies/turns', { steps: [{ targets: [{ person: 'ana' }] }] });
  await w.call('DELETE', '/api/schedules/web');
  await w.call('DELETE', '/api/escalation-policies/turns');
  await to(w, '2026-03-05T12:00:00Z');
  await w.call('PUT', '/api/schedules/web', turns(['dora']));

  const web = await w.call<History>('GET', '/api/schedules/web/history');
  expect(web.complete).toBe(true);
  expect(web.items.map((one) => [one.from.slice(8, 10), one.to?.slice(8, 10) ?? null, one.action, one.by, one.source])).toEqual([
    ['05', null, 'made', 'test', 'api'],
    ['04', '05', 'removed', 'test', 'api'],
    ['03', '04', 'saved', 'ana', 'api'],
    ['02', '03', 'made', 'test', 'api'],
  ]);
  expect(web.items[2]?.text).toEqual([
    'Title: Web.',
    'Time zone: Europe/Lisbon, was Europe/Amsterdam.',
    'Layer nights is new: secondary, dora.',
    'Layer days: carl in, ben out; turns are now ana, carl.',
  ]);
  const policy = await w.call<History>('GET', '/api/escalation-policies/turns/history');
  expect(policy.items.map((one) => [one.action, ...one.text])).toEqual([
    ['removed'],
    ['saved', 'Rounds after the first: 2, was 3.', 'Step 1 waits 5 min, was 10 min.', 'At the end: nobody, was ben.'],
    [
      'saved',
      'Rounds after the first: 3, was 2.',
      'Step 1 pages ana, was everyone of web.',
      'Step 1 waits 10 min, was 5 min.',
      'Step 2 is gone: it paged a webhook of example.com.',
      'At the end: ben, was nobody.',
    ],
    ['made'],
  ]);
  const thenOf = async (path: string) => {
    const response = await w.request('GET', path);
    return [response.status, (await response.json()) as { title?: string; detail?: string; layers?: unknown[] }] as const;
  };
  expect(await thenOf('/api/schedules/web?at=2026-03-03T13:00:00Z')).toMatchObject([
    200,
    { title: 'Web', time_zone: 'Europe/Lisbon' },
  ]);
  expect(await thenOf('/api/escalation-policies/turns?at=2026-03-02T13:00:00Z')).toMatchObject([200, { repeat: 2 }]);
  for (const [path, detail] of [
    [
      'schedules/web?at=2026-03-02T11:00:00Z',
      'Schedule web has no version of 2026-03-02T11:00:00Z: it was made at 2026-03-02T12:00:00Z',
    ],
    [
      'schedules/web?at=2026-03-04T13:00:00Z',
      'Schedule web has no version of 2026-03-04T13:00:00Z: it was removed at 2026-03-04T12:00:00Z',
    ],
    [
      'escalation-policies/turns?at=2026-03-05T13:00:00Z',
      'Escalation policy turns has no version of 2026-03-05T13:00:00Z: it was removed at 2026-03-04T12:00:00Z',
    ],
    ['schedules/nothing/history', 'Schedule nothing not found'],
    ['escalation-policies/nothing/history', 'Escalation policy nothing not found'],
    ['schedules/nothing?at=2026-03-05T13:00:00Z', 'Schedule nothing not found'],
  ] as const)
    expect(await thenOf(`/api/${path}`), path).toMatchObject([404, { detail }]);

  // What was before histories were kept is said to be unknown, not guessed.
  await w.system(({ tx }) => tx.updateTable('schedule_versions').set({ made: false, saved_by: null, source: null }).execute());
  expect((await w.call<History>('GET', '/api/schedules/web/history')).items.at(-1)).toMatchObject({
    action: 'found',
    by: null,
    changes: [],
  });
  const unknown = await w.call<OnCall>('GET', '/api/on-call?at=2026-03-01T12:00:00Z');
  expect(unknown).toMatchObject({
    items: [],
    unknown: [{ schedule: 'web', since: '2026-03-02T12:00:00Z' }, { schedule: 'web' }],
  });
  const cli = (...line: string[]) => allclear(w, line);
  const shown = await cli('history', 'schedule', 'web');
  expect(shown.out).toContain('Title: Web. Time zone: Europe/Lisbon');
  expect(shown.out).toContain('What it said before the oldest of these is not known.');
  expect(JSON.parse((await cli('history', 'policy', 'turns', '--at', '2026-03-03T13:00Z')).out)).toMatchObject({ repeat: 3 });
  expect((await cli('oncall', '--at', '2026-03-01T12:00Z')).err).toContain(
    'What web said before 2026-03-02 12:00Z is not known.',
  );
  expect((await cli('history', 'schedule', 'nothing')).err).toContain('Schedule nothing not found');
});

test('of saves at one time each is a version, in the order in which they were made', async () => {
  const w = await startWorld();
  await withPeople(w);
  await w.call('PUT', '/api/schedules/web', turns(['ana', 'ben'], { title: 'first' }));
  await Promise.all([1, 2, 3, 4].map((n) => w.call('PUT', '/api/schedules/web', turns(['ana', 'ben'], { title: `title ${n}` }))));
  const { items } = await w.call<History>('GET', '/api/schedules/web/history');
  expect(items).toHaveLength(5);
  expect(new Set(items.map((one) => one.from)).size).toBe(5);
  const { title } = await w.call<{ title: string }>('GET', '/api/schedules/web');
  await w.clock.setTime(w.clock.now() + 1000);
  expect(await w.call('GET', `/api/schedules/web?at=${w.now()}`)).toMatchObject({ title });
});
