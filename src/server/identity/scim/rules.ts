import { setImmediate as turn } from 'node:timers/promises';
import { ScimError, wrongValue } from './error.ts';
import { refuseManyParts } from './filter.ts';
import {
  type Email,
  isPlain,
  type Operation,
  type Plain,
  patched,
  refuseManyEmails,
  SCHEMA,
  tidy,
  tidyEmail,
  type UserAttributes,
} from './shapes.ts';

// What a directory says, read and put into our terms. Nothing here knows a database.

/** The address that counts: the primary one, then the one of type work, then the first; a user name that is one at last. Lower case. */
export const addressOf = (user: UserAttributes): string => {
  const emails = (user.emails ?? []).filter((one): one is Email & { value: string } => (one.value ?? '').trim() !== '');
  const found = emails.find((one) => one.primary) ?? emails.find((one) => one.type?.toLowerCase() === 'work') ?? emails[0];
  const address = (found?.value ?? user.userName).trim().toLowerCase();
  if (!/^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:"]+$/.test(address) || address.length > 320)
    throw wrongValue(
      found ? `emails: ${found.value} is no mail address` : 'emails: give a mail address, or a userName that is one',
    );
  return address;
};

/** What the person is called on our screens. */
export const displayNameOf = ({ displayName, name, userName }: UserAttributes): string =>
  (
    [displayName, name?.formatted, [name?.givenName, name?.familyName].filter(Boolean).join(' '), userName]
      .map((text) => (text ?? '').trim())
      .find((text) => text !== '') as string
  ).slice(0, 200);

/** Does the directory say what somebody is called? Otherwise that is for people to say. */
export const saysName = ({ displayName, name }: Partial<UserAttributes>): boolean =>
  [displayName, name?.formatted, name?.givenName, name?.familyName].some((text) => (text ?? '').trim() !== '');

/** Attributes we keep, by their names in lower case. */
const KEPT = new Map(
  ['userName', 'externalId', 'name', 'displayName', 'preferredLanguage', 'locale', 'timezone', 'active', 'emails'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);
/** Those of RFC 7643 that we do not keep: what is said of them is taken and forgotten. */
const FORGOTTEN = new Set(
  'nickname profileurl title usertype password phonenumbers ims photos addresses entitlements roles x509certificates'.split(' '),
);
const READ_ONLY = new Set(['id', 'meta', 'groups', 'schemas']);
const USER_PREFIX = `${SCHEMA.user}:`;
const SUB = new Map(
  ['formatted', 'familyName', 'givenName', 'middleName', 'value', 'type', 'primary', 'display'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);
const canonicalSub = (name: string) => SUB.get(name.toLowerCase()) ?? name;

const MAX_PATH = 1000;
/** A path in the library's spelling; undefined: it is of something we do not keep. */
const pathOf = (given: string): { path: string; root: string } | undefined => {
  if (given.length > MAX_PATH) throw new ScimError(400, 'invalidPath', `A path is longer than ${MAX_PATH} characters`);
  refuseManyParts('invalidPath', given);
  const bare = given.toLowerCase().startsWith(USER_PREFIX.toLowerCase()) ? given.slice(USER_PREFIX.length) : given;
  if (/^urn:/i.test(bare)) return undefined;
  const [, name = '', filter = '', sub = ''] = /^([^.[\]]+)(\[[^\]]*\])?(?:\.([^.[\]]+))?$/.exec(bare.trim()) ?? [];
  const key = name.toLowerCase();
  if (READ_ONLY.has(key)) throw new ScimError(400, 'mutability', `${name} is not yours to change`);
  if (FORGOTTEN.has(key)) return undefined;
  const root = KEPT.get(key);
  if (!root) throw new ScimError(400, 'invalidPath', `There is no attribute ${given.slice(0, 100)}`);
  const inside = filter.replace(/\b(\w+)(?=\s+(eq|ne|co|sw|ew|pr)\b)/gi, (word) => canonicalSub(word));
  // Parts of a name, or of an address, that we do not keep.
  if (sub && root === 'name' && !['formatted', 'familyname', 'givenname', 'middlename'].includes(sub.toLowerCase()))
    return undefined;
  if (sub && root === 'emails' && sub.toLowerCase() === 'display') return undefined;
  return { path: `${root}${inside}${sub ? `.${canonicalSub(sub)}` : ''}`, root };
};

/** Entra ID writes a plain value as `[{ "value": "x" }]` in places. */
const plainValue = (root: string, path: string, value: unknown): unknown => {
  if (root === 'emails' && (path === 'emails' || path.endsWith(']')))
    return Array.isArray(value) ? value.filter((one) => one !== null).map(tidyEmail) : tidyEmail(value);
  if (path === 'name' && isPlain(value)) return tidy({ name: value }).name;
  const [only] = Array.isArray(value) && value.length === 1 ? value : [];
  const bare = root !== 'emails' && isPlain(only) && 'value' in only ? only.value : value;
  if (path === 'active' || path.endsWith('.primary')) return tidy({ active: bare }).active ?? bare;
  return bare;
};

/** Operations in the library's spelling, one attribute each. An attribute in an object without a path is left out when we do not know it. */
const spelled = (operation: Operation): Operation[] => {
  const { op, path, value } = operation;
  if (path === undefined) {
    if (!isPlain(value)) throw wrongValue('An operation without a path takes an object of attributes');
    return Object.entries(value).flatMap(([key, inner]) => {
      const name = key.toLowerCase();
      const own = name.startsWith(USER_PREFIX.toLowerCase()) ? name.slice(USER_PREFIX.length) : name;
      const root = own.split(/[.[]/)[0] ?? '';
      return KEPT.has(root) ? spelled({ op, path: key, value: inner }) : [];
    });
  }
  const found = pathOf(path);
  if (!found) return [];
  if (found.root === 'emails') refuseManyEmails(value);
  const told = plainValue(found.root, found.path, value);
  // The library makes a filter of what it is to remove.
  if (op === 'remove' && told !== undefined) refuseManyParts('invalidValue', JSON.stringify(told));
  if (op === 'remove') return [{ op, path: found.path, ...(told === undefined ? {} : { value: told }) }];
  if (told === null || told === undefined) return op === 'add' ? [] : [{ op: 'remove', path: found.path }];
  return [{ op, path: found.path, value: told }];
};

/** An address of a kind that is not there yet is added; the library would find no target. */
const withTarget = (user: Plain, operation: Operation): Operation => {
  const [, attribute, raw, sub] = /^emails\[(type|primary) eq ("[^"]*"|true|false)\]\.(\w+)$/i.exec(operation.path ?? '') ?? [];
  if (!attribute || !raw || !sub || operation.op === 'remove') return operation;
  const wanted: unknown = JSON.parse(raw.startsWith('"') ? raw : raw.toLowerCase());
  const emails = (user.emails ?? []) as Record<string, unknown>[];
  if (emails.some((one) => one[attribute] === wanted)) return operation;
  return { op: 'add', path: 'emails', value: [{ [attribute]: wanted, [sub]: operation.value }] };
};

/** Of several primary addresses the one that became it last is: RFC 7644, section 3.5.2. */
const onePrimary = (before: Plain, after: Plain): Plain => {
  const primaries = (user: Plain) => ((user.emails ?? []) as Email[]).filter((one) => one.primary);
  const now = primaries(after);
  if (now.length < 2) return after;
  const known = new Set(primaries(before).map((one) => one.value));
  const chosen = now.findLast((one) => !known.has(one.value)) ?? now.at(-1);
  return { ...after, emails: (after.emails as Email[]).map((one) => (one === chosen ? one : { ...one, primary: false })) };
};

/** Changes of one person in one request. With 20 addresses, each costs about 4 ms. */
const MAX_CHANGES = 100;
/** A person after a PATCH. Operations act one after the other; any that is wrong ends it all. */
export const patchedUser = async (user: Plain, operations: Operation[]): Promise<Plain> => {
  const changes: Operation[] = [];
  for (const operation of operations) {
    changes.push(...spelled(operation));
    if (changes.length > MAX_CHANGES)
      throw new ScimError(413, undefined, `More than ${MAX_CHANGES} changes of a person: send fewer at a time`);
  }
  let now = user;
  let waiting: Operation[] = [];
  for (const one of changes) {
    if (!one.path?.startsWith('emails')) {
      waiting.push(one);
      continue;
    }
    // What is done to addresses depends on those there are by then.
    now = await patched(now, waiting);
    waiting = [];
    now = onePrimary(now, await patched(now, [withTarget(now, one)]));
    refuseManyEmails(now.emails);
    // Others are served meanwhile.
    await turn();
  }
  return patched(now, waiting);
};

export type GroupChange = {
  displayName?: string;
  externalId?: string | null;
  members?: string[];
  add: string[];
  remove: string[];
};

/** Ids in a list of members; refuses what is no person. */
export const memberIds = (value: unknown): string[] => {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((one) => {
    const id: unknown = isPlain(one) ? one.value : one;
    if (isPlain(one) && typeof one.type === 'string' && one.type.toLowerCase() === 'group')
      throw wrongValue('members: a group in a group is not taken; send its people');
    if (typeof id !== 'string' || id === '') throw wrongValue('members: each needs a value, the id of a user');
    return id.toLowerCase();
  });
};
const textOf = (name: string, value: unknown): string => {
  const [only] = Array.isArray(value) && value.length === 1 ? value : [];
  const bare = isPlain(only) && 'value' in only ? only.value : value;
  if (typeof bare !== 'string' || bare.trim() === '') throw wrongValue(`${name}: must be a text that is not empty`);
  return bare;
};

/** What a PATCH makes of a group, whose present members it does not need. A later operation counts over an earlier one. */
export const groupChange = (operations: Operation[]): GroupChange => {
  let members: Set<string> | undefined;
  const added = new Set<string>();
  const removed = new Set<string>();
  const change: Pick<GroupChange, 'displayName' | 'externalId'> = {};
  const put = (ids: string[]) => {
    for (const id of ids) {
      members?.add(id);
      added.add(id);
      removed.delete(id);
    }
  };
  const take = (ids: string[]) => {
    for (const id of ids) {
      members?.delete(id);
      added.delete(id);
      removed.add(id);
    }
  };
  const set = (ids: string[]) => {
    members = new Set(ids);
    added.clear();
    removed.clear();
  };
  const one = ({ op, path, value }: Operation): void => {
    if (path === undefined) {
      if (!isPlain(value)) throw wrongValue('An operation without a path takes an object of attributes');
      for (const [key, inner] of Object.entries(value))
        if (/^(displayname|externalid|members)$/i.test(key)) one({ op, path: key, value: inner });
      return;
    }
    const prefix = `${SCHEMA.group}:`;
    const bare = path.toLowerCase().startsWith(prefix.toLowerCase()) ? path.slice(prefix.length) : path;
    const [, chosen] = /^members\[\s*value\s+eq\s+"([^"]+)"\s*\]$/i.exec(bare) ?? [];
    if (chosen !== undefined) {
      if (op !== 'remove') throw new ScimError(400, 'invalidPath', 'A member is added by the path members, with a value');
      take([chosen.toLowerCase()]);
      return;
    }
    switch (bare.toLowerCase()) {
      case 'members':
        if (op === 'add') put(memberIds(value));
        else if (op === 'replace' || value === undefined) set(memberIds(value));
        else take(memberIds(value));
        return;
      case 'displayname':
        if (op === 'remove') throw wrongValue('displayName: a group needs one');
        change.displayName = textOf('displayName', value);
        return;
      case 'externalid':
        change.externalId = op === 'remove' || value === null ? null : textOf('externalId', value);
        return;
      default:
        if (/^urn:/i.test(bare)) return;
        if (READ_ONLY.has(bare.toLowerCase().split(/[.[]/)[0] ?? ''))
          throw new ScimError(400, 'mutability', `${bare} is not yours to change`);
        throw new ScimError(400, 'invalidPath', `There is no attribute ${bare.slice(0, 100)}`);
    }
  };
  for (const operation of operations) one(operation);
  return { ...change, ...(members ? { members: [...members] } : {}), add: [...added], remove: [...removed] };
};
