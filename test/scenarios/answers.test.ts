import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { aTeam, type Team, WEBHOOK_SECRET } from './world.ts';

const everyWay = { by: ['sms' as const, 'mail' as const, 'call' as const, 'ntfy' as const] };
const expectAll = (w: Team, person: string) => ({
  sms: w.expectSms(person),
  mail: w.expectMail(person),
  call: w.expectCall(person),
  push: w.expectPush(person),
});
const smsUrl = (w: Team) => `${w.url}/answer/sms`;

const WAYS: Record<string, Record<string, (w: Team, got: ReturnType<typeof expectAll>) => Promise<unknown>>> = {
  acknowledge: {
    sms: (w, { sms }) => w.twilio.reply(sms, '4', smsUrl(w)),
    'sms in words': (w, { sms }) => w.twilio.reply(sms, 'Ack, on my way', smsUrl(w)),
    'mail reply': (w, { mail }) => w.request('POST', '/answer/mail', w.smtp.reply(mail, 'ack')),
    'key press': (w, { call }) => w.twilio.press(call, '4'),
    'push button': (w, { push }) => w.ntfy.press(push, 'Acknowledge'),
    'mailed link': (w, { mail }) => w.request('POST', `${w.linkIn(mail.mail.text ?? '')}/acknowledge`),
  },
  escalate: {
    sms: (w, { sms }) => w.twilio.reply(sms, '5', smsUrl(w)),
    'mail reply': (w, { mail }) => w.request('POST', '/answer/mail', w.smtp.reply(mail, 'Escalate please')),
    'key press': (w, { call }) => w.twilio.press(call, '5'),
    'push button': (w, { push }) => w.ntfy.press(push, 'Escalate'),
    'mailed link': (w, { mail }) => w.request('POST', `${w.linkIn(mail.mail.text ?? '')}/escalate`),
  },
  resolve: {
    sms: (w, { sms }) => w.twilio.reply(sms, ' 6 ', smsUrl(w)),
    'mail reply': (w, { mail }) => w.request('POST', '/answer/mail', w.smtp.reply(mail, 'RESOLVE')),
    'key press': (w, { call }) => w.twilio.press(call, '6'),
    'push button': (w, { push }) => w.ntfy.press(push, 'Resolve'),
    'mailed link': (w, { mail }) => w.request('POST', `${w.linkIn(mail.mail.text ?? '')}/resolve`),
  },
};
for (const [action, ways] of Object.entries(WAYS))
  test(`${action} by ${Object.keys(ways).join(', ')}`, async () => {
    const w = await aTeam({ ana: everyWay, ben: { by: ['sms'] } });
    for (const [way, answer] of Object.entries(ways)) {
      await w.alertFires(way);
      await answer(w, expectAll(w, 'ana'));
      await w.settle();
      const found = await w.incident();
      expect(found.status, way).toBe({ acknowledge: 'acknowledged', escalate: 'triage', resolve: 'resolved' }[action]);
      if (action === 'acknowledge') expect(found, way).toMatchObject({ acknowledged_by: 'ana', assignees: ['ana'] });
      if (action === 'escalate') w.expectSms('ben');
      expect((await w.timeline()).find((entry) => entry.type === 'page.answered')?.actor, way).toBe('ana');
      if (found.status !== 'resolved') await w.does('resolve');
      await w.fastForward('6m');
    }
  });

test('a text that is no answer, and an answer about nothing, change nothing and say so', async () => {
  const w = await aTeam({ ana: everyWay });
  await w.alertFires('down');
  const { sms, call, mail } = expectAll(w, 'ana');
  expect((await w.twilio.reply(sms, 'who is this?', smsUrl(w))).body).toContain(
    'Reply 4 to acknowledge, 5 to escalate, 6 to resolve.',
  );
  expect((await w.twilio.reply({ ...sms, to: '+31655555555' }, '4', smsUrl(w))).body).toContain('does not know');
  expect((await w.twilio.press(call, '9')).body).toContain('That key does nothing');
  expect((await w.request('POST', '/answer/mail', w.smtp.reply(mail, 'I am on holiday'))).status).toBe(422);
  const foreign = w.smtp
    .reply(mail, 'ack')
    .replaceAll(/replies\+[\w-]+@/g, 'replies@')
    .replaceAll(/<[\w-]+\.[0-9a-f]{32}@/g, '<x@');
  expect((await w.request('POST', '/answer/mail', foreign)).status).toBe(422);
  expect((await w.incident()).status).toBe('triage');
});

test('an answer that Twilio did not sign is refused', async () => {
  const w = await aTeam({ ana: everyWay });
  await w.alertFires('down');
  const { sms, call } = expectAll(w, 'ana');
  const forge = (url: string, form: Record<string, string>, signature?: string) =>
    fetch(url, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: signature ? { 'x-twilio-signature': signature } : {},
    });
  expect((await forge(smsUrl(w), { From: sms.to, Body: '4' }, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=')).status).toBe(403);
  expect((await forge(smsUrl(w), { From: sms.to, Body: '4' })).status).toBe(403);
  expect((await forge(call.gatherUrl ?? '', { CallSid: call.sid, Digits: '4' }, 'forged')).status).toBe(403);
  expect((await w.incident()).status).toBe('triage');
});

test('a reply without a token goes to the last message sent to that number', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } }, { service: { grouping: { window_seconds: 0 } } });
  await w.alertFires('a');
  await w.alertFires('b');
  w.expectSms('ana', /0001/);
  const last = w.expectSms('ana', /0002/);
  await w.twilio.reply(last, '4', smsUrl(w));
  expect((await w.incidents()).map((incident) => incident.status)).toEqual(['acknowledged', 'triage']);
});

test('webhooks carry a signature that the receiver can check', async () => {
  const w = await aTeam({ ana: { by: ['webhook'] } }, { steps: [{ targets: [{ person: 'ana' }] }] });
  await w.savePolicy('turns', { steps: [{ targets: [{ person: 'ana' }, { webhook: `${w.webhook.url}/hook` }] }] });
  await w.alertFires('down');
  for (const path of ['ana', 'hook']) {
    const { headers, body } = w.expectWebhook(path);
    const sent = headers as Record<string, string>;
    // The library checks the time by the machine's own clock; the signature is what matters here.
    const signed = new Webhook(WEBHOOK_SECRET).sign(
      sent['webhook-id'] ?? '',
      new Date(Number(sent['webhook-timestamp']) * 1000),
      body,
    );
    expect(sent['webhook-signature']).toBe(signed);
  }
});

test('two people answer at once: one has it, the other joins, and both are told so', async () => {
  const w = await aTeam(
    { ana: { by: ['mail'] }, ben: { by: ['mail'] } },
    { steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }] }] },
  );
  await w.alertFires('down');
  const links = [w.expectMail('ana'), w.expectMail('ben')].map(({ mail }) => `${w.linkIn(mail.text ?? '')}/acknowledge`);
  const answers = await Promise.all(links.map((link) => w.request('POST', link)));
  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  const { acknowledged_by, assignees } = await w.incident();
  expect(['ana', 'ben']).toContain(acknowledged_by);
  expect(assignees).toEqual(['ana', 'ben']);
  const story = await w.story();
  expect(story.filter((type) => type === 'incident.acknowledged')).toHaveLength(1);
  expect(story.filter((type) => type === 'incident.joined')).toHaveLength(1);
});

test('answering twice is answering once; after the resolve it is too late, and the timeline says so', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } });
  await w.alertFires('down');
  const sms = w.expectSms('ana');
  for (let n = 0; n < 2; n += 1) expect((await w.twilio.reply(sms, '4', smsUrl(w))).body).toContain('It is acknowledged.');
  expect((await w.story()).filter((type) => type.startsWith('incident.'))).toEqual(['incident.opened', 'incident.acknowledged']);
  await w.does('resolve');
  expect((await w.twilio.reply(sms, '4', smsUrl(w))).body).toContain('It is resolved.');
  expect((await w.timeline()).at(-1)?.text).toBe(
    'ana answered (acknowledge), too late: INC-2026-0001 is resolved: reopen it first',
  );
});

test('anybody who may respond may take what somebody else was paged for', async () => {
  const w = await aTeam({
    ana: { by: ['sms', 'call'], rules: { high: [{ methods: ['sms'] }, { after_seconds: 60, methods: ['call'] }] } },
    ben: { by: ['sms'] },
  });
  await w.alertFires('down');
  w.expectSms('ana');
  expect((await w.request('POST', '/api/incidents/INC-2026-0001/acknowledge', {}, await w.tokenOf('ben'))).status).toBe(200);
  expect(await w.incident()).toMatchObject({ acknowledged_by: 'ben', assignees: ['ben'] });
  await w.fastForward('10m');
});

test('a resolve and an acknowledgement cross: whichever comes first, nobody is paged afterwards', async () => {
  const w = await aTeam(
    { ana: { by: ['mail'] }, ben: { by: ['mail'] } },
    { steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }] }] },
  );
  await w.alertFires('down');
  const [ana, ben] = [w.expectMail('ana'), w.expectMail('ben')].map(({ mail }) => w.linkIn(mail.text ?? ''));
  await Promise.all([w.request('POST', `${ana}/acknowledge`), w.request('POST', `${ben}/resolve`)]);
  expect((await w.incident()).status).toBe('resolved');
  await w.fastForward('1h');
});

test('a timer and an answer cross: never is a step begun for what somebody has', async () => {
  const w = await aTeam({ ana: { by: ['mail'] }, ben: { by: ['mail'] } });
  await w.alertFires('down');
  const link = w.linkIn(w.expectMail('ana').mail.text ?? '');
  await w.clock.setTime(w.now().add({ minutes: 5 }).epochMilliseconds);
  await Promise.all([w.settle(), w.request('POST', `${link}/acknowledge`)]);
  await w.settle();
  expect(await w.incident()).toMatchObject({ status: 'acknowledged', escalation: { state: 'stopped' } });
  w.ignoreMessages();
  await w.fastForward('20m');
});

test('a thousand people in one step: every page is made, in a number of statements that does not grow with them', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } });
  const statements = async (people: number): Promise<number> => {
    await w.system((ctx) =>
      ctx.tx
        .insertInto('people')
        .values(
          Array.from({ length: people }, (_, n) => ({
            name: `crowd-${people}-${n}`,
            display_name: `Crowd ${n}`,
            email: `crowd-${people}-${n}@example.com`,
            role: 'responder',
            time_zone: 'UTC',
            locale: 'en',
            calendar_secret: `cal-${people}-${n}`,
          })),
        )
        .execute(),
    );
    // Eight ways to reach each, all at once.
    await w.system((ctx) =>
      sql`insert into contact_methods (person_id, label, channel, address, verified_at)
        select id, 'm' || n, 'ntfy', name || '-' || n, ${ctx.now} from people, generate_series(1, 8) n
        where name like ${`crowd-${people}-%`}`.execute(ctx.tx),
    );
    const members = Array.from({ length: people }, (_, n) => `crowd-${people}-${n}`);
    for (let n = 0; n < people; n += 500)
      await w.call('PUT', `/api/teams/crowd-${people}-${n / 500}`, { members: members.slice(n, n + 500) });
    const targets = Array.from({ length: Math.ceil(people / 500) }, (_, n) => ({ team: `crowd-${people}-${n}` }));
    await w.savePolicy('turns', { steps: [{ targets, escalate_after_seconds: 3600 }] });
    const seen = await w.countStatements(() =>
      w.request('POST', '/hooks/generic/key-of-db', { summary: 'down', severity: 'critical', key: `down-${people}` }),
    );
    const { number } = await w.incident();
    expect((await w.story(number)).length).toBeGreaterThan(0);
    const { n } = await w.system((ctx) =>
      ctx.tx
        .selectFrom('deliveries')
        .innerJoin('pages', 'pages.id', 'deliveries.page_id')
        .select((eb) => eb.fn.countAll().as('n'))
        .where('deliveries.status', '=', 'queued')
        .executeTakeFirstOrThrow(),
    );
    expect(Number(n)).toBe(people * 8);
    await w.call('POST', `/api/incidents/${number}/resolve`, {});
    return seen;
  };
  const few = await statements(10);
  expect(await statements(1000)).toBeLessThanOrEqual(few + 10);
});
