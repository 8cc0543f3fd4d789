import { allServices } from '../catalog/actions.ts';
import { allPolicies, wouldPage } from '../escalation/actions.ts';
import { allPeople, type PersonRow } from '../identity/actions.ts';
import { incidentById } from '../incidents/actions.ts';
import { integrationRows } from '../ingest/actions.ts';
import { THE_ONLY } from '../journal/actions.ts';
import { newestOf } from '../journal/read.ts';
import { channelStates, maskAddress, newestPages, type ProvenPage, reachOf, readSettings } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { keptSeverities, presets, processFacts } from '../process/actions.ts';
import { examine } from '../trace/actions.ts';
import { channelName } from './rules.ts';
import * as store from './store.ts';
import type { Facts, Page, Paged } from './types.ts';

/** Directories and refused sign-ons write to this history too, thousands of entries a day: it is asked by type, not read. */
const SETTINGS = { type: 'settings', id: THE_ONLY } as const;

/** The last test of a channel, unless its settings were changed since. */
const lastTest = async (ctx: Ctx, channel: string): Promise<Facts['channels'][number]['test']> => {
  const test = await newestOf(ctx, SETTINGS, ['channel.test_sent', 'channel.test_failed'], `$ ? (@.channel == "${channel}")`);
  if (!test) return undefined;
  const fields = `@ == "channels" || @ == "channels.${channel}" || @ starts with "channels.${channel}."`;
  const saved = await newestOf(ctx, SETTINGS, ['settings.saved'], `$.changes[*].field ? (${fields})`);
  if (saved && saved.id > test.id) return undefined;
  return {
    ok: test.type === 'channel.test_sent',
    text: test.text.replace(/^Test of \w+: /, ''),
    at: Temporal.Instant.from(test.at),
  };
};

const channelsOf = async (ctx: Ctx): Promise<Facts['channels']> => {
  const found: Facts['channels'] = [];
  for (const { channel, configured, problem } of await channelStates(ctx))
    found.push({ channel, configured, problem, test: configured ? await lastTest(ctx, channel) : undefined });
  return found;
};

/** Who asks, if pages go there or nowhere yet; else who is paged first now: what arrives elsewhere proves nothing. */
const personOf = async (ctx: Ctx, people: PersonRow[], paged: string[]): Promise<Facts['person']> => {
  const { actor } = ctx;
  const me = people.find((one) => actor.kind === 'person' && one.id === actor.id);
  const row =
    me && (paged.length === 0 || paged.includes(me.name))
      ? me
      : (people.find((one) => one.name === paged[0]) ?? me ?? people.find((one) => one.role === 'administrator'));
  if (!row) return undefined;
  const found = (await reachOf(ctx, [row.id])).get(row.id);
  return {
    name: row.name,
    own: row === me,
    display_name: row.display_name,
    email: row.email,
    methods: (found?.contact_methods ?? []).map((method) => ({
      ...method,
      problem: found?.problems.find((one) => one.startsWith(`${method.label}: `))?.slice(method.label.length + 2) ?? null,
    })),
  };
};

/** Each service with whom the steps of its policy would page now. A policy that treats all services alike is asked once. */
const servicesOf = async (ctx: Ctx, people: PersonRow[]): Promise<{ services: Facts['services']; paged: string[] }> => {
  const called = new Map(people.map((row) => [row.name, row.display_name]));
  const particular = new Set(
    (await allPolicies(ctx))
      .filter((policy) => policy.steps.some(({ when }) => when.services || when.support_hours))
      .map((policy) => policy.name),
  );
  const known = new Map<string, Paged[]>();
  const paged = new Set<string>();
  const services: Facts['services'] = [];
  for (const row of await allServices(ctx)) {
    const policy = row.escalation_policy ?? '';
    let steps = known.get(policy);
    if (!steps) {
      const found = await wouldPage(ctx, row, 'high');
      for (const { name } of found.flatMap((step) => step.people)) paged.add(name);
      steps = found.map((step) => ({
        after_seconds: step.after_seconds,
        people: step.people.map((one) => called.get(one.name) ?? one.name),
        skipped: step.skipped,
      }));
      if (!particular.has(policy)) known.set(policy, steps);
    }
    services.push({ name: row.name, title: row.title || row.name, steps });
  }
  return { services, paged: [...paged] };
};

const pageOf = async (ctx: Ctx, found: ProvenPage | undefined, people: PersonRow[]): Promise<Page | undefined> => {
  const row = found && (await incidentById(ctx, found.incident_id));
  if (!found || !row) return undefined;
  const sent = found.deliveries.flatMap(({ channel, address, sent_at }) =>
    sent_at ? [{ channel, text: `${channelName(channel)} to ${maskAddress(channel, address)}`, at: sent_at }] : [],
  );
  const lost = found.deliveries.length > 0 && found.deliveries.every((one) => one.status === 'failed');
  const state =
    found.status === 'answered'
      ? 'acknowledged'
      : found.status === 'ended'
        ? 'ended'
        : found.status === 'unreachable' || lost
          ? 'failed'
          : found.first_sent_at
            ? 'sent'
            : 'waiting';
  return {
    incident: row.number,
    open: row.status === 'triage' || row.status === 'acknowledged',
    person: people.find((one) => one.id === found.person_id)?.display_name ?? 'Somebody who left',
    state,
    at: found.created_at,
    sent,
    why:
      state === 'ended' ? found.end_reason : (found.waiting_because ?? found.deliveries.find((one) => one.error)?.error ?? null),
    acknowledged:
      state === 'acknowledged' && found.ended_at
        ? { at: found.ended_at, via: row.acknowledged_at ? row.acknowledged_via : null }
        : undefined,
  };
};

/** Reads all that the steps and the list are decided from. `seen` is what the reader's browser says. */
export const gatherFacts = async (ctx: Ctx, seen: Facts['seen']): Promise<Facts> => {
  const people = (await allPeople(ctx)).filter((row) => row.active);
  const levels = await keptSeverities(ctx);
  const pages = await newestPages(
    ctx,
    people.map((row) => row.id),
  );
  const { services, paged } = await servicesOf(ctx, people);
  const backup = (await newestOf(ctx, SETTINGS, ['backup.taken']))?.at;
  return {
    now: ctx.now,
    publicUrl: ctx.publicUrl,
    seen,
    administrators: people.filter((row) => row.role === 'administrator').map((row) => row.display_name),
    channels: await channelsOf(ctx),
    person: await personOf(ctx, people, paged),
    services,
    integrations: (await integrationRows(ctx)).map(({ name, kind, service, last_event_at }) => ({
      name,
      kind,
      service,
      last_event_at,
    })),
    newest: await pageOf(ctx, pages.last, people),
    acknowledged: await pageOf(ctx, pages.answered, people),
    severities: {
      levels: levels.map((one) => one.level),
      preset: (await presets(ctx)).find((one) => one.chosen)?.title,
    },
    ...(await processFacts(ctx)),
    deadMan: Boolean((await readSettings(ctx)).dead_man_url),
    backup: backup === undefined ? undefined : Temporal.Instant.from(backup),
    problems: (await examine(ctx)).problems,
    ticks: await store.ticks(ctx),
  };
};
