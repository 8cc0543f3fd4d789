import { allPeople, allTeams, type PersonRow, peopleNamed } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import { noticeBy, noticePeople } from '../paging/actions.ts';
import type { Notice, NoticeBy } from '../paging/types.ts';
import type { Ctx } from '../platform/ctx.ts';
import { signLink } from '../platform/links.ts';
import { momentSaid, USUAL_NOTICES } from './rules.ts';
import { chasedAt } from './shown.ts';
import * as store from './store.ts';
import { called, titleOf } from './words.ts';

/** A mailed link confirms for so long after the change. */
const LINK_LIFE = { hours: 24 * 7 };
const MOST_NOTE = 1500;

const isPast = (at: Temporal.Instant, now: Temporal.Instant) => Temporal.Instant.compare(at, now) <= 0;

/**
 * Each minute: whoever is to be told of a change by now is told, before it and when it comes, each by the way and lead time they chose;
 * whoever has not confirmed in time is reminded, then others are told. Everything is claimed first, so it is done once.
 */
export const tell = async (ctx: Ctx): Promise<void> => {
  for (const one of await store.toTell(ctx)) {
    const moment = one.side === 'outgoing' ? (one.outgoing_until ?? one.at) : one.at;
    const notices = noticesIn(one);
    if (isPast(moment, ctx.now)) await tellOne(ctx, one, 'change', notices.change_by);
    // Who wants no word before is told of no change of it either.
    else if (
      notices.before_by !== 'none' &&
      !one.told_before_at &&
      isPast(moment.subtract({ hours: notices.lead_hours }), ctx.now)
    )
      await tellOne(ctx, one, 'before', notices.before_by);
  }
  for (const row of await store.unconfirmed(ctx)) {
    const { remind, escalate } = chasedAt(row);
    if (isPast(escalate, ctx.now)) await escalateTo(ctx, row);
    else if (!row.reminded_at && isPast(remind, ctx.now)) await remindOf(ctx, row);
  }
};

type ToTell = Awaited<ReturnType<typeof store.toTell>>[number];
const noticesIn = (one: ToTell) => ({
  lead_hours: one.lead_hours ?? USUAL_NOTICES.lead_hours,
  before_by: one.before_by ?? USUAL_NOTICES.before_by,
  change_by: one.change_by ?? USUAL_NOTICES.change_by,
});

const tellOne = async (ctx: Ctx, one: ToTell, when: 'before' | 'change', by: NoticeBy | 'none'): Promise<void> => {
  if (!(await store.claimTold(ctx, one.id, when === 'before' ? 'told_before_at' : 'told_at'))) return;
  const row = await store.byId(ctx, one.handoff_id);
  const [person] = await peopleNamed(ctx, [one.person]);
  if (!row || !person || by === 'none') return;
  const sent = await noticeBy(ctx, person, by, await wordsFor(ctx, row, one, person, when));
  if (sent) await note(ctx, row, 'handoff.told', `${person.display_name} is told${when === 'before' ? ' that it comes' : ''}`);
};

const factsFor = async (ctx: Ctx, row: store.Row, person: PersonRow): Promise<Notice['facts']> => {
  const say = (at: Temporal.Instant) => momentSaid(at, person.time_zone, person.locale);
  return [
    { label: 'Schedule', value: titleOf(row) },
    { label: 'From', value: say(row.at) },
    ...(row.until ? [{ label: 'To', value: say(row.until) }] : []),
    { label: 'Goes', value: await called(ctx, row.outgoing) },
    { label: 'Comes', value: await called(ctx, row.incoming) },
  ];
};

/** What one of the two is told, on that person's own clocks. */
const wordsFor = async (ctx: Ctx, row: store.Row, one: ToTell, person: PersonRow, when: 'before' | 'change'): Promise<Notice> => {
  const title = titleOf(row);
  const isOpen = row.state === 'open';
  const [outgoing, incoming] = [await called(ctx, row.outgoing), await called(ctx, row.incoming)];
  const say = (at: Temporal.Instant) => momentSaid(at, person.time_zone, person.locale);
  const path = `/handoffs/${row.id}`;
  const facts = await factsFor(ctx, row, person);
  if (when === 'before')
    return one.side === 'incoming'
      ? {
          subject: `You are on call from ${say(row.at)}: ${title}`,
          text: 'Before it begins: send yourself a test page, see what would keep one from reaching you, and read the runbooks. The page behind the link has all of it.',
          facts,
          path,
        }
      : {
          subject: `You hand over ${title} on ${say(row.outgoing_until ?? row.at)}`,
          text: `${incoming} takes over. Write what is to be watched: what is open, paging and silenced is filled in already.`,
          facts,
          path,
        };
  if (one.side === 'outgoing')
    return {
      subject: `You are off call: ${title}`,
      text: isOpen
        ? `${incoming} takes over, and has not confirmed yet. ${row.note ? 'What you wrote is with it.' : 'You may still write what is to be watched.'}`
        : `${incoming} takes over, and has confirmed it.`,
      facts,
      path,
    };
  const left = row.note ? `To watch, by ${row.note_by}: ${row.note.slice(0, MOST_NOTE)}` : `${outgoing} left nothing to watch.`;
  return {
    subject: isOpen ? `You are on call: confirm the handoff of ${title}` : `You are on call: ${title}`,
    text: `${left}${isOpen ? '\n\nConfirm that you have it: open the link and press the button.' : ''}`,
    facts,
    path: isOpen ? linkOf(ctx, row, one.id) : path,
  };
};

const linkOf = (ctx: Ctx, row: store.Row, personRow: string) =>
  `/handoff/${signLink(ctx.secret, 'handoff', personRow, row.at.add(LINK_LIFE))}`;

const remindOf = async (ctx: Ctx, row: store.Row): Promise<void> => {
  if (!(await store.claimChase(ctx, row.id, 'reminded_at'))) return;
  const rows = await store.peopleOf(ctx, row.id);
  for (const person of await peopleNamed(ctx, row.incoming)) {
    const own = rows.find((one) => one.person === person.name);
    const by = (await store.noticesOf(ctx, person.id))?.change_by ?? USUAL_NOTICES.change_by;
    const { escalate } = chasedAt(row);
    const sent = await noticeBy(ctx, person, by === 'none' ? 'mail' : by, {
      subject: `Not confirmed: the handoff of ${titleOf(row)}`,
      text: `You are on call since ${momentSaid(row.at, person.time_zone, person.locale)}, and have not confirmed it. At ${momentSaid(escalate, person.time_zone, person.locale)} others are told.`,
      facts: await factsFor(ctx, row, person),
      path: own ? linkOf(ctx, row, own.id) : `/handoffs/${row.id}`,
    });
    if (sent) await note(ctx, row, 'handoff.reminded', `${person.display_name} is reminded to confirm`);
  }
};

/** Who looks after a team: its lead and its managers, or the administrators where there is none. */
const caretakers = async (ctx: Ctx, team: string | undefined): Promise<PersonRow[]> => {
  const row = team ? (await allTeams(ctx)).find((one) => one.name === team) : undefined;
  const managers = row?.grants.filter((grant) => grant.role === 'manager').map((grant) => grant.person) ?? [];
  const names = [...new Set([...(row?.lead ? [row.lead] : []), ...managers])];
  const active = names.length > 0 ? (await peopleNamed(ctx, names)).filter((one) => one.active) : [];
  return active.length > 0 ? active : (await allPeople(ctx)).filter((one) => one.active && one.role === 'administrator');
};

const escalateTo = async (ctx: Ctx, row: store.Row): Promise<void> => {
  if (!(await store.claimChase(ctx, row.id, 'escalated_at'))) return;
  const incoming = await called(ctx, row.incoming);
  const notice = async (person: PersonRow, text: string) =>
    noticePeople(ctx, [person], () => ({
      subject: `${incoming} has not confirmed the handoff of ${titleOf(row)}`,
      text,
      facts: facts.get(person.id) ?? [],
      path: `/handoffs/${row.id}`,
    }));
  const others = (await caretakers(ctx, row.definition.team)).filter((one) => !row.incoming.includes(one.name));
  const went = (await peopleNamed(ctx, row.outgoing)).filter((one) => !others.some((other) => other.id === one.id));
  const facts = new Map<string, Notice['facts']>();
  for (const person of [...others, ...went]) facts.set(person.id, await factsFor(ctx, row, person));
  const told: PersonRow[] = [];
  for (const person of others)
    if (
      await notice(
        person,
        `Pages go to ${incoming}, who was asked and reminded. See whether they are there, or put somebody else on call.`,
      )
    )
      told.push(person);
  for (const person of went)
    if (await notice(person, `Pages go to ${incoming}, who was asked and reminded. You may know how to reach them.`))
      told.push(person);
  await store.noteEscalatedTo(
    ctx,
    row.id,
    others.map((one) => one.name),
  );
  const names = told.map((one) => one.display_name).join(', ');
  await note(
    ctx,
    row,
    'handoff.escalated',
    names ? `Nobody confirmed it: ${names} are told` : 'Nobody confirmed it, and nobody could be told',
  );
};

const note = (ctx: Ctx, row: store.Row, type: 'handoff.told' | 'handoff.reminded' | 'handoff.escalated', text: string) =>
  journal(ctx, {
    type,
    subject: { type: 'handoff', id: row.id },
    text,
    data: { schedule: row.schedule, role: row.role, at: row.at.toString() },
  });
