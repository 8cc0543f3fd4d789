import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../../../test/any-text.ts';
import { parseAlertmanager } from './alertmanager.ts';
import { decodeBody } from './body.ts';
import { parseGeneric } from './generic.ts';
import { parseGrafana } from './grafana.ts';
import { parseOpsgenieCreate } from './opsgenie.ts';
import { opsgenieActionSignal, parseOpsgenieAction } from './opsgenie-actions.ts';
import { parsePagerduty, parsePagerdutyChange, parsePagerdutyV1 } from './pagerduty.ts';
import { parsePrometheus } from './prometheus.ts';
import { expectWithinLimits, given } from './testing.ts';
import type { Parser } from './types.ts';
import { parseVictorops } from './victorops.ts';

const PARSERS: Record<string, Parser> = {
  parseAlertmanager,
  parseGrafana,
  parsePrometheus,
  parsePagerduty,
  parsePagerdutyChange,
  parsePagerdutyV1,
  parseOpsgenieCreate,
  parseVictorops,
  parseGeneric,
};

/** Names the parsers look for, so that random objects reach the code behind them. */
const NAMES =
  'alerts status labels annotations severity fingerprint startsAt endsAt generatorURL truncatedAlerts ruleId ruleName state tags evalMatches event_action event_type dedup_key incident_key description payload summary source timestamp custom_details details links images contexts client client_url message alias priority responders type name message_type entity_id state_start_time vo_annotate.u.x heartbeat monitor msg version attachments title event_id event_value alert_transition alert_type id key __proto__ constructor toString'.split(
    ' ',
  );
const WORDS =
  'firing resolved trigger resolve acknowledge CRITICAL RECOVERY P1 ok critical failure success Recovered 0 1 2026-11-21T03:11:20Z 0001-01-01T00:00:00Z http://x/y javascript:alert(1)'.split(
    ' ',
  );

const text = fc.oneof(
  fc.constantFrom(...WORDS),
  anyText(),
  fc.constantFrom('\u0000', '\ud800', '\udc00x', 'é'.repeat(3000), '😀'.repeat(1500)),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.oneof(text, text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 4 }),
    fc
      .array(
        fc.tuple(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: text }), tie('json')),
        { maxLength: 8 },
      )
      .map((entries) => Object.fromEntries(entries)),
  ),
}));
/** An object or a list at the top, half of the time inside what makes a parser look further. */
const body = fc.oneof(
  json,
  json.map((alert) => ({ status: 'firing', alerts: [alert, alert, { labels: { alertname: 'A' } }] })),
  json.map((alert) => [alert, { labels: { a: 'b' } }, { labels: alert }]),
  fc.tuple(fc.constantFrom('trigger', 'resolve'), json).map(([action, each]) => ({
    event_action: action,
    event_type: action,
    dedup_key: 'k',
    incident_key: 'k',
    description: 'd',
    message: 'm',
    message_type: 'INFO',
    details: each,
    payload: { summary: 's', source: 'x', custom_details: each, severity: each },
    links: each,
    images: each,
    tags: each,
    responders: each,
    heartbeat: each,
    monitor: each,
    msg: each,
  })),
);

describe('whatever is sent, a parser answers', () => {
  test.each(Object.entries(PARSERS))('%s', (_name, parse) => {
    fc.assert(
      fc.property(body, (value) => {
        const parsed = parse(given(value));
        expect(parsed.reply.status).toBeGreaterThanOrEqual(200);
        expect(parsed.reply.status).toBeLessThan(500);
        if (!parsed.ok) {
          expect(parsed.reason).not.toBe('');
          return;
        }
        parsed.signals.forEach(expectWithinLimits);
        expect(parsed.problems.length).toBeLessThanOrEqual(100);
        expect(parsed.problems.every((problem) => problem.isWellFormed() && !problem.includes('\u0000'))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('parseOpsgenieAction', () => {
    const paths =
      'close acknowledge unacknowledge snooze notes tags details responders teams assign escalate priority message description actions/x other'.split(
        ' ',
      );
    const route = fc.tuple(fc.constantFrom('POST', 'PUT', 'DELETE', 'post'), fc.oneof(fc.constantFrom(...paths, ''), text));
    fc.assert(
      fc.property(body, route, text, (value, [method, path], id) => {
        const input = given(value, { params: { id }, query: { identifierType: 'alias', tags: id } });
        const parsed = parseOpsgenieAction(input, method, path);
        expect([202, 404, 422]).toContain(parsed.reply.status);
        const signal = parsed.ok ? opsgenieActionSignal(input, parsed.action, parsed.action.target.value) : undefined;
        if (signal) expectWithinLimits(signal);
      }),
      { numRuns: 2000 },
    );
  });

  const types = fc.constantFrom(
    undefined,
    'application/json',
    'text/plain; charset=utf-16',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'x; charset=nonsense',
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    body.map((value) => new TextEncoder().encode(JSON.stringify(value) ?? '')),
    fc
      .string({ maxLength: 200 })
      .map((value) => new TextEncoder().encode(`--x\r\nContent-Disposition: form-data; name="data"\r\n\r\n${value}\r\n--x--`)),
  );

  test('any bytes, through every parser', () => {
    fc.assert(
      fc.property(bytes, types, (value, type) => {
        const decoded = decodeBody(value, type, {});
        for (const parse of Object.values(PARSERS)) {
          const parsed = parse(given(decoded, { contentType: type }));
          if (parsed.ok) parsed.signals.forEach(expectWithinLimits);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('JSON nested a hundred thousand deep, long lists, wide objects', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    let chain: unknown = 'end';
    for (let depth = 0; depth < 100_000; depth += 1) chain = { payload: chain };
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 'v'.repeat(3)]));
    const bodies = [
      deep,
      chain,
      wide,
      { alerts: [deep, { labels: wide, annotations: deep, startsAt: deep }], status: deep, truncatedAlerts: deep },
      [{ labels: wide, startsAt: chain, endsAt: deep, generatorURL: deep }],
      { event_action: 'trigger', payload: { summary: 's', source: 's', severity: deep, custom_details: chain }, links: [chain] },
      { event_type: 'trigger', description: 'd', details: chain, contexts: [deep] },
      { message: 'm', details: chain, tags: [deep], responders: [{ type: deep, name: chain }] },
      { message_type: 'CRITICAL', entity_id: deep, 'vo_annotate.u.x': deep, extra: chain },
      { title: 't', heartbeat: { status: deep }, monitor: { tags: [deep, chain] }, msg: deep },
      Array.from({ length: 20_000 }, () => 1),
      { alerts: Array.from({ length: 20_000 }, () => null) },
    ];
    for (const value of bodies) {
      for (const parse of Object.values(PARSERS)) {
        const parsed = parse(given(value));
        if (parsed.ok) parsed.signals.slice(0, 100).forEach(expectWithinLimits);
      }
    }
    const bytesOf = new TextEncoder().encode(`${'['.repeat(100_000)}1234567890123456${']'.repeat(100_000)}`);
    expect(Array.isArray(decodeBody(bytesOf, undefined, {}))).toBe(true);
  });
});
