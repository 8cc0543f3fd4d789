import type { Service } from '../../contract/service.ts';
import { allow } from '../identity/permissions.ts';
import { changesOf, journal } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import * as store from './store.ts';
import './types.ts';

export type { ServiceRow } from './store.ts';

/** Creates a service or brings one to this state; refuses a team or policy that is not there. Returns its id. */
export const saveService = async (ctx: Ctx, service: Service): Promise<string> => {
  allow(ctx, 'service.write', service.team ?? null);
  allow(ctx, 'service.write', (await store.serviceByName(ctx, service.name))?.team_id ?? null);
  const team = service.team ? await store.teamId(ctx, service.team) : undefined;
  if (service.team && !team) throw invalid(`there is no team named ${service.team}`, 'team');
  const before = await store.shownByName(ctx, service.name);
  const { id } = await store.upsertService(ctx, {
    name: service.name,
    title: service.title,
    description: service.description,
    team_id: team?.id ?? null,
    escalation_policy: service.escalation_policy ?? null,
    grouping: JSON.stringify(service.grouping),
    on_all_resolved: service.on_all_resolved,
    urgency: service.urgency,
    support_hours: service.support_hours ? JSON.stringify(service.support_hours) : null,
    acknowledge_timeout_seconds: service.acknowledge_timeout_seconds,
    flapping: JSON.stringify(service.flapping),
  });
  await ctx.emit('service.saved', { id, name: service.name, escalation_policy: service.escalation_policy });
  await journal(ctx, {
    type: 'service.saved',
    subject: { type: 'service', id },
    text: `Service ${service.name} was saved`,
    data: { ...service, changes: changesOf(before && serviceOf(before), service) },
  });
  return id;
};

/** Refused while an integration, schedule or incident refers to it. */
export const removeService = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'service.write');
  const row = await serviceNamed(ctx, name);
  allow(ctx, 'service.write', row.team_id);
  const before = await store.shownByName(ctx, name);
  await ctx.emit('service.removing', { id: row.id, name });
  await store.deleteService(ctx, row.id);
  await journal(ctx, {
    type: 'service.removed',
    subject: { type: 'service', id: row.id },
    text: `Service ${name} was removed`,
    data: { changes: changesOf(before && serviceOf(before), undefined) },
  });
};

export const serviceNamed = async (ctx: Ctx, name: string, field?: string): Promise<store.ServiceRow> => {
  const row = await store.serviceByName(ctx, name);
  if (!row) throw field ? invalid(`there is no service named ${name}`, field) : notFound(`Service ${name}`);
  return row;
};
export const serviceById = store.serviceById;
export const allServices = store.services;

export const shownService = async (ctx: Ctx, name: string): Promise<Service> => {
  const row = await store.shownByName(ctx, name);
  if (!row) throw notFound(`Service ${name}`);
  return serviceOf(row);
};

/** A service as the contract says it. */
export const serviceOf = (row: Awaited<ReturnType<typeof store.services>>[number]): Service => ({
  name: row.name,
  title: row.title,
  description: row.description,
  ...(row.team ? { team: row.team } : {}),
  ...(row.escalation_policy ? { escalation_policy: row.escalation_policy } : {}),
  grouping: row.grouping,
  on_all_resolved: row.on_all_resolved as Service['on_all_resolved'],
  urgency: row.urgency as Service['urgency'],
  ...(row.support_hours ? { support_hours: row.support_hours } : {}),
  acknowledge_timeout_seconds: row.acknowledge_timeout_seconds,
  flapping: row.flapping,
});
