import { type PlanResult, type ProcessDocument, SECTIONS } from '../../contract/process.ts';
import { withoutDefaults } from './defaults.ts';
import { same } from './same.ts';
import { isReference, isSecretField } from './secrets.ts';
import { emptyDocument, type Kind, LIST_KINDS, type ListKind, nameOf, ORDERED } from './types.ts';

export type Change = PlanResult['changes'][number];
type FieldChange = Change['fields'][number];
type Fields = Record<string, unknown>;

const KINDS: readonly Kind[] = Object.keys(SECTIONS) as Kind[];
const HIDDEN = '…';
const KEPT_NOTE = 'not in the files (kept)';

const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

type Item = { name: string; value: Fields };
/** Everything of a kind by name. Settings are several: their channels come and go one by one. */
const itemsOf = (document: ProcessDocument, kind: Kind): Item[] => {
  if (kind !== 'settings')
    return (document[kind] as object[]).map((item) => ({ name: nameOf(kind, item), value: item as Fields }));
  if (!document.settings) return [];
  const { channels, ...delivery } = document.settings;
  return [
    { name: 'delivery', value: delivery },
    ...Object.entries(channels).map(([name, value]) => ({ name: `channels.${name}`, value: value as Fields })),
  ];
};

/**
 * What would change. A kind in `scope` is spoken for by the files: what they do not list goes with `prune`, and is
 * listed as kept without. Pure; both documents must be normalised. Secrets are not in the answer.
 */
export const plan = (current: ProcessDocument, wanted: ProcessDocument, scope: ReadonlySet<Kind>, prune: boolean): Change[] =>
  KINDS.flatMap((kind) => {
    const before = itemsOf(current, kind);
    const after = itemsOf(wanted, kind);
    const moved = ORDERED.includes(kind)
      ? movesOf(before, itemsOf(merge(current, wanted, scope, prune), kind))
      : new Map<string, FieldChange>();
    const known = new Map(before.map((item) => [item.name, item]));
    const listed = new Set(after.map((item) => item.name));
    const changes = after.map(({ name, value }): Change => {
      const old = known.get(name);
      if (!old) return { kind, name, change: 'create', fields: differences(kind, {}, plainOf(kind, name, value)) };
      const fields = differences(kind, old.value, value);
      const move = moved.get(name);
      if (move) fields.push(move);
      return { kind, name, change: fields.length > 0 ? 'update' : 'keep', fields };
    });
    const missing = before.filter(
      (item) => !listed.has(item.name) && scope.has(kind) && item.name !== 'delivery' && !hasLeft(kind, item.value),
    );
    const gone = missing.map(({ name }): Change => {
      if (prune) return { kind, name, change: 'delete', fields: [] };
      const move = moved.get(name);
      return { kind, name, change: move ? 'update' : 'keep', fields: move ? [move] : [], note: KEPT_NOTE };
    });
    return [...changes, ...gone];
  });

/** People are deactivated, not deleted: those who left are gone from the files' point of view. */
const hasLeft = (kind: Kind, value: object): boolean => kind === 'people' && Reflect.get(value, 'active') === false;

export const hasChanges = (changes: readonly Change[]): boolean => changes.some((one) => one.change !== 'keep');

const plainOf = (kind: Kind, name: string, value: Fields): Fields => {
  const { [kind === 'severities' ? 'level' : 'name']: _, ...rest } = withoutDefaults(
    kind === 'settings' ? SECTIONS.settings : SECTIONS[kind].element,
    value,
  ) as Fields;
  return name.startsWith('channels.') ? value : rest;
};

/** How things will stand: the wanted, and of the rest what is not removed. Kept ones of ordered kinds stay behind whom they followed. */
export const merge = (
  current: ProcessDocument,
  wanted: ProcessDocument,
  scope: ReadonlySet<Kind>,
  prune: boolean,
): ProcessDocument => {
  const result = emptyDocument();
  const goes = (kind: Kind) => prune && scope.has(kind);
  for (const kind of LIST_KINDS)
    Object.assign(result, { [kind]: mergeList(kind, current[kind] as object[], wanted[kind] as object[], goes(kind)) });
  const kept = goes('settings') ? undefined : current.settings;
  result.settings = wanted.settings
    ? {
        ...(kept?.compensation ? { compensation: kept.compensation } : {}),
        ...(kept?.wording ? { wording: kept.wording } : {}),
        ...wanted.settings,
        channels: { ...kept?.channels, ...wanted.settings.channels },
      }
    : current.settings;
  return result;
};
const mergeList = (kind: ListKind, current: object[], wanted: object[], prune: boolean): object[] => {
  const listed = new Set(wanted.map((item) => nameOf(kind, item)));
  const first: object[] = [];
  const behind = new Map<string, object[]>();
  let last: string | undefined;
  for (const item of current) {
    const name = nameOf(kind, item);
    if (listed.has(name)) last = name;
    else if (!prune || hasLeft(kind, item)) {
      if (last === undefined) first.push(item);
      else behind.set(last, [...(behind.get(last) ?? []), item]);
    }
  }
  return [...first, ...wanted.flatMap((item) => [item, ...(behind.get(nameOf(kind, item)) ?? [])])];
};

/** The fewest things that must move so that those in both lists stand in the new order. */
const movesOf = (before: Item[], after: Item[]): Map<string, FieldChange> => {
  const old = before.map((item) => item.name);
  const kept = after.map((item) => item.name).filter((name) => old.includes(name));
  const places = kept.map((name) => old.indexOf(name));
  // The longest run that is in order already; lists here are short.
  const best = places.map(() => 1);
  const from = places.map(() => -1);
  for (let at = 0; at < places.length; at += 1)
    for (let earlier = 0; earlier < at; earlier += 1)
      if ((places[earlier] as number) < (places[at] as number) && (best[earlier] as number) + 1 > (best[at] as number)) {
        best[at] = (best[earlier] as number) + 1;
        from[at] = earlier;
      }
  const still = new Set<number>();
  for (let at = best.indexOf(Math.max(...best)); at >= 0; at = from[at] ?? -1) still.add(at);
  const moved = kept.filter((_, index) => !still.has(index));
  return new Map(
    moved.map((name) => [
      name,
      { path: 'position', before: old.indexOf(name) + 1, after: after.findIndex((item) => item.name === name) + 1 },
    ]),
  );
};

const keyOf = (list: unknown[]): 'label' | 'name' | undefined =>
  (['label', 'name'] as const).find((key) => {
    const names = list.map((item) => (isMap(item) ? item[key] : undefined));
    return list.length > 0 && names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
  });

const differences = (kind: Kind, before: unknown, after: unknown, path = '', field = ''): FieldChange[] => {
  if (same(before, after)) return [];
  if (isMap(before) && isMap(after) && !isCondition(field)) {
    const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])];
    return keys.flatMap((key) => differences(kind, before[key], after[key], path ? `${path}.${key}` : key, key));
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isMap)) {
    const key = keyOf([...before]) === undefined && before.length > 0 ? undefined : keyOf(after);
    const id = (item: unknown, index: number) => (key && isMap(item) ? String(item[key]) : String(index));
    const ids = [...new Set([...after.map(id), ...before.map(id)])];
    const of = (list: unknown[], name: string) => list.find((item, index) => id(item, index) === name);
    const fields = ids.flatMap((name) => differences(kind, of(before, name), of(after, name), `${path}[${name}]`, field));
    return fields.length > 0 ? fields : [{ path, before: before.map(id), after: after.map(id) }];
  }
  return [
    {
      path,
      ...(before === undefined ? {} : { before: hide(kind, field, before) }),
      ...(after === undefined ? {} : { after: hide(kind, field, after) }),
    },
  ];
};
/** A condition that changes is shown whole: half of one says nothing. */
const isCondition = (field: string): boolean => field === 'when';

const hide = (kind: Kind, field: string, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => hide(kind, field, item));
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(kind, key, inner)]));
  return isSecretField(kind, field) && !isReference(value) ? HIDDEN : value;
};
