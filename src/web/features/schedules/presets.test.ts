import { expect, test } from 'vitest';
import { layersOf, slugOf, type Wanted } from './presets.ts';
import { isTemplate, templateOf } from './templates.ts';

const wanted: Wanted = {
  people: ['ana', 'ben', 'cleo'],
  secondary: true,
  tiers: 2,
  escalateMinutes: 5,
  policy: '',
  byHand: true,
  starts: '2026-11-16T09:00',
  weekday: ['ana', 'ben'],
  weekend: ['cleo'],
  weekendFrom: '18:00',
  weekendTo: '08:30',
  sites: [
    { name: 'Sydney', zone: 'Australia/Sydney', from: '00:00', to: '08:00', people: ['ana'] },
    { name: 'Sydney', zone: '', from: '08:00', to: '16:00', people: ['ben'] },
    { name: '', zone: '', from: '16:00', to: '00:00', people: [] },
  ],
};

test('a week each, and whoever follows is second', () =>
  expect(layersOf('weekly', wanted).map(({ role, participants }) => [role, participants])).toEqual([
    ['primary', ['ana', 'ben', 'cleo']],
    ['secondary', ['ben', 'cleo', 'ana']],
  ]));

test('one person is not second to herself; nobody is no layer', () => {
  expect(layersOf('weekly', { ...wanted, people: ['ana'] })).toHaveLength(1);
  expect(layersOf('weekly', { ...wanted, people: [] })).toEqual([]);
  expect(layersOf('empty', wanted)).toEqual([]);
});

test.each(['2026-11-16T09:00', '2026-11-18T09:00', '2026-11-22T09:00'])(
  'weekdays and weekend from %s meet without a gap',
  (starts) => {
    const [weekdays, weekend] = layersOf('weekend', { ...wanted, starts });
    expect(weekdays?.restrictions).toEqual([{ from: 'mon 08:30', to: 'fri 18:00' }]);
    expect(weekend?.restrictions).toEqual([{ from: 'fri 18:00', to: 'mon 08:30' }]);
    expect(new Date(`${weekdays?.starts}Z`).getUTCDay()).toBe(1);
    expect(new Date(`${weekend?.starts}Z`).getUTCDay()).toBe(5);
    expect(weekdays?.starts.slice(11)).toBe('08:30');
  },
);

test('each site has its hours and a name of its own', () =>
  expect(layersOf('sun', wanted).map(({ name, restrictions }) => [name, restrictions])).toEqual([
    ['sydney', [{ from: '00:00', to: '08:00' }]],
    ['sydney-2', [{ from: '08:00', to: '16:00' }]],
  ]));

test.each([
  ['Commerce primary', 'commerce-primary'],
  ['  Zürich / Büro  ', 'zurich-buro'],
  ['東京', ''],
  ['a'.repeat(80), 'a'.repeat(63)],
])('%s is named %s', (title, name) => expect(slugOf(title)).toBe(name));

const about = { name: 'ops', title: 'Ops', team: undefined, time_zone: 'UTC' };
test('hours of sites are found only when every site with people has a zone; names are each once', () => {
  const found = { ...wanted, byHand: false };
  expect([isTemplate('sun', found), isTemplate('sun', wanted), isTemplate('weekly', found)]).toEqual([true, false, false]);
  expect(templateOf('sun', found, about)).toBeUndefined();
  const sites = found.sites.map((site) => ({ ...site, zone: site.zone || 'Europe/London' }));
  expect(templateOf('sun', { ...found, sites }, about)?.body).toEqual({
    name: 'ops',
    title: 'Ops',
    time_zone: 'UTC',
    sites: [
      { name: 'sydney', time_zone: 'Australia/Sydney', people: ['ana'] },
      { name: 'sydney-2', time_zone: 'Europe/London', people: ['ben'] },
    ],
  });
});

test('tiers need as many people; the policy is named as the schedule unless said', () => {
  expect(templateOf('tiers', { ...wanted, people: ['ana'] }, about)).toBeUndefined();
  expect(templateOf('tiers', wanted, { ...about, team: 'shop' })?.body).toEqual({
    name: 'ops',
    title: 'Ops',
    team: 'shop',
    time_zone: 'UTC',
    people: ['ana', 'ben', 'cleo'],
    tiers: 2,
    escalate_after_seconds: 300,
  });
  expect(templateOf('tiers', { ...wanted, tiers: 3, policy: 'x' }, about)?.body).toMatchObject({ tiers: 3, policy: 'x' });
});
