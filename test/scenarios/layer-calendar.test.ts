import { expect, onTestFinished, test } from 'vitest';
import { startWebhook } from '../fakes/webhook.ts';
import { startWorld } from '../harness.ts';

type Shifts = {
  items: { person: string; starts: string; ends: string; layer?: string }[];
  gaps: { starts: string; ends: string }[];
  warnings: { policy: string; message: string }[];
};
type Calendars = {
  items: {
    layer: string;
    read_at: string | null;
    tried_at: string | null;
    error: string | null;
    events: number;
    findings: { title: string; problem: string }[];
    unreadable: string[];
  }[];
};
const calendar = (...events: string[][]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...events.flatMap((lines, at) => ['BEGIN:VEVENT', `UID:${at}`, ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n');
const event = (summary: string, starts: string, ends: string, ...more: string[]) => [
  `SUMMARY:${summary}`,
  `DTSTART;TZID=Europe/Amsterdam:${starts}`,
  `DTEND;TZID=Europe/Amsterdam:${ends}`,
  ...more,
];

test('a layer takes its turns from a calendar; what it cannot read or match is told, and who was on call stays', async () => {
  const world = await startWorld();
  const { call, request } = world;
  const fake = await startWebhook();
  onTestFinished(fake.stop);
  for (const name of ['ana', 'ben', 'cem'])
    await call('PUT', `/api/people/${name}`, {
      display_name: `${name[0]?.toUpperCase()}${name.slice(1)} X`,
      email: `${name}@example.com`,
      time_zone: 'Europe/Amsterdam',
      role: 'responder',
    });
  const schedule = {
    time_zone: 'Europe/Amsterdam',
    layers: [
      { name: 'outside', starts: '2026-01-05T09:00', calendar: { address: `${fake.url}/rota.ics`, people: { 'The B': 'ben' } } },
    ],
  };
  const hour = async () => {
    await world.clock.setTime(world.clock.now() + 3_600_000);
    await world.settle();
  };
  const to = '2026-03-08T00:00:00Z';
  const shifts = (from: string) => call<Shifts>('GET', `/api/schedules/ext/shifts?from=${from}&to=${to}`);
  const said = async (from: string) => (await shifts(from)).items.map((one) => `${one.person} ${one.starts} ${one.ends}`);
  const reading = async () => (await call<Calendars>('GET', '/api/schedules/ext/layer-calendars')).items[0];
  const problems = async () =>
    (await shifts('2026-03-02T12:00:00Z')).warnings.filter(({ policy }) => policy === 'calendar').map(({ message }) => message);

  // Monday 2 March, 13:00 in Amsterdam. Ana runs daily but Wednesday; Ben beside her on Tuesday; nobody knows who “Vendor” is.
  const first = calendar(
    event(
      'Ana X',
      '20260302T080000',
      '20260302T180000',
      'RRULE:FREQ=DAILY;COUNT=4',
      'EXDATE;TZID=Europe/Amsterdam:20260304T080000',
    ),
    event('On call: The B', '20260303T120000', '20260303T200000'),
    [
      'SUMMARY:shift',
      'DTSTART;VALUE=DATE:20260306',
      'ATTENDEE;CN=Cem:mailto:CEM@example.com',
      'ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.com',
    ],
    event('Vendor', '20260307T080000', '20260307T180000'),
  );
  fake.answerWith({ status: 200, body: first, headers: { etag: '"1"' } });
  await call('PUT', '/api/schedules/ext', schedule);
  await world.settle();
  const planned = [
    'ana 2026-03-02T12:00:00Z 2026-03-02T17:00:00Z',
    'ana 2026-03-03T07:00:00Z 2026-03-03T17:00:00Z',
    'ben 2026-03-03T11:00:00Z 2026-03-03T19:00:00Z',
    'ana 2026-03-05T07:00:00Z 2026-03-05T17:00:00Z',
    'cem 2026-03-05T23:00:00Z 2026-03-06T23:00:00Z',
  ];
  expect(await said('2026-03-02T12:00:00Z')).toEqual(planned);
  expect(await reading()).toMatchObject({
    layer: 'outside',
    read_at: '2026-03-02T12:00:00Z',
    error: null,
    events: 6,
    findings: [{ title: 'Vendor', problem: 'it names nobody who is known here' }],
  });
  expect(await problems()).toEqual([
    'Event “Vendor” of layer outside, from 2026-03-07 08:00 to 2026-03-07 18:00 (Europe/Amsterdam): it names nobody who is known here.',
  ]);
  expect((await shifts('2026-03-07T07:00:00Z')).gaps).toEqual([{ starts: '2026-03-07T07:00:00Z', ends: to }]);
  // A calendar is meant to cover all hours, as its layer is not restricted: what it leaves out is missing in the score.
  const score = await call<{ gap_hours: number }>('GET', `/api/schedules/ext/rota-score?from=2026-03-06T23:00:00Z&to=${to}`);
  expect(score.gap_hours).toBe(25);
  const timeline = await call<{ layers: { turns: { person: string }[] }[] }>(
    'GET',
    `/api/schedules/ext/timeline?from=2026-03-02T12:00:00Z&to=${to}`,
  );
  expect(timeline.layers[0]?.turns.map(({ person }) => person)).toEqual(['ana', 'ana', 'ben', 'ana', 'cem']);

  // Unchanged: asked with the tag, and nothing is written.
  fake.answerWith({ status: 304 });
  await hour();
  expect(fake.received.at(-1)?.headers['if-none-match']).toBe('"1"');
  expect(await reading()).toMatchObject({ read_at: '2026-03-02T13:00:00Z', error: null });
  expect(await said('2026-03-02T12:00:00Z')).toEqual(planned);

  // Broken: the last good copy stays, and says since when it is old; the table still takes effect.
  fake.answerWith({ status: 200, body: '<html>Sign in</html>' });
  await hour();
  expect(await reading()).toMatchObject({ read_at: '2026-03-02T13:00:00Z', tried_at: '2026-03-02T14:00:00Z' });
  expect((await problems())[0]).toMatch(/cannot be read: .* is no calendar.*as it held them on 2026-03-02 14:00/);
  expect(await said('2026-03-02T12:00:00Z')).toEqual(planned);
  const [layer] = schedule.layers;
  const named = {
    ...schedule,
    layers: [{ ...layer, calendar: { ...layer?.calendar, people: { 'The B': 'ben', Vendor: 'ben' } } }],
  };
  await call('PUT', '/api/schedules/ext', named);
  await world.settle();
  expect(await said('2026-03-07T00:00:00Z')).toEqual(['ben 2026-03-07T07:00:00Z 2026-03-07T17:00:00Z']);

  // Another name for the layer, while it cannot be read: nobody loses a turn, and back.
  await call('PUT', '/api/schedules/ext', { ...named, layers: [{ ...named.layers[0], name: 'renamed' }] });
  expect(await said('2026-03-07T00:00:00Z')).toEqual(['ben 2026-03-07T07:00:00Z 2026-03-07T17:00:00Z']);
  await call('PUT', '/api/schedules/ext', named);
  await world.settle();

  // Changed while it runs: from now on it is Ben; that it was Ana until now stays, whatever the calendar says of this morning.
  fake.answerWith({ status: 200, body: calendar(event('ben', '20260302T080000', '20260302T180000')) });
  expect((await request('POST', '/api/schedules/ext/layer-calendars/outside/read')).status).toBe(204);
  await world.settle();
  const after = ['ana 2026-03-02T12:00:00Z 2026-03-02T14:00:00Z', 'ben 2026-03-02T14:00:00Z 2026-03-02T17:00:00Z'];
  expect(await said('2026-03-02T12:00:00Z')).toEqual(after);
  const onCall = async () => (await call<{ items: { person: string; schedule: string }[] }>('GET', '/api/on-call')).items;
  expect(await onCall()).toMatchObject([{ person: 'ben', schedule: 'ext' }]);

  // An empty calendar is a finding; the layer taken out and put back does not change the past either.
  fake.answerWith({ status: 200, body: calendar() });
  await hour();
  expect(await problems()).toEqual(['The calendar of layer outside holds no event from now on.']);
  await call('PUT', '/api/schedules/ext', { time_zone: 'Europe/Amsterdam', layers: [] });
  await hour();
  expect(await said('2026-03-02T12:00:00Z')).toEqual([after[0], 'ben 2026-03-02T14:00:00Z 2026-03-02T15:00:00Z']);

  for (const [change, field] of [
    [{ participants: ['ana'] }, 'layers.0.participants'],
    [{ calendar: undefined }, 'layers.0.participants'],
    [{ calendar: { address: 'file:///etc/passwd' } }, 'layers.0.calendar.address'],
    [{ calendar: { address: 'http://calendar.example.com/x' } }, 'layers.0.calendar.address'],
    [{ calendar: { address: fake.url, people: { x: 'nobody' } } }, 'layers.0.calendar.people'],
  ] as const) {
    const refused = await request('PUT', '/api/schedules/ext', { ...schedule, layers: [{ ...layer, ...change }] });
    expect([refused.status, ((await refused.json()) as { field: string }).field]).toEqual([422, field]);
  }
});

test('nobody goes off call because a calendar was never read, holds what cannot be read, or names somebody who left', async () => {
  const world = await startWorld();
  const { call, request } = world;
  const fake = await startWebhook();
  onTestFinished(fake.stop);
  const person = (name: string, more: object = {}) =>
    call('PUT', `/api/people/${name}`, {
      display_name: `${name[0]?.toUpperCase()}${name.slice(1)} X`,
      email: `${name}@example.com`,
      role: 'responder',
      ...more,
    });
  for (const name of ['ana', 'ben', 'cem', 'dan']) await person(name);
  await person('zed', { active: false });
  const starts = '2026-01-05T09:00';
  const rotation = { unit: 'week' };
  const beneath = { name: 'beneath', starts, rotation, participants: ['cem'] };
  const saying = (layer: object) => ({ time_zone: 'Europe/Amsterdam', layers: [beneath, { name: 'outside', starts, ...layer }] });
  const reading = (path: string, more: object = {}) =>
    saying({ calendar: { address: `${fake.url}/${path}.ics`, people: { Dee: 'dan' } }, ...more });
  const hour = async () => {
    await world.clock.setTime(world.clock.now() + 3_600_000);
    await world.settle();
  };
  const shifts = () => call<Shifts>('GET', '/api/schedules/ext/shifts?from=2026-03-02T12:00:00Z&to=2026-03-12T00:00:00Z');
  const said = async (layer = 'outside') =>
    (await shifts()).items.flatMap((one) => (one.layer === layer ? [`${one.person} ${one.starts} ${one.ends}`] : []));
  const status = async () => (await call<Calendars>('GET', '/api/schedules/ext/layer-calendars')).items[0];
  const calendarOnly = ({ warnings }: Pick<Shifts, 'warnings'>) =>
    warnings.filter(({ policy }) => policy === 'calendar').map(({ message }) => message);
  const save = async (body: object) => calendarOnly(await call<Shifts>('PUT', '/api/schedules/ext', body));
  const stay = 'turns stay as they were, at most to 2026-09-18 14:00 (Europe/Amsterdam).';

  // From people to a calendar that wants a password: as planned, in the preview, at once and after it was tried, by any name.
  await save(saying({ rotation, participants: ['ana', 'ben'] }));
  const planned = await said();
  expect(planned).toEqual(['ana 2026-03-02T12:00:00Z 2026-03-09T08:00:00Z', 'ben 2026-03-09T08:00:00Z 2026-03-12T00:00:00Z']);
  fake.answerWith({ status: 401 });
  const preview = await call<{ people: { before_seconds: number; after_seconds: number }[] }>('POST', '/api/schedules/preview', {
    schedule: { name: 'ext', ...reading('rota') },
  });
  expect(preview.people.map((one) => one.after_seconds)).toEqual(preview.people.map((one) => one.before_seconds));
  expect(await save(reading('rota'))).toEqual([`The calendar of layer outside has not been read yet. Until it can be, ${stay}`]);
  expect(await said()).toEqual(planned);
  await hour();
  expect(calendarOnly(await shifts())[0]).toMatch(
    /could never be read: it answers 401.*Until it can be, turns stay as they were/,
  );
  await save(reading('rota', { name: 'renamed' }));
  expect(await said('renamed')).toContain('ben 2026-03-09T08:00:00Z 2026-03-12T00:00:00Z');
  await save(reading('rota'));
  expect((await shifts()).gaps).toEqual([]);

  // It can be read: from now on as it says. Zed, who left, hides nobody beneath, and has the turn once they are back.
  const one = event('Ana X', '20260305T080000', '20260305T180000');
  const other = event('Zed X', '20260304T080000', '20260304T180000');
  fake.answerWith({ status: 200, body: calendar(event('Ben X', '20260302T080000', '20260302T180000'), other, one) });
  await hour();
  const was = 'ana 2026-03-02T12:00:00Z 2026-03-02T14:00:00Z';
  const ben = 'ben 2026-03-02T14:00:00Z 2026-03-02T17:00:00Z';
  expect(await said()).toEqual([was, ben, 'ana 2026-03-05T07:00:00Z 2026-03-05T17:00:00Z']);
  expect((await shifts()).gaps).toEqual([]);
  expect(calendarOnly(await shifts())).toEqual([expect.stringMatching(/“Zed X”.*: zed is deactivated\.$/)]);
  await person('zed');
  const zed = 'zed 2026-03-04T07:00:00Z 2026-03-04T17:00:00Z';
  expect(await said()).toEqual([was, ben, zed, 'ana 2026-03-05T07:00:00Z 2026-03-05T17:00:00Z']);

  // Ben's times cannot be read any more, while he is on call: hours that no other event has stay as they were, also while it is unchanged.
  const broken = calendar(['SUMMARY:Ben X', 'DTSTART:soon'], event('Cem X', '20260305T080000', '20260305T120000'));
  fake.answerWith({ status: 200, body: broken, headers: { etag: '"2"' } });
  await hour();
  const cem = 'cem 2026-03-05T07:00:00Z 2026-03-05T11:00:00Z';
  const left = [was, ben, zed, cem, 'ana 2026-03-05T11:00:00Z 2026-03-05T17:00:00Z'];
  expect(await said()).toEqual(left);
  fake.answerWith({ status: 304 });
  await hour();
  expect(await said()).toEqual(left);
  expect(await status()).toMatchObject({ read_at: '2026-03-02T16:00:00Z', error: null, events: 1, unreadable: ['Ben X'] });
  expect(calendarOnly(await shifts())).toEqual([
    'Times of 1 event of layer outside cannot be read (“Ben X”). Until they can be, hours that no other event has stay with whoever had them.',
  ]);

  // Another address: nothing is said of the one before, whose turns stay until this one is read.
  fake.answerWith({ status: 404 });
  const [waits] = await save(reading('other'));
  expect(waits).toMatch(/not been read yet. Until it can be, turns stay as they were, at most to 2026-03-05 18:00/);
  expect(await status()).toMatchObject({ read_at: null, tried_at: null, error: null, events: 0, findings: [], unreadable: [] });
  await world.settle();
  expect(await status()).toMatchObject({ read_at: null, error: expect.stringContaining('404') });
  expect(await said()).toEqual(left);

  // Whom only the table names may be named by any event to come.
  const refused = await request('PUT', '/api/people/dan', { display_name: 'Dan', email: 'dan@example.com', active: false });
  expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
    422,
    expect.stringContaining('dan takes turns in ext'),
  ]);
});
