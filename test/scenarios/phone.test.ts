import { expect, test } from 'vitest';
import { callBy, type Verb } from '../fakes/phone-calls.ts';
import { aTeam, type Someone } from './world.ts';

const LINE = '+31201230000';
const ana: Someone = { by: ['call', 'ntfy'], rules: { high: [{ methods: ['ntfy'] }] } };
type Call = {
  id: string;
  caller: string | null;
  state: string;
  outcome: string | null;
  taken_by: string | null;
  rang: string[];
  notes: string[];
  recording_seconds: number | null;
  recording_url: string | null;
  transcription: string | null;
  incident: string | null;
};

/** Ana, then Ben, then Cem who has no phone; everybody is paged by push. `db` has a line. */
const aLine = async (
  vendor: Verb,
  phone: object = {},
  people: Record<string, Someone> = { ana, ben: ana, cem: { by: ['ntfy'] } },
) => {
  const w = await aTeam(people, { twoVendors: true });
  const save = (more: object) =>
    w.call<{ addresses: Record<string, string> }>('PUT', '/api/integrations/db-phone', {
      service: 'db',
      kind: 'phone',
      phone: { number: LINE, vendor, ...phone, ...more },
    });
  const { addresses } = await save({});
  const line = { url: addresses.phone as string, ended: addresses.phone_ended as string, number: LINE };
  return {
    ...w,
    line,
    save,
    callFrom: callBy(vendor, w, line),
    calls: async () => (await w.call<{ items: Call[] }>('GET', '/api/integrations/db-phone/calls')).items,
    refused: async () =>
      (await w.call<{ items: { reason: string; path: string }[] }>('GET', '/api/integrations/db-phone/refused')).items,
    alerts: async () =>
      (
        await w.call<{ items: { summary: string; count: number; dedup_key: string; links: { href: string }[] }[] }>(
          'GET',
          '/api/alerts',
        )
      ).items,
  };
};
const BOTH: Verb[] = ['twilio', 'plivo'];

test.each(BOTH)('%s: the first does not answer, the second takes it: their incident, and nobody is paged', async (vendor) => {
  const w = await aLine(vendor, { greeting: 'Acme, the database line.' });
  const call = await w.callFrom('+4915112345678');
  expect(call.said).toEqual(['Acme, the database line.']);
  expect(call.rings()).toEqual({ to: w.addressOf('ana', 'call'), seconds: 20 });
  await call.nobodyAnswers();
  expect(call.rings()?.to).toBe(w.addressOf('ben', 'call'));
  const whispered = await call.isAnswered();
  expect(whispered[0]).toBe('A call for db from 4 9 1 5 1 1 2 3 4 5 6 7 8. Press 1 to take it, or hang up.');
  expect(await w.alerts()).toEqual([]);
  await call.presses('1');
  expect(call.isConnected()).toBe(true);
  await w.settle();
  const [incident] = await w.incidents();
  expect(incident).toMatchObject({
    title: 'Call from +4915112345678',
    status: 'acknowledged',
    acknowledged_by: 'ben',
    assignees: ['ben'],
  });
  await w.fastForward('75s');
  await call.theyHangUp();
  await call.hangsUp();
  const said = (await w.timeline()).map((entry) => entry.text);
  expect(said).toContain('Ben took the call from +4915112345678; Ana did not take it');
  expect(said).toContain('The call from +4915112345678 is over after 1 min 15 s');
  expect(await w.call('GET', '/api/integrations/db-phone')).toMatchObject({
    last_event_at: '2026-03-02T12:00:00Z',
    alerts_24h: 1,
  });
  expect(await w.calls()).toMatchObject([
    {
      caller: '+4915112345678',
      state: 'over',
      outcome: 'taken',
      taken_by: 'ben',
      rang: ['ana', 'ben'],
      notes: ['Cem has no phone number'],
      incident: incident?.number,
    },
  ]);
  // What was heard by the caller names nobody and no number but theirs.
  expect(call.said.join(' ')).not.toMatch(/ana|ben|31 ?7/i);
  await w.call('POST', `/api/incidents/${incident?.number}/resolve`, {});
  await w.jump('4h');
  w.expectNothing();
  expect(await w.calls()).toHaveLength(1);
});

test.each(BOTH)('%s: voicemails that answer and keys that are not 1 swallow nobody; the message pages', async (vendor) => {
  const w = await aLine(vendor, { transcribe: true, language: 'de' });
  const call = await w.callFrom('+4915112345678');
  expect(call.said).toEqual(['Sie haben die Bereitschaft für db erreicht. Bitte warten Sie, wir suchen jemanden.']);
  await call.isAnswered();
  await call.isDeclined();
  await call.isAnswered();
  await call.presses('2');
  expect(call.isConnected()).toBe(false);
  await call.isDeclined();
  expect(call.isAtTone()).toBe(true);
  expect(call.said.at(-1)).toMatch(/^Gerade kann niemand/);
  await call.leavesMessage(34);
  await call.hangsUp();
  await w.settle();
  w.expectPush('ana', /Voicemail from \+4915112345678, 0:34/);
  await call.wordsCome('The database is on fire');
  const [alert] = await w.alerts();
  expect(alert).toMatchObject({ summary: 'Voicemail from +4915112345678, 0:34', count: 1 });
  const [shown] = await w.calls();
  expect(shown).toMatchObject({
    outcome: 'voicemail',
    rang: ['ana', 'ben'],
    recording_seconds: 34,
    transcription: 'The database is on fire',
  });
  expect((await w.timeline()).map((entry) => entry.text)).toContainEqual(
    expect.stringMatching(/understood it: The database is on fire/),
  );
  // It is heard through us, with the vendor's password, by whoever may read alerts.
  expect(alert?.links[0]?.href).toMatch(new RegExp(`/api/recordings\\?call=${shown?.id}$`));
  const heard = await w.request('GET', shown?.recording_url ?? '');
  expect([heard.status, heard.headers.get('content-type'), heard.headers.get('x-content-type-options')]).toEqual([
    200,
    'audio/mpeg',
    'nosniff',
  ]);
  expect(await heard.text()).toMatch(/^ID3 /);
  expect((await w.request('GET', shown?.recording_url ?? '', undefined, { authorization: '' })).status).toBe(401);
  await w.call('POST', `/api/incidents/${(await w.incident()).number}/resolve`, {});
  await w.jump('1h');
  expect(await w.alerts()).toHaveLength(1);
});

test.each(BOTH)('%s: every request sent twice changes nothing, and once the call is over a copy is refused', async (vendor) => {
  const w = await aLine(vendor);
  const call = await w.callFrom('+4915112345678');
  const same = async () => {
    const { status, body, before } = await call.again(-1);
    expect(body).toBe(before);
    expect([200, 204]).toContain(status);
  };
  await same();
  await call.nobodyAnswers();
  await same();
  // The first one's answer comes again, late: whoever is rung now stays so.
  await call.again(0);
  expect((await w.calls())[0]?.rang).toEqual(['ana', 'ben']);
  await call.isAnswered();
  await same();
  await call.presses('1');
  await same();
  await w.settle();
  await call.theyHangUp();
  await same();
  await call.hangsUp();
  await same();
  expect(await w.alerts()).toHaveLength(1);
  expect((await call.again(0)).status).toBe(403);
  expect(await w.refused()).toMatchObject([
    { reason: 'this call is over: a copy of an old request', path: 'POST /hooks/phone/…' },
  ]);
});

test('what is forged, or signed for something else, is refused, seen, and does nothing', async () => {
  const w = await aLine('twilio');
  const call = await w.callFrom('+4915112345678');
  const [first] = call.sent;
  const other = await w.callFrom('+4915100000000');
  const next = (await w.calls()).map((one) => one.id).map((id) => `${w.line.url}/${id}/next/0`);
  const post = async (url: string, form: Record<string, string>, signed = true) =>
    signed
      ? (await w.twilio.post(url, form)).status
      : (await fetch(url, { method: 'POST', body: new URLSearchParams(form), headers: { 'x-twilio-signature': 'bm8=' } })).status;
  const form = first?.form ?? {};
  expect(await post(w.line.url, { ...form, CallSid: 'CA1' }, false)).toBe(403);
  expect(await post(w.line.url, { ...form, CallSid: 'CA1', To: '+31209999999' })).toBe(403);
  expect(await post(w.line.url, { From: '+4915112345678', To: LINE })).toBe(403);
  // A call of one caller says nothing of another's.
  expect(await post(next[0] as string, { ...form, CallSid: call.id })).toBe(403);
  expect(await post(`${w.line.url}/00000000-0000-0000-0000-000000000000/next/0`, form)).toBe(403);
  expect(await post(`${w.line.url}/${'x'.repeat(36)}/next/0`, form)).toBe(403);
  expect(await post(`${w.line.url}/toString/__proto__/0`, form)).toBe(403);
  expect(await post(w.line.url.replace(/[^/]+$/, 'a-key-nobody-has'), form)).toBe(404);
  // Plivo's own signature is none of Twilio's.
  expect((await w.plivo.post('v3', w.line.url, form)).status).toBe(403);
  expect((await w.refused()).map((one) => one.reason)).toContain(
    'the signature of Twilio does not fit: check the auth token and the public address',
  );
  expect((await w.refused()).map((one) => one.reason)).toContain(`the call is to +31209999999, and this line is ${LINE}`);
  expect((await w.calls()).map((one) => one.state)).toEqual(['ringing', 'ringing']);
  await w.save({ alert_on_hangup: false });
  await call.hangsUp();
  await other.hangsUp();
  // A line whose vendor has no account.
  await w.save({ vendor: 'plivo' });
  await w.settings({ channels: {} });
  expect((await w.plivo.post('v3', w.line.url, form)).status).toBe(403);
  expect((await w.refused())[0]?.reason).toBe('Plivo is not set up as a vendor of calls');
  expect(await w.alerts()).toEqual([]);
});

test('who hangs up is an alert, one for each number while it is open; hidden numbers too; nothing when it is not wanted', async () => {
  const w = await aLine('twilio');
  const once = async (from: string) => {
    const call = await w.callFrom(from);
    await call.hangsUp();
    await w.settle();
  };
  await once('+4915112345678');
  w.expectPush('ana', /Missed call from \+4915112345678; Ana did not take it/);
  await once('+4915112345678');
  // Keypad letters for ANONYMOUS.
  await once('+266696687');
  expect((await w.alerts()).map(({ summary, count }) => [summary, count])).toEqual([
    ['Missed call from a hidden number; Ana did not take it', 1],
    ['Missed call from +4915112345678; Ana did not take it', 2],
  ]);
  // At the tone, without a word: the message may still be on its way for a minute.
  await w.call('POST', `/api/incidents/${(await w.incident()).number}/resolve`, {});
  const silent = await w.callFrom('+4915199999999');
  await silent.nobodyAnswers();
  await silent.nobodyAnswers();
  await silent.hangsUp();
  await w.fastForward('59s');
  expect(await w.alerts()).toHaveLength(2);
  await w.fastForward('2s');
  w.expectPush('ana', /Missed call from \+4915199999999; Ana, Ben did not take it/);
  await w.call('POST', `/api/incidents/${(await w.incident()).number}/resolve`, {});
  await w.save({ alert_on_hangup: false });
  await once('+4915188888888');
  // A vendor that never tells the end: the call is over all the same.
  await w.callFrom('+4915177777777');
  await w.fastForward('10m');
  expect((await w.calls()).map((one) => one.outcome)).toEqual(['hung_up', 'hung_up', 'hung_up', 'hung_up', 'hung_up', 'hung_up']);
  expect(await w.alerts()).toHaveLength(3);
});

test('nobody to ring: a message at once; the time is bounded whoever is left', async () => {
  const w = await aLine('twilio', { total_seconds: 30 }, { ana, ben: ana });
  const slow = await w.callFrom('+4915112345678');
  await w.fastForward('20s');
  await slow.nobodyAnswers();
  expect(slow.rings()).toEqual({ to: w.addressOf('ben', 'call'), seconds: 10 });
  await w.fastForward('10s');
  await slow.nobodyAnswers();
  expect(slow.isAtTone()).toBe(true);
  await w.save({ alert_on_hangup: false });
  await slow.leavesMessage(1);
  await slow.hangsUp();
  await w.savePerson('ana', { by: ['ntfy'] });
  await w.savePolicy('turns', { steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 300 }], repeat: 0 });
  const none = await w.callFrom('+4915112345678');
  expect(none.isAtTone()).toBe(true);
  await none.leavesMessage(5);
  await w.settle();
  w.expectPush('ana', /Voicemail from/);
  expect((await w.calls())[0]).toMatchObject({ rang: [], notes: ['Ana has no phone number'], outcome: 'voicemail' });
});

test('a caller who calls on and on is told to wait; many at once ring nobody and page once', async () => {
  const w = await aLine('twilio', { alert_on_hangup: false });
  for (let n = 0; n < 5; n += 1) await (await w.callFrom('+4915112345678')).hangsUp();
  const sixth = await w.callFrom('+4915112345678');
  expect(sixth.rings()).toBeUndefined();
  expect(sixth.said[0]).toMatch(/^You have called many times/);
  expect((await w.calls())[0]).toMatchObject({ outcome: 'refused', state: 'over' });
  for (let n = 0; n < 24; n += 1) await (await w.callFrom(`+49151000000${n + 10}`)).hangsUp();
  await w.save({ alert_on_hangup: true });
  for (const from of ['+4915100000090', 'anonymous', '+4915100000091']) {
    const call = await w.callFrom(from);
    expect(call.isAtTone(), from).toBe(true);
    await call.leavesMessage(8);
  }
  await w.settle();
  w.expectPush('ana', /Very many calls; the last: Voicemail from \+4915100000090, 0:08/);
  expect((await w.alerts()).map((one) => [one.dedup_key, one.count])).toEqual([['flood', 3]]);
  expect((await w.calls()).filter((one) => one.recording_seconds === 8)).toHaveLength(3);
  await w.fastForward('11m');
  w.expectPush('ben', /Very many/);
  w.ignoreMessages();
  expect((await w.callFrom('+4915112345678')).rings()?.to).toBe(w.addressOf('ana', 'call'));
});

test('a line is configuration like any other', async () => {
  const w = await aLine('plivo', { greeting: 'Hello' });
  const put = (body: object) => w.request('PUT', '/api/integrations/x', { service: 'db', ...body });
  for (const [body, field] of [
    [{ kind: 'phone' }, 'phone.number'],
    [{ kind: 'generic', phone: { number: LINE } }, 'phone'],
    [{ kind: 'phone', phone: { number: '020 123' } }, 'phone.number'],
    [{ kind: 'phone', phone: { number: LINE, total_seconds: 5 } }, 'phone.total_seconds'],
  ] as const) {
    const response = await put(body);
    expect([response.status, ((await response.json()) as { field: string }).field]).toEqual([422, field]);
  }
  expect(await w.call('GET', '/api/integrations/db-phone')).toMatchObject({
    kind: 'phone',
    last_event_at: null,
    phone: { number: LINE, vendor: 'plivo', greeting: 'Hello', ring_seconds: 20, alert_on_hangup: true, severity: 'error' },
  });
  const { text } = await w.call<{ text: string }>('GET', '/api/process/export');
  expect(text).toContain(LINE);
  const plan = await w.call<{ text: string }>('POST', '/api/process/plan', { files: [{ name: 'all.yaml', text }] });
  expect(plan.text).toMatch(/^No changes/);
});
