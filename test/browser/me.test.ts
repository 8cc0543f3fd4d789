import { describe, expect, test } from 'vitest';
import { aPerson, PASSWORD, totp } from '../browser-like.ts';
import { startNtfy } from '../fakes/ntfy.ts';
import { startTelegram } from '../fakes/telegram.ts';
import { type FakePush, startWebPush } from '../fakes/web-push.ts';
import { oneWorld, startServer } from '../harness.ts';
import { aTeam } from '../scenarios/world.ts';
import { glance, look, openPage, shoot, signedIn, useBrowser } from './browser.ts';

useBrowser();

describe('one person', () => {
  const home = oneWorld(startServer);

  test('each part of my settings', async () => {
    const world = home();
    const as = await signedIn(world, 'ana', 'responder');
    await world.call('PUT', '/api/people/ana/reach', {
      contact_methods: [
        { label: 'push', channel: 'ntfy', address: 'topic-of-ana', verified: true },
        { label: 'phone', channel: 'sms', address: '+31612345678' },
      ],
      notification_rules: {
        high: [
          { after_seconds: 0, methods: ['push'] },
          { after_seconds: 120, methods: ['phone'] },
        ],
        low: [],
      },
    });
    const page = await openPage(world, '/me', { width: 390, as });
    await page.getByText('push at once, then phone after 2 min.').waitFor();
    for (const [tab, heading] of [
      ['How I am reached', 'Contact methods'],
      ['Details', 'Quiet hours'],
      ['Sign-in', 'Passkeys'],
      ['API keys', 'API keys'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('heading', { name: heading }).waitFor();
      await look(page, `me-${tab.toLowerCase().replaceAll(' ', '-')}`);
    }
  }, 180_000);

  test('what is kept on this device: the same choice in my settings and in the menu', async () => {
    const world = home();
    const page = await openPage(world, '/me?tab=details', { as: await signedIn(world, 'ana', 'responder') });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Dark' }).click();
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await page.getByRole('switch', { name: 'Single-key shortcuts' }).click();
    await page.keyboard.press('[');
    expect(await page.locator('[data-rail]').getAttribute('data-rail')).toBe('wide');
    await page.getByRole('switch', { name: 'Slim menu' }).click();
    expect(await page.locator('[data-rail]').getAttribute('data-rail')).toBe('slim');
    await shoot(page, 'me-device');
    await page.getByRole('button', { name: /^Menu/ }).click();
    await page.getByRole('menuitem', { name: 'Dark ✓' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Single-key shortcuts ✓' }).count()).toBe(0);
    await page.getByRole('menuitem', { name: 'Light' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Light', pressed: true }).waitFor();
    expect(await page.getByRole('switch', { name: 'Single-key shortcuts' }).isChecked()).toBe(false);
  }, 180_000);

  test('the second factor is turned on with the code of an app, and a key is made and revoked', async () => {
    const world = home();
    const page = await openPage(world, '/me?tab=security', {
      own: true,
      as: await signedIn(world, 'ana', 'responder'),
      expected: /401|400/,
    });
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByLabel('Your password, to be sure it is you').fill(PASSWORD);
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByText('Scan this with').first().waitFor();
    await glance(page, 'me-second-factor');
    const secret = (await page.getByText('Or type this key:').textContent())?.split(': ')[1] ?? '';
    await page.getByLabel('Code', { exact: true }).fill(totp(`otpauth://totp/x?secret=${secret}`));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('On: signing in with your password also asks for a code.').waitFor();
    await page.getByRole('tab', { name: 'API keys' }).click();
    await page.getByLabel('What it is for').fill('laptop');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const key = await page.getByText(/^alc_/).textContent();
    expect((await world.request('GET', '/api/me', undefined, { authorization: `Bearer ${key}` })).status).toBe(200);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked').waitFor();
    expect((await world.request('GET', '/api/me', undefined, { authorization: `Bearer ${key}` })).status).toBe(401);
  }, 180_000);
});

test('a method is added, verified by the code that arrives, given a rule, tested, removed and put back', async () => {
  const world = await startServer();
  const ntfy = await startNtfy();
  const telegram = await startTelegram();
  try {
    await world.call('PUT', '/api/settings', { channels: { ntfy: { server: ntfy.url }, telegram: telegram.bot } });
    await world.settle();
    const page = await openPage(world, '/me', { as: await signedIn(world, 'ana', 'responder'), expected: /422/ });
    await page.getByRole('button', { name: 'Add a method' }).click();
    await page.getByRole('combobox', { name: 'Channel' }).click();
    await page.getByRole('option', { name: 'Push (ntfy)' }).click();
    await page.getByLabel('Label').fill('push');
    await page.getByLabel('Address').fill('not a topic!');
    await page.getByRole('button', { name: 'Add a method' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await page.getByLabel('Address').fill('topic-of-ana');
    await page.getByRole('button', { name: 'Add a method' }).click();
    await page.getByText('Not verified').waitFor();
    await page.getByRole('button', { name: 'Send a code' }).click();
    await page.getByText('A code is on its way').waitFor();
    await world.settle();
    const code = ntfy.received.at(-1)?.message.match(/\d{6}/)?.[0] ?? '';
    await page.getByLabel('Code').fill(code === '000000' ? '000001' : '000000');
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('That is not the code').waitFor();
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Verified', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Send me a test page' }).click();
    await page.getByText('On its way through every method: push').waitFor();
    await world.settle();
    await page.getByText('Test page to push: the provider took it').waitFor();
    await page.getByRole('button', { name: 'Remove push' }).click();
    await page.getByText('None yet: pages go to your mail address').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('topic-of-ana').waitFor();

    await page.getByRole('button', { name: 'Link Telegram' }).click();
    const url = await page.getByRole('link', { name: 'Open Telegram' }).getAttribute('href');
    await glance(page, 'me-link-telegram');
    await telegram.says(world.url, `/start ${new URL(url ?? '').searchParams.get('start')}`, { id: 4242, first_name: 'Ana' });
    await page.getByText('Telegram is linked as telegram.').waitFor();
    await glance(page, 'me-telegram');
  } finally {
    await telegram.stop();
    await ntfy.stop();
  }
}, 180_000);

test('this device proves itself, is paged and acknowledges from the notification', async () => {
  const push = await startWebPush();
  try {
    const world = await aTeam({ ana: {} });
    await world.settings({ channels: { webpush: {} } });
    const page = await openPage(world, '/me', { width: 390, worker: true, as: await signedIn(world, 'ana', 'responder') });
    // A browser without a screen has no push service and shows no notification: it is handed a subscription, and what its
    // service would hand over; what it would show is kept.
    const subscription = push.subscribe('phone', (await world.call<{ public_key: string }>('GET', '/api/web-push')).public_key);
    await page.addInitScript({
      content: `{
      Object.defineProperty(Notification, 'permission', { get: () => 'default' });
      Notification.requestPermission = async () => 'granted';
      const made = ${JSON.stringify(subscription)};
      let current = null;
      PushManager.prototype.getSubscription = async () => current;
      PushManager.prototype.subscribe = async () => (current = { ...made, toJSON: () => made });
    }`,
    });
    await page.reload();
    const devtools = await page.context().newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [one] }) => one && resolve(one.registrationId));
    });
    await devtools.send('ServiceWorker.enable');
    const registrationId = await registered;
    const deliver = async (one: FakePush | undefined) =>
      devtools.send('ServiceWorker.deliverPushMessage', {
        origin: world.url,
        registrationId,
        data: JSON.stringify(one?.payload),
      });

    const [worker] = page.context().serviceWorkers();
    await worker?.evaluate(`{
      globalThis.shown = [];
      registration.showNotification = async (title, options) => void shown.push({ title, options });
    }`);
    const titles = () => worker?.evaluate<string[]>('shown.map((one) => one.title)') ?? [];

    const button = page.getByRole('button', { name: 'Let this device be paged' });
    await button.waitFor();
    await look(page, 'me-push');
    const asked = page.waitForResponse(/send-code/);
    await button.click();
    await asked;
    await world.settle();
    await deliver(push.received[0]);
    await page.getByText('This device is paged as chrome-linux.').waitFor();
    await page.getByText('Verified', { exact: true }).waitFor();
    await glance(page, 'me-push-proven');

    await world.alertFires('disk');
    await deliver(push.received[1]);
    const { number } = await world.incident();
    await expect.poll(titles).toContain(`${number} disk is wrong`);
    await worker?.evaluate(`{
      const { options } = shown.at(-1);
      const notification = { ...options, close: () => undefined };
      dispatchEvent(Object.assign(new Event('notificationclick'), { notification, action: 'acknowledge', waitUntil: () => undefined }));
    }`);
    await expect.poll(titles).toContain(`Acknowledged: ${number} disk is wrong`);
    expect(await world.incident()).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ana' });
  } finally {
    await push.stop();
  }
}, 180_000);

test('two at once on her reach and her details: the second is told who was first, and nothing is lost', async () => {
  const world = await startServer();
  const page = await openPage(world, '/me', { as: await signedIn(world, 'ana', 'responder'), expected: /412/ });
  await page.getByRole('button', { name: 'Add a method' }).click();
  await page.getByLabel('Label').fill('phone');
  await page.getByLabel('Address').fill('+31612345678');
  // Her screen hears of the change of another only after she has sent hers.
  let sent = () => {};
  const held = new Promise<void>((resolve) => {
    sent = resolve;
  });
  await page.route('**/api/people/ana/reach', async (route) => {
    if (route.request().method() === 'GET') await held;
    else sent();
    await route.continue();
  });
  const mail = { label: 'mail', channel: 'email', address: 'ana@home.example' };
  await world.call('PUT', '/api/people/ana/reach', { contact_methods: [mail] });
  await page.getByRole('button', { name: 'Add a method' }).click();
  await page.getByText(/^test changed this .*, after you opened it\. Yours is not saved/).waitFor();
  await page.getByText('ana@home.example').waitFor();
  expect(await page.getByLabel('Address').inputValue()).toBe('+31612345678');
  await glance(page, 'me-reach-overtaken');
  await page.getByRole('button', { name: 'Make my change to it' }).click();
  await page.getByRole('list', { name: 'Contact methods' }).getByText('+31612345678').waitFor();
  const saved = await world.call<{ contact_methods: { label: string }[] }>('GET', '/api/people/ana/reach');
  expect(saved.contact_methods.map((one) => one.label).sort()).toEqual(['mail', 'phone']);

  await page.getByRole('tab', { name: 'Details' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Ana Souza');
  await page.getByRole('tab', { name: 'Sign-in' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay here' }).click();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Ana Souza');
  const {
    name: _,
    problems: _p,
    calendar_url: _c,
    ...body
  } = await world.call<Record<string, unknown>>('GET', '/api/people/ana');
  await world.call('PUT', '/api/people/ana', { ...body, time_zone: 'Europe/Lisbon' });
  await page.getByText('Somebody else changed this after you opened it. What you typed is kept.').waitFor();
  await page.getByRole('button', { name: 'See theirs' }).click();
  await page.getByRole('dialog').getByText('Europe/Lisbon').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Take theirs, drop mine' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Ana Souza');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(await world.call('GET', '/api/people/ana')).toMatchObject({ display_name: 'Ana Souza', time_zone: 'Europe/Lisbon' });
}, 180_000);

test('a passkey is added and signs in', async () => {
  const world = await startServer();
  world.setPublicUrl(world.url.replace('127.0.0.1', 'localhost'));
  await aPerson(world, 'ana', 'responder');

  const local = { ...world, url: world.url.replace('127.0.0.1', 'localhost') };
  const page = await openPage(local, '/sign-in', { own: true });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.getByLabel('Mail address').fill('ana@allclear.test');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.goto(`${local.url}/me?tab=security`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('Passkey added').waitFor();
  /** Nothing of the page before is asked any more. */
  const signedOut = async () => {
    await page.goto('about:blank');
    await page.context().clearCookies();
  };
  // Chosen in the field of the mail address, if the browser offers it there.
  await signedOut();
  await page.goto(`${local.url}/sign-in`);
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  // By the button, which takes the place of what the field still offers.
  await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false });
  await signedOut();
  await page.goto(`${local.url}/sign-in`);
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  await button.waitFor();
  await page.waitForLoadState('networkidle');
  await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true });
  await button.click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
});
