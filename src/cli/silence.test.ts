import { expect, it } from 'vitest';
import { readMatcher } from './silence.ts';

it.each([
  ['env=staging', { name: 'env', op: '=', value: 'staging' }],
  ['env != staging', { name: 'env', op: '!=', value: 'staging' }],
  ['summary=~disk.*=full', { name: 'summary', op: '=~', value: 'disk.*=full' }],
  ['host!~web-\\d+', { name: 'host', op: '!~', value: 'web-\\d+' }],
  ['team=', { name: 'team', op: '=', value: '' }],
])('%s is a test', (text, matcher) => expect(readMatcher(text)).toEqual(matcher));

it.each(['env', '=x', '', 'a b=c'])('"%s" is none', (text) => expect(() => readMatcher(text)).toThrow(/name=value/));
