import type { z } from 'zod';
import type { backTest, backTestInput, groupingTestInput } from '../../contract/routing.ts';
import { allServices, type ServiceRow, serviceNamed } from '../catalog/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { assertRules } from './assert.ts';
import { type Fate, type Past, replay } from './replay.ts';
import * as store from './store.ts';

type Report = z.input<typeof backTest>;
type Totals = Report['before'];
type Examples = Report['added'];

const BATCH = 5000;
const MOST = 500_000;
const SHOWN = 50;
/** How long others wait for their turn while rules are asked. */
const TURN_MS = 10;

/** The alerts of the last days, gone through twice: by what is saved and by a draft of rules and groupings. Touches nothing. */
export const backTestRouting = async (ctx: Ctx, input: z.output<typeof backTestInput>): Promise<Report> => {
  if (input.rules) await assertRules(ctx, input.rules, 'rules.');
  const services = await allServices(ctx);
  const unknown = Object.keys(input.grouping).find((name) => !services.some((service) => service.name === name));
  if (unknown !== undefined) throw invalid(`there is no service named ${unknown}`, `grouping.${unknown}`);
  const saved = await store.routingRules(ctx);
  const as = (changed: typeof input.grouping): Map<string, ServiceRow> =>
    new Map(services.map((service) => [service.name, { ...service, grouping: changed[service.name] ?? service.grouping }]));
  return compare(ctx, input.days, replay(saved, as({})), replay(input.rules ?? saved, as(input.grouping)), () => true);
};

/** The same for the grouping of one service: only what comes to it is counted. */
export const backTestService = async (ctx: Ctx, name: string, input: z.output<typeof groupingTestInput>): Promise<Report> => {
  await serviceNamed(ctx, name);
  const services = new Map((await allServices(ctx)).map((service) => [service.name, service as ServiceRow]));
  const drafted = new Map(services);
  const own = services.get(name);
  if (own) drafted.set(name, { ...own, grouping: input.grouping });
  const rules = await store.routingRules(ctx);
  return compare(ctx, input.days, replay(rules, services), replay(rules, drafted), (fate) => fate.service === name);
};

const compare = async (
  ctx: Ctx,
  days: number,
  before: (past: Past) => Fate,
  after: (past: Past) => Fate,
  counts: (fate: Fate) => boolean,
): Promise<Report> => {
  const from = ctx.now.subtract({ hours: 24 * days });
  const none = (): Totals => ({ incidents: 0, high: 0, dropped: 0, joined: 0, silenced: 0 });
  const totals = { before: none(), after: none() };
  const found = { added: noExamples(), removed: noExamples(), changed: noExamples() };
  const actual = new Set<string>();
  let alerts = 0;
  let turn = performance.now();
  const first = await store.firstPast(ctx, from, MOST);
  let last: string | undefined;
  for (;;) {
    const rows = await store.past(ctx, first.from, last, BATCH);
    for (const row of rows) {
      if (performance.now() - turn > TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        turn = performance.now();
      }
      const [was, is] = [before(row), after(row)];
      if (!counts(was) && !counts(is)) continue;
      alerts += 1;
      if (row.incident_id) actual.add(row.incident_id);
      count(totals.before, was);
      count(totals.after, is);
      const kind = difference(was, is);
      if (kind) add(found[kind], exampleOf(row, was, is));
    }
    if (rows.length < BATCH) break;
    last = rows.at(-1)?.id;
  }
  for (const kind of ['added', 'removed', 'changed'] as const) found[kind].items.reverse();
  return {
    from: first.from.toString(),
    alerts,
    truncated: first.truncated,
    actual_incidents: actual.size,
    ...totals,
    ...found,
  };
};

const noExamples = (): Examples => ({ count: 0, items: [] });
/** Keeps the newest. */
const add = (to: Examples, one: Examples['items'][number]): void => {
  to.count += 1;
  to.items.push(one);
  if (to.items.length > SHOWN) to.items.shift();
};

const count = (totals: Totals, { result, urgency }: Fate): void => {
  if (result === 'opens') {
    totals.incidents += 1;
    if (urgency === 'high') totals.high += 1;
  } else if (result === 'joins') totals.joined += 1;
  else totals[result] += 1;
};

const difference = (was: Fate, is: Fate): 'added' | 'removed' | 'changed' | undefined => {
  if (was.result !== 'opens' && is.result === 'opens') return 'added';
  if (was.result === 'opens' && is.result !== 'opens') return 'removed';
  const same =
    was.result === is.result && was.service === is.service && was.severity === is.severity && was.urgency === is.urgency;
  return same ? undefined : 'changed';
};

const exampleOf = (row: Past, was: Fate, is: Fate): Examples['items'][number] => {
  const shown = ({ why: _, ...fate }: Fate) => fate;
  const rule = is.why !== was.why ? `${is.why} (before: ${was.why})` : is.why;
  return {
    alert: row.id,
    at: Temporal.Instant.fromEpochMilliseconds(row.at).toString(),
    summary: row.summary,
    rule,
    before: shown(was),
    after: shown(is),
  };
};
