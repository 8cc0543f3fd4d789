import type { z } from 'zod';
import type { setup } from '../../contract/setup.ts';
import { allow } from '../identity/permissions.ts';
import { create, incident, lockOpen, resolve } from '../incidents/actions.ts';
import { TEST_PAGE } from '../incidents/types.ts';
import { journal, THE_ONLY } from '../journal/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError, invalid, notFound } from '../platform/errors.ts';
import { itemNamed, weeksOf } from './checklist.ts';
import { gatherFacts } from './facts.ts';
import { pagesSomebody, pathOf, sourceOf, span, stepsOf } from './rules.ts';
import * as store from './store.ts';
import type { Facts } from './types.ts';

export { makeService } from './first-service.ts';

/** A test page is over after this long, answered or not: nobody is reminded of it, and the next test stands alone. */
const TEST_MINUTES = 15;

/** Where the set-up stands, decided anew from what is there; and the list of the first weeks. */
export const setupState = async (ctx: Ctx, seen: Facts['seen']): Promise<z.input<typeof setup>> => {
  const facts = await gatherFacts(ctx, seen);
  const steps = stepsOf(facts);
  const essential = steps.filter((one) => one.essential);
  const done = essential.filter((one) => one.state === 'done').length;
  const source = sourceOf(facts);
  const { newest, backup } = facts;
  return {
    server_time: ctx.now.toString(),
    public_url: ctx.publicUrl,
    ready: done === essential.length,
    done,
    of: essential.length,
    steps,
    integration: source ? { ...source, last_event_at: source.last_event_at?.toString() ?? null } : null,
    person: facts.person?.name ?? null,
    page: newest
      ? {
          incident: newest.incident,
          open: newest.open,
          person: newest.person,
          state: newest.state,
          at: newest.at.toString(),
        }
      : null,
    path: pathOf(facts),
    server: [
      {
        label: 'Outside watch',
        text: facts.deadMan ? 'Called each minute' : 'Not set up',
        done: facts.deadMan,
        fix: '/settings/delivery',
      },
      {
        label: 'Backup',
        text: backup ? `Taken ${span((ctx.now.epochMilliseconds - backup.epochMilliseconds) / 1000)} ago` : 'None taken here yet',
        done: backup !== undefined,
        fix: '/settings/backup',
      },
    ],
    weeks: weeksOf(facts),
  };
};

/**
 * Opens an incident that says it is a test, so that a page goes the way of a real one: by the policy of a service (none given:
 * the first that pages somebody), at high urgency. Returns its number. Refused (`service`) when nobody would be paged.
 */
export const sendTestPage = async (ctx: Ctx, service: string | undefined): Promise<{ incident: string }> => {
  allow(ctx, 'settings.write');
  const { services } = await gatherFacts(ctx, {});
  const able = services.filter(pagesSomebody);
  const chosen = service === undefined ? able[0] : able.find((one) => one.name === service);
  if (!chosen) {
    if (service !== undefined && !services.some((one) => one.name === service))
      throw invalid(`there is no service named ${service}`, 'service');
    throw new AppError(
      'conflict',
      service === undefined ? 'No service pages anybody now' : `${service} pages nobody now`,
      'service',
    );
  }
  const id = await create(ctx, {
    title: TEST_PAGE,
    service: chosen.name,
    severity: 'info',
    urgency: 'high',
    description: `Sent from the set-up by ${ctx.actor.name}. It ends by itself after ${TEST_MINUTES} minutes.`,
  });
  await ctx.enqueue('setup.test_page_over', [{ data: { incident_id: id }, at: ctx.now.add({ minutes: TEST_MINUTES }) }]);
  return { incident: (await incident(ctx, id)).number };
};

/** The test is over. Safe to repeat. */
export const testPageOver = async (ctx: Ctx, { incident_id }: { incident_id: string }): Promise<void> => {
  if (await lockOpen(ctx, incident_id)) await resolve(ctx, incident_id, 'The test is over.');
};

/** Ticks an item of the list for everyone, or takes the tick back. Refuses what Allclear sees by itself (`done`). Safe to repeat. */
export const tickItem = async (ctx: Ctx, id: string, done: boolean): Promise<void> => {
  allow(ctx, 'settings.write');
  const item = itemNamed(id);
  if (!item) throw notFound(`Item ${id}`);
  if (item.seen) throw invalid('Allclear sees this by itself: it is done when it is so', 'done');
  if (!(await (done ? store.tick(ctx, id) : store.untick(ctx, id)))) return;
  await journal(ctx, {
    type: done ? 'setup.item_done' : 'setup.item_undone',
    subject: { type: 'settings', id: THE_ONLY },
    text: `Start small: ${item.title}: ${done ? 'done' : 'not done any more'}`,
    data: { item: id },
  });
};
