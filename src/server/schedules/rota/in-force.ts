import type { RotaChange } from '../../../contract/rota.ts';
import type { Schedule } from '../../../contract/schedule.ts';
import type { Interval } from '../shifts-intervals.ts';
import type { Planned } from './planning.ts';
import type { Found } from './search.ts';
import { handoffAt } from './turns.ts';

const iso = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString();

/** A name of its own: the layer's, cut where it is long, and the day of the first turn. */
const nameFor = (schedule: Schedule, layer: string, local: string): string => {
  const stem = `${layer.slice(0, 48)}-${local.slice(0, 10)}`;
  const taken = new Set(schedule.layers.map(({ name }) => name));
  for (let at = 1; ; at++) {
    const name = at === 1 ? stem : `${stem}-${at}`;
    if (!taken.has(name)) return name;
  }
};

/** `actual`: the schedule as it is, with the layers of earlier plans. */
export const changeOf = (plan: Planned, { assignment }: Found, actual: Schedule): RotaChange => {
  const overrides: RotaChange['overrides'] = [];
  const holders = plan.turns.map((turn, at) => {
    const parts = plan.parts.flatMap((part, slot) => (part.at === at ? [{ ...part, person: assignment[slot]! }] : []));
    const [first] = parts;
    if (!first) return turn.now[0]!;
    if (parts.length === 1 && first.person >= 0) return plan.people[first.person]!.name;
    for (const { person, interval } of joined(parts))
      overrides.push({
        kind: person < 0 ? 'remove' : 'replace',
        ...(person < 0 ? {} : { person: plan.people[person]!.name }),
        role: turn.role,
        starts: iso(interval.start),
        ends: iso(interval.end),
      });
    const somebody = parts.find(({ person }) => person >= 0)?.person;
    return somebody === undefined ? turn.now[0]! : plan.people[somebody]!.name;
  });
  const layers = plan.schedule.layers.flatMap((layer) => {
    const own = plan.turns.flatMap((turn, at) => (turn.layer === layer.name ? [{ ...turn, holder: holders[at]! }] : []));
    const [first] = own;
    if (!first) return [];
    const end = handoffAt(layer, own.at(-1)!.turn + 1);
    return [
      {
        over: layer.name,
        layer: {
          ...layer,
          name: nameFor(actual, layer.name, first.local),
          starts: first.local,
          ends: layer.ends !== undefined && layer.ends < end ? layer.ends : end,
          participants: own.map(({ holder }) => holder),
        },
      },
    ];
  });
  return { layers, overrides };
};

/** Parts that follow each other and are one person's, or nobody's, as one; hours between them that are nobody's stay out. */
const joined = (parts: readonly { person: number; duty: Interval[] }[]): { person: number; interval: Interval }[] => {
  const found: { person: number; interval: Interval }[] = [];
  for (const { person, duty } of parts)
    for (const interval of duty) {
      const last = found.at(-1);
      if (last && last.person === person && last.interval.end === interval.start) last.interval.end = interval.end;
      else found.push({ person, interval: { ...interval } });
    }
  return found;
};

/** The schedule with the layers of a plan, each over the layer whose turns it shares out and over earlier plans of it. */
export const withLayers = (schedule: Schedule, change: RotaChange, earlier: ReadonlySet<string>): Schedule => {
  const layers = [...schedule.layers];
  for (const { over, layer } of change.layers) {
    let at = layers.findIndex(({ name }) => name === over) + 1;
    while (earlier.has(layers[at]?.name ?? '')) at++;
    layers.splice(at, 0, layer);
  }
  return { ...schedule, layers };
};

/** The schedule without what a plan has still to come: a layer that has begun ends at `now`, on the schedule's clock. */
export const withoutLayers = (schedule: Schedule, names: ReadonlySet<string>, now: Temporal.Instant): Schedule => {
  // Layers are told to the minute: what has begun stays true to the end of this one.
  const local = now
    .add({ seconds: 59 })
    .toZonedDateTimeISO(schedule.time_zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });
  return {
    ...schedule,
    layers: schedule.layers.flatMap((layer) => {
      if (!names.has(layer.name)) return [layer];
      if (layer.starts >= local) return [];
      return [{ ...layer, ends: layer.ends !== undefined && layer.ends < local ? layer.ends : local }];
    }),
  };
};
