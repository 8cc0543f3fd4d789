import type { z } from 'zod';
import type { firstService, madeService } from '../../contract/setup.ts';
import { allServices, saveService } from '../catalog/actions.ts';
import { allPolicies, savePolicy } from '../escalation/actions.ts';
import { allTeams, peopleNamed, saveTeam } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import { integrationRows, saveIntegration } from '../ingest/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { allSchedules, saveSchedule } from '../schedules/actions.ts';
import { lastHandoff, slugOf } from './rules.ts';
import * as store from './store.ts';

const SOON_SECONDS = 300;
/** Room for the ending of the names that are made of it. */
const NAME_LENGTH = 48;

/**
 * Makes a service and all that it needs to page somebody, in one transaction: a team, its weekly turns with the handoff on
 * Mondays at 09:00 where the first of them lives, a policy that goes from who is on call to the whole team after five
 * minutes, the service, and the integration its alerts come through. What has one of these names already is refused
 * (`service`, `team`), as are people who are not there (`people.0`).
 */
export const makeService = async (ctx: Ctx, input: z.output<typeof firstService>): Promise<z.input<typeof madeService>> => {
  allow(ctx, 'settings.write');
  const service = slugOf(input.service).slice(0, NAME_LENGTH);
  const team = slugOf(input.team).slice(0, NAME_LENGTH);
  if (!service) throw invalid('needs a letter or a digit', 'service');
  if (!team) throw invalid('needs a letter or a digit', 'team');
  const integration = `${service}-alerts`;
  await store.lockNames(ctx);
  const has = (list: { name: string }[], name: string) => list.some((one) => one.name === name);
  if (has(await allServices(ctx), service)) throw invalid(`there is a service named ${service} already`, 'service');
  if (has(await integrationRows(ctx), integration))
    throw invalid(`there is an integration named ${integration} already`, 'service');
  for (const [word, list] of [
    ['team', await allTeams(ctx)],
    ['schedule', await allSchedules(ctx)],
    ['escalation policy', await allPolicies(ctx)],
  ] as const)
    if (has(list, team)) throw invalid(`there is a ${word} named ${team} already`, 'team');
  const people = [...new Set(input.people)];
  const rows = (await peopleNamed(ctx, people)).filter((row) => row.active);
  for (const [index, name] of people.entries())
    if (!rows.some((row) => row.name === name)) throw invalid(`there is no active person named ${name}`, `people.${index}`);
  const time_zone = rows.find((row) => row.name === people[0])?.time_zone ?? 'UTC';

  const name = team;
  await saveTeam(ctx, { name, title: input.team, lead: people[0], members: people, grants: [] });
  await saveSchedule(ctx, {
    name,
    title: input.team,
    team,
    time_zone,
    layers: [
      {
        name: 'weekly',
        role: 'primary',
        shadow: false,
        rotation: { every: 1, unit: 'week' },
        starts: lastHandoff(ctx.now, time_zone),
        participants: people,
      },
    ],
    policies: { max_consecutive_days: 7, min_gap_days: 14, min_rotation_size: 4 },
  });
  await savePolicy(ctx, {
    name,
    title: input.team,
    team,
    steps: [
      { targets: [{ schedule: team }], escalate_after_seconds: SOON_SECONDS, when: {} },
      { targets: [{ team, who: 'all' }], escalate_after_seconds: SOON_SECONDS, when: {} },
    ],
    repeat: 2,
  });
  await saveService(ctx, {
    name: service,
    title: input.service,
    description: '',
    team,
    escalation_policy: name,
    grouping: { by: [], window_seconds: 300, max_age_seconds: 86_400 },
    on_all_resolved: 'auto',
    urgency: 'by_severity',
    acknowledge_timeout_seconds: 1800,
    flapping: { changes: 6, within_seconds: 1800 },
  });
  await saveIntegration(ctx, { name: integration, service, kind: 'alertmanager' });
  return { team, schedule: name, escalation_policy: name, service, integration };
};
