import { expect, onTestFinished, test, vi } from 'vitest';
import { recover } from '../../src/server/paging/actions.ts';
import type { Mode } from '../fakes/http-fake.ts';
import { aTeam, type Someone, type Team } from './world.ts';

const two = { twoVendors: true };
const bySms = { by: ['sms' as const, 'ntfy' as const], rules: { high: [{ methods: ['sms'] }] } };
const byCall = { by: ['call' as const, 'ntfy' as const], rules: { high: [{ methods: ['call'] }] } };
const told = async (w: Team): Promise<string[]> =>
  (await w.timeline()).filter((entry) => /^delivery\./.test(entry.type)).map((entry) => entry.text);
type Pages = { items: { receipts: { channel: string; vendor: string | null; status: string; error: string | null }[] }[] };
/** What the incident's page shows of each message, oldest first. */
const trail = async (w: Team): Promise<string[]> =>
  (await w.call<Pages>('GET', `/api/incidents/${(await w.incident()).number}/pages`)).items.flatMap((page) =>
    page.receipts.map((one) => `${one.channel} ${one.vendor}: ${one.status}`),
  );

const FAILURES: [what: string, mode: Mode, seconds: number, why: RegExp][] = [
  ['refuses', 'refused', 0, /not a valid phone number/],
  ['asks to be left alone for longer than a moment', 'retryable', 0, /429/],
  ['is broken', 'broken', 4, /500/],
  ['says nothing that can be read, so that it may have taken it', 'malformed', 0, /without a message id/],
];
test.each(FAILURES)('a vendor that %s: the other one, at once', async (_what, mode, seconds, why) => {
  const w = await aTeam({ ana: bySms }, two);
  w.twilio.mode(mode);
  await w.alertFires('down');
  if (seconds > 0) await w.fastForward(`${seconds}s`);
  const sms = w.expectPlivoSms('ana', /down.*\nReply 4 ack, 5 escalate, 6 resolve\nhttp/s);
  await w.plivo.reportStatus(sms, 'delivered');
  await w.settle();
  expect(await trail(w)).toEqual(['sms twilio: failed', 'sms plivo: delivered']);
  const said = await told(w);
  expect(said).toContainEqual(expect.stringMatching(why));
  expect(said.slice(-3)).toEqual([
    'Ana: sms (Plivo) instead of sms (Twilio)',
    'Sent to Ana by sms (Plivo)',
    'sms (Plivo) delivered',
  ]);
  await w.fastForward('2m');
});

test('taken without a word, connection lost: not asked again, for it may arrive; the other vendor is', async () => {
  const w = await aTeam({ ana: bySms }, two);
  w.twilio.mode('lost');
  await w.alertFires('down');
  w.expectSms('ana');
  await w.plivo.reportStatus(w.expectPlivoSms('ana'), 'delivered');
  await w.fastForward('2m');
  // With one vendor there is nobody else to ask: a page twice is better than none.
  const alone = await aTeam({ ana: bySms });
  alone.twilio.mode('lost', 'ok');
  await alone.alertFires('down');
  await alone.fastForward('1s');
  alone.expectSms('ana');
  alone.expectSms('ana');
});

test('sent but not delivered in time: the other vendor; what the first says later is noted and moves nothing', async () => {
  const w = await aTeam({ ana: bySms }, two);
  await w.alertFires('down');
  const first = w.expectSms('ana');
  await w.twilio.reportStatus(first, 'sent');
  await w.fastForward('59s');
  w.expectNothing();
  await w.fastForward('1s');
  const second = w.expectPlivoSms('ana');
  expect(await told(w)).toContain('Ana by sms (Twilio) failed: not delivered within 60 s');
  await w.twilio.reportStatus(first, 'delivered');
  await w.twilio.reportStatus(first, 'undelivered');
  await w.twilio.reportStatus(first, 'delivered');
  await w.plivo.reportStatus(second, 'delivered');
  await w.plivo.reportStatus(second, 'failed');
  await w.fastForward('3m');
  expect(await trail(w)).toEqual(['sms twilio: delivered', 'sms plivo: delivered']);
  expect((await told(w)).filter((text) => text.includes('delivered'))).toEqual([
    'Ana by sms (Twilio) failed: not delivered within 60 s',
    'sms (Twilio) delivered after all, when others were tried already',
    'sms (Plivo) delivered',
  ]);
  await w.does('resolve');
  await w.alertFires('again');
  const third = w.expectSms('ana', /again/);
  await w.fastForward('60s');
  w.expectPlivoSms('ana', /again/);
  await w.twilio.reportStatus(third, 'delivered');
  // The other vendor never says a word: the person has it all the same.
  await w.fastForward('3m');
  expect(await trail(w)).toEqual(['sms twilio: delivered', 'sms plivo: failed']);
});

test('a late receipt calls off what has not left yet', async () => {
  const w = await aTeam({ ana: bySms }, two);
  await w.alertFires('down');
  const first = w.expectSms('ana');
  w.plivo.mode('broken');
  await w.fastForward('60s');
  await w.twilio.reportStatus(first, 'delivered');
  w.plivo.mode('ok');
  await w.fastForward('2m');
  expect(await trail(w)).toEqual(['sms twilio: delivered', 'sms plivo: cancelled']);
});

test('neither vendor delivers: the next method, and when none is left the next person', async () => {
  const steps = { steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 3600 }, { targets: [{ person: 'ben' }] }] };
  const w = await aTeam({ ana: bySms, ben: { by: ['mail'] } }, { ...two, ...steps });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.fastForward('60s');
  await w.plivo.reportStatus(w.expectPlivoSms('ana'), 'undelivered', '300');
  await w.settle();
  w.expectPush('ana');
  await w.does('resolve');
  await w.savePerson('ana', { by: ['sms'] });
  for (const fake of [w.twilio, w.plivo]) fake.mode('malformed');
  await w.alertFires('again');
  await w.settle();
  w.expectMail('ben', /again/);
});

test('a call nobody takes: the other vendor calls, says it in the language of the person, and a key answers', async () => {
  const w = await aTeam({ ana: { ...byCall, locale: 'nl-NL' } }, two);
  await w.alertFires('down');
  const first = w.expectCall('ana', /INC-\S+ bij db: down is wrong\. Sinds 12:00\. Druk op 4/);
  await w.twilio.reportStatus(first, 'ringing');
  await w.fastForward('75s');
  expect(await told(w)).toContain('Ana by voice (Twilio) failed: not answered within 75 s');
  const call = w.expectPlivoCall('ana');
  expect((await w.plivo.answer(call)).status).toBe(200);
  const { number } = await w.incident();
  const line = `${number} bij db: down is wrong. Sinds 12:00. Druk op 4 om te bevestigen, 5 om te escaleren, 6 voor opgelost.`;
  expect(call.said).toEqual([line, line, 'Er is geen toets ingedrukt. Tot ziens.']);
  expect(new Set(call.languages)).toEqual(new Set(['nl-NL']));
  await w.settle();
  expect(await trail(w)).toEqual(['voice twilio: failed', 'voice plivo: delivered']);
  expect((await w.plivo.press(call, '9')).body).toContain('Die toets doet niets');
  expect((await w.plivo.press(call, '4')).body).toContain(`${number}: down is wrong. Bevestigd.`);
  await w.plivo.reportStatus(call, 'completed');
  await w.settle();
  expect(await w.incident()).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ana' });
});

test('a call that was answered is not made again, however long it lasts', async () => {
  const w = await aTeam({ ana: byCall }, two);
  await w.alertFires('down');
  await w.twilio.reportStatus(w.expectCall('ana'), 'in-progress');
  await w.fastForward('4m');
  expect(await trail(w)).toEqual(['voice twilio: delivered']);
});

test('a reply to the number of either vendor answers, in the language of the person', async () => {
  const w = await aTeam({ ana: { ...bySms, locale: 'de' } }, two);
  w.twilio.mode('refused');
  await w.alertFires('down');
  const sms = w.expectPlivoSms('ana', /INC-\S+ db: down is wrong \(seit 12:00\)\nAntwort: 4 annehmen, 5 weiter, 6 gelöst\n/);
  const url = `${w.url}/answer/sms`;
  expect((await w.plivo.reply(sms, 'wer da?', url)).body).toContain('Antworten Sie 4 zum Annehmen');
  expect((await w.plivo.reply(sms, '4', url)).body).toContain(': down is wrong. Angenommen.');
  await w.settle();
  expect((await w.incident()).acknowledged_by).toBe('ana');
});

test('receipts that lie change nothing: of another vendor, of another message, unsigned', async () => {
  const w = await aTeam({ ana: bySms, ben: bySms }, { ...two, steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }] }] });
  await w.alertFires('down');
  const [ana, ben] = [w.expectSms('ana'), w.expectSms('ben')];
  const before = await trail(w);
  const lie = { MessageUUID: ana.sid, Status: 'failed', To: '1', From: '2' };
  expect((await w.plivo.post('v2', ana.statusCallback ?? '', lie)).status).toBe(204);
  await w.twilio.reportStatus({ ...ana, sid: ben.sid }, 'undelivered');
  await w.twilio.reportStatus({ ...ana, sid: 'SM00000000000000000000000000000000' }, 'delivered');
  expect(
    (await fetch(ana.statusCallback ?? '', { method: 'POST', body: new URLSearchParams({ MessageSid: ana.sid }) })).status,
  ).toBe(403);
  const call = `${w.url}/answer/call/`;
  expect((await w.plivo.post('v3', `${call}${'A'.repeat(80)}`, { CallUUID: 'x', CallStatus: 'in-progress' })).status).toBe(404);
  expect((await fetch(`${call}x`, { method: 'POST' })).status).toBe(403);
  await w.settle();
  expect(await trail(w)).toEqual(before);
  for (const sms of [ana, ben]) await w.twilio.reportStatus(sms, 'delivered');
  await w.fastForward('2m');
  expect(await trail(w)).toEqual(['sms twilio: delivered', 'sms twilio: delivered']);
});

test('a vendor known to be down is tried last, until it is looked at again', async () => {
  const w = await aTeam({ ana: bySms }, two);
  const next = async (key: string) => {
    await w.alertFires(key);
    await w.does('resolve');
  };
  w.twilio.mode('broken');
  await w.alertFires('first');
  await w.fastForward('4s');
  w.expectPlivoSms('ana', /first/);
  await w.does('resolve');
  w.twilio.mode('ok');
  await next('second');
  w.expectPlivoSms('ana', /second/);
  const { items } = await w.call<{ items: { channel: string; vendors: { vendor: string; problem: string | null }[] }[] }>(
    'GET',
    '/api/settings/channels',
  );
  expect(items.find((one) => one.channel === 'sms')?.vendors).toEqual([
    { vendor: 'twilio', problem: expect.stringContaining('500') },
    { vendor: 'plivo', problem: null },
  ]);
  // Down as it is known to be, it is asked when there is no other.
  w.plivo.mode('refused');
  await next('third');
  w.expectSms('ana', /third/);
  w.plivo.mode('ok');
  await w.system((ctx) => ctx.enqueue('paging.probe_now', [{ data: { asked_by: 'ana' } }]));
  await w.settle();
  await next('fourth');
  w.expectSms('ana', /fourth/);
});

test('a server that was stopped while it asked one vendor asks the other', async () => {
  const w = await aTeam({ ana: bySms }, two);
  await w.alertFires('down');
  w.expectSms('ana');
  await w.system((ctx) =>
    ctx.tx.updateTable('deliveries').set({ status: 'sending', sent_at: null, provider_id: null }).execute(),
  );
  await w.system(recover);
  await w.settle();
  await w.plivo.reportStatus(w.expectPlivoSms('ana'), 'delivered');
  await w.fastForward('2m');
});

test('codes and tests go by whichever vendor takes them', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'call'] } }, two);
  w.twilio.mode('broken');
  await w.call('POST', '/api/people/ana/test-page');
  await w.settle();
  w.expectPlivoSms('ana', /^Test page: Allclear can reach you here/);
  const call = w.expectPlivoCall('ana');
  await w.plivo.answer(call);
  // It rehearses a page: the same keys, and each of them confirms.
  expect(call.said[0]).toMatch(/^Test page: Allclear can reach you here. Nothing is wrong. Please acknowledge. Press 4/);
  expect(call.keyUrl).toBeDefined();
  const test = (vendor: string) => w.request('POST', '/api/settings/channels/sms/test', { to: '+31600000001', vendor });
  expect(await (await test('plivo')).json()).toMatchObject({ outcome: 'sent', detail: 'message(s) queued' });
  w.expectPlivoSms('ana', /Nothing is wrong/);
  expect(await (await test('twilio')).json()).toMatchObject({ outcome: 'failed', detail: 'Twilio answered 500' });
  expect([(await test('pigeon')).status, await (await test('pigeon')).json()]).toEqual([
    422,
    expect.objectContaining({ field: 'vendor' }),
  ]);
});

test('secrets of both vendors are hidden, and stay as they were whichever comes first', async () => {
  const w = await aTeam({ ana: bySms }, two);
  type Shown = { channels: { sms: Record<string, unknown> & { next: Record<string, unknown> } } };
  const shown = await w.call<Shown>('GET', '/api/settings');
  for (const { authToken } of [w.twilio.account, w.plivo.account]) expect(JSON.stringify(shown)).not.toContain(authToken);
  const { next, ...first } = shown.channels.sms;
  await w.call('PUT', '/api/settings', { ...shown, channels: { ...shown.channels, sms: { ...next, next: first } } });
  await w.alertFires('down');
  await w.plivo.reportStatus(w.expectPlivoSms('ana'), 'undelivered');
  await w.settle();
  w.expectSms('ana');
});

test('a storm: whatever the vendors do, everybody is reached, and nobody gets one message twice from one vendor', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `p${n}`);
  const team = Object.fromEntries(names.map((name): [string, Someone] => [name, bySms]));
  const steps = [{ targets: [{ person: 'p0' }] }];
  const w = await aTeam(team, { ...two, steps, service: { grouping: { window_seconds: 0 } } });
  await w.call('PUT', '/api/teams/all', { members: names });
  await w.savePolicy('turns', { steps: [{ targets: [{ team: 'all' }], escalate_after_seconds: 3600 }] });
  const patience = AbortSignal.timeout.bind(AbortSignal);
  // A sixteenth of it: some of these sockets really stay open without a word.
  const short = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => patience(ms / 16));
  onTestFinished(() => short.mockRestore());
  w.twilio.mode('ok', 'retryable', 'lost', 'hang', 'refused', 'broken', 'mute', 'malformed', 'ok');
  w.plivo.mode('ok', 'mute', 'ok', 'lost', 'retryable', 'hang', 'ok', 'refused');
  for (const key of ['one', 'two']) await w.alertFires(key);
  await w.fastForward('10s');
  // Of what Twilio took, some arrives, some does not, and some of the words are wrong or said twice.
  for (const [n, sent] of w.twilio.received.entries()) {
    if (n % 4 === 0) await w.twilio.reportStatus(sent, 'delivered');
    if (n % 4 === 1) await w.twilio.reportStatus(sent, 'undelivered', '30003');
    if (n % 4 === 2) await w.twilio.reportStatus({ ...sent, sid: w.twilio.received[0]?.sid ?? '' }, 'undelivered');
    if (n % 3 === 0) await w.twilio.reportStatus(sent, 'failed');
  }
  await w.settle();
  await w.fastForward('2m');
  for (const [n, sent] of w.twilio.received.entries()) if (n % 2 === 0) await w.twilio.reportStatus(sent, 'delivered');
  await w.fastForward('1m');
  expect((await told(w)).filter((text) => /Twilio.*No answer within/.test(text)).length).toBeGreaterThan(2);
  const got = new Map<string, { twilio: number; plivo: number; push: number }>();
  const count = (to: string, text: string, by: 'twilio' | 'plivo' | 'push') => {
    const key = `${to} ${/INC-[\d-]+/.exec(text)?.[0]}`;
    const one = got.get(key) ?? { twilio: 0, plivo: 0, push: 0 };
    got.set(key, { ...one, [by]: one[by] + 1 });
  };
  const nameOf = (to: string) => `p${Number(to.slice(-8)) - 1}`;
  for (const sent of w.twilio.received) if (sent.kind === 'sms') count(nameOf(sent.to), sent.body, 'twilio');
  for (const sent of w.plivo.received) if (sent.kind === 'sms') count(nameOf(sent.to), sent.body, 'plivo');
  for (const sent of w.ntfy.received) count(sent.topic.slice('topic-'.length), sent.title ?? '', 'push');
  w.ignoreMessages();
  expect(got.size).toBe(2 * names.length);
  for (const [who, times] of got)
    expect(Math.max(times.twilio, times.plivo, times.push), `${who} ${JSON.stringify(times)}`).toBe(1);
});
