import { say } from '../channels/words/words.ts';
import type { PageRow } from '../paging/actions.ts';
import type { Answer } from '../paging/types.ts';
import type { Ctx } from '../platform/ctx.ts';
import * as store from './store.ts';

/** What whoever answered a page is told came of it, in one or two sentences of their language. `goneOn`: asking for the next step changed nothing. */
export const saidOf = async (
  ctx: Ctx,
  page: PageRow | undefined,
  action: Answer['action'],
  locale: string | undefined,
  goneOn = false,
): Promise<string> => {
  const incident = page && (await store.byId(ctx, page.incident_id));
  if (!incident) return say(locale, 'answer.unknown');
  const { number, title, status } = incident;
  if (action === 'escalate' && !goneOn) return say(locale, 'answer.escalated', { number });
  const key = status === 'acknowledged' || status === 'resolved' || status === 'closed' ? status : 'triage';
  return say(locale, `answer.${key}`, { number, title: title.slice(0, 60) });
};
