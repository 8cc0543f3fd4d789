import type { Ctx, Tx } from '../platform/ctx.ts';
import * as store from './store.ts';

export { changesOf } from './changes.ts';

export type Subject =
  | { type: 'incident'; id: string }
  | { type: 'alert'; id: string }
  | { type: 'service'; id: string }
  | { type: 'person'; id: string }
  | { type: 'team'; id: string }
  | { type: 'schedule'; id: string }
  | { type: 'silence'; id: string }
  | { type: 'escalation_policy'; id: string }
  | { type: 'routing'; id: string }
  | { type: 'integration'; id: string }
  | { type: 'token'; id: string }
  | { type: 'heartbeat'; id: string }
  | { type: 'handoff'; id: string }
  | { type: 'settings'; id: string };

export type Entry = { type: string; subject: Subject; text: string; data?: Record<string, unknown> };

/** For subjects there is only one of, such as the routing rules. */
export const THE_ONLY = '00000000-0000-0000-0000-000000000000';

/**
 * Writes what happened, in the transaction of the change itself. `text` is one sentence a responder
 * can read at night; `data` holds the facts for machines, never a secret.
 */
export const journal = (ctx: Ctx, ...entries: Entry[]): Promise<void> => {
  ctx.tellWatchers();
  return store.append(ctx, entries);
};

/** Makes the coming months' partitions of the tables that grow with time. */
export const makePartitions = (tx: Tx): Promise<void> => store.makePartitions(tx);
