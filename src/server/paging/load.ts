import type { z } from 'zod';
import type { personLoad } from '../../contract/people.ts';
import { allPeople } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { loadOf, stretchesOf } from '../schedules/actions.ts';
import { pagedBetween } from './store.ts';

/** How long each active person was on call in the days before now, and for how many incidents a message paged her. */
export const loadOfPeople = async (ctx: Ctx, days: number): Promise<z.input<typeof personLoad>[]> => {
  const from = ctx.now.subtract({ hours: 24 * days });
  const people = (await allPeople(ctx)).filter((person) => person.active);
  const zones = new Map(people.map((person) => [person.name, person.time_zone]));
  const duty = loadOf(await stretchesOf(ctx, { from, to: ctx.now }), from, ctx.now, (name) => zones.get(name) ?? 'UTC');
  const paged = new Map((await pagedBetween(ctx, from)).map((row) => [row.person_id, row]));
  return people.map((person) => ({
    person: person.name,
    on_call_seconds: duty.get(person.name)?.seconds ?? 0,
    on_call_night_seconds: duty.get(person.name)?.night_seconds ?? 0,
    incidents: paged.get(person.id)?.incidents ?? 0,
    night_incidents: paged.get(person.id)?.night_incidents ?? 0,
  }));
};
