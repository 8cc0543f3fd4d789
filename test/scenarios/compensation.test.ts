import { expect, test } from 'vitest';
import { allclear, words } from '../../src/cli/end-to-end/testing.ts';
import type { CompensationReport } from '../../src/contract/compensation.ts';
import type { Settings } from '../../src/contract/settings.ts';
import { letLeave } from '../../src/server/identity/people.ts';
import { aTeam } from './world.ts';

type Shifts = { items: { person: string; shadow: boolean; starts: string; ends: string }[] };
type Line = CompensationReport['lines'][number];

const RULES = {
  currency: 'EUR',
  time_zone: 'Europe/Amsterdam',
  rates: [
    { per: 'hour', amount: 500 },
    { per: 'hour', class: 'weekend', amount: 250 },
    { per: 'page', class: 'after_hours', amount: 1000 },
    { per: 'shift', amount: 5000 },
  ],
};
const weeks = (participants: string[], starts: string) => ({
  title: 'Commerce',
  team: 'shop',
  time_zone: 'Europe/Amsterdam',
  layers: [{ name: 'weeks', rotation: { unit: 'week' }, starts, participants }],
});

/** A November in which everything happens to three schedules. Tomás keeps the holidays of Bavaria; Mira manages the shop. */
const aNovember = async () => {
  const w = await aTeam(
    { mira: {}, tomas: { by: ['sms'] }, ines: {}, ben: {} },
    { at: '2026-10-19T06:00:00Z', settings: { compensation: RULES } },
  );
  const at = async (moment: string) => {
    await w.clock.setTime(Temporal.Instant.from(moment).epochMilliseconds);
    await w.settle();
  };
  await w.system(async ({ tx }) => {
    await tx.updateTable('people').set({ time_zone: 'Europe/Amsterdam' }).execute();
    await tx.updateTable('people').set({ holidays: 'DE-BY' }).where('name', '=', 'tomas').execute();
    await tx.updateTable('people').set({ role: 'manager' }).where('name', '=', 'mira').execute();
  });
  await w.call('PUT', '/api/teams/shop', { members: ['mira', 'tomas'] });
  await w.call('PUT', '/api/schedules/commerce', weeks(['mira', 'tomas', 'ines'], '2026-10-19T09:00'));
  await w.savePolicy('turns', { steps: [{ targets: [{ schedule: 'commerce' }] }] });
  await w.call('PUT', '/api/schedules/solo', {
    time_zone: 'UTC',
    layers: [
      { name: 'days', rotation: { unit: 'day' }, starts: '2026-11-09T00:00', participants: ['ben'], ends: '2026-11-14T00:00' },
    ],
  });
  const overrides = '/api/schedules/commerce/overrides';
  // From here on Mira has the week that Ines had, half a minute into it.
  await at('2026-11-04T12:00:30Z');
  await w.call('PUT', '/api/schedules/commerce', weeks(['mira', 'tomas'], '2026-11-02T09:00'));
  // A take-over for two hours is handed back after one; a page comes meanwhile.
  await at('2026-11-10T12:00:00Z');
  const { id } = await w
    .call<{ id: string }>('GET', '/api/people/ben')
    .then(() =>
      w.system(async ({ tx }) => tx.selectFrom('people').select('id').where('name', '=', 'ben').executeTakeFirstOrThrow()),
    );
  await w.system((ctx) => letLeave(ctx, id));
  const taken = await w.call<{ id: string }>('POST', overrides, {
    kind: 'replace',
    person: 'ines',
    replaces: 'tomas',
    starts: '2026-11-10T12:00:00Z',
    ends: '2026-11-10T14:00:00Z',
  });
  await w.alertFires('disk');
  await w.does('resolve');
  await at('2026-11-10T13:00:00Z');
  await w.call('DELETE', `${overrides}/${taken.id}`);
  await at('2026-11-12T12:00:00Z');
  await w.savePerson('ben', {});
  await at('2026-11-12T19:00:00Z');
  await w.alertFires('queue');
  await w.does('resolve');
  // Two hours without anybody.
  await w.call('POST', overrides, {
    kind: 'remove',
    replaces: 'mira',
    starts: '2026-11-18T09:00:00Z',
    ends: '2026-11-18T11:00:00Z',
  });
  // Mira is on a second schedule for two nights; then it is removed.
  await at('2026-11-20T12:00:00Z');
  await w.call('PUT', '/api/schedules/night', {
    time_zone: 'Europe/Amsterdam',
    layers: [
      {
        name: 'nights',
        rotation: { unit: 'day' },
        starts: '2026-11-20T20:00',
        participants: ['mira'],
        restrictions: [{ from: '22:00', to: '06:00' }],
      },
    ],
  });
  await at('2026-11-22T12:00:00Z');
  await w.call('DELETE', '/api/schedules/night');
  // A swap that was agreed by word is entered the day after.
  await at('2026-11-25T12:00:00Z');
  await w.call('POST', overrides, {
    kind: 'replace',
    person: 'ines',
    replaces: 'tomas',
    starts: '2026-11-24T10:00:00Z',
    ends: '2026-11-24T14:00:00Z',
  });
  await at('2026-12-02T12:00:00Z');
  w.ignoreMessages();
  return w;
};

const minutesOf = ({ minutes }: Pick<Line, 'minutes'>) =>
  [minutes.working_hours, minutes.after_hours, minutes.weekend, minutes.holiday].join(' ');

test('a month that was, is paid as it was: changed, removed and left schedules, take-overs, gaps, and who may read it', async () => {
  const w = await aNovember();
  const report = await w.call<CompensationReport>('GET', '/api/compensation?month=2026-11');
  const line = (person: string, schedule: string | null, from = report) =>
    from.lines.find((one) => one.person === person && one.schedule === schedule) as Line;
  expect(report).toMatchObject({ from: '2026-10-31T23:00:00Z', to: '2026-11-30T23:00:00Z', fraction_digits: 2 });
  expect(
    report.lines.map(
      (one) => `${one.person} ${one.schedule}: ${one.scheduled_minutes} ${one.elsewhere_minutes} ${minutesOf(one)}`,
    ),
  ).toEqual(
    [
      // 9 to 10, and from 12 to 14 November: between them Ben had left.
      'ben solo: 4320 0 1440 2880 0 0',
      'ines commerce: 3420 0 1500 1920 0 0',
      'mira commerce: 17820 0 3960 8100 5760 0',
      'mira night: 960 960 0 0 0 0',
      'tomas commerce: 21840 0 4500 10140 5760 1440',
    ].map((text) => text),
  );
  // Half a minute belongs to nobody else than who had it at its end; the lines are the shifts to the minute.
  for (const schedule of ['commerce', 'solo']) {
    const shifts = await w.call<Shifts>('GET', `/api/schedules/${schedule}/shifts?from=${report.from}&to=${report.to}`);
    const floor = (text: string) => Math.floor(Temporal.Instant.from(text).epochMilliseconds / 60_000);
    for (const [person, own] of Map.groupBy(shifts.items, (one) => one.person))
      expect(line(person, schedule).scheduled_minutes, `${person} in ${schedule}`).toBe(
        own.reduce((sum, one) => sum + floor(one.ends) - floor(one.starts), 0),
      );
  }
  expect(report.schedules.find((one) => one.schedule === 'commerce')).toMatchObject({
    window_minutes: 43_200,
    gap_minutes: 120,
    shift_minutes: 43_080,
    counted_minutes: 43_080,
    twice_minutes: 0,
    elsewhere_minutes: 0,
  });
  expect(report.schedules.find((one) => one.schedule === 'night')).toMatchObject({ shift_minutes: 960, elsewhere_minutes: 960 });
  expect([line('ines', 'commerce').pages, line('tomas', 'commerce').pages]).toEqual([1, 1]);
  expect(line('ines', 'commerce')).toMatchObject({ shifts: 3, amount: (3420 * 500) / 60 + 3 * 5000 });
  expect(line('tomas', 'commerce').amount).toBe(
    (21_840 * 500 + 5760 * 250) / 60 + 1000 + line('tomas', 'commerce').shifts * 5000,
  );
  expect(report.notes).toEqual([
    'In solo nobody is on call for ben from 2026-11-10 13:00 to 2026-11-12 13:00: test entered it afterwards, at 2026-11-12 13:00.',
    'In commerce ines is on call for tomas from 2026-11-24 11:00 to 2026-11-24 15:00: test entered it afterwards, at 2026-11-25 13:00.',
  ]);

  // Other rules: for each schedule, and what is after hours is that first. Looked at, then saved; saving channels leaves them.
  const rules = {
    ...RULES,
    overlap: 'each',
    clock: 'schedule',
    holidays: { commerce: 'DE-BY' },
    order: ['after_hours', 'weekend', 'holiday', 'working_hours'],
  };
  const ahead = await w.call<CompensationReport>('POST', '/api/compensation/preview', { month: '2026-11', rules });
  expect(line('mira', 'night', ahead).counted_minutes).toBe(960);
  expect((await w.call<CompensationReport>('GET', '/api/compensation?month=2026-11')).lines).toEqual(report.lines);
  const refused = await w.request('PUT', '/api/settings/compensation', { ...rules, holidays: { commerce: 'DE-XX' } });
  expect(await refused.json()).toMatchObject({ status: 422, field: 'holidays.commerce' });
  await w.call('PUT', '/api/settings/compensation', rules);
  const { compensation: saved, ...delivery } = await w.call<Settings>('GET', '/api/settings');
  expect(saved).toMatchObject(rules);
  await w.call('PUT', '/api/settings', { ...delivery, bundle_seconds: 90 });
  expect(await w.call('GET', '/api/settings')).toEqual({ ...delivery, bundle_seconds: 90, compensation: saved });
  const other = await w.call<CompensationReport>('GET', '/api/compensation?month=2026-11&schedule=night');
  expect(other.lines.map((one) => [one.counted_minutes, one.elsewhere_minutes, minutesOf(one)])).toEqual([[960, 0, '0 960 0 0']]);

  const seen = async (person: string, role: string, query = '') => {
    const found = await w.request('GET', `/api/compensation?month=2026-11${query}`, undefined, await w.tokenOf(person, role));
    return ((await found.json()) as CompensationReport).lines.map((one) => `${one.person} ${one.schedule}`);
  };
  expect(await seen('tomas', 'responder')).toEqual(['tomas commerce']);
  expect(await seen('ben', 'responder', '&person=tomas')).toEqual([]);
  expect(await seen('mira', 'manager')).toEqual(['ines commerce', 'mira commerce', 'mira night', 'tomas commerce']);
  const scoped = await w.call<{ token: string }>('POST', '/api/tokens', {
    name: 'narrow',
    role: 'responder',
    person: 'ines',
    scopes: ['configuration.read'],
  });
  const narrow = await w.request('GET', '/api/compensation?month=2026-11', undefined, {
    authorization: `Bearer ${scoped.token}`,
  });
  expect(await narrow.json()).toMatchObject({ lines: [], schedules: [] });

  const { out, err } = await allclear(w, words('compensation --month 2026-11 --person ines'));
  expect(out).toMatch(/ines +commerce +57:00 .*€/);
  expect(err).toContain('test entered it afterwards');
  const csv = (await allclear(w, words('compensation --month 2026-11 --csv'))).out.split('\r\n');
  expect(csv).toHaveLength(7);
  expect(csv[2]).toMatch(/^"ines","Ines","commerce","shop","2026-10-31T23:00:00Z",.*,"3420",.*"EUR"$/);
  const journal = await w.call<{ items: { text: string }[] }>('GET', '/api/journal?type=compensation.exported');
  const rulesSaved = await w.call<typeof journal>('GET', '/api/journal?type=settings.compensation_saved');
  expect(rulesSaved.items.map(({ text }) => text)).toEqual(['Rules of compensation were saved: 4 rates in EUR']);
  await w.call('PUT', '/api/settings/compensation', {});
  expect(await w.call('GET', '/api/settings')).not.toHaveProperty('compensation');
  expect(journal.items[0]?.text).toBe(
    'test exported 5 lines of the compensation report from 2026-10-31T23:00:00Z to 2026-11-30T23:00:00Z',
  );
}, 60_000);
