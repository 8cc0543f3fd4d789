import { describe, expect, test } from 'vitest';
import { WEEKS, weeksOf } from './checklist.ts';
import { lastHandoff, listed, pathOf, slugOf, stepsOf } from './rules.ts';
import type { Facts, Page, StepId } from './types.ts';

const at = (text: string) => Temporal.Instant.from(`2026-03-04T${text}Z`);
const sent = [{ channel: 'email', text: 'Mail to a…@example.com', at: at('11:00:00') }];
const page = (part: Partial<Page>): Page => ({
  incident: 'INC-2026-0001',
  open: true,
  person: 'Ana',
  state: 'sent',
  at: at('10:59:59'),
  sent,
  why: null,
  acknowledged: undefined,
  ...part,
});
const acknowledged = page({ state: 'acknowledged', open: false, acknowledged: { at: at('11:00:12'), via: 'link' } });
const mail = { channel: 'email', configured: true, problem: null, test: { ok: true, text: '250 OK', at: at('10:00:00') } };
const method = { label: 'email', channel: 'email', address: 'ana@example.com', verified: true, problem: null };
const steps = [
  { after_seconds: 0, people: ['Ana'], skipped: undefined },
  { after_seconds: 300, people: ['Ana', 'Ben'], skipped: undefined },
];

const lost = page({ state: 'failed', why: 'refused' });
const deaf = { name: 'a', title: 'A', steps: [{ after_seconds: 0, people: [], skipped: 'nobody is on call in a' }] };

/** Everything is set up and works. */
const whole: Facts = {
  now: at('12:00:00'),
  publicUrl: 'https://allclear.example.com',
  seen: { origin: 'https://allclear.example.com', at: '2026-03-04T12:00:01Z' },
  administrators: ['Ana'],
  channels: [mail, { ...mail, channel: 'ntfy' }],
  person: {
    name: 'ana',
    own: true,
    display_name: 'Ana',
    email: 'ana@example.com',
    methods: [method, { ...method, label: 'phone', channel: 'ntfy' }],
  },
  services: [{ name: 'checkout', title: 'Checkout', steps }],
  integrations: [{ name: 'checkout-alertmanager', kind: 'alertmanager', service: 'checkout', last_event_at: at('11:58:00') }],
  newest: acknowledged,
  acknowledged,
  severities: { levels: ['SEV-1', 'SEV-2'], preset: 'SEV-1 to SEV-4' },
  roles: ['incident-commander'],
  templates: 1,
  postmortems: 1,
  deadMan: true,
  backup: at('01:00:00'),
  problems: [],
  ticks: [],
};
const nothing: Facts = {
  ...whole,
  channels: whole.channels.map((one) => ({ ...one, configured: false, test: undefined })),
  person: { ...(whole.person as NonNullable<Facts['person']>), methods: [] },
  services: [],
  integrations: [],
  newest: undefined,
  acknowledged: undefined,
  severities: { levels: [], preset: undefined },
  roles: [],
  templates: 0,
  postmortems: 0,
  deadMan: false,
  backup: undefined,
};
const stepOf = (id: StepId, part: Partial<Facts>, from = whole) => stepsOf({ ...from, ...part }).find((one) => one.id === id);
const states = (facts: Facts) => Object.fromEntries(stepsOf(facts).map((one) => [one.id, one.state]));

test('an empty house: the first thing to do is next, what comes after it is later', () => {
  expect(states(nothing)).toEqual({
    account: 'done',
    address: 'done',
    channel: 'next',
    reach: 'later',
    service: 'later',
    source: 'later',
    page: 'later',
    severities: 'later',
  });
});

test('a house that pages: everything is done, and nothing warns', () => {
  expect(stepsOf(whole).map((one) => [one.state, one.warning])).toEqual(Array.from({ length: 8 }, () => ['done', null]));
  expect(pathOf(whole).every((one) => one.done)).toBe(true);
});

const loopback = 'http://localhost:8080';
test.each<[what: string, id: StepId, part: Partial<Facts>, state: string, says: RegExp]>([
  ['nobody may change it', 'account', { administrators: [] }, 'failed', /Nobody is administrator/],
  ['two may', 'account', { administrators: ['Ana', 'Ben'] }, 'done', /^Ana and Ben are/],
  ['another address', 'address', { seen: { origin: 'https://10.0.0.5' } }, 'failed', /ALLCLEAR_PUBLIC_URL=https:\/\/10\.0\.0\.5/],
  ['another port', 'address', { seen: { origin: 'https://allclear.example.com:8443' } }, 'failed', /messages link to/],
  ['a program asks', 'address', { seen: {} }, 'done', /^https:\/\/allclear\.example\.com\.$/],
  ['clocks apart', 'address', { seen: { at: '2026-03-04T12:05:00Z' } }, 'failed', /5 min apart/],
  ['clocks nearly agree', 'address', { seen: { at: '2026-03-04T12:01:59Z' } }, 'done', /clocks agree/],
  ['on this computer', 'address', { publicUrl: loopback, seen: { origin: 'http://127.0.0.1:8080' } }, 'done', /localhost/],
  ['nothing can leave', 'channel', { channels: [] }, 'next', /mail server/],
  ['set up, not tried', 'channel', { channels: [{ ...mail, test: undefined }], acknowledged: undefined }, 'next', /not tried/],
  ['set up, proven by a page', 'channel', { channels: [{ ...mail, test: undefined }] }, 'done', /answered went by it/],
  [
    'the provider is away',
    'channel',
    { channels: [{ ...mail, problem: '10.0.0.1:25: refused' }] },
    'failed',
    /Mail: 10\.0\.0\.1:25/,
  ],
  ['the test failed', 'channel', { channels: [{ ...mail, test: { ...mail.test, ok: false, text: '535' } }] }, 'failed', /535/],
  [
    'no way of hers',
    'reach',
    { person: { ...(whole.person as never as object), methods: [] } as never },
    'next',
    /ana@example\.com/,
  ],
  [
    'not hers',
    'reach',
    { person: { ...(whole.person as NonNullable<Facts['person']>), own: false, methods: [] } },
    'next',
    /Ana has no verified way/,
  ],
  ['mail was turned off', 'reach', { channels: [{ ...mail, configured: false }] }, 'failed', /Mail is not set up any more/],
  ['no service', 'service', { services: [] }, 'next', /One form/],
  [
    'no service pages anybody',
    'service',
    { services: [deaf, { ...deaf, name: 'b', title: 'B' }] },
    'failed',
    /^A and B page nobody now\. A: nobody is on call in a\.$/,
  ],
  [
    'one of two pages somebody',
    'service',
    { services: [deaf, ...whole.services] },
    'done',
    /^Checkout pages Ana now\. 2 services/,
  ],
  [
    'a first step that is skipped',
    'service',
    { services: [{ name: 'a', title: 'A', steps: [{ after_seconds: 0, people: [], skipped: 'x' }, ...steps] }] },
    'done',
    /A pages Ana now/,
  ],
  ['no source', 'source', { integrations: [] }, 'next', /monitoring tool/],
  [
    'nothing heard',
    'source',
    { integrations: [{ ...whole.integrations[0], last_event_at: null } as never] },
    'waiting',
    /first alert/,
  ],
  ['never paged', 'page', { newest: undefined, acknowledged: undefined }, 'next', /test page/],
  ['on its way', 'page', { newest: page({ state: 'waiting', why: 'bundled' }), acknowledged: undefined }, 'waiting', /bundled/],
  [
    'it arrived',
    'page',
    { newest: page({}), acknowledged: undefined },
    'waiting',
    /Mail to a…@example\.com left 1 h ago\. Open its link/,
  ],
  ['nobody answered', 'page', { newest: page({ state: 'ended', why: 'resolved' }), acknowledged: undefined }, 'failed', /Nobody/],
  ['another is open, one was answered', 'page', { newest: page({}) }, 'done', /by its link, 12 s after it left, 1 h ago/],
  [
    'none could leave',
    'page',
    { newest: lost, acknowledged: undefined },
    'failed',
    /^No message of INC-2026-0001 left .*refused/,
  ],
  ['since then one could not leave', 'page', { newest: lost }, 'done', /by its link/],
])('%s: %s', (_, id, part, state, says) => {
  const found = stepOf(id, part);
  expect([found?.state, found?.text]).toEqual([state, expect.stringMatching(says)]);
});

describe('done, but not as it should stay', () => {
  test.each<[id: StepId, part: Partial<Facts>, says: RegExp]>([
    ['address', { publicUrl: loopback, seen: {} }, /this computer only/],
    ['address', { publicUrl: 'http://allclear.lan', seen: {} }, /in the clear/],
    ['channel', { channels: [mail, { ...mail, channel: 'sms', problem: 'refused' }] }, /SMS: refused/],
    ['reach', { person: { ...(whole.person as NonNullable<Facts['person']>), methods: [method] } }, /poor pager/],
    ['service', { services: [...whole.services, deaf] }, /^A pages nobody now: nobody is on call in a\.$/],
    ['page', { acknowledged: { ...acknowledged, open: true } }, /still open/],
    ['page', { newest: lost }, /^No message of INC-2026-0001 left for Ana: refused\.$/],
    ['source', { now: Temporal.Instant.from('2026-05-04T12:00:00Z'), seen: {} }, /still sending/],
  ])('%s', (id, part, says) => {
    expect(stepOf(id, part)).toMatchObject({ state: 'done', warning: expect.stringMatching(says) });
  });
});

test('a broken step does not keep the next one from being next', () => {
  expect(states({ ...nothing, seen: { origin: 'https://other.example.com' } })).toMatchObject({
    address: 'failed',
    channel: 'next',
  });
});

test('what would happen: each link says what is missing', () => {
  expect(pathOf(nothing).map((one) => one.text)).toEqual([
    'No source yet',
    'No service yet',
    'Nothing can leave yet',
    'Nobody comes after them',
  ]);
  const alone = [{ name: 'a', title: 'A', steps: steps.map((step) => ({ ...step, people: ['Ana'] })) }];
  expect(pathOf({ ...whole, services: alone }).at(-1)).toMatchObject({ text: 'After 5 min: Ana again', done: false });
  expect(pathOf({ ...whole, services: [deaf, ...whole.services] })).toEqual(pathOf(whole));
});

test('the list: what can be seen is seen, the rest is ticked by somebody', () => {
  const done = (facts: Facts) => weeksOf(facts).flatMap((week) => week.items.filter((item) => item.done).map((item) => item.id));
  expect(done(nothing)).toEqual([]);
  const seen = WEEKS.flatMap((week) => week.items.filter((item) => item.seen).map((item) => item.id));
  expect(done(whole)).toEqual(seen);
  const ticks = [
    { item: 'tabletop', done_by: 'ana', done_at: at('09:00:00') },
    { item: 'severities', done_by: 'ben', done_at: at('09:00:00') },
  ];
  const list = weeksOf({ ...nothing, ticks }).flatMap((week) => week.items);
  expect(list.find((item) => item.id === 'tabletop')).toMatchObject({ done: true, by: 'person', done_by: 'ana' });
  // A tick says nothing about what can be seen.
  expect(list.find((item) => item.id === 'severities')).toMatchObject({ done: false, by: 'system', done_by: null });
  const ids = list.map((item) => item.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each([
  // Wednesday; Monday before and after the handoff; the Sunday on which clocks go forward.
  ['2026-03-04T12:00:00Z', 'Europe/Amsterdam', '2026-03-02T09:00'],
  ['2026-03-02T07:59:00Z', 'Europe/Amsterdam', '2026-02-23T09:00'],
  ['2026-03-02T08:00:00Z', 'Europe/Amsterdam', '2026-03-02T09:00'],
  ['2026-03-29T01:30:00Z', 'Europe/Amsterdam', '2026-03-23T09:00'],
  ['2026-03-02T01:00:00Z', 'America/Los_Angeles', '2026-02-23T09:00'],
])('the handoff before %s in %s is %s', (now, zone, handoff) => {
  expect(lastHandoff(Temporal.Instant.from(now), zone)).toBe(handoff);
});

test('names', () => {
  expect([slugOf('Checkout API'), slugOf('Überweisung & Co.'), slugOf('…'), slugOf('結帳')]).toEqual([
    'checkout-api',
    'uberweisung-co',
    '',
    '',
  ]);
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c']), listed(['a', 'b', 'c', 'd'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
    'a, b and 2 more',
  ]);
});
