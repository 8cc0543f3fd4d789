import { type FakeReply, type FakeRequest, NOT_HTTP, startHttpFake } from './http-fake.ts';

/** Any program that takes our webhooks. `answerWith` replaces what it answers in mode `ok`. */
export const startWebhook = async () => {
  const received: FakeRequest[] = [];
  let answer: FakeReply = { status: 204 };
  const server = await startHttpFake({
    ok: (request) => {
      received.push(request);
      return answer;
    },
    retryable: () => ({ status: 503, headers: { 'retry-after': '7' } }),
    refused: () => ({ status: 410 }),
    malformed: NOT_HTTP,
  });
  return {
    ...server,
    received,
    answerWith: (reply: FakeReply): void => {
      answer = reply;
    },
  };
};
export type FakeWebhook = Awaited<ReturnType<typeof startWebhook>>;
