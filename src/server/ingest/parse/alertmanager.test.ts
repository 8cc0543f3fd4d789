import { describe, expect, test } from 'vitest';
import { parseAlertmanager } from './alertmanager.ts';
import { parseGrafana } from './grafana.ts';
import { captured, fixture, given, good, only } from './testing.ts';

const alert = (more: object = {}) => ({ status: 'firing', labels: { alertname: 'A' }, annotations: {}, ...more });
const group = (...alerts: unknown[]) => ({ version: '4', status: 'firing', alerts });

describe('Alertmanager webhook', () => {
  const [firing, resolved] = captured('/webhook/alertmanager').map((request) => JSON.parse(request.body) as { alerts: object[] });

  test('as captured from 0.25, firing then resolved', () => {
    expect(only(parseAlertmanager(given(firing)))).toEqual({
      integrationId: 'int-1',
      action: 'trigger',
      dedupKey: '930f65ae35d9bb94',
      summary: 'CPU high',
      severity: 'critical',
      source: 'web1',
      labels: { alertname: 'HighCPU', instance: 'web1', severity: 'critical' },
      links: [
        { href: 'http://prom/graph', text: 'Source' },
        { href: 'http://rb', text: 'Runbook' },
        { href: 'http://vm:19093', text: 'Alertmanager' },
      ],
      images: [],
      startsAt: Temporal.Instant.from('2026-11-21T03:11:20Z'),
      raw: firing?.alerts[0],
    });
    expect(only(parseAlertmanager(given(resolved)))).toMatchObject({ action: 'resolve', dedupKey: '930f65ae35d9bb94' });
    expect(parseAlertmanager(given(firing)).reply.status).toBe(200);
  });

  test('a missing fingerprint is the one Prometheus would compute', () => {
    const body = structuredClone(firing) as { alerts: { fingerprint?: string }[] };
    delete body.alerts[0]?.fingerprint;
    expect(only(parseAlertmanager(given(body))).dedupKey).toBe('930f65ae35d9bb94');
  });

  test('a mixed group: each alert by its own status', () => {
    const { signals } = good(
      parseAlertmanager(
        given(
          group(
            alert({ fingerprint: 'f1' }),
            alert({ fingerprint: 'f2', status: 'resolved' }),
            alert({ fingerprint: 'f3', status: undefined }),
          ),
        ),
      ),
    );
    expect(signals.map(({ dedupKey, action }) => [dedupKey, action])).toEqual([
      ['f1', 'trigger'],
      ['f2', 'resolve'],
      ['f3', 'trigger'],
    ]);
  });

  test('more than ten alerts are all kept', () => {
    const many = Array.from({ length: 64 }, (_, index) => alert({ fingerprint: `f${index}` }));
    expect(good(parseAlertmanager(given(group(...many)))).signals).toHaveLength(64);
  });

  test('bad alerts are named, good ones kept', () => {
    const parsed = good(parseAlertmanager(given(group(null, alert({ fingerprint: 'ok' }), { labels: {} }, 7))));
    expect(parsed.signals.map((signal) => signal.dedupKey)).toEqual(['ok']);
    expect(parsed.problems).toEqual([
      'alerts.0: not a JSON object',
      'alerts.2.labels: empty, and no fingerprint: nothing to know the alert by',
      'alerts.3: not a JSON object',
    ]);
    expect(parsed.reply.status).toBe(200);
  });

  test.each([[[]], [null]])('alerts: %j is nothing to do', (alerts) => {
    expect(parseAlertmanager(given({ status: 'firing', alerts }))).toMatchObject({
      ok: true,
      signals: [],
      problems: [],
      reply: { status: 200 },
    });
  });

  test.each([[undefined], [[]], ['text'], [{}], [{ alerts: {} }], [group(1, 2)]])('%j is refused', (body) => {
    expect(parseAlertmanager(given(body))).toMatchObject({
      ok: false,
      reply: {
        status: 400,
        body: {
          errors: [
            expect.any(String),
            ...(body && typeof body === 'object' && 'alerts' in body && Array.isArray(body.alerts) ? [expect.any(String)] : []),
          ],
        },
      },
    });
  });

  test('truncated alerts and unknown statuses are noted', () => {
    const parsed = good(
      parseAlertmanager(
        given({
          ...group(alert({ status: 'odd' })),
          truncatedAlerts: 3,
          notification_reason: 'first notification',
          routeLabels: {},
        }),
      ),
    );
    expect(parsed.problems).toEqual([
      "alerts.0.status: 'odd' taken as firing",
      'truncatedAlerts: the sender left out 3 alerts (its max_alerts)',
    ]);
    expect(parsed.signals[0]?.action).toBe('trigger');
  });

  test.each([
    [{ summary: 's', title: 't' }, { alertname: 'A' }, 's'],
    [{ title: 't', description: 'd' }, { alertname: 'A' }, 't'],
    [{ description: 'd', message: 'm' }, { alertname: 'A' }, 'd'],
    [{ message: 'm' }, { alertname: 'A' }, 'm'],
    [{ summary: '' }, { alertname: 'A', instance: 'web1:9100' }, 'A on web1:9100'],
    [{}, { alertname: 'A' }, 'A'],
    [{}, { job: 'node' }, 'Alertmanager alert on node'],
  ])('summary of %j %j', (annotations, labels, summary) => {
    expect(only(parseAlertmanager(given(group({ annotations, labels })))).summary).toBe(summary);
  });

  test('severity words, and links from annotations', () => {
    const signal = (labels: object, annotations = {}) =>
      only(parseAlertmanager(given(group({ labels: { alertname: 'A', ...labels }, annotations }))));
    expect(['page', 'warning', 'none', 'banana', undefined].map((severity) => signal({ severity }).severity)).toEqual([
      'critical',
      'warning',
      'info',
      'error',
      'error',
    ]);
    expect(
      signal({}, { dashboard: 'https://g/d/1', runbook_url: 'https://rb', note: 'text', wiki: 'https://w', bad: 'javascript:x' })
        .links,
    ).toEqual([
      { href: 'https://rb', text: 'Runbook' },
      { href: 'https://g/d/1', text: 'Dashboard' },
      { href: 'https://w', text: 'wiki' },
    ]);
  });
});

describe('Grafana webhook', () => {
  test('the documented example', () => {
    const { signals, problems, reply } = good(parseGrafana(given(fixture('grafana-webhook.json'))));
    expect(signals.map(({ action, dedupKey, severity, summary }) => [action, dedupKey, severity, summary])).toEqual([
      ['trigger', 'c6eadffa33fcdf37', 'error', 'This alert was triggered for zone us-1'],
      ['resolve', 'bc97ff14869b13e3', 'warning', 'The system has high CPU usage'],
    ]);
    expect(signals[0]?.links.map((link) => link.text)).toEqual(['Source', 'Dashboard', 'Panel', 'Runbook', 'Silence', 'Grafana']);
    expect(signals[0]?.images).toEqual([
      {
        src: 'https://play.grafana.org/img/1.png',
        href: 'https://play.grafana.org/d/abc?viewPanel=2',
        alt: "[ metric='' labels={} value=44.2 ]",
      },
    ]);
    expect(signals[0]?.startsAt?.toString()).toBe('2021-10-12T07:51:03.157076Z');
    expect([problems, reply.status]).toEqual([[], 200]);
  });

  test.each([
    ['alerting', 'trigger'],
    ['ok', 'resolve'],
    ['no_data', 'trigger'],
  ])('before Grafana 9, state %s', (state, action) => {
    expect(only(parseGrafana(given({ ...fixture('grafana-legacy.json'), state })))).toMatchObject({
      action,
      dedupKey: 'grafana:2:7',
      severity: 'critical',
      summary: 'Someone is testing the alert notification within grafana.',
      labels: { alertname: 'Disk alert', team: 'db', severity: 'critical', 'value.High value': '100' },
      links: [{ text: 'Rule' }],
      images: [{ src: 'https://grafana.com/static/assets/img/blog/mixed_styles.png', alt: 'Disk alert' }],
    });
  });

  test.each(['paused', 'pending'])('before Grafana 9, %s does nothing', (state) => {
    expect(parseGrafana(given({ ...fixture('grafana-legacy.json'), state }))).toMatchObject({
      ok: true,
      signals: [],
      reply: { status: 200 },
    });
  });

  test('neither shape is refused', () =>
    expect(parseGrafana(given({ title: 'x' }))).toMatchObject({ ok: false, reply: { status: 400 } }));
});
