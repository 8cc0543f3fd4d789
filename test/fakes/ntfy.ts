import { randomBytes } from 'node:crypto';
import { type FakeReply, type FakeRequest, startHttpFake } from './http-fake.ts';

export type FakeNotification = {
  id: string;
  topic: string;
  title?: string;
  message: string;
  priority: number;
  tags: string[];
  click?: string;
  actions: { action: string; label: string; url: string; method?: string; clear?: boolean }[];
};

const vendorError = (http: number, code: number, error: string, headers?: Record<string, string>): FakeReply => ({
  status: http,
  body: { code, http, error, link: 'https://ntfy.sh/docs/publish/' },
  ...(headers ? { headers } : {}),
});

/** An ntfy server: publishing as JSON to its root, with a token or a password where one is asked for, and a phone that presses buttons. */
export const startNtfy = async (credentials?: { token: string } | { username: string; password: string }) => {
  const received: FakeNotification[] = [];
  const wanted =
    credentials &&
    ('token' in credentials
      ? `Bearer ${credentials.token}`
      : `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`);

  const publish = (request: FakeRequest): FakeReply => {
    if (request.method !== 'POST' || request.path !== '/') return vendorError(404, 40401, 'page not found');
    if (wanted && request.headers.authorization !== wanted) return vendorError(401, 40101, 'unauthorized');
    const given = JSON.parse(request.body) as Partial<FakeNotification>;
    if (!/^[-_A-Za-z0-9]{1,64}$/.test(given.topic ?? '')) return vendorError(400, 40009, 'invalid request: topic invalid');
    if (given.priority !== undefined && !(given.priority >= 1 && given.priority <= 5))
      return vendorError(400, 40007, 'invalid priority parameter');
    if ((given.actions?.length ?? 0) > 3)
      return vendorError(400, 40018, 'invalid request: actions invalid; only 3 actions allowed');
    if (Buffer.byteLength(given.message ?? '') > 4096)
      return vendorError(413, 41301, 'attachment too large, or bandwidth limit reached');
    const notification: FakeNotification = {
      ...given,
      id: randomBytes(6).toString('hex'),
      topic: given.topic!,
      message: given.message || 'triggered',
      priority: given.priority ?? 3,
      tags: given.tags ?? [],
      actions: given.actions ?? [],
    };
    received.push(notification);
    return { status: 200, body: { time: 1_794_709_080, event: 'message', ...notification } };
  };

  const server = await startHttpFake({
    ok: publish,
    retryable: () => vendorError(429, 42901, 'limit reached: too many requests', { 'retry-after': '7' }),
    refused: () => vendorError(403, 40301, 'forbidden'),
    malformed: { status: 200, body: '<html>Captive portal</html>' },
  });
  return {
    ...server,
    received,
    /** The person taps a button: the phone sends the request. */
    press: async (notification: FakeNotification, label: string): Promise<{ status: number; body: string }> => {
      const button = notification.actions.find((action) => action.label === label && action.action === 'http');
      if (!button) throw new Error(`No button "${label}" on "${notification.title}"`);
      const response = await fetch(button.url, { method: button.method ?? 'POST' });
      return { status: response.status, body: await response.text() };
    },
  };
};
export type FakeNtfy = Awaited<ReturnType<typeof startNtfy>>;
