/** A stable name made of what people write: `Ana María Souza` becomes `ana-maria-souza`. Empty when nothing of it can stay. */
export const slugify = (words: string): string =>
  words
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .replaceAll(/^[-._]+|[-._]+$/g, '')
    .slice(0, 63)
    .replace(/[-._]+$/, '');

/** Lists of names in one text: `Ana, Ben and Carl`. */
export const splitNames = (text: string): string[] =>
  text
    .split(/,|;|&|\band\b/)
    .map((part) => part.trim())
    .filter(Boolean);
