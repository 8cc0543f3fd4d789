import type { Ctx } from '../../platform/ctx.ts';
import { followGroups } from '../memberships.ts';
import * as store from './store.ts';

/** Brings role and teams of people to what their groups in the directory give. Whoever calls holds the directory's lock. */
export const follow = async (ctx: Ctx, personIds: string[]): Promise<void> => {
  const settings = await store.settings(ctx);
  if (!settings || settings.mapping.length === 0) return;
  for (const id of personIds)
    await followGroups(ctx, id, await store.groupWordsOf(ctx, id), settings.mapping, settings.default_role);
};
