import { expect, test } from 'vitest';
import { chained, chainOf, FIELDS, type FieldSpec, vendorOf, withField } from './channel-fields.ts';

const field = (key: string) => FIELDS.email.find((one) => one.key === key) as FieldSpec;
test.each([
  ['text is kept', {}, undefined, 'host', 'a.example', { host: 'a.example' }],
  ['emptied text goes', { host: 'a' }, undefined, 'host', '', {}],
  ['a number is a number', {}, undefined, 'port', '465', { port: 465 }],
  ['what is no number is for the server to refuse', {}, undefined, 'port', 'x', { port: 'x' }],
  ['a switch', {}, undefined, 'plus_address', false, { plus_address: false }],
  ['a secret typed over the stored one', { password: '…' }, { password: '…' }, 'password', 'new', { password: 'new' }],
  ['a secret emptied again is the stored one', { password: 'ne' }, { password: '…' }, 'password', '', { password: '…' }],
  ['a new secret emptied goes', { password: 'ne' }, {}, 'password', '', {}],
])('%s', (_, config, saved, key, typed, result) => expect(withField(config, saved, field(key), typed)).toEqual(result));

test('a chain of vendors is taken apart and put together again, in any order', () => {
  const config = { account_sid: 'AC1', next: { vendor: 'plivo', auth_id: 'MA1' } };
  const chain = chainOf(config);
  expect(chain.map(vendorOf)).toEqual(['twilio', 'plivo']);
  expect(chained(chain)).toEqual(config);
  expect(chained(chain.toReversed())).toEqual({ vendor: 'plivo', auth_id: 'MA1', next: { account_sid: 'AC1' } });
  expect(chainOf({})).toEqual([{}]);
});
