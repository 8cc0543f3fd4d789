import type { OnCallRole } from '../../contract/schedule.ts';
import { peopleNamed } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import { noticeBy } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { allSchedules, scheduleNamed, shifts } from '../schedules/actions.ts';
import { type Change, changesIn, momentSaid, type Run, reconcile, runsOf, settingsOf, USUAL_NOTICES } from './rules.ts';
import * as store from './store.ts';
import { titleOf } from './words.ts';

/** How far ahead handoffs are there to be read and written; longer than anybody's lead time. */
const AHEAD = { hours: 24 * 14 };
/** What is looked at to know them: whole runs on both sides, also of people who have a month each. */
const LOOK = { hours: 24 * 35 };
const ROLES: OnCallRole[] = ['primary', 'secondary', 'tertiary'];

/** Every handoff as the schedules have it now, each hour and whenever one is changed. */
export const planAll = async (ctx: Ctx): Promise<void> => {
  for (const { name } of await allSchedules(ctx)) await plan(ctx, { name });
};

/**
 * Brings a schedule's handoffs to what its shifts say: those to come appear, move and go; one that has begun stays, until another
 * has the role. A change that is made on the spot has none. Whoever was told of what is no more is told.
 */
export const plan = async (ctx: Ctx, { name }: { name: string }): Promise<void> => {
  const schedule = await scheduleNamed(ctx, name);
  await store.holdSchedule(ctx, schedule.id);
  const { on, min_hours } = settingsOf(schedule.definition);
  const alive = await store.alive(ctx, schedule.id);
  if (!on && alive.length === 0) return;
  const [from, seenTo] = [ctx.now.subtract(LOOK), ctx.now.add(LOOK)];
  const duties = on ? await shifts(ctx, name, from, seenTo) : [];
  const window = {
    from: ctx.now.epochMilliseconds,
    to: ctx.now.add(AHEAD).epochMilliseconds,
    seenTo: seenTo.epochMilliseconds,
  };
  for (const role of ROLES) {
    const runs = runsOf(duties, role, min_hours);
    const mine = alive.filter((row) => row.role === role);
    const toCome = mine.filter((row) => Temporal.Instant.compare(row.at, ctx.now) > 0);
    await settle(ctx, schedule.id, toCome, changesIn(runs, role, window));
    for (const row of mine) if (!toCome.includes(row)) await letGo(ctx, row, runs);
  }
};

const instantOf = (ms: number | null) => (ms === null ? null : Temporal.Instant.fromEpochMilliseconds(ms));
const timesOf = (change: Change) => ({
  at: Temporal.Instant.fromEpochMilliseconds(change.at),
  until: instantOf(change.until),
  outgoing_until: instantOf(change.outgoingUntil),
});
const sameAt = (a: Temporal.Instant | null, b: Temporal.Instant | null) => a?.epochMilliseconds === b?.epochMilliseconds;

const settle = async (ctx: Ctx, scheduleId: string, toCome: store.Row[], changes: Change[]): Promise<void> => {
  const { kept, moved, withdrawn, added } = reconcile(toCome, changes);
  for (const row of withdrawn) await withdraw(ctx, row);
  for (const [row, change] of moved) {
    const times = timesOf(change);
    const told = await toldOf(ctx, row);
    await store.replan(ctx, row.id, times, change);
    await journal(ctx, entry(row, 'handoff.moved', `The handoff moved from ${row.at.toString()} to ${times.at.toString()}`));
    await tellChange(ctx, told, row, (when) => ({
      subject: `Moved: the handoff of ${titleOf(row)} is on ${when(times.at)}`,
      text: `It was on ${when(row.at)}. The schedule was changed.`,
    }));
  }
  for (const [row, change] of kept) {
    const times = timesOf(change);
    const gone = [...row.outgoing, ...row.incoming].filter(
      (person) => !change.incoming.includes(person) && !change.outgoing.includes(person),
    );
    const isSame =
      gone.length === 0 && row.incoming.join() === change.incoming.join() && row.outgoing.join() === change.outgoing.join();
    if (isSame) {
      if (!sameAt(row.until, times.until) || !sameAt(row.outgoing_until, times.outgoing_until))
        await store.setEnds(ctx, row.id, { until: times.until, outgoing_until: times.outgoing_until });
      continue;
    }
    const told = (await toldOf(ctx, row)).filter((person) => gone.includes(person));
    await store.replan(ctx, row.id, times, change);
    const people = `${change.outgoing.join(', ') || 'nobody'} to ${change.incoming.join(', ')}`;
    await journal(ctx, entry(row, 'handoff.moved', `The schedule was changed: it goes from ${people} now`));
    await tellChange(ctx, told, row, (when) => ({
      subject: `Not yours any more: the handoff of ${titleOf(row)} on ${when(row.at)}`,
      text: `The schedule was changed: it goes from ${people} now.`,
    }));
  }
  for (const change of added) await store.insert(ctx, scheduleId, change.role, timesOf(change), change);
};

/** Who was told that it comes. */
const toldOf = async (ctx: Ctx, row: store.Row): Promise<string[]> =>
  (await store.peopleOf(ctx, row.id)).filter((one) => one.told_before_at).map((one) => one.person);

const withdraw = async (ctx: Ctx, row: store.Row): Promise<void> => {
  const told = await toldOf(ctx, row);
  await store.end(ctx, row.id, 'withdrawn');
  await journal(ctx, entry(row, 'handoff.withdrawn', 'The schedule was changed: nobody hands over then any more'));
  await tellChange(ctx, told, row, (when) => ({
    subject: `Taken back: no handoff of ${titleOf(row)} on ${when(row.at)}`,
    text: 'The schedule was changed: nobody hands over then any more. Look at your own turns.',
  }));
};

/** The schedule goes, and its handoffs with it: whoever counts on one is told. Listens to `schedule.removing`. */
export const scheduleRemoved = async (ctx: Ctx, { name }: { name: string }): Promise<void> => {
  const schedule = await scheduleNamed(ctx, name);
  for (const row of await store.alive(ctx, schedule.id))
    if (Temporal.Instant.compare(row.at, ctx.now) > 0) await withdraw(ctx, row);
};

/** One that has begun and nobody confirmed: over once whoever was to confirm does not have the role any more. */
const letGo = async (ctx: Ctx, row: store.Row, runs: Run[]): Promise<void> => {
  const now = runs.findLast((run) => run.start <= ctx.now.epochMilliseconds);
  if (now?.people.some((person) => row.incoming.includes(person))) return;
  if (!(await store.end(ctx, row.id, 'lapsed'))) return;
  const who = now && now.end > ctx.now.epochMilliseconds ? now.people.join(', ') : 'nobody';
  await journal(ctx, entry(row, 'handoff.lapsed', `Nobody confirmed it, and ${who} is on call now`));
};

const entry = (row: store.Row, type: 'handoff.moved' | 'handoff.withdrawn' | 'handoff.lapsed', text: string) => ({
  type,
  subject: { type: 'handoff' as const, id: row.id },
  text,
  data: { schedule: row.schedule, role: row.role, at: row.at.toString() },
});

/** Each on their own clocks, by the way they were told before. */
const tellChange = async (
  ctx: Ctx,
  names: string[],
  row: store.Row,
  words: (when: (at: Temporal.Instant) => string) => { subject: string; text: string },
): Promise<void> => {
  for (const person of await peopleNamed(ctx, names)) {
    const { before_by } = (await store.noticesOf(ctx, person.id)) ?? USUAL_NOTICES;
    if (before_by === 'none') continue;
    await noticeBy(ctx, person, before_by, {
      ...words((at) => momentSaid(at, person.time_zone, person.locale)),
      facts: [],
      path: `/schedules/${row.schedule}`,
    });
  }
};
