import { expect, test } from 'vitest';
import { aPerson, PASSWORD, signedIn } from '../browser-like.ts';
import { startServer } from '../harness.ts';

/** Whoever may read the secrets of integrations reads this one. */
const HMAC = 'the-hmac-secret-of-mon-4711';
const SECRET = 'a-secret-that-nobody-reads-4711';

test('no answer of any reading route holds a secret, whoever asks', async () => {
  const world = await startServer();
  await aPerson(world, 'ana', 'administrator');
  await aPerson(world, 'olga', 'observer');
  await world.call('PUT', '/api/settings', {
    channels: {
      email: { host: '127.0.0.1', port: 1, security: 'none', from: 'a@b.test', username: 'u', password: `${SECRET}-mail` },
      slack: { bot_token: `xoxb-${SECRET}`, signing_secret: `${SECRET}-slack`, app_token: `xapp-${SECRET}` },
      telegram: { bot_token: `123456:${SECRET}-telegram` },
      teams: { webhooks: { ops: { secret_url: `https://a.logic.azure.com/workflows/1?sig=${SECRET}-teams` } } },
      discord: { webhooks: { ops: { secret_url: `https://discord.com/api/webhooks/1/${SECRET}-discord` } } },
      matrix: { homeserver: 'https://matrix.example.com', access_token: `${SECRET}-matrix` },
      mattermost: { secret_url: `https://chat.example.com/hooks/${SECRET}-mattermost` },
      webhook: { secret: `whsec_${Buffer.from(`${SECRET}-webhook`).toString('base64')}` },
    },
  });
  await world.call('PUT', '/api/sign-on/corp', {
    kind: 'oidc',
    title: 'Corp',
    issuer: 'https://id.test',
    client_id: 'a',
    client_secret: SECRET,
  });
  await world.call('PUT', '/api/services/db', {});
  await world.call('PUT', '/api/integrations/mon', { service: 'db', key: 'the-key-of-mon-4711', hmac_secret: HMAC });
  const own = await signedIn(world, 'olga');
  const { token } = (await (await own.go('POST', '/api/me/tokens', { name: 'x' })).json()) as { token: string };
  const ana = await signedIn(world, 'ana');
  const document = await world.call<{ paths: Record<string, Record<string, unknown>> }>('GET', '/api/openapi.json');
  const secrets = (session: string) => [
    SECRET,
    Buffer.from(`${SECRET}-webhook`).toString('base64'),
    PASSWORD,
    token,
    world.token,
    decodeURIComponent(session).split('.')[0] as string,
  ];
  const names: Record<string, string> = {
    name: 'db',
    label: 'x',
    id: '01890a5d-0000-7000-8000-00000000dead',
    token: 'x',
    channel: 'email',
  };
  for (const [who, her] of [
    ['ana', ana],
    ['olga', own],
  ] as const)
    for (const [path, item] of Object.entries(document.paths)) {
      if (!item.get || path === '/api/live' || path === '/api/backup') continue;
      for (const name of ['db', 'mon', 'ana', 'olga']) {
        const address = path.replace(/\{(\w+)\}/g, (_, key: string) =>
          key === 'name' ? name : path.startsWith('/api/sign-on') ? 'corp' : (names[key] ?? 'x'),
        );
        const text = await (await her.go('GET', address)).text();
        for (const secret of secrets(her.jar.get('allclear.session_token') ?? ''))
          expect(text.includes(secret), `${who} ${address}: ${secret}`).toBe(false);
        if (who === 'olga')
          for (const secret of ['the-key-of-mon-4711', HMAC])
            expect(text.includes(secret), `${who} ${address}: ${secret}`).toBe(false);
        if (!path.includes('{name}')) break;
      }
    }
}, 60_000);
