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

/** Cuts at a whole character so that `size` of the result is at most `limit`; a cut text ends in three dots. */
const cut = (text: string, limit: number, size: (part: string) => number): string => {
  if (size(text) <= limit) return text;
  let kept = '';
  let used = 3;
  for (const char of text) {
    used += size(char);
    if (used > limit) break;
    kept += char;
  }
  return `${kept.trimEnd()}...`;
};

/** Limits in the units of the encoding: one segment for the text, and for all of it 2×153 septets or 3×67 UTF-16 units. */
const GSM7 = { text: 160, total: 306, size: (part: string) => septets(part) ?? Number.POSITIVE_INFINITY };
const UCS2 = { text: 70, total: 201, size: (part: string) => part.length };

/**
 * The text of an SMS: the line cut to one segment, then the answers, then the link, each on a line of its own and only
 * where the whole stays within two GSM-7 segments (306 septets), or three UCS-2 ones (201 units) for other scripts. The
 * answers are told by the first of `hints` that lets all of it fit one segment; where none does, by the first.
 */
export const composeSms = (line: string, hints: string[], link: string | undefined): string => {
  const plain = toGsm7(line.replace(/\s+/g, ' ').trim());
  const limits = septets(plain) === undefined ? UCS2 : GSM7;
  const text = cut(limits === GSM7 ? plain : line.replace(/\s+/g, ' ').trim(), limits.text, limits.size);
  const hint = hints.find((one) => limits.size([text, one, link].filter(Boolean).join('\n')) <= limits.text) ?? hints[0];
  return [hint, link].reduce<string>((sms, part) => {
    const longer = `${sms}\n${part}`;
    return part !== undefined && limits.size(longer) <= limits.total ? longer : sms;
  }, text);
};
