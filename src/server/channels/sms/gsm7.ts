import { cut, fill, fillTo, type Values } from '../words/fill.ts';

// 3GPP TS 23.038 §6.2.1: the default alphabet; §6.2.1.1: the extension table, two septets each.
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENDED = new Set('^{}\\[~]|€\f');
const PLAIN: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '‑': '-',
  '−': '-',
  '…': '...',
  '•': '-',
  '→': '->',
  '×': 'x',
  '`': "'",
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  ı: 'i',
  '\t': ' ',
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2009': ' ',
};

const septetsOf = (char: string): number => (BASIC.has(char) ? 1 : EXTENDED.has(char) ? 2 : Number.NaN);

/** Septets the text takes in the GSM 7-bit alphabet, or undefined when it has a character outside it. */
export const septets = (text: string): number | undefined => {
  const total = [...text].reduce((sum, char) => sum + septetsOf(char), 0);
  return Number.isNaN(total) ? undefined : total;
};

/** The text with typographic signs and unknown accents made plain, so that one odd quote does not halve what fits. */
export const toGsm7 = (text: string): string =>
  [...text]
    .map((char) => {
      if (!Number.isNaN(septetsOf(char))) return char;
      const bare = PLAIN[char] ?? char.normalize('NFD').replace(/\p{M}/gu, '');
      return septets(bare) === undefined ? char : bare;
    })
    .join('');

/** Limits in the units of the encoding: one segment for the text, and for all of it 2×153 septets or 3×67 UTF-16 units. */
const GSM7 = { text: 160, total: 306, size: (part: string) => septets(part) ?? Number.POSITIVE_INFINITY };
const UCS2 = { text: 70, total: 201, size: (part: string) => part.length };

/** What is said in passing takes no more, so that what matters fits. */
const MOST_ASIDE = 60;
const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * The text of an SMS: the template, line by line, each with its title cut so that it takes at most one segment. The answers are told
 * by the first of `hints` that lets all of it fit one segment; where none does, by the first, and the whole stays within two GSM-7
 * segments (306 septets), or three UCS-2 ones (201 units) for other scripts: the title gives way, then, where there are answers, the
 * link. Rather than say less than that it is longer.
 */
export const composeSms = (template: string, hints: string[], { link, ...given }: Values): string => {
  const values = Object.fromEntries(
    Object.entries(given).map(([name, value = '']) => {
      const text = squeezed(String(value));
      return [name, name === 'title' || name === 'more' ? text : cut(text, MOST_ASIDE)];
    }),
  );
  const more = values.more ? ` ${values.more}` : '';
  const isPlain = septets(toGsm7(fill(template, { ...values, more, link, answers: hints[0] }))) !== undefined;
  const { text: segment, total, size } = isPlain ? GSM7 : UCS2;
  const plain = isPlain ? toGsm7 : (text: string) => text;
  const parts = Object.fromEntries(Object.entries({ ...values, more }).map(([name, value]) => [name, plain(value)]));
  const write = (answers: string | undefined, url: typeof link, line = segment): string =>
    template
      .split('\n')
      .map((one) => squeezed(fillTo(plain(one), { ...parts, answers, link: url }, line, size)))
      .filter(Boolean)
      .join('\n');
  const short = hints.map((hint) => write(hint, link)).find((text) => size(text) <= segment);
  if (short !== undefined) return short;
  const [hint] = hints;
  const isAnswered = hint !== undefined && template.includes('{answers}');
  for (const url of isAnswered ? [link, undefined] : [link]) {
    for (let line = segment; line > 0; line -= 10) {
      const whole = write(hint, url, line);
      if (size(whole) <= total) return whole;
    }
  }
  return write(hint, isAnswered ? undefined : link, 0);
};

/** How a text travels as SMS, and in how many segments (3GPP TS 23.040 §9.2.3.24.1: of several, each gives up room to say which it is). */
export const smsSize = (text: string): { alphabet: 'GSM-7' | 'UCS-2'; characters: number; segments: number } => {
  const size = septets(text);
  const [alphabet, one, several] = size === undefined ? (['UCS-2', 70, 67] as const) : (['GSM-7', 160, 153] as const);
  const characters = size ?? text.length;
  return { alphabet, characters, segments: characters <= one ? 1 : Math.ceil(characters / several) };
};
