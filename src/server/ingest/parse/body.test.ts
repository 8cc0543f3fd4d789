import { describe, expect, test } from 'vitest';
import { decodeBody } from './body.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const multipart = (name: string, value: string) =>
  `--XX\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--XX\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nbytes\r\n--XX--\r\n`;
const FORM = 'application/x-www-form-urlencoded';

describe('decodeBody', () => {
  test.each<[string, string, string | undefined, unknown]>([
    ['JSON as JSON', '{"a":1}', 'application/json', { a: 1 }],
    ['JSON with a charset', '{"a":1}', 'application/json; charset=utf-8', { a: 1 }],
    ['JSON as text', ' [1] ', 'text/plain', [1]],
    ['JSON as a form (curl -d)', '{"a":"b=c"}', FORM, { a: 'b=c' }],
    ['JSON without a type', '{"a":1}', undefined, { a: 1 }],
    ['JSON encoded twice', JSON.stringify('{"a":1}'), 'application/json', { a: 1 }],
    ['a JSON string', '"disk full"', 'application/json', 'disk full'],
    ['a bare number is text', '404', 'application/json', '404'],
    ['bad JSON is text', '{"a":', 'application/json', '{"a":'],
    ['a form', 'a=1&b=x+y%21', FORM, { a: '1', b: 'x y!' }],
    ['a form without a type', 'title=Disk%20full&severity=critical', undefined, { title: 'Disk full', severity: 'critical' }],
    ['a sentence posted as a form', 'disk is full', FORM, 'disk is full'],
    ['an address is text', 'https://x/?a=b', undefined, 'https://x/?a=b'],
    ['a form whose data is JSON (Uptime Kuma)', `data=${encodeURIComponent('{"msg":"m"}')}`, FORM, { msg: 'm' }],
    ['a form whose payload is JSON (Slack)', `payload=${encodeURIComponent('[1]')}`, FORM, [1]],
    ['a form whose data is text', 'data=x', FORM, { data: 'x' }],
    ['multipart', multipart('title', 'two\r\nlines'), 'multipart/form-data; boundary=XX', { title: 'two\r\nlines' }],
    ['multipart data', multipart('data', '{"msg":"m"}'), 'multipart/form-data; boundary="XX"', { msg: 'm' }],
    ['text', 'Disk full on db1\nmore', 'text/plain', 'Disk full on db1\nmore'],
    [
      'large integers keep their digits',
      '{"id":9876543210123456789,"n":1.5,"s":1234567890123456}',
      undefined,
      { id: '9876543210123456789', n: 1.5, s: 1234567890123456 },
    ],
    ['an own __proto__', '{"__proto__":1}', undefined, JSON.parse('{"__proto__":1}')],
  ])('%s', (_case, text, type, value) => expect(decodeBody(bytes(text), type, { q: 'unused' })).toEqual(value));

  test('byte order marks and charsets', () => {
    expect(decodeBody(bytes('\ufeff{"a":1}'), undefined, {})).toEqual({ a: 1 });
    expect(decodeBody(new Uint8Array([0xff, 0xfe, ...Buffer.from('{"a":1}', 'utf16le')]), undefined, {})).toEqual({ a: 1 });
    expect(decodeBody(new Uint8Array([0xe9]), 'text/plain; charset=latin1', {})).toBe('é');
    expect(decodeBody(new Uint8Array([0xe9]), 'text/plain; charset=nonsense', {})).toBe('\uFFFD');
  });

  test('no bytes: the query without credentials', () => {
    expect(decodeBody(bytes('  '), undefined, { title: 'x', token: 't', apiKey: 'k' })).toEqual({ title: 'x' });
    expect(decodeBody(bytes(''), 'application/json', { token: 't' })).toBeUndefined();
  });
});
