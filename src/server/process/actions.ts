import type { z } from 'zod';
import type { applyInput, PlanResult, ProcessDocument, processInput, Remark } from '../../contract/process.ts';
import { channels } from '../channels/registry.ts';
import { allow, can } from '../identity/permissions.ts';
import { journal, THE_ONLY } from '../journal/actions.ts';
import { holdSettings } from '../paging/actions.ts';
import { resolveSecrets } from '../platform/config.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, invalid } from '../platform/errors.ts';
import { carryOut } from './carry-out.ts';
import { type Current, readCurrent } from './current.ts';
import { exportYaml } from './export.ts';
import { normalize } from './normalize.ts';
import { whyPagesNobody } from './pages-nobody.ts';
import { readFiles } from './parse.ts';
import { type Change, hasChanges, merge, plan } from './plan.ts';
import { danglingReferences } from './references.ts';
import { render } from './render.ts';
import { placeText, remark, remarkText } from './source.ts';
import * as store from './store.ts';
import type { Where } from './types.ts';
import { unreached } from './unreached.ts';

export { keptSeverities, presets, processFacts } from './scheme.ts';

type Input = z.output<typeof processInput>;
type Prepared = {
  current: Current;
  result: ProcessDocument;
  changes: Change[];
  where: Where;
  problems: Remark[];
  warnings: Remark[];
  pagesNobody: Remark[];
};

/** What a change itself is refused with; anything else is our trouble and not the files'. */
const REFUSALS: readonly string[] = ['invalid', 'not_found', 'conflict'];

/** The server's environment, through the one place that reads it. */
const lookup = (name: string): string | undefined => {
  try {
    return String(resolveSecrets(`\${env:${name}}`));
  } catch (thrown) {
    if (thrown instanceof AppError) return undefined;
    throw thrown;
  }
};

const prepare = async (ctx: Ctx, { files, prune }: Input): Promise<Prepared> => {
  const current = await readCurrent(ctx);
  const read = readFiles(files, current.document, ctx.now);
  const { where } = read;
  const tools = {
    lookup,
    normalizeAddress: (channel: keyof typeof channels, address: string) => channels[channel].normalizeAddress(address),
    now: ctx.now,
  };
  const { wanted, problems, warnings } = normalize(read.wanted, current.document, current.endedSilences, where, tools);
  const result = merge(current.document, wanted, read.scope, prune);
  const all = [...read.problems, ...problems];
  // A section that could not be read is missing here: what names its nouns would only be a second complaint.
  if (all.length === 0) all.push(...danglingReferences(result, current.document, read.wanted, where));
  const pagesNobody: Remark[] = [];
  for (const service of all.length === 0 ? result.services : []) {
    const why = whyPagesNobody(service, result, ctx.now);
    if (why === undefined) continue;
    const before = current.document.services.find((one) => one.name === service.name);
    const already = before !== undefined && whyPagesNobody(before, current.document, ctx.now) !== undefined;
    const said = remark(where('services', service.name), `service ${service.name} would page nobody: ${why}`);
    if (already && !where('services', service.name)) warnings.push(said);
    else pagesNobody.push(said);
  }
  if (all.length === 0) warnings.push(...(await unreached(ctx, result, where)));
  return {
    current,
    result,
    changes: plan(current.document, wanted, read.scope, prune),
    where,
    problems: all,
    warnings: [...read.warnings, ...warnings],
    pagesNobody,
  };
};

const resultOf = ({ changes, problems, warnings, pagesNobody }: Prepared, found: Remark[] = []): PlanResult => {
  const wrong = [...problems, ...found];
  return {
    has_changes: wrong.length === 0 && hasChanges(changes),
    changes: wrong.length > 0 ? [] : changes,
    text: wrong.length > 0 ? `${wrong.map(remarkText).join('\n')}\n` : render(changes),
    problems: wrong,
    pages_nobody: pagesNobody,
    warnings,
  };
};

/**
 * Says what `apply` would do, problems included: what the product itself would refuse is found by doing it and
 * taking it back. Changes nothing.
 */
export const planFiles = async (ctx: Ctx, input: Input): Promise<PlanResult> => {
  allow(ctx, 'process.apply');
  const prepared = await prepare(ctx, input);
  if (prepared.problems.length > 0 || !hasChanges(prepared.changes)) return resultOf(prepared);
  try {
    await store.takeBack(ctx, () => carryOut(ctx, prepared));
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !REFUSALS.includes(thrown.code)) throw thrown;
    const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(thrown.field ?? '') ?? [];
    const place = file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
    return resultOf(prepared, [remark(place, place ? thrown.message.slice(placeText(place).length + 2) : thrown.message)]);
  }
  return resultOf(prepared);
};

/**
 * Brings the product to what the files say, all of it or nothing, and says what it did. Refuses every problem a plan
 * shows (AppError `invalid`, one line a problem as `file:line:column: what`, `field` the first place) and, without
 * `allow_unpaged`, a service that could page nobody. Repeating it changes nothing.
 */
export const applyFiles = async (ctx: Ctx, input: z.output<typeof applyInput>): Promise<PlanResult> => {
  allow(ctx, 'process.apply');
  await store.lock(ctx);
  // What is changed elsewhere from here on would be undone: the settings are written whole, as they are read now.
  await holdSettings(ctx);
  const prepared = await prepare(ctx, input);
  const refused = [...prepared.problems, ...(input.allow_unpaged ? [] : prepared.pagesNobody)];
  const [first] = refused;
  if (first) throw invalid(refused.map(remarkText).join('\n'), placeText(first) || undefined);
  if (!hasChanges(prepared.changes)) return resultOf(prepared);
  await carryOut(ctx, prepared);
  const done = prepared.changes.filter((one) => one.change !== 'keep');
  await journal(ctx, {
    type: 'process.applied',
    subject: { type: 'settings', id: THE_ONLY },
    text: `Process files were applied: ${done.length} ${done.length === 1 ? 'change' : 'changes'} (${input.files.map((file) => file.name).join(', ')})`,
    data: {
      changes: done.map(({ kind, name, change, fields }) => ({ kind, name, change, fields: fields.map((field) => field.path) })),
    },
  });
  return resultOf(prepared);
};

/** Everything as one YAML file; planning it shows no change. Integration keys only for whoever may read them. */
export const exportFile = async (ctx: Ctx): Promise<string> => {
  allow(ctx, 'process.apply');
  const { document } = await readCurrent(ctx);
  const { actor } = ctx;
  return exportYaml(document, 'role' in actor ? can(actor.role, 'integration.read_secret') : actor.kind === 'system');
};
