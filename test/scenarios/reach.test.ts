import { expect, test } from 'vitest';
import { aTeam, type Someone } from './world.ts';

/** Ana alone, for a day: nothing comes again by escalation. */
const alone = { steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 86_400 }] };
const pushThenSmsThenCall = {
  high: [{ methods: ['ntfy'] }, { after_seconds: 60, methods: ['sms'] }, { after_seconds: 180, methods: ['call'] }],
  low: [{ methods: ['mail'] }, { after_seconds: 600, methods: ['ntfy'] }],
};

test('her own rules: push now, SMS after a minute, call after three; low urgency goes its own way', async () => {
  const w = await aTeam(
    { ana: { by: ['ntfy', 'sms', 'call', 'mail'], rules: pushThenSmsThenCall } },
    { ...alone, service: { grouping: { window_seconds: 0 } } },
  );
  await w.alertFires('down');
  w.expectPush('ana', /INC-2026-0001/);
  await w.fastForward('59s');
  w.expectNothing();
  await w.fastForward('1s');
  w.expectSms('ana');
  await w.fastForward('119s');
  w.expectNothing();
  await w.fastForward('1s');
  w.expectCall('ana', /INC-2026-0001/);
  await w.fastForward('10m');
  await w.does('acknowledge');
  await w.alertFires('slow', { severity: 'warning' });
  w.expectMail('ana', /INC-2026-0002/);
  await w.fastForward('10m');
  w.expectPush('ana', /INC-2026-0002/);
});

test('an answer ends the later rules', async () => {
  const w = await aTeam(
    { ana: { by: ['ntfy', 'sms', 'call'], rules: pushThenSmsThenCall.high ? { high: pushThenSmsThenCall.high } : {} } },
    alone,
  );
  await w.alertFires('down');
  w.expectPush('ana');
  await w.fastForward('1m');
  w.expectSms('ana');
  await w.does('acknowledge');
  await w.fastForward('10m');
  w.expectNothing();
});

test('a first rule that begins later goes at once all the same', async () => {
  const w = await aTeam({ ana: { by: ['sms'], rules: { high: [{ after_seconds: 600, methods: ['sms'] }] } } }, alone);
  await w.alertFires('down');
  w.expectSms('ana');
});

test('without rules: everything at once when high, mail when low; without methods: her mail address', async () => {
  const w = await aTeam(
    { ana: { by: ['sms', 'mail'] }, ben: {} },
    { steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }] }] },
  );
  await w.alertFires('down');
  w.expectSms('ana');
  w.expectMail('ana');
  w.expectMail('ben');
});

test('low urgency waits for the end of quiet hours in her own zone; high does not', async () => {
  // 23:30 on the clock in Lisbon, where the 29th begins at summer time.
  const w = await aTeam(
    { ana: { by: ['mail'], time_zone: 'Europe/Lisbon', quiet_hours: { from: '22:00', to: '07:00' } } },
    { ...alone, at: '2026-03-28T23:30:00Z', service: { grouping: { window_seconds: 0 } } },
  );
  await w.alertFires('slow', { severity: 'warning' });
  await w.alertFires('slower', { severity: 'info' });
  expect((await w.timeline('INC-2026-0001')).find((entry) => entry.type === 'page.waiting')?.text).toBe(
    'Ana: quiet hours until 2026-03-29T06:00Z',
  );
  await w.alertFires('down');
  w.expectMail('ana', /INC-2026-0003 down/);
  await w.jump('6h');
  w.expectNothing();
  await w.fastForward('30m');
  expect(w.expectMail('ana', /and 1 more/).mail.text).toMatch(/slow.*slower|slower.*slow/s);
});

test('a resolve within quiet hours takes the waiting page away', async () => {
  const w = await aTeam(
    { ana: { by: ['mail'], quiet_hours: { from: '22:00', to: '07:00' } } },
    { ...alone, at: '2026-03-02T23:00:00Z' },
  );
  await w.alertFires('slow', { severity: 'warning' });
  await w.alertResolves('slow');
  await w.jump('9h');
  w.expectNothing();
});

test('times in a message are hers and UTC', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'mail'], time_zone: 'Asia/Tokyo' } }, { ...alone, at: '2026-03-02T12:34:00Z' });
  await w.alertFires('down');
  w.expectSms('ana', /since 21:34/);
  w.expectMail('ana', /21:34 Asia\/Tokyo \(12:34 UTC\)/);
});

test('a method is verified by a code that comes back; wrong codes run out; unverified ones are used only for want of better', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'call'], unverified: true } }, alone);
  const verify = (code: string) => w.request('POST', '/api/people/ana/contact-methods/sms/verify', { code });
  expect((await verify('000000')).status).toBe(422);
  await w.call('POST', '/api/people/ana/contact-methods/sms/send-code');
  await w.settle();
  const [code] = /\d{6}/.exec(w.expectSms('ana', /Your Allclear code is \d{6}/).body) ?? [];
  const wrong = code === '123456' ? '654321' : '123456';
  expect(await (await verify(wrong)).json()).toEqual({ verified: false });
  expect(await (await verify(code ?? '')).json()).toEqual({ verified: true });
  expect((await verify(code ?? '')).status, 'a code is used once').toBe(422);
  await w.alertFires('down');
  w.expectSms('ana', /INC-2026-0001/);

  await w.call('POST', '/api/people/ana/contact-methods/call/send-code');
  await w.settle();
  const [late] = /\d{6}/.exec(w.expectCall('ana', /code/).said.join(' ')) ?? [];
  await w.fastForward('16m');
  expect((await w.request('POST', '/api/people/ana/contact-methods/call/verify', { code: late })).status, 'expired').toBe(422);
  await w.call('POST', '/api/people/ana/contact-methods/call/send-code');
  await w.settle();
  w.expectCall('ana', /code/);
  for (let n = 0; n < 5; n += 1) await w.request('POST', '/api/people/ana/contact-methods/call/verify', { code: '0000' });
  const locked = await w.request('POST', '/api/people/ana/contact-methods/call/verify', { code: '0000' });
  expect(((await locked.json()) as { detail: string }).detail).toMatch(/five wrong tries/);
});

test('a changed address must be verified anew; she may change her own reach and nobody else’s', async () => {
  const w = await aTeam({ ana: { by: ['sms'] }, ben: { by: ['sms'] } }, alone);
  const ana = await w.tokenOf('ana');
  const reach = (address: string) => ({ contact_methods: [{ label: 'sms', channel: 'sms', address, verified: true }] });
  const changed = await w.request('PUT', '/api/people/ana/reach', reach('+31699999999'), ana);
  expect(await changed.json()).toMatchObject({ contact_methods: [{ address: '+31699999999', verified: false }] });
  expect((await w.request('PUT', '/api/people/ben/reach', reach('+31699999999'), ana)).status).toBe(403);
  const bad = await w.request('PUT', '/api/people/ana/reach', { ...reach('06-123'), notification_rules: {} }, ana);
  expect(await bad.json()).toMatchObject({ field: 'contact_methods.0.address' });
});

test('her reach and herself are one thing: of two changes at once one is refused; a code that came back refuses none', async () => {
  const w = await aTeam({ ana: { by: ['sms'], unverified: true } }, alone);
  const tagOf = async (path: string) => (await w.request('GET', path)).headers.get('etag') ?? '';
  const [seen, whole] = [await tagOf('/api/people/ana/reach'), await tagOf('/api/people/ana')];
  await w.call('POST', '/api/people/ana/contact-methods/sms/send-code');
  await w.settle();
  const code = /\d{6}/.exec(w.expectSms('ana', /code/).body)?.[0];
  await w.call('POST', '/api/people/ana/contact-methods/sms/verify', { code });
  const { name: _, problems: _p, calendar_url: _c, ...body } = await w.call<Record<string, unknown>>('GET', '/api/people/ana');
  const sms = { label: 'sms', channel: 'sms', address: w.addressOf('ana', 'sms') };
  const mail = { label: 'mail', channel: 'email', address: 'ana@home.example' };
  const answers = await Promise.all([
    w.request('PUT', '/api/people/ana', { ...body, contact_methods: [sms, mail] }, { 'if-match': whole }),
    w.request(
      'PUT',
      '/api/people/ana/reach',
      { contact_methods: [sms], notification_rules: { low: [{ methods: ['sms'] }] } },
      { 'if-match': seen },
    ),
  ]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
  expect(await w.call('GET', '/api/people/ana/reach')).toMatchObject({
    contact_methods: expect.arrayContaining([{ ...sms, verified: true }]),
  });
  const { token } = await w.call<{ token: string }>('POST', '/api/tokens', {
    name: 'own',
    person: 'ana',
    scopes: ['self.write'],
  });
  const scoped = await w.request(
    'PUT',
    '/api/people/ana/reach',
    { contact_methods: [sms] },
    { authorization: `Bearer ${token}` },
  );
  expect([scoped.status, scoped.headers.get('etag')], 'may change, may not read').toEqual([200, null]);
});

test('her own details: what an administrator changed meanwhile is not put back; a new role stands in nobody’s way', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } }, alone);
  const headers = await w.tokenOf('ana');
  const seen = async () => (await w.request('GET', '/api/me', undefined, headers)).headers.get('etag') ?? '';
  const details = (time_zone: string) => ({ display_name: 'Ana', time_zone, locale: 'en' });
  const save = async (zone: string, tag: string) => w.request('PUT', '/api/me', details(zone), { ...headers, 'if-match': tag });
  const first = await seen();
  await w.call('PUT', '/api/teams/ops', { members: ['ana'], grants: [{ person: 'ana', role: 'manager' }] });
  const saved = await save('Europe/Lisbon', first);
  expect(saved.status).toBe(200);
  const { name: _, problems: _p, calendar_url: _c, ...body } = await w.call<Record<string, unknown>>('GET', '/api/people/ana');
  await w.call('PUT', '/api/people/ana', { ...body, quiet_hours: { from: '22:00', to: '07:00' } });
  const late = await save('Asia/Tokyo', saved.headers.get('etag') ?? '');
  expect([late.status, await late.json()]).toMatchObject([412, { changed_by: 'test' }]);
  expect(await w.call('GET', '/api/people/ana')).toMatchObject({ time_zone: 'Europe/Lisbon', quiet_hours: { from: '22:00' } });
});

test('a code proves the address it was sent to and no other', async () => {
  const w = await aTeam({ ana: { by: ['sms'], unverified: true } }, alone);
  const move = (address: string) =>
    w.call('PUT', '/api/people/ana/reach', { contact_methods: [{ label: 'sms', channel: 'sms', address }] });
  const ask = async (): Promise<string> => {
    await w.call('POST', '/api/people/ana/contact-methods/sms/send-code');
    await w.settle();
    return /\d{6}/.exec(w.expectSms('ana', /code/).body)?.[0] ?? '';
  };
  const verify = (code: string) => w.request('POST', '/api/people/ana/contact-methods/sms/verify', { code });
  const own = w.addressOf('ana', 'sms');
  const code = await ask();
  await move('+31699999999');
  expect(await (await verify(code)).json()).toMatchObject({ status: 422, field: 'code' });
  await move(own);
  expect((await verify(code)).status, 'and back again').toBe(422);
  const again = await ask();
  await move(own);
  expect(await (await verify(again)).json(), 'saved without a change').toEqual({ verified: true });
});

test('a test page goes through every method and its results are hers to read', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'ntfy'] } });
  await w.call('POST', '/api/people/ana/test-page');
  await w.settle();
  w.expectSms('ana', /Nothing is wrong/);
  w.expectPush('ana', /Nothing is wrong/);
  const { items } = await w.call<{ items: { text: string }[] }>('GET', '/api/people/ana/journal');
  expect(items.map((entry) => entry.text)).toContain('Test page to ntfy: the provider took it');
});

test('who was deactivated is not paged, and no message of hers goes out any more', async () => {
  const ana: Someone = {
    by: ['sms', 'call'],
    rules: { high: [{ methods: ['sms'] }, { after_seconds: 120, methods: ['call'] }] },
  };
  const w = await aTeam(
    { ana, ben: { by: ['sms'] } },
    { steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 600 }, { targets: [{ person: 'ben' }] }] },
  );
  await w.alertFires('down');
  w.expectSms('ana');
  await w.leaves('ana');
  await w.fastForward('5m');
  w.expectNothing();
  await w.does('resolve');
  await w.alertFires('again');
  w.expectSms('ben');
  expect((await w.timeline()).find((entry) => entry.type === 'escalation.step_skipped')?.text).toMatch(/ana is deactivated/);
});
