import { entryProblem, type Wording, type WordingKey, type WordingKind, wordingProblem } from '../../../contract/wording.ts';
import type { ChannelName } from '../types.ts';
import { languageOf, unfilled } from './words.ts';

const KINDS: Record<ChannelName, WordingKind | undefined> = {
  sms: 'sms',
  voice: 'voice',
  email: 'email',
  slack: 'chat',
  teams: 'chat',
  discord: 'chat',
  telegram: 'chat',
  mattermost: 'chat',
  matrix: 'chat',
  ntfy: 'push',
  webpush: 'push',
  pushover: 'push',
  // A program reads it, so its words stay as they are.
  webhook: undefined,
};
/** How the wording of a channel is called; undefined: it has none of its own. */
export const wordingKind = (channel: ChannelName): WordingKind | undefined => KINDS[channel];
export const channelsWorded = (kind: WordingKind): ChannelName[] =>
  (Object.keys(KINDS) as ChannelName[]).filter((channel) => KINDS[channel] === kind);

type Template = {
  template: string;
  /** The installation's own. */
  isOwn: boolean;
  /** Why the installation's own is not used. */
  problem?: string;
};

/**
 * How a part is worded for somebody of this language: the installation's own for it, or for the language they are told in; else the
 * usual. An own one that cannot be used, because it was stored by another version or by hand, never holds a message up.
 */
export const templateOf = (own: Wording | undefined, key: WordingKey, locale: string | undefined): Template => {
  const [kind = '', part = ''] = key.split('.');
  const usual = unfilled(locale, key);
  const language = [locale?.split('-')[0] ?? '', languageOf(locale)].find((one) => own?.[kind]?.[part]?.[one] !== undefined);
  if (language === undefined) return { template: usual, isOwn: false };
  const template = own?.[kind]?.[part]?.[language] ?? '';
  const problem = wordingProblem(kind, part, template);
  return problem ? { template: usual, isOwn: false, problem } : { template, isOwn: true };
};

/** What in the installation's own wording cannot be used: where, and why. */
export const brokenWording = (own: Wording | undefined): { kind: string; part: string; language: string; problem: string }[] =>
  Object.entries(own ?? {}).flatMap(([kind, parts]) =>
    Object.entries(parts).flatMap(([part, languages]) =>
      Object.entries(languages).flatMap(([language, template]) => {
        const problem = entryProblem(kind, part, language, template);
        return problem ? [{ kind, part, language, problem }] : [];
      }),
    ),
  );
