import { randomUUID } from 'node:crypto';
import type { EscalationPolicy } from '../../contract/escalation.ts';
import { inHours } from '../catalog/rules.ts';
import { journal } from '../journal/actions.ts';
import { letGo, openPagesOf, page, pagesOfStep, stop as stopPaging, wasReached } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { behindAt, heldSeconds, isBehind, stepSeconds, unpagedBehind } from './behind.ts';
import { withPerson } from './counted.ts';
import { factsOf, findAwake, firstOf, sleepersOf, sleeps } from './mornings.ts';
import { AGAIN_AFTER_SECONDS, LOOK_AGAIN_SECONDS, lookAgainSeconds, nextPosition, type Position, skipReason } from './rules.ts';
import * as store from './store.ts';
import { type Found, isSecretPlace, nextShift, resolveTargets } from './targets.ts';
import type { StartRequest } from './types.ts';

const say = (ctx: Ctx, incidentId: string, type: string, text: string, data: Record<string, unknown> = {}) =>
  journal(ctx, { type, subject: { type: 'incident', id: incidentId }, text, data });

/**
 * Begins escalation for an incident, in the transaction that opened it: keeps a snapshot of the policy and
 * pages its first step that finds somebody. Without a policy it says so loudly. Safe to repeat while one runs.
 */
export const start = async (ctx: Ctx, request: StartRequest): Promise<void> => {
  const policy = request.policy ? await store.policyByName(ctx, request.policy) : undefined;
  if (policy) return begin(ctx, request, policy.definition);
  const why = request.policy
    ? `escalation policy ${request.policy} is gone`
    : `service ${request.service} has no escalation policy`;
  await say(ctx, request.incident_id, 'escalation.not_started', `NOBODY IS PAGED: ${why}`, { why });
  await ctx.emit('escalation.exhausted', { incident_id: request.incident_id, why });
};

/** The same, but these people are asked first; the service's own policy follows when they do not answer. */
export const startWith = async (ctx: Ctx, request: StartRequest & { first: string[] }): Promise<void> => {
  const policy = (request.policy ? await store.policyByName(ctx, request.policy) : undefined)?.definition;
  const first = { targets: request.first.map((person) => ({ person })), escalate_after_seconds: 300, when: {} };
  await begin(ctx, request, {
    name: policy?.name ?? 'reassigned',
    title: '',
    repeat: policy?.repeat ?? 2,
    steps: [first, ...(policy?.steps ?? [])],
    ...(policy?.fallback ? { fallback: policy.fallback } : {}),
  });
};

/**
 * The same, by the policy as it stood for this incident, from the step after the one that was answered: whoever
 * has it asks for help. From the first step again when none is left.
 */
export const startPastLast = async (ctx: Ctx, request: StartRequest): Promise<void> => {
  const last = (await store.runsOf(ctx, [request.incident_id])).at(-1);
  // Whoever was asked first has it, and asks for help: that is who is behind them.
  const behind = last ? await unpagedBehind(ctx, last) : [];
  if (behind.length > 0) return startWith(ctx, { ...request, first: behind.map((one) => one.name) });
  // An exhausted run has begun a round beyond those of the policy.
  const next = last && last.round <= last.snapshot.repeat ? nextPosition(last.snapshot, last) : undefined;
  await (last && next ? begin(ctx, request, last.snapshot, next) : start(ctx, request));
};

const begin = async (
  ctx: Ctx,
  request: StartRequest,
  policy: EscalationPolicy,
  from: Position = { round: 0, step: 0 },
): Promise<void> => {
  const run = await store.insertRun(ctx, {
    id: randomUUID(),
    incident_id: request.incident_id,
    service_id: request.service_id,
    policy: policy.name,
    snapshot: policy,
    urgency: request.urgency,
    about: request.about,
    due_at: ctx.now,
  });
  if (!run) return;
  await say(ctx, request.incident_id, 'escalation.started', `Escalation by ${policy.name}: ${request.why}`, {
    run: run.id,
    policy: policy.name,
    urgency: request.urgency,
  });
  await execute(ctx, run, from);
};

/**
 * Pages the first step from `from` on that finds somebody; skipped ones are recorded with their reason. With `wake`
 * nobody's morning is waited for.
 */
const execute = async (ctx: Ctx, run: store.RunRow, from: Position, wake = false): Promise<void> => {
  const policy = run.snapshot;
  const facts = await factsOf(ctx, run.service_id, run.urgency);
  // A whole round that pages nobody would be skipped for ever: one look at each step is enough.
  let at: Position | undefined = from;
  let looked = 0;
  for (; at && looked < policy.steps.length; looked += 1) {
    const step = policy.steps[at.step];
    if (!step) break;
    const { hours } = step.when;
    const skipped = skipReason(step, facts, (zone) => hours !== undefined && inHours(hours, ctx.now.toZonedDateTimeISO(zone)));
    const found = skipped
      ? undefined
      : await findAwake(ctx, step, wake ? 'high' : run.urgency, { policy: run.policy, step: at.step });
    const label = `Step ${at.step + 1} of ${policy.steps.length}${at.round > 0 ? `, round ${at.round + 1}` : ''}`;
    const counted = found?.people.filter((person) => !person.shadow) ?? [];
    if (found && (counted.length > 0 || found.places.length > 0)) {
      const held = wake ? 0 : heldSeconds(found.people);
      const due = ctx.now.add({ seconds: held + stepSeconds(policy, at.step) });
      await store.moveRun(ctx, run.id, { ...at, state: 'running', due_at: due });
      await say(
        ctx,
        run.incident_id,
        'escalation.step_started',
        `${label} pages ${[...told(found.people, held > 0), ...found.places.map((place) => (isSecretPlace(place) ? 'a webhook' : place.address))].join(', ')}`,
        { run: run.id, ...at, people: found.people, empty: found.empty, until: due },
      );
      await pageAll(ctx, run, at, held > 0 ? found.people.filter((one) => !isBehind(one)) : found.people);
      if (held > 0)
        await ctx.enqueue('escalation.behind_due', [
          { data: { run_id: run.id, ...at }, at: ctx.now.add({ seconds: held }), priority: 20 },
        ]);
      await ctx.enqueue(
        'escalation.tell_place',
        found.places.map((place) => ({ data: { run_id: run.id, ...place, key: `${run.id}:${at?.round}:${at?.step}` } })),
      );
      await ctx.enqueue('escalation.step_due', [{ data: { run_id: run.id, ...at }, at: due, priority: 20 }]);
      const change = await nextShift(ctx, step.targets, due);
      if (change) await ctx.enqueue('escalation.shift_changed', [{ data: { run_id: run.id, ...at }, at: change }]);
      return;
    }
    if (run.state === 'running')
      await say(
        ctx,
        run.incident_id,
        'escalation.step_skipped',
        `${label} skipped: ${skipped ?? (found?.empty.join('; ') || 'it names nobody')}`,
        { run: run.id, ...at, why: skipped ?? found?.empty },
      );
    at = nextPosition(policy, at);
  }
  // Of a round that is under way the steps before are asked again too, by then as a round of its own.
  const again = from.step === 0 ? from : { round: from.round + 1, step: 0 };
  await exhaust(ctx, run, from, looked === policy.steps.length, { again, wake });
};

/**
 * Nobody is left to page who is awake: the run waits, and looks again when the first of them wakes or who is on call changes.
 * False: nobody sleeps.
 */
const waitForMorning = async (ctx: Ctx, run: store.RunRow, at: Position): Promise<boolean> => {
  const { asleep, change } = await sleepersOf(ctx, run);
  const first = firstOf(asleep);
  if (!first) return false;
  const due = change ?? first.until;
  await store.moveRun(ctx, run.id, { round: at.round, step: at.step, state: 'waiting', due_at: due });
  await ctx.enqueue('escalation.step_due', [{ data: { run_id: run.id, round: at.round, step: at.step }, at: due, priority: 20 }]);
  const told = run.state === 'waiting' && run.due_at && Temporal.Instant.compare(run.due_at, due) === 0;
  if (!told) {
    const text = sleeps(first);
    await say(ctx, run.incident_id, 'escalation.waiting', `${text.charAt(0).toUpperCase()}${text.slice(1)}`, {
      run: run.id,
      until: first.until,
      again_at: due,
      people: asleep.map(({ name, until }) => ({ name, until })),
    });
  }
  return true;
};

/**
 * Nobody answered, or nobody could be paged or reached: the fallback, a loud event, and on again, because someone must.
 * While no message arrives anywhere the whole policy is tried again each minute, later every five.
 */
const exhaust = async (
  ctx: Ctx,
  run: store.RunRow,
  at: Position,
  foundNobody: boolean,
  { again = { round: at.round + 1, step: 0 }, wake = false }: { again?: Position; wake?: boolean } = {},
): Promise<void> => {
  if (!wake && (await waitForMorning(ctx, run, again))) return;
  const { fallback } = run.snapshot;
  const found = fallback
    ? await resolveTargets(ctx, [fallback], { policy: run.policy, step: run.snapshot.steps.length })
    : undefined;
  const told = (found?.people.length ?? 0) + (found?.places.length ?? 0) > 0;
  const nobody = foundNobody && !told;
  const reached = await wasReached(ctx, run.id, ctx.now.subtract({ seconds: AGAIN_AFTER_SECONDS }));
  const round = at.round + 1;
  const due = ctx.now.add({
    seconds: nobody ? LOOK_AGAIN_SECONDS : reached ? AGAIN_AFTER_SECONDS : lookAgainSeconds(run.snapshot, round),
  });
  await store.moveRun(ctx, run.id, { round, step: 0, state: 'exhausted', due_at: due });
  await ctx.enqueue('escalation.step_due', [{ data: { run_id: run.id, round, step: 0 }, at: due, priority: 20 }]);
  const why = foundNobody
    ? 'no step of the policy finds anybody to page'
    : reached
      ? 'every step and round of the policy is used up and nobody answered'
      : 'no message reached anybody through every step and round of the policy';
  if (run.state === 'running' || !nobody) {
    await say(
      ctx,
      run.incident_id,
      'escalation.exhausted',
      `${told ? 'Paging the fallback' : 'NOBODY IS LEFT TO PAGE'}: ${why}`,
      { run: run.id, why, again_at: due, fallback: found?.people },
    );
    await ctx.emit('escalation.exhausted', { incident_id: run.incident_id, why });
  }
  if (found) {
    await pageAll(ctx, run, { round, step: run.snapshot.steps.length }, found.people);
    await ctx.enqueue(
      'escalation.tell_place',
      found.places.map((place) => ({ data: { run_id: run.id, ...place, key: `${run.id}:fallback:${round}` } })),
    );
  }
};

/** Whom a step pages, in words. */
const told = (people: Found['people'], held: boolean): string[] => [
  ...people.filter((one) => one.told === 'first').map(({ name }) => `${name} first`),
  ...people
    .filter((one) => !one.shadow)
    .map(({ name, behind_seconds }) => (held && behind_seconds !== undefined ? `${name} ${behind_seconds} s later` : name)),
];

const pageAll = (ctx: Ctx, run: store.RunRow, at: Position, people: Found['people']): Promise<number> =>
  page(ctx, {
    incident_id: run.incident_id,
    service_id: run.service_id,
    run_id: run.id,
    ...at,
    urgency: run.urgency as 'high' | 'low',
    about: run.about,
    people: people.map(({ person_id, why, told: how }) => ({
      person_id,
      why,
      ...(how === 'quiet' || how === 'loud' ? { shadow: how } : {}),
    })),
  });

/** Whoever is behind one who is asked first is paged now, and has the whole time of the step to answer. False: nobody is left there. */
const pageBehind = async (ctx: Ctx, run: store.RunRow, why: string): Promise<boolean> => {
  const people = run.state === 'running' ? await unpagedBehind(ctx, run) : [];
  if (people.length === 0) return false;
  const { round, step } = run;
  const due = ctx.now.add({ seconds: stepSeconds(run.snapshot, step) });
  await store.moveRun(ctx, run.id, { round, step, state: 'running', due_at: due });
  const names = people.map((one) => one.name).join(', ');
  await say(
    ctx,
    run.incident_id,
    'escalation.behind',
    `${why}: ${names}, behind them, ${people.length > 1 ? 'are' : 'is'} paged`,
    {
      run: run.id,
      round,
      step,
      people,
      until: due,
    },
  );
  await pageAll(ctx, run, run, people);
  await ctx.enqueue('escalation.step_due', [{ data: { run_id: run.id, round, step }, at: due, priority: 20 }]);
  return true;
};

/** Whoever is asked first has not answered: the time of those behind them has come. */
export const behindDue = async (
  ctx: Ctx,
  { run_id, round, step }: { run_id: string; round: number; step: number },
): Promise<void> => {
  const run = await store.lockRun(ctx, run_id);
  if (run?.state === 'running' && run.round === round && run.step === step)
    await pageBehind(ctx, run, 'Who was asked first has not answered');
};

/** The step's time is up and nobody answered. A timer that comes late, twice or after a change of step does nothing. */
export const stepDue = async (
  ctx: Ctx,
  { run_id, round, step }: { run_id: string; round: number; step: number },
): Promise<void> => {
  const run = await store.lockRun(ctx, run_id);
  if (!run || run.round !== round || run.step !== step || !run.due_at || Temporal.Instant.compare(run.due_at, ctx.now) > 0)
    return;
  ctx.metrics.timerSeconds.observe((ctx.now.epochMilliseconds - run.due_at.epochMilliseconds) / 1000);
  await advance(ctx, run);
};

const advance = async (ctx: Ctx, run: store.RunRow, wake = false): Promise<void> => {
  if (await pageBehind(ctx, run, 'It goes on from who was asked first')) return;
  if (run.state === 'exhausted') return execute(ctx, run, { round: run.round, step: 0 }, wake);
  const next = run.state === 'waiting' ? run : nextPosition(run.snapshot, run);
  await (next ? execute(ctx, run, { round: next.round, step: next.step }, wake) : exhaust(ctx, run, run, false, { wake }));
};

/** Someone else came on call while the step waits: she is paged too, for the rest of it. */
export const shiftChanged = async (
  ctx: Ctx,
  { run_id, round, step }: { run_id: string; round: number; step: number },
): Promise<void> => {
  const run = await store.lockRun(ctx, run_id);
  if (run?.state !== 'running' || run.round !== round || run.step !== step) return;
  await lookAgain(ctx, run);
};

/** A schedule was edited or overridden: steps in flight that use it look again at once, and so does what waits for a morning. */
export const scheduleChanged = async (ctx: Ctx, { name }: { name: string }): Promise<void> => {
  for (const run of await store.runsUsing(ctx, name)) await (run.state === 'waiting' ? advance(ctx, run) : lookAgain(ctx, run));
};

const lookAgain = async (ctx: Ctx, run: store.RunRow): Promise<void> => {
  const step = run.snapshot.steps[run.step];
  if (!step || !run.due_at) return;
  // Round robins and named people do not change by the clock; asking them again would take a turn.
  const schedules = step.targets.filter((target) => 'schedule' in target);
  const found = await findAwake(ctx, { ...step, targets: schedules }, run.urgency, { policy: run.policy, step: run.step });
  const at = behindAt(run);
  const isHeld = at !== undefined && Temporal.Instant.compare(ctx.now, at) < 0;
  await pageAll(
    ctx,
    run,
    run,
    found.people
      .filter((person) => !isHeld || !isBehind(person))
      .map((person) => ({ ...person, why: { key: 'why.meanwhile', values: { why: person.why } } })),
  );
  const change = await nextShift(ctx, schedules, run.due_at);
  if (change)
    await ctx.enqueue('escalation.shift_changed', [{ data: { run_id: run.id, round: run.round, step: run.step }, at: change }]);
};

/** Nobody of the step can be reached: the next step begins now. */
export const unreachable = async (
  ctx: Ctx,
  { run_id, round, step, why }: { run_id: string | null; round: number | null; step: number | null; why: string },
): Promise<void> => {
  const run = run_id ? await store.lockRun(ctx, run_id) : undefined;
  if (!run || step === null || run.round !== round) return;
  const fallback = run.state === 'exhausted' && step === run.snapshot.steps.length;
  if (!fallback && (run.state !== 'running' || run.step !== step)) return;
  const pages = await pagesOfStep(ctx, run.id, run.round, step);
  if (pages.some((one) => one.status !== 'unreachable')) return;
  if (fallback) return bringForward(ctx, run, why);
  await say(ctx, run.incident_id, 'escalation.hurried', `Step ${run.step + 1} could reach nobody, the next begins now: ${why}`, {
    run: run.id,
    why,
  });
  await advance(ctx, run);
};

/** Not even the fallback can be reached: the policy is tried again soon, not after the long rest of one that was. */
const bringForward = async (ctx: Ctx, run: store.RunRow, why: string): Promise<void> => {
  const due = ctx.now.add({ seconds: lookAgainSeconds(run.snapshot, run.round) });
  if (run.due_at && Temporal.Instant.compare(run.due_at, due) <= 0) return;
  await store.moveRun(ctx, run.id, { round: run.round, step: run.step, state: 'exhausted', due_at: due });
  await ctx.enqueue('escalation.step_due', [
    { data: { run_id: run.id, round: run.round, step: run.step }, at: due, priority: 20 },
  ]);
  await say(
    ctx,
    run.incident_id,
    'escalation.hurried',
    `The fallback could not be reached, the policy is tried again soon: ${why}`,
    { run: run.id, why, again_at: due },
  );
};

/** Locks what escalates by pages of hers, in one order, and ends those pages. */
const takePages = async (ctx: Ctx, personId: string, reason: string) => {
  const open = await openPagesOf(ctx, personId);
  const runs: store.RunRow[] = [];
  for (const id of [...new Set(open.flatMap((page) => page.run_id ?? []))].sort()) {
    const run = await store.lockRun(ctx, id);
    if (run) runs.push(run);
  }
  return { runs, pages: await letGo(ctx, personId, reason) };
};

/**
 * Somebody left: what waited for her answer goes on at once. A step that still waits for another goes on waiting, without
 * her; later steps leave her out by themselves, because she is deactivated. Safe to repeat.
 */
export const personLeft = async (ctx: Ctx, { id, name }: { id: string; name: string }): Promise<void> => {
  const { runs, pages } = await takePages(ctx, id, `${name} left`);
  for (const run of runs) {
    const fallback = run.state === 'exhausted';
    const step = fallback ? run.snapshot.steps.length : run.step;
    if (!pages.some((page) => page.run_id === run.id && page.round === run.round && page.step === step)) continue;
    const others = await pagesOfStep(ctx, run.id, run.round, step);
    if (others.some((page) => page.status === 'waiting' || page.status === 'paging')) continue;
    const why = `${name} left, and nobody else of it was paged`;
    if (fallback) {
      await bringForward(ctx, run, why);
      continue;
    }
    await say(ctx, run.incident_id, 'escalation.hurried', `Step ${run.step + 1} waits for nobody, the next begins now: ${why}`, {
      run: run.id,
      why,
    });
    await advance(ctx, run);
  }
};

/**
 * Her seats went to somebody else: so do her open pages, and her place in the policies of incidents that are under way.
 * Returns how many pages changed hands.
 */
export const handOver = async (
  ctx: Ctx,
  from: { id: string; name: string },
  to: { id: string; name: string },
): Promise<number> => {
  const { pages } = await takePages(ctx, from.id, `${to.name} takes the place of ${from.name}`);
  for (const run of await store.liveRuns(ctx)) {
    const snapshot = withPerson(run.snapshot, from.name, to.name);
    if (snapshot === run.snapshot) continue;
    await store.setSnapshot(ctx, run.id, snapshot);
    await say(ctx, run.incident_id, 'escalation.handed_over', `${to.name} takes the place of ${from.name} in ${run.policy}`, {
      run: run.id,
    });
  }
  for (const one of pages)
    await page(ctx, {
      incident_id: one.incident_id,
      service_id: one.service_id,
      run_id: one.run_id,
      step: one.step,
      round: one.round,
      urgency: one.urgency as 'high' | 'low',
      about: one.about,
      people: [{ person_id: to.id, why: { key: 'why.instead', values: { person: from.name, why: one.why ?? one.reason } } }],
    });
  return pages.length;
};

/** A responder asks for the next step now, also where it would wait for somebody's morning. Returns false when nothing is escalating. */
export const escalateNow = async (ctx: Ctx, incidentId: string): Promise<boolean> => {
  const run = await store.lockRunOf(ctx, incidentId);
  if (!run) return false;
  await say(ctx, incidentId, 'escalation.forced', `${ctx.actor.name} asked for the next step`, { run: run.id });
  await advance(ctx, run, true);
  return true;
};

/** Stop paging for an incident: someone has it, or it is over. Safe to repeat. */
export const stop = async (ctx: Ctx, incidentId: string, reason: string, answeredBy?: string): Promise<void> => {
  const run = await store.endRun(ctx, incidentId, reason);
  if (run) await say(ctx, incidentId, 'escalation.stopped', `Escalation stopped: ${reason}`, { run: run.id });
  await stopPaging(ctx, incidentId, reason, answeredBy);
};

/** Runs whose timer never came, made due again. Returns how many. */
export const repairOverdue = async (ctx: Ctx, graceSeconds: number): Promise<number> => {
  const runs = await store.overdue(ctx, graceSeconds);
  for (const run of runs) {
    await say(ctx, run.incident_id, 'escalation.repaired', `The step due at ${run.due_at} had not begun: it begins now`, {
      run: run.id,
    });
    await ctx.enqueue('escalation.step_due', [{ data: { run_id: run.id, round: run.round, step: run.step }, priority: 20 }]);
  }
  return runs.length;
};
