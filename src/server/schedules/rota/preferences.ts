import type { RotaPreferences } from '../../../contract/rota.ts';
import { allTeams, nameOf, type PersonRow, personNamed } from '../../identity/actions.ts';
import { allow, decide } from '../../identity/permissions.ts';
import { journal } from '../../journal/actions.ts';
import type { Ctx } from '../../platform/ctx.ts';
import * as store from './store.ts';

const NONE: RotaPreferences = { avoid_weekdays: [], avoid_days: [], prefers_weekends: false };

export const rotaPreferencesOf = async (ctx: Ctx, asked: string): Promise<RotaPreferences> => {
  const row = await personNamed(ctx, nameOf(ctx, asked, 'name') as string);
  const [found] = await store.preferencesOf(ctx, [row.id]);
  if (!found) return NONE;
  const { avoid_weekdays, avoid_days, prefers_weekends } = found;
  return { avoid_weekdays: avoid_weekdays as RotaPreferences['avoid_weekdays'], avoid_days, prefers_weekends };
};

/** Everybody wishes for themselves; else whoever manages one of the person's teams. */
const allowWishing = async (ctx: Ctx, asked: string): Promise<PersonRow> => {
  const name = nameOf(ctx, asked, 'name') as string;
  const own = ctx.actor.kind === 'person' && ctx.actor.name === name;
  allow(ctx, own ? 'self.write' : 'leave.write');
  const row = await personNamed(ctx, name);
  if (own) return row;
  const teams = (await allTeams(ctx)).filter((team) => team.members.includes(name) || team.lead === name);
  const { actor } = ctx;
  const may = (team: string) => !('role' in actor) || decide(actor, 'leave.write', team).ok;
  if (!teams.some((team) => may(team.name))) allow(ctx, 'leave.write', teams[0]?.name ?? null);
  return row;
};

export const saveRotaPreferences = async (ctx: Ctx, asked: string, input: RotaPreferences): Promise<void> => {
  const row = await allowWishing(ctx, asked);
  const preferences = {
    ...input,
    avoid_weekdays: [...new Set(input.avoid_weekdays)],
    avoid_days: [...new Set(input.avoid_days)].sort(),
  };
  await store.savePreferences(ctx, row.id, preferences);
  await journal(ctx, {
    type: 'person.rota_preferences_saved',
    subject: { type: 'person', id: row.id },
    text: `What ${row.display_name} wishes of rotas was changed`,
    data: preferences,
  });
};

/** Somebody else has the place of a person who left: the wishes go with that person. */
export const forgetRotaPreferences = async (ctx: Ctx, { id }: { id: string }): Promise<void> => {
  if (!(await store.deletePreferences(ctx, id))) return;
  await journal(ctx, {
    type: 'person.rota_preferences_saved',
    subject: { type: 'person', id },
    text: 'What whoever had this place before wished of rotas was forgotten',
  });
};
