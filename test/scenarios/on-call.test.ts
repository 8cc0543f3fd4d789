import { expect, test } from 'vitest';
import { aTeam, type Team } from './world.ts';

const SMS = { by: ['sms' as const] };
/** Twelve-hour turns of Ana and Ben; Ana has 08:00 to 20:00 UTC. */
const halves = (w: Team) =>
  w.call('PUT', '/api/schedules/rota', {
    time_zone: 'UTC',
    layers: [
      {
        name: 'halves',
        rotation: { unit: 'hour', every: 12 },
        starts: '2026-03-01T08:00',
        participants: ['ana', 'ben'],
      },
    ],
  });
const rotaPolicy = { steps: [{ targets: [{ schedule: 'rota' }], escalate_after_seconds: 1800 }], repeat: 0 };
const override = (w: Team, about: object, minutes: number) =>
  w.call<{ id: string }>('POST', '/api/schedules/rota/overrides', {
    starts: w.now().toString(),
    ends: w.now().add({ minutes }).toString(),
    ...about,
  });

test('load: hours on call and incidents of each person, and how much of it in her own night', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS }, { at: '2026-03-02T19:50:00Z' });
  await halves(w);
  await w.savePolicy('turns', rotaPolicy);
  // Ben's clocks are five hours behind: his turn from 20:00 UTC begins at 15:00, and 03:00 to 11:00 UTC is night to him.
  await w.call('PUT', '/api/people/ben', {
    ...(await w.call('GET', '/api/people/ben').then(({ name: _n, problems: _p, calendar_url: _c, ...rest }) => rest)),
    time_zone: 'America/New_York',
  });
  await w.alertFires('down');
  w.expectSms('ana');
  await w.does('resolve');
  const later = async (hours: number) => {
    await w.clock.setTime(w.clock.now() + hours * 3_600_000);
    await w.settle();
  };
  await later(8);
  await w.alertFires('down-again');
  // Asked again and again: one incident.
  await w.fastForward('35m');
  await w.does('resolve', {}, 'INC-2026-0002');
  await later(16);
  w.ignoreMessages();
  type Load = { items: { person: string }[] };
  const load = async (days: number) => (await w.call<Load>('GET', `/api/load?days=${days}`)).items;
  const [ana, ben] = await load(1);
  // A day to 20:25 of the third of March: Ana from 08:00 to 20:00, Ben the rest.
  expect(ana).toMatchObject({ person: 'ana', on_call_seconds: 12 * 3600, on_call_night_seconds: 0, incidents: 0 });
  expect(ben).toMatchObject({
    person: 'ben',
    on_call_seconds: 12 * 3600,
    on_call_night_seconds: 5 * 3600,
    incidents: 1,
    night_incidents: 1,
  });
  expect((await load(28)).find((one) => one.person === 'ana')).toMatchObject({ incidents: 1 });
  for (const days of ['0', '367', 'x']) expect((await w.request('GET', `/api/load?days=${days}`)).status).toBe(422);
});

test('who is on call is paged; whoever comes on call while the step waits is paged too', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS }, { at: '2026-03-02T19:50:00Z' });
  await halves(w);
  await w.savePolicy('turns', rotaPolicy);
  await w.alertFires('down');
  w.expectSms('ana');
  await w.fastForward('9m');
  w.expectNothing();
  await w.fastForward('1m');
  w.expectSms('ben');
  await w.fastForward('5m');
  w.expectNothing();
  expect((await w.timeline()).filter((entry) => entry.type === 'page.started').map((entry) => entry.text)).toEqual([
    expect.stringMatching(/^Ana: primary on call in rota/),
    expect.stringMatching(/^Ben: primary on call in rota .*, while the step was waiting$/),
  ]);
});

test('an override made while the step waits pages its person at once, and once', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS, cas: SMS }, { at: '2026-03-02T12:00:00Z' });
  await halves(w);
  await w.savePolicy('turns', rotaPolicy);
  await w.alertFires('down');
  w.expectSms('ana');
  await override(w, { kind: 'replace', person: 'cas', replaces: 'ana' }, 60);
  await w.settle();
  w.expectSms('cas');
  await override(w, { kind: 'add', person: 'cas', role: 'secondary' }, 60);
  await w.settle();
  w.expectNothing();
});

test('an override that begins later in the step pages then; one taken back does not', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS, cas: SMS, dee: SMS }, { at: '2026-03-02T12:00:00Z' });
  await halves(w);
  await w.savePolicy('turns', rotaPolicy);
  await w.alertFires('down');
  w.expectSms('ana');
  const starts = w.now().add({ minutes: 5 }).toString();
  await override(w, { kind: 'replace', person: 'cas', replaces: 'ana', starts }, 60);
  const { id } = await override(w, { kind: 'add', person: 'dee', role: 'primary', starts }, 60);
  await w.call('DELETE', `/api/schedules/rota/overrides/${id}`);
  await w.fastForward('4m');
  w.expectNothing();
  await w.fastForward('2m');
  w.expectSms('cas');
});

test('an incident during somebody’s override goes to the stand-in, and afterwards not', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS }, { at: '2026-03-02T12:00:00Z' });
  await halves(w);
  await w.savePolicy('turns', rotaPolicy);
  await override(w, { kind: 'replace', person: 'ben', replaces: 'ana' }, 60);
  await w.alertFires('a');
  w.expectSms('ben');
  await w.does('resolve');
  await w.fastForward('61m');
  await w.alertFires('b');
  w.expectSms('ana');
});

test('a schedule edited while the step waits pages whom it names now', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS, cas: SMS }, { at: '2026-03-02T12:00:00Z' });
  await halves(w);
  await w.savePolicy('turns', rotaPolicy);
  await w.alertFires('down');
  w.expectSms('ana');
  await w.call('PUT', '/api/schedules/rota', {
    time_zone: 'UTC',
    layers: [{ name: 'all', rotation: { unit: 'day' }, starts: '2026-01-01T00:00', participants: ['cas'] }],
  });
  await w.settle();
  w.expectSms('cas');
});

test('a shadow is told and counts for nothing: alone she does not hold a step', async () => {
  const w = await aTeam({ ana: SMS, ben: SMS, cas: SMS }, { at: '2026-03-02T12:00:00Z' });
  const shadow = { name: 'learning', shadow: true, rotation: { unit: 'day' }, starts: '2026-01-01T00:00', participants: ['cas'] };
  await w.call('PUT', '/api/schedules/rota', {
    time_zone: 'UTC',
    layers: [{ name: 'all', rotation: { unit: 'day' }, starts: '2026-01-01T00:00', participants: ['ana'] }, shadow],
  });
  await w.savePolicy('turns', { steps: [...rotaPolicy.steps, { targets: [{ person: 'ben' }] }], repeat: 0 });
  await w.alertFires('down');
  w.expectSms('ana');
  // Quietly: by mail, though no method but SMS is entered.
  w.expectMail('cas', /down/);
  await w.does('resolve');
  await w.call('PUT', '/api/schedules/rota', { time_zone: 'UTC', layers: [shadow] });
  await w.alertFires('again');
  w.expectSms('ben');
});

test('a turn that changes with the clocks pages the right person on both sides of it', async () => {
  // In Amsterdam 02:00 to 03:00 does not exist on 29 March: the turn from 00:00 to 04:00 local is three hours.
  const w = await aTeam({ ana: SMS, ben: SMS }, { at: '2026-03-29T01:59:00Z' });
  await w.call('PUT', '/api/schedules/rota', {
    time_zone: 'Europe/Amsterdam',
    layers: [
      { name: 'day', rotation: { unit: 'day' }, starts: '2026-01-01T00:00', participants: ['ben'] },
      {
        name: 'night',
        rotation: { unit: 'day' },
        starts: '2026-01-01T00:00',
        participants: ['ana'],
        restrictions: [{ from: '00:00', to: '04:00' }],
      },
    ],
  });
  await w.savePolicy('turns', rotaPolicy);
  await w.alertFires('before');
  w.expectSms('ana');
  await w.fastForward('1m');
  w.expectSms('ben');
  await w.does('resolve');
  await w.alertFires('after');
  w.expectSms('ben');
});
