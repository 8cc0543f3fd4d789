import { expect, test } from 'vitest';
import { aTeam, type Team } from './world.ts';

const bySlack = { by: ['slack' as const] };
type Message = Parameters<Team['slack']['press']>[1];
const press = async (w: Team, message: Message, label: string, more: { again?: string } = {}) => {
  const { id } = await w.slack.press(`${w.url}/in/slack/interactive`, message, label, { at: w.now(), ...more });
  await w.settle();
  return id;
};
const says = async (w: Team, name: string, text: string) => {
  const answer = await w.slack.command(`${w.url}/in/slack/command`, w.addressOf(name, 'slack'), text, { at: w.now() });
  await w.settle();
  return answer.text;
};
const buttons = ({ blocks }: Message) =>
  blocks.flatMap((block) => (block.type === 'actions' ? block.elements.map((element) => element.text.text) : []));
const onCall = async (w: Team) =>
  (await w.call<{ items: { person: string }[] }>('GET', '/api/on-call')).items.map(({ person }) => person);

test('cover is asked by command, reaches those asked by Slack, is taken by one of them, and every message says so', async () => {
  const w = await aTeam({ ana: { ...bySlack, time_zone: 'Europe/Amsterdam' }, ben: bySlack, cleo: bySlack, dan: {} });
  await w.call('PUT', '/api/schedules/db', {
    time_zone: 'UTC',
    layers: [
      {
        name: 'all',
        rotation: { every: 1, unit: 'week' },
        starts: '2026-03-02T09:00',
        participants: ['ana', 'ben', 'cleo', 'dan'],
      },
    ],
  });
  expect(await says(w, 'ben', 'cover db for 2h')).toBe('ben is not on call in db in that time');
  expect(await says(w, 'ana', 'cover nothing for 2h')).toContain('nothing not found');
  // 13:00 in Amsterdam now.
  expect(await says(w, 'ana', 'cover db until 18:00')).toMatch(
    /^You ask ben, cleo, dan to take your turn in db until 2026-03-02 18:00\./,
  );
  const asks = /^Ana asks you to take a turn: db, (Mon|Tue)/;
  const [ben, cleo] = [w.expectSlack('ben', asks), w.expectSlack('cleo', asks)];
  for (const name of ['ben', 'cleo', 'dan']) w.expectMail(name, /asks you to take a turn/);
  expect(buttons(ben)).toEqual(['Accept', 'Decline', 'Open']);

  const id = await press(w, cleo, 'Decline');
  expect([cleo.text, buttons(cleo), buttons(ben)]).toEqual(['You declined.', ['Open'], ['Accept', 'Decline', 'Open']]);
  const old = structuredClone(ben);
  const late = structuredClone(ben);
  const taken = await press(w, ben, 'Accept');
  await press(w, old, 'Accept', { again: taken });
  expect([ben.text, cleo.text, buttons(ben)]).toEqual(['You have it.', 'ben has taken it already.', ['Open']]);
  expect(await onCall(w)).toEqual(['ben']);
  w.expectMail('ana', /ben takes your turn/);
  const { items } = await w.call<{ items: { actor: string; source: string; text: string }[] }>(
    'GET',
    '/api/journal?type=schedule.cover_accepted',
  );
  expect(items).toMatchObject([{ actor: 'ben', source: 'slack' }]);
  // A copy that still shows its buttons: refused in words, and what was taken stays taken.
  await press(w, late, 'Decline');
  expect(w.slack.responses.at(-1)).toMatchObject({ response_type: 'ephemeral', text: 'ben has taken it already' });
  expect(await onCall(w)).toEqual(['ben']);
  expect(id).not.toBe(taken);

  // Of one person, until the day after, while Slack is down; withdrawn before it is told: nobody is asked in vain.
  w.slack.mode('retryable');
  const made = await w.call<{ id: string }>('POST', '/api/cover-requests', {
    schedule: 'db',
    person: 'ana',
    asked: ['cleo'],
    starts: '2026-03-03T09:00:00Z',
    ends: '2026-03-03T12:00:00Z',
    note: 'The <dentist>',
  });
  await w.settle();
  w.slack.mode('ok');
  await w.jump('8s');
  const second = w.expectSlack('cleo', asks);
  expect(JSON.stringify(second.blocks)).toContain('The &lt;dentist&gt;');
  w.slack.mode('retryable');
  await w.call('POST', `/api/cover-requests/${made.id}/withdraw`);
  await w.settle();
  w.slack.mode('ok');
  await w.jump('8s');
  expect([second.text, buttons(second)]).toEqual(['It was withdrawn: nothing is asked any more.', ['Open']]);
  await w.jump('24h');
  await press(w, late, 'Accept');
  expect(w.slack.responses.at(-1)).toMatchObject({ text: expect.stringContaining('This is over') });
  w.ignoreMessages();
});
