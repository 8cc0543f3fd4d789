import { expect, test } from 'vitest';
import { aTeam, type Team } from './world.ts';

type Request = { id: string; state: string; taken_by: string | null; asked: string[]; declined: string[]; hours_on_call: number };
const MAIL = { by: ['mail' as const], time_zone: 'Europe/Amsterdam' };

/** Weeks of Ana, Ben and Cleo, from Monday 09:00 in Amsterdam: Ana's is the one of 2 March. */
const aRota = async (people: Record<string, object> = {}): Promise<Team> => {
  const w = await aTeam(
    { ana: MAIL, ben: MAIL, cleo: MAIL, ...people },
    { at: '2026-03-02T12:00:00Z', steps: [{ targets: [{ person: 'ana' }] }] },
  );
  await w.call('PUT', '/api/schedules/rota', {
    title: 'Platform',
    time_zone: 'Europe/Amsterdam',
    layers: [{ name: 'weeks', rotation: { unit: 'week' }, starts: '2026-03-02T09:00', participants: ['ana', 'ben', 'cleo'] }],
  });
  return w;
};
/** Somebody's own key. */
const keyOf = async (w: Team, name: string, role = 'responder'): Promise<Record<string, string>> => {
  const { token } = await w.call<{ token: string }>('POST', '/api/tokens', { name: `of-${name}`, person: name, role });
  return { authorization: `Bearer ${token}` };
};
const as = async (w: Team, name: string, role?: string) => {
  const key = await keyOf(w, name, role);
  return async <T = Request>(method: string, path: string, body?: object): Promise<{ status: number; body: T }> => {
    const response = await w.request(method, path, body ?? (method === 'POST' ? {} : undefined), key);
    return { status: response.status, body: (await response.json()) as T };
  };
};
const onCall = async (w: Team, at: string): Promise<string> =>
  (await w.call<{ items: { person: string }[] }>('GET', `/api/on-call?at=${at}`)).items.map((one) => one.person).join();
const NIGHT = { schedule: 'rota', starts: '2026-03-05T18:00:00Z', ends: '2026-03-06T08:00:00Z' };

test('cover: asked, declined by one, taken by the other, and everyone who must know is told on their own clocks', async () => {
  const w = await aRota();
  const [ana, ben, cleo] = [await as(w, 'ana'), await as(w, 'ben'), await as(w, 'cleo')];
  const { status, body: asked } = await ana('POST', '/api/cover-requests', { ...NIGHT, note: 'School play' });
  expect({ status, ...asked }).toMatchObject({ status: 201, state: 'open', asked: ['ben', 'cleo'], hours_on_call: 14 });
  await w.settle();
  const mail = w.expectMail('ben', /Ana asks you to take a turn: Platform, Thu/);
  expect(JSON.stringify(mail)).toContain('19:00 to Fri');
  expect(JSON.stringify(mail)).toContain(`/cover/${asked.id}`);
  w.expectMail('cleo', /Ana asks you/);
  // Nothing has changed yet.
  expect(await onCall(w, '2026-03-05T20:00:00Z')).toBe('ana');
  const path = `/api/cover-requests/${asked.id}`;
  expect((await ben('POST', `${path}/decline`)).body).toMatchObject({ state: 'open', declined: ['ben'] });
  expect((await ben('POST', `${path}/decline`)).status).toBe(200);
  expect((await cleo('POST', `${path}/accept`)).body).toMatchObject({ state: 'accepted', taken_by: 'cleo' });
  expect((await cleo('POST', `${path}/accept`)).body.state).toBe('accepted');
  expect((await ben('POST', `${path}/accept`)).status).toBe(409);
  await w.settle();
  w.expectMail('ana', /cleo takes your turn/);
  for (const [at, who] of [
    ['2026-03-05T17:59:00Z', 'ana'],
    ['2026-03-05T18:00:00Z', 'cleo'],
    ['2026-03-06T07:59:00Z', 'cleo'],
    ['2026-03-06T08:00:00Z', 'ana'],
  ] as const)
    expect(await onCall(w, at), at).toBe(who);

  // Taken back by either: as before, and both know.
  expect((await ana('POST', `${path}/undo`)).body).toMatchObject({ state: 'undone', taken_by: 'cleo' });
  await w.settle();
  w.expectMail('ana', /Taken back/);
  w.expectMail('cleo', /Taken back/);
  expect(await onCall(w, '2026-03-05T20:00:00Z')).toBe('ana');
  const { items } = await w.call<{ items: { type: string }[] }>('GET', '/api/journal?type=schedule.cover_accepted');
  expect(items).toHaveLength(1);
});

test('a swap changes both turns at once, or none', async () => {
  const w = await aRota();
  const [ana, ben] = [await as(w, 'ana'), await as(w, 'ben')];
  const back = { schedule: 'rota', starts: '2026-03-12T18:00:00Z', ends: '2026-03-13T08:00:00Z' };
  const { body } = await ana('POST', '/api/cover-requests', { ...NIGHT, asked: ['ben'], in_return: back });
  await w.settle();
  w.expectMail('ben', /Ana asks you to swap a turn/);
  // Ben gives his turn away by an override meanwhile: the swap would give Ana nothing, so it is not made.
  const { id } = await w.call<{ id: string }>('POST', '/api/schedules/rota/overrides', {
    kind: 'replace',
    person: 'cleo',
    replaces: 'ben',
    starts: '2026-03-12T00:00:00Z',
    ends: '2026-03-14T00:00:00Z',
  });
  const refused = await ben<{ field: string }>('POST', `/api/cover-requests/${body.id}/accept`);
  expect(refused).toMatchObject({ status: 422, body: { field: 'in_return.starts' } });
  expect(await onCall(w, '2026-03-05T20:00:00Z')).toBe('ana');
  await w.call('DELETE', `/api/schedules/rota/overrides/${id}`);
  expect((await ben('POST', `/api/cover-requests/${body.id}/accept`)).body.state).toBe('accepted');
  expect(await onCall(w, '2026-03-05T20:00:00Z')).toBe('ben');
  expect(await onCall(w, '2026-03-12T20:00:00Z')).toBe('ana');
  w.ignoreMessages();
});

test('two who accept at the same moment: one has it, the other is told who', async () => {
  const w = await aRota();
  const [ana, ben, cleo] = [await as(w, 'ana'), await as(w, 'ben'), await as(w, 'cleo')];
  const { body } = await ana('POST', '/api/cover-requests', NIGHT);
  const both = await Promise.all(
    [ben, cleo].map((one) => one<{ detail: string }>('POST', `/api/cover-requests/${body.id}/accept`)),
  );
  expect(both.map((one) => one.status).sort()).toEqual([200, 409]);
  expect(both.find((one) => one.status === 409)?.body.detail).toMatch(/^(ben|cleo) has taken it already$/);
  const { items } = await w.call<{ items: object[] }>('GET', '/api/schedules/rota/overrides');
  expect(items).toHaveLength(1);
  await w.settle();
  w.ignoreMessages();
});

test('nobody takes it: all decline, or the turn begins, or whoever is asked leaves; whoever asked is told it is still theirs', async () => {
  const w = await aRota({ dan: MAIL });
  const [ana, ben, cleo] = [await as(w, 'ana'), await as(w, 'ben'), await as(w, 'cleo')];
  const ask = async (body: object = NIGHT) => (await ana('POST', '/api/cover-requests', body)).body.id;
  const stateOf = async (id: string) => (await w.call<Request>('GET', `/api/cover-requests/${id}`)).state;
  const declined = await ask();
  for (const one of [ben, cleo]) await one('POST', `/api/cover-requests/${declined}/decline`);
  await w.settle();
  w.ignoreMessages();
  expect(await stateOf(declined)).toBe('declined');
  const expired = await ask({ ...NIGHT, starts: '2026-03-02T13:00:00Z', ends: '2026-03-02T14:00:00Z' });
  await w.settle();
  w.ignoreMessages();
  await w.fastForward('61m');
  w.expectMail('ana', /Still yours: Platform/);
  expect(await stateOf(expired)).toBe('expired');
  expect((await ben('POST', `/api/cover-requests/${expired}/accept`)).status).toBe(409);
  const left = await ask({ ...NIGHT, asked: ['dan'] });
  await w.settle();
  w.ignoreMessages();
  await w.call('PUT', '/api/people/dan', { display_name: 'Dan', email: 'dan@example.com', active: false });
  await w.settle();
  w.expectMail('ana', /Still yours/);
  expect(await stateOf(left)).toBe('declined');
  const withdrawn = await ask();
  await ana('POST', `/api/cover-requests/${withdrawn}/withdraw`);
  expect((await ben('POST', `/api/cover-requests/${withdrawn}/accept`)).status).toBe(409);
  await w.settle();
  w.ignoreMessages();
  // Page by page, newest first, each once.
  const listed: string[] = [];
  let cursor = '';
  do {
    const { items, next } = await w.call<{ items: Request[]; next: string | null }>(
      'GET',
      `/api/cover-requests?limit=2${cursor && `&cursor=${cursor}`}`,
    );
    listed.push(...items.map(({ id }) => id));
    cursor = next ?? '';
  } while (cursor);
  const all = (await w.call<{ items: Request[]; next: string | null }>('GET', '/api/cover-requests')).items.map(({ id }) => id);
  expect([listed, listed.length > 2]).toEqual([all, true]);
});

test('what makes no sense is refused where it is', async () => {
  const w = await aRota({ dan: MAIL });
  const [ana, ben, dan] = [await as(w, 'ana'), await as(w, 'ben'), await as(w, 'dan')];
  type Problem = { field?: string; detail: string };
  const refused = async (who: typeof ana, body: object) => {
    const answer = await who<Problem>('POST', '/api/cover-requests', body);
    return [answer.status, answer.body.field];
  };
  expect(await refused(dan, NIGHT)).toEqual([422, 'starts']);
  expect(await refused(ana, { ...NIGHT, ends: NIGHT.starts })).toEqual([422, 'ends']);
  expect(await refused(ana, { ...NIGHT, starts: '2026-02-27T00:00:00Z', ends: '2026-03-01T00:00:00Z' })).toEqual([422, 'ends']);
  expect(await refused(ana, { ...NIGHT, asked: ['ana'] })).toEqual([422, 'asked']);
  expect(await refused(ana, { ...NIGHT, asked: ['nobody'] })).toEqual([422, 'asked']);
  expect(await refused(ana, { ...NIGHT, in_return: NIGHT })).toEqual([422, 'asked']);
  expect(await refused(ana, { ...NIGHT, asked: ['ben'], in_return: NIGHT })).toEqual([422, 'in_return.starts']);
  // For others only whoever manages the schedule may ask.
  expect(await refused(ben, { ...NIGHT, person: 'ana' })).toEqual([403, undefined]);
  const { body } = await ana('POST', '/api/cover-requests', { ...NIGHT, asked: ['ben'] });
  expect(await refused(ana, NIGHT)).toEqual([409, 'starts']);
  expect((await dan('POST', `/api/cover-requests/${body.id}/accept`)).status).toBe(403);
  expect((await ben('POST', `/api/cover-requests/${body.id}/withdraw`)).status).toBe(403);
  expect((await ana('POST', `/api/cover-requests/${body.id}/undo`)).status).toBe(409);
  await w.settle();
  w.ignoreMessages();
});

test('“I have it for two hours”: from now, in the middle of an escalation, told to whoever had it, handed back early', async () => {
  const w = await aRota();
  await w.savePolicy('turns', { steps: [{ targets: [{ schedule: 'rota' }], escalate_after_seconds: 1800 }], repeat: 0 });
  const ben = await as(w, 'ben');
  const until = '2026-03-02T14:00:00Z';
  const taken = await ben<{ id: string; from: string[] }>('POST', '/api/schedules/rota/take-over', { until });
  expect(taken).toMatchObject({ status: 201, body: { from: ['ana'] } });
  expect((await ben('POST', '/api/schedules/rota/take-over', { until })).status).toBe(409);
  await w.settle();
  w.expectMail('ana', /ben is on call for Platform in your place/);
  await w.alertFires('down');
  w.expectMail('ben', /down/);
  await w.does('resolve');
  await w.fastForward('30m');
  w.ignoreMessages();
  // Handed back: what was, stays true.
  await w.call('DELETE', `/api/schedules/rota/overrides/${taken.body.id}`);
  expect(await onCall(w, '2026-03-02T12:10:00Z')).toBe('ben');
  expect(await onCall(w, '2026-03-02T12:31:00Z')).toBe('ana');
  expect((await w.request('DELETE', `/api/schedules/rota/overrides/${taken.body.id}`)).status).toBe(404);
  expect((await ben('POST', '/api/schedules/rota/take-over', { until: '2026-03-01T00:00:00Z' })).status).toBe(422);
  w.ignoreMessages();
});
