import { createHash } from 'node:crypto';
import { changesOf, journal } from '../../journal/actions.ts';
import type { Ctx, Role } from '../../platform/ctx.ts';
import { localeOf, zoneOf } from '../admit.ts';
import { letLeave, savePerson } from '../people.ts';
import { nameFor } from '../sign-on-rules.ts';
import { peopleWithAddress } from '../sign-on-store.ts';
import * as people from '../store.ts';
import { startAnew } from './anew.ts';
import { taken, unknown, wrongValue } from './error.ts';
import { follow } from './follow.ts';
import { isAdministratorByHand } from './owned.ts';
import { addressOf, displayNameOf, saysName } from './rules.ts';
import { type Plain, SCHEMA, type UserAttributes } from './shapes.ts';
import * as store from './store.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isId = (text: string): boolean => UUID.test(text);

export const versionOf = (shown: unknown): string =>
  `W/"${createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 22)}"`;

/** People as the directory sees them, with the groups it put them into. */
export const shownUsers = async (ctx: Ctx, rows: store.UserRow[], base: string): Promise<Plain[]> => {
  const groups = Map.groupBy(
    await store.groupsOf(
      ctx,
      rows.map((row) => row.id),
    ),
    (one) => one.person_id,
  );
  return rows.map((row) => {
    const shown = {
      schemas: [SCHEMA.user],
      id: row.id,
      ...(row.external_id === null ? {} : { externalId: row.external_id }),
      ...row.attributes,
      userName: row.user_name,
      displayName: row.attributes.displayName ?? row.display_name,
      emails: row.attributes.emails ?? [{ value: row.email, primary: true }],
      active: row.active,
      groups: (groups.get(row.id) ?? []).map((one) => ({
        value: one.group_id,
        display: one.group,
        $ref: `${base}/Groups/${one.group_id}`,
      })),
    };
    return {
      ...shown,
      meta: {
        resourceType: 'User',
        created: row.created_at.toString(),
        lastModified: row.changed_at.toString(),
        location: `${base}/Users/${row.id}`,
        version: versionOf(shown),
      },
    };
  });
};

/** What the directory said of a person, and nothing that we add to it: what a PATCH changes. */
export const keptOf = (row: store.UserRow): Plain => ({
  ...row.attributes,
  ...(row.external_id === null ? {} : { externalId: row.external_id }),
  userName: row.user_name,
  active: row.active,
});

export const userOf = async (ctx: Ctx, id: string): Promise<store.UserRow> => {
  const row = isId(id) ? await store.user(ctx, id) : undefined;
  if (!row) throw unknown(`User ${id.slice(0, 100)}`);
  return row;
};

/** Who else has this user name. */
const nameHolder = async (ctx: Ctx, userName: string, own?: string): Promise<string | undefined> => {
  const holder = await store.userNamed(ctx, userName);
  return holder && holder.id !== own ? holder.id : undefined;
};
const takenName = (userName: string, holder: string) => taken(`userName: ${userName} is taken by user ${holder}`);

/** Who has this address and may be meant by it: one active person, or one who left. Refuses when the directory gave it to another. */
const personMeant = async (ctx: Ctx, email: string): Promise<people.PersonRow | undefined> => {
  const holders = await peopleWithAddress(ctx, email);
  const active = holders.filter((one) => one.active);
  const chosen = active.length > 0 ? active : holders;
  if (chosen.length > 1) throw taken(`emails: ${chosen.length} people have the address ${email}; give each an own one first`);
  const [one] = chosen;
  if (!one) return undefined;
  if (await store.user(ctx, one.id)) throw taken(`emails: the address ${email} belongs to user ${one.id}`);
  return (await people.peopleByIds(ctx, [one.id]))[0];
};

// Whoever calls these holds the directory's lock.

/** Somebody comes: a person who is here by the address, as she is, or a new one. Returns the id. */
export const createUser = async (ctx: Ctx, given: UserAttributes): Promise<string> => {
  const user = { ...given, active: given.active ?? true };
  const holder = await nameHolder(ctx, user.userName);
  if (holder) throw takenName(user.userName, holder);
  const email = addressOf(user);
  const here = await personMeant(ctx, email);
  const role = (await store.settings(ctx))?.default_role ?? 'observer';
  const id = here?.id ?? (await createPerson(ctx, user, email, role));
  // An address is given to the next one of the same name: only what the directory itself calls somebody says that she is back.
  if (here && !here.active && (!user.externalId || (await store.leftAs(ctx, id)) !== user.externalId))
    await startAnew(ctx, here, role);
  await store.forgetLeft(ctx, id);
  await keep(ctx, id, user, undefined);
  await journal(ctx, {
    type: 'directory.user_added',
    subject: { type: 'person', id },
    text: here
      ? `The directory took over ${here.display_name}, found by the address ${email}`
      : `The directory brought ${displayNameOf(user)}`,
    data: { user_name: user.userName, external_id: user.externalId ?? null },
  });
  await bring(ctx, id, user);
  return id;
};

const createPerson = async (ctx: Ctx, user: UserAttributes, email: string, role: Role): Promise<string> => {
  const names = new Set((await people.people(ctx)).map((row) => row.name));
  return savePerson(ctx, {
    name: nameFor(user.userName, email, (one) => names.has(one)),
    display_name: displayNameOf(user),
    email,
    role,
    time_zone: zoneOf(user.timezone),
    locale: localeOf(user.preferredLanguage ?? user.locale),
    active: user.active !== false,
  });
};

const keep = (ctx: Ctx, id: string, user: UserAttributes, before: store.UserRow | undefined) => {
  const { externalId, active: _, ...attributes } = user;
  return store.saveUser(ctx, id, {
    user_name: user.userName,
    external_id: externalId ?? before?.external_id ?? null,
    attributes,
  });
};

/**
 * Brings name, address and activity of a person to what the directory says, and her role and teams to her groups. Who leaves, or has
 * left, stays as she was besides: nothing else that a request says may hold up that she goes.
 */
const bring = async (ctx: Ctx, id: string, user: UserAttributes): Promise<void> => {
  if (user.active === false) return letLeave(ctx, id);
  const [now] = await people.peopleByIds(ctx, [id]);
  if (!now) throw unknown(`User ${id}`);
  const email = addressOf(user);
  const byHand = await isAdministratorByHand(ctx, now);
  if (email !== now.email.toLowerCase()) {
    if (byHand)
      throw wrongValue(
        `emails: ${now.name} is an administrator who was made one here, so that the address is changed here: by it one could sign in`,
      );
    if ((await peopleWithAddress(ctx, email)).some((one) => one.id !== id && one.active))
      throw taken(`emails: somebody else has the address ${email}`);
  }
  const returns = !now.active;
  const wanted = {
    display_name: saysName(user) ? displayNameOf(user) : now.display_name,
    email,
    active: true,
    // Who comes back is an administrator again only by a group, or by another administrator.
    role: returns && byHand ? ((await store.settings(ctx))?.default_role ?? 'observer') : (now.role as Role),
  };
  const { quiet_hours, holidays, ...rest } = now;
  const same = (Object.keys(wanted) as (keyof typeof wanted)[]).every((key) => wanted[key] === now[key]);
  if (!same)
    await savePerson(ctx, {
      ...rest,
      ...wanted,
      ...(quiet_hours ? { quiet_hours: quiet_hours as never } : {}),
      ...(holidays ? { holidays } : {}),
    });
  await follow(ctx, [id]);
};

/**
 * Brings a person to this state. `active` and `externalId` that are not said stay as they are. Who left, and is called otherwise by
 * the directory now, is somebody else.
 */
export const saveUser = async (ctx: Ctx, id: string, given: UserAttributes): Promise<void> => {
  const before = await userOf(ctx, id);
  const active = given.active ?? before.active;
  const holder = await nameHolder(ctx, given.userName, id);
  if (holder && active) throw takenName(given.userName, holder);
  const user = holder ? { ...given, userName: before.user_name } : given;
  const after = { ...user, active, externalId: user.externalId ?? before.external_id ?? undefined };
  if (!before.active && before.external_id !== null && after.externalId !== before.external_id) {
    const [row] = await people.peopleByIds(ctx, [id]);
    if (row) await startAnew(ctx, row, (await store.settings(ctx))?.default_role ?? 'observer');
  }
  const plain = ({ active: _, ...rest }: Plain) => rest;
  const was = plain({ ...before.attributes, userName: before.user_name, externalId: before.external_id ?? undefined });
  const changes = changesOf(was, plain({ ...after }));
  const { externalId, ...rest } = after;
  await keep(ctx, id, externalId === undefined ? rest : { ...rest, externalId }, before);
  if (changes.length > 0)
    await journal(ctx, {
      type: 'directory.user_changed',
      subject: { type: 'person', id },
      text: `The directory changed what it says of ${displayNameOf(user)}`,
      data: { changes },
    });
  await bring(ctx, id, rest);
};

/** The directory has this person no more: she leaves. What she did stays on record, and an entry with her externalId and address finds her again. */
export const removeUser = async (ctx: Ctx, id: string): Promise<void> => {
  const row = await userOf(ctx, id);
  await letLeave(ctx, row.id);
  await store.removeUser(ctx, row.id);
  if (row.external_id !== null) await store.rememberLeft(ctx, row.id, row.external_id);
  await journal(ctx, {
    type: 'directory.user_removed',
    subject: { type: 'person', id: row.id },
    text: `The directory has ${row.display_name} no more`,
    data: { user_name: row.user_name, external_id: row.external_id },
  });
};
