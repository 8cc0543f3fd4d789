import { type ResponseRole, responseRole, type SeverityLevel, severityLevel } from '../../contract/process.ts';
import { allow } from '../identity/permissions.ts';
import { changesOf, journal, THE_ONLY } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { isPreset, levelThatVanishes, PRESETS, type PresetId } from './presets.ts';
import { normalizeSeverity } from './short-forms.ts';
import * as store from './store.ts';
import { nameOf } from './types.ts';

const kept = async (ctx: Ctx, kind: 'severities' | 'roles') =>
  (await store.documents(ctx)).filter((row) => row.kind === kind).map((row) => row.definition);

/** The levels of severity, from worst to least. */
export const keptSeverities = async (ctx: Ctx): Promise<SeverityLevel[]> =>
  (await kept(ctx, 'severities')).map((one) => severityLevel.parse(one));

/** The roles in an incident, in their order. */
export const keptRoles = async (ctx: Ctx): Promise<ResponseRole[]> =>
  (await kept(ctx, 'roles')).map((one) => responseRole.parse(one));

/** By their names, so that the audit log says of which one what was changed. */
const named = (kind: 'severities' | 'roles', items: object[]) =>
  items.map((item) => ({
    ...item,
    name: nameOf(kind, item),
    ...('name' in item && kind === 'severities' ? { called: item.name } : {}),
  }));

/** Replaces a list whole, and puts it on record as that list's change. Refuses two of one name. */
export const replaceList = async (ctx: Ctx, kind: 'severities' | 'roles', items: object[]): Promise<void> => {
  const before = kind === 'severities' ? await keptSeverities(ctx) : await keptRoles(ctx);
  const names = items.map((item) => nameOf(kind, item).toLowerCase());
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0)
    throw invalid(`another one is called ${names[twice]}`, `items.${twice}.${kind === 'severities' ? 'level' : 'name'}`);
  await store.replaceDocuments(
    ctx,
    kind,
    items.map((definition) => ({ name: nameOf(kind, definition), definition })),
  );
  await journal(ctx, {
    type: `${kind}.saved`,
    subject: { type: 'settings', id: THE_ONLY },
    text: `${kind === 'severities' ? 'Levels of severity' : 'Roles in an incident'} were saved: ${items.map((item) => nameOf(kind, item)).join(', ') || 'none'}`,
    data: { changes: changesOf({ [kind]: named(kind, before) }, { [kind]: named(kind, items) }) },
  });
};

/** Replaces the levels. Refuses two of one name, and numbers that say something else than their words (`items.0.response_time`). */
export const saveSeverities = async (ctx: Ctx, items: SeverityLevel[]): Promise<SeverityLevel[]> => {
  allow(ctx, 'process.apply');
  await store.lock(ctx);
  const levels = items.map((item, index) =>
    normalizeSeverity(item, {
      problem: (path, message) => {
        throw invalid(message, ['items', index, ...path].join('.'));
      },
      warning: () => {},
    }),
  );
  await replaceList(ctx, 'severities', levels);
  return levels;
};

/** The schemes to begin with; the one that is in force, unchanged, says so. */
export const presets = async (ctx: Ctx) => {
  const now = await keptSeverities(ctx);
  return PRESETS.map((preset) => ({ ...preset, chosen: isPreset(preset, now) }));
};

/**
 * Replaces the levels by those of a preset. Refused (`preset`) while a postmortem names a level that would be gone: it would
 * no longer say how bad that was. Safe to repeat.
 */
export const choosePreset = async (ctx: Ctx, id: PresetId): Promise<SeverityLevel[]> => {
  allow(ctx, 'process.apply');
  await store.lock(ctx);
  const before = await keptSeverities(ctx);
  const preset = PRESETS.find((one) => one.id === id);
  if (!preset) throw invalid('is no preset', 'preset');
  const used = (await store.documents(ctx)).flatMap(({ kind, name, definition }) =>
    kind === 'postmortems' && typeof definition.severity === 'string'
      ? [{ by: `postmortem ${name}`, level: definition.severity }]
      : [],
  );
  const lost = levelThatVanishes(before, preset.levels, used);
  if (lost) throw invalid(`${lost.by} is of ${lost.level}, which ${preset.title} does not have: change it first`, 'preset');
  return isPreset(preset, before) ? before : saveSeverities(ctx, preset.levels);
};

/** How much of the process is written down, for the list of the first weeks. */
export const processFacts = async (ctx: Ctx) => {
  const rows = await store.documents(ctx);
  const ofKind = (kind: string) => rows.filter((row) => row.kind === kind);
  return {
    roles: ofKind('roles').map((row) => row.name),
    templates: ofKind('templates').length,
    postmortems: ofKind('postmortems').length,
  };
};

/** Replaces the roles. Refuses two of one name. */
export const saveRoles = async (ctx: Ctx, items: ResponseRole[]): Promise<ResponseRole[]> => {
  allow(ctx, 'process.apply');
  await store.lock(ctx);
  await replaceList(ctx, 'roles', items);
  return items;
};
