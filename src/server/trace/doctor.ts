import type { z } from 'zod';
import type { EscalationPolicy } from '../../contract/escalation.ts';
import type { Schedule } from '../../contract/schedule.ts';
import type { doctor } from '../../contract/trace.ts';
import { allServices } from '../catalog/actions.ts';
import type { ChannelName } from '../channels/types.ts';
import { isVendor, VENDORS } from '../channels/vendors.ts';
import { brokenWording } from '../channels/words/wording.ts';
import { allPolicies, namesPerson, peopleIn, resolveTargets, targetsOf } from '../escalation/actions.ts';
import { heartbeatRows } from '../heartbeats/actions.ts';
import { allPeople, allTeams } from '../identity/actions.ts';
import { integrationRows } from '../ingest/actions.ts';
import { lastTests, providerHealth, reachOf, reachProblems, readSettings } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { calendarProblems, gaps, schedulesWithTakers } from '../schedules/actions.ts';

type Report = z.input<typeof doctor>;
type Problem = Report['problems'][number];
type Kind = Problem['subject_type'];

/** How far ahead gaps on call are looked for. */
const LOOK_AHEAD_DAYS = 14;
/** An integration that heard nothing for so long may be cut off. */
const SILENT_DAYS = 30;

/** What a kind is called in a sentence, and the screen that puts it right. */
const KINDS: Record<Kind, { word: string; screen: (name: string) => string }> = {
  service: { word: 'service', screen: (name) => `/services/${name}` },
  escalation_policy: { word: 'policy', screen: (name) => `/escalation/${name}` },
  schedule: { word: 'schedule', screen: (name) => `/schedules/${name}` },
  person: { word: 'person', screen: (name) => `/people/${name}` },
  team: { word: 'team', screen: (name) => `/teams/${name}` },
  channel: { word: 'channel', screen: () => '/settings/channels' },
  integration: { word: 'integration', screen: (name) => `/integrations/${name}` },
  wording: { word: 'wording of', screen: () => '/settings/wording' },
  settings: { word: 'dead-man switch', screen: () => '/settings/delivery' },
};

type World = {
  people: Awaited<ReturnType<typeof allPeople>>;
  teams: Awaited<ReturnType<typeof allTeams>>;
  policies: EscalationPolicy[];
  schedules: Schedule[];
  settings: Awaited<ReturnType<typeof readSettings>>;
};
type Say = (
  level: Problem['level'],
  about: { type: Kind; name: string | null; where?: string },
  problem: string,
  remedy: string,
) => void;

/** What would keep a page from arriving, worst first, each with what to do about it and where. */
export const examine = async (ctx: Ctx): Promise<Report> => {
  const problems: Problem[] = [];
  const services = await allServices(ctx);
  const world: World = {
    people: await allPeople(ctx),
    teams: await allTeams(ctx),
    policies: await allPolicies(ctx),
    schedules: await schedulesWithTakers(ctx),
    settings: await readSettings(ctx),
  };
  const titled: Partial<Record<Kind, { name: string; title: string }[]>> = {
    service: services,
    escalation_policy: world.policies,
    schedule: world.schedules,
    person: world.people.map(({ name, display_name }) => ({ name, title: display_name })),
    team: world.teams,
  };
  const say: Say = (level, { type, name, where }, problem, remedy) => {
    const about = (called: string | null) =>
      `${KINDS[type].word}${called === null ? '' : ` ${called}`}${where ? `, ${where}` : ''}`;
    problems.push({
      level,
      subject: about(name),
      subject_title: about(titled[type]?.find((one) => one.name === name)?.title || name),
      subject_type: type,
      subject_name: name,
      problem,
      remedy,
      fix: KINDS[type].screen(name ?? ''),
    });
  };
  for (const service of services)
    if (!service.escalation_policy)
      say(
        'error',
        { type: 'service', name: service.name },
        'has no escalation policy: its incidents page nobody',
        'give it an escalation policy',
      );
  await examinePolicies(ctx, world, say);
  sayWhoLeft(world, say);
  await examineSchedules(ctx, world, say);
  await examinePeople(ctx, world, say);
  await examineSenders(ctx, say);
  for (const row of await providerHealth(ctx))
    if (row.problem)
      say(
        'error',
        { type: 'channel', name: row.channel },
        // Telegram says more than whether it can be reached.
        `${isVendor(row.vendor) ? VENDORS[row.vendor] : 'its provider'} ${row.channel === 'telegram' ? 'finds something wrong' : 'cannot be reached'} (${row.problem}), asked at ${row.checked_at}`,
        'check the address, the network and the provider',
      );
  for (const { kind, part, language, problem } of brokenWording(world.settings.wording))
    say(
      'warning',
      { type: 'wording', name: `${kind} ${part}`, where: language },
      `cannot be used, so messages are worded as usual: ${problem}`,
      'put it right under Settings, Wording, or go back to the default',
    );
  if (!world.settings.dead_man_url)
    say(
      'warning',
      { type: 'settings', name: null },
      'nothing outside notices when Allclear itself stops',
      'set dead_man_url to a heartbeat monitor somewhere else',
    );
  return { server_time: ctx.now.toString(), problems: problems.sort((a, b) => a.level.localeCompare(b.level)) };
};

/** Why a shared address would be told nothing; undefined: it would. */
const deafPlace = ({ channel, address }: { channel: ChannelName; address: string }, settings: World['settings']) => {
  const config = settings.channels[channel];
  if (!config) return `tells ${address} by ${channel}, which is not set up`;
  const named = (channel === 'teams' || channel === 'discord') && !address.includes(':');
  return named && !Object.hasOwn(config.webhooks ?? {}, address)
    ? `tells ${address} by ${channel}, where no webhook has this name`
    : undefined;
};

const examinePolicies = async (ctx: Ctx, { policies, settings }: World, say: Say): Promise<void> => {
  for (const policy of policies)
    for (const [index, step] of policy.steps.entries()) {
      const found = await resolveTargets(ctx, step.targets, { policy: policy.name, step: index }, true);
      for (const place of found.places) {
        const about = { type: 'escalation_policy' as const, name: policy.name, where: `step ${index + 1}` };
        const deaf = deafPlace(place, settings);
        if (deaf) say('warning', about, deaf, 'set it up under channels in the settings, or name another');
      }
      if (found.people.some((one) => !one.shadow) || found.places.length > 0) continue;
      say(
        index === 0 ? 'error' : 'warning',
        { type: 'escalation_policy', name: policy.name, where: `step ${index + 1}` },
        `pages nobody now: ${found.empty.join('; ') || 'it names nobody'}`,
        'fill the schedule or name a person; the step is skipped until then',
      );
    }
};

/** Whatever still counts on somebody who is gone: those turns are gaps, those steps are skipped. */
const sayWhoLeft = ({ people, teams, policies, schedules }: World, say: Say): void => {
  for (const { name, display_name } of people.filter((person) => !person.active)) {
    const left = `counts on ${display_name}, who is deactivated`;
    for (const schedule of schedules) {
      const layers = schedule.layers.filter((layer) => layer.participants.flat().includes(name));
      if (layers.length > 0)
        say(
          'error',
          { type: 'schedule', name: schedule.name },
          `${left}: nobody is paged in those turns (layer ${layers.map((layer) => layer.name).join(', ')})`,
          'give the turns to somebody else',
        );
    }
    for (const policy of policies)
      if (targetsOf(policy).some((target) => namesPerson(target, name)))
        say('error', { type: 'escalation_policy', name: policy.name }, left, 'name somebody else instead');
    for (const team of teams)
      if (team.lead === name) say('error', { type: 'team', name: team.name }, `${left}, as its lead`, 'choose another lead');
  }
};

const examineSchedules = async (ctx: Ctx, { policies, schedules }: World, say: Say): Promise<void> => {
  const used = new Set(policies.flatMap(targetsOf).flatMap((target) => ('schedule' in target ? [target.schedule] : [])));
  for (const schedule of schedules.filter((one) => used.has(one.name))) {
    if (schedule.layers.some((layer) => layer.calendar))
      for (const message of await calendarProblems(ctx, schedule.name))
        say(
          'warning',
          { type: 'schedule', name: schedule.name },
          message,
          'correct the calendar, its address or the names in the layer',
        );
    const holes = await gaps(ctx, schedule.name, ctx.now, ctx.now.add({ hours: 24 * LOOK_AHEAD_DAYS }));
    const [first] = holes;
    if (!first) continue;
    const local = (at: Temporal.Instant) =>
      at.toZonedDateTimeISO(schedule.time_zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
    const more = holes.length > 1 ? `, and ${holes.length - 1} more gaps within ${LOOK_AHEAD_DAYS} days` : '';
    say(
      'warning',
      { type: 'schedule', name: schedule.name },
      `nobody is on call from ${local(first.start)} to ${local(first.end)} ${schedule.time_zone}${more}`,
      'add a layer or an override',
    );
  }
};

const examinePeople = async (ctx: Ctx, world: World, say: Say): Promise<void> => {
  const counted = peopleIn(world.policies.flatMap(targetsOf), world.teams, world.schedules);
  const people = world.people.filter((person) => person.active && counted.has(person.name));
  const ids = people.map((person) => person.id);
  const [reaches, tests] = [await reachOf(ctx, ids), await lastTests(ctx, ids)];
  const countedBy = world.policies.map((policy) => ({
    name: policy.name,
    people: peopleIn(targetsOf(policy), world.teams, world.schedules),
  }));
  for (const person of people)
    for (const { level, problem, remedy } of reachProblems(reaches.get(person.id), world.settings, tests.get(person.id))) {
      say(level, { type: 'person', name: person.name }, problem, remedy);
      if (level === 'warning') continue;
      for (const policy of countedBy.filter((one) => one.people.has(person.name)))
        say(
          'error',
          { type: 'escalation_policy', name: policy.name },
          `counts on ${person.display_name}, who has no way that works: ${problem}`,
          'give the person one, or page somebody else',
        );
    }
};

/** An integration that is only there for heartbeats says nothing else. */
const examineSenders = async (ctx: Ctx, say: Say): Promise<void> => {
  const pinged = new Set((await heartbeatRows(ctx)).map((heartbeat) => heartbeat.integration));
  const since = ctx.now.subtract({ hours: 24 * SILENT_DAYS });
  for (const { name, last_event_at: last } of await integrationRows(ctx)) {
    if (pinged.has(name) || (last && Temporal.Instant.compare(last, since) > 0)) continue;
    say(
      'warning',
      { type: 'integration', name },
      last
        ? `has heard nothing since ${last.toString({ smallestUnit: 'second' })}, for more than ${SILENT_DAYS} days`
        : 'has never heard anything',
      'send a test event from the tool, or remove it',
    );
  }
};
