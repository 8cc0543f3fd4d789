import { describe, expect, test } from 'vitest';
import { captured, given, good, only } from './testing.ts';
import { parseVictorops, victoropsFailure } from './victorops.ts';

describe('Splunk On-Call REST endpoint', () => {
  test('Alertmanager', () => {
    const body = JSON.parse(captured('/vo/integrations')[0]?.body ?? '');
    const parsed = parseVictorops(given(body, { params: { routing_key: 'rk' } }));
    expect(only(parsed)).toMatchObject({
      action: 'trigger',
      dedupKey: body.entity_id,
      summary: '[FIRING:1] HighCPU (web1 critical)',
      severity: 'critical',
      source: 'Alertmanager',
      labels: { routing_key: 'rk', monitoring_tool: 'Alertmanager' },
      raw: body,
    });
    expect(parsed.reply).toEqual({ status: 200, body: { result: 'success', entity_id: body.entity_id } });
  });

  test.each([
    ['CRITICAL', 'trigger', 'critical', 0],
    ['warning', 'trigger', 'warning', 0],
    ['INFO', 'trigger', 'info', 0],
    ['ACKNOWLEDGEMENT', 'acknowledge', 'info', 0],
    ['RECOVERY', 'resolve', 'info', 0],
    ['LOUD', 'trigger', 'error', 1],
    ['constructor', 'trigger', 'error', 1],
  ])('%s', (message_type, action, severity, problems) => {
    const parsed = good(parseVictorops(given({ message_type, entity_id: 'e' })));
    expect(parsed.signals).toMatchObject([{ action, severity, dedupKey: 'e', summary: 'e' }]);
    expect(parsed.problems).toHaveLength(problems);
  });

  test('annotations, times, who acknowledged', () => {
    const signal = only(
      parseVictorops(
        given({
          message_type: 'ACKNOWLEDGEMENT',
          entity_id: 'disk/db1',
          state_message: 'full',
          state_start_time: 1437122578,
          host_name: 'db1',
          ack_author: 'ana',
          disk: { used: 99 },
          'vo_annotate.u.Runbook': 'https://rb',
          'vo_annotate.i.Graph': 'https://g.png',
          'vo_annotate.s.Note': 'careful',
        }),
      ),
    );
    expect(signal).toMatchObject({
      summary: 'full',
      source: 'db1',
      by: 'ana',
      startsAt: Temporal.Instant.from('2015-07-17T08:42:58Z'),
    });
    expect(signal.links).toEqual([{ href: 'https://rb', text: 'Runbook' }]);
    expect(signal.images).toEqual([{ src: 'https://g.png', alt: 'Graph' }]);
    expect(signal.labels).toEqual({ Note: 'careful', host_name: 'db1', ack_author: 'ana', 'disk.used': '99' });
  });

  test('a recovery without an entity is told', () => {
    expect(good(parseVictorops(given({ message_type: 'RECOVERY' }))).problems).toEqual([
      'entity_id: missing, so this resolve can match no alert',
    ]);
  });

  test.each([
    [undefined, 'The request body is not a JSON object'],
    [{}, 'message_type is required'],
  ])('%j is refused', (body, message) => {
    expect(parseVictorops(given(body))).toEqual({ ok: false, reason: message, reply: victoropsFailure(400, message) });
    expect(victoropsFailure(400, message).body).toEqual({ result: 'failure', message });
  });
});
