import type { LeftBehind } from '../../contract/handoff.ts';
import { allServices } from '../catalog/actions.ts';
import { allPolicies, targetsOf } from '../escalation/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { activeSilences } from '../silences/actions.ts';
import * as store from './store.ts';

const WEEK = { hours: 24 * 7 };

/** Policies that page this role of the schedule, and the services that escalate by them. */
export const countingOn = async (ctx: Ctx, row: Pick<store.Row, 'schedule' | 'role'>) => {
  const policies = (await allPolicies(ctx)).filter((policy) =>
    targetsOf(policy).some(
      (target) => 'schedule' in target && target.schedule === row.schedule && (!target.role || target.role === row.role),
    ),
  );
  const names = policies.map((policy) => policy.name);
  const services = (await allServices(ctx)).filter((one) => one.escalation_policy && names.includes(one.escalation_policy));
  return { policies, services };
};

const worded = <T extends { opened_at: Temporal.Instant }>({ opened_at, ...one }: T) => ({
  ...one,
  opened_at: opened_at.toString(),
});

/** What whoever comes takes over, as it stands now: incidents, pages and silences of the services that page this role. */
export const gather = async (ctx: Ctx, row: Pick<store.Row, 'schedule' | 'role'>): Promise<LeftBehind> => {
  const services = (await countingOn(ctx, row)).services.map((service) => service.name);
  const open = await store.openIncidents(ctx, services);
  const pages = await store.pagesSince(ctx, services, ctx.now.subtract(WEEK));
  const silences = (await activeSilences(ctx)).filter(
    ({ silence }) => silence.services.length === 0 || silence.services.some((name) => services.includes(name)),
  );
  return {
    at: ctx.now.toString(),
    services,
    open_incidents: { total: open.total, items: open.items.map(worded) },
    pages: {
      total: pages.total,
      incidents: pages.incidents,
      items: pages.items.map(({ last_at, ...one }) => ({ ...worded(one), last_at: last_at.toString() })),
    },
    silences: silences.map(({ silence, until }) => ({
      id: silence.id,
      kind: silence.kind,
      comment: silence.comment,
      services: silence.services,
      until: until.toString(),
    })),
  };
};
