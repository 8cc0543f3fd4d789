import type { Sentence } from '../../../contract/wording.ts';
import { de } from './de.ts';
import { en, type Words } from './en.ts';
import { fill, type Values } from './fill.ts';
import { nl } from './nl.ts';

/** The languages in which people are told, by the first part of a language tag. */
export const LANGUAGES: Record<string, Words> = { en, de, nl };
export const languages: readonly string[] = Object.keys(LANGUAGES);

/** English voices that read English better to those who grew up with them. */
const ENGLISH_VOICES = ['en-GB', 'en-AU', 'en-IN'];

/** The language among ours that somebody is told in. */
export const languageOf = (locale: string | undefined): string => {
  const language = locale?.split('-')[0] ?? '';
  return Object.hasOwn(LANGUAGES, language) ? language : 'en';
};

/** Whether there are words in the language of this tag. */
export const hasWords = (locale: string): boolean => Object.hasOwn(LANGUAGES, locale.split('-')[0] ?? '');

/** A sentence as it is written for somebody of this language, with nothing filled in. */
export const unfilled = (locale: string | undefined, key: keyof Words): string => LANGUAGES[languageOf(locale)]![key];

/** What is said to somebody of this language (BCP 47), with `{name}` filled in; English for languages there are no words in. */
export const say = (locale: string | undefined, key: keyof Words, values: Values = {}): string =>
  fill(unfilled(locale, key), values);

/** A sentence in the language of somebody; one that is kept and has no words any more leaves its place empty. */
export const tell = (locale: string | undefined, { key, values }: Sentence): string =>
  Object.hasOwn(en, key)
    ? say(
        locale,
        key as keyof Words,
        Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? tell(locale, value) : value]),
        ),
      )
    : '';

/** The language tag of the voice that reads these words. */
export const spokenIn = (locale: string | undefined): string =>
  locale && ENGLISH_VOICES.includes(locale) ? locale : say(locale, 'voice');
