export type Values = Record<string, string | number | undefined>;

/** The template with each `{name}` replaced by what stands for it; what is put in is not read as a template, and what is missing leaves nothing behind. */
export const fill = (template: string, values: Values): string =>
  template.replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ''));

const units = (part: string): number => part.length;

/** Cuts at a whole character so that `size` of the result is at most `limit`; a cut text ends in three dots. */
export const cut = (text: string, limit: number, size = units): string => {
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

/** However little room there is, so much of a title is told. */
const LEAST_TITLE = 20;

/** The template filled so that it takes at most `limit`: the title gives way, each time it is told, what stands around it and `more` behind it do not. */
export const fillTo = (template: string, { title = '', more = '', ...values }: Values, limit: number, size = units): string => {
  const rest = size(fill(template, { ...values, title: more }));
  const told = Math.max(template.split('{title}').length - 1, 1);
  return fill(template, {
    ...values,
    title: `${cut(String(title), Math.max(Math.floor((limit - rest) / told), LEAST_TITLE), size)}${more}`,
  });
};
