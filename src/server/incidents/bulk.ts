import type { z } from 'zod';
import type { bulkResult, bulk as contract } from '../../contract/pages.ts';
import { allow } from '../identity/permissions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import { acknowledge, close, incident, resolve, snooze, unsnooze } from './actions.ts';
import * as store from './store.ts';

type Input = z.output<typeof contract>;

const act = (ctx: Ctx, id: string, input: Input): Promise<void> => {
  switch (input.action) {
    case 'acknowledge':
      return acknowledge(ctx, id);
    case 'resolve':
      return resolve(ctx, id, input.note);
    case 'close':
      return close(ctx, id);
    case 'snooze':
      return snooze(ctx, id, input.seconds);
    case 'unsnooze':
      return unsnooze(ctx, id);
  }
};

/** One verb on each of them. What refuses one leaves the others done; the answer is in the order asked. */
export const bulk = async (ctx: Ctx, input: Input): Promise<z.input<typeof bulkResult>['items']> => {
  allow(ctx, 'incident.respond');
  const found: { asked: string; id: string | undefined }[] = [];
  for (const asked of new Set(input.ids)) found.push({ asked, id: await store.idOf(ctx, asked) });
  const problems = new Map<string, string | null>();
  // Locked in one order, so that two lists crossing each other wait instead of deadlocking.
  for (const id of [...new Set(found.flatMap((one) => one.id ?? []))].sort())
    problems.set(
      id,
      await store
        .orTakeBack(ctx, () => act(ctx, id, input))
        .then(
          () => null,
          (thrown: unknown) => {
            if (thrown instanceof AppError) return thrown.message;
            throw thrown;
          },
        ),
    );
  const items: z.input<typeof bulkResult>['items'] = [];
  for (const { asked, id } of found) {
    const problem = id === undefined ? `There is no incident ${asked}` : (problems.get(id) ?? null);
    items.push({ id: asked, done: problem === null, problem, incident: id === undefined ? null : await incident(ctx, id) });
  }
  return items;
};
