import { type ResponseRole, responseRole, type SeverityLevel, severityLevel } from '../../contract/process.ts';
import { allow } from '../identity/permissions.ts';
import { changesOf, journal, THE_ONLY } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
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

const replace = async (ctx: Ctx, kind: 'severities' | 'roles', before: object[], items: object[]): Promise<void> => {
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
  await replace(ctx, 'severities', await keptSeverities(ctx), levels);
  return levels;
};

/** Replaces the roles. Refuses two of one name. */
export const saveRoles = async (ctx: Ctx, items: ResponseRole[]): Promise<ResponseRole[]> => {
  allow(ctx, 'process.apply');
  await store.lock(ctx);
  await replace(ctx, 'roles', await keptRoles(ctx), items);
  return items;
};
