import type { SignOnMapping } from '../../../contract/sign-on.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { followGroups } from '../memberships.ts';
import * as store from './store.ts';

/** No group of a directory has this name. */
const NO_GROUP = '';

/**
 * Brings role and teams of people to what their groups in the directory give. `before`: a mapping that counted until now; roles and
 * teams that it gave, and nothing gives any more, are taken back. Whoever calls holds the directory's lock.
 */
export const follow = async (ctx: Ctx, personIds: string[], before: SignOnMapping[] = []): Promise<void> => {
  const settings = await store.settings(ctx);
  if (!settings) return;
  const mapping = [...settings.mapping, ...before.map((one) => ({ ...one, group: NO_GROUP }))];
  if (mapping.length === 0) return;
  for (const id of personIds) await followGroups(ctx, id, await store.groupWordsOf(ctx, id), mapping, settings.default_role);
};
