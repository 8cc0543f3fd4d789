import { describe, expect, test } from 'vitest';
import type { Hours } from '../../contract/common.ts';
import { reachProblems } from './readiness.ts';
import {
  localAndUtc,
  type Method,
  maskAddress,
  quietUntil,
  receiptMeans,
  retryDelay,
  ruleSteps,
  shownSeverity,
  sinceText,
  usableMethods,
} from './rules.ts';

const at = (text: string) => Temporal.Instant.from(text);
const method = (label: string, about: Partial<Method> = {}): Method => ({
  id: label,
  label,
  channel: label,
  address: `${label} address`,
  verified: true,
  disabled_reason: null,
  ...about,
});
const labels = (methods: Method[]) => methods.map((one) => one.label);

describe('usableMethods', () => {
  const [sms, voice] = [method('sms'), method('voice')];
  const raw = method('ntfy', { verified: false });
  const dead = method('webhook', { disabled_reason: 'gone' });
  test.each([
    ['none: her mail address', [], ['email']],
    ['verified ones in their order', [voice, sms], ['voice', 'sms']],
    ['verified ones only', [raw, sms], ['sms']],
    ['unverified ones for want of better, and mail', [raw], ['ntfy', 'email']],
    ['an unverified mail method is mail enough', [raw, method('email', { verified: false })], ['ntfy', 'email']],
    ['dead ones never', [dead, sms], ['sms']],
    ['all dead: her mail address', [dead], ['email']],
  ] as [string, Method[], string[]][])('%s', (_, given, want) => {
    expect(labels(usableMethods(given, 'ana@example.com'))).toEqual(want);
  });
});

describe('ruleSteps', () => {
  const usable = [method('push'), method('sms'), method('email')];
  const steps = (rules: { after_seconds: number; methods: string[] }[], urgency: 'high' | 'low' = 'high', methods = usable) =>
    ruleSteps(rules, methods, urgency).map((step) => [step.after_seconds, ...labels(step.methods)]);
  test.each([
    ['no rules, high: everything at once', [], 'high', [[0, 'push', 'sms', 'email']]],
    ['no rules, low: mail', [], 'low', [[0, 'email']]],
    [
      'in order of time',
      [
        { after_seconds: 60, methods: ['sms'] },
        { after_seconds: 0, methods: ['push'] },
      ],
      'high',
      [
        [0, 'push'],
        [60, 'sms'],
      ],
    ],
    [
      'a method she does not have is left out',
      [
        { after_seconds: 0, methods: ['fax'] },
        { after_seconds: 60, methods: ['sms', 'fax'] },
      ],
      'high',
      [[60, 'sms']],
    ],
    ['no rule can be used: everything', [{ after_seconds: 0, methods: ['fax'] }], 'high', [[0, 'push', 'sms', 'email']]],
    ['low as she wants it', [{ after_seconds: 0, methods: ['push'] }], 'low', [[0, 'push']]],
  ] as [string, { after_seconds: number; methods: string[] }[], 'high' | 'low', unknown[]][])('%s', (_, rules, urgency, want) => {
    expect(steps(rules, urgency)).toEqual(want);
  });
  test('low without mail: whatever there is', () => {
    expect(steps([], 'low', [method('sms')])).toEqual([[0, 'sms']]);
  });
});

describe('quietUntil', () => {
  const quiet = (from: string, to: string, days: Hours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']): Hours => ({
    from,
    to,
    days,
  });
  const night = quiet('22:00', '07:00');
  test.each([
    ['none', null, 'UTC', 'low', '2026-03-02T23:00:00Z', undefined],
    ['high never waits', night, 'UTC', 'high', '2026-03-02T23:00:00Z', undefined],
    ['before midnight', night, 'UTC', 'low', '2026-03-02T22:00:00Z', '2026-03-03T07:00:00Z'],
    ['after midnight', night, 'UTC', 'low', '2026-03-03T06:59:59Z', '2026-03-03T07:00:00Z'],
    ['at the end', night, 'UTC', 'low', '2026-03-03T07:00:00Z', undefined],
    ['in her zone', night, 'Asia/Tokyo', 'low', '2026-03-02T13:00:00Z', '2026-03-02T22:00:00Z'],
    ['the night the clocks go forward', night, 'Europe/Amsterdam', 'low', '2026-03-28T22:00:00Z', '2026-03-29T05:00:00Z'],
    ['the night they go back', night, 'Europe/Amsterdam', 'low', '2026-10-24T22:00:00Z', '2026-10-25T06:00:00Z'],
    ['only on her days', quiet('22:00', '07:00', ['sat']), 'UTC', 'low', '2026-03-02T23:00:00Z', undefined],
    [
      'the night of her day, next morning',
      quiet('22:00', '07:00', ['sat']),
      'UTC',
      'low',
      '2026-03-08T03:00:00Z',
      '2026-03-08T07:00:00Z',
    ],
    ['within one day', quiet('12:00', '13:00'), 'UTC', 'low', '2026-03-02T12:30:00Z', '2026-03-02T13:00:00Z'],
  ] as [string, Hours | null, string, 'high' | 'low', string, string | undefined][])(
    '%s',
    (_, hours, zone, urgency, now, until) => {
      expect(quietUntil(hours, zone, urgency, at(now))?.toString()).toBe(until);
    },
  );
});

test.each([
  [1, undefined, 1000],
  [2, undefined, 3000],
  [3, undefined, undefined],
  [1, 7000, 7000],
  [1, 500, 1000],
  [1, 10_001, undefined],
  [3, 1, undefined],
])('after try %i, asked for %s ms: %s ms', (attempt, asked, wait) => {
  expect(retryDelay(attempt, asked)).toBe(wait);
});

test('a moment is told on the person’s clock, in the form of their language', () => {
  const opened = at('2026-03-02T23:30:00Z');
  for (const [zone, locale, local] of [
    ['Europe/Amsterdam', undefined, '2026-03-03 00:30 Europe/Amsterdam (23:30 UTC)'],
    ['Europe/Amsterdam', 'en', '2026-03-03 00:30 Europe/Amsterdam (23:30 UTC)'],
    ['Europe/Amsterdam', 'nl-BE', '3 mrt 2026 00:30 Europe/Amsterdam (23:30 UTC)'],
    ['UTC', 'de', '02.03.2026 23:30 UTC (23:30 UTC)'],
    ['America/New_York', 'en-US', 'Mar 2, 2026 6:30 PM America/New_York (11:30 PM UTC)'],
    // No words in their language, and no language at all.
    ['UTC', 'ar', '2026-03-02 23:30 UTC (23:30 UTC)'],
    ['UTC', 'de-aa-bb-cc', '2026-03-02 23:30 UTC (23:30 UTC)'],
  ] as const)
    expect(localAndUtc(opened, zone, locale).replaceAll('\u202f', ' ')).toBe(local);
  for (const [zone, locale, asOf, since] of [
    ['Asia/Tokyo', 'en', '2026-03-03T01:00:00Z', '08:30'],
    ['UTC', 'en', '2026-03-03T01:00:00Z', '2 Mar 23:30'],
    ['UTC', 'de', '2026-03-03T01:00:00Z', '2. März 23:30'],
    ['UTC', 'nl', '2026-03-02T23:59:00Z', '23:30'],
  ] as const)
    expect(sinceText(opened, zone, locale, at(asOf))).toBe(since);
  expect(['critical', 'error', 'warning', 'info', 'odd'].map(shownSeverity)).toEqual([
    'critical',
    'high',
    'medium',
    'low',
    'low',
  ]);
});

test.each([
  ['sms', '+31612345678', '+31…678'],
  ['voice', '+31612345678', '+31…678'],
  ['email', 'ines@example.com', 'i…@example.com'],
  ['email', 'broken', '…'],
  ['slack', 'U024BE7LH', 'U…7LH'],
  ['slack', 'ines@example.com', 'i…@example.com'],
  ['ntfy', 'secret-topic', '…'],
  ['ntfy', 'https://ntfy.sh/secret-topic', 'https://ntfy.sh/…'],
  ['webhook', 'https://example.com/hooks/secret?key=1', 'https://example.com/…'],
  ['webpush', '{"endpoint":"https://push.example.com/secret","keys":{}}', 'https://push.example.com/…'],
  ['webpush', 'broken', '…'],
])('of the %s address %s others see %s', (channel, address, seen) => {
  expect(maskAddress(channel, address)).toBe(seen);
});

const VERIFY = (label: string) => `verify ${label}: while a way is verified, pages take verified ways alone`;
test.each([
  [['sms', 'email'], undefined],
  [['webhook', 'email'], undefined],
  [['webpush', 'email'], 'add a call, an SMS, ntfy or Pushover'],
  [['slack', 'telegram', 'email'], 'add a call, an SMS, ntfy or Pushover'],
  [['sms'], 'add a second way, for when that provider is down'],
  [['webpush'], 'add a second way, such as a call: Do Not Disturb of a phone silences a web push'],
  // Unverified ways take no page while there is a verified one.
  [['webpush', 'email', '?voice'], VERIFY('voice')],
  [['webpush', 'email', '?slack'], 'add a call, an SMS, ntfy or Pushover'],
  [['sms', '?email'], VERIFY('email')],
  [['sms', '?sms'], 'add a second way, for when that provider is down'],
  [['?sms'], 'send a code and confirm it'],
] as const)('who is reached by %s is told: %s', (ways, remedy) => {
  const reach = {
    contact_methods: ways.map((way) => {
      const channel = way.replace('?', '') as 'sms';
      return { label: channel, channel, address: '', verified: channel === way };
    }),
    problems: [],
  };
  const settings = { channels: Object.fromEntries(['email', ...ways].map((way) => [way.replace('?', ''), {}])) };
  expect(reachProblems(reach, settings).map((one) => one.remedy)).toEqual(remedy ? [remedy] : []);
});

const sent = { status: 'sent', attempt: 1, vendor: 'twilio', provider_id: 'SM1', receipt_at: null };
const good = { providerId: 'SM1', state: 'delivered' as const };
const bad = { providerId: 'SM1', state: 'failed' as const };
test.each([
  ['delivered', {}, good, 'twilio', 'delivered'],
  ['failed', {}, bad, 'twilio', 'failed'],
  ['before the vendor had answered us', { status: 'sending', provider_id: null }, good, 'twilio', 'delivered'],
  ['between two tries', { status: 'queued', provider_id: null }, good, 'twilio', 'delivered'],
  ['a failure between two tries', { status: 'queued', provider_id: null }, bad, 'twilio', 'nothing'],
  ['before anything was sent', { status: 'queued', attempt: 0, provider_id: null }, good, 'twilio', 'nothing'],
  ['after the fail-over', { status: 'failed' }, good, 'twilio', 'delivered late'],
  ['a failure after the fail-over', { status: 'failed' }, bad, 'twilio', 'failed late'],
  ['a second word', { status: 'delivered', receipt_at: at('2026-03-02T12:00:00Z') }, bad, 'twilio', 'nothing'],
  ['delivered after failed', { status: 'failed', receipt_at: at('2026-03-02T12:00:00Z') }, good, 'twilio', 'nothing'],
  ['by another vendor', {}, bad, 'plivo', 'nothing'],
  ['about another message', {}, { ...bad, providerId: 'SM2' }, 'twilio', 'nothing'],
  ['about one that was called off', { status: 'cancelled' }, good, 'twilio', 'nothing'],
])('a receipt %s', (_what, change, word, vendor, means) => {
  expect(receiptMeans({ ...sent, ...change }, word, vendor)).toBe(means);
});
