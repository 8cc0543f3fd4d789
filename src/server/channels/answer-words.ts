import type { InboundReply } from './types.ts';

type Action = InboundReply['action'];

const WORDS: Record<string, Action> = {
  ack: 'acknowledge',
  acked: 'acknowledge',
  acknowledge: 'acknowledge',
  acknowledged: 'acknowledge',
  escalate: 'escalate',
  resolve: 'resolve',
  resolved: 'resolve',
};
/** The keys on-call people know from other pagers. */
const DIGITS: Record<string, Action> = { '4': 'acknowledge', '5': 'escalate', '6': 'resolve' };

/** The action a pressed key stands for. */
export const actionOfDigit = (digit: string): Action | undefined => (Object.hasOwn(DIGITS, digit) ? DIGITS[digit] : undefined);

/** The action a line starts with, in any case, with or without more text after the word: `Ack, on my way`. A question is none. */
export const actionOfLine = (line: string): Action | undefined => {
  const word = /^\s*([a-z]+)(?=$|[\s.,;:!–—-])/i.exec(line)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
};

/** What was said, for the record: at most 200 characters. */
export const quoted = (said: string): string => [...said.trim()].slice(0, 200).join('');
