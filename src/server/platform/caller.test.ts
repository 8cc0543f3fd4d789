import { expect, test } from 'vitest';
import { clientAddress } from './caller.ts';

const LOCAL = ['127.0.0.0/8', '::1/128'];
test.each<[connected: string, forwarded: string | undefined, trusted: string[], address: string, why: string]>([
  ['203.0.113.7', undefined, LOCAL, '203.0.113.7', 'no proxy'],
  ['203.0.113.7', '198.51.100.1', LOCAL, '203.0.113.7', 'a client that lies is not believed'],
  ['127.0.0.1', '198.51.100.1', LOCAL, '198.51.100.1', 'a proxy of ours is'],
  ['127.0.0.1', '10.9.9.9, 198.51.100.1', LOCAL, '198.51.100.1', 'what the client put before it is not'],
  ['127.0.0.1', '198.51.100.1, 10.0.0.5', [...LOCAL, '10.0.0.0/24'], '198.51.100.1', 'a chain of proxies'],
  ['::ffff:127.0.0.1', '198.51.100.1', LOCAL, '198.51.100.1', 'an IPv4 address in IPv6'],
  ['::1', '2001:db8::1', LOCAL, '2001:db8::1', 'IPv6'],
  ['127.0.0.1', '', LOCAL, '127.0.0.1', 'an empty header'],
  ['unknown', '198.51.100.1', LOCAL, 'unknown', 'no connection to ask'],
])('%s with %s through %j is %s: %s', (connected, forwarded, trusted, address, _why) =>
  expect(clientAddress(connected, forwarded, trusted)).toBe(address),
);
