import type { WebClient } from '@slack/web-api';
import { messageOf } from '../../platform/errors.ts';
import { redact } from '../redact.ts';
import type { SendContext } from '../types.ts';
import { connect, memberOf, type SlackApp, secretsOf, verdictOf } from './client.ts';

export type Wanted = {
  /** A handle, with or without @, or an id. */
  group: string;
  people: { name: string; display_name: string; address: string | undefined }[];
};
export type Shown = {
  members: string[];
  findings: string[];
  problem: string | null;
  /** Of a problem: how long Slack asked to be left alone. */
  afterMs?: number | undefined;
};
type Group = { id: string; handle: string; users: string[]; disabled: boolean };
type Person = Wanted['people'][number];

const ID = /^S[A-Z0-9]{2,20}$/;
const isSame = (a: string[], b: string[]): boolean => a.length === b.length && a.every((one) => b.includes(one));

const groupsOf = async (client: WebClient): Promise<Group[]> =>
  ((await client.usergroups.list({ include_users: true, include_disabled: true })).usergroups ?? []).flatMap(
    ({ id, handle = '', users = [], date_delete = 0 }) => (id ? [{ id, handle, users, disabled: date_delete > 0 }] : []),
  );

/** A refusal that the whole undertaking shares, such as a scope that is missing. */
class Refused extends Error {
  readonly afterMs: number | undefined;
  constructor(reason: string, afterMs: number | undefined) {
    super(reason);
    this.afterMs = afterMs;
  }
}
const refused = async (thrown: unknown, ctx: SendContext): Promise<Refused> => {
  if (thrown instanceof Refused) return thrown;
  const verdict = await verdictOf(thrown, ctx).catch(() => undefined);
  if (!verdict || verdict.outcome === 'sent') return new Refused(messageOf(thrown), undefined);
  return new Refused(verdict.reason, verdict.outcome === 'retry' ? verdict.afterMs : undefined);
};

const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && 'data' in thrown && typeof thrown.data === 'object' && thrown.data
    ? Reflect.get(thrown.data, 'error')
    : undefined;
/** What Slack says of a member who is none, so that it is a finding and no failure. */
const NOBODY = new Set(['users_not_found', 'user_not_found', 'user_disabled', 'user_not_visible']);

/**
 * Has each user group hold whoever should be in it. A group that several name holds the people of all. Whoever is no member of the
 * workspace is a finding, and the others are put in; a group is never emptied, which Slack refuses. Answers in the order asked;
 * never throws.
 */
export const setGroups = async (app: SlackApp, wanted: Wanted[], ctx: SendContext): Promise<Shown[]> => {
  const clean = (text: string) => redact(text, secretsOf(app)).slice(0, 300);
  try {
    const client = await connect(app, ctx);
    const groups = await groupsOf(client);
    const shown: Shown[] = [];
    const done = new Map<string, Shown>();
    const groupOf = ({ group }: Wanted): Group | undefined =>
      ID.test(group)
        ? groups.find(({ id }) => id === group)
        : groups.find(({ handle }) => handle.toLowerCase() === group.replace(/^@/, '').toLowerCase());
    let stopped: Refused | undefined;
    for (const one of wanted) {
      const group = groupOf(one);
      if (!group || group.disabled) {
        shown.push(
          problemOf(group ? `The user group ${one.group} is disabled in Slack` : `Slack has no user group ${one.group}`),
        );
        continue;
      }
      const people = wanted.filter((other) => groupOf(other) === group).flatMap((other) => other.people);
      if (!stopped && !done.has(group.id))
        done.set(
          group.id,
          await fill(client, app, group, people, ctx).catch(async (thrown: unknown) => {
            const why = await refused(thrown, ctx);
            // The next call would be answered the same, or is one more than Slack asked for.
            if (why.afterMs !== undefined) stopped = why;
            return problemOf(clean(why.message), why.afterMs);
          }),
        );
      shown.push(done.get(group.id) ?? problemOf(clean(stopped?.message ?? ''), stopped?.afterMs));
    }
    return shown;
  } catch (thrown) {
    const why = await refused(thrown, ctx);
    return wanted.map(() => problemOf(clean(why.message), why.afterMs));
  }
};

const problemOf = (problem: string, afterMs?: number): Shown => ({ members: [], findings: [], problem, afterMs });

const fill = async (client: WebClient, app: SlackApp, group: Group, people: Person[], ctx: SendContext): Promise<Shown> => {
  const unique = [...new Map(people.map((person) => [person.name, person])).values()];
  const findings: string[] = [];
  let found: { person: Person; id: string }[] = [];
  for (const person of unique) {
    if (person.address === undefined) {
      findings.push(`${person.display_name} has no way by Slack that works`);
      continue;
    }
    const id = await memberOf(client, app, person.address, ctx).catch((thrown: unknown) => {
      if (NOBODY.has(String(codeOf(thrown)))) return undefined;
      throw thrown;
    });
    if (id) found.push({ person, id });
    else findings.push(`Slack finds no member of the address of ${person.display_name}`);
  }
  const put = async (): Promise<void> => {
    const ids = [...new Set(found.map(({ id }) => id))];
    if (ids.length > 0 && !isSame(ids, group.users))
      await client.usergroups.users.update({ usergroup: group.id, users: ids.join() });
  };
  try {
    await put();
  } catch (thrown) {
    // Slack says that somebody is no member, not who.
    if (codeOf(thrown) !== 'invalid_users') throw thrown;
    const alive = [];
    for (const one of found)
      if (await isMember(client, one.id)) alive.push(one);
      else findings.push(`${one.person.display_name} is no member of this workspace, or was deactivated in it`);
    if (alive.length === found.length) throw thrown;
    found = alive;
    await put();
  }
  if (unique.length === 0) findings.push('Nobody is on call: the group stays as it is, as Slack takes no empty one');
  else if (found.length === 0) findings.push('The group stays as it is: nobody of those on call can be put into it');
  return { members: found.map(({ person }) => person.name), findings, problem: null };
};

const isMember = async (client: WebClient, id: string): Promise<boolean> => {
  try {
    return !(await client.users.info({ user: id })).user?.deleted;
  } catch (thrown) {
    if (NOBODY.has(String(codeOf(thrown)))) return false;
    throw thrown;
  }
};
