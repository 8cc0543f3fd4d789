import { expect, test } from 'vitest';
import { aTeam, type Team } from './world.ts';

const MAIL = { by: ['mail' as const] };
const AMSTERDAM = { ...MAIL, time_zone: 'Europe/Amsterdam' };
const morning = { low_urgency_hours: { from: '08:00', to: '22:00' } };
const step = (person: string) => ({ targets: [{ person }], escalate_after_seconds: 300, ...morning });
const low = { severity: 'warning' };
/** 23:30 UTC is 00:30 in Amsterdam, in the night its summer time begins; 08:00 there is 06:00 UTC. */
const NIGHT = '2026-03-28T23:30:00Z';
const waits = async (w: Team) => {
  const { escalation } = await w.incident();
  return [escalation?.state, escalation?.next_at];
};
const said = async (w: Team, type: string) =>
  (await w.timeline()).filter((entry) => entry.type === type).map((entry) => entry.text);

test('somebody awake on another step is paged at once; who sleeps is paged in the morning of their own zone', async () => {
  const w = await aTeam(
    { ana: AMSTERDAM, ben: { ...MAIL, time_zone: 'America/New_York' } },
    { at: NIGHT, steps: [step('ana'), step('ben')], policy: { repeat: 0, fallback: { person: 'ben' } } },
  );
  await w.alertFires('slow', low);
  w.expectMail('ben', /slow/);
  expect(await said(w, 'escalation.step_skipped')).toEqual([
    'Step 1 of 2 skipped: low urgency waits for the morning of Ana, Sun 29 Mar 08:00 (Europe/Amsterdam)',
  ]);
  // Ben does not answer: nobody is left who is awake, and the last resort is for when everybody was asked.
  await w.fastForward('5m');
  w.expectNothing();
  expect(await waits(w)).toEqual(['waiting', '2026-03-29T06:00:00Z']);
  await w.jump('384m');
  w.expectNothing();
  await w.fastForward('1m');
  w.expectMail('ana', /slow/);
  await w.does('acknowledge');
});

test('when everybody sleeps the incident says who is waited for and until when, and next shows the same', async () => {
  const w = await aTeam({ ana: AMSTERDAM, ben: AMSTERDAM }, { at: NIGHT, steps: [step('ana'), step('ben')] });
  await w.alertFires('slow', low);
  w.expectNothing();
  expect(await waits(w)).toEqual(['waiting', '2026-03-29T06:00:00Z']);
  expect(await said(w, 'escalation.waiting')).toEqual([
    'Low urgency waits for the morning of Ana, Sun 29 Mar 08:00 (Europe/Amsterdam)',
  ]);
  expect(await w.call('GET', '/api/incidents/INC-2026-0001/next')).toMatchObject({
    next: { at: '2026-03-29T06:00:00Z', step: 1, people: [{ name: 'ana' }] },
  });
  await w.jump('390m');
  w.expectMail('ana');
  await w.fastForward('5m');
  w.expectMail('ben');
});

test('whose night falls while another sleeps is asked again in the morning, whoever of them wakes first', async () => {
  // 21:58 in Lisbon, 22:58 in Amsterdam: Ana goes to sleep before Ben, who slept already, and wakes an hour after Ben.
  const people = { ana: { ...MAIL, time_zone: 'Europe/Lisbon' }, ben: AMSTERDAM };
  const w = await aTeam(people, { at: '2026-03-02T21:58:00Z', steps: [step('ana'), step('ben')], policy: { repeat: 0 } });
  await w.alertFires('slow', low);
  w.expectMail('ana');
  await w.fastForward('5m');
  w.expectNothing();
  expect(await waits(w)).toEqual(['waiting', '2026-03-03T07:00:00Z']);
  await w.jump('537m');
  w.expectMail('ben');
  await w.fastForward('5m');
  await w.jump('55m');
  w.expectMail('ana');
});

test.each<[string, (w: Team) => Promise<unknown>]>([
  ['its urgency rises', (w) => w.alertFires('slow', { severity: 'critical' })],
  ['somebody asks for the next step', (w) => w.does('escalate')],
])('what waits pages at once when %s', async (_, act) => {
  const w = await aTeam({ ana: AMSTERDAM, ben: AMSTERDAM }, { at: NIGHT, steps: [step('ana'), step('ben')] });
  await w.alertFires('slow', low);
  w.expectNothing();
  await act(w);
  w.expectMail('ana');
  expect(await waits(w)).toEqual(['running', '2026-03-28T23:35:00Z']);
  // And so it does once more when that is asked again.
  await w.does('escalate');
  w.expectMail('ben');
});

test('what waits looks again when somebody who is awake comes on call, by the clock or by an override', async () => {
  const people = { ana: AMSTERDAM, kai: { ...MAIL, time_zone: 'Asia/Tokyo' }, leo: { ...MAIL, time_zone: 'America/New_York' } };
  const w = await aTeam(people, { at: NIGHT });
  await w.call('PUT', '/api/schedules/sun', {
    time_zone: 'UTC',
    layers: [{ name: 'halves', rotation: { unit: 'hour', every: 12 }, starts: '2026-03-28T13:00', participants: ['ana', 'kai'] }],
  });
  await w.savePolicy('turns', { steps: [{ targets: [{ schedule: 'sun' }], ...morning }] });
  await w.alertFires('slow', low);
  w.expectNothing();
  // Kai's turn begins at 01:00 UTC, 10:00 on Kai's clocks: earlier than Ana's morning.
  expect(await waits(w)).toEqual(['waiting', '2026-03-29T01:00:00Z']);
  await w.jump('90m');
  w.expectMail('kai');
  await w.does('resolve');
  await w.clock.setTime(Temporal.Instant.from('2026-03-29T23:00:00Z').epochMilliseconds);
  await w.alertFires('slow again', low);
  w.expectNothing();
  const override = { kind: 'replace', person: 'leo', starts: w.now().toString(), ends: w.now().add({ hours: 1 }).toString() };
  await w.call('POST', '/api/schedules/sun/overrides', override);
  await w.settle();
  w.expectMail('leo');
});

test('working hours hold a page over the weekend, and what is left of a step is paged', async () => {
  const w = await aTeam({ ana: AMSTERDAM, ben: { ...MAIL, time_zone: 'America/New_York' } }, { at: '2026-03-27T20:00:00Z' });
  const hours = { from: '09:00', to: '18:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] };
  const both = { targets: [{ person: 'ana' }, { person: 'ben' }], low_urgency_hours: hours };
  await w.savePolicy('turns', { steps: [both] });
  // Friday evening for Ana, afternoon for Ben.
  await w.alertFires('one', low);
  w.expectMail('ben');
  await w.does('resolve');
  await w.jump('4h');
  await w.alertFires('two', low);
  w.expectNothing();
  expect(await waits(w)).toEqual(['waiting', '2026-03-30T07:00:00Z']);
  type Preview = { steps: { at: string; people: { name: string }[]; skipped?: string }[] };
  const preview = await w.call<Preview>('POST', '/api/escalation-policies/preview', {
    name: 'turns',
    urgency: 'low',
    at: '2026-03-28T12:00:00Z',
  });
  expect(preview.steps.map((one) => [one.at, one.people.map((person) => person.name), one.skipped])).toEqual([
    ['2026-03-30T07:00:00Z', ['ana'], undefined],
  ]);
  await w.jump('24h');
  w.expectNothing();
});
