import type { z } from 'zod';
import type { impact, replaced } from '../../contract/leaving.ts';
import { allServices } from '../catalog/actions.ts';
import { allPolicies, handOver, namesPerson, savePolicy, withPerson } from '../escalation/actions.ts';
import { allTeams, personNamed, saveTeam } from '../identity/actions.ts';
import { allow, can } from '../identity/permissions.ts';
import { heldAloneBy, reassign } from '../incidents/actions.ts';
import { journal } from '../journal/actions.ts';
import { noticeAdministrators, openPagesOf } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { addOverride, allSchedules, namedBy, overridesOf, removeOverride, saveSchedule } from '../schedules/actions.ts';
import { countedOn, overrideWith, scheduleWith, teamWith } from './rules.ts';
import * as store from './store.ts';

type Impact = z.input<typeof impact>;
type Changes = z.input<typeof replaced>['changes'];

/** Overrides are looked for this far ahead. */
const FAR = { hours: 24 * 366 * 5 };
const overridesToCome = (ctx: Ctx, schedule: string) => overridesOf(ctx, schedule, ctx.now, ctx.now.add(FAR));

/** Everything that counts on a person: what would miss her if she went. Keys are named only to whoever may manage them. */
export const impactOf = async (ctx: Ctx, name: string): Promise<Impact> => {
  const person = await personNamed(ctx, name);
  const services = await allServices(ctx);
  const schedules: Impact['schedules'] = [];
  for (const schedule of await allSchedules(ctx)) {
    const layers = schedule.layers.filter((layer) => namedBy(layer).includes(name)).map((layer) => layer.name);
    const overrides = (await overridesToCome(ctx, schedule.name))
      .filter((one) => one.person === name || one.replaces === name)
      .map((one) => ({ id: one.id, starts: one.starts.toString(), ends: one.ends.toString() }));
    if (layers.length > 0 || overrides.length > 0) schedules.push({ schedule: schedule.name, layers, overrides });
  }
  const policies = (await allPolicies(ctx))
    .map((policy) => ({
      policy: policy.name,
      steps: policy.steps.flatMap((step, index) => (step.targets.some((target) => namesPerson(target, name)) ? [index + 1] : [])),
      fallback: policy.fallback !== undefined && namesPerson(policy.fallback, name),
      services: services.filter((service) => service.escalation_policy === policy.name).map((service) => service.name),
    }))
    .filter((one) => one.steps.length > 0 || one.fallback);
  const teams = (await allTeams(ctx))
    .map((team) => ({
      team: team.name,
      lead: team.lead === name,
      member: team.members.includes(name),
      grants: team.grants.some((grant) => grant.person === name),
    }))
    .filter((one) => one.lead || one.member || one.grants);
  const open_pages = (await openPagesOf(ctx, person.id)).map((page) => ({
    incident: page.about.number,
    title: page.about.title,
    since: page.created_at.toString(),
    status: page.status,
  }));
  const held_incidents = (await heldAloneBy(ctx, person.id)).map((row) => ({ incident: row.number, title: row.title }));
  const seesTokens = 'role' in ctx.actor && can(ctx.actor.role, 'tokens.write');
  const tokens = seesTokens ? (await store.workingTokens(ctx, person.id)).map((row) => row.name) : [];
  const silences = await store.silencesBy(ctx, name);
  return {
    person: name,
    active: person.active,
    counts_on_her: [schedules, policies, teams, open_pages, held_incidents, tokens, silences].some((list) => list.length > 0),
    schedules,
    policies,
    teams,
    open_pages,
    held_incidents,
    tokens,
    silences,
  };
};

/**
 * Somebody else takes her seats: in schedules and their overrides to come, in policies, also of incidents under way, and in teams;
 * her open pages page the other at once, and incidents that only she has are handed over. All of it or nothing. Her keys and
 * silences stay as they are. Returns each change, before and after.
 */
export const replacePerson = async (ctx: Ctx, name: string, by: string): Promise<z.input<typeof replaced>> => {
  allow(ctx, 'people.write');
  const from = await personNamed(ctx, name);
  const to = await personNamed(ctx, by, 'with');
  if (to.id === from.id) throw invalid('must be somebody else', 'with');
  if (!to.active) throw invalid(`${by} is deactivated`, 'with');
  const changes: Changes = [
    ...(await replaceInTeams(ctx, name, by)),
    ...(await replaceInSchedules(ctx, name, by)),
    ...(await replaceInPolicies(ctx, name, by)),
  ];
  const pages = await openPagesOf(ctx, from.id);
  await handOver(ctx, from, to);
  for (const page of pages) changes.push({ kind: 'page', name: page.about.number, before: name, after: by });
  for (const row of await heldAloneBy(ctx, from.id)) {
    await reassign(ctx, row.id, [by]);
    changes.push({ kind: 'incident', name: row.number, before: name, after: by });
  }
  await journal(ctx, {
    type: 'person.replaced',
    subject: { type: 'person', id: from.id },
    text: `${to.display_name} takes the place of ${from.display_name}: ${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`,
    data: { with: by, changes },
  });
  return { changes, left: await impactOf(ctx, name) };
};

const replaceInTeams = async (ctx: Ctx, from: string, to: string): Promise<Changes> => {
  const changes: Changes = [];
  for (const { id: _, lead, ...rest } of await allTeams(ctx)) {
    const before = { ...rest, ...(lead ? { lead } : {}) };
    const after = teamWith(before, from, to);
    if (!after) continue;
    await saveTeam(ctx, after);
    changes.push({ kind: 'team', name: before.name, before, after });
  }
  return changes;
};

const replaceInSchedules = async (ctx: Ctx, from: string, to: string): Promise<Changes> => {
  const changes: Changes = [];
  for (const before of await allSchedules(ctx)) {
    const after = scheduleWith(before, from, to);
    if (after) {
      await saveSchedule(ctx, after);
      changes.push({ kind: 'schedule', name: before.name, before: before.layers, after: after.layers });
    }
    for (const { id, ...override } of await overridesToCome(ctx, before.name)) {
      const swapped = overrideWith(override, from, to);
      if (!swapped) continue;
      const told = (one: typeof override) => ({ ...one, starts: one.starts.toString(), ends: one.ends.toString() });
      await removeOverride(ctx, before.name, id);
      if (swapped !== 'goes') await addOverride(ctx, before.name, told(swapped));
      changes.push({
        kind: 'override',
        name: before.name,
        before: told(override),
        after: swapped === 'goes' ? null : told(swapped),
      });
    }
  }
  return changes;
};

const replaceInPolicies = async (ctx: Ctx, from: string, to: string): Promise<Changes> => {
  const changes: Changes = [];
  for (const before of await allPolicies(ctx)) {
    const after = withPerson(before, from, to);
    if (after === before) continue;
    await savePolicy(ctx, after);
    changes.push({
      kind: 'policy',
      name: before.name,
      before: { steps: before.steps, fallback: before.fallback },
      after: { steps: after.steps, fallback: after.fallback },
    });
  }
  return changes;
};

/**
 * Somebody left at the word of a directory: what counted on her is put on record, and told to every administrator by mail where mail
 * is set up, before it goes on to others. Nothing counted on her: nobody is told. Listens to `person.left`.
 */
export const tellAdministrators = async (
  ctx: Ctx,
  { id, name, keys }: { id: string; name: string; keys: string[] },
): Promise<void> => {
  const found = await impactOf(ctx, name);
  const facts = countedOn(found, keys);
  if (facts.length === 0) return;
  const { display_name } = await personNamed(ctx, name);
  const told = await noticeAdministrators(ctx, {
    subject: `${display_name} left, and was counted on`,
    text: `The directory deactivated ${display_name}. Pages that waited went on to the next, turns are gaps now and steps are skipped until somebody takes them over.${keys.length > 0 ? ' Whatever used a key that ended needs one of its own.' : ''}`,
    facts,
    path: `/people/${name}`,
  });
  await journal(ctx, {
    type: 'person.counted_on',
    subject: { type: 'person', id },
    text: `${display_name} left and was counted on: ${facts.map((fact) => `${fact.label.toLowerCase()} ${fact.value}`).join('; ')}${told > 0 ? '' : '. No administrator was told by mail'}`,
    data: { ...found, keys_ended: keys, administrators_mailed: told },
  });
};
