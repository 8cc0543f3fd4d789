import { describe, expect, test } from 'vitest';
import { AppError } from '../../platform/errors.ts';
import { parseGeneric } from './generic.ts';
import { readMapping } from './generic-mapping.ts';
import { captured, fixture, given, good, only } from './testing.ts';

const mapped = (mapping: unknown) => ({ integration: { id: 'int-1', kind: 'generic', config: { mapping } } });
const signal = (body: unknown) => only(parseGeneric(given(body)));

describe('without a mapping', () => {
  test('the usual names', () => {
    const body = {
      title: 'Disk full',
      severity: 'P2',
      status: 'firing',
      host: 'db1',
      id: 'disk-db1',
      url: 'https://m/1',
      image_url: 'https://m/1.png',
      timestamp: 1437122578,
      meta: { team: 'db' },
    };
    expect(signal(body)).toEqual({
      integrationId: 'int-1',
      action: 'trigger',
      dedupKey: 'disk-db1',
      summary: 'Disk full',
      severity: 'error',
      source: 'db1',
      labels: {
        title: 'Disk full',
        severity: 'P2',
        status: 'firing',
        host: 'db1',
        id: 'disk-db1',
        url: 'https://m/1',
        image_url: 'https://m/1.png',
        timestamp: '1437122578',
        'meta.team': 'db',
      },
      links: [{ href: 'https://m/1' }],
      images: [{ src: 'https://m/1.png' }],
      startsAt: Temporal.Instant.from('2015-07-17T08:42:58Z'),
      raw: body,
    });
    expect(parseGeneric(given(body)).reply).toEqual({ status: 202, body: { status: 'accepted', dedup_keys: ['disk-db1'] } });
  });

  test.each([
    [{ summary: 'a', title: 'b' }, 'a'],
    [{ Title: 'b', message: 'c' }, 'b'],
    [{ message: 'c', name: 'd' }, 'c'],
    [{ name: 'd' }, 'd'],
    [{ msg: 'e' }, 'e'],
    [{ 'Alert-Name': 'f' }, 'f'],
    [{ title: '', text: 'g' }, 'g'],
    [{ incident: { summary: 'h' } }, 'h'],
    [{ code: 5, region: 'eu' }, 'code=5 region=eu'],
    [{ deep: [{}] }, 'Event without a summary'],
    ['first\nsecond', 'first'],
  ])('summary of %j', (body, summary) => expect(signal(body).summary).toBe(summary));

  test.each([
    ['status', 'resolved', 'resolve'],
    ['state', 'OK', 'resolve'],
    ['status', 'up', 'resolve'],
    ['state', 'closed', 'resolve'],
    ['status', 'Recovered', 'resolve'],
    ['event_action', 'resolve', 'resolve'],
    ['level', 'OK', 'resolve'],
    ['status', 'alert.resolved', 'resolve'],
    ['status', 'acknowledged', 'acknowledge'],
    ['action', 'ack', 'acknowledge'],
    ['status', 'down', 'trigger'],
    ['status', 200, 'trigger'],
    ['status', 'banana', 'trigger'],
    ['status', 'ignore', 'trigger'],
    ['other', 'resolved', 'trigger'],
  ])('%s: %s is %s', (name, word, action) => expect(signal({ title: 't', [name]: word }).action).toBe(action));

  test('a word that says nothing does not hide one that does', () => {
    expect(signal({ title: 't', action: 'created', state: 'closed' }).action).toBe('resolve');
  });

  test.each([
    [{ dedup_key: 'a', id: 'b' }, 'a'],
    [{ alias: 'a', key: 'b' }, 'a'],
    [{ id: 7 }, '7'],
    [{ key: 'k' }, 'k'],
    [{ incident: { incident_id: 'i' } }, 'i'],
  ])('key of %j', (body, key) => expect(signal({ title: 't', ...body }).dedupKey).toBe(key));

  test('without a key the source and summary are it, so a resolve finds its trigger', () => {
    const key = signal({ title: 't', host: 'h' }).dedupKey;
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(signal({ title: 't', host: 'h', status: 'ok' })).toMatchObject({ dedupKey: key, action: 'resolve' });
    expect(signal({ title: 't', host: 'other' }).dedupKey).not.toBe(key);
  });

  test('a list is many events; bad ones are named', () => {
    const parsed = good(parseGeneric(given([{ title: 'a', id: 1 }, {}, 'text', null, { title: 'b', id: 2, status: 'ok' }])));
    expect(parsed.signals.map((each) => [each.summary, each.action])).toEqual([
      ['a', 'trigger'],
      ['text', 'trigger'],
      ['b', 'resolve'],
    ]);
    expect(parsed.problems).toEqual([
      '1: no event: empty, or neither an object nor text',
      '3: no event: empty, or neither an object nor text',
    ]);
    expect(parsed.reply.status).toBe(202);
  });

  test.each([[undefined], [{}], [null], [[{}]], ['']])('%j is refused', (body) => {
    expect(parseGeneric(given(body))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no event'),
      reply: { status: 400 },
    });
  });

  test('an empty list is nothing to do', () =>
    expect(parseGeneric(given([]))).toMatchObject({ ok: true, signals: [], reply: { status: 202 } }));
});

describe('tools it knows', () => {
  test('Uptime Kuma, down and up', () => {
    const down = fixture('uptime-kuma-down.json');
    expect(signal(down)).toMatchObject({
      action: 'trigger',
      severity: 'critical',
      dedupKey: 'uptime-kuma:29',
      summary: 'Test is down: getaddrinfo ENOTFOUND test.com',
      source: 'https://test.com/',
      labels: { monitor: 'Test', monitor_id: '29', type: 'http', 'tag.team': 'web' },
      links: [{ href: 'https://test.com/', text: 'Test' }],
      startsAt: Temporal.Instant.from('2024-09-24T23:51:35.527Z'),
    });
    const up = { ...down, heartbeat: { monitorID: 29, status: 1, msg: '200 - OK', time: '2024-09-24 23:55:00.000' } };
    expect(signal(up)).toMatchObject({ action: 'resolve', dedupKey: 'uptime-kuma:29', summary: 'Test is up: 200 - OK' });
  });

  test.each([
    [2, 'pending'],
    [3, 'maintenance'],
  ])('Uptime Kuma status %i does nothing', (status, word) => {
    const parsed = good(parseGeneric(given({ ...fixture('uptime-kuma-down.json'), heartbeat: { status } })));
    expect([parsed.signals, parsed.problems, parsed.reply.status]).toEqual([
      [],
      [`heartbeat.status: ${word} neither opens nor resolves an alert`],
      202,
    ]);
  });

  test('Uptime Kuma test button', () => {
    expect(signal({ heartbeat: null, monitor: null, msg: 'My alert Testing' })).toMatchObject({
      action: 'trigger',
      severity: 'warning',
      summary: 'My alert Testing',
    });
  });

  test('apprise, as captured', () => {
    const body = JSON.parse(captured('/apprise')[0]?.body ?? '');
    expect(signal(body)).toMatchObject({ action: 'trigger', severity: 'info', summary: 'title: body', source: 'apprise' });
    const failure = signal({ ...body, type: 'failure' });
    expect(failure.severity).toBe('error');
    expect(signal({ ...body, type: 'success', message: 'fine' })).toMatchObject({
      action: 'resolve',
      dedupKey: failure.dedupKey,
    });
  });

  test.each([
    [{}, 'trigger', 'error'],
    [{ event_value: '0' }, 'resolve', 'error'],
    [{ event_update_status: '1', event_ack_status: 'Yes' }, 'acknowledge', 'error'],
    [{ event_nseverity: '5' }, 'trigger', 'critical'],
    [{ event_nseverity: '2' }, 'trigger', 'warning'],
    [{ event_nseverity: undefined, event_severity: 'Disaster' }, 'trigger', 'critical'],
  ])('Zabbix with %j', (more, action, severity) => {
    expect(signal({ ...fixture('zabbix-problem.json'), ...more })).toMatchObject({
      action,
      severity,
      dedupKey: 'zabbix:42',
      summary: 'Disk full on db1',
      source: 'db1',
    });
  });

  test.each([
    ['Recovered', 'resolve', 'error'],
    ['Triggered', 'trigger', 'error'],
    ['Warn', 'trigger', 'warning'],
  ])('Datadog %s', (alert_transition, action, severity) => {
    expect(signal({ ...fixture('datadog-recovered.json'), alert_transition })).toMatchObject({
      action,
      severity,
      dedupKey: 'datadog:9876543210123456789',
      summary: '[Recovered] CPU is high on web1',
      source: 'web1',
      labels: { env: 'prod', team: 'db' },
      links: [{ href: 'https://app.datadoghq.com/event/1', text: 'Datadog' }],
      images: [{ src: 'https://p.datadoghq.com/snap.png' }],
    });
  });
});

describe('with a mapping', () => {
  const mapping = {
    summary: '{$.check.name} on {$.where}',
    severity: '$.check.rank',
    dedup_key: "chk-{$.check['id']}",
    action: '$.now',
    source: '$.where',
    labels: { team: '$.meta.team', static: 'yes', gone: '$.nope' },
    links: [{ href: '$.page', text: 'Check' }, 'https://wiki/{$.check.id}'],
    images: [{ src: '$.graph' }],
    severity_map: { RED: 'critical' },
    action_map: { FINE: 'resolve', muted: 'ignore' },
  };
  const body = {
    check: { name: 'ping', id: 9, rank: 'red' },
    where: 'web1',
    now: 'BROKEN',
    meta: { team: 'web' },
    page: 'https://p',
    graph: 'https://g',
  };

  test('every field', () => {
    expect(only(parseGeneric(given(body, mapped(mapping))))).toMatchObject({
      action: 'trigger',
      summary: 'ping on web1',
      severity: 'critical',
      dedupKey: 'chk-9',
      source: 'web1',
      labels: { team: 'web', static: 'yes' },
      links: [{ href: 'https://p', text: 'Check' }, { href: 'https://wiki/9' }],
      images: [{ src: 'https://g' }],
    });
  });

  test.each([
    ['fine', 'resolve'],
    ['ack', 'acknowledge'],
    ['resolved', 'resolve'],
  ])('action %s', (now, action) => {
    expect(only(parseGeneric(given({ ...body, now }, mapped(mapping)))).action).toBe(action);
  });

  test('ignored events are told', () => {
    expect(parseGeneric(given([{ ...body, now: 'muted' }], mapped(mapping)))).toMatchObject({
      ok: true,
      signals: [],
      problems: ['0.action: ignored by the mapping'],
    });
  });

  test('what the mapping does not find is guessed', () => {
    expect(only(parseGeneric(given({ title: 't', priority: 'P1', id: 'i' }, mapped(mapping))))).toMatchObject({
      summary: 't',
      severity: 'critical',
      dedupKey: 'i',
      labels: { static: 'yes' },
    });
    expect(only(parseGeneric(given('plain text', mapped({ summary: 'Got: {$}' })))).summary).toBe('Got: plain text');
  });

  test('a mapping that went bad loses no event', () => {
    const parsed = good(parseGeneric(given(body, mapped({ summary: '$.a[' }))));
    expect(parsed.signals).toHaveLength(1);
    expect(parsed.problems[0]).toMatch(/^mapping\.summary: cannot be read at '\['.*; the mapping was not used$/);
  });

  test.each([
    [{ summary: '{' }, 'mapping.summary'],
    [{ summary: 5 }, 'mapping.summary'],
    [{ labels: { team: '$.' } }, 'mapping.labels.team'],
    [{ links: ['$..x'] }, 'mapping.links.0.href'],
    [{ images: [{ src: '$.a', alt: '}' }] }, 'mapping.images.0.alt'],
    [{ severity_map: { a: 'loud' } }, 'mapping.severity_map.a'],
    [{ action_map: { a: 'x' } }, 'mapping.action_map.a'],
    ['text', 'mapping'],
  ])('%j is invalid at %s', (bad, field) => {
    expect(() => readMapping({ mapping: bad })).toThrow(AppError);
    try {
      readMapping({ mapping: bad });
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'invalid', field });
    }
  });

  test.each([[undefined], [null], [{}], ['x'], [{ mapping: null }]])('%j has none', (config) =>
    expect(readMapping(config)).toBeUndefined(),
  );
});
