import type { z } from 'zod';
import type { coverRequest, NewCoverRequest } from '../../contract/cover.ts';
import { allTeams, assertPeople, nameOf, type PersonRow, peopleNamed, personNamed } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import { journal } from '../journal/actions.ts';
import { noticePeople } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, invalid, notFound } from '../platform/errors.ts';
import type { JobMap } from '../platform/jobs.ts';
import { addOverride, removeOverride, scheduleNamed, shifts } from '../schedules/actions.ts';
import { askInChat, retellChat } from './chat.ts';
import { listed, mayAnswer, type State, spanSaid, stateAfterDecline, withoutPerson } from './rules.ts';
import * as store from './store.ts';
import { own, titleOf } from './take-over.ts';
import './types.ts';

export { askedByToken, tellChat } from './chat.ts';
export { takeOver } from './take-over.ts';

type Turn = { schedule: string; starts: string; ends: string };
const HOUR_MS = 3_600_000;
const instantOf = (text: string) => Temporal.Instant.from(text);

/** Milliseconds that somebody is on call in a schedule in that time; shadowing does not count. */
const onCallMs = async (ctx: Ctx, schedule: string, person: string, from: Temporal.Instant, to: Temporal.Instant) => {
  const hers = (await shifts(ctx, schedule, from, to)).filter((shift) => shift.person === person && !shift.shadow);
  return hers.reduce((sum, shift) => sum + (shift.end.epochMilliseconds - shift.start.epochMilliseconds), 0);
};

/** The time asked for, from now on; refuses one that is over, or in which that person has no turn. */
const turnOf = async (ctx: Ctx, person: string, turn: Turn, field: string) => {
  const starts = instantOf(turn.starts);
  const [from, to] = [Temporal.Instant.compare(starts, ctx.now) < 0 ? ctx.now : starts, instantOf(turn.ends)];
  const at = (name: string) => (field ? `${field}.${name}` : name);
  if (Temporal.Instant.compare(to, instantOf(turn.starts)) <= 0) throw invalid('must be after `starts`', at('ends'));
  if (Temporal.Instant.compare(to, ctx.now) <= 0) throw invalid('is over already', at('ends'));
  const row = await scheduleNamed(ctx, turn.schedule);
  const ms = await onCallMs(ctx, turn.schedule, person, from, to);
  if (ms === 0) throw invalid(`${person} is not on call in ${turn.schedule} in that time`, at('starts'));
  return { row, from, to, hours: Math.round((ms / HOUR_MS) * 100) / 100 };
};

/** Whom to ask when nobody is named: the others who take turns, else the others of the team. */
const othersOf = async (ctx: Ctx, schedule: Awaited<ReturnType<typeof scheduleNamed>>, person: string): Promise<string[]> => {
  const takers = schedule.definition.layers.flatMap((layer) => layer.participants.flat());
  const team = (await allTeams(ctx)).find((one) => one.name === schedule.definition.team);
  for (const names of [takers, team?.members ?? []]) {
    const others = [...new Set(names)].filter((name) => name !== person);
    const here = (await peopleNamed(ctx, others)).filter((one) => one.active).map((one) => one.name);
    if (here.length > 0) return here.sort();
  }
  throw invalid('nobody else takes turns here: name whom you ask', 'asked');
};

/** Asks others to take a turn, or to swap it. Nothing changes until one of them accepts. Returns the request. */
export const ask = async (ctx: Ctx, input: NewCoverRequest): Promise<z.input<typeof coverRequest>> => {
  allow(ctx, 'override.write');
  const person = nameOf(ctx, input.person, 'person') as string;
  await personNamed(ctx, person, 'person');
  const turn = await turnOf(ctx, person, input, '');
  const { team } = turn.row.definition;
  allow(ctx, 'override.write', team ?? null);
  if (person !== ctx.actor.name) allow(ctx, 'schedule.write', team ?? null);
  if (await store.overlapping(ctx, turn.row.id, person, turn.from, turn.to))
    throw new AppError('conflict', 'Somebody is asked already about a part of this turn: withdraw that first', 'starts');
  const asked = input.asked ? [...new Set(input.asked)] : await othersOf(ctx, turn.row, person);
  await assertPeople(ctx, asked, 'asked');
  if (asked.includes(person)) throw invalid(`${person} cannot be asked to take an own turn`, 'asked');
  const away = (await peopleNamed(ctx, asked)).find((one) => !one.active);
  if (away) throw invalid(`${away.name} is deactivated`, 'asked');
  const [other] = asked as [string];
  if (input.in_return && asked.length > 1) throw invalid('a swap is asked of one person: name only that one', 'asked');
  const back = input.in_return && (await turnOf(ctx, other, input.in_return, 'in_return'));
  const id = await store.insert(ctx, {
    schedule_id: turn.row.id,
    person,
    starts_at: turn.from,
    ends_at: turn.to,
    hours_on_call: turn.hours,
    asked,
    in_return: back && { schedule_id: back.row.id, starts_at: back.from, ends_at: back.to },
    note: input.note,
    expires_at: Temporal.Instant.compare(turn.from, ctx.now) > 0 ? turn.from : turn.to,
  });
  const row = (await store.byId(ctx, id)) as store.Row;
  await ctx.enqueue('cover.over', [{ data: { request_id: id }, at: row.expires_at }]);
  await note(ctx, row, 'schedule.cover_asked', `${person} asks ${listed(asked)} to take a turn in ${row.schedule}`);
  await tell(ctx, row, asked, (said) => ({
    subject: `${said.whose} asks you to ${back ? 'swap a turn' : 'take a turn'}: ${said.title}, ${said.when}`,
    text: row.note || (back ? 'A swap: each takes a turn of the other.' : 'Cover: nothing is asked in return but your time.'),
  }));
  await askInChat(ctx, row);
  return shown(row);
};

/** The request as it is read; throws `not_found`. */
export const requestOf = async (ctx: Ctx, id: string) => shown(await there(store.byId(ctx, id)));
export const requests = async (...asked: Parameters<typeof store.find>) => (await store.find(...asked)).map(shown);

/** Takes the turn, and gives the own one in a swap: overrides of the schedules. Repeating it changes nothing. */
export const accept = async (ctx: Ctx, id: string): Promise<z.input<typeof coverRequest>> => {
  allow(ctx, 'override.write');
  const row = await there(store.locked(ctx, id));
  const me = own(ctx);
  if (row.state === 'accepted' && row.taken_by === me) return shown(row);
  judge(row, me);
  const back = returnOf(row);
  // From now on where it has begun: who was on call until now stays true.
  const turn = await turnOf(ctx, row.person, wire(row.schedule, row.starts_at, row.ends_at), '');
  const theirs = back && (await turnOf(ctx, me, wire(back.schedule, back.starts, back.ends), 'in_return'));
  const override_id = await addOverride(ctx, row.schedule, standIn(me, row.person, turn));
  const return_override_id = theirs && (await addOverride(ctx, theirs.row.name, standIn(row.person, me, theirs)));
  await store.change(ctx, id, 'open', {
    state: 'accepted',
    taken_by: me,
    override_id,
    ...(return_override_id ? { return_override_id } : {}),
  });
  await note(ctx, row, 'schedule.cover_accepted', `${me} takes a turn of ${row.person} in ${row.schedule}`);
  await tell(ctx, row, [row.person], (said) => ({
    subject: `${me} takes your turn: ${said.title}, ${said.when}`,
    text: back ? 'The swap is made: look at your own turns.' : 'You are not on call in that time.',
  }));
  return requestOf(ctx, id);
};

/** Says no; when everyone has, whoever asked is told. Repeating it changes nothing. */
export const decline = async (ctx: Ctx, id: string): Promise<z.input<typeof coverRequest>> => {
  allow(ctx, 'override.write');
  const row = await there(store.locked(ctx, id));
  const me = own(ctx);
  if (row.declined.includes(me)) return shown(row);
  judge(row, me);
  const after = stateAfterDecline(row, me);
  await store.change(ctx, id, 'open', after);
  await note(ctx, row, 'schedule.cover_declined', `${me} does not take a turn of ${row.person} in ${row.schedule}`);
  if (after.state === 'declined') await tellRefused(ctx, row, 'Everyone you asked declined');
  return requestOf(ctx, id);
};

/** Asks nobody any more. */
export const withdraw = async (ctx: Ctx, id: string): Promise<z.input<typeof coverRequest>> => {
  allow(ctx, 'override.write');
  const row = await there(store.locked(ctx, id));
  if (![row.person, row.created_by].includes(ctx.actor.name)) allow(ctx, 'schedule.write', row.definition.team ?? null);
  if (row.state === 'withdrawn') return shown(row);
  if (row.state !== 'open') throw new AppError('conflict', 'It is answered or over already: there is nothing to withdraw');
  await store.change(ctx, id, 'open', { state: 'withdrawn' });
  await note(ctx, row, 'schedule.cover_withdrawn', `${row.person} asks nobody any more to take a turn in ${row.schedule}`);
  return requestOf(ctx, id);
};

/** Takes an accepted one back, by either of the two or whoever manages the schedule: what is to come is as before. Both are told. */
export const undo = async (ctx: Ctx, id: string): Promise<z.input<typeof coverRequest>> => {
  allow(ctx, 'override.write');
  const row = await there(store.locked(ctx, id));
  if (![row.person, row.taken_by].includes(ctx.actor.name)) allow(ctx, 'schedule.write', row.definition.team ?? null);
  if (row.state === 'undone') return shown(row);
  if (row.state !== 'accepted') throw new AppError('conflict', 'Nobody has taken it: there is nothing to take back');
  const back = returnOf(row);
  const made = [
    { schedule: row.schedule, id: row.override_id, ends: row.ends_at },
    ...(back ? [{ schedule: back.schedule, id: row.return_override_id, ends: back.ends }] : []),
  ];
  if (made.some((one) => Temporal.Instant.compare(one.ends, ctx.now) <= 0))
    throw new AppError('conflict', 'A turn of it is over: ask anew for what is to come');
  for (const one of made) if (one.id) await removeOverride(ctx, one.schedule, one.id);
  await store.change(ctx, id, 'accepted', { state: 'undone' });
  await note(ctx, row, 'schedule.cover_undone', `${row.person} has the turn in ${row.schedule} again, not ${row.taken_by}`);
  await tell(ctx, row, [row.person, row.taken_by as string], (said) => ({
    subject: `Taken back: ${said.whose} is on call again, ${said.title}, ${said.when}`,
    text: `${ctx.actor.name} took it back. What ${row.taken_by} had taken is ${row.person}’s again.`,
  }));
  return requestOf(ctx, id);
};

/** The turn has begun, or was over: whoever asked has it still, and is told. */
export const over = async (ctx: Ctx, { request_id }: JobMap['cover.over']): Promise<void> => {
  const row = await store.locked(ctx, request_id);
  if (!row || !(await store.change(ctx, request_id, 'open', { state: 'expired' }))) return;
  await note(ctx, row, 'schedule.cover_expired', `Nobody took a turn of ${row.person} in ${row.schedule} in time`);
  await tellRefused(ctx, row, 'Nobody took it in time');
};

/** Somebody left: what that person asked is asked no more, and is not asked of that person. */
export const personLeft = async (ctx: Ctx, { name }: { name: string }): Promise<void> => {
  for (const row of await store.find(ctx, { person: name, open: true })) {
    const after = row.person === name ? { state: 'withdrawn' as const } : withoutPerson(row, name);
    await store.change(ctx, row.id, 'open', after);
    const text = row.person === name ? `${name} left, and asks nobody any more` : `${name}, whom ${row.person} had asked, left`;
    await note(ctx, row, 'schedule.cover_left', `${text}: a turn in ${row.schedule}`);
    if (after.state === 'declined') await tellRefused(ctx, row, 'Nobody is left who could take it');
  }
};

const there = async (found: Promise<store.Row | undefined>): Promise<store.Row> => {
  const row = await found;
  if (!row) throw notFound('Cover request');
  return row;
};

const judge = (row: store.Row, me: string): void => {
  const verdict = mayAnswer(row, me);
  if (!verdict.ok) throw new AppError(verdict.code, verdict.why);
};

const wire = (schedule: string, starts: Temporal.Instant, ends: Temporal.Instant): Turn => ({
  schedule,
  starts: starts.toString(),
  ends: ends.toString(),
});

const standIn = (person: string, replaces: string, turn: { from: Temporal.Instant; to: Temporal.Instant }) => ({
  kind: 'replace' as const,
  person,
  replaces,
  starts: turn.from.toString(),
  ends: turn.to.toString(),
});

const returnOf = (row: store.Row) =>
  row.return_schedule && row.return_definition && row.return_starts_at && row.return_ends_at
    ? {
        schedule: row.return_schedule,
        title: row.return_definition.title || row.return_schedule,
        starts: row.return_starts_at,
        ends: row.return_ends_at,
      }
    : undefined;

/** What became of it is on the audit log, and in the messages that ask for it. */
const note = async (
  ctx: Ctx,
  row: store.Row,
  type: `schedule.cover_${State | 'asked' | 'left'}`,
  text: string,
): Promise<void> => {
  await retellChat(ctx, row.id);
  await journal(ctx, {
    type,
    subject: { type: 'schedule', id: row.schedule_id },
    text,
    data: { request: row.id, person: row.person, starts: row.starts_at.toString(), ends: row.ends_at.toString() },
  });
};

type Said = { title: string; when: string; whose: string };
/** Tells people about a request, each on their own clocks. */
const tell = async (
  ctx: Ctx,
  row: store.Row,
  names: string[],
  words: (said: Said) => { subject: string; text: string },
): Promise<void> => {
  const back = returnOf(row);
  const title = titleOf({ name: row.schedule, definition: row.definition });
  const [asker] = await peopleNamed(ctx, [row.person]);
  const noticeFor = (person: PersonRow) => {
    const when = spanSaid(row.starts_at, row.ends_at, person.time_zone, person.locale);
    return {
      ...words({ title, when, whose: asker?.display_name ?? row.person }),
      facts: [
        { label: 'Schedule', value: title },
        { label: 'When', value: when },
        ...(back
          ? [{ label: 'In return', value: `${back.title}, ${spanSaid(back.starts, back.ends, person.time_zone, person.locale)}` }]
          : []),
      ],
      path: `/cover/${row.id}`,
    };
  };
  await noticePeople(ctx, await peopleNamed(ctx, names), noticeFor);
};

const tellRefused = (ctx: Ctx, row: store.Row, why: string) =>
  tell(ctx, row, [row.person], (said) => ({
    subject: `Still yours: ${said.title}, ${said.when}`,
    text: `${why}. You are on call in that time until somebody else is.`,
  }));

const shown = (row: store.Row): z.input<typeof coverRequest> => {
  const back = returnOf(row);
  return {
    id: row.id,
    schedule: row.schedule,
    title: titleOf({ name: row.schedule, definition: row.definition }),
    time_zone: row.definition.time_zone,
    person: row.person,
    starts: row.starts_at.toString(),
    ends: row.ends_at.toString(),
    hours_on_call: row.hours_on_call,
    asked: row.asked,
    declined: row.declined,
    in_return: back ? { ...back, starts: back.starts.toString(), ends: back.ends.toString() } : null,
    note: row.note,
    state: row.state,
    taken_by: row.taken_by,
    expires_at: row.expires_at.toString(),
    created_by: row.created_by,
    created_at: row.created_at.toString(),
    ended_at: row.ended_at?.toString() ?? null,
  };
};
