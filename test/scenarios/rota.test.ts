import { expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import type { rotaProposal, rotaScore } from '../../src/contract/rota.ts';
import { startSmtp } from '../fakes/smtp.ts';
import { startWorld, type World } from '../harness.ts';

type Proposal = z.output<typeof rotaProposal>;
type Score = z.output<typeof rotaScore>;

/** Monday, 2 March 2026; clocks in Amsterdam go forward on 29 March. */
const PEOPLE = ['ana', 'ben', 'cem', 'dara'];
const layer = (more: object = {}) => ({
  name: 'week',
  rotation: { unit: 'week' },
  starts: '2026-01-05T09:00',
  participants: PEOPLE,
  ...more,
});

const ready = async (layers: object[] = [layer()], policies?: object): Promise<World> => {
  const world = await startWorld();
  for (const name of PEOPLE)
    await world.call('PUT', `/api/people/${name}`, {
      display_name: name[0]!.toUpperCase() + name.slice(1),
      email: `${name}@example.com`,
      time_zone: 'Europe/Amsterdam',
      ...(name === 'ana' ? { holidays: 'NL' } : {}),
    });
  await world.call('PUT', '/api/schedules/ops', { time_zone: 'Europe/Amsterdam', layers, ...(policies ? { policies } : {}) });
  return world;
};
const propose = (world: World, more: object = {}) =>
  world.call<Proposal>('POST', '/api/schedules/ops/rota-proposals', { from: '2026-03-09T00:00:00Z', weeks: 8, ...more });
const who = ({ turns }: Proposal) => turns.map(({ person }) => person);
const shiftsIn = async (world: World, { starts, ends }: { starts: string; ends: string }) =>
  (
    await world.call<{ items: { person: string; starts: string; ends: string; role: string }[] }>(
      'GET',
      `/api/schedules/ops/shifts?from=${starts}&to=${ends}`,
    )
  ).items.map(({ person, role, starts: s, ends: e }) => [person, role, s, e]);

test('a rota keeps clear of leave, is reasoned, put in force by one step and taken back by one', async () => {
  const world = await ready();
  const before = await world.call('GET', '/api/schedules/ops');
  // Ana would have the turns from 30 March and 27 April; away in the second.
  await world.call('POST', '/api/people/ana/leave', { first_day: '2026-04-28', last_day: '2026-04-29' });
  await world.call('PUT', '/api/people/ben/rota-preferences', { avoid_weekdays: [], avoid_days: ['2026-03-12'] });
  const proposal = await propose(world);
  expect(proposal).toMatchObject({ state: 'proposed', stale: false, relaxed: [], layers: ['week'], quality: { proven: true } });
  expect(proposal.turns).toHaveLength(8);
  expect(proposal.turns[0]).toMatchObject({ starts: '2026-03-09T08:00:00Z', ends: '2026-03-16T08:00:00Z', layer: 'week' });
  expect(proposal.turns.at(-1)?.ends).toBe('2026-05-04T07:00:00Z');
  // Two turns each, two weeks apart at least, nobody while away, and not Ben on the day he would rather not.
  expect(
    Map.groupBy(who(proposal), (one) => one)
      .values()
      .map((own) => own.length)
      .toArray(),
  ).toEqual([2, 2, 2, 2]);
  const last = proposal.turns.at(-1);
  expect(last?.person).not.toBe('ana');
  expect(last?.others.find(({ person }) => person === 'ana')?.reason).toBe('Away Tue 28 Apr to Wed 29 Apr.');
  expect(proposal.turns[0]?.person).not.toBe('ben');
  expect(proposal.turns[0]?.reason).toMatch(
    /^\w+ has 33\d(\.\d)? h in this plan of a fair share of [\d.]+ h, and had \d+ h in the 12 weeks before\. .*\.$/,
  );
  expect(proposal.score.after.total).toBeGreaterThan(proposal.score.before.total);
  expect(await world.call('GET', '/api/schedules/ops')).toEqual(before);

  const inForce = await world.call<Proposal>('PUT', `/api/rota-proposals/${proposal.id}`, { state: 'in_force' });
  expect(inForce).toMatchObject({ state: 'in_force', decided_by: 'test' });
  expect(await shiftsIn(world, proposal)).toEqual(
    proposal.turns.map(({ person, role, starts, ends }) => [person, role, starts, ends]),
  );
  const score = await world.call<Score>('GET', `/api/schedules/ops/rota-score?from=${proposal.starts}&to=${proposal.ends}`);
  expect(score).toEqual(proposal.score.after);
  // The next plan takes the place of this one, and is of the rotation beneath it.
  const next = await propose(world, { weeks: 4 });
  expect(next.layers).toEqual(['week']);
  expect(next.turns.map(({ starts }) => starts)).toEqual(proposal.turns.slice(0, 4).map(({ starts }) => starts));
  await world.call('PUT', `/api/rota-proposals/${next.id}`, { state: 'in_force' });
  expect((await shiftsIn(world, next)).map(([person]) => person)).toEqual(who(next));
  await world.call('PUT', `/api/rota-proposals/${next.id}`, { state: 'taken_back' });

  await world.call('PUT', `/api/rota-proposals/${proposal.id}`, { state: 'taken_back' });
  expect(await world.call('GET', '/api/schedules/ops')).toEqual(before);
});

test('each whose turns become others is told once, what was and what is; whoever did it, and who keeps theirs, is not', async () => {
  const world = await ready([layer({ ends: '2026-03-23T09:00' }), layer({ name: 'later', starts: '2026-03-23T09:00' })]);
  const smtp = await startSmtp();
  onTestFinished(smtp.stop);
  const email = { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'pager@allclear.test' };
  await world.call('PUT', '/api/settings', { channels: { email } });
  await world.call('PUT', '/api/people/cem', { display_name: 'Cem', email: 'cem@example.com', role: 'manager' });
  const shifts = (own: string[][], name: string) => own.filter(([person]) => person === name).length;
  const proposal = await propose(world, { layers: ['later'], people: ['ana', 'ben'], weeks: 6 });
  const before = await shiftsIn(world, proposal);
  const { token } = await world.call<{ token: string }>('POST', '/api/tokens', {
    name: 'of-cem',
    role: 'manager',
    person: 'cem',
  });
  const decide = async (state: string, headers: Record<string, string> = {}) => {
    smtp.received.length = 0;
    const path = `/api/rota-proposals/${proposal.id}`;
    expect((await world.request('PUT', path, { state }, headers)).status).toBe(200);
    await world.settle();
    return smtp.received.map(({ to }) => to[0]?.split('@')[0]).sort();
  };
  // Cem has none of them any more, and knows.
  expect(await decide('in_force', { authorization: `Bearer ${token}` })).toEqual(['ana', 'ben', 'dara']);
  const after = await shiftsIn(world, proposal);
  const text = (name: string) => smtp.received.find(({ to }) => to[0]?.startsWith(name))?.mail.text ?? '';
  expect(text('ana')).toContain('put a new rota in force, from ');
  expect(text('dara')).toMatch(/From now on:? *none/);
  expect(text('ana').match(/ to \w{3},? \w/g)).toHaveLength(1 + shifts(before, 'ana') + shifts(after, 'ana'));
  expect(await decide('in_force')).toEqual([]);
  expect(await decide('taken_back')).toEqual(['ana', 'ben', 'cem', 'dara']);
  expect(text('dara')).toMatch(/Until now:? *none/);
});

test('a turn nobody can have whole is split by days, and a day nobody can have is a gap that says why', async () => {
  const world = await ready();
  for (const [name, day] of [
    ['ana', '2026-03-10'],
    ['ben', '2026-03-12'],
    ['cem', '2026-03-10'],
    ['dara', '2026-03-10'],
    ['ana', '2026-03-14'],
    ['ben', '2026-03-14'],
    ['cem', '2026-03-14'],
    ['dara', '2026-03-14'],
  ])
    await world.call('POST', `/api/people/${name}/leave`, { first_day: day });
  const proposal = await propose(world, { weeks: 2 });
  const first = proposal.turns.filter(({ starts }) => starts < '2026-03-16T08:00:00Z');
  expect(first.length).toBeGreaterThan(2);
  expect(first.find(({ person }) => person === null)).toMatchObject({
    starts: '2026-03-13T08:00:00Z',
    reason: expect.stringContaining('Nobody can have it: Ana: Away Sat 14 Mar.'),
  });
  expect(first.find(({ person }) => person !== null)?.reason).toContain(
    'Nobody can have the whole turn, so it is split by days.',
  );
  await world.call('PUT', `/api/rota-proposals/${proposal.id}`, { state: 'in_force' });
  const made = (await shiftsIn(world, proposal)).map(([person, , starts, ends]) => [person, starts, ends]);
  expect(made).toEqual(proposal.turns.flatMap(({ person, starts, ends }) => (person ? [[person, starts, ends]] : [])));
  await world.call('PUT', `/api/rota-proposals/${proposal.id}`, { state: 'taken_back' });
  expect(await world.call('GET', `/api/schedules/ops/overrides?from=${proposal.starts}&to=${proposal.ends}`)).toEqual({
    items: [],
  });
});

test('nobody is first and second at once, nor on call in two schedules, and what stands is kept', async () => {
  const world = await ready([layer(), layer({ name: 'second', role: 'secondary' })]);
  await world.call('PUT', '/api/schedules/other', {
    time_zone: 'UTC',
    layers: [
      { name: 'all', rotation: { unit: 'week' }, starts: '2026-03-09T09:00', ends: '2026-03-16T09:00', participants: ['dara'] },
    ],
  });
  await world.call('POST', '/api/schedules/ops/overrides', {
    kind: 'replace',
    person: 'cem',
    role: 'primary',
    starts: '2026-03-16T08:00:00Z',
    ends: '2026-03-23T08:00:00Z',
  });
  const proposal = await propose(world, { weeks: 4 });
  const at = (starts: string) => proposal.turns.filter((turn) => turn.starts === starts);
  expect(at('2026-03-09T08:00:00Z').map(({ person }) => person)).not.toContain('dara');
  expect(at('2026-03-09T08:00:00Z')[0]?.others.find(({ person }) => person === 'dara')?.reason).toMatch(/^On call in other /);
  // Only the second is open beside the override.
  expect(at('2026-03-16T08:00:00Z').map(({ role }) => role)).toEqual(['secondary']);
  expect(at('2026-03-16T08:00:00Z')[0]?.person).not.toBe('cem');
  for (const { starts } of proposal.turns) expect(new Set(at(starts).map(({ person }) => person)).size).toBe(at(starts).length);
  expect(proposal.turns.every(({ person }) => person !== null)).toBe(true);
  // Two roles among four people leave nobody two free weeks.
  expect(proposal.relaxed[0]).toMatch(/has 7 days free before .*, and 14 days are asked for/);
});

test('what changed meanwhile stops it: the schedule, leave, time', async () => {
  const world = await ready();
  const refused = async (id: string, status: number, headers: Record<string, string> = {}) => {
    const answer = await world.request('PUT', `/api/rota-proposals/${id}`, { state: 'in_force' }, headers);
    expect(answer.status).toBe(status);
    return ((await answer.json()) as { detail: string }).detail;
  };
  const proposal = await propose(world);
  const [first] = proposal.turns;
  const tag = (await world.request('GET', `/api/rota-proposals/${proposal.id}`)).headers.get('etag') as string;
  await world.call('POST', `/api/people/${first?.person}/leave`, { first_day: '2026-03-12' });
  expect(await refused(proposal.id, 409)).toMatch(/is away in a turn of it by now/);
  await world.call('PUT', '/api/schedules/ops', {
    time_zone: 'Europe/Amsterdam',
    layers: [layer({ participants: ['ana', 'ben'] })],
  });
  expect(await world.call('GET', `/api/rota-proposals/${proposal.id}`)).toMatchObject({ stale: true });
  expect(await refused(proposal.id, 409)).toMatch(/schedule was changed/);
  await refused(proposal.id, 412, { 'if-match': tag });
});

test('what makes no plan is refused, with the field', async () => {
  const world = await ready();
  for (const [input, field] of [
    [{ weeks: 27 }, 'weeks'],
    [{ layers: ['no'] }, 'layers.0'],
    [{ people: ['nobody'] }, 'people'],
    [{ from: '2028-01-01T00:00:00Z' }, 'from'],
  ] as const)
    await expect(propose(world, input)).rejects.toThrow(field);
});
