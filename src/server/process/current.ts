import { type ProcessDocument, SECTIONS } from '../../contract/process.ts';
import { allRouting } from '../alerts/actions.ts';
import { allServices, serviceOf } from '../catalog/actions.ts';
import { allPolicies } from '../escalation/actions.ts';
import { allPeople, allTeams } from '../identity/actions.ts';
import { allIntegrations } from '../ingest/actions.ts';
import { reachOf, readSettings } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { allSchedules } from '../schedules/actions.ts';
import { recentSilences, stateOf } from '../silences/actions.ts';
import type { EndedSilences } from './normalize.ts';
import * as store from './store.ts';

export type Current = { document: ProcessDocument; endedSilences: EndedSilences; silenceIds: ReadonlyMap<string, string> };

/** Far more than are ever kept in files; older ones ended long ago. */
const SILENCES_LOOKED_AT = 10_000;

/** Everything files can speak of, as the product has it now, in the form in which files say it. */
export const readCurrent = async (ctx: Ctx): Promise<Current> => {
  const kept = await store.documents(ctx);
  const documentsOf = (kind: string) => kept.filter((row) => row.kind === kind).map((row) => row.definition);
  const extra = (kind: string, name: string): Record<string, unknown> =>
    kept.find((row) => row.kind === kind && row.name === name)?.definition ?? {};

  const rows = await allPeople(ctx);
  const reach = await reachOf(
    ctx,
    rows.map((row) => row.id),
  );
  const people = rows.map(({ id, calendar_secret: _, left_at: _left, quiet_hours, holidays, ...row }) => {
    const { contact_methods = [], notification_rules } = reach.get(id) ?? {};
    const methods = contact_methods.map(({ verified, ...method }) => ({ ...method, ...(verified ? { verified } : {}) }));
    return SECTIONS.people.element.parse({
      ...row,
      contact_methods: methods,
      notification_rules,
      ...(quiet_hours ? { quiet_hours } : {}),
      ...(holidays ? { holidays } : {}),
    });
  });
  const silences = (await recentSilences(ctx, {}, SILENCES_LOOKED_AT)).filter((row) => row.name !== null);
  const running = silences.filter((row) => stateOf(row, ctx.now) !== 'expired');
  const schedules = (await allSchedules(ctx)).map((schedule) =>
    SECTIONS.schedules.element.parse({ ...schedule, policies: { ...schedule.policies, ...extra('schedules', schedule.name) } }),
  );
  const settings = await readSettings(ctx);
  const document: ProcessDocument = {
    people,
    teams: (await allTeams(ctx)).map(({ id: _, lead, members, ...team }) => ({
      ...team,
      ...(lead ? { lead } : {}),
      members: [...members].sort(),
    })),
    schedules,
    escalation_policies: (await allPolicies(ctx)).map((policy) =>
      SECTIONS.escalation_policies.element.parse({ ...policy, ...extra('escalation_policies', policy.name) }),
    ),
    services: (await allServices(ctx)).map(serviceOf),
    integrations: await allIntegrations(ctx),
    routing: (await allRouting(ctx)).map((rule) => SECTIONS.routing.element.parse(rule)),
    silences: running.map((row) =>
      SECTIONS.silences.element.parse({
        name: row.name,
        kind: row.kind,
        comment: row.comment,
        services: row.services,
        matchers: row.matchers,
        starts_at: row.starts_at.toString(),
        ...(row.ends_at ? { ends_at: row.ends_at.toString() } : {}),
        ...(row.recurs ? { recurs: row.recurs } : {}),
      }),
    ),
    settings,
    severities: documentsOf('severities').map((one) => SECTIONS.severities.element.parse(one)),
    roles: documentsOf('roles').map((one) => SECTIONS.roles.element.parse(one)),
    templates: documentsOf('templates').map((one) => SECTIONS.templates.element.parse(one)),
    postmortems: documentsOf('postmortems').map((one) => SECTIONS.postmortems.element.parse(one)),
  };
  return {
    document,
    endedSilences: new Map(silences.filter((row) => row.ended_at).map((row) => [row.name ?? '', row.ends_at?.toString()])),
    silenceIds: new Map(running.map((row) => [row.name ?? '', row.id])),
  };
};
