import { expect, test } from 'vitest';
import { layersOf, slugOf, type Wanted } from './presets.ts';

const wanted: Wanted = {
  people: ['ana', 'ben', 'cleo'],
  secondary: true,
  starts: '2026-11-16T09:00',
  weekday: ['ana', 'ben'],
  weekend: ['cleo'],
  weekendFrom: '18:00',
  weekendTo: '08:30',
  sites: [
    { name: 'Sydney', from: '00:00', to: '08:00', people: ['ana'] },
    { name: 'Sydney', from: '08:00', to: '16:00', people: ['ben'] },
    { name: '', from: '16:00', to: '00:00', people: [] },
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
