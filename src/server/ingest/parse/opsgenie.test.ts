import { describe, expect, test } from 'vitest';
import { AppError } from '../../platform/errors.ts';
import { opsgenieKeyOf, parseOpsgenieCreate } from './opsgenie.ts';
import { opsgenieActionSignal, parseOpsgenieAction } from './opsgenie-actions.ts';
import {
  opsgenieData,
  opsgenieError,
  opsgenieNotProcessed,
  opsgeniePong,
  opsgenieRequestStatus,
  opsgenieTook,
} from './opsgenie-reply.ts';
import { captured, given, good, NOW, only, REQUEST_ID } from './testing.ts';

const SHA = '9f2a099adf99adbf3e1d24abbd84835468e75b8b96fca010db3f2b763340e4c1';
const HEADERS = {
  'X-Request-ID': REQUEST_ID,
  'X-Response-Time': '0',
  'X-RateLimit-State': 'OK',
  'X-RateLimit-Reason': 'ACCOUNT',
  'X-RateLimit-Period-In-Sec': '60',
};
const ACCEPTED = { status: 202, body: { result: 'Request will be processed', took: 0, requestId: REQUEST_ID }, headers: HEADERS };
const invalid = (errors: object) => ({
  status: 422,
  body: { message: 'Request body is not processable. Please check the errors.', errors, took: 0, requestId: REQUEST_ID },
  headers: HEADERS,
});
const create = (body: unknown) => parseOpsgenieCreate(given(body));

describe('create alert', () => {
  test('Alertmanager: tags are trimmed, details and responders become labels', () => {
    const body = JSON.parse(captured('/og/v2/alerts').find((request) => request.url === '/og/v2/alerts')?.body ?? '');
    expect(only(create(body))).toMatchObject({
      action: 'trigger',
      dedupKey: SHA,
      summary: '[FIRING:1] HighCPU (web1 critical)',
      severity: 'critical',
      source: 'http://vm:19093/#/alerts?receiver=all',
      labels: {
        priority: 'P1',
        tags: 'a, b, c',
        responders: 'team:ops, team:t1, team:t2',
        alertname: 'HighCPU',
        instance: 'web1',
        severity: 'critical',
      },
      links: [{ href: 'http://vm:19093/#/alerts?receiver=all', text: 'Source' }],
      raw: body,
    });
    expect(create(body).reply).toEqual(ACCEPTED);
  });

  test('opsgenie-sdk', () => {
    const body = JSON.parse(captured('/v2/alerts/').find((request) => request.url === '/v2/alerts/')?.body ?? '');
    expect(only(create(body))).toMatchObject({ dedupKey: 'al', summary: 'm', severity: 'critical' });
  });

  test.each([
    ['P1', {}, 'critical', 'P1', 0],
    ['p2', {}, 'error', 'P2', 0],
    [undefined, {}, 'warning', 'P3', 0],
    [undefined, { severity: 'critical' }, 'critical', 'P3', 0],
    ['P5', { severity: 'critical' }, 'info', 'P5', 0],
    ['high', {}, 'warning', 'P3', 1],
  ])('priority %s with details %j is %s', (priority, details, severity, label, problems) => {
    const parsed = good(create({ message: 'm', priority, details }));
    expect([parsed.signals[0]?.severity, parsed.signals[0]?.labels.priority, parsed.problems.length]).toEqual([
      severity,
      label,
      problems,
    ]);
  });

  test('without an alias the request id is the key', () => expect(only(create({ message: 'm' })).dedupKey).toBe(REQUEST_ID));

  test('long fields are cut, an alias with anything in it is found again', () => {
    const alias = `a/b c:${'d'.repeat(500)}`;
    const signal = only(create({ message: 'x'.repeat(2000), alias, tags: 'a, b,,a' }));
    expect([signal.summary.length, signal.dedupKey.length, signal.labels.tags]).toEqual([1024, 255, 'a, b']);
    expect(opsgenieKeyOf(alias)).toBe(signal.dedupKey);
  });

  test.each([
    [{}, invalid({ message: 'Message can not be empty.' })],
    [{ message: ' ' }, invalid({ message: 'Message can not be empty.' })],
    [{ message: 'm', responders: [{ type: 'bb', name: 'x' }] }, invalid({ 'responders#type': "Invalid responder type 'bb'" })],
    [{ message: 'm', responders: ['x'] }, invalid({ 'responders#type': "Invalid responder type ''" })],
    [
      'text',
      {
        status: 400,
        body: { message: 'Request body is not a valid JSON object.', took: 0, requestId: REQUEST_ID },
        headers: HEADERS,
      },
    ],
  ])('%j is refused', (body, reply) => expect(create(body)).toEqual({ ok: false, reason: expect.any(String), reply }));
});

describe('actions', () => {
  const act = (
    method: string,
    path: string,
    body?: unknown,
    query: Record<string, string> = { identifierType: 'alias' },
    id = 'al',
  ) => parseOpsgenieAction(given(body, { params: { id }, query }), method, path);
  const target = { by: 'alias', value: 'al' };

  test('as captured from Alertmanager and opsgenie-sdk', () => {
    const actions = captured('identifierType=alias')
      .filter((request) => request.method !== 'GET')
      .map((request) => {
        const url = new URL(request.url, 'http://x');
        const [, id = '', path = ''] = /\/v2\/alerts\/([^/]+)\/(.*)$/.exec(url.pathname) ?? [];
        return act(request.method, path, JSON.parse(request.body), Object.fromEntries(url.searchParams), decodeURIComponent(id));
      });
    const done = actions.map((parsed) => parsed.ok && parsed.action);
    expect(done).toEqual([
      { type: 'set_message', message: '[FIRING:1] HighCPU (web1 critical)', target: { by: 'alias', value: SHA } },
      {
        type: 'set_description',
        description: expect.stringMatching(/^http:\/\/rb CPU high/),
        target: { by: 'alias', value: SHA },
      },
      { type: 'close', source: 'http://vm:19093/#/alerts?receiver=all', target: { by: 'alias', value: SHA } },
      { type: 'close', note: 'n', target },
    ]);
    expect(actions.every((parsed) => parsed.reply.status === 202)).toBe(true);
  });

  test.each([
    ['POST', 'close', undefined, { type: 'close' }],
    [
      'post',
      '/acknowledge/',
      { user: 'ana', source: 's', note: 'n' },
      { type: 'acknowledge', user: 'ana', source: 's', note: 'n' },
    ],
    ['POST', 'unacknowledge', {}, { type: 'unacknowledge' }],
    [
      'POST',
      'snooze',
      { endTime: '2026-11-21T04:00:00Z' },
      { type: 'snooze', endTime: Temporal.Instant.from('2026-11-21T04:00:00Z') },
    ],
    ['POST', 'notes', { note: 'hello' }, { type: 'add_note', note: 'hello' }],
    ['POST', 'tags', { tags: ['a', ' b'] }, { type: 'add_tags', tags: ['a', 'b'] }],
    ['POST', 'details', { details: { k: 1 } }, { type: 'add_details', details: { k: '1' } }],
    [
      'POST',
      'responders',
      { responder: { type: 'team', id: 't1' } },
      { type: 'add_responder', whom: { type: 'team', id: 't1' } },
    ],
    ['POST', 'teams', { team: { name: 'ops' } }, { type: 'add_team', whom: { type: 'team', name: 'ops' } }],
    ['POST', 'assign', { owner: { username: 'ana@x' } }, { type: 'assign', whom: { type: 'user', username: 'ana@x' } }],
    ['POST', 'escalate', { escalation: { name: 'e' } }, { type: 'escalate', whom: { type: 'escalation', name: 'e' } }],
    ['PUT', 'priority', { priority: 'p2' }, { type: 'set_priority', priority: 'P2' }],
    ['PUT', 'message', { message: 'm' }, { type: 'set_message', message: 'm' }],
    ['PUT', 'description', { description: '' }, { type: 'set_description', description: '' }],
    ['POST', 'actions/restart', {}, { type: 'custom', name: 'restart' }],
    ['DELETE', '', undefined, { type: 'delete' }],
  ])('%s %s %j', (method, path, body, action) => {
    expect(act(method, path, body)).toEqual({ ok: true, action: { ...action, target }, problems: [], reply: ACCEPTED });
  });

  test('DELETE reads its query', () => {
    const query = { identifierType: 'alias', tags: 'a, b', keys: 'k', user: 'ana' };
    expect(act('DELETE', 'tags', undefined, query)).toMatchObject({
      action: { type: 'remove_tags', tags: ['a', 'b'], user: 'ana' },
    });
    expect(act('DELETE', 'details', undefined, query)).toMatchObject({ action: { type: 'remove_details', keys: ['k'] } });
  });

  test.each([
    ['POST', 'snooze', {}, { endTime: 'End time is missing or not an ISO 8601 time.' }],
    ['POST', 'snooze', { endTime: NOW.toString() }, { endTime: 'End time must be in the future.' }],
    ['POST', 'notes', {}, { note: 'Note can not be empty.' }],
    ['POST', 'tags', { tags: [] }, { tags: 'Tags can not be empty.' }],
    ['DELETE', 'details', {}, { keys: 'Keys can not be empty.' }],
    ['POST', 'details', { details: 'x' }, { details: 'Details can not be empty.' }],
    ['POST', 'assign', {}, { owner: 'Owner needs an id, name or username.' }],
    ['PUT', 'priority', { priority: 'P9' }, { priority: 'Priority should be one of P1, P2, P3, P4, P5.' }],
    ['PUT', 'message', {}, { message: 'Message can not be empty.' }],
  ])('%s %s %j is refused', (method, path, body, errors) =>
    expect(act(method, path, body)).toMatchObject({ ok: false, reply: invalid(errors) }),
  );

  test('identifiers', () => {
    expect(act('POST', 'close', {}, {})).toMatchObject({ action: { target: { by: 'id', value: 'al' } } });
    expect(act('POST', 'close', {}, { identifierType: 'tiny' }, '12')).toMatchObject({
      action: { target: { by: 'tiny', value: '12' } },
    });
    expect(act('POST', 'close', {}, { identifierType: 'name' })).toMatchObject({ ok: false, reply: { status: 422 } });
    expect(act('POST', 'explode')).toMatchObject({ ok: false, reply: { status: 404 } });
    expect(act('PUT', 'close')).toMatchObject({ ok: false, reply: { status: 404 } });
  });

  test.each([
    ['close', 'resolve'],
    ['acknowledge', 'acknowledge'],
    ['unacknowledge', undefined],
  ])('%s as a signal: %s', (path, signal) => {
    const input = given({ user: 'ana' }, { params: { id: 'al' } });
    const parsed = parseOpsgenieAction(input, 'POST', path);
    const made = parsed.ok ? opsgenieActionSignal(input, parsed.action, 'key') : undefined;
    expect(made?.action).toBe(signal);
    if (made) expect(made).toMatchObject({ dedupKey: 'key', by: 'ana' });
  });
});

describe('replies', () => {
  test('a processed request, and one that is not yet', () => {
    const outcome = {
      success: true,
      action: 'Create',
      processedAt: NOW,
      integrationId: 'i',
      status: 'Created alert',
      alertId: 'a',
      alias: 'al',
    };
    expect(opsgenieRequestStatus(outcome, 'r').body).toEqual({
      data: { ...outcome, isSuccess: true, processedAt: '2026-11-21T03:12:00.000Z' },
      took: 0,
      requestId: 'r',
    });
    expect(opsgenieNotProcessed('r')).toMatchObject({ status: 404, headers: { 'X-Opsgenie-Errortype': 'RequestNotProcessed' } });
  });

  test('took, paging, pong', () => {
    expect(opsgenieTook(opsgeniePong('r'), 0.0224)).toMatchObject({
      status: 202,
      body: { result: 'PONG - Heartbeat received', took: 0.022, requestId: 'r' },
      headers: { 'X-Response-Time': '0.022', 'X-Request-ID': 'r' },
    });
    expect(opsgenieData([], 'r', { next: 'n' }).body).toEqual({ data: [], paging: { next: 'n' }, took: 0, requestId: 'r' });
  });

  test.each([
    ['unauthenticated', 401, { message: 'Could not authenticate' }],
    ['not_found', 404, { message: 'gone' }],
    ['rate_limited', 429, { message: 'gone' }],
    ['overloaded', 503, { message: 'gone' }],
    ['invalid', 422, { errors: { field: 'gone' } }],
  ] as const)('%s', (code, status, body) => {
    const reply = opsgenieError(new AppError(code, 'gone', 'field'), 'r');
    expect(reply).toMatchObject({ status, body });
    expect(reply.headers?.['X-RateLimit-State']).toBe(status === 429 ? 'THROTTLED' : 'OK');
  });
});
