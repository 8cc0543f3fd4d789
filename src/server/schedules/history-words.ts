import type { Layer, Schedule } from '../../contract/schedule.ts';
import { changesOf } from '../journal/actions.ts';
import { sentenceOf } from '../journal/versions.ts';

const FIELD: Record<string, string> = {
  title: 'Title',
  team: 'Team',
  time_zone: 'Time zone',
  'policies.max_consecutive_days': 'Days on call without a free day, at most',
  'policies.min_gap_days': 'Days between two turns, at least',
  'policies.min_rotation_size': 'People in a layer, at least',
};
const LAYER_FIELD: Record<string, string> = {
  role: 'role',
  shadow: 'shadow',
  'rotation.every': 'units in a turn',
  'rotation.unit': 'unit of a turn',
  starts: 'first handoff',
  ends: 'end',
  restrictions: 'hours',
  calendar: 'calendar',
  'calendar.address': 'address of the calendar',
  'calendar.people': 'names in the calendar',
};

/** `restrictions.0.from` is `hours 1, from`. */
const layerField = (field: string) =>
  LAYER_FIELD[field] ?? field.replace(/^restrictions\.(\d+)\.?/, (_, n: string) => `hours ${Number(n) + 1}, `).replace(/, $/, '');

const seats = ({ participants, calendar }: Layer) =>
  calendar ? ['whoever a calendar names'] : participants.map((seat) => (Array.isArray(seat) ? seat.join(' with ') : seat));
const list = (names: readonly string[]) => names.join(', ');

const turnsOf = (layer: string, before: string[], after: string[]): string[] => {
  if (list(before) === list(after)) return [];
  const joined = after.filter((one) => !before.includes(one));
  const gone = before.filter((one) => !after.includes(one));
  const parts = [...(joined.length > 0 ? [`${list(joined)} in`] : []), ...(gone.length > 0 ? [`${list(gone)} out`] : [])];
  return [
    parts.length > 0
      ? `Layer ${layer}: ${parts.join(', ')}; turns are now ${list(after)}.`
      : `Layer ${layer}: turns are now ${list(after)}, were ${list(before)}.`,
  ];
};

/** What is different between two versions of a schedule, a sentence each. */
export const wordsOf = (before: Schedule, after: Schedule): string[] => {
  const { layers: was, ...rest } = before;
  const { layers: is, ...now } = after;
  const named = (layers: readonly Layer[], name: string) => layers.find((layer) => layer.name === name);
  const inBoth = is.filter(({ name }) => named(was, name));
  const changed = inBoth.flatMap((layer) => {
    const old = named(was, layer.name) as Layer;
    const { participants: _a, name: _b, ...own } = layer;
    const { participants: _c, name: _d, ...previous } = old;
    return [
      ...turnsOf(layer.name, seats(old), seats(layer)),
      ...changesOf(previous, own).map((change) => sentenceOf(change, `Layer ${layer.name}, ${layerField(change.field)}`)),
    ];
  });
  const kept = was.filter(({ name }) => named(is, name)).map(({ name }) => name);
  const order = inBoth.map(({ name }) => name);
  return [
    ...changesOf(rest, now).map((change) => sentenceOf(change, FIELD[change.field])),
    ...is
      .filter(({ name }) => !named(was, name))
      .map((layer) => `Layer ${layer.name} is new: ${layer.role}${layer.shadow ? ', shadow' : ''}, ${list(seats(layer))}.`),
    ...was.filter(({ name }) => !named(is, name)).map((layer) => `Layer ${layer.name} is gone: it had ${list(seats(layer))}.`),
    ...changed,
    ...(list(kept) === list(order) ? [] : [`Order of the layers: ${list(order)}, was ${list(kept)}.`]),
  ];
};
