import { type ProcessDocument, SECTIONS } from '../../contract/process.ts';
import { saveRouting } from '../alerts/actions.ts';
import { removeService, saveService } from '../catalog/actions.ts';
import { removePolicy, savePolicy } from '../escalation/actions.ts';
import { lockDirectory, removePerson, removeTeam, savePerson, saveTeam } from '../identity/actions.ts';
import { removeIntegration, saveIntegration } from '../ingest/actions.ts';
import { holdSettings, saveReach, saveSettings } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import { removeSchedule, saveSchedule } from '../schedules/actions.ts';
import { endSilence, saveSilence } from '../silences/actions.ts';
import type { Current } from './current.ts';
import type { Change } from './plan.ts';
import { replaceList } from './scheme.ts';
import { placeText } from './source.ts';
import * as store from './store.ts';
import { type Kind, type ListKind, nameOf, type Where } from './types.ts';

type Work = { current: Current; result: ProcessDocument; changes: Change[]; where: Where };
type Verbs<K extends ListKind> = {
  save: (ctx: Ctx, item: ProcessDocument[K][number]) => Promise<unknown>;
  remove: (ctx: Ctx, name: string, current: Current) => Promise<unknown>;
};
type SavedOneByOne = 'people' | 'teams' | 'schedules' | 'escalation_policies' | 'services' | 'integrations' | 'silences';

const VERBS: { [K in SavedOneByOne]: Verbs<K> } = {
  people: {
    save: async (ctx, { contact_methods, notification_rules, ...person }) => {
      await savePerson(ctx, person);
      await saveReach(ctx, person.name, { contact_methods, notification_rules });
    },
    remove: removePerson,
  },
  teams: { save: saveTeam, remove: removeTeam },
  schedules: {
    save: (ctx, { policies: { after_hours_comp: _, ...policies }, ...schedule }) => saveSchedule(ctx, { ...schedule, policies }),
    remove: removeSchedule,
  },
  escalation_policies: { save: (ctx, { unresolved_roles: _, ...policy }) => savePolicy(ctx, policy), remove: removePolicy },
  services: { save: saveService, remove: removeService },
  integrations: { save: saveIntegration, remove: removeIntegration },
  silences: {
    save: saveSilence,
    remove: async (ctx, name, current) => {
      const id = current.silenceIds.get(name);
      if (id !== undefined) await endSilence(ctx, id);
    },
  },
};
const isOneByOne = (kind: Kind): kind is SavedOneByOne => kind in VERBS;

/** Does what a plan says, in the order of what counts on what: makes and changes first, then removes from the outside in. */
export const carryOut = async (ctx: Ctx, { current, result, changes, where }: Work): Promise<void> => {
  const kinds = Object.keys(SECTIONS) as Kind[];
  // Before anything else is written: people may be saved last, when a directory waits for a team that was. Always in this order, so
  // that a plan and an apply wait for each other instead of deadlocking.
  await holdSettings(ctx);
  await lockDirectory(ctx);
  const save = async (kind: SavedOneByOne, name: string): Promise<void> => {
    const item = (result[kind] as object[]).find((one) => nameOf(kind, one) === name) as ProcessDocument[ListKind][number];
    await placed(where, kind, name, () => (VERBS[kind] as Verbs<ListKind>).save(ctx, item));
  };
  const isActive = ({ people }: ProcessDocument, name: string) => people.some((one) => one.name === name && one.active);
  /** Whom the files deactivate is let go when nothing counts on her any more, as whoever is removed. */
  const leaves = (kind: Kind, name: string): boolean =>
    kind === 'people' && isActive(current.document, name) && !isActive(result, name);
  for (const kind of kinds) {
    const mine = changes.filter((one) => one.kind === kind && one.change !== 'keep');
    if (mine.length === 0) continue;
    if (isOneByOne(kind)) {
      for (const { name, change } of mine) if (change !== 'delete' && !leaves(kind, name)) await save(kind, name);
    } else await placed(where, kind, kind === 'routing' ? result.routing : undefined, () => saveWhole(ctx, kind, result));
  }
  await saveExtras(ctx, result, current.document);
  for (const kind of kinds.toReversed()) {
    if (!isOneByOne(kind)) continue;
    for (const { name, change } of changes.filter((one) => one.kind === kind))
      if (change === 'delete') await placed(where, kind, name, () => VERBS[kind].remove(ctx, name, current));
      else if (change === 'update' && leaves(kind, name)) await save(kind, name);
  }
};

/** Kinds that are one thing: an ordered list, or the settings. */
const saveWhole = async (ctx: Ctx, kind: Exclude<Kind, SavedOneByOne>, result: ProcessDocument): Promise<void> => {
  if (kind === 'routing') await saveRouting(ctx, result.routing);
  else if (kind === 'settings') {
    if (result.settings) await saveSettings(ctx, result.settings);
  } else if (kind === 'severities' || kind === 'roles') await replaceList(ctx, kind, result[kind]);
  else
    await store.replaceDocuments(
      ctx,
      kind,
      (result[kind] as object[]).map((definition) => ({ name: nameOf(kind, definition), definition })),
    );
};

/** What schedules and policies say beyond what the pager acts on. */
const extrasOf = (document: ProcessDocument) => ({
  schedules: document.schedules.flatMap(({ name, policies: { after_hours_comp } }) =>
    after_hours_comp === undefined ? [] : [{ name, definition: { after_hours_comp } }],
  ),
  escalation_policies: document.escalation_policies.flatMap(({ name, unresolved_roles }) =>
    unresolved_roles.length === 0 ? [] : [{ name, definition: { unresolved_roles } }],
  ),
});
const saveExtras = async (ctx: Ctx, result: ProcessDocument, before: ProcessDocument): Promise<void> => {
  const [after, was] = [extrasOf(result), extrasOf(before)];
  for (const kind of ['schedules', 'escalation_policies'] as const)
    if (JSON.stringify(after[kind]) !== JSON.stringify(was[kind])) await store.replaceDocuments(ctx, kind, after[kind]);
};

/** A refusal, with the place in the files of what was refused as its field. */
const placed = async (
  where: Where,
  kind: Kind,
  about: string | { name: string }[] | undefined,
  work: () => Promise<unknown>,
): Promise<void> => {
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const path = (thrown.field ?? '').split('.').filter(Boolean);
    // A rule of a list is named by its index.
    const name = Array.isArray(about) ? about[Number(path.shift())]?.name : about;
    const place = where(kind, name ?? kind, path);
    const subject = [kind, name, path.join('.')].filter(Boolean).join(' ');
    throw new AppError(
      thrown.code,
      `${place ? `${placeText(place)}: ` : ''}${subject}: ${thrown.message}`,
      place ? placeText(place) : thrown.field,
    );
  }
};
