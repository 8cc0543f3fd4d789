import { z } from 'zod';
import type { AlertSeverity, Signal } from '../../alerts/types.ts';
import { AppError, invalid } from '../../platform/errors.ts';
import { textOf } from './fields.ts';
import { compileExpression, type Expression, evaluate } from './path.ts';

const Expr = z.string();
const MappingConfig = z
  .object({
    summary: Expr.optional(),
    severity: Expr.optional(),
    dedup_key: Expr.optional(),
    action: Expr.optional(),
    source: Expr.optional(),
    labels: z.record(z.string(), Expr).optional(),
    links: z
      .array(z.union([Expr, z.object({ href: Expr, text: Expr.optional() }).loose()]))
      .max(50)
      .optional(),
    images: z
      .array(z.union([Expr, z.object({ src: Expr, href: Expr.optional(), alt: Expr.optional() }).loose()]))
      .max(20)
      .optional(),
    severity_map: z.record(z.string(), z.enum(['critical', 'error', 'warning', 'info'])).optional(),
    action_map: z.record(z.string(), z.enum(['trigger', 'acknowledge', 'resolve', 'ignore'])).optional(),
  })
  .loose();

type MappedAction = Signal['action'] | 'ignore';

/** A compiled mapping: `read` gives a field's value for an event, the two maps translate the sender's own words. */
export type Mapping = {
  fields: Partial<Record<'summary' | 'severity' | 'dedup_key' | 'action' | 'source', Expression>>;
  labels: [string, Expression][];
  links: { href: Expression; text?: Expression }[];
  images: { src: Expression; href?: Expression; alt?: Expression }[];
  severities: Map<string, AlertSeverity>;
  actions: Map<string, MappedAction>;
};

/**
 * The mapping in an integration's config, compiled; undefined when there is none. Throws `invalid`, naming the field
 * (`mapping.labels.team`), for one that cannot work: check it when the integration is saved.
 */
export function readMapping(config: unknown): Mapping | undefined {
  const known = typeof config === 'object' && config !== null ? compiled.get(config) : undefined;
  if (known) return known;
  const mapping = compileMapping(config);
  if (mapping) compiled.set(config as object, mapping);
  return mapping;
}

/** By the config object itself, which one integration's requests share for a while. */
const compiled = new WeakMap<object, Mapping>();

function compileMapping(config: unknown): Mapping | undefined {
  const given = typeof config === 'object' && config !== null ? (config as { mapping?: unknown }).mapping : undefined;
  if (given === undefined || given === null) return undefined;
  const parsed = MappingConfig.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(issue?.message ?? 'is not a mapping', ['mapping', ...(issue?.path ?? [])].join('.'));
  }
  const mapping = parsed.data;
  const compile = (source: string | undefined, field: string) =>
    source === undefined || source.trim() === '' ? undefined : compileExpression(source, `mapping.${field}`);
  const fields: Mapping['fields'] = {};
  for (const name of ['summary', 'severity', 'dedup_key', 'action', 'source'] as const) {
    const expression = compile(mapping[name], name);
    if (expression) fields[name] = expression;
  }
  return {
    fields,
    labels: Object.entries(mapping.labels ?? {}).flatMap(([name, source]) => {
      const expression = compile(source, `labels.${name}`);
      return expression ? [[name, expression] as [string, Expression]] : [];
    }),
    links: (mapping.links ?? []).flatMap((link, index) => {
      const { href, text } = typeof link === 'string' ? { href: link, text: undefined } : link;
      const target = compile(href, `links.${index}.href`);
      const shown = compile(text, `links.${index}.text`);
      return target ? [{ href: target, ...(shown && { text: shown }) }] : [];
    }),
    images: (mapping.images ?? []).flatMap((image, index) => {
      const given = typeof image === 'string' ? { src: image } : image;
      const [src, href, alt] = (['src', 'href', 'alt'] as const).map((name) =>
        compile((given as Record<string, string | undefined>)[name], `images.${index}.${name}`),
      );
      return src ? [{ src, ...(href && { href }), ...(alt && { alt }) }] : [];
    }),
    severities: words(mapping.severity_map),
    actions: words(mapping.action_map),
  };
}

/** The mapping, or none and the reason in `problems`: a mapping that went bad must not lose the event. */
export function readMappingOrNone(config: unknown, problems: string[]): Mapping | undefined {
  try {
    return readMapping(config);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    problems.push(`${thrown.field ?? 'mapping'}: ${thrown.message}; the mapping was not used`);
    return undefined;
  }
}

/** What the mapping says of one event; absent where it is silent or its path finds nothing. */
export function applyMapping(mapping: Mapping, event: unknown) {
  const value = (expression: Expression | undefined) => (expression ? evaluate(expression, event) : undefined);
  const severity = value(mapping.fields.severity);
  const action = value(mapping.fields.action);
  return {
    summary: textOf(value(mapping.fields.summary)),
    key: textOf(value(mapping.fields.dedup_key)),
    source: textOf(value(mapping.fields.source)),
    severity: lookUp(mapping.severities, severity) ?? severity,
    action: lookUp(mapping.actions, action) ?? action,
    labels: Object.fromEntries(mapping.labels.map(([name, expression]) => [name, value(expression)])),
    links: mapping.links.map(({ href, text }) => ({ href: value(href), text: value(text) })),
    images: mapping.images.map(({ src, href, alt }) => ({ src: value(src), href: value(href), alt: value(alt) })),
  };
}

function words<T>(map: Record<string, T> | undefined): Map<string, T> {
  return new Map(Object.entries(map ?? {}).map(([word, meaning]) => [word.trim().toLowerCase(), meaning]));
}

function lookUp<T>(map: Map<string, T>, value: unknown): T | undefined {
  return map.get(textOf(value)?.toLowerCase() ?? '');
}
