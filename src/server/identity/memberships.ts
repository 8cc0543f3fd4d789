import type { SignOnMapping } from '../../contract/sign-on.ts';
import { changesOf, journal } from '../journal/actions.ts';
import type { Ctx, Role } from '../platform/ctx.ts';
import { savePerson } from './people.ts';
import * as signIn from './sign-in-store.ts';
import { fromGroups } from './sign-on-rules.ts';
import * as store from './sign-on-store.ts';
import * as people from './store.ts';

type Team = Awaited<ReturnType<typeof people.teams>>[number];
type Who = Pick<people.PersonRow, 'id' | 'name' | 'display_name'>;

/** Puts a person into a team, or takes her out, for a directory. Safe to repeat; what changes nothing leaves no entry. */
const setMember = async (ctx: Ctx, team: Team, person: Who, member: boolean): Promise<void> => {
  const changed = member ? await store.addMember(ctx, team.id, person.id) : await store.removeMember(ctx, team.id, person.id);
  if (!changed) return;
  await journal(ctx, {
    type: member ? 'team.member_added' : 'team.member_removed',
    subject: { type: 'team', id: team.id },
    text: `${ctx.actor.name} ${member ? 'put' : 'took'} ${person.display_name} ${member ? 'into' : 'out of'} the team ${team.name}`,
    data: { person: person.name },
  });
};

const setGrant = async (ctx: Ctx, team: Team, person: Who, role: Role | null): Promise<void> => {
  const before = team.grants.find((grant) => grant.person === person.name)?.role ?? null;
  await store.setGrant(ctx, team.id, person.id, role);
  await journal(ctx, {
    type: 'team.role_given',
    subject: { type: 'team', id: team.id },
    text: role
      ? `${ctx.actor.name} made ${person.display_name} ${role} within the team ${team.name}`
      : `${ctx.actor.name} took the role of ${person.display_name} within the team ${team.name}`,
    data: { person: person.name, changes: changesOf({ role: before }, { role }) },
  });
};

/** Brings role and teams of a person to what her groups say. Whoever calls holds the directory's lock. */
export const followGroups = async (
  ctx: Ctx,
  personId: string,
  groups: string[],
  mapping: SignOnMapping[],
  defaultRole: Role,
): Promise<void> => {
  const [row] = await people.peopleByIds(ctx, [personId]);
  if (!row || mapping.length === 0) return;
  const teams = await people.teams(ctx);
  const here = new Map(teams.map((team) => [team.name, team]));
  const role = row.role as Role;
  const given = await store.givenRole(ctx, row.id);
  const result = fromGroups(
    groups,
    // A team may have gone since.
    mapping.map((one) => (one.team && !here.has(one.team) ? { group: one.group, ...(one.role ? { role: one.role } : {}) } : one)),
    {
      role,
      given,
      teams: teams.filter((team) => team.members.includes(row.name)).map((team) => team.name),
      grants: Object.fromEntries(
        teams.flatMap((team) =>
          team.grants.filter((grant) => grant.person === row.name).map((grant) => [team.name, grant.role] as const),
        ),
      ),
      lastAdministrator: role === 'administrator' && (await signIn.otherAdministrators(ctx, row.id)) === 0,
    },
    defaultRole,
  );
  const { quiet_hours, holidays, ...rest } = row;
  if (result.role)
    await savePerson(ctx, {
      ...rest,
      role: result.role,
      ...(quiet_hours ? { quiet_hours: quiet_hours as never } : {}),
      ...(holidays ? { holidays } : {}),
    });
  if (result.given !== given) await store.rememberRole(ctx, row.id, result.given);
  if (result.reasons.length > 0)
    await journal(ctx, {
      type: 'person.role_by_groups',
      subject: { type: 'person', id: row.id },
      text: `${row.display_name} is ${result.reasons.join('; ')}`,
      data: { groups: groups.slice(0, 200), changes: changesOf({ role }, { role: result.role ?? role }) },
    });
  for (const name of result.join) await setMember(ctx, here.get(name) as Team, row, true);
  for (const name of result.leave) await setMember(ctx, here.get(name) as Team, row, false);
  for (const grant of result.grants) await setGrant(ctx, here.get(grant.team) as Team, row, grant.role);
};
