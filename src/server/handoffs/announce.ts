import { type PersonRow, peopleNamed } from '../identity/actions.ts';
import { noticePeople } from '../paging/actions.ts';
import type { Notice } from '../paging/types.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { EventMap } from '../platform/events.ts';
import { momentSaid, spanSaid } from './rules.ts';

// What people are told of that is decided about them: how they learn to be on call, and which turns are theirs.

type Training = EventMap['training.changed'];
type Words = { subject: string; text: string };

const behind = (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`);

/** What each of the two is told of a stage; the learner and the mentor by what they are called. */
const wordsOfTraining = (
  { title, stage, behind_seconds }: Pick<Training, 'title' | 'stage' | 'behind_seconds'>,
  learner: string,
  mentor: string,
): { learner: Words; mentor: Words } => {
  switch (stage) {
    case 'shadow':
      return {
        learner: {
          subject: `You shadow ${mentor} in ${title}`,
          text: `You are told what ${mentor} is paged for. Nobody waits for your answer.`,
        },
        mentor: {
          subject: `${learner} shadows you in ${title}`,
          text: `${learner} is told what you are paged for. You answer as before.`,
        },
      };
    case 'reverse_shadow':
      return {
        learner: {
          subject: `You are asked first in ${title}`,
          text: `In the turns of ${mentor} you are paged first. ${mentor} is paged after ${behind(behind_seconds)}, or when you ask for help.`,
        },
        mentor: {
          subject: `${learner} is asked first in ${title}`,
          text: `In your turns ${learner} is paged first. You are paged after ${behind(behind_seconds)}, or when they ask for help.`,
        },
      };
    case 'solo':
      return {
        learner: {
          subject: `You are signed off for solo in ${title}`,
          text: 'You are ready to be on call alone. Nobody is behind you in a turn of your own.',
        },
        mentor: {
          subject: `${learner} is signed off for solo in ${title}`,
          text: 'They are ready to be on call alone, and accompany your turns no more.',
        },
      };
    case 'ended':
      return {
        learner: {
          subject: `Your training in ${title} was ended`,
          text: 'You are told of no pages as a learner any more.',
        },
        mentor: {
          subject: `The training of ${learner} in ${title} was ended`,
          text: 'They accompany your turns no more.',
        },
      };
  }
};

/** A training begins, goes on or ends: the learner and the mentor are told, but not the one who did it. */
export const trainingChanged = async (ctx: Ctx, changed: Training): Promise<void> => {
  const { schedule, title, person, mentor, note, before } = changed;
  const people = await peopleNamed(ctx, [person, ...(mentor ? [mentor] : []), ...(before ? [before] : [])]);
  const called = (name: string | null) => people.find((one) => one.name === name)?.display_name ?? 'the mentor';
  const words = wordsOfTraining(changed, called(person), called(mentor));
  const noticeFor = (to: PersonRow): Notice => ({
    ...(to.name === person
      ? words.learner
      : to.name === mentor
        ? words.mentor
        : {
            subject: `${called(mentor)} is the mentor of ${called(person)} in ${title}`,
            text: 'They accompany your turns no more.',
          }),
    facts: [
      { label: 'Schedule', value: title },
      { label: 'By', value: ctx.actor.name },
      ...(note ? [{ label: 'Note', value: note }] : []),
    ],
    path: `/schedules/${schedule}`,
  });
  const acts = ctx.actor.kind === 'person' ? ctx.actor.name : undefined;
  await noticePeople(
    ctx,
    people.filter(({ name }) => name !== acts),
    noticeFor,
  );
};

const MOST_TURNS = 12;
type Turn = EventMap['schedule.rota_changed']['people'][number]['has'][number];
const turnsSaid = (turns: readonly Turn[], person: PersonRow): string => {
  const said = turns.slice(0, MOST_TURNS).map(({ starts, ends, role }) => {
    const span = spanSaid(Temporal.Instant.from(starts), Temporal.Instant.from(ends), person.time_zone, person.locale);
    return role === 'primary' ? span : `${span}, ${role}`;
  });
  if (turns.length > MOST_TURNS) said.push(`and ${turns.length - MOST_TURNS} more`);
  return said.join('; ') || 'none';
};

/** A rota was put in force or taken back: each whose turns are others now is told what was and what is, in one notice. */
export const rotaChanged = async (ctx: Ctx, changed: EventMap['schedule.rota_changed']): Promise<void> => {
  const { schedule, title, what, people } = changed;
  const acts = ctx.actor.kind === 'person' ? ctx.actor.name : undefined;
  const rows = await peopleNamed(
    ctx,
    people.map((one) => one.person).filter((name) => name !== acts),
  );
  await noticePeople(ctx, rows, (person) => {
    const own = people.find((one) => one.person === person.name);
    const [from, to] = [changed.starts, changed.ends].map((at) =>
      momentSaid(Temporal.Instant.from(at), person.time_zone, person.locale),
    );
    return {
      subject: `Your turns in ${title} are others now`,
      text:
        what === 'in_force'
          ? `${ctx.actor.name} put a new rota in force, from ${from} to ${to}.`
          : `${ctx.actor.name} took a rota back: from ${from} to ${to} the schedule is as it was before.`,
      facts: [
        { label: 'Until now', value: turnsSaid(own?.had ?? [], person) },
        { label: 'From now on', value: turnsSaid(own?.has ?? [], person) },
      ],
      path: `/schedules/${schedule}`,
    };
  });
};
