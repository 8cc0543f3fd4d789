import type { z } from 'zod';
import type { takeOver as takeOverInput, tookOver } from '../../contract/cover.ts';
import { peopleNamed } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import { noticePeople } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, invalid } from '../platform/errors.ts';
import { addOverride, onCall, scheduleNamed } from '../schedules/actions.ts';
import { spanSaid } from './rules.ts';

export const titleOf = (row: { name: string; definition: { title: string } }): string => row.definition.title || row.name;

/** The person who acts: a turn is taken by nobody else. */
export const own = (ctx: Ctx): string => {
  if (ctx.actor.kind !== 'person') throw invalid('a person takes a turn, and this token acts for nobody');
  return ctx.actor.name;
};

/** “I have it”: whoever asks is on call from now until then, in place of whoever is. Removing the override hands it back. */
export const takeOver = async (
  ctx: Ctx,
  schedule: string,
  { until, role }: z.output<typeof takeOverInput>,
): Promise<z.input<typeof tookOver>> => {
  allow(ctx, 'override.write');
  const row = await scheduleNamed(ctx, schedule);
  allow(ctx, 'override.write', row.definition.team ?? null);
  const me = own(ctx);
  const ends = Temporal.Instant.from(until);
  if (Temporal.Instant.compare(ends, ctx.now) <= 0) throw invalid('must be to come', 'until');
  if (Temporal.Instant.compare(ends, ctx.now.add({ hours: 24 * 7 })) > 0)
    throw invalid('at most a week: ask for cover, or add an override', 'until');
  const now = (await onCall(ctx, schedule, ctx.now)).filter((entry) => entry.role === role && !entry.shadow);
  if (now.some((entry) => entry.person === me)) throw new AppError('conflict', `You are on call there already, as ${role}`);
  const from = now.map((entry) => entry.person);
  const id = await addOverride(ctx, schedule, {
    kind: from.length > 0 ? 'replace' : 'add',
    person: me,
    role,
    starts: ctx.now.toString(),
    ends: ends.toString(),
  });
  await noticePeople(ctx, await peopleNamed(ctx, from), (person) => ({
    subject: `${me} is on call for ${titleOf(row)} in your place`,
    text: `${me} took over. It is yours again when this ends or is handed back.`,
    facts: [{ label: 'Until', value: spanSaid(ctx.now, ends, person.time_zone, person.locale) }],
    path: `/schedules/${schedule}`,
  }));
  return { id, from };
};
