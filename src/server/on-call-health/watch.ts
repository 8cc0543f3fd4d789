import { allPeople, allTeams, type PersonRow } from '../identity/actions.ts';
import { noticePeople } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { isIn, leadsOf } from './leads.ts';
import { measureAll, readLimits } from './measure.ts';
import { passedIn, weekToTell } from './rules.ts';
import * as store from './store.ts';
import { noticeOf } from './words.ts';

/**
 * Tells each person whose week passed a limit, in their morning, and with the same words whoever leads one of their teams:
 * once a week at most, whatever else comes. Safe to repeat.
 */
export const watch = async (ctx: Ctx): Promise<void> => {
  const everybody = (await allPeople(ctx)).filter((person) => person.active);
  const morning = everybody.flatMap((person) => {
    const week = weekToTell(ctx.now, person.time_zone);
    return week ? [{ person, week }] : [];
  });
  if (morning.length === 0) return;
  const told = await store.toldOf(
    ctx,
    morning.map(({ person, week }) => ({ person_id: person.id, week: week.toString() })),
  );
  const weeks = new Map(morning.filter(({ person }) => !told.has(person.id)).map(({ person, week }) => [person, week]));
  const limits = await readLimits(ctx);
  const teams = await allTeams(ctx);
  const window = (person: PersonRow) => ({
    from: weeks.get(person) as Temporal.PlainDate,
    to: ctx.now.toZonedDateTimeISO(person.time_zone).toPlainDate(),
  });
  const people = [...weeks.keys()];
  const measured = await measureAll(ctx, people, window, limits);
  for (const [at, person] of people.entries()) {
    const week = weeks.get(person) as Temporal.PlainDate;
    const health = measured[at];
    const passed = health ? passedIn(week, health.measured, limits) : [];
    if (passed.length === 0 || !(await store.noteTold(ctx, person.id, week.toString()))) continue;
    const names = new Set(teams.filter((team) => isIn(team, person.name)).flatMap((team) => leadsOf(team, everybody)));
    const leads = everybody.filter((one) => names.has(one.name) && one.name !== person.name);
    const readers = [person, ...leads];
    const about = { display_name: person.display_name, week, passed, told: readers.map((one) => one.display_name) };
    await noticePeople(ctx, readers, (reader) =>
      noticeOf(about, reader, reader.id === person.id ? '/me?tab=health' : `/people/${person.name}?tab=health`),
    );
  }
};
