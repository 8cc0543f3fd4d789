import { expect, test } from 'vitest';
import { WORDING_KINDS, WORDING_PARTS, type WordingKey, wordingProblem } from '../../../contract/wording.ts';
import { septets } from '../sms/gsm7.ts';
import { en, type Words } from './en.ts';
import { LANGUAGES, languageOf, say, spokenIn } from './words.ts';

const keys = Object.keys(en) as (keyof Words)[];
const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();

test.each(Object.entries(LANGUAGES))('%s has every sentence, with every placeholder, and nothing else', (_language, words) => {
  expect(Object.keys(words)).toEqual(keys);
  for (const key of keys) {
    if (!key.endsWith('page_text')) expect(words[key].trim(), key).not.toBe('');
    expect(placeholders(words[key]), key).toEqual(placeholders(en[key]));
  }
});

test.each(Object.entries(LANGUAGES))(
  '%s: nothing around an SMS costs the small alphabet, how to answer is short, and what is usual an administrator could write',
  (_language, words) => {
    for (const key of keys.filter((one) => /^(sms|more|code|line)/.test(one))) expect(septets(words[key]), key).toBeDefined();
    expect(septets(words['sms.answers'])).toBeLessThanOrEqual(40);
    for (const kind of WORDING_KINDS)
      for (const part of Object.keys(WORDING_PARTS[kind]))
        expect(wordingProblem(kind, part, words[`${kind}.${part}` as WordingKey]), `${kind}.${part}`).toBeUndefined();
  },
);

test('a sentence is said in the language of the person, else in English', () => {
  expect(say('de-CH', 'code.line', { code: '123' })).toBe('Ihr Code für Allclear ist 123');
  expect(say('fr', 'code.line', { code: '123' })).toBe('Your Allclear code is 123');
  // What is put in is not read as a template, and what is missing leaves nothing behind.
  expect(say('en', 'answer.escalated', { number: '{title}' })).toBe('{title}: the next person is paged.');
  expect(say(undefined, 'answer.escalated')).toBe(': the next person is paged.');
  expect([undefined, 'nl', 'toString', 'en-GB'].map(languageOf)).toEqual(['en', 'nl', 'en', 'en']);
  expect(['en-GB', 'en-ZA', 'nl-BE', 'de'].map(spokenIn)).toEqual(['en-GB', 'en-US', 'nl-NL', 'de-DE']);
});
