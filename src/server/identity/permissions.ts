import type { Actor, Ctx, Role } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';

export const ROLES: Role[] = ['stakeholder', 'observer', 'responder', 'manager', 'administrator'];

type Rule = {
  /** The least role that has it; every higher one has it too. */
  from: Role;
  says: string;
  /** A manager has it only for what her teams own, and for what no team owns. */
  own?: true;
};

/** Who may do what: the only table of it. The API asks it, the console shows by it, docs/permissions.md is made from it. */
export const PERMISSIONS = {
  'incident.read': { from: 'stakeholder', says: 'read incidents, their timelines and who is on call' },
  'configuration.read': { from: 'observer', says: 'read people, teams, services, schedules, policies and integrations' },
  'alert.read': { from: 'observer', says: 'read alerts, payloads, silences and why something paged or did not' },
  'journal.read': { from: 'observer', says: 'read the audit log' },
  'incident.respond': {
    from: 'responder',
    says: 'acknowledge, escalate, reassign, snooze, merge, note, resolve and reopen incidents',
  },
  'incident.create': { from: 'responder', says: 'declare an incident' },
  'silence.write': { from: 'responder', says: 'silence alerts and plan maintenance' },
  'override.write': { from: 'responder', says: 'override a schedule' },
  'self.write': { from: 'responder', says: 'change how she herself is reached, and her own leave' },
  simulate: { from: 'responder', says: 'ask what a payload would do' },
  'service.write': { from: 'manager', says: 'change services, their integrations and heartbeats', own: true },
  'schedule.write': { from: 'manager', says: 'change schedules', own: true },
  'policy.write': { from: 'manager', says: 'change escalation policies', own: true },
  'team.write': { from: 'manager', says: 'change teams, and send their people a test page', own: true },
  'health.read': { from: 'manager', says: 'read the on-call health of the people of a team', own: true },
  'leave.write': { from: 'manager', says: 'plan leave of the people of a team', own: true },
  'compensation.read': {
    from: 'manager',
    says: 'read what being on call comes to, of the people and schedules of a team; everyone reads their own',
    own: true,
  },
  'routing.write': { from: 'administrator', says: 'change the routing rules, which every team shares' },
  'people.write': { from: 'administrator', says: 'add, change, invite and remove people' },
  'tokens.write': { from: 'administrator', says: 'make and revoke API keys of machines and of others' },
  'settings.write': { from: 'administrator', says: 'change channels, sign-on and other settings' },
  'process.apply': { from: 'administrator', says: 'apply and export process files' },
  backup: { from: 'administrator', says: 'back up and restore' },
  'integration.read_secret': { from: 'administrator', says: 'read the keys of integrations' },
} as const satisfies Record<string, Rule>;
export type Permission = keyof typeof PERMISSIONS;
const ALL = Object.keys(PERMISSIONS) as Permission[];
export const isPermission = (text: string): text is Permission => Object.hasOwn(PERMISSIONS, text);

const atLeast = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);
export const lesserRole = (a: Role, b: Role): Role => (atLeast(a, b) ? b : a);
const ruleOf = (permission: Permission): Rule => PERMISSIONS[permission];

/** What a role may do somewhere, without regard to teams. */
export const can = (role: Role, permission: Permission): boolean => atLeast(role, ruleOf(permission).from);

type Judged = Extract<Actor, { role: Role }>;

/** The highest role she has anywhere: what she may somewhere. */
const highest = (actor: Judged): Role =>
  Object.values(actor.teams ?? {}).reduce((best, role) => (atLeast(role, best) ? role : best), actor.role);

/**
 * Whether somebody may, and if not, why. `team` is the name or id of the team that owns the thing, `null` for one
 * that no team owns; without it the question is whether she may anywhere.
 */
export const decide = (
  actor: Judged,
  permission: Permission,
  team?: string | null,
): { ok: true } | { ok: false; why: string } => {
  const rule = ruleOf(permission);
  if (actor.scopes && !actor.scopes.includes(permission))
    return { ok: false, why: `This key is limited to ${actor.scopes.join(', ') || 'nothing'} (${permission} is not among it)` };
  if (actor.role === 'administrator') return { ok: true };
  const here = team ? actor.teams?.[team] : undefined;
  if (here && atLeast(here, rule.from)) return { ok: true };
  const role = team === undefined ? highest(actor) : actor.role;
  if (!atLeast(role, rule.from)) return { ok: false, why: `The role ${actor.role} may not do this (${permission})` };
  // Without a list of teams it is a machine's key, which belongs to no team and is limited by its scopes.
  if (rule.own && team && actor.teams)
    return { ok: false, why: `This belongs to the team ${team}, which you do not manage (${permission})` };
  return { ok: true };
};

/** Throws `forbidden` unless the actor may. The system and integrations act only through flows that were allowed before. */
export const allow = (ctx: Ctx, permission: Permission, team?: string | null): void => {
  const { actor } = ctx;
  if (actor.kind === 'system' || actor.kind === 'integration') return;
  const verdict = decide(actor, permission, team);
  if (!verdict.ok) throw new AppError('forbidden', verdict.why);
};

/** What the console may offer: permissions that hold somewhere, and the teams for which those of a manager hold. */
export const offered = (actor: Judged): Permission[] =>
  ALL.filter((permission) => [undefined, ...Object.keys(actor.teams ?? {})].some((team) => decide(actor, permission, team).ok));

/** The table of docs/permissions.md. */
export const permissionTable = (): string =>
  [
    `| permission | may | ${ROLES.join(' | ')} |`,
    `|---|---|${ROLES.map(() => ':-:').join('|')}|`,
    ...ALL.map((name) => {
      const rule = ruleOf(name);
      const cells = ROLES.map((role) => (!can(role, name) ? '' : rule.own && role === 'manager' ? 'own teams' : 'yes'));
      return `| \`${name}\` | ${rule.says} | ${cells.join(' | ')} |`;
    }),
  ].join('\n');
