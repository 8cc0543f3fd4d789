import { randomBytes } from 'node:crypto';
import { journal } from '../../journal/actions.ts';
import type { Ctx, Role } from '../../platform/ctx.ts';
import { savePerson } from '../people.ts';
import { endInvitations, forgetUser } from '../sign-in-store.ts';
import { rememberRole } from '../sign-on-store.ts';
import * as people from '../store.ts';

/**
 * Somebody, perhaps another one, gets the place of a person who left: whatever let that person in, reached or was given to that person
 * goes first. What was done stays on record, and turns in schedules stay.
 */
export const startAnew = async (ctx: Ctx, row: people.PersonRow, role: Role): Promise<void> => {
  await forgetUser(ctx, row.id);
  await endInvitations(ctx, row.id);
  const keys = await people.revokeTokensOf(ctx, row.id);
  const teams = await people.leaveTeams(ctx, row.id);
  await rememberRole(ctx, row.id, null);
  await people.renewCalendar(ctx, row.id, `cal_${randomBytes(24).toString('base64url')}`);
  const { quiet_hours: _quiet, holidays: _holidays, ...rest } = row;
  await savePerson(ctx, { ...rest, role });
  await ctx.emit('person.replaced', { id: row.id, name: row.name });
  await journal(ctx, {
    type: 'person.replaced',
    subject: { type: 'person', id: row.id },
    text: `${row.display_name} had left, and the directory gave the place to somebody: ways to sign in and to be reached, keys, teams and role were taken away`,
    data: { role: row.role, teams, keys_revoked: keys },
  });
};
