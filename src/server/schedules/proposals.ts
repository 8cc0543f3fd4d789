import type { z } from 'zod';
import type { coverProposals } from '../../contract/absence.ts';
import { absencesOf } from '../absences/actions.ts';
import { allPeople, allTeams, personNamed } from '../identity/actions.ts';
import { can } from '../identity/permissions.ts';
import type { Ctx, Role } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { proposeCover } from './fairness.ts';
import { stretchesOf } from './history.ts';
import { plansOf, takersOf } from './preview.ts';
import { loadOf } from './timeline.ts';

const MOST_DAYS = 62;
/** What is compared: the load of so many days before now. */
const COMPARED_DAYS = 90;

/** Who would cover a stretch of a schedule, the fairest first: people of its layers and of the team that owns it. */
export const coverProposalsOf = async (
  ctx: Ctx,
  name: string,
  asked: { person: string | undefined; from: Temporal.Instant; to: Temporal.Instant },
): Promise<z.input<typeof coverProposals>> => {
  const { person, from, to } = asked;
  if (Temporal.Instant.compare(to, from) <= 0) throw invalid('must be after `from`', 'to');
  if (from.until(to).total('hours') > 24 * MOST_DAYS) throw invalid(`at most ${MOST_DAYS} days at a time`, 'to');
  if (person) await personNamed(ctx, person, 'person');
  const now = await plansOf(ctx, { from, to });
  const found = now.find((plan) => plan.schedule.name === name);
  if (!found) throw notFound(`Schedule ${name}`);
  const { schedule } = found;
  const margin = { hours: 24 * (2 * (Math.max(schedule.policies.max_consecutive_days, schedule.policies.min_gap_days) + 2) + 1) };
  const around = await plansOf(ctx, { from: from.subtract(margin), to: to.add(margin) });
  const plan = around.find((one) => one.schedule.name === name) ?? found;

  const rows = await allPeople(ctx);
  const members = (await allTeams(ctx)).find((team) => team.name === schedule.team)?.members ?? [];
  const turns = takersOf(plan);
  const considered = new Set([...turns, ...members]);
  const zones = new Map(rows.map((row) => [row.name, row.time_zone]));
  const since = ctx.now.subtract({ hours: 24 * COMPARED_DAYS });
  const answer = proposeCover({
    plan,
    others: now.filter((one) => one.schedule.name !== name),
    person,
    from,
    to,
    people: rows
      .filter((row) => considered.has(row.name))
      .map((row) => ({
        name: row.name,
        active: row.active,
        mayAnswer: turns.has(row.name) || can(row.role as Role, 'incident.respond'),
      })),
    absences: await absencesOf(ctx, [...considered], from, to),
    load: loadOf(
      await stretchesOf(ctx, { from: since, to: ctx.now }),
      since,
      ctx.now,
      (one) => zones.get(one) ?? schedule.time_zone,
    ),
  });
  const titles = new Map(rows.map((row) => [row.name, row.display_name]));
  const called = (one: string) => titles.get(one) ?? one;
  return {
    schedule: name,
    person: person ?? null,
    needed_seconds: Math.round(answer.needed.reduce((sum, { start, end }) => sum + end - start, 0) / 1000),
    candidates: answer.candidates.map(({ seconds, night_seconds, ...one }) => ({
      ...one,
      display_name: called(one.person),
      on_call_seconds: seconds,
      on_call_night_seconds: night_seconds,
    })),
    excluded: answer.excluded.map((one) => ({ ...one, display_name: called(one.person) })),
  };
};
