import type { EscalationStep } from '../../contract/escalation.ts';
import { serviceById } from '../catalog/actions.ts';
import { inHours, inSupportHours } from '../catalog/rules.ts';
import type { Ctx } from '../platform/ctx.ts';
import { type StepFacts, skipReason, wakesAt } from './rules.ts';
import type * as store from './store.ts';
import { type Found, nextShift, resolveTargets } from './targets.ts';

export type Sleeper = { name: string; display_name: string; time_zone: string; until: Temporal.Instant };
/** Whom a step finds, without those whose page waits for their morning. */
export type Awake = Found & { asleep: Sleeper[] };

type Place = Parameters<typeof resolveTargets>[2];

/** Whom a step finds that is awake for this urgency. A turn of a round robin is taken only by who is. */
export const findAwake = async (
  ctx: Ctx,
  step: EscalationStep,
  urgency: string,
  place: Omit<Place, 'hours'>,
  dryRun = false,
): Promise<Awake> => {
  const hours = step.when.hours;
  const find = (dry: boolean) => resolveTargets(ctx, step.targets, { ...place, hours }, dry);
  if (!step.low_urgency_hours || urgency === 'high') return { ...(await find(dryRun)), asleep: [] };
  const looked = apart(await find(true), step, urgency, ctx.now);
  return dryRun || looked.people.length === 0 ? looked : apart(await find(false), step, urgency, ctx.now);
};

const apart = (found: Found, step: EscalationStep, urgency: string, now: Temporal.Instant): Awake => {
  const people: Found['people'] = [];
  const asleep: Sleeper[] = [];
  for (const one of found.people) {
    const until = wakesAt(step.low_urgency_hours, urgency, one.time_zone, now);
    if (!until) people.push(one);
    // Who only shadows is waited for by nobody.
    else if (!one.shadow) asleep.push({ name: one.name, display_name: one.display_name, time_zone: one.time_zone, until });
  }
  // Nobody is asked first while whoever would be behind them sleeps.
  if (!people.some((one) => one.behind_seconds !== undefined))
    for (const one of people) if (one.told === 'first') one.told = 'quiet';
  return { ...found, people, asleep, empty: [...found.empty, ...asleep.map(sleeps)] };
};

/** `low urgency waits for the morning of Ana, Tue 3 Mar 08:00 (Europe/Amsterdam)` */
export const sleeps = ({ display_name, until, time_zone }: Sleeper): string =>
  `low urgency waits for the morning of ${display_name}, ${localMoment(until, time_zone)}`;
const localMoment = (at: Temporal.Instant, zone: string): string => {
  const local = at.toZonedDateTimeISO(zone);
  const day = local.toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
  return `${day} ${local.toPlainTime().toString({ smallestUnit: 'minute' })} (${zone})`;
};

export const firstOf = (sleepers: readonly Sleeper[]): Sleeper | undefined =>
  sleepers.toSorted((a, b) => Temporal.Instant.compare(a.until, b.until))[0];

/** What decides whether a step counts for an incident of a service now. */
export const factsOf = async (ctx: Ctx, serviceId: string, urgency: string): Promise<StepFacts> => {
  const service = await serviceById(ctx, serviceId);
  return {
    urgency,
    service: service?.name ?? '',
    inSupportHours: service?.support_hours ? inSupportHours(service.support_hours, ctx.now) : undefined,
  };
};

/** Everybody a run would page now, were it not their night; and when who is on call changes before the first of them wakes. */
export const sleepersOf = async (
  ctx: Ctx,
  run: store.RunRow,
): Promise<{ asleep: Sleeper[]; change: Temporal.Instant | undefined }> => {
  const facts = await factsOf(ctx, run.service_id, run.urgency);
  const asleep: Sleeper[] = [];
  const steps = run.snapshot.steps.filter((step) => step.low_urgency_hours);
  for (const [at, step] of run.snapshot.steps.entries()) {
    const { hours } = step.when;
    if (!step.low_urgency_hours) continue;
    if (skipReason(step, facts, (zone) => hours !== undefined && inHours(hours, ctx.now.toZonedDateTimeISO(zone)))) continue;
    asleep.push(...(await findAwake(ctx, step, run.urgency, { policy: run.policy, step: at }, true)).asleep);
  }
  const first = firstOf(asleep);
  const change =
    first &&
    (await nextShift(
      ctx,
      steps.flatMap((step) => step.targets),
      first.until,
    ));
  return { asleep, change };
};
