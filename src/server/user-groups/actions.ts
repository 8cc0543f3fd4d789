import type { z } from 'zod';
import type { scheduleUserGroup } from '../../contract/schedule.ts';
import { guardedFetch } from '../channels/public-url.ts';
import { slackApp } from '../channels/slack/client.ts';
import { type Shown, setGroups } from '../channels/slack/groups.ts';
import { peopleNamed } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import { addressesBy, providerOf, readSettings } from '../paging/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { onCall, scheduleNamed, schedulesWithGroups } from '../schedules/actions.ts';
import * as store from './store.ts';
import './types.ts';

/** Looked at this often though nothing changed here: somebody may have changed the group in Slack, or a way by Slack. */
const AGAIN_AFTER = { hours: 1 };
/** After a failure; also how long a look that never ended holds up the next. */
const RETRY_AFTER = { minutes: 5 };
/** Slack is asked by one job for all groups; several dozen calls at most. */
const TIMEOUT_MS = 60_000;
/** Slack lists every group of the workspace with its members: about 12 bytes each. */
const MAX_REPLY_BYTES = 8_000_000;

const isSame = (a: string[], b: string[]): boolean => a.length === b.length && a.every((one, at) => one === b[at]);

/** Who should be in each group now: those on call, by name; shadows are on call for nothing. */
const wantedNow = async (ctx: Ctx) => {
  const found = new Map<string, { schedule_id: string; user_group: string; wanted: string[] }>();
  for (const { id, definition } of await schedulesWithGroups(ctx)) {
    const entries = (await onCall(ctx, definition.name, ctx.now)).filter((entry) => !entry.shadow);
    for (const { group, role } of definition.slack_user_groups ?? []) {
      const key = `${id} ${group}`;
      const people = entries.filter((entry) => !role || entry.role === role).map((entry) => entry.person);
      const wanted = [...new Set([...(found.get(key)?.wanted ?? []), ...people])].sort();
      found.set(key, { schedule_id: id, user_group: group, wanted });
    }
  }
  return found;
};

/** Has the groups looked at whose people changed, or whose time has come. Safe to repeat. */
export const look = async (ctx: Ctx): Promise<void> => {
  const wanted = await wantedNow(ctx);
  const rows = await store.rows(ctx);
  for (const row of rows) if (!wanted.has(`${row.schedule_id} ${row.user_group}`)) await store.drop(ctx, row);
  let due = false;
  for (const one of wanted.values()) {
    const row = rows.find((other) => other.schedule_id === one.schedule_id && other.user_group === one.user_group);
    if (row && isSame(row.wanted, one.wanted) && Temporal.Instant.compare(row.next_at, ctx.now) > 0) continue;
    due = true;
    await store.want(ctx, { ...one, next_at: ctx.now.add(RETRY_AFTER) });
  }
  if (due) await ctx.enqueue('user_groups.mirror', [{ data: { asked_at: ctx.now.toString() } }]);
};

/** Brings every group in Slack to who is on call, and keeps what came of it. */
export const mirror = async (outside: Outside): Promise<void> => {
  const prepared = await outside.transaction(async (ctx) => {
    const rows = await store.rows(ctx);
    const people = await peopleNamed(ctx, [...new Set(rows.flatMap((row) => row.wanted))]);
    const addresses = await addressesBy(ctx, people, 'slack');
    const byName = new Map(people.map((person) => [person.name, { ...person, address: addresses.get(person.id) }]));
    const provider = providerOf(await readSettings(ctx), 'slack');
    return { rows, byName, provider };
  });
  const { rows, byName, provider } = prepared;
  if (rows.length === 0) return;
  const app = 'config' in provider ? slackApp.safeParse(provider.config).data : undefined;
  const shown = app
    ? await setGroups(
        app,
        rows.map((row) => ({
          group: row.user_group,
          people: row.wanted.flatMap((name) => {
            const person = byName.get(name);
            return person ? [{ name, display_name: person.display_name, address: person.address }] : [];
          }),
        })),
        {
          fetch: guardedFetch({ allow: outside.allowedHosts, maxReplyBytes: MAX_REPLY_BYTES }),
          signal: AbortSignal.timeout(TIMEOUT_MS),
          now: outside.now(),
        },
      )
    : rows.map(
        (): Shown => ({
          members: [],
          findings: [],
          problem: 'missing' in provider ? provider.missing : 'The settings of Slack are not complete',
        }),
      );
  await outside.transaction(async (ctx) => {
    for (const [at, row] of rows.entries()) await record(ctx, row, shown[at] as Shown);
  });
};

const record = async (ctx: Ctx, row: store.Row, { members, findings, problem, afterMs }: Shown): Promise<void> => {
  // Of a group that several schedules name, each tells of its own people.
  const own = members.filter((name) => row.wanted.includes(name));
  const isKept = problem !== null || own.length === 0;
  const kept = await store.record(ctx, row, {
    members: isKept ? row.members : own,
    findings,
    problem,
    synced_at: problem === null ? ctx.now : row.synced_at,
    next_at: ctx.now.add(problem === null ? AGAIN_AFTER : afterMs ? { milliseconds: afterMs } : RETRY_AFTER),
  });
  if (!kept) return;
  const subject = { type: 'schedule' as const, id: row.schedule_id };
  const data = { user_group: row.user_group, members: own, findings, problem };
  if (problem !== null && problem !== row.problem)
    await journal(ctx, {
      type: 'schedule.user_group_failed',
      subject,
      text: `The Slack user group ${row.user_group} does not follow ${row.schedule}: ${problem}`,
      data,
    });
  else if (!isKept && !isSame(own, row.members))
    await journal(ctx, {
      type: 'schedule.user_group_set',
      subject,
      text: `The Slack user group ${row.user_group} is ${own.join(', ')} now`,
      data,
    });
};

/** The groups that follow a schedule, and what came of each. */
export const groupsOf = async (ctx: Ctx, name: string): Promise<z.input<typeof scheduleUserGroup>[]> => {
  const { id } = await scheduleNamed(ctx, name);
  return (await store.rows(ctx))
    .filter((row) => row.schedule_id === id)
    .map(({ user_group, wanted, members, findings, problem, synced_at, next_at }) => ({
      group: user_group,
      wanted,
      members,
      findings,
      problem,
      synced_at: synced_at?.toString() ?? null,
      next_at: next_at.toString(),
    }));
};
