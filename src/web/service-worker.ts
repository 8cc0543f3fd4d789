import type { PushPayload } from '../contract/web-push.ts';
import { type Kept, notificationOf, outcomeOf, ownAddress, type Shown } from './push-notification.ts';

/**
 * Makes the console installable and opens it when the server is away: then it says that it is offline instead
 * of nothing. Keeps the page and its hashed files, never an answer of the API. Shows pushes, and sends their answers.
 */
type Extendable = Event & { waitUntil: (work: Promise<unknown>) => void };
type Pushed = Extendable & { data: { json: () => unknown } | null };
type Clicked = Extendable & { action: string; notification: Notification };
type Fetch = Extendable & { request: Request; respondWith: (answer: Promise<Response>) => void };

const CACHE = 'allclear-shell';
/** Old builds leave their files behind: about ten builds' worth stay. */
const KEPT = 300;
const worker = self as unknown as {
  skipWaiting: () => Promise<void>;
  clients: {
    claim: () => Promise<void>;
    matchAll: (which: { type: 'window'; includeUncontrolled: true }) => Promise<{ postMessage: (message: unknown) => void }[]>;
    openWindow: (url: string) => Promise<unknown>;
  };
  registration: ServiceWorkerRegistration;
  location: Location;
};

const fromCacheFirst = async (request: Request): Promise<Response> => {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const keys = await cache.keys();
    for (const key of keys.slice(0, Math.max(0, keys.length - KEPT))) await cache.delete(key);
  }
  return answer;
};

/** Every address of the console is the same page. */
const pageFromNetworkFirst = async (request: Request): Promise<Response> => {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.headers.get('cache-control') === 'no-cache') await cache.put('/', answer.clone());
    return answer;
  } catch (thrown) {
    const found = await cache.match('/');
    if (found) return found;
    throw thrown;
  }
};

const show = ({ title, options }: Shown): Promise<void> => worker.registration.showNotification(title, options);

const payloadIn = (data: Pushed['data']): PushPayload | undefined => {
  try {
    return data?.json() as PushPayload | undefined;
  } catch {
    return undefined;
  }
};

const take = async (payload: PushPayload | undefined): Promise<void> => {
  await show(notificationOf(payload));
  // The page that asked for it hears that this device got it.
  if (!payload?.code) return;
  for (const page of await worker.clients.matchAll({ type: 'window', includeUncontrolled: true }))
    page.postMessage({ code: payload.code });
};

const answer = async ({ tag, data }: Notification, action: string): Promise<void> => {
  const kept = data as Kept;
  const { origin } = worker.location;
  const button = kept.actions.find((one) => one.action === action);
  if (!button) return void (await worker.clients.openWindow(ownAddress(kept.url, origin)));
  const reply = await fetch(ownAddress(button.url, origin), { method: 'POST', headers: { accept: 'text/plain' } }).catch(
    () => undefined,
  );
  await show(outcomeOf(kept, tag, action, reply?.status));
};

addEventListener('push', (event) => (event as Pushed).waitUntil(take(payloadIn((event as Pushed).data))));
addEventListener('notificationclick', (event) => {
  const { notification, action } = event as Clicked;
  notification.close();
  (event as Clicked).waitUntil(answer(notification, action));
});

addEventListener('install', (event) => (event as Extendable).waitUntil(worker.skipWaiting()));
addEventListener('activate', (event) => (event as Extendable).waitUntil(worker.clients.claim()));
addEventListener('fetch', (event) => {
  const { request, respondWith } = event as Fetch;
  const respond = respondWith.bind(event);
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin || url.pathname.startsWith('/api/')) return;
  if (url.pathname.startsWith('/assets/')) respond(fromCacheFirst(request));
  else if (request.mode === 'navigate') respond(pageFromNetworkFirst(request));
});
