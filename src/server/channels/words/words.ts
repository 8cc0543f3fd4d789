import { de } from './de.ts';
import { en, type Words } from './en.ts';
import { nl } from './nl.ts';

/** The languages in which people are told, by the first part of a language tag. */
export const LANGUAGES: Record<string, Words> = { en, de, nl };

/** English voices that read English better to those who grew up with them. */
const ENGLISH_VOICES = ['en-GB', 'en-AU', 'en-IN'];

/** The language among ours that somebody is told in. */
export const languageOf = (locale: string | undefined): string => {
  const language = locale?.split('-')[0] ?? '';
  return Object.hasOwn(LANGUAGES, language) ? language : 'en';
};

/** What is said to somebody of this language (BCP 47), with `{name}` filled in; English for languages there are no words in. */
export const say = (locale: string | undefined, key: keyof Words, values: Record<string, string | number> = {}): string =>
  LANGUAGES[languageOf(locale)]![key].replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ''));

/** The language tag of the voice that reads these words. */
export const spokenIn = (locale: string | undefined): string =>
  locale && ENGLISH_VOICES.includes(locale) ? locale : say(locale, 'voice');
