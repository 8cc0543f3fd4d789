import { expect, test } from 'vitest';
import { parseEmail, plainSubject } from './email.ts';

test.each([
  ['[FIRING:2] Disk full on db1', 'disk full on db1'],
  ['RESOLVED: Disk full on db1', 'disk full on db1'],
  ['Re: AW: PROBLEM: Disk  full on db1', 'disk full on db1'],
  ['Resolved in 5m 3s: Disk full on db1', 'disk full on db1'],
  ['[Monitor] shop is DOWN', 'monitor] shop'],
  ['[Monitor] shop is back up', 'monitor] shop'],
  ['Upload is slow', 'upload is slow'],
  ['Fehler: Größe überschritten', 'fehler: größe überschritten'],
  // Nothing would be left: all such mails would be one alert.
  ['RESOLVED', 'resolved'],
  ['', ''],
])('of %s alerts are told apart by “%s”', (subject, plain) => expect(plainSubject(subject)).toBe(plain));

const read = (subject: string, mail: object = {}, more: object = {}) =>
  parseEmail({
    body: { subject, from: 'nagios@mon.example.com', text: 'It is so.', ...more },
    query: {},
    params: {},
    integration: { id: '1', kind: 'email', config: { mail } },
    now: Temporal.Instant.from('2026-03-02T09:00:00Z'),
    requestId: '1',
  });
const keyed = { key_pattern: 'host=(\\S+)' };
test.each<[string, object, string | undefined, string | undefined]>([
  ['Disk full', {}, 'trigger', 'disk full'],
  ['OK: Disk full', {}, 'resolve', 'disk full'],
  ['OK button broken', {}, 'trigger', 'button broken'],
  ['Closed connections are many', {}, 'trigger', 'connections are many'],
  ['shop is ok', {}, 'resolve', 'shop'],
  ['shop is ok but slow', {}, 'trigger', 'shop is ok but slow'],
  ['OK: Disk full', { closes: null }, 'trigger', 'disk full'],
  ['Recovery of disk', { opens: '^problem', closes: '^recovery' }, 'resolve', 'of disk'],
  ['News of the week', { opens: '^problem' }, undefined, undefined],
  ['Re: Problem with disk', { opens: '^problem' }, 'trigger', 'with disk'],
  ['Load 5 at host=db1 now', keyed, 'trigger', 'db1'],
  ['Load 9 at host=DB1 now', keyed, 'trigger', 'db1'],
  ['Load 9 at no host', keyed, 'trigger', 'load 9 at no host'],
  ['Anything', { key: 'thread' }, 'trigger', 'thread:<root@x>'],
])('%s with %j: %s of %s', (subject, rules, action, key) => {
  const parsed = read(subject, rules, { references: ['<root@x>', '<mid@x>'], message_id: '<self@x>' });
  expect(parsed).toMatchObject({ ok: true, problems: action ? [] : [expect.stringContaining('opens nothing')] });
  expect(parsed.ok && parsed.signals.map((one) => [one.action, one.dedupKey])).toEqual(action ? [[action, key]] : []);
});

test.each([
  ['[CRITICAL] Disk full', 'critical'],
  ['Re: WARNING: Disk full', 'warning'],
  ['[Monitor] [info:2] Disk full', 'info'],
  ['Error budget is spent', 'critical'],
  ['Critically low stock', 'critical'],
  ['Info desk: nobody is there', 'critical'],
])('how bad %s is: %s', (subject, severity) =>
  expect(read(subject, { severity: 'critical' })).toMatchObject({ signals: [{ severity }] }),
);

test('without a subject the text speaks; without both it is refused', () => {
  expect(read('', {}, { text: 'Backup failed\nat 03:00' })).toMatchObject({ ok: true, signals: [{ summary: 'Backup failed' }] });
  expect(read('', {}, { text: '' })).toMatchObject({ ok: false, reason: 'the mail is empty' });
});
