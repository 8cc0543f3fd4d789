/**
 * Makes the console installable and opens it when the server is away: then it says that it is offline instead
 * of nothing. Keeps the page and its hashed files, never an answer of the API.
 */
type Extendable = Event & { waitUntil: (work: Promise<unknown>) => void };
type Fetch = Extendable & { request: Request; respondWith: (answer: Promise<Response>) => void };

const CACHE = 'allclear-shell';
/** Old builds leave their files behind: about ten builds' worth stay. */
const KEPT = 300;
const worker = self as unknown as {
  skipWaiting: () => Promise<void>;
  clients: { claim: () => Promise<void> };
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

addEventListener('install', (event) => (event as Extendable).waitUntil(worker.skipWaiting()));
addEventListener('activate', (event) => (event as Extendable).waitUntil(worker.clients.claim()));
addEventListener('fetch', (event) => {
  const { request, respondWith } = event as Fetch;
  const answer = respondWith.bind(event);
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin || url.pathname.startsWith('/api/')) return;
  if (url.pathname.startsWith('/assets/')) answer(fromCacheFirst(request));
  else if (request.mode === 'navigate') answer(pageFromNetworkFirst(request));
});

export {};
