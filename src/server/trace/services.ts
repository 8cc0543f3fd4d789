import type { z } from 'zod';
import type { shownService } from '../../contract/service.ts';
import { allServices, serviceOf } from '../catalog/actions.ts';
import { allPolicies, peopleIn, targetsOf } from '../escalation/actions.ts';
import { allTeams } from '../identity/actions.ts';
import { integrationRows } from '../ingest/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { matchesText } from '../platform/matching.ts';
import { schedulesWithTakers } from '../schedules/actions.ts';
import { examine } from './doctor.ts';
import * as store from './store.ts';

type Shown = z.input<typeof shownService>;
type Health = NonNullable<Shown['health']>;
type Row = Awaited<ReturnType<typeof allServices>>[number];
type Query = {
  q?: string | undefined;
  team?: string | undefined;
  with?: 'health' | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
};

/** With health a page is never longer than this: every policy is looked at for it. */
const PAGE = 200;

/** Services by name, those that fit, from the one after `cursor`; all of them without a limit. */
export const listServices = async (ctx: Ctx, query: Query): Promise<{ items: Shown[]; next: string | null }> => {
  const limit = query.limit ?? (query.with ? PAGE : Number.POSITIVE_INFINITY);
  const fitting = (await allServices(ctx)).filter(
    (row) =>
      (query.team === undefined || row.team === query.team) &&
      (query.cursor === undefined || row.name > query.cursor) &&
      matchesText(query.q, row.name, row.title, row.description, row.team),
  );
  // The database may order names otherwise than a cursor compares them.
  fitting.sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = fitting.slice(0, limit);
  const health = query.with && rows.length > 0 ? await healthOf(ctx, rows) : undefined;
  const items = rows.map((row) => {
    const own = health?.get(row.id);
    return { ...serviceOf(row), ...(own ? { health: own } : {}) };
  });
  return { items, next: fitting.length > rows.length ? (rows.at(-1)?.name ?? null) : null };
};

const healthOf = async (ctx: Ctx, rows: Row[]): Promise<Map<string, Health>> => {
  const { problems } = await examine(ctx);
  const policies = new Map((await allPolicies(ctx)).map((policy) => [policy.name, policy]));
  const [teams, schedules, integrations] = [await allTeams(ctx), await schedulesWithTakers(ctx), await integrationRows(ctx)];
  const burning = new Map(
    (
      await store.burning(
        ctx,
        rows.map((row) => row.id),
      )
    ).map((one) => [one.service_id, one]),
  );
  return new Map(
    rows.map((row) => {
      const own = integrations.filter((one) => one.service === row.name);
      const policy = row.escalation_policy ? policies.get(row.escalation_policy) : undefined;
      const targets = policy ? targetsOf(policy) : [];
      const counts = {
        service: new Set([row.name]),
        escalation_policy: new Set(policy ? [policy.name] : []),
        schedule: new Set(targets.flatMap((target) => ('schedule' in target ? [target.schedule] : []))),
        person: peopleIn(targets, teams, schedules),
        team: new Set(targets.flatMap((target) => ('team' in target ? [target.team] : []))),
        integration: new Set(own.map((one) => one.name)),
        channel: new Set<string>(),
        settings: new Set<string>(),
        wording: new Set<string>(),
      };
      // A colleague with one way only is her page's warning, not that of every service that may page her.
      const found = problems
        .filter(
          (one) =>
            counts[one.subject_type].has(one.subject_name ?? '') && (one.subject_type !== 'person' || one.level === 'error'),
        )
        .map(({ level, subject, subject_title, problem, fix }) => ({ level, subject, subject_title, problem, fix }));
      const now = burning.get(row.id);
      const heard = own.flatMap((one) => one.last_event_at ?? []);
      const last = heard.reduce<Temporal.Instant | undefined>(
        (latest, at) => (latest && Temporal.Instant.compare(latest, at) >= 0 ? latest : at),
        undefined,
      );
      return [
        row.id,
        {
          readiness: found.some((one) => one.level === 'error') ? 'error' : found.length > 0 ? 'warning' : 'ok',
          problems: found,
          open_incidents: {
            critical: now?.critical ?? 0,
            error: now?.error ?? 0,
            warning: now?.warning ?? 0,
            info: now?.info ?? 0,
          },
          open_alerts: now?.alerts ?? 0,
          integrations: own.length,
          last_event_at: last?.toString() ?? null,
        },
      ];
    }),
  );
};
