import type { Ctx } from '../../platform/ctx.ts';
import { invalid } from '../../platform/errors.ts';
import { givenRole } from '../sign-on-store.ts';
import { saysName } from './rules.ts';
import { decides, settings, user } from './store.ts';

type Facts = { display_name: string; email: string; active: boolean; role: string };
const LABELS = { display_name: 'name', email: 'mail address', active: 'activity' } as const;

/** An administrator whom people made one, not a group. The directory does not decide the address: with it one could sign in as her. */
export const isAdministratorByHand = async (ctx: Ctx, person: { id: string; role: string }): Promise<boolean> =>
  person.role === 'administrator' && (await givenRole(ctx, person.id)) !== 'administrator';

/** Refuses to change by hand what the directory decides, naming it: at its next word it would be changed back. */
export const refuseOwned = async (ctx: Ctx, before: Facts & { id: string; name: string }, after: Facts): Promise<void> => {
  // The directory itself, and a sign-on that follows its groups.
  if (ctx.source === 'scim' || ctx.source === 'sign-on') return;
  const changed = (['display_name', 'email', 'active'] as const).filter((one) => before[one] !== after[one]);
  if (changed.length === 0 && before.role === after.role) return;
  if (!(await decides(ctx, before.id))) return;
  const byHand = await isAdministratorByHand(ctx, before);
  const attributes = (await user(ctx, before.id))?.attributes ?? {};
  const field = changed.find((one) => (one === 'email' ? !byHand : one !== 'display_name' || saysName(attributes)));
  if (field) throw invalid(`the ${LABELS[field]} of ${before.name} comes from the directory: change it there`, field);
  if (before.role !== after.role && (await followsDirectory(ctx, before.id)) && (await givenRole(ctx, before.id)) === before.role)
    throw invalid(
      `the role of ${before.name} comes from a group of the directory: change it there, or what the group gives`,
      'role',
    );
};

/** Whether a person's groups are the directory's to say, so that those of a sign-on do not count. */
export const followsDirectory = async (ctx: Ctx, personId: string): Promise<boolean> =>
  ((await settings(ctx))?.mapping.length ?? 0) > 0 && (await decides(ctx, personId));
