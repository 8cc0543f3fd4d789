import { expect, test } from 'vitest';
import type { PushPayload } from '../contract/web-push.ts';
import { type Kept, notificationOf, outcomeOf, ownAddress } from './push-notification.ts';

const page: PushPayload = {
  kind: 'page',
  title: 'INC-1 disk is wrong',
  body: 'Service: db',
  tag: 'one',
  url: 'https://allclear.example.com/p/1',
  actions: [{ action: 'acknowledge', title: 'Acknowledge', url: 'https://allclear.example.com/p/1/acknowledge' }],
};

test('a page stays until it is answered; a push that cannot be read is shown all the same', () => {
  expect(notificationOf(page)).toMatchObject({
    title: 'INC-1 disk is wrong',
    options: { body: 'Service: db', tag: 'one', renotify: true, requireInteraction: true, data: { url: page.url } },
  });
  expect(notificationOf({ ...page, kind: 'test' }).options.requireInteraction).toBe(false);
  expect(notificationOf(undefined)).toMatchObject({
    title: 'Allclear',
    options: { tag: 'unreadable', actions: [], data: { url: '/' } },
  });
});

test.each([
  [200, 'Acknowledged: INC-1 disk is wrong', '', 0, true],
  [410, 'NOT acknowledged: INC-1 disk is wrong', 'The link of this page has expired. Tap to open it.', 0, false],
  [404, 'NOT acknowledged: INC-1 disk is wrong', 'The link of this page has expired. Tap to open it.', 0, false],
  [503, 'NOT acknowledged: INC-1 disk is wrong', 'Allclear did not answer. Press again, or tap to open the page.', 1, false],
  [
    undefined,
    'NOT acknowledged: INC-1 disk is wrong',
    'Allclear did not answer. Press again, or tap to open the page.',
    1,
    false,
  ],
])('an answer that came to %s says so', (status, title, body, buttons, silent) => {
  const { data } = notificationOf(page).options;
  const shown = outcomeOf(data satisfies Kept, 'one', 'acknowledge', status);
  expect(shown).toMatchObject({ title, options: { body, tag: 'one', silent, renotify: !silent, requireInteraction: !silent } });
  expect(shown.options.actions).toHaveLength(buttons);
});

test('the worker asks the installation it came from, whatever name the link has', () => {
  expect(ownAddress('https://allclear.example.com/p/1?a=b', 'https://10.0.0.1:8443')).toBe('https://10.0.0.1:8443/p/1?a=b');
  expect(ownAddress('/', 'https://10.0.0.1:8443')).toBe('https://10.0.0.1:8443/');
});
