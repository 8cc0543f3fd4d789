import { expect, test } from 'vitest';
import { isSlug, slugOf } from './slug.ts';

test.each([
  ['Checkout API', 'checkout-api'],
  ['  Zahlung (Köln) ', 'zahlung-koln'],
  ['日本', ''],
  ['--', ''],
  ['x'.repeat(80), 'x'.repeat(63)],
])('"%s" is named "%s"', (title, slug) => expect(slugOf(title)).toBe(slug));

test.each([
  ['a', true],
  ['db.eu-1_x', true],
  ['', false],
  ['-a', false],
  ['A', false],
  ['a b', false],
  ['x'.repeat(64), false],
])('"%s" can be a name: %s', (text, can) => expect(isSlug(text)).toBe(can));
