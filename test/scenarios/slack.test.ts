import { expect, test } from 'vitest';
import { aTeam, type Team } from './world.ts';

type Message = Parameters<Team['slack']['press']>[1];
const press = (w: Team, message: Message, label: string, more: { again?: string; secret?: string } = {}) =>
  w.slack.press(`${w.url}/in/slack/interactive`, message, label, { at: w.now(), ...more });
const says = (w: Team, member: string, text: string, more: { again?: string } = {}) =>
  w.slack.command(`${w.url}/in/slack/command`, member, text, { at: w.now(), ...more });
const bySlack = { by: ['slack' as const] };

/** What a message says by now under its facts, and its buttons. */
const shows = ({ blocks }: Message) => ({
  says: blocks.flatMap((block) => (block.type === 'context' ? block.elements.map(({ text }) => text) : [])).join(),
  buttons: blocks.flatMap((block) => (block.type === 'actions' ? block.elements.map((element) => element.text.text) : [])),
});
const ALL = ['Acknowledge', 'Escalate', 'Resolve', 'Open'];

test('a button answers, and every message of the page, whoever has it, says so and loses what does nothing any more', async () => {
  const both = { targets: [{ person: 'ana' }, { person: 'ben' }], escalate_after_seconds: 300 };
  const w = await aTeam(
    { ana: bySlack, ben: bySlack, cleo: bySlack, dan: bySlack },
    { steps: [both, { targets: [{ person: 'cleo' }] }, { targets: [{ person: 'dan' }] }] },
  );
  await w.alertFires('down');
  const [ana, ben] = [w.expectSlack('ana', /^Critical: INC-2026-0001 db: down is wrong/), w.expectSlack('ben')];
  expect(shows(ben)).toEqual({ says: '', buttons: ALL });

  // Escalated from one of them: the others of the step cannot skip somebody by asking once more.
  await press(w, ana, 'Escalate');
  const old = structuredClone(ben);
  await w.settle();
  const cleo = w.expectSlack('cleo');
  w.expectNothing();
  const goneOn = {
    says: 'INC-2026-0001 is not acknowledged; the next people are paged.',
    buttons: ['Acknowledge', 'Resolve', 'Open'],
  };
  expect([shows(ana), shows(ben), shows(cleo).buttons]).toEqual([goneOn, goneOn, ALL]);
  expect(w.slack.responses).toEqual([]);
  await press(w, old, 'Escalate');
  await w.settle();
  w.expectNothing();
  expect(w.slack.responses).toMatchObject([{ response_type: 'ephemeral', text: expect.stringContaining('paged already') }]);
  expect((await w.story()).at(-1)).toBe('incident.answer_late');

  expect(await press(w, cleo, 'Acknowledge')).toMatchObject({ status: 200, body: '' });
  await w.settle();
  expect(await w.incident()).toMatchObject({ status: 'acknowledged', acknowledged_by: 'cleo', acknowledged_via: 'slack' });
  for (const message of [ana, ben, cleo])
    expect(shows(message)).toEqual({
      says: 'INC-2026-0001 is acknowledged by Cleo.',
      buttons: ['Escalate', 'Resolve', 'Open'],
    });

  // Whoever has it asks for help, twice, as the message came twice; the copy that Allclear knows nothing of is changed too.
  const copy = { ...structuredClone(cleo), ts: '1794709099.000001' };
  w.slack.received.push(copy);
  await Promise.all([press(w, cleo, 'Escalate'), press(w, copy, 'Escalate')]);
  await w.settle();
  w.expectSlack('cleo');
  const dan = w.expectSlack('dan');
  w.expectNothing();
  expect([shows(cleo), shows(copy)]).toEqual([goneOn, goneOn]);

  // Answered elsewhere while Slack is down: told as soon as it is back, and not before it asked for.
  w.slack.mode('retryable');
  await w.does('resolve');
  const was = w.slack.updates.length;
  w.slack.mode('ok');
  await w.jump('6s');
  expect(w.slack.updates.length).toBe(was);
  await w.jump('2s');
  for (const message of [ana, ben, cleo, dan])
    expect(shows(message)).toEqual({ says: 'INC-2026-0001 is resolved.', buttons: ['Open'] });
  // Too late, on the copy that still shows it: it says how it stands, and nothing changes.
  await press(w, copy, 'Acknowledge');
  await w.settle();
  expect(shows(copy)).toEqual({ says: 'INC-2026-0001 is resolved.', buttons: ['Open'] });
  expect((await w.story()).at(-1)).toBe('incident.answer_late');

  // Again: what was said stays true.
  await w.does('reopen');
  expect(shows(ana)).toEqual(goneOn);
  w.ignoreMessages();
});

test('what Slack sends twice happens once, and what it did not sign changes nothing and is in the audit log', async () => {
  const w = await aTeam({ ana: bySlack, ben: bySlack, cleo: bySlack });
  await w.alertFires('down');
  const page = w.expectSlack('ana');
  const refused = async (status: number, work: Promise<{ status: number }>) => expect((await work).status).toBe(status);
  await refused(403, press(w, page, 'Resolve', { secret: 'guessed' }));
  await refused(403, press(w, page, 'Resolve', { secret: 'guessed again' }));
  await refused(403, w.slack.press(`${w.url}/in/slack/interactive`, page, 'Resolve', { at: w.now().subtract({ minutes: 6 }) }));
  await refused(403, fetch(`${w.url}/in/slack/command`, { method: 'POST', body: new URLSearchParams({ text: 'who' }) }));
  await refused(413, w.request('POST', '/in/slack/command', 'x'.repeat(300_000)));
  const { items } = await w.call<{ items: { text: string }[] }>('GET', '/api/journal?type=channel.request_refused');
  expect(items.map(({ text }) => text)).toEqual([
    'A request to the address for Slack was refused: its signature does not fit the signing secret',
  ]);
  expect((await w.incident()).status).toBe('triage');

  const { id } = await press(w, page, 'Escalate');
  const again = await Promise.all([press(w, page, 'Escalate', { again: id }), press(w, page, 'Escalate', { again: id })]);
  expect(again.map(({ status }) => status)).toEqual([200, 200]);
  await w.settle();
  w.expectSlack('ben');
  w.expectNothing();
  expect(shows(page)).toEqual({
    says: 'INC-2026-0001 is not acknowledged; the next people are paged.',
    buttons: ['Acknowledge', 'Resolve', 'Open'],
  });
  expect(w.slack.responses).toEqual([]);

  await w.settings({ channels: {} });
  await refused(403, press(w, page, 'Resolve'));
  await w.settings();
  // A page of last week, whose token has ended.
  await w.jump('73h');
  await press(w, page, 'Resolve');
  await w.settle();
  expect(w.slack.responses.at(-1)).toMatchObject({ response_type: 'ephemeral', replace_original: false });
  expect((await w.incident()).status).toBe('triage');
  w.ignoreMessages();
});

test('commands act as the member they come from, by id or by mail, once; anybody else is told so', async () => {
  const w = await aTeam({ ana: bySlack, ben: {}, cleo: { ...bySlack, unverified: true } });
  const [ana, ben, cleo] = ['ana', 'ben', 'cleo'].map((name) => w.addressOf(name, 'slack')) as [string, string, string];
  await w.call('PUT', '/api/people/ben/reach', {
    contact_methods: [{ label: 'chat', channel: 'slack', address: 'Ben@Example.com', verified: true }],
  });
  await w.call('PUT', '/api/schedules/first', {
    time_zone: 'UTC',
    layers: [{ name: 'all', rotation: { every: 1, unit: 'week' }, starts: '2026-03-02T09:00', participants: ['ben', 'ana'] }],
  });

  expect(await says(w, ana, 'who')).toMatchObject({
    type: 'ephemeral',
    text: '*first*: Ben (primary, until 2026-03-09 09:00)',
  });
  expect((await says(w, ben, 'help')).text).toContain('/allclear page <service>');
  // In a shared channel: whoever runs the other workspace writes any mail address into it.
  w.slack.members.push({ id: 'U0GUEST', email: 'ben@example.com', team: 'T0000000002' });
  for (const stranger of [cleo, 'U0GUEST', 'U0NOBODY'])
    expect(await says(w, stranger, 'page db It is down')).toMatchObject({
      status: 200,
      type: 'ephemeral',
      text: expect.stringContaining('does not know who you are'),
    });
  expect((await says(w, ana, 'page dbb It is down')).text).toBe('There is no service named dbb. There are db.');
  expect((await says(w, ana, 'ack')).text).toBe('Nothing that you were paged for waits for an answer.');
  expect((await says(w, ana, 'ack INC-2026-0009')).text).toBe('Incident INC-2026-0009 not found');
  expect(await w.incidents()).toEqual([]);

  const { id, text } = await says(w, ben, 'page db The <disk> is full');
  expect(text).toContain('INC-2026-0001 is open for db.');
  expect((await says(w, ben, 'page db The <disk> is full', { again: id })).text).toBe(text);
  await w.settle();
  expect(await w.incidents()).toMatchObject([{ title: 'The <disk> is full', status: 'triage' }]);
  w.expectSlack('ana', /The &lt;disk&gt; is full/);
  expect((await says(w, ana, 'ack')).text).toBe('INC-2026-0001 is acknowledged by Ana.');
  expect((await says(w, ben, 'ack inc-2026-0001')).text).toBe('INC-2026-0001 is acknowledged by Ana.');
  expect(await w.incident()).toMatchObject({ acknowledged_by: 'ana', acknowledged_via: 'slack', assignees: ['ana', 'ben'] });
  await w.does('resolve');
  expect((await says(w, ben, 'ack INC-2026-0001')).text).toBe('INC-2026-0001 is resolved: reopen it first');

  await w.call('PUT', '/api/people/ana', {
    display_name: 'Ana',
    email: 'ana@example.com',
    role: 'stakeholder',
    contact_methods: [{ label: 'slack', channel: 'slack', address: ana, verified: true }],
  });
  expect((await says(w, ana, 'page db Again')).text).toContain('may not do this');
});
