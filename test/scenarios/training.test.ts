import { expect, test } from 'vitest';
import { aTeam, type Team } from './world.ts';

/** Two in the morning for everybody. */
const NIGHT = '2026-03-04T01:00:00Z';
const PHONE = { by: ['sms' as const, 'mail' as const], time_zone: 'Europe/Amsterdam' };
const WEEK = { name: 'week', rotation: { unit: 'week' }, starts: '2026-02-02T09:00', participants: ['ben', 'ana'] };
const AT = '/api/schedules/rota/training/nia';

/** Ben has the week, Nia learns with them, Cas is asked when nobody answers in five minutes. */
const aRota = async (nia: object = {}): Promise<Team> => {
  const w = await aTeam({ ana: PHONE, ben: PHONE, nia: { ...PHONE, ...nia }, cas: PHONE }, { at: NIGHT });
  await w.call('PUT', '/api/schedules/rota', { time_zone: 'Europe/Amsterdam', layers: [WEEK] });
  await w.savePolicy('turns', {
    steps: [{ targets: [{ schedule: 'rota' }], escalate_after_seconds: 300 }, { targets: [{ person: 'cas' }] }],
    repeat: 0,
  });
  return w;
};
/** What the learner and the mentor are told of it is looked at in a test of its own. */
const quietly = async (w: Team, work: Promise<unknown>) => {
  await work;
  await w.settle();
  w.ignoreMessages();
};
const train = (w: Team, more: object = {}) => quietly(w, w.call('PUT', AT, { mentor: 'ben', ...more }));
const first = (w: Team) => quietly(w, w.call('POST', `${AT}/stage`, { stage: 'reverse_shadow' }));
const paged = (w: Team, ...people: string[]) => {
  for (const person of people) {
    w.expectSms(person);
    w.expectMail(person);
  }
};
const onCallNow = async (w: Team) =>
  (await w.call<{ items: { person: string; shadow: boolean }[] }>('GET', '/api/on-call')).items.map(
    ({ person, shadow }) => `${person}${shadow ? ' shadow' : ''}`,
  );

type Stage = {
  name: string;
  nia?: object;
  prepare: (w: Team) => Promise<unknown>;
  /** Who is paged at once; `mail`: who is told quietly; then who by the minute. */
  at0: string[];
  mail?: string[];
  later: [string, string[]][];
};
test.each<Stage>([
  {
    name: 'shadow: told by mail alone, whatever their own rules',
    prepare: train,
    at0: ['ben'],
    mail: ['nia'],
    later: [['5m', ['cas']]],
  },
  {
    name: 'shadow in quiet hours: nothing wakes them',
    nia: { quiet_hours: { from: '22:00', to: '08:00' } },
    prepare: train,
    at0: ['ben'],
    later: [['5m', ['cas']]],
  },
  {
    name: 'shadow, loud: paged as who has it',
    prepare: (w) => train(w, { loud: true }),
    at0: ['ben', 'nia'],
    later: [['5m', ['cas']]],
  },
  {
    name: 'reverse-shadow: asked first, the mentor after two minutes with all the time of the step',
    prepare: async (w) => [await train(w), await first(w)],
    at0: ['nia'],
    later: [
      ['119s', []],
      ['1s', ['ben']],
      ['299s', []],
      ['1s', ['cas']],
    ],
  },
  {
    name: 'reverse-shadow, and the mentor swapped: whoever stands in is paged at once, the learner not',
    prepare: async (w) => {
      await train(w);
      await first(w);
      const night = { starts: NIGHT, ends: '2026-03-04T09:00:00Z' };
      await w.call('POST', '/api/schedules/rota/overrides', { kind: 'replace', person: 'ana', replaces: 'ben', ...night });
    },
    at0: ['ana'],
    later: [['5m', ['cas']]],
  },
  {
    name: 'reverse-shadow, and the learner left',
    prepare: async (w) => {
      await train(w);
      await first(w);
      await w.leaves('nia');
    },
    at0: ['ben'],
    later: [['5m', ['cas']]],
  },
  {
    name: 'solo: nobody is accompanied any more',
    prepare: async (w) => [
      await train(w),
      await first(w),
      await quietly(w, w.call('POST', `${AT}/ready`, { note: 'Two calm weeks' })),
    ],
    at0: ['ben'],
    later: [['5m', ['cas']]],
  },
])('a page at night: $name', async ({ nia, prepare, at0, mail = [], later }) => {
  const w = await aRota(nia);
  await prepare(w);
  await w.settle();
  await w.alertFires('down');
  paged(w, ...at0);
  for (const person of mail) w.expectMail(person, /shadowing/);
  w.expectNothing();
  for (const [after, who] of later) {
    await w.fastForward(after);
    paged(w, ...who);
    w.expectNothing();
  }
});

test('asked first: asks for help, or cannot be reached, and the mentor is next, not the step after', async () => {
  const w = await aRota();
  await train(w);
  await first(w);
  await w.alertFires('down');
  paged(w, 'nia');
  expect(await w.call('GET', '/api/incidents/INC-2026-0001/next')).toMatchObject({
    next: { at: '2026-03-04T01:02:00Z', step: 1, people: [{ name: 'ben' }] },
  });
  await w.does('escalate');
  paged(w, 'ben');
  await w.does('escalate');
  paged(w, 'cas');
  await w.does('resolve');

  // No message arrives: nobody waits for who cannot be asked.
  await w.savePerson('nia', { by: ['ntfy'] });
  for (const provider of [w.ntfy, w.smtp]) provider.mode('refused');
  await w.alertFires('unheard');
  w.expectSms('ben');
  w.expectNothing();
  await w.fastForward('299s');
  w.expectNothing();
  await w.fastForward('1s');
  w.expectSms('cas');
  expect((await w.timeline()).map((entry) => entry.text)).toContain(
    'It goes on from who was asked first: ben, behind them, is paged',
  );
  await w.does('resolve');
  for (const provider of [w.ntfy, w.smtp]) provider.mode('ok');
  await w.savePerson('nia', PHONE);

  // Answered, and then too much for one: what was held back comes first.
  await w.alertFires('again');
  paged(w, 'nia');
  const nia = await w.tokenOf('nia');
  await w.request('POST', '/api/incidents/INC-2026-0003/acknowledge', {}, nia);
  await w.jump('10m');
  w.expectNothing();
  await w.request('POST', '/api/incidents/INC-2026-0003/escalate', {}, nia);
  await w.settle();
  paged(w, 'ben');
});

test('a shadow who presses Acknowledge keeps the page from nobody; on call by a swap they are paged like anybody', async () => {
  const w = await aRota();
  await train(w);
  await w.alertFires('down');
  paged(w, 'ben');
  const mail = w.expectMail('nia', /shadowing/);
  expect(JSON.stringify(mail)).not.toMatch(/acknowledge/i);
  const link = w.linkIn(JSON.stringify(mail));
  await w.request('POST', `${link}/acknowledge`, undefined, { accept: 'text/plain' });
  await w.settle();
  expect(await w.incident()).toMatchObject({ status: 'triage' });
  const swap = { kind: 'replace', person: 'nia', replaces: 'ben', starts: NIGHT, ends: '2026-03-04T09:00:00Z' };
  await w.call('POST', '/api/schedules/rota/overrides', swap);
  await w.settle();
  paged(w, 'nia');
  expect(await onCallNow(w)).toEqual(['nia']);
});

test('from the first shift to the signature: counted, warned of, signed, taken back, ended; all in the journal', async () => {
  const w = await aRota();
  const [ben, nia] = [await w.tokenOf('ben'), await w.tokenOf('nia', 'manager')];
  const status = async (method: string, path: string, body: object | undefined, as: Record<string, string>) =>
    (await w.request(method, path, body, as)).status;
  let seen = 0;
  /** What people were mailed since it was last asked for. */
  const told = async () => {
    await w.settle();
    const mails = w.smtp.received.slice(seen).map(({ to, mail }) => `${to[0]?.split('@')[0]}: ${mail.subject}`);
    seen = w.smtp.received.length;
    w.ignoreMessages();
    return mails.sort();
  };
  await w.call('PUT', AT, { mentor: 'cas' });
  expect(await told()).toEqual(['cas: Nia shadows you in rota', 'nia: You shadow Cas in rota']);
  await w.call('PUT', AT, { mentor: 'cas', shadow_wanted: 3 });
  expect(await told()).toEqual([]);
  await w.call('PUT', AT, { mentor: 'ben' });
  expect(await told()).toEqual([
    'ben: Nia shadows you in rota',
    'cas: Ben is the mentor of Nia in rota',
    'nia: You shadow Ben in rota',
  ]);
  expect(await onCallNow(w)).toEqual(['ben', 'nia shadow']);
  // Neither the person nor a stranger judges; a mentor does not put others in training.
  expect(await status('POST', `${AT}/ready`, {}, nia)).toBe(403);
  expect(await status('POST', `${AT}/ready`, {}, await w.tokenOf('cas'))).toBe(403);
  expect(await status('PUT', '/api/schedules/rota/training/cas', { mentor: 'ben' }, ben)).toBe(403);
  expect(await status('PUT', '/api/schedules/rota/training/cas', { mentor: 'nia' }, {})).toBe(422);
  await w.clock.setTime(Temporal.Instant.from('2026-03-24T12:00:00Z').epochMilliseconds);
  const read = async () => (await w.call<{ items: object[] }>('GET', '/api/trainings?person=nia')).items[0];
  // Two turns of Ben's are over; of the second in between Ana's nobody was accompanied.
  expect(await read()).toMatchObject({ stage: 'shadow', shadow_done: 2, shadow_wanted: 2, reverse_shadow_done: 0 });
  expect(await status('POST', `${AT}/stage`, { stage: 'reverse_shadow' }, ben)).toBe(200);
  // Ben did it, and knows.
  expect(await told()).toEqual(['nia: You are asked first in rota']);
  expect(w.smtp.received.at(-1)?.mail.text).toContain('Ben is paged after 2 min, or when you ask for help.');
  await w.clock.setTime(Temporal.Instant.from('2026-04-07T12:00:00Z').epochMilliseconds);
  expect(await read()).toMatchObject({ stage: 'reverse_shadow', reverse_shadow_done: 1 });

  // A turn of their own warns while nobody has signed, unless somebody able is there too.
  const warned = async (participants: unknown[]) =>
    (
      await w.call<{ warnings: { policy: string; message: string }[] }>('PUT', '/api/schedules/rota', {
        time_zone: 'Europe/Amsterdam',
        layers: [{ ...WEEK, participants }],
      })
    ).warnings.flatMap((one) => (one.policy === 'in_training' ? [one.message] : []));
  expect(await warned(['ben', ['nia', 'ana']])).toEqual([]);
  expect(await warned(['ben', 'nia'])).toEqual([
    expect.stringMatching(/^nia is in training and on call alone from 2026-04-0\d .* \(Europe\/Amsterdam\); nobody has signed/),
  ]);
  const rota = await w.call<{ turns: { person: string | null }[] }>('POST', '/api/schedules/rota/rota-proposals', {
    weeks: 4,
  });
  expect(rota.turns.map((one) => one.person)).not.toContain('nia');
  const proposals = await w.call<{ excluded: { person: string; reason: string }[] }>(
    'GET',
    '/api/schedules/rota/cover-proposals?person=ben&from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z',
  );
  expect(proposals.excluded).toContainEqual(
    expect.objectContaining({ person: 'nia', reason: 'In training: not signed off for solo.' }),
  );

  expect(await status('POST', `${AT}/ready`, { note: 'Calm in both' }, ben)).toBe(200);
  expect(await read()).toMatchObject({ stage: 'solo', ready: { by: 'ben', note: 'Calm in both' } });
  expect(await warned(['ben', 'nia'])).toEqual([]);
  expect(await status('POST', `${AT}/ready`, {}, ben)).toBe(409);
  expect(await told()).toEqual(['nia: You are signed off for solo in rota']);
  expect(await status('DELETE', `${AT}/ready`, undefined, ben)).toBe(200);
  expect(await told()).toEqual(['nia: You are asked first in rota']);
  expect(w.smtp.received.at(-1)?.mail.text).toContain('taken back');
  expect(await warned(['ben', 'nia'])).toHaveLength(1);
  await w.call('DELETE', AT);
  expect(await told()).toEqual(['ben: The training of Nia in rota was ended', 'nia: Your training in rota was ended']);
  expect(await warned(['ben', 'nia'])).toEqual([]);
  // Who was there before stays as it was.
  const then = await w.call<{ items: { person: string }[] }>('GET', '/api/on-call?at=2026-03-05T00:00:00Z');
  expect(then.items.map((one) => one.person)).toContain('nia');
  const { items } = await w.call<{ items: { type: string }[] }>('GET', '/api/journal?limit=100');
  expect(items.map((one) => one.type).filter((type) => type.startsWith('schedule.training'))).toEqual(
    ['begun', 'changed', 'changed', 'moved', 'signed_off', 'taken_back', 'ended']
      .map((what) => `schedule.training_${what}`)
      .toReversed(),
  );
});
