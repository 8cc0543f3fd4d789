import type { PushPayload } from '../contract/web-push.ts';
import { push as t } from './text/push.ts';

/** What `showNotification` is given; the types of the DOM know no actions yet. */
export type Shown = {
  title: string;
  options: NotificationOptions & {
    actions: { action: string; title: string }[];
    renotify: boolean;
    data: Kept;
  };
};
/** What is needed when the notification is answered, minutes or hours later. */
export type Kept = { title: string; url: string; actions: PushPayload['actions'] };

const LOOKS = { icon: '/icon-192.png', badge: '/icon-192.png' };

/** A push as a notification. A browser that shows none for a push loses the right to get any, so an unreadable one shows too. */
export const notificationOf = (payload: PushPayload | undefined): Shown => {
  const {
    kind,
    title,
    body,
    tag,
    url = '/',
    actions,
  } = payload ?? { kind: 'notice', tag: 'unreadable', actions: [], ...t.unreadable };
  return {
    title,
    options: {
      ...LOOKS,
      body,
      tag,
      // It takes the place of an older one and sounds again: somebody sleeps.
      renotify: true,
      requireInteraction: kind === 'page',
      actions: actions.map((one) => ({ action: one.action, title: one.title })),
      data: { title, url, actions },
    },
  };
};

/** What came of a pressed button. What failed stays, sounds, and can be pressed again. */
export const outcomeOf = (kept: Kept, tag: string, action: string, status: number | undefined): Shown => {
  const done = status !== undefined && status >= 200 && status < 300;
  const expired = status === 404 || status === 410;
  return {
    title: `${(done ? t.done : t.notDone)[action] ?? ''}: ${kept.title}`,
    options: {
      ...LOOKS,
      body: done ? '' : expired ? t.expired : t.unanswered,
      tag,
      renotify: !done,
      silent: done,
      requireInteraction: !done,
      actions: done || expired ? [] : kept.actions.map((one) => ({ action: one.action, title: one.title })),
      data: kept,
    },
  };
};

/** Whatever name this installation is reached by, its own is the one this worker can ask. */
export const ownAddress = (url: string, origin: string): string => {
  const { pathname, search } = new URL(url, origin);
  return `${origin}${pathname}${search}`;
};
