import { changesOf, journal, THE_ONLY } from '../../journal/actions.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { taken, unknown, wrongValue } from './error.ts';
import { follow } from './follow.ts';
import { type GroupChange, memberIds } from './rules.ts';
import { type GroupAttributes, type Plain, refuseLong, SCHEMA } from './shapes.ts';
import * as store from './store.ts';
import { isId, versionOf } from './users.ts';

/** Names of members in one entry of the audit log. */
const MAX_NAMED = 200;
const SUBJECT = { type: 'settings', id: THE_ONLY } as const;

export const shownGroups = async (ctx: Ctx, rows: store.GroupRow[], base: string, withMembers = true): Promise<Plain[]> => {
  const members = withMembers
    ? Map.groupBy(
        await store.membersOf(
          ctx,
          rows.map((row) => row.id),
        ),
        (one) => one.group_id,
      )
    : undefined;
  return rows.map((row) => {
    const shown = {
      schemas: [SCHEMA.group],
      id: row.id,
      ...(row.external_id === null ? {} : { externalId: row.external_id }),
      displayName: row.display_name,
      ...(members
        ? {
            members: (members.get(row.id) ?? []).map((one) => ({
              value: one.person_id,
              display: one.display_name,
              type: 'User',
              $ref: `${base}/Users/${one.person_id}`,
            })),
          }
        : {}),
    };
    return {
      ...shown,
      meta: {
        resourceType: 'Group',
        created: row.created_at.toString(),
        lastModified: row.changed_at.toString(),
        location: `${base}/Groups/${row.id}`,
        // What is left out of an answer does not make another version: the time of the last change does.
        version: versionOf([row.id, row.changed_at.toString()]),
      },
    };
  });
};

export const groupOf = async (ctx: Ctx, id: string): Promise<store.GroupRow> => {
  const row = isId(id) ? await store.group(ctx, id) : undefined;
  if (!row) throw unknown(`Group ${id.slice(0, 100)}`);
  return row;
};

const refuseTakenName = async (ctx: Ctx, name: string, own?: string): Promise<void> => {
  const holder = await store.groupNamed(ctx, name);
  if (holder && holder.id !== own) throw taken(`displayName: ${name} is taken by group ${holder.id}`);
};

/** Refuses members whom the directory did not bring. */
const assertUsers = async (ctx: Ctx, ids: string[]): Promise<void> => {
  const known = new Set(await store.userIdsAmong(ctx, ids.filter(isId)));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw wrongValue(`members: there is no user ${missing.slice(0, 100)}`);
};

// Whoever calls these holds the directory's lock.

export const createGroup = async (ctx: Ctx, group: GroupAttributes): Promise<string> => {
  await refuseTakenName(ctx, group.displayName);
  const members = [...new Set(memberIds(group.members))];
  await assertUsers(ctx, members);
  const { id } = await store.saveGroup(ctx, undefined, {
    display_name: group.displayName,
    external_id: group.externalId ?? null,
  });
  const added = await store.addMembers(ctx, id, members);
  await journal(ctx, {
    type: 'directory.group_added',
    subject: SUBJECT,
    text: `The directory brought the group ${group.displayName}`,
    data: { group: group.displayName, external_id: group.externalId ?? null, members: members.length },
  });
  await follow(ctx, added);
  return id;
};

/** Brings a group to this state; members are replaced. */
export const saveGroup = (ctx: Ctx, id: string, group: GroupAttributes): Promise<void> =>
  changeGroup(ctx, id, {
    displayName: group.displayName,
    ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
    members: [...new Set(memberIds(group.members))],
    add: [],
    remove: [],
  });

export const changeGroup = async (ctx: Ctx, id: string, change: GroupChange): Promise<void> => {
  const before = await groupOf(ctx, id);
  refuseLong('displayName', change.displayName);
  refuseLong('externalId', change.externalId);
  const name = change.displayName ?? before.display_name;
  const externalId = change.externalId === undefined ? before.external_id : change.externalId;
  if (name !== before.display_name) await refuseTakenName(ctx, name, id);
  const present = new Set((await store.membersOf(ctx, [id])).map((one) => one.person_id));
  const wanted = new Set(change.members);
  const add = (change.members ?? change.add).filter((one) => !present.has(one));
  await assertUsers(ctx, add);
  const remove = change.members ? [...present].filter((one) => !wanted.has(one)) : change.remove.filter(isId);
  const added = await store.addMembers(ctx, id, add);
  const removed = await store.removeMembers(ctx, id, remove);
  const renamed = name !== before.display_name || externalId !== before.external_id;
  if (!renamed && added.length === 0 && removed.length === 0) return;
  await store.saveGroup(ctx, id, { display_name: name, external_id: externalId });
  await journal(ctx, {
    type: 'directory.group_changed',
    subject: SUBJECT,
    text: `The directory changed the group ${name}: ${added.length} added, ${removed.length} removed`,
    data: {
      group: name,
      added: added.slice(0, MAX_NAMED),
      removed: removed.slice(0, MAX_NAMED),
      changes: changesOf({ name: before.display_name, external_id: before.external_id }, { name, external_id: externalId }),
    },
  });
  // A new name may be mapped otherwise, for everybody in it.
  await follow(ctx, [...new Set(renamed ? [...present, ...added] : [...added, ...removed])]);
};

export const removeGroup = async (ctx: Ctx, id: string): Promise<void> => {
  const row = await groupOf(ctx, id);
  const members = (await store.membersOf(ctx, [id])).map((one) => one.person_id);
  await store.removeGroup(ctx, id);
  await journal(ctx, {
    type: 'directory.group_removed',
    subject: SUBJECT,
    text: `The directory has the group ${row.display_name} no more`,
    data: { group: row.display_name, external_id: row.external_id, members: members.length },
  });
  await follow(ctx, members);
};
