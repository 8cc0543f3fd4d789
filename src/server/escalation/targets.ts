import type { Target } from '../../contract/escalation.ts';
import type { Sentence } from '../../contract/wording.ts';
import { inHours } from '../catalog/rules.ts';
import type { ChannelName } from '../channels/types.ts';
import { tell } from '../channels/words/words.ts';
import { allTeams, peopleNamed } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { nextChange, type OnCallEntry, onCall } from '../schedules/actions.ts';
import * as store from './store.ts';

type Person = {
  person_id: string;
  name: string;
  reason: string;
  /** `reason`, to be told in any language. */
  why: Sentence;
  /** Paged, never counted. */
  shadow: boolean;
  display_name: string;
  time_zone: string;
  /** A shadow's page is quiet or as loud as others; one who is asked first is paged like anybody. */
  told?: 'quiet' | 'loud' | 'first';
  /** Paged so many seconds after somebody who is asked first. */
  behind_seconds?: number;
};
export type Found = {
  people: Person[];
  /** Addresses that are told without being anybody. */
  places: { channel: ChannelName; address: string }[];
  /** One sentence for each target that gave nobody. */
  empty: string[];
};

type FoundPlace = Found['places'][number];
/** Whether whoever knows the address may write there. */
export const isSecretPlace = ({ channel, address }: FoundPlace): boolean =>
  (channel === 'webhook' || channel === 'teams' || channel === 'discord') && /^https?:/.test(address);
/** A place in words, without what is secret of it. */
export const placeName = (place: FoundPlace): string => {
  if (!isSecretPlace(place)) return `${place.address} (${place.channel})`;
  return `${place.channel === 'webhook' ? 'Webhook' : `Webhook (${place.channel})`} at ${new URL(place.address).host}`;
};

type Place = {
  policy: string;
  step: number;
  hours?: { from: string; to: string; days?: string[] | undefined; time_zone?: string | undefined } | undefined;
};

/**
 * Who the targets mean at this moment, each with the reason. `dryRun` looks at round-robins without taking
 * a turn. A person meant twice is paged once; people outside the step's hours in their own zone are left out.
 */
export const resolveTargets = async (ctx: Ctx, targets: Target[], place: Place, dryRun = false): Promise<Found> => {
  const named: Pick<Person, 'name' | 'why' | 'shadow' | 'told' | 'behind_seconds'>[] = [];
  const places: Found['places'] = [];
  const empty: string[] = [];
  const step = place.step + 1;
  for (const [index, target] of targets.entries()) {
    if ('person' in target)
      named.push({ name: target.person, why: { key: 'why.named', values: { step, policy: place.policy } }, shadow: false });
    else if ('schedule' in target) {
      const entries = (await onCall(ctx, target.schedule, ctx.now)).filter((entry) => !target.role || entry.role === target.role);
      for (const entry of entries)
        named.push({
          ...asLearning(entry, entries),
          name: entry.person,
          why: { key: 'why.on_call', values: { role: entry.role, schedule: target.schedule, why: entry.why } },
          shadow: entry.shadow,
        });
      if (!entries.some((entry) => !entry.shadow))
        empty.push(`nobody is on call in ${target.schedule}${target.role ? ` as ${target.role}` : ''}`);
    } else if ('team' in target) {
      const team = (await allTeams(ctx)).find((one) => one.name === target.team);
      const names = target.who === 'lead' ? (team?.lead ? [team.lead] : []) : (team?.members ?? []);
      for (const name of names)
        named.push({
          name,
          why: { key: target.who === 'lead' ? 'why.lead' : 'why.member', values: { team: target.team } },
          shadow: false,
        });
      if (names.length === 0) empty.push(`team ${target.team} has ${target.who === 'lead' ? 'no lead' : 'no members'}`);
    } else if ('round_robin' in target) {
      const turn = await (dryRun ? store.nextTurn : store.takeTurn)(ctx, place.policy, place.step, index);
      const active = (await peopleNamed(ctx, target.round_robin)).filter((row) => row.active).map((row) => row.name);
      const able = target.round_robin.filter((name) => active.includes(name));
      const name = able[turn % able.length];
      if (name === undefined) empty.push('everybody in the round robin is deactivated');
      else named.push({ name, why: { key: 'why.turn', values: { step } }, shadow: false });
    } else if ('webhook' in target) places.push({ channel: 'webhook', address: target.webhook });
    else places.push({ channel: target.channel, address: target.address });
  }
  const rows = await peopleNamed(ctx, [...new Set(named.map((one) => one.name))]);
  const people: Found['people'] = [];
  for (const one of named) {
    const row = rows.find((candidate) => candidate.name === one.name);
    const already = people.find((other) => other.name === one.name);
    if (already) {
      already.shadow &&= one.shadow;
      if (!already.shadow) delete already.told;
      // Whoever another target asks at once is behind nobody.
      if (one.behind_seconds === undefined && !one.shadow) delete already.behind_seconds;
      continue;
    }
    if (!row?.active) empty.push(`${one.name} is deactivated`);
    else if (place.hours && !place.hours.time_zone && !inHours(place.hours, ctx.now.toZonedDateTimeISO(row.time_zone)))
      empty.push(`for ${row.display_name} it is outside ${place.hours.from} to ${place.hours.to} (${row.time_zone})`);
    else {
      const why = asTold(one);
      people.push({
        person_id: row.id,
        name: one.name,
        why,
        reason: tell('en', why),
        shadow: one.shadow,
        ...(one.told ? { told: one.told } : {}),
        ...(one.behind_seconds !== undefined ? { behind_seconds: one.behind_seconds } : {}),
        display_name: row.display_name,
        time_zone: row.time_zone,
      });
    }
  }
  // Behind somebody who is not paged after all nobody waits.
  if (!people.some((one) => one.told === 'first')) for (const one of people) delete one.behind_seconds;
  return { people, places, empty };
};

const asTold = ({ told, shadow, why }: Pick<Person, 'told' | 'shadow' | 'why'>): Sentence => {
  if (told === 'first') return { key: 'why.first', values: { why } };
  return shadow ? { key: 'why.shadowing', values: { why } } : why;
};

/** How somebody who learns is told, and how long whoever is on call in the same role is behind one who is asked first. */
const asLearning = (entry: OnCallEntry, all: OnCallEntry[]): Pick<Person, 'told' | 'behind_seconds'> => {
  const { training } = entry;
  if (training?.stage === 'reverse_shadow') return { told: 'first' };
  if (entry.shadow) return { told: training?.loud ? 'loud' : 'quiet' };
  const before = all.flatMap((one) =>
    one.role === entry.role && one.training?.stage === 'reverse_shadow' ? [one.training.behind_seconds] : [],
  );
  return before.length > 0 ? { behind_seconds: Math.min(...before) } : {};
};

/** When who is on call next changes in any schedule of these targets, before `until`. */
export const nextShift = async (ctx: Ctx, targets: Target[], until: Temporal.Instant): Promise<Temporal.Instant | undefined> => {
  let soonest: Temporal.Instant | undefined;
  for (const target of targets) {
    if (!('schedule' in target)) continue;
    const change = await nextChange(ctx, target.schedule, ctx.now, until);
    if (change && (!soonest || Temporal.Instant.compare(change, soonest) < 0)) soonest = change;
  }
  return soonest;
};
