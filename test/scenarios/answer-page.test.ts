import { expect, test } from 'vitest';
import { aTeam, type Team } from './world.ts';

const MAIL = { by: ['mail' as const] };
const browser = { accept: 'text/html' };
const linkOf = (w: Team, person: string) => w.linkIn(w.expectMail(person).mail.text ?? '');
const page = async (w: Team, link: string) => {
  const response = await w.request('GET', link, undefined, browser);
  return { status: response.status, headers: response.headers, html: await response.text() };
};

test('the page says what is wrong, since when, why her, who else and who is next; opening it changes nothing', async () => {
  const w = await aTeam(
    { ana: { ...MAIL, time_zone: 'Europe/Amsterdam' }, ben: MAIL, cas: MAIL },
    {
      at: '2026-03-02T12:00:00Z',
      steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }] }, { targets: [{ person: 'cas' }] }],
    },
  );
  await w.alertFires('db-down', { summary: 'Database is down' });
  w.expectMail('ben');
  const link = linkOf(w, 'ana');
  await w.fastForward('3m');
  const before = await w.tables();
  for (let n = 0; n < 3; n += 1) {
    const { status, html, headers } = await page(w, link);
    expect(status).toBe(200);
    for (const text of [
      'Database is down',
      'INC-2026-0001',
      'Critical',
      'datetime="2026-03-02T12:00:00Z"',
      '3 min',
      'named in step 1 of turns',
      'Ben',
      '1 open of 1',
      '13:05',
    ])
      expect(html, text).toContain(text);
    expect(html).not.toContain('<script');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  }
  expect((await w.request('GET', `${link}/acknowledge`, undefined, browser)).status, 'a prefetched button').toBe(303);
  expect((await w.request('HEAD', link)).status).toBe(200);
  expect(await w.tables()).toEqual(before);
  expect((await w.incident()).status).toBe('triage');
});

test('pressing Acknowledge acts, comes back to the page, and a second press changes nothing', async () => {
  const w = await aTeam({ ana: MAIL, ben: MAIL });
  await w.alertFires('down');
  const link = linkOf(w, 'ana');
  for (let n = 0; n < 2; n += 1) {
    const pressed = await w.request('POST', `${link}/acknowledge`, undefined, browser);
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, link]);
  }
  expect(await w.incident()).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ana' });
  expect((await page(w, link)).html).toContain('You have it. Paging has stopped.');
  await w.request('POST', `${link}/resolve`);
  expect((await page(w, link)).html).toContain('Nothing is left to do');
  expect((await w.request('POST', `${link}/delete`)).status).toBe(404);
});

test('acknowledged by somebody else: the page says who, and lets her join', async () => {
  const w = await aTeam({ ana: MAIL, ben: MAIL }, { steps: [{ targets: [{ person: 'ana' }, { person: 'ben' }] }] });
  await w.alertFires('down');
  const [ana, ben] = [linkOf(w, 'ana'), linkOf(w, 'ben')];
  await w.request('POST', `${ana}/acknowledge`);
  const { html } = await page(w, ben);
  expect(html).toMatch(/Ana answered at 12:00/);
  expect(html).toContain('Join');
  await w.request('POST', `${ben}/acknowledge`);
  expect(await w.incident()).toMatchObject({ acknowledged_by: 'ana', assignees: ['ana', 'ben'] });
});

test('asking for help from the page pages the next person, not her again', async () => {
  const w = await aTeam({ ana: MAIL, ben: MAIL });
  await w.alertFires('down');
  const link = linkOf(w, 'ana');
  await w.request('POST', `${link}/acknowledge`);
  await w.request('POST', `${link}/escalate`);
  await w.settle();
  w.expectMail('ben');
});

test('a link expires after three days and then only shows what it was', async () => {
  const w = await aTeam({ ana: MAIL }, { steps: [{ targets: [{ person: 'ana' }], escalate_after_seconds: 7 * 86_400 }] });
  await w.alertFires('down', { summary: 'Database is down' });
  const link = linkOf(w, 'ana');
  await w.jump('73h');
  const { status, html } = await page(w, link);
  expect(status).toBe(410);
  expect(html).toContain('This link has expired');
  expect(html).toContain('Database is down');
  expect(html).not.toContain('<form');
  expect((await w.request('POST', `${link}/acknowledge`)).status).toBe(410);
  expect((await w.incident()).status).toBe('triage');
});

test('a link that was changed in any byte, or made elsewhere, leads nowhere', async () => {
  const w = await aTeam({ ana: MAIL });
  await w.alertFires('down');
  const link = linkOf(w, 'ana');
  const token = Buffer.from(link.slice(3), 'base64url');
  for (let at = 0; at < token.length; at += 1) {
    const bent = Buffer.from(token);
    bent[at] = (bent[at] ?? 0) ^ 1;
    const path = `/p/${bent.toString('base64url')}`;
    expect((await w.request('GET', path)).status, `byte ${at}`).toBe(404);
    expect((await w.request('POST', `${path}/acknowledge`)).status, `byte ${at}`).toBe(404);
  }
  for (const path of ['/p/x', '/p/%00', `/p/${'A'.repeat(5000)}`, `${link}A/acknowledge`])
    expect((await w.request('POST', path)).status, path.slice(0, 20)).toBe(404);
  expect((await w.incident()).status).toBe('triage');
});

test('hostile titles stay text: on the page, in the mail, in the call', async () => {
  const title = `<img src=x onerror=alert(1)>"'&</title><script>alert(2)</script>`;
  const w = await aTeam({ ana: { by: ['mail', 'call'] } });
  await w.alertFires('x', { summary: title });
  const { mail } = w.expectMail('ana', /onerror/);
  const call = w.expectCall('ana');
  expect(mail.html).not.toMatch(/<img src=x|<script/);
  expect(mail.subject).toContain('onerror');
  expect(call.twiml).not.toMatch(/<img|<script/);
  const { html } = await page(w, w.linkIn(mail.text ?? ''));
  expect(html).not.toMatch(/<img src=x|<script/);
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(html.match(/<\/title>/g)).toHaveLength(1);
});

test('a message header cannot be smuggled in by a title', async () => {
  const w = await aTeam({ ana: MAIL });
  await w.alertFires('x', { summary: 'down\r\nBcc: eve@example.com\r\n\r\nhello' });
  const { to, raw, mail } = w.expectMail('ana', /down/);
  expect(to).toEqual(['ana@example.com']);
  expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m);
  expect(mail.subject).not.toMatch(/[\r\n]/);
});

test('whoever was deactivated since may not answer any more', async () => {
  const w = await aTeam({ ana: MAIL, ben: MAIL });
  await w.alertFires('down');
  const link = linkOf(w, 'ana');
  await w.leaves('ana');
  await w.request('POST', `${link}/acknowledge`);
  expect((await w.incident()).status).toBe('triage');
  expect((await w.timeline()).at(-1)?.text).toMatch(/Ana answered .* deactivated/);
});
