/** What a spreadsheet would take for a formula: it gets an apostrophe before it, and is shown as the text it is. */
const FORMULA = /^[\s]*[=+\-@|%]|^[\t\r\n]/;

/** One line of CSV (RFC 4180), every cell quoted, safe to open in a spreadsheet. */
export const csvLine = (cells: readonly (string | null)[]): string =>
  `${cells
    .map((cell) => {
      const text = cell ?? '';
      return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
    })
    .join(',')}\r\n`;
