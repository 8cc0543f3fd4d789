import { describe, expect, test } from 'vitest';
import { parseAlertmanager } from './alertmanager.ts';
import { parsePrometheus } from './prometheus.ts';
import { captured, given, good, NOW, only } from './testing.ts';

const A = { labels: { alertname: 'A' } };
const parse = (body: unknown, contentType = 'application/json') => parsePrometheus(given(body, { contentType }));

describe('POST /api/v2/alerts', () => {
  test('as captured from Prometheus 2.42 and amtool', () => {
    const prometheus = JSON.parse(captured('/prom-direct/api/v2/alerts')[0]?.body ?? '') as unknown[];
    expect(only(parse(prometheus))).toMatchObject({
      action: 'trigger',
      summary: 'hi',
      severity: 'critical',
      links: [{ href: 'http://vm:19091/graph?g0.expr=vector%281%29&g0.tab=1', text: 'Source' }],
      startsAt: Temporal.Instant.from('2026-11-21T03:24:24.433Z'),
      endsAt: Temporal.Instant.from('2026-11-21T03:24:44.433Z'),
      raw: prometheus[0],
    });
    const amtool = captured('/amx/api/v2/alerts').find((request) => request.method === 'POST');
    expect(only(parse(JSON.parse(amtool?.body ?? '')))).toMatchObject({
      action: 'trigger',
      startsAt: NOW,
      endsAt: NOW.add({ minutes: 5 }),
      summary: 'Foo',
    });
  });

  test('the key is the fingerprint the Alertmanager webhook sends', () => {
    const labels = { alertname: 'HighCPU', instance: 'web1', severity: 'critical', empty: '' };
    expect(only(parse([{ labels }])).dedupKey).toBe('930f65ae35d9bb94');
    expect(only(parseAlertmanager(given({ alerts: [{ labels }] }))).dedupKey).toBe('930f65ae35d9bb94');
  });

  test.each([
    ['2026-11-21T03:11:59Z', 'resolve'],
    ['2026-11-21T03:12:00Z', 'resolve'],
    ['2026-11-21T03:12:01Z', 'trigger'],
    ['0001-01-01T00:00:00.000Z', 'trigger'],
    [undefined, 'trigger'],
  ])('endsAt %s: %s', (endsAt, action) => expect(only(parse([{ ...A, endsAt }])).action).toBe(action));

  const schema = (code: number, message: string) => ({ code, message });
  test.each<[string, unknown, string, number, unknown, number]>([
    ['one alert', [A], 'application/json', 200, undefined, 1],
    ['an empty list', [], 'application/json', 200, undefined, 0],
    ['no content type', [A], '', 200, undefined, 1],
    ['a charset', [A], 'application/json; charset=utf-8', 200, undefined, 1],
    ['UTF-8 label names', [{ labels: { 'service.name': 'x', 'a-b': 'y' } }], 'application/json', 200, undefined, 1],
    ['labels {}', [{ labels: {} }], 'application/json', 400, 'at least one label pair required', 0],
    ['only empty labels', [{ labels: { a: '' } }], 'application/json', 400, 'at least one label pair required', 0],
    ['an empty label name', [{ labels: { '': 'x' } }], 'application/json', 400, 'invalid label set: invalid name ""', 0],
    [
      'end before start',
      [{ ...A, startsAt: '2026-11-21T03:00:00Z', endsAt: '2026-11-21T02:00:00Z' }],
      'application/json',
      400,
      'start time must be before end time',
      0,
    ],
    ['one bad, one good', [{ labels: {} }, A], 'application/json', 400, 'at least one label pair required', 1],
    [
      'two bad, joined',
      [{ labels: {} }, A, { labels: { '': 'x' } }],
      'application/json',
      400,
      'at least one label pair required; invalid label set: invalid name ""',
      1,
    ],
    [
      'an object',
      {},
      'application/json',
      400,
      schema(400, 'parsing alerts body from "" failed, because the body is not a JSON array of alerts'),
      0,
    ],
    [
      'bad JSON, so text',
      '[{',
      'application/json',
      400,
      schema(400, 'parsing alerts body from "" failed, because the body is not a JSON array of alerts'),
      0,
    ],
    [
      'a bad time, alert kept',
      [{ ...A, startsAt: 'soon' }],
      'application/json',
      400,
      schema(400, 'parsing alerts body from "" failed, because 0.startsAt: parsing time "soon": not an RFC 3339 time'),
      1,
    ],
    [
      'labels of the wrong type',
      [A, { labels: 'x' }],
      'application/json',
      400,
      schema(400, 'parsing alerts body from "" failed, because 1.labels: not a JSON object'),
      1,
    ],
    [
      'a label value of the wrong type',
      [{ labels: { a: {} } }],
      'application/json',
      400,
      schema(400, 'parsing alerts body from "" failed, because 0.labels: the value of label "a" is not a string'),
      0,
    ],
    ['no labels', [{}], 'application/json', 422, schema(602, '0.labels in body is required'), 0],
    [
      'no labels beside a good one',
      [A, { labels: null }],
      'application/json',
      422,
      schema(602, '1.labels in body is required'),
      1,
    ],
    [
      'a generatorURL that is none',
      [{ ...A, generatorURL: 'no url' }],
      'application/json',
      422,
      schema(601, '0.generatorURL in body must be of type uri: "no url"'),
      1,
    ],
    ['a relative generatorURL', [{ ...A, generatorURL: '/graph' }], 'application/json', 200, undefined, 1],
    ['an empty body', undefined, 'application/json', 422, schema(602, 'alerts in body is required'), 0],
    ['null', null, 'application/json', 422, schema(602, 'alerts in body is required'), 0],
    [
      'text/plain',
      [A],
      'text/plain',
      415,
      schema(415, 'unsupported media type "text/plain", only allow ["application/json"]'),
      0,
    ],
  ])('%s', (_case, body, type, status, reply, kept) => {
    const parsed = parse(body, type);
    expect(parsed.reply).toEqual(reply === undefined ? { status } : { status, body: reply });
    expect(parsed.ok ? parsed.signals.length : 0).toBe(kept);
    expect(parsed.ok).toBe(kept > 0 || status === 200);
  });

  test('problems name the alert and the field', () => {
    expect(good(parse([A, { labels: {} }, { labels: { alertname: 'B', severity: 'banana' } }])).problems).toEqual([
      '1.labels: at least one label pair required',
      "2.labels.severity: unknown severity 'banana', taken as error",
    ]);
  });
});
