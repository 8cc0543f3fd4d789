import type { z } from 'zod';
import type { RotaChange, RotaInput, RotaScore, rotaProposal } from '../../../contract/rota.ts';
import type { Schedule } from '../../../contract/schedule.ts';
import { absencesOf } from '../../absences/actions.ts';
import { allPeople, assertPeople } from '../../identity/actions.ts';
import { allow, can } from '../../identity/permissions.ts';
import { journal } from '../../journal/actions.ts';
import { aside } from '../../platform/aside.ts';
import type { Ctx, Outside, Role } from '../../platform/ctx.ts';
import { AppError, invalid, notFound } from '../../platform/errors.ts';
import { addOverride, removeOverride, saveSchedule, scheduleNamed } from '../actions.ts';
import type { Plan } from '../health.ts';
import { plansOf } from '../preview.ts';
import type { ScheduleOverride } from '../rules.ts';
import { intersect, union } from '../shifts-intervals.ts';
import { explained } from './explain.ts';
import { changeOf, withLayers, withoutLayers } from './in-force.ts';
import { marginDays, type Planned, planned } from './planning.ts';
import { scoreOf } from './score.ts';
import type { Found } from './search.ts';
import { counted, PAST_DAYS, type Situation } from './situation.ts';
import * as store from './store.ts';
import { telling } from './turns-changed.ts';

type Proposal = z.input<typeof rotaProposal>;
type Window = { from: Temporal.Instant; to: Temporal.Instant };

const SEARCH_MS = 30_000;
/** What a layer may name; and turns times people, each of which is told the reason: a quarter of a second. */
const MOST_TURNS = 200;
const MOST_CHOICES = 12_000;
const SHOWN = 20;
const DAY = { hours: 24 };
const days = (n: number) => ({ hours: DAY.hours * n });
const instantOf = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);

/** UUIDs of version 7 begin with the milliseconds at which they were made. */
const madeAt = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

/** Everything a plan or a score asks about, around a window. */
const situationOf = async (ctx: Ctx, name: string, { from, to }: Window, also: readonly string[] = []): Promise<Situation> => {
  const definition = (await scheduleNamed(ctx, name)).definition;
  const margin = Math.max(PAST_DAYS, marginDays(definition)) + 1;
  const around = { from: from.subtract(days(margin)), to: to.add(days(marginDays(definition) + 1)) };
  const plans = await plansOf(ctx, around);
  const own = plans.find((plan) => plan.schedule.name === name) as Plan;
  const turns = new Set([
    ...own.schedule.layers.flatMap((layer) => layer.participants.flat()),
    ...own.overrides.flatMap((one) => one.person ?? []),
    ...also,
  ]);
  const rows = (await allPeople(ctx)).filter((row) => turns.has(row.name));
  const wishes = new Map(
    (
      await store.preferencesOf(
        ctx,
        rows.map((row) => row.id),
      )
    ).map((one) => [one.person_id, one]),
  );
  return {
    own,
    others: plans.filter((plan) => plan !== own),
    people: rows.map((row) => ({
      name: row.name,
      display_name: row.display_name,
      time_zone: row.time_zone,
      active: row.active,
      mayAnswer: can(row.role as Role, 'incident.respond'),
      since: madeAt(row.id),
      avoid_weekdays: wishes.get(row.id)?.avoid_weekdays ?? [],
      avoid_days: wishes.get(row.id)?.avoid_days ?? [],
      prefers_weekends: wishes.get(row.id)?.prefers_weekends ?? false,
    })),
    absences: await absencesOf(ctx, [...turns], around.from, around.to),
  };
};

export const rotaScoreOf = async (ctx: Ctx, name: string, window: Window): Promise<RotaScore> =>
  scoreOf(await situationOf(ctx, name, window), window.from.epochMilliseconds, window.to.epochMilliseconds);

const layersOf = (schedule: Schedule, earlier: ReadonlySet<string>, asked: readonly string[] | undefined): string[] => {
  const all = schedule.layers.filter((layer) => !layer.shadow && !layer.calendar && !earlier.has(layer.name));
  for (const [at, name] of (asked ?? []).entries())
    if (!all.some((layer) => layer.name === name))
      throw invalid(`no layer of ${schedule.name} that takes turns is named ${name}`, `layers.${at}`);
  const chosen = asked ? all.filter(({ name }) => asked.includes(name)) : all;
  if (chosen.length === 0) throw invalid('the schedule has no layer whose turns could be shared out: add one first', 'layers');
  for (const { name, participants, rotation, starts } of chosen) {
    if (participants.some((seat) => Array.isArray(seat) && seat.length > 1))
      throw invalid(`turns of layer ${name} are several people’s at once: name the other layers`, 'layers');
    if (rotation.unit === 'month' && Number(starts.slice(8, 10)) > 28)
      throw invalid(`layer ${name} hands over on a day that not every month has: let it begin on day 28 or before`, 'layers');
  }
  return chosen.map(({ name }) => name);
};

type Prepared = {
  name: string;
  scheduleId: string;
  definition: Schedule;
  situation: Situation;
  earlier: Set<string>;
  plan: Planned;
};

/** Reads what a plan is made of. Refuses a schedule, layers and people for which none can be made. */
export const prepareRota = async (ctx: Ctx, name: string, input: RotaInput): Promise<Prepared> => {
  allow(ctx, 'schedule.write');
  const row = await scheduleNamed(ctx, name);
  const { definition } = row;
  allow(ctx, 'schedule.write', definition.team ?? null);
  if (input.people) await assertPeople(ctx, input.people, 'people');
  const asked = input.from ? Temporal.Instant.from(input.from) : ctx.now;
  const from = Temporal.Instant.compare(asked, ctx.now) < 0 ? ctx.now : asked;
  if (Temporal.Instant.compare(from, ctx.now.add(days(366))) > 0) throw invalid('at most a year ahead', 'from');
  const to = from.add(days(7 * input.weeks));
  const earlier = new Set(
    (await store.changesInForce(ctx, row.id)).flatMap(({ layers }) => layers.map(({ layer }) => layer.name)),
  );
  const layers = layersOf(definition, earlier, input.layers);
  const situation = await situationOf(ctx, name, { from, to: to.add(days(31)) }, input.people);
  const base = { ...definition, layers: definition.layers.filter((layer) => !earlier.has(layer.name)) };
  const plan = planned({ ...situation, base }, layers, input.people, from.epochMilliseconds, to.epochMilliseconds);
  if (!plan) throw invalid(`no turn begins in ${input.weeks} weeks from then`, 'from');
  const busiest = Math.max(...layers.map((one) => plan.turns.filter(({ layer }) => layer === one).length));
  if (busiest > MOST_TURNS || plan.parts.length * plan.people.length > MOST_CHOICES)
    throw invalid(
      `these are ${plan.turns.length} turns among ${plan.people.length} people, more than can be weighed: ask for fewer weeks or people`,
      'weeks',
    );
  return { name, scheduleId: row.id, definition, situation, earlier, plan };
};

let isSearching = false;
/** One at a time: the search keeps a whole core busy. */
const searched = async (plan: Planned): Promise<Found> => {
  if (isSearching) throw new AppError('overloaded', 'Another rota is being worked out; send this again');
  isSearching = true;
  try {
    return await aside<Found>(new URL('./search-worker.ts', import.meta.url), plan.problem, SEARCH_MS);
  } finally {
    isSearching = false;
  }
};

const asOverrides = (change: RotaChange): ScheduleOverride[] =>
  change.overrides.map((one, at) => ({ ...one, id: `new-${at + 1}` }));

/** Works the plan out in a thread of its own, and keeps it for review. */
export const proposeRota = async (outside: Outside, prepared: Prepared): Promise<Proposal> => {
  const { plan, situation, definition, earlier, scheduleId } = prepared;
  const found = await searched(plan);
  const change = changeOf(plan, found, definition);
  const after: Situation = {
    ...situation,
    own: {
      schedule: withLayers(definition, change, earlier),
      overrides: [...situation.own.overrides, ...asOverrides(change)],
    },
  };
  const window = [plan.first, plan.last] as const;
  return outside.transaction(async (ctx) => {
    allow(ctx, 'schedule.write', definition.team ?? null);
    const id = await store.insertProposal(ctx, {
      schedule_id: scheduleId,
      definition,
      starts: instantOf(plan.first).toString(),
      ends: instantOf(plan.last).toString(),
      result: {
        layers: [...new Set(plan.turns.map(({ layer }) => layer))],
        ...explained(plan, found),
        score: { before: scoreOf(situation, ...window), after: scoreOf(after, ...window) },
      },
      change,
    });
    await journal(ctx, {
      type: 'schedule.rota_proposed',
      subject: { type: 'schedule', id: scheduleId },
      text: `A rota of ${plan.turns.length} turns was proposed for ${prepared.name}`,
      data: { proposal: id },
    });
    return rotaProposalOf(ctx, id);
  });
};

const shown = (row: store.ProposalRow): Proposal => ({
  ...row.result,
  id: row.id,
  schedule: row.schedule,
  title: row.current.title,
  time_zone: row.definition.time_zone,
  state: row.state as Proposal['state'],
  stale: row.state === 'proposed' && row.changed,
  starts: row.starts_at.toString(),
  ends: row.ends_at.toString(),
  created_by: row.created_by,
  created_at: row.created_at.toString(),
  decided_by: row.decided_by,
  decided_at: row.decided_at?.toString() ?? null,
});
const there = async (found: Promise<store.ProposalRow | undefined>): Promise<store.ProposalRow> => {
  const row = await found;
  if (!row) throw notFound('Rota proposal');
  return row;
};
export const rotaProposalOf = async (ctx: Ctx, id: string): Promise<Proposal> => shown(await there(store.proposal(ctx, id)));
export const rotaProposalsOf = async (ctx: Ctx, name: string): Promise<Proposal[]> =>
  (await store.recentProposals(ctx, (await scheduleNamed(ctx, name)).id, SHOWN)).map(shown);

/** Why a proposal no longer keeps the rules; undefined when it does. People and leave may have changed since it was made. */
const noLongerKept = async (ctx: Ctx, row: store.ProposalRow): Promise<string | undefined> => {
  const window = { from: row.starts_at, to: row.ends_at };
  const { turns } = row.result;
  const named = turns.flatMap(({ person }) => person ?? []);
  const { others, people, absences } = await situationOf(ctx, row.schedule, window, named);
  const [from, to] = [window.from.epochMilliseconds, window.to.epochMilliseconds];
  const duties = others.map((plan) => ({ plan, seats: counted(plan, from, to) }));
  for (const { person: name, starts, ends } of turns) {
    if (name === null) continue;
    const person = people.find((one) => one.name === name);
    const span = [{ start: Temporal.Instant.from(starts).epochMilliseconds, end: Temporal.Instant.from(ends).epochMilliseconds }];
    if (!person?.active || !person.mayAnswer) return `${name} does not answer pages any more`;
    const leave = union((absences.get(name) ?? []).filter(({ kind }) => kind === 'leave'));
    if (intersect(leave, span).length > 0) return `${person.display_name} is away in a turn of it by now`;
    for (const { plan, seats } of duties)
      if (intersect(union(seats.filter((seat) => seat.person === name)), span).length > 0)
        return `${person.display_name} is on call in ${plan.schedule.title || plan.schedule.name} in a turn of it by now`;
  }
  return undefined;
};

/** Makes the plan real: a layer over each whose turns it shares out, and overrides where a turn is split. Repeating it changes nothing. */
export const putRotaInForce = async (ctx: Ctx, id: string): Promise<Proposal> => {
  allow(ctx, 'schedule.write');
  const row = await there(store.lockedProposal(ctx, id));
  allow(ctx, 'schedule.write', row.current.team ?? null);
  if (row.state === 'in_force') return shown(row);
  if (row.state === 'taken_back') throw new AppError('conflict', 'It was taken back: propose anew');
  if (row.changed) throw new AppError('conflict', 'The schedule was changed since this was proposed: propose anew');
  if (Temporal.Instant.compare(row.starts_at, ctx.now) <= 0)
    throw new AppError('conflict', 'Its first turn has begun already: propose anew');
  const why = await noLongerKept(ctx, row);
  if (why) throw new AppError('conflict', `${why}: propose anew`);
  const earlier = new Set(
    (await store.changesInForce(ctx, row.schedule_id)).flatMap(({ layers }) => layers.map(({ layer }) => layer.name)),
  );
  const overrideIds: string[] = [];
  await telling(ctx, row, 'in_force', async () => {
    await saveSchedule(ctx, withLayers(row.current, row.change, earlier));
    for (const override of row.change.overrides) overrideIds.push(await addOverride(ctx, row.schedule, override));
  });
  await store.decideProposal(ctx, id, 'proposed', 'in_force', overrideIds);
  await journal(ctx, {
    type: 'schedule.rota_in_force',
    subject: { type: 'schedule', id: row.schedule_id },
    text: `The proposed rota of ${row.schedule} is in force`,
    data: { proposal: id, layers: row.change.layers.map(({ layer }) => layer.name), overrides: overrideIds },
  });
  return rotaProposalOf(ctx, id);
};

/** What is to come is as it was; what has begun stays true until now. Repeating it changes nothing. */
export const takeRotaBack = async (ctx: Ctx, id: string): Promise<Proposal> => {
  allow(ctx, 'schedule.write');
  const row = await there(store.lockedProposal(ctx, id));
  allow(ctx, 'schedule.write', row.current.team ?? null);
  if (row.state === 'taken_back') return shown(row);
  if (row.state === 'proposed') throw new AppError('conflict', 'It is not in force: there is nothing to take back');
  if (Temporal.Instant.compare(row.ends_at, ctx.now) <= 0)
    throw new AppError('conflict', 'It is over: there is nothing to take back');
  const names = new Set(row.change.layers.map(({ layer }) => layer.name));
  await telling(ctx, row, 'taken_back', async () => {
    await saveSchedule(ctx, withoutLayers(row.current, names, ctx.now));
    for (const [at, one] of row.change.overrides.entries())
      if (Temporal.Instant.compare(one.ends, ctx.now) > 0)
        await removeOverride(ctx, row.schedule, row.override_ids[at] as string).catch((thrown: unknown) => {
          // Somebody removed it already.
          if (!(thrown instanceof AppError && thrown.code === 'not_found')) throw thrown;
        });
  });
  await store.decideProposal(ctx, id, 'in_force', 'taken_back');
  await journal(ctx, {
    type: 'schedule.rota_taken_back',
    subject: { type: 'schedule', id: row.schedule_id },
    text: `The rota of ${row.schedule} was taken back`,
    data: { proposal: id },
  });
  return rotaProposalOf(ctx, id);
};
