import type { EscalationPolicy, Target } from '../../contract/escalation.ts';
import { allServices } from '../catalog/actions.ts';
import { assertTeam } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import { changesOf, journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { assertTargets } from './assert.ts';
import { namesPerson, targetsOf } from './counted.ts';
import { keepVersion } from './history-store.ts';
import { hasLeft } from './rules.ts';
import * as store from './store.ts';
import './types.ts';

export { boardOf } from './board.ts';
export { callOrder } from './call-order.ts';
export { namesPerson, peopleIn, targetsOf, withPerson } from './counted.ts';
export { previewSchedule, teamTimeline } from './coverage.ts';
export { policyAt, policyHistory } from './history.ts';
export { placeMessage, tellPlace, toldAs, toldPlaces } from './places.ts';
export { previewPolicy, wouldPage } from './preview.ts';
export {
  behindDue,
  escalateNow,
  handOver,
  personLeft,
  repairOverdue,
  scheduleChanged,
  shiftChanged,
  start,
  startPastLast,
  startWith,
  stepDue,
  stop,
  unreachable,
} from './run.ts';
export { resolveTargets } from './targets.ts';
export { upcoming } from './upcoming.ts';
export const runsOf = store.runsOf;
/** Runs whose step is late by more than so many seconds. */
export const overdueSteps = store.overdue;
export const policyNamed = store.policyByName;
export const allPolicies = async (ctx: Ctx): Promise<EscalationPolicy[]> =>
  (await store.policies(ctx)).map((row) => row.definition);

/** Whether escalation of the incident has gone on from the step that a page of it was sent for. */
export const hasGoneOn = async (ctx: Ctx, page: { incident_id: string } & Parameters<typeof hasLeft>[1]): Promise<boolean> =>
  hasLeft((await store.runsOf(ctx, [page.incident_id])).at(-1), page);

/** Creates a policy or brings one to this state; refuses targets that are not here. Runs in flight keep the policy they began with. */
export const savePolicy = async (ctx: Ctx, policy: EscalationPolicy): Promise<void> => {
  allow(ctx, 'policy.write', policy.team ?? null);
  const before = (await store.policyByName(ctx, policy.name))?.definition;
  allow(ctx, 'policy.write', before?.team ?? null);
  if (policy.team) await assertTeam(ctx, policy.team, 'team');
  await assertTargets(ctx, policy, '');
  const { id } = await store.upsertPolicy(ctx, policy);
  await keepVersion(ctx, id, policy, before === undefined);
  await journal(ctx, {
    type: 'escalation_policy.saved',
    subject: { type: 'escalation_policy', id },
    text: `Escalation policy ${policy.name} was saved`,
    data: { policy, changes: changesOf(before, policy) },
  });
};

/** Refused while a service escalates by it. */
export const removePolicy = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'policy.write');
  const before = (await store.policyByName(ctx, name))?.definition;
  allow(ctx, 'policy.write', before?.team ?? null);
  const usedBy = (await allServices(ctx)).filter((service) => service.escalation_policy === name);
  if (usedBy.length > 0)
    throw invalid(`${usedBy.map((service) => service.name).join(', ')} escalate by it: change them first`, 'name');
  const row = await store.deletePolicy(ctx, name);
  if (!row) throw notFound(`Escalation policy ${name}`);
  await keepVersion(ctx, row.id, null);
  await journal(ctx, {
    type: 'escalation_policy.removed',
    subject: { type: 'escalation_policy', id: row.id },
    text: `Escalation policy ${name} was removed`,
    data: { changes: changesOf(before, undefined) },
  });
};

/** A service that names a policy which is not there would page nobody. */
export const refuseUnknownPolicy = async (
  ctx: Ctx,
  { escalation_policy }: { escalation_policy: string | undefined },
): Promise<void> => {
  if (escalation_policy && !(await store.policyByName(ctx, escalation_policy)))
    throw invalid(`there is no escalation policy named ${escalation_policy}`, 'escalation_policy');
};

const uses = (policy: EscalationPolicy, found: (target: Target) => boolean) => targetsOf(policy).some(found);
const refuseWhile = async (ctx: Ctx, name: string, found: (target: Target) => boolean): Promise<void> => {
  const where = (await allPolicies(ctx)).filter((policy) => uses(policy, found));
  if (where.length > 0)
    throw invalid(`escalation policy ${where.map((policy) => policy.name).join(', ')} pages ${name}: change it first`, 'name');
};
export const refusePersonInUse = (ctx: Ctx, { name }: { name: string }) =>
  refuseWhile(ctx, name, (target) => namesPerson(target, name));
export const refuseScheduleInUse = (ctx: Ctx, { name }: { name: string }) =>
  refuseWhile(ctx, name, (target) => 'schedule' in target && target.schedule === name);
export const refuseTeamInUse = async (ctx: Ctx, { name }: { name: string }) => {
  await refuseWhile(ctx, name, (target) => 'team' in target && target.team === name);
  const owned = (await allServices(ctx)).filter((service) => service.team === name);
  if (owned.length > 0)
    throw invalid(`team ${name} owns ${owned.map((service) => service.name).join(', ')}: give them to another first`, 'name');
};
