import type { Ctx, Role } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';

/** Who may do what; each role has what stands before it and more. */
const ADDS = {
  stakeholder: ['incident.read'],
  observer: ['configuration.read', 'alert.read', 'journal.read'],
  responder: ['incident.respond', 'incident.create', 'silence.write', 'override.write', 'self.write', 'simulate'],
  manager: ['service.write', 'schedule.write', 'policy.write', 'team.write'],
  administrator: ['people.write', 'tokens.write', 'settings.write', 'process.apply', 'backup', 'integration.read_secret'],
} as const;
export type Permission = (typeof ADDS)[keyof typeof ADDS][number];

const ORDER: Role[] = ['stakeholder', 'observer', 'responder', 'manager', 'administrator'];
const GRANTS = new Map<Role, Set<Permission>>(
  ORDER.map((role, index) => [role, new Set(ORDER.slice(0, index + 1).flatMap((lower) => ADDS[lower] as readonly Permission[]))]),
);

export const can = (role: Role, permission: Permission): boolean => GRANTS.get(role)?.has(permission) ?? false;

/** Throws `forbidden` unless the actor may. The system and integrations act only through flows that were allowed before. */
export const allow = (ctx: Ctx, permission: Permission): void => {
  const { actor } = ctx;
  if (actor.kind === 'system' || actor.kind === 'integration') return;
  if (!can(actor.role, permission)) throw new AppError('forbidden', `The role ${actor.role} may not do this (${permission})`);
};
