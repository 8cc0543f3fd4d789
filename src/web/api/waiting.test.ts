import { afterEach, expect, test, vi } from 'vitest';
import { GIVEN_UP_MS, patientFetch } from './waiting.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
/** A server that never answers. */
const silence = (_: Request, { signal }: RequestInit): Promise<Response> =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

test('a request without an answer is given up, and says that it was sent', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', silence);
  const asked = patientFetch(new Request('http://localhost/')).catch((thrown: unknown) => thrown);
  await vi.advanceTimersByTimeAsync(GIVEN_UP_MS - 1);
  let settled = false;
  void asked.then(() => {
    settled = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(settled).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await asked).toMatchObject({ name: 'TimeoutError' });
});

test('who asked may still take it back', async () => {
  vi.stubGlobal('fetch', silence);
  const back = new AbortController();
  const asked = patientFetch(new Request('http://localhost/', { signal: back.signal })).catch((thrown: unknown) => thrown);
  back.abort();
  expect(await asked).toMatchObject({ name: 'AbortError' });
});

test('an answer that stalls half way is given up too', async () => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'fetch',
    async (_: Request, { signal }: RequestInit) =>
      new Response(
        new ReadableStream({
          start: (body) => {
            body.enqueue(new TextEncoder().encode('{"half":'));
            signal?.addEventListener('abort', () => body.error(signal.reason));
          },
        }),
      ),
  );
  const asked = patientFetch(new Request('http://localhost/')).catch((thrown: unknown) => thrown);
  await vi.advanceTimersByTimeAsync(GIVEN_UP_MS);
  expect(await asked).toMatchObject({ name: 'TimeoutError' });
});

test('an answer ends the wait', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', async () => new Response('done'));
  const answer = await patientFetch(new Request('http://localhost/'));
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/plain;charset=UTF-8',
    'done',
  ]);
  expect(vi.getTimerCount()).toBe(0);
});
