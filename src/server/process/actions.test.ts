import { expect, test } from 'vitest';
import { startWorld } from '../../../test/harness.ts';
import type { PlanResult } from '../../contract/process.ts';
import { remarkText } from './source.ts';
import { example } from './testing.ts';

type World = Awaited<ReturnType<typeof startWorld>>;
type Options = { prune?: boolean; allow_unpaged?: boolean };
const files = (text: string) => [{ name: 'a.yaml', text }];
const plan = (world: World, text: string, options: Options = {}) =>
  world.call<PlanResult>('POST', '/api/process/plan', { files: files(text), ...options });
const apply = (world: World, text: string, options: Options = {}) =>
  world.call<PlanResult>('POST', '/api/process/apply', { files: files(text), ...options });
const refusal = async (
  world: World,
  text: string,
  options: Options = {},
): Promise<{ status: number; detail: string; field?: string }> => {
  const response = await world.request('POST', '/api/process/apply', { files: files(text), ...options });
  return { status: response.status, ...((await response.json()) as { detail: string; field?: string }) };
};
const exported = async (world: World) => (await world.call<{ text: string }>('GET', '/api/process/export')).text;
const journalled = async (world: World) =>
  (await world.call<{ items: { type: string }[] }>('GET', '/api/journal?limit=200')).items.length;
const verbs = (result: PlanResult) =>
  result.changes.filter((one) => one.change !== 'keep').map((one) => `${one.change} ${one.kind} ${one.name}`);

const SMALL = `people:
  - {name: ana, display_name: Ana, email: ana@example.com}
  - {name: ben, display_name: Ben, email: ben@example.com}
teams: [{name: core, lead: ana, members: [ana, ben]}]
escalation_policies: [{name: core, steps: [{targets: [{team: core}]}]}]
services: [{name: api, team: core, escalation_policy: core}]
integrations: [{name: prom, service: api, key: 0123456789abcdef}]
routing: [{name: one, set: {service: api}}, {name: two}]
`;

test.each(['organisation.yaml', 'wiki-short-forms.yaml'])(
  '%s: planned, applied, the same again, exported, planned, moved to another installation',
  async (name) => {
    const { text } = example(name);
    const world = await startWorld();
    const before = await journalled(world);
    const planned = await plan(world, text);
    expect(planned).toMatchObject({ has_changes: true, problems: [], pages_nobody: [] });
    expect(await journalled(world)).toBe(before);

    const applied = await apply(world, text);
    expect(applied.changes).toEqual(planned.changes);
    const after = await journalled(world);
    expect(after).toBeGreaterThan(before);

    expect((await plan(world, text, { prune: true })).text).toMatch(/^No changes/);
    expect((await apply(world, text, { prune: true })).has_changes).toBe(false);
    expect(await journalled(world)).toBe(after);

    const out = await exported(world);
    expect(await plan(world, out, { prune: true })).toMatchObject({ has_changes: false, problems: [] });
    await world.stop();

    const other = await startWorld();
    await apply(other, out);
    expect(await exported(other)).toBe(out);
  },
);

test('an empty installation exports a file that plans to nothing', async () => {
  const world = await startWorld();
  expect(await plan(world, await exported(world), { prune: true })).toMatchObject({ has_changes: false, problems: [] });
});

test('all or nothing: what the product refuses is told by plan and apply alike, with its place, and nothing is left behind', async () => {
  const world = await startWorld();
  const text = SMALL.replace('{name: two}', '{name: two, when: {name: x, op: "=~", value: "("}}');
  const planned = await plan(world, text);
  expect(planned.problems.map(remarkText)).toEqual([
    expect.stringMatching(/^a\.yaml:8:\d+: routing two when\.value: not an RE2 expression/),
  ]);
  const refused = await refusal(world, text);
  expect(refused.status).toBe(422);
  expect(refused.detail).toBe(planned.problems.map(remarkText)[0]);
  expect(refused.field).toMatch(/^a\.yaml:8:\d+$/);
  expect((await plan(world, SMALL)).changes.every((one) => one.change === 'create' || one.kind === 'settings')).toBe(true);
});

test('every problem in every file is in one answer', async () => {
  const world = await startWorld();
  const { detail } = await refusal(world, 'people: [{name: A}]\nteams: [{name: t, lead: nobody}]\nservces: []');
  expect(detail.split('\n')).toHaveLength(4);
  expect(
    (await plan(world, 'people: [{name: zoe, display_name: Zoe, email: zoe@example.com, holidays: QQ}]')).problems.map(
      remarkText,
    ),
  ).toEqual([expect.stringContaining('no public holidays are known for QQ')]);
  expect((await plan(world, 'teams: [{name: t, lead: nobody}]')).problems.map(remarkText)).toEqual([
    'a.yaml:1:25: there is no person named nobody',
  ]);
});

test('what pages nobody is refused unless it is allowed', async () => {
  const world = await startWorld();
  const text = SMALL.replaceAll('email: ana@example.com', 'email: ana@example.com, active: false').replaceAll(
    'email: ben@example.com',
    'email: ben@example.com, active: false',
  );
  const why =
    'a.yaml:6:12: service api would page nobody: no step of escalation policy core can reach an active person (step 1: team core: ana is not active, ben is not active; fallback: there is none)';
  expect((await plan(world, text)).pages_nobody.map(remarkText)).toEqual([why]);
  expect(await refusal(world, text)).toMatchObject({ status: 422, detail: why, field: 'a.yaml:6:12' });
  await apply(world, text, { allow_unpaged: true });
  expect((await refusal(world, 'services: [{name: lonely}]')).detail).toBe(
    'a.yaml:1:12: service lonely would page nobody: it has no escalation_policy',
  );
  // What paged nobody before and is not in the files is a warning.
  const other = await plan(world, 'people: [{name: cy, display_name: Cy, email: cy@example.com}]');
  expect(other.pages_nobody).toEqual([]);
  expect(other.warnings.map((one) => one.message)).toContainEqual(expect.stringMatching(/^service api would page nobody/));
});

test('a change elsewhere that would leave a service without anybody is refused too', async () => {
  const world = await startWorld();
  await apply(world, SMALL);
  const { detail } = await refusal(
    world,
    'people: [{name: ana, display_name: Ana, email: ana@example.com, active: false}, {name: ben, display_name: Ben, email: ben@example.com, active: false}]',
  );
  expect(detail).toMatch(/^service api would page nobody: /);
});

test('whom the files deactivate is let go last, and not while something counts on her', async () => {
  const world = await startWorld();
  const text = (ben: string, participants: string) => `people:
  - {name: ana, display_name: Ana, email: ana@example.com}
  - {name: ben, display_name: Ben, email: ben@example.com${ben}}
schedules:
  - {name: rota, time_zone: UTC, layers: [{name: all, rotation: {every: 1, unit: week}, starts: "2026-01-05T09:00", participants: [${participants}]}]}
escalation_policies: [{name: core, steps: [{targets: [{schedule: rota}]}]}]
services: [{name: api, escalation_policy: core}]
`;
  await apply(world, text('', 'ana, ben'));
  expect((await refusal(world, text(', active: false', 'ana, ben'))).detail).toMatch(/^a\.yaml:3:\d+: .*ben takes turns in rota/);
  expect(await world.call('GET', '/api/people/ben')).toMatchObject({ active: true });
  expect(verbs(await apply(world, text(', active: false', 'ana')))).toEqual(['update people ben', 'update schedules rota']);
  expect(await world.call('GET', '/api/people/ben')).toMatchObject({ active: false });
  await apply(world, text('', 'ana, ben'));
  expect(await world.call('GET', '/api/people/ben')).toMatchObject({ active: true });
});

test('a key that is present speaks for its kind, with prune; in an order that nothing hangs on', async () => {
  const world = await startWorld();
  await apply(world, SMALL);
  const less =
    'people: [{name: ana, display_name: Ana, email: ana@example.com}]\nteams: []\nescalation_policies: []\nservices: []\nintegrations: []\nrouting: [{name: two}]\n';
  expect((await plan(world, less)).text).toMatch(/= ben {2}not in the files \(kept\)/);
  expect(verbs(await plan(world, less))).toEqual([]);
  expect(verbs(await apply(world, less, { prune: true }))).toEqual([
    'delete people ben',
    'delete teams core',
    'delete escalation_policies core',
    'delete services api',
    'delete integrations prom',
    'delete routing one',
  ]);
  expect((await plan(world, less, { prune: true })).has_changes).toBe(false);
  const out = await exported(world);
  expect(out).not.toMatch(/ben|core|api|prom|name: one/);
  await apply(world, SMALL);
  expect((await plan(world, SMALL, { prune: true })).has_changes).toBe(false);
});

test('removing what something left alone counts on is refused', async () => {
  const world = await startWorld();
  await apply(world, SMALL);
  expect((await refusal(world, 'teams: []', { prune: true })).detail.split('\n')).toEqual([
    'escalation_policies core (not in the files) names team core, which would be removed',
    'services api (not in the files) names team core, which would be removed',
  ]);
});

test('contact methods: the order they came in stays, addresses are written any way, proof is not taken back', async () => {
  const world = await startWorld();
  const person = (methods: string) =>
    `people: [{name: ana, display_name: Ana, email: ana@example.com, contact_methods: [${methods}]}]`;
  const phone = '{label: phone, channel: sms, address: "+31612345678", verified: true}';
  const mail = '{label: mail, channel: email, address: ana@example.com}';
  await apply(world, person(`${phone}, ${mail}`));
  for (const same of [
    `${phone}, ${mail}`,
    `${mail}, ${phone}`,
    `${phone.replace('+31612345678', '+31 6 1234 5678').replace(', verified: true', '')}, ${mail}`,
  ])
    expect((await plan(world, person(same), { prune: true })).text).toMatch(/^No changes/);
  expect((await plan(world, person('{label: phone, channel: sms, address: "12"}'))).problems.map(remarkText)).toEqual([
    expect.stringMatching(/^a\.yaml:1:\d+: expected an address for sms, got "12"/),
  ]);
  expect((await plan(world, person(`${phone}, {label: web, channel: voice, address: "+31612345679"}`))).text).toContain(
    '- contact_methods[mail]:',
  );
});

test('silences: what ended is not spoken of, what was ended by hand stays so', async () => {
  const world = await startWorld();
  const silence = (ends: string) => `${SMALL}silences: [{name: quiet, comment: why, services: [api], ends_at: "${ends}"}]`;
  await apply(world, silence('2026-03-02T15:00:00+01:00'));
  expect((await plan(world, silence('2026-03-02T14:00:00Z'), { prune: true })).has_changes).toBe(false);
  expect(await exported(world)).toContain('ends_at: "2026-03-02T14:00:00Z"');
  const { items } = await world.call<{ items: { id: string }[] }>('GET', '/api/silences');
  await world.call('DELETE', `/api/silences/${items[0]?.id}`);
  const again = await plan(world, silence('2026-03-02T14:00:00Z'));
  expect(again.has_changes).toBe(false);
  expect(again.warnings.map((one) => one.message)).toContainEqual(expect.stringMatching(/ended by hand/));
  expect(verbs(await apply(world, silence('2026-03-02T15:00:00Z')))).toEqual(['create silences quiet']);
  expect(verbs(await apply(world, `${SMALL}silences: []`, { prune: true }))).toEqual(['delete silences quiet']);
  await apply(world, silence('2026-03-02T13:00:00Z'));
  await world.fastForward('2h');
  expect((await plan(world, silence('2026-03-02T13:00:00Z'), { prune: true })).has_changes).toBe(false);
  expect(await exported(world)).not.toContain('silences:');
});

test('secrets: kept as references, shown as …, and the stored ones survive a round trip', async () => {
  const world = await startWorld();
  const text = `${SMALL}settings: {channels: {email: {host: smtp.example.com, from: "Allclear <a@example.com>", username: u, password: hunter2}}}`;
  const planned = await apply(world, text);
  expect(JSON.stringify(planned)).not.toMatch(/hunter2|0123456789abcdef/);
  const out = await exported(world);
  expect(out).toContain('password: ${env:ALLCLEAR_EMAIL_PASSWORD}');
  expect(out).not.toContain('hunter2');
  expect((await apply(world, out, { prune: true })).has_changes).toBe(false);
  expect((await plan(world, text)).has_changes).toBe(false);
  await apply(world, text.replace('hunter2', '"${env:ALLCLEAR_TEST_NOT_SET}"'));
  expect(await exported(world)).toContain('password: ${env:ALLCLEAR_TEST_NOT_SET}\n');
  expect(JSON.stringify(await world.call('GET', '/api/journal?limit=200'))).not.toMatch(/hunter2|0123456789abcdef/);
});

test('a channel that is set up wrongly is refused where it is written', async () => {
  const world = await startWorld();
  expect(
    (
      await plan(world, 'settings:\n  channels:\n    email:\n      host: h\n      port: 99999\n      from: a@example.com')
    ).problems.map(remarkText),
  ).toEqual([expect.stringMatching(/^a\.yaml:5:13: settings channels\.email\.port: /)]);
});

test('order and what the pager does not act on are kept', async () => {
  const world = await startWorld();
  const text = `${SMALL}severities: [{level: B}, {level: A}, {level: C}]\nschedules: [{name: s, time_zone: UTC, layers: [], policies: {after_hours_comp: [1, {x: y}]}}]\n`;
  await apply(world, text);
  const moved = text.replace('{level: B}, {level: A}', '{level: A}, {level: B}');
  expect((await plan(world, moved)).text).toMatch(/severities:\n {2}~ [AB]\n {6}~ position: \d → \d\n\n0 to create, 1 to change/);
  await apply(world, moved);
  expect((await plan(world, moved, { prune: true })).has_changes).toBe(false);
  expect(await exported(world)).toMatch(/level: A[\s\S]*level: B[\s\S]*level: C/);
  expect(await exported(world)).toContain('after_hours_comp:');
  await apply(world, moved.replace(', policies: {after_hours_comp: [1, {x: y}]}', ''));
  expect(await exported(world)).not.toContain('after_hours_comp');
  await apply(world, 'severities: []', { prune: true });
  expect(await exported(world)).not.toContain('severities:');
});

test('only administrators; the schema is for anybody', async () => {
  const world = await startWorld();
  const { token } = await world.call<{ token: string }>('POST', '/api/tokens', { name: 'm', role: 'manager' });
  const as = (method: string, path: string, body?: unknown) =>
    world.request(method, path, body, { authorization: `Bearer ${token}` });
  for (const verb of ['plan', 'apply'])
    expect((await as('POST', `/api/process/${verb}`, { files: files(SMALL) })).status).toBe(403);
  expect((await as('GET', '/api/process/export')).status).toBe(403);
  const schema = await world.request('GET', '/api/process/schema.json', undefined, { authorization: '' });
  expect(schema.status).toBe(200);
  expect(Object.keys(((await schema.json()) as { properties: object }).properties)).toContain('escalation_policies');
});
