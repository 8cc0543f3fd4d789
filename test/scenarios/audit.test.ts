import { expect, test } from 'vitest';
import type { z } from 'zod';
import type { journalEntry } from '../../src/contract/incident.ts';
import { startWorld, type World } from '../harness.ts';

type Entry = z.infer<typeof journalEntry>;
type Page = { items: Entry[]; next: string | null };
type Change = { field: string; before: unknown; after: unknown };

const newest = async (world: World, query = ''): Promise<Entry[]> =>
  (await world.call<Page>('GET', `/api/journal?${query}`)).items;
/** What the newest entry of a type says was changed, as `field: before → after`. */
const changesOf = async (world: World, type: string): Promise<string[]> => {
  const [entry] = await newest(world, `type=${type}`);
  return ((entry?.data.changes ?? []) as Change[]).map(
    (one) => `${one.field}: ${JSON.stringify(one.before)} → ${JSON.stringify(one.after)}`,
  );
};

test('what is saved is kept as before and after, whatever it is; secrets are hidden', async () => {
  const world = await startWorld();
  const { call } = world;
  const person = { display_name: 'Ana', email: 'ana@example.com', role: 'responder' };
  const layer = { name: 'days', rotation: { unit: 'day' }, starts: '2026-03-01T09:00', participants: ['ana'] };
  const steps = [{ targets: [{ person: 'ana' }], escalate_after_seconds: 300 }];
  await call('PUT', '/api/people/ana', person);
  await call('PUT', '/api/people/ben', { ...person, display_name: 'Ben', email: 'ben@example.com' });
  await call('PUT', '/api/teams/ops', { members: ['ana'] });
  await call('PUT', '/api/schedules/rota', { time_zone: 'UTC', layers: [layer] });
  await call('PUT', '/api/escalation-policies/turns', { steps });
  await call('PUT', '/api/services/web', {});
  await call('PUT', '/api/integrations/monitor', { service: 'web', key: 'the-first-key-1' });
  await call('PUT', '/api/heartbeats/cron', { integration: 'monitor', interval_seconds: 60 });
  await call('PUT', '/api/settings', {
    channels: { email: { host: 'a.example', from: 'a@example.com', username: 'pager', password: 'hunter2' } },
  });
  await call('PUT', '/api/silences/quiet', { comment: 'x', services: ['web'], ends_at: '2026-03-09T00:00:00Z' });
  await call('PUT', '/api/routing', { items: [{ name: 'first', set: { service: 'web' } }] });

  const cases: [string, string, object, string, string[]][] = [
    ['PUT', '/api/people/ana', { ...person, role: 'manager' }, 'person.saved', ['role: "responder" → "manager"']],
    ['PUT', '/api/teams/ops', { members: ['ana', 'ben'] }, 'team.saved', ['members: ["ana"] → ["ana","ben"]']],
    [
      'PUT',
      '/api/schedules/rota',
      { time_zone: 'UTC', layers: [{ ...layer, participants: ['ben'] }] },
      'schedule.saved',
      ['layers.days.participants: ["ana"] → ["ben"]'],
    ],
    [
      'PUT',
      '/api/escalation-policies/turns',
      { steps: [{ ...steps[0], escalate_after_seconds: 60 }] },
      'escalation_policy.saved',
      ['steps.0.escalate_after_seconds: 300 → 60'],
    ],
    [
      'PUT',
      '/api/services/web',
      { escalation_policy: 'turns', team: 'ops' },
      'service.saved',
      ['team: null → "ops"', 'escalation_policy: null → "turns"'],
    ],
    ['PUT', '/api/integrations/monitor', { service: 'web', key: 'the-second-key' }, 'integration.saved', ['key: "…" → "…"']],
    [
      'PUT',
      '/api/heartbeats/cron',
      { integration: 'monitor', interval_seconds: 90 },
      'heartbeat.saved',
      ['interval_seconds: 60 → 90'],
    ],
    [
      'PUT',
      '/api/settings',
      { channels: { email: { host: 'b.example', from: 'a@example.com', username: 'pager', password: 'hunter3' } } },
      'settings.saved',
      ['channels.email.host: "a.example" → "b.example"', 'channels.email.password: "…" → "…"'],
    ],
    [
      'PUT',
      '/api/silences/quiet',
      { comment: 'y', services: ['web'], ends_at: '2026-03-09T00:00:00Z' },
      'silence.saved',
      ['comment: "x" → "y"'],
    ],
    [
      'PUT',
      '/api/routing',
      { items: [{ name: 'first', set: { service: 'web', urgency: 'high' } }] },
      'routing.saved',
      ['rules.first.set.urgency: null → "high"'],
    ],
    [
      'PUT',
      '/api/people/ana/reach',
      { contact_methods: [{ label: 'phone', channel: 'sms', address: '+31612345678' }] },
      'person.reach_saved',
      ['contact_methods.phone: null → {"label":"phone","address":"+31…678","channel":"sms"}'],
    ],
    ['POST', '/api/tokens', { name: 'ci', role: 'observer' }, 'token.created', ['name: null → "ci"', 'role: null → "observer"']],
  ];
  for (const [method, path, body, type, changes] of cases) {
    await call(method, path, body);
    expect([type, (await changesOf(world, type)).toSorted()]).toEqual([type, changes.toSorted()]);
  }
  // Saving the same again changes nothing, and says so.
  await call('PUT', '/api/services/web', { escalation_policy: 'turns', team: 'ops' });
  expect(await changesOf(world, 'service.saved')).toEqual([]);
  await call('DELETE', '/api/heartbeats/cron');
  const text = JSON.stringify(await newest(world, 'limit=200'));
  for (const secret of ['hunter2', 'hunter3', 'the-first-key-1', 'the-second-key']) expect(text).not.toContain(secret);
});

test('the log is narrowed by who, what, whence, when and words; subjects have their names', async () => {
  const world = await startWorld();
  await world.call('PUT', '/api/services/web', {});
  const { id } = await world.call<{ id: string }>('POST', '/api/incidents', { title: 'Checkout is down', service: 'web' });
  await world.fastForward('1h');
  const response = await world.request('POST', `/api/incidents/${id}/notes`, { text: 'On it' }, { 'x-allclear-client': 'cli' });
  expect(response.status).toBe(200);
  const types = async (query: string) => (await newest(world, query)).map((one) => one.type);
  expect(await types('subject=service')).toEqual(['service.saved']);
  expect(await types(`subject=incident:${id}&q=on+it`)).toEqual(['incident.note']);
  expect(await types('q=100%25')).toEqual([]);
  expect(await types('source=cli')).toEqual(['incident.note']);
  expect(await types('since=2026-03-02T12:30:00Z&actor=test')).toEqual(['incident.note']);
  expect(await types('until=2026-03-02T12:30:00Z&type=service.')).toEqual(['service.saved']);
  expect(await types('actor=nobody')).toEqual([]);
  const [note] = await newest(world, 'type=incident.note');
  expect(note?.subject_name).toBe('INC-2026-0001 Checkout is down');
  await world.call('PUT', '/api/services/gone', {});
  await world.call('DELETE', '/api/services/gone');
  expect((await newest(world, 'type=service.removed'))[0]).toMatchObject({
    subject_name: null,
    data: { changes: expect.arrayContaining([{ field: 'name', before: 'gone', after: null }]) },
  });
  expect((await world.request('GET', '/api/journal?subject=a b')).status).toBe(422);
});

test('the whole log of a filter as lines of JSON or as CSV that no spreadsheet takes for formulas', async () => {
  const world = await startWorld();
  await world.call('PUT', '/api/services/web', {});
  const { id } = await world.call<{ id: string }>('POST', '/api/incidents', { title: 'Down', service: 'web' });
  await world.call('POST', `/api/incidents/${id}/notes`, { text: '=HYPERLINK("http://evil")' });
  await world.system(async (ctx) => {
    const { journal, THE_ONLY } = await import('../../src/server/journal/actions.ts');
    const entry = { type: 'test.many', subject: { type: 'settings' as const, id: THE_ONLY }, text: 'many' };
    await journal(ctx, ...Array.from({ length: 1200 }, () => entry));
  });
  const lines = await world.request('GET', '/api/journal/export?type=test.many');
  expect(lines.headers.get('content-type')).toContain('application/x-ndjson');
  const entries = (await lines.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);
  expect([entries.length, new Set(entries.map((one) => one.id)).size]).toEqual([1200, 1200]);
  const csv = await world.request('GET', '/api/journal/export?format=csv&type=incident.note');
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="allclear-audit.csv"');
  const [head, row, end] = (await csv.text()).split('\r\n');
  expect(head).toBe('"id","at","actor","source","subject","subject_name","type","text","data"');
  expect(row).toContain(`"'=HYPERLINK(""http://evil"")"`);
  expect(end).toBe('');
  expect((await newest(world, 'type=journal.exported'))[0]?.text).toBe('test exported the audit log as csv');
  expect((await world.request('GET', '/api/journal/export?format=xlsx')).status).toBe(422);
});
