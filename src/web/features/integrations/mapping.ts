/** A mapping as its form shows it: lists in place of objects, so that a name can be empty while it is typed. */
export type MappingForm = {
  summary: string;
  severity: string;
  dedup_key: string;
  action: string;
  source: string;
  labels: [string, string][];
  severity_map: [string, string][];
  action_map: [string, string][];
  /** Everything else of it, such as links, as it is. */
  rest: Record<string, unknown>;
};
export type Mapping = Record<string, unknown>;

export const FIELDS = ['summary', 'severity', 'dedup_key', 'action', 'source'] as const;
const MAPS = ['labels', 'severity_map', 'action_map'] as const;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const pairsOf = (value: unknown): [string, string][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).map(([name, path]) => [name, textOf(path)])
    : [];

export const formOf = (mapping: Mapping | undefined): MappingForm => {
  const { summary, severity, dedup_key, action, source, labels, severity_map, action_map, ...rest } = mapping ?? {};
  return {
    summary: textOf(summary),
    severity: textOf(severity),
    dedup_key: textOf(dedup_key),
    action: textOf(action),
    source: textOf(source),
    labels: pairsOf(labels),
    severity_map: pairsOf(severity_map),
    action_map: pairsOf(action_map),
    rest,
  };
};

/** As it is saved; what is empty is left out, and nothing at all is no mapping. */
export const mappingOf = (form: MappingForm): Mapping | undefined => {
  const out: Mapping = {};
  for (const name of FIELDS) if (form[name].trim()) out[name] = form[name];
  for (const name of MAPS) {
    const pairs = form[name].filter(([key]) => key.trim() !== '');
    if (pairs.length > 0) out[name] = Object.fromEntries(pairs);
  }
  Object.assign(out, form.rest);
  return Object.keys(out).length > 0 ? out : undefined;
};
