import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { PlanResult } from '../../src/contract/process.ts';
import { aTeam, type Team } from './world.ts';

type Json = Record<string, unknown>;
const reword = async (w: Team, wording: Json) => {
  const response = await w.request('PUT', '/api/settings', { ...(await w.call('GET', '/api/settings')), wording });
  const { field, detail } = (await response.json()) as { field?: string; detail?: string };
  return { ok: response.ok, field, detail };
};
const own = {
  sms: { page: { en: '{severity} {service}: {title}\n{link}', de: '{severity}: {title}\n{answers}' } },
  voice: { page: { de: 'Achtung. {title}, bei {service}, seit {since}.' } },
  email: { page_title: { de: '[{service}] {title}' }, page_text: { de: 'Sie sind dran: {why}' } },
  chat: { page_title: { en: 'PROD {title}' }, update: { en: '{number} ({service}) {state}!' } },
};

test('a page says what the installation wrote, in the language of each person, and how it came to them', async () => {
  const w = await aTeam(
    {
      ana: { by: ['sms', 'call', 'mail', 'slack'], locale: 'de', time_zone: 'Europe/Berlin' },
      ben: { by: ['sms', 'slack'], locale: 'fr' },
    },
    { steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }] }] },
  );
  expect(await reword(w, own)).toMatchObject({ ok: true });
  expect((await w.call<{ items: Json[] }>('GET', '/api/journal?limit=5')).items.map((entry) => entry.text)).toContainEqual(
    expect.stringContaining('worded otherwise: wording'),
  );
  await w.alertFires('down');

  // One segment: what this installation left out is what would not have fitted.
  expect(w.expectSms('ana').body).toBe('Kritisch: down is wrong\nAntwort: 4 annehmen, 5 weiter, 6 gelöst');
  w.expectCall('ana', /^Achtung\. down is wrong, bei db, seit 13:00\. Drücken Sie 4/);
  const { mail } = w.expectMail('ana', /\[db\] down is wrong/);
  expect(mail.subject).toContain('[db] down is wrong');
  expect(mail.text).toContain('Warum Sie  genannt in Schritt 1 von ');
  expect(mail.text).toContain('Sie sind dran: genannt in Schritt 1 von ');
  expect(mail.text).toContain('02.03.2026 13:00 Europe/Berlin (12:00 UTC)');
  expect(mail.text).toContain('Annehmen:\nhttp');
  // German was not written for chat, so it is as usual; French is told in English, and in the English that was written.
  const [german, french] = [
    w.expectSlack('ana', /^Kritisch: INC-2026-0001 db: down/),
    w.expectSlack('ben', /^Critical: PROD down is wrong/),
  ];
  const buttons = (message: typeof german) =>
    message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements.map((one) => one.text.text) : []));
  expect([buttons(german), buttons(french)]).toEqual([
    ['Annehmen', 'Weitergeben', 'Gelöst', 'Öffnen'],
    ['Acknowledge', 'Escalate', 'Resolve', 'Open'],
  ]);
  expect(w.expectSms('ben').body).toMatch(/^Critical db: down is wrong\nhttp\S+$/);
  await w.slack.press(`${w.url}/in/slack/interactive`, german, 'Annehmen', { at: w.now() });
  await w.settle();
  expect(JSON.stringify(german.blocks)).toContain('INC-2026-0001 ist angenommen von Ana.');
  expect(JSON.stringify(french.blocks)).toContain('INC-2026-0001 (db) is acknowledged by Ana!');
});

test('what a message must have cannot be left out, and a wording that cannot be used holds no page up', async () => {
  const w = await aTeam({ ana: { by: ['sms', 'slack'], locale: 'nl' } });
  for (const [wording, field, why] of [
    [{ sms: { page: { en: '{title}' } } }, 'sms.page.en', /Without \{answers\} or \{link\} the person could not answer/],
    [{ sms: { page: { en: 'Wake up\n{answers}' } } }, 'sms.page.en', /Without \{title\} nobody would know what is wrong/],
    [{ voice: { page: { nl: '{title} since {since}' } } }, 'voice.page.nl', /Without \{service\}/],
    [
      { sms: { page: { en: '{titel} {answers}' } } },
      'sms.page.en',
      /There is no \{titel\} here\. There are \{number\}, \{title\}/,
    ],
    [{ email: { page_text: { en: 'See { Service }' } } }, 'email.page_text.en', /is written \{service\}/],
    [{ chat: { page_title: { en: '{title}\nmore' } } }, 'chat.page_title.en', /one line/],
    [{ push: { test_title: { en: ' ' } } }, 'push.test_title.en', /say nothing/],
    [{ sms: { page: { en: `{title}{link}${'x'.repeat(200)}` } } }, 'sms.page.en', /213 characters long: 200 at most/],
    [{ chat: { update: { en: 'It moved' } } }, 'chat.update.en', /Without \{state\}/],
    [{ sms: { page: { English: '{title}{link}' } } }, 'sms.page.English', /small letters/],
    [{ sms: { toString: { en: 'x' } } }, 'sms.toString.en', /There is no toString of sms: it is one of page, test/],
    [{ fax: {} }, 'fax', /no wording of fax/],
  ] as const)
    expect(await reword(w, wording), field).toMatchObject({
      ok: false,
      field: `wording.${field}`,
      detail: expect.stringMatching(why),
    });

  // A preview says the same, and how the message travels.
  const tried = (templates: Json, kind = 'sms', language = 'nl') =>
    w.call('POST', '/api/settings/wording/preview', { kind, language, templates });
  expect(await tried({ page: '{title} {answers}' })).toMatchObject({
    messages: [{ about: 'page', sms: { alphabet: 'GSM-7', segments: 1 } }, { about: 'test' }],
    problems: [],
  });
  expect(await tried({ page: '🔥 {title} {link}' })).toMatchObject({
    messages: [{ sms: { alphabet: 'UCS-2', segments: 2 } }, {}],
  });
  expect(await tried({ page: 'x' })).toMatchObject({
    messages: [{ text: expect.stringMatching(/^INC-2026-0142 checkout-api: Error rate above 5 % .* \(sinds 02:38\)\n/) }, {}],
    problems: [{ part: 'page', problem: expect.stringContaining('{title}') }],
  });
  expect(await tried({ update: '{number}: {state}' }, 'chat', 'de')).toMatchObject({
    messages: [
      { title: 'INC-2026-0142 Error rate above 5 % for 10 minutes' },
      {},
      { text: 'INC-2026-0142: ist angenommen von Ana Berg' },
    ],
  });

  // Stored by another version, or by hand.
  const stored = JSON.stringify({
    sms: { page: { nl: 'Wakker worden {naam}' }, gone: { nl: 'x' } },
    chat: { update: { nl: 'x', Dutch: '{state}' } },
  });
  await w.system((ctx) =>
    sql`update settings set value = jsonb_set(value, '{wording}', ${stored}::jsonb) where key = 'delivery'`.execute(ctx.tx),
  );
  await w.alertFires('down');
  expect(w.expectSms('ana').body).toMatch(/^INC-2026-0001 db: down is wrong \(sinds 12:00\)\nAntwoord 4 ok/);
  w.expectSlack('ana');
  expect((await w.timeline()).filter(({ type }) => type === 'delivery.wording_unused').map(({ text }) => text)).toEqual(
    expect.arrayContaining([expect.stringContaining('(sms page: '), expect.stringContaining('(chat update: ')]),
  );
  const { problems } = await w.call<{ problems: Json[] }>('GET', '/api/doctor');
  expect(problems.filter((one) => one.subject_type === 'wording')).toMatchObject([
    { subject: 'wording of sms gone, nl' },
    { subject: 'wording of sms page, nl', fix: '/settings/wording', problem: expect.stringContaining('{naam}') },
    { subject: 'wording of chat update, nl' },
    { subject: 'wording of chat update, Dutch', problem: expect.stringContaining('small letters') },
  ]);
  const { parts, languages } = await w.call<{ parts: Json[]; languages: string[] }>('GET', '/api/settings/wording');
  expect(languages).not.toContain('Dutch');
  expect(parts[0]).toMatchObject({ kind: 'sms', part: 'page', problems: { nl: expect.stringContaining('{naam}') } });
  // It stands in the way of no other change, and is kept meanwhile.
  const { wording: _, ...others } = await w.call<Json>('GET', '/api/settings');
  await w.call('PUT', '/api/settings', others);
  expect((await w.call('GET', '/api/settings')).wording).toEqual(JSON.parse(stored));
});

test('process files word messages, keep what they do not speak of, and refuse by line', async () => {
  const w = await aTeam({ ana: { by: ['sms'] } });
  const send = (verb: 'plan' | 'apply', text: string) =>
    w.call<PlanResult>('POST', `/api/process/${verb}`, { files: [{ name: 'words.yaml', text }] });
  const words = (template: string) => `settings:\n  wording:\n    sms:\n      page:\n        en: "${template}"\n`;
  expect((await send('plan', words('{title}'))).problems).toMatchObject([
    { line: 5, message: expect.stringContaining('{answers} or {link}') },
  ]);
  await send('apply', words('{title} {answers}'));
  await send('apply', 'settings:\n  bundle_seconds: 30\n');
  expect(await w.call('GET', '/api/settings')).toMatchObject({
    bundle_seconds: 30,
    wording: { sms: { page: { en: '{title} {answers}' } } },
  });
  expect((await w.call<{ text: string }>('GET', '/api/process/export')).text).toContain('{title} {answers}');
});
