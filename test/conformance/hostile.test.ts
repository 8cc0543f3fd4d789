import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../any-text.ts';
import { inProcess, KEY } from './support.ts';

/** Names the parsers look for, so that random objects reach the code behind them. */
const NAMES =
  'alerts status labels annotations severity fingerprint startsAt endsAt generatorURL routing_key service_key event_action event_type dedup_key incident_key description payload summary source timestamp custom_details details links images contexts client message alias priority responders user note tags endTime owner responder team escalation message_type entity_id heartbeat monitor msg title id key matchers comment createdBy name value isRegex data __proto__ constructor toString'.split(
    ' ',
  );
const WORDS = [
  ...'firing resolved trigger resolve acknowledge CRITICAL RECOVERY P1 user team 2026-11-21T03:11:20Z 2126-11-21T03:11:20Z 0001-01-01T00:00:00Z +275760-09-13T00:00:00Z http://x/y javascript:alert(1) NaN 1e999 (.*)+$ %00'.split(
    ' ',
  ),
  KEY,
  '',
  '\u0000',
  '\ud800',
  'é'.repeat(3000),
  '😀'.repeat(1500),
  "'; drop table alerts; --",
];
const text = fc.oneof(fc.constantFrom(...WORDS), anyText({ maxLength: 30 }));
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(text, text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 4 }),
    fc
      .array(
        fc.tuple(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: text }), tie('json')),
        { maxLength: 8 },
      )
      .map((entries) => Object.fromEntries(entries)),
  ),
}));
/** Half of the time inside what makes a parser look further. */
const value = fc.oneof(
  json,
  json.map((each) => ({
    routing_key: KEY,
    event_action: 'trigger',
    payload: { summary: 's', source: 'x', custom_details: each },
    links: each,
  })),
  json.map((each) => ({
    routing_key: KEY,
    service_key: KEY,
    event_type: 'trigger',
    description: 'd',
    incident_key: each,
    details: each,
  })),
  json.map((each) => ({ alerts: [each, { labels: each }, { labels: { a: 'b' }, startsAt: each, endsAt: each }] })),
  json.map((each) => [each, { labels: { a: 'b' }, startsAt: each, endsAt: each }, { labels: each }]),
  json.map((each) => ({
    message: 'm',
    alias: each,
    tags: each,
    details: each,
    responders: each,
    note: each,
    endTime: each,
    owner: each,
  })),
  json.map((each) => ({
    comment: 'c',
    createdBy: each,
    startsAt: each,
    endsAt: '2126-01-01T00:00:00Z',
    matchers: [each, { name: 'a', value: each, isRegex: true }],
  })),
);
const CORPUS = [
  '',
  '{',
  '[]',
  '{}',
  'null',
  '"x"',
  '404',
  'a=b&c=d',
  'data=%7B%7D&payload=[',
  '\ufeff{"title":"mark"}',
  '[{"labels":{"a":"b"}}',
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  `{"title":"x",${'"a":{'.repeat(5000)}`,
  `{"title":"${'x'.repeat(200_000)}"}`,
  '{"__proto__":{"summary":"p"},"title":"x"}',
  '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n--b--',
];
const body = fc.oneof(
  { weight: 6, arbitrary: value.map((each) => JSON.stringify(each) ?? 'null') },
  { weight: 1, arbitrary: value.map((each) => (JSON.stringify(each) ?? 'null').slice(0, -3)) },
  { weight: 1, arbitrary: fc.constantFrom(...CORPUS) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
);

const ALIAS = fc.oneof(
  fc.constantFrom(
    'k',
    'a%2Fb',
    '%00',
    '%zz',
    '%ed%a0%80',
    '..%2f',
    '0198a6a4-0000-7000-8000-000000000000',
    '99999999999999999999',
  ),
  text.map((word) => encodeURIComponent(word.toWellFormed()) || 'k'),
);
const OPSGENIE =
  'close acknowledge unacknowledge snooze escalate assign responders teams notes tags details message description priority actions/x nonsense'.split(
    ' ',
  );
const query = fc.oneof(
  fc.constantFrom(
    '',
    '',
    '?identifierType=alias',
    '?identifierType=tiny',
    '?query=status%3Aopen',
    '?offset=-1&limit=x&sort=__proto__',
    '?filter=%00&receiver=%5B',
    '?tags=a,b&keys=c',
  ),
  fc
    .tuple(fc.constantFrom(...NAMES, 'query', 'filter', 'apiKey', 'offset'), text)
    .map(([name, word]) => `?${name}=${encodeURIComponent(word.toWellFormed())}`),
);
const path = fc.oneof(
  fc.constantFrom('/v2/enqueue', '/v2/change/enqueue', '/generic/2010-04-15/create_event.json', '/v2/alerts', '/v2/alerts/'),
  fc.constantFrom(...['alertmanager', 'grafana', 'generic'].map((tool) => `/hooks/${tool}/${KEY}`)),
  fc.constantFrom(
    ...['alerts', 'alerts/groups', 'silences', 'silence/x', 'status', 'receivers'].map(
      (each) => `/alertmanager/${KEY}/api/v2/${each}`,
    ),
  ),
  ALIAS.map((alias) => `/v2/alerts/${alias}`),
  fc.tuple(ALIAS, fc.constantFrom(...OPSGENIE)).map(([alias, action]) => `/v2/alerts/${alias}/${action}`),
  ALIAS.map((id) => `/v2/alerts/requests/${id}`),
  ALIAS.map((name) => `/v2/heartbeats/${name}/ping`),
  ALIAS.map((name) => `/hooks/heartbeat/${KEY}/${name}`),
  ALIAS.map((routing) => `/integrations/generic/20131114/alert/${KEY}/${routing}`),
  ALIAS.map((id) => `/alertmanager/${KEY}/api/v2/silence/${id}`),
  ALIAS.map((key) => `/hooks/generic/${key}`),
);
const request = fc.record({
  method: fc.constantFrom('POST', 'POST', 'POST', 'PUT', 'GET', 'DELETE'),
  path: fc.tuple(path, query).map(([at, rest]) => at + rest),
  type: fc.constantFrom(
    undefined,
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=b',
    'application/json; charset=utf-16',
    'x; charset=nonsense',
  ),
  body,
});
/** A request that its parser takes apart: the right kind of body, with something hostile in one or every place of it. */
const near = (at: fc.Arbitrary<string>, shape: (each: unknown) => unknown) =>
  fc.record({
    method: fc.constant('POST'),
    path: at,
    type: fc.constantFrom(undefined, 'application/json', 'text/plain'),
    body: json.map((each) => JSON.stringify(shape(each))),
  });
const fixed = (at: string) => fc.constant(at);
const nearlyRight = fc.oneof(
  near(fixed('/v2/enqueue'), (each) => ({
    routing_key: KEY,
    event_action: 'trigger',
    dedup_key: each,
    payload: { summary: 's', source: 'x', severity: each, timestamp: each, custom_details: each },
    links: [{ href: each }],
    images: each,
  })),
  near(fixed('/v2/change/enqueue'), (each) => ({
    routing_key: KEY,
    payload: { summary: 's', custom_details: each },
    links: each,
  })),
  near(fixed('/generic/2010-04-15/create_event.json'), (each) => ({
    service_key: KEY,
    event_type: 'trigger',
    description: 'd',
    incident_key: each,
    details: each,
    contexts: each,
  })),
  near(fixed('/v2/alerts'), (each) => ({ message: 'm', alias: each, tags: each, details: each, source: each, user: each })),
  near(
    fc.constantFrom(...OPSGENIE).map((action) => `/v2/alerts/k/${action}?identifierType=alias`),
    (each) => ({
      note: each,
      user: each,
      tags: each,
      details: each,
      endTime: each,
      message: each,
      description: each,
      owner: each,
      priority: each,
    }),
  ),
  near(
    fc.constantFrom('alertmanager', 'grafana').map((tool) => `/hooks/${tool}/${KEY}`),
    (each) => ({
      alerts: [each, { labels: each }, { labels: { a: 'b' }, annotations: each, startsAt: each, fingerprint: each }],
    }),
  ),
  near(fixed(`/hooks/generic/${KEY}`), (each) => each),
  near(fixed(`/alertmanager/${KEY}/api/v2/alerts`), (each) => [
    { labels: { a: 'b' }, annotations: each, startsAt: each },
    { labels: each },
  ]),
  near(fixed(`/alertmanager/${KEY}/api/v2/silences`), (each) => ({
    comment: each,
    createdBy: each,
    startsAt: '2026-11-21T03:12:00Z',
    endsAt: '2126-01-01T00:00:00Z',
    matchers: [{ name: 'never', value: each, isRegex: true }],
  })),
  near(
    ALIAS.map((routing) => `/integrations/generic/20131114/alert/${KEY}/${routing}`),
    (each) => ({
      message_type: 'CRITICAL',
      entity_id: each,
      state_message: each,
      state_start_time: each,
      ack_author: each,
    }),
  ),
);
const anything = fc.oneof(request, nearlyRight);
type Case = { method: string; path: string; type: string | undefined; body: string | Uint8Array };

type World = Awaited<ReturnType<typeof inProcess>>;
const ask = async (world: World, one: Case): Promise<{ status: number; title: string | undefined }> => {
  const hasBody = one.method !== 'GET' && one.method !== 'DELETE';
  const response = await world.app.fetch(
    new Request(`http://allclear.test${one.path}`, {
      method: one.method,
      headers: { authorization: `GenieKey ${KEY}`, ...(one.type ? { 'content-type': one.type } : {}) },
      ...(hasBody ? { body: one.body as string } : {}),
    }),
  );
  const said = await response.text();
  return { status: response.status, title: response.headers.get('content-type')?.includes('problem') ? said : undefined };
};
const refusals = async (world: World): Promise<number> => {
  const { values } = await world.app.metrics.refused.get();
  return values.reduce((sum, each) => sum + each.value, 0);
};

/** Each list of alerts shows all that are open: in one world half of the time would go into the last lists. */
const WORLDS = 8;

test('twenty thousand hostile requests: an answer below 500 for each, and the product still works', async () => {
  let cases = 0;
  let accepted = 0;
  for (let nth = 0; nth < WORLDS; nth += 1) {
    const world = await inProcess();
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { minLength: 250, maxLength: 250 }), async (list) => {
        cases += list.length;
        const answers = await Promise.all(list.map((one) => ask(world, one)));
        const bad = answers.findIndex(({ status }) => status >= 500 || status < 200);
        expect(bad >= 0 ? { ...list[bad], answer: answers[bad] } : undefined).toBeUndefined();
      }),
      { numRuns: 80 / WORLDS, endOnFailure: true, seed: 20_261_121 + nth },
    );
    const { values } = await world.app.metrics.accepted.get();
    accepted += values[0]?.value ?? 0;
    const response = await world.request('POST', `/hooks/generic/${KEY}`, { title: 'still here' });
    expect(response.status).toBe(202);
    await world.stop();
  }
  expect(cases).toBe(20_000);
  expect(accepted, 'signals that were good').toBeGreaterThan(2000);
}, 180_000);

test('each refusal is on record', async () => {
  const world = await inProcess();
  const stored = async () =>
    Promise.all(
      ['/api/integrations/tool/refused', '/api/refused-requests'].map(async (at) =>
        (await world.call<{ items: { id: string }[] }>('GET', at)).items.map((one) => one.id),
      ),
    ).then((lists) => new Set(lists.flat()));
  let refusedInAll = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { minLength: 60, maxLength: 60 }), async (list) => {
      const before = await stored();
      const countedBefore = await refusals(world);
      await Promise.all(list.map((one) => ask(world, one)));
      const counted = (await refusals(world)) - countedBefore;
      const fresh = [...(await stored())].filter((id) => !before.has(id));
      expect(fresh).toHaveLength(counted);
      refusedInAll += counted;
    }),
    { numRuns: 10, endOnFailure: true, seed: 1 },
  );
  expect(refusedInAll).toBeGreaterThan(100);
});
