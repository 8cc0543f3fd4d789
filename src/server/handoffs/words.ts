import { peopleNamed } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Row } from './store.ts';

/** `Platform`, or `Platform, secondary`: whoever is asked first is what nobody needs to be told. */
export const titleOf = (row: Pick<Row, 'schedule' | 'definition' | 'role'>): string =>
  `${row.definition.title || row.schedule}${row.role === 'primary' ? '' : `, ${row.role}`}`;

/** `Ana`, `Ana and Ben`, `Ana, Ben and Cleo`. */
export const listed = (names: string[]): string =>
  names.length < 2 ? (names[0] ?? 'nobody') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** What people are called, as one list. */
export const called = async (ctx: Ctx, names: string[]): Promise<string> => {
  const people = new Map((await peopleNamed(ctx, names)).map((person) => [person.name, person.display_name]));
  return listed(names.map((name) => people.get(name) ?? name));
};
