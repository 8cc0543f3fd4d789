import type { z } from 'zod';
import { type Layer, type Override, override } from '../../contract/schedule.ts';
import type { schedulePreview, schedulePreviewInput } from '../../contract/timeline.ts';
import { absencesOf } from '../absences/actions.ts';
import { allPeople, assertPeople } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { fromZod } from '../platform/problems.ts';
import { assertCalendars, turnsKept } from './feed/actions.ts';
import type { Plan } from './health.ts';
import { shiftsOver, stretchesOf } from './history.ts';
import { isTraining, isTurn } from './shifts-overrides.ts';
import * as store from './store.ts';
import { loadOf, timelineOf } from './timeline.ts';

type Preview = z.input<typeof schedulePreview>;
export type Window = { from: Temporal.Instant; to: Temporal.Instant };

/** The window asked for: from now, and 30 days long, where it does not say. Refuses one that ends before it starts, or is longer than two years. */
export const windowOf = (asked: { from?: string | undefined; to?: string | undefined }, now: Temporal.Instant): Window => {
  const from = asked.from ? Temporal.Instant.from(asked.from) : now;
  const to = asked.to ? Temporal.Instant.from(asked.to) : from.add({ hours: 24 * 30 });
  if (Temporal.Instant.compare(to, from) <= 0) throw invalid('must be after `from`', 'to');
  if (Temporal.Instant.compare(to, from.add({ hours: 24 * 740 })) > 0) throw invalid('at most two years at a time', 'to');
  return { from, to };
};

const planOf = async (ctx: Ctx, row: store.ScheduleRow, { from, to }: Window): Promise<Plan> => ({
  schedule: row.definition,
  overrides: await store.overrides(ctx, row.id, from, to),
});

/** Every schedule with what overrides it in a window. */
export const plansOf = async (ctx: Ctx, window: Window): Promise<Plan[]> => {
  const plans: Plan[] = [];
  for (const row of await store.schedules(ctx)) plans.push(await planOf(ctx, row, window));
  return plans;
};

export const timeline = async (ctx: Ctx, name: string, window: Window) => {
  const row = await store.byName(ctx, name);
  if (!row) throw notFound(`Schedule ${name}`);
  const plan = await planOf(ctx, row, window);
  const [shown] = await timelinesOf(ctx, [plan], window);
  return shown;
};

/** Whom a layer names, in turns or as whom a calendar means. */
export const namedBy = ({ participants, calendar }: Layer): string[] => [
  ...participants.flat(),
  ...Object.values(calendar?.people ?? {}),
];

/** Who takes turns in a plan, by its layers or by the calendars these read, or may by these. */
export const takersOf = ({ schedule, overrides }: Plan): Set<string> =>
  new Set([...schedule.layers.flatMap(namedBy), ...overrides.flatMap((one) => (isTurn(one) && one.person ? [one.person] : []))]);
const namedIn = ({ schedule, overrides }: Plan): string[] => [
  ...schedule.layers.flatMap((layer) => layer.participants.flat()),
  ...overrides.flatMap((one) => one.person ?? []),
];
/** When people whom plans name are away or have a public holiday. */
export const absencesIn = (ctx: Ctx, plans: readonly Plan[], { from, to }: Window) =>
  absencesOf(ctx, plans.flatMap(namedIn), from, to);

/** Plans in a window, layer by layer, with what is warned of. Who was on call before now is as it was, whatever the plan says of it. */
export const timelinesOf = async (ctx: Ctx, plans: readonly Plan[], { from, to }: Window) => {
  const absences = await absencesIn(ctx, plans, { from, to });
  const now = [from, ctx.now, to].toSorted(Temporal.Instant.compare)[1] as Temporal.Instant;
  const only = plans.length === 1 ? plans[0]?.schedule.name : undefined;
  const past = from === now ? [] : await stretchesOf(ctx, { from, to: now }, only);
  return plans.map((plan) => {
    const was = past.filter((one) => one.schedule.name === plan.schedule.name);
    const ahead = { id: '', ...plan, window: { from: was.length > 0 ? now : from, to } };
    return timelineOf(plan.schedule, plan.overrides, from, to, absences, shiftsOver([...was, ahead]));
  });
};

export type Draft = { before: Plan | undefined; after: Plan; window: Window };
/**
 * The schedule that is asked about, as it is and as it would be. Refuses people who are not here, as saving it would; one who is
 * deactivated leaves a gap in it, as saved.
 */
export const draftOf = async (ctx: Ctx, input: z.output<typeof schedulePreviewInput>): Promise<Draft> => {
  const window = windowOf(input, ctx.now);
  const name = input.schedule?.name ?? input.name ?? '';
  const row = await store.byName(ctx, name);
  if (!row && !input.schedule) throw invalid(`there is no schedule named ${name}`, 'name');
  const before = row ? await planOf(ctx, row, window) : undefined;
  const draft = input.schedule ?? (row as store.ScheduleRow).definition;
  for (const [index, layer] of draft.layers.entries())
    await assertPeople(ctx, layer.participants.flat(), `schedule.layers.${index}.participants`);
  await assertCalendars(ctx, draft, 'schedule.');
  const added: Override[] = [];
  for (const [index, one] of input.overrides.add.entries()) {
    const field = `overrides.add.${index}`;
    const read = override.safeParse({ ...one, id: `new-${index + 1}` });
    if (!read.success) throw fromZod(read.error, field);
    if (one.person) await assertPeople(ctx, [one.person], `${field}.person`);
    if (one.replaces) await assertPeople(ctx, [one.replaces], `${field}.replaces`);
    added.push(read.data);
  }
  const kept = (before?.overrides ?? []).filter((one) => store.isMade(one) && !input.overrides.remove.includes(one.id));
  const made = [...kept, ...added];
  const asRead = [
    ...(before?.overrides ?? []).filter((one) => isTraining(one) || isTurn(one)),
    ...draft.layers.flatMap(({ name: layer }) =>
      turnsKept(ctx, before?.schedule, draft, layer).map((one, n) => ({ ...one, kind: 'turn' as const, id: `turn-${n}`, layer })),
    ),
  ];
  const named = [
    ...draft.layers.flatMap((layer) => layer.participants.flat()),
    ...[...made, ...asRead].flatMap((one) => one.person ?? []),
  ];
  const left = await store.leftOf(ctx, named, window.from, window.to);
  return { before, after: { schedule: draft, overrides: [...made, ...left, ...asRead] }, window };
};

/** What a draft of a schedule would change for the people in it. */
export const previewOf = async (
  ctx: Ctx,
  { before, after, window }: Draft,
): Promise<Pick<Preview, 'timeline' | 'people' | 'is_new'>> => {
  const { from, to } = window;
  const [timeline] = await timelinesOf(ctx, [after], window);
  const zones = new Map((await allPeople(ctx)).map((person) => [person.name, person.time_zone]));
  const load = (plan: Plan) => loadOf([plan], from, to, (person) => zones.get(person) ?? plan.schedule.time_zone);
  const [was, is] = [before ? load(before) : new Map(), load(after)];
  const none = { seconds: 0, night_seconds: 0 };
  const people = [...new Set([...is.keys(), ...was.keys()])].map((person) => {
    const [old, fresh] = [was.get(person) ?? none, is.get(person) ?? none];
    return {
      person,
      before_seconds: old.seconds,
      after_seconds: fresh.seconds,
      before_night_seconds: old.night_seconds,
      after_night_seconds: fresh.night_seconds,
    };
  });
  const gain = (one: (typeof people)[number]) => one.after_seconds - one.before_seconds;
  return {
    timeline: timeline as Preview['timeline'],
    is_new: before === undefined,
    people: people.sort((a, b) => gain(b) - gain(a) || (a.person < b.person ? -1 : 1)),
  };
};
