import type { z } from 'zod';
import type { ScimSettings, scimShown } from '../../../contract/scim.ts';
import { SCIM_SCOPE, scimSettings } from '../../../contract/scim.ts';
import { changesOf, journal, THE_ONLY } from '../../journal/actions.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { AppError } from '../../platform/errors.ts';
import { assertTeam } from '../people.ts';
import { allow } from '../permissions.ts';
import { lockDirectory, rememberRole } from '../sign-on-store.ts';
import { personByName, tokens } from '../store.ts';
import { follow } from './follow.ts';
import * as store from './store.ts';

const SHOWN_REFUSED = 50;
export const baseUrl = (ctx: Ctx): string => `${ctx.publicUrl}/scim/v2`;

/** How the directory is set up, and what it has done. */
export const scimNow = async (ctx: Ctx): Promise<z.input<typeof scimShown>> => {
  const settings = scimSettings.parse((await store.settings(ctx)) ?? {});
  const keys = (await tokens(ctx)).filter((row) => row.scopes?.includes(SCIM_SCOPE));
  const works = (row: (typeof keys)[number]) =>
    !row.revoked_at && (!row.expires_at || Temporal.Instant.compare(row.expires_at, ctx.now) > 0);
  const used = keys.flatMap((row) => (row.last_used_at ? [row.last_used_at] : [])).sort(Temporal.Instant.compare);
  const groups = await store.groups(ctx);
  const members = await store.memberCounts(ctx);
  const mapped = new Set(settings.mapping.map((one) => one.group));
  return {
    settings,
    base_url: baseUrl(ctx),
    users: await store.countUsers(ctx),
    keys: keys.filter(works).map((row) => ({
      name: row.name,
      created_at: row.created_at.toString(),
      created_by: row.created_by,
      last_used_at: row.last_used_at?.toString() ?? null,
      expires_at: row.expires_at?.toString() ?? null,
    })),
    last_request_at: used.at(-1)?.toString() ?? null,
    groups: groups.map((row) => ({
      name: row.display_name,
      external_id: row.external_id,
      members: members.get(row.id) ?? 0,
      mapped: mapped.has(row.display_name) || (row.external_id !== null && mapped.has(row.external_id)),
    })),
    refused: (await store.refused(ctx, SHOWN_REFUSED)).map(({ id: _, at, ...row }) => ({ ...row, at: at.toString() })),
  };
};

/**
 * Saves what groups give, and gives it at once to everybody who is in one of them; what the mapping gave until now, and gives no more,
 * is taken back. An empty one decides nothing: whoever is an administrator then is one by hand.
 */
export const saveScim = async (ctx: Ctx, settings: ScimSettings): Promise<void> => {
  allow(ctx, 'settings.write');
  await lockDirectory(ctx);
  for (const [index, one] of settings.mapping.entries()) if (one.team) await assertTeam(ctx, one.team, `mapping.${index}.team`);
  const before = await store.settings(ctx);
  await store.saveSettings(ctx, settings);
  await journal(ctx, {
    type: 'directory.settings_saved',
    subject: { type: 'settings', id: THE_ONLY },
    text: 'What groups of the directory give was saved',
    data: { changes: changesOf(before, settings) },
  });
  const ids = await store.followedIds(ctx);
  const mine = async () => (ctx.actor.kind === 'person' ? (await personByName(ctx, ctx.actor.name))?.role : undefined);
  const was = await mine();
  await follow({ ...ctx, source: 'scim' }, ids, before?.mapping);
  if (was === 'administrator' && (await mine()) !== was)
    throw new AppError(
      'conflict',
      'You are administrator by a group of the directory, and this would end that. Let another administrator do it, or map a group of yours to administrator',
      'mapping',
    );
  if (settings.mapping.length === 0 && before?.mapping.length) for (const id of ids) await rememberRole(ctx, id, null);
};

/** Does a group put people into this team? */
export const mappedTeam = async (ctx: Ctx, name: string): Promise<boolean> =>
  ((await store.settings(ctx))?.mapping ?? []).some((one) => one.team === name);

/** A request of a directory that was refused, for whoever sets it up. Those without a key that works are kept once a minute: anybody can send them. */
export const noteRefused = async (
  ctx: Ctx,
  row: { key: string | null; method: string; path: string; status: number; reason: string },
): Promise<void> => {
  const last = row.key === null ? await store.lastStranger(ctx) : undefined;
  if (last && Temporal.Instant.compare(last.add({ minutes: 1 }), ctx.now) > 0) return;
  await store.addRefused(ctx, row);
};
