import { randomBytes } from 'node:crypto';
import { type FakeReply, type FakeRequest, startHttpFake } from './http-fake.ts';

export type FakePushover = {
  request: string;
  /** Of an emergency: what it is acknowledged and cancelled by. */
  receipt?: string;
  user: string;
  title: string;
  message: string;
  priority: number;
  url: string | null;
  callback: string | null;
  /** Rings again and again until somebody acknowledges or cancels. */
  ringing: boolean;
};

/** Pushover's API for messages and receipts, and a phone that acknowledges. */
export const startPushover = async (token = 'azGDORePK8gMaC0QOYAMyEEuzJnyUi') => {
  const received: FakePushover[] = [];
  const refuse = (...errors: string[]): FakeReply => ({ status: 400, body: { status: 0, request: 'none', errors } });

  const answer = ({ method, path, body }: FakeRequest): FakeReply => {
    const form = new URLSearchParams(body);
    if (method !== 'POST') return { status: 405 };
    if (form.get('token') !== token) return refuse('application token is invalid, see https://pushover.net/api');
    const request = randomBytes(16).toString('hex');
    const cancelled = /^\/1\/receipts\/(\w{30})\/cancel\.json$/.exec(path)?.[1];
    if (cancelled) {
      const found = received.find((one) => one.receipt === cancelled);
      if (!found) return { status: 404, body: { status: 0, request, errors: ['receipt not found'] } };
      found.ringing = false;
      return { status: 200, body: { status: 1, request } };
    }
    if (path !== '/1/messages.json') return { status: 404, body: '' };
    const user = form.get('user') ?? '';
    if (!/^[A-Za-z0-9]{30}$/.test(user)) return refuse('user identifier is not a valid user, group, or subscribed user key');
    const [message, title] = [form.get('message') ?? '', form.get('title') ?? ''];
    if (message === '') return refuse('message cannot be blank');
    if ([...message].length > 1024) return refuse('message is too long');
    if ([...title].length > 250) return refuse('title is too long');
    const priority = Number(form.get('priority') ?? 0);
    if (![-2, -1, 0, 1, 2].includes(priority)) return refuse('priority is invalid');
    const [retry, expire] = [Number(form.get('retry')), Number(form.get('expire'))];
    if (priority === 2 && !(retry >= 30 && expire > 0 && expire <= 10_800))
      return refuse('retry must be at least 30 and expire at most 10800 for priority=2');
    const receipt = priority === 2 ? randomBytes(15).toString('hex') : undefined;
    received.push({
      request,
      ...(receipt ? { receipt } : {}),
      user,
      title,
      message,
      priority,
      url: form.get('url'),
      callback: form.get('callback'),
      ringing: priority === 2,
    });
    return { status: 200, body: { status: 1, request, ...(receipt ? { receipt } : {}) } };
  };

  const server = await startHttpFake({
    ok: answer,
    retryable: () => ({ status: 429, body: { status: 0, errors: ['too many requests'] }, headers: { 'retry-after': '7' } }),
    refused: () => refuse('application token is invalid'),
    malformed: { status: 200, body: '<html>Captive portal</html>' },
  });
  return {
    ...server,
    received,
    /** Somebody acknowledges on the phone: it stops ringing, and the callback address is told. */
    acknowledge: async (message: FakePushover): Promise<number> => {
      message.ringing = false;
      const body = new URLSearchParams({
        receipt: message.receipt ?? '',
        acknowledged: '1',
        acknowledged_at: '1794709080',
        acknowledged_by: message.user,
        acknowledged_by_device: 'phone',
      });
      return (await fetch(message.callback ?? '', { method: 'POST', body })).status;
    },
  };
};
