import { routing } from '../../text/routing.ts';
import { ui } from '../../text/ui.ts';
import { conditionWords } from '../matching/words.ts';
import type { RoutingRule } from './queries.ts';

const t = routing.rule;

/** What a rule asks: `If service is db and severity is info`. */
export const whenWords = (rule: RoutingRule): string =>
  'all' in rule.when && rule.when.all.length === 0 ? t.whenAll : t.when(conditionWords(rule.when));

/** What it does: each effect a phrase. */
export const effectWords = ({ set, drop, stop }: RoutingRule): string[] => {
  const words = [
    ...(set.service ? [t.service(set.service)] : []),
    ...(set.severity ? [t.severity(ui.severity[set.severity])] : []),
    ...(set.urgency ? [t.urgency(routing.field.urgencies[set.urgency])] : []),
    ...Object.entries(set.labels ?? {}).map(([name, value]) => t.label(name, value)),
    ...(drop ? [t.drop(drop)] : []),
    ...(stop ? [t.stop] : []),
  ];
  return words.length > 0 ? words : [t.nothing];
};

/** The list with one of it in another place. */
export const moved = <T>(list: T[], from: number, to: number): T[] => {
  const out = [...list];
  const [one] = out.splice(from, 1);
  if (one !== undefined) out.splice(to, 0, one);
  return out;
};

/** Where one stands after another was moved. */
export const placeAfter = (place: number, from: number, to: number): number => {
  if (place === from) return to;
  const without = place > from ? place - 1 : place;
  return without >= to ? without + 1 : without;
};

/** Of which rule the server speaks: `items.2.when.all.0`, `rules.2.name`, `2.when`. */
export const ruleOf = (field: string | undefined): number | undefined => {
  const found = /^(?:items\.|rules\.)?(\d+)(?:\.|$)/.exec(field ?? '');
  return found ? Number(found[1]) : undefined;
};

/** A name that none of the rules has. */
export const freshName = (rules: RoutingRule[]): string => {
  const names = new Set(rules.map((one) => one.name));
  for (let n = rules.length + 1; ; n += 1) if (!names.has(`rule-${n}`)) return `rule-${n}`;
};

/** How many rules are new, gone, changed or in another place. */
export const rulesChanged = (before: RoutingRule[], after: RoutingRule[]): number => {
  const [was, is] = [before, after].map((list) => list.map((one) => JSON.stringify(one))) as [string[], string[]];
  return Math.max(is.filter((one, index) => was[index] !== one).length, was.filter((one, index) => is[index] !== one).length);
};
