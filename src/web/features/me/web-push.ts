import { me } from '../../text/me.ts';
import { browserOf } from './browser-of.ts';
import type { Method } from './reach-changes.ts';

const t = me.push;
/** Milliseconds a push may take to come back. */
const PATIENCE = 30_000;

/** Why this browser can take no pushes; undefined when it can. */
export const obstacle = (): string | undefined => {
  if (!window.isSecureContext) return t.insecure;
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) return t.cannot;
  return Notification.permission === 'denied' ? t.blocked : undefined;
};

const workerOf = async (): Promise<ServiceWorkerRegistration> => {
  const worker = await navigator.serviceWorker.getRegistration();
  if (!worker?.active) throw new Error(t.noWorker);
  return worker;
};

/** Where pushes to this device go; null when it has not subscribed. */
export const ownEndpoint = async (): Promise<string | null> => {
  if (obstacle()) return null;
  const worker = await navigator.serviceWorker.getRegistration();
  return (await worker?.pushManager.getSubscription())?.endpoint ?? null;
};

/** The server's key as the browser shows it again. */
const keyOf = (subscription: PushSubscription): string => {
  const bytes = new Uint8Array(subscription.options.applicationServerKey ?? new ArrayBuffer());
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
};

/** Asks for permission and subscribes with the server's key, `anew` to get another address. Returns the address of a contact method. Throws what to tell. */
export const subscribe = async (key: string, anew: boolean): Promise<string> => {
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') throw new Error(permission === 'denied' ? t.blocked : t.dismissed);
  const { pushManager } = await workerOf();
  // One made with the key of another installation that was at this address would take nothing of ours.
  const before = await pushManager.getSubscription();
  if (before && (anew || keyOf(before) !== key)) await before.unsubscribe();
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }).catch(() => {
    throw new Error(t.noService);
  });
  const { endpoint, keys } = made.toJSON();
  return JSON.stringify({ endpoint, keys });
};

/** Asks for a push by `ask` and answers the code that it carried, once it has reached this device. Throws what to tell. */
export const codeThatComes = async (ask: () => Promise<unknown>): Promise<string> => {
  const wait = Promise.withResolvers<string>();
  const hear = ({ data }: MessageEvent<{ code?: string }>) => data.code && wait.resolve(data.code);
  const timer = setTimeout(() => wait.reject(new Error(t.late)), PATIENCE);
  navigator.serviceWorker.addEventListener('message', hear);
  try {
    const [code] = await Promise.all([wait.promise, ask()]);
    return code;
  } finally {
    clearTimeout(timer);
    navigator.serviceWorker.removeEventListener('message', hear);
  }
};

/** `chrome-android`, or `chrome-android-2` when there is one. */
export const labelFor = (agent: string, methods: Method[]): string => {
  const name =
    browserOf(agent)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 50) || 'browser';
  const taken = (label: string) => methods.some((one) => one.label === label);
  let label = name;
  for (let count = 2; taken(label); count += 1) label = `${name}-${count}`;
  return label;
};
