import fc from 'fast-check';

const codePointOf = (text: unknown): number => {
  if (typeof text !== 'string' || text.length === 0 || String.fromCodePoint(text.codePointAt(0) as number) !== text)
    throw new Error('not one code point');
  return text.codePointAt(0) as number;
};

/** Any text, and halves of surrogate pairs too. The unit `binary` of fast-check leaves those out, and takes two seconds to begin with. */
export const anyText = (limits: { maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code), codePointOf), ...limits });
