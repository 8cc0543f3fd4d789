import { allServices } from '../catalog/actions.ts';
import { allPolicies, wouldPage } from '../escalation/actions.ts';
import { allPeople, type PersonRow } from '../identity/actions.ts';
import { incidentById } from '../incidents/actions.ts';
import { integrationRows } from '../ingest/actions.ts';
import { THE_ONLY } from '../journal/actions.ts';
import { timeline } from '../journal/read.ts';
import { channelStates, maskAddress, newestPages, type ProvenPage, reachOf, readSettings } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { keptSeverities, presets, processFacts } from '../process/actions.ts';
import { examine } from '../trace/actions.ts';
import { channelName } from './rules.ts';
import * as store from './store.ts';
import type { Facts, Page, Paged } from './types.ts';

/** Of the settings' history, newest first: far more than there are tests between two changes of a channel. */
const LOOKED_AT = 200;

type Entries = Awaited<ReturnType<typeof timeline>>['items'];

/** The last test of a channel since its settings were changed. */
const lastTest = (entries: Entries, channel: string): Facts['channels'][number]['test'] => {
  for (const { type, data, text, at } of entries) {
    if (type.startsWith('channel.test_') && data.channel === channel)
      return { ok: type === 'channel.test_sent', text: text.replace(/^Test of \w+: /, ''), at: Temporal.Instant.from(at) };
    const changes = type === 'settings.saved' && Array.isArray(data.changes) ? (data.changes as { field?: string }[]) : [];
    if (changes.some(({ field }) => field === 'channels' || field?.startsWith(`channels.${channel}`))) return undefined;
  }
  return undefined;
};

const channelsOf = async (ctx: Ctx, entries: Entries): Promise<Facts['channels']> =>
  (await channelStates(ctx)).map(({ channel, configured, problem }) => ({
    channel,
    configured,
    problem,
    test: lastTest(entries, channel),
  }));

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
  const entries = (await timeline(ctx, { type: 'settings', id: THE_ONLY }, undefined, LOOKED_AT, 'newest')).items;
  const levels = await keptSeverities(ctx);
  const pages = await newestPages(
    ctx,
    people.map((row) => row.id),
  );
  const { services, paged } = await servicesOf(ctx, people);
  const backup = entries.find((one) => one.type === 'backup.taken')?.at;
  return {
    now: ctx.now,
    publicUrl: ctx.publicUrl,
    seen,
    administrators: people.filter((row) => row.role === 'administrator').map((row) => row.display_name),
    channels: await channelsOf(ctx, entries),
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
