import { describe, expect, test } from 'vitest';
import { pagerdutyKeyOf, pagerdutyWrongKey, parsePagerduty, parsePagerdutyChange, parsePagerdutyV1 } from './pagerduty.ts';
import { captured, given, good, only } from './testing.ts';

const payload = { summary: 's', source: 'web1', severity: 'critical' };
const event = (more: object = {}) => ({ routing_key: 'R'.repeat(32), event_action: 'trigger', dedup_key: 'k', payload, ...more });
const invalid = (...errors: string[]) => ({
  status: 400,
  body: { status: 'invalid event', message: 'Event object is invalid', errors },
});
const MADE = '01990000aaaa7bbb8ccc0123456789ab';
const SHA = '9f2a099adf99adbf3e1d24abbd84835468e75b8b96fca010db3f2b763340e4c1';

describe('Events v2', () => {
  const [trigger, resolve, pdjs, pdpyras] = captured('/v2/enqueue').map(
    (request) => JSON.parse(request.body) as Record<string, unknown>,
  );

  test('Alertmanager, triggering and resolving with a full payload', () => {
    const signal = only(parsePagerduty(given(trigger)));
    expect(signal).toMatchObject({
      action: 'trigger',
      dedupKey: SHA,
      summary: '[FIRING:1] HighCPU (web1 critical)',
      severity: 'critical',
      source: 'Alertmanager',
      labels: {
        class: 'c',
        num_firing: '1',
        num_resolved: '0',
        firing: expect.stringMatching(/^Labels:\n - alertname = HighCPU/),
      },
      links: [
        { href: 'http://x/y', text: 't' },
        { href: 'http://vm:19093/#/alerts?receiver=all', text: 'Alertmanager' },
      ],
    });
    expect(JSON.stringify(signal.raw)).not.toContain('ROUTINGKEY');
    expect(parsePagerduty(given(trigger)).reply).toEqual({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: SHA },
    });
    expect(only(parsePagerduty(given(resolve)))).toMatchObject({
      action: 'resolve',
      dedupKey: SHA,
      summary: '[RESOLVED] HighCPU (web1 critical)',
    });
  });

  test.each([
    ['pdjs', pdjs],
    ['pdpyras', pdpyras],
  ])('%s sends no key and gets one', (_client, body) => {
    expect(only(parsePagerduty(given(body))).dedupKey).toBe(MADE);
    expect(parsePagerduty(given(body)).reply.body).toMatchObject({ dedup_key: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  test.each([
    [
      undefined,
      {
        status: 400,
        body: { status: 'Unrecognized object', message: 'Event object format is unrecognized', errors: ['JSON parse error'] },
      },
    ],
    [
      'text',
      {
        status: 400,
        body: { status: 'Unrecognized object', message: 'Event object format is unrecognized', errors: ['JSON parse error'] },
      },
    ],
    [event({ event_action: undefined }), invalid("'event_action' is missing or blank")],
    [
      event({ event_action: 'explode' }),
      invalid("'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"),
    ],
    [event({ payload: undefined }), invalid("'payload' is missing or blank")],
    [event({ payload: {} }), invalid("'payload.summary' is missing or blank", "'payload.source' is missing or blank")],
    [event({ payload: { ...payload, summary: ' ' } }), invalid("'payload.summary' is missing or blank")],
    [event({ event_action: 'resolve', dedup_key: undefined }), invalid("'dedup_key' is missing or blank")],
    [event({ event_action: 'acknowledge', dedup_key: '' }), invalid("'dedup_key' is missing or blank")],
  ])('%j is refused', (body, reply) => {
    const parsed = parsePagerduty(given(body));
    expect(parsed.reply).toEqual(reply);
    expect(parsed).toMatchObject({ ok: false, reason: (reply.body as { errors: string[] }).errors.join('; ') });
  });

  test.each([
    ['banana', 'error', ["payload.severity: unknown severity 'banana', taken as error"]],
    [undefined, 'error', ['payload.severity: missing, taken as error']],
    ['Warning', 'warning', []],
    ['info', 'info', []],
  ])('severity %s never refuses', (severity, ours, problems) => {
    const parsed = good(parsePagerduty(given(event({ payload: { ...payload, severity } }))));
    expect([parsed.signals[0]?.severity, parsed.problems, parsed.reply.status]).toEqual([ours, problems, 202]);
  });

  test('an acknowledge needs no payload', () => {
    expect(only(parsePagerduty(given({ event_action: 'acknowledge', dedup_key: 'k' })))).toMatchObject({
      action: 'acknowledge',
      dedupKey: 'k',
      summary: 'k',
    });
  });

  test.each([
    ['text', { details: 'text' }],
    [5, { details: '5' }],
    [
      { a: { b: 1 }, ok: true, none: null },
      { 'a.b': '1', ok: 'true' },
    ],
    [{ firing: [{ labels: { a: 'b' } }], num_firing: 1 }, { num_firing: '1' }],
    [['x', 'y'], { details: 'x, y' }],
    [{ component: 'theirs' }, { component: 'disk' }],
  ])('custom_details %j', (custom_details, labels) => {
    const component = 'component' in labels ? 'disk' : undefined;
    expect(only(parsePagerduty(given(event({ payload: { ...payload, component, custom_details } })))).labels).toEqual(labels);
  });

  test('times, images and an over-long key', () => {
    const parsed = parsePagerduty(
      given(
        event({
          dedup_key: 'k'.repeat(400),
          payload: { ...payload, summary: 'x'.repeat(2000), timestamp: '2015-07-17T08:42:58.315+0000' },
          images: [{ src: 'https://i/1.png', href: 'https://i', alt: 'chart' }, { src: 'javascript:x' }, 7],
        }),
      ),
    );
    const signal = only(parsed);
    expect(signal.startsAt?.toString()).toBe('2015-07-17T08:42:58.315Z');
    expect(signal.images).toEqual([{ src: 'https://i/1.png', href: 'https://i', alt: 'chart' }]);
    expect(signal.summary).toBe(`${'x'.repeat(1023)}…`);
    expect(parsed.reply.body).toMatchObject({ dedup_key: signal.dedupKey });
    expect(only(parsePagerduty(given(event({ event_action: 'resolve', dedup_key: signal.dedupKey })))).dedupKey).toBe(
      signal.dedupKey,
    );
  });
});

describe('change events', () => {
  test('pdjs', () => {
    const body = JSON.parse(captured('/v2/change/enqueue')[0]?.body ?? '');
    const parsed = good(parsePagerdutyChange(given(body)));
    expect(parsed.reply).toEqual({ status: 202, body: { status: 'success', message: 'Change event processed' } });
    expect([parsed.signals, parsed.changes]).toEqual([
      [],
      [
        {
          integrationId: 'int-1',
          summary: 's',
          source: '',
          links: [],
          images: [],
          customDetails: {},
          raw: { payload: { summary: 's' } },
        },
      ],
    ]);
  });

  test('with everything', () => {
    const body = {
      payload: { summary: 'Build 42', source: 'ci', timestamp: 1437122578, custom_details: { ok: [1] } },
      links: [{ href: 'https://ci/42' }],
    };
    expect(good(parsePagerdutyChange(given(body))).changes).toMatchObject([
      {
        summary: 'Build 42',
        source: 'ci',
        customDetails: { ok: [1] },
        links: [{ href: 'https://ci/42' }],
        timestamp: Temporal.Instant.from('2015-07-17T08:42:58Z'),
      },
    ]);
  });

  test.each([
    [{}, "'payload' is missing or blank"],
    [{ payload: {} }, "'payload.summary' is missing or blank"],
  ])('%j is refused', (body, error) => expect(parsePagerdutyChange(given(body)).reply).toEqual(invalid(error)));
});

describe('Events v1', () => {
  test('trigger, with contexts', () => {
    const parsed = parsePagerdutyV1(
      given({
        service_key: 'secret',
        event_type: 'trigger',
        incident_key: 'db',
        description: 'down',
        details: { host: 'db1', severity: 'warning' },
        client: 'Mon',
        client_url: 'https://mon',
        contexts: [
          { type: 'link', href: 'https://a', text: 'A' },
          { type: 'image', src: 'https://i' },
        ],
      }),
    );
    expect(only(parsed)).toMatchObject({
      action: 'trigger',
      dedupKey: 'db',
      summary: 'down',
      severity: 'warning',
      source: 'db1',
      links: [
        { href: 'https://a', text: 'A' },
        { href: 'https://mon', text: 'Mon' },
      ],
      images: [{ src: 'https://i' }],
    });
    expect(JSON.stringify(only(parsed).raw)).not.toContain('secret');
    expect(parsed.reply).toEqual({ status: 200, body: { status: 'success', message: 'Event processed', incident_key: 'db' } });
  });

  test('no key: one is made; no severity: error', () => {
    expect(only(parsePagerdutyV1(given({ event_type: 'trigger', description: 'd' })))).toMatchObject({
      dedupKey: MADE,
      severity: 'error',
    });
  });

  test.each([
    [{}, "'event_type' is missing or blank"],
    [{ event_type: 'trigger' }, "'description' is missing or blank"],
    [{ event_type: 'resolve' }, "'incident_key' is missing or blank"],
  ])('%j is refused', (body, error) => expect(parsePagerdutyV1(given(body)).reply).toEqual(invalid(error)));
});

test('keys', () => {
  expect([
    pagerdutyKeyOf({ routing_key: 'a' }),
    pagerdutyKeyOf({ service_key: 'b' }),
    pagerdutyKeyOf({}),
    pagerdutyKeyOf('x'),
  ]).toEqual(['a', 'b', undefined, undefined]);
  expect(pagerdutyWrongKey('R', 'routing_key')).toEqual(
    invalid("Length of 'routing_key' is incorrect (should be 32 characters)"),
  );
  expect(pagerdutyWrongKey(undefined, 'service_key')).toEqual(invalid("Service key can't be blank"));
  expect(pagerdutyWrongKey('R'.repeat(32), 'routing_key').status).toBe(400);
});
