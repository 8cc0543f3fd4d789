import type { Message } from '../channels/types.ts';
import { allPeople, type PersonRow, peopleByIds } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { newId } from '../platform/id.ts';
import type { JobMap } from '../platform/jobs.ts';
import { canMail } from './invitation.ts';
import { sendBy } from './send.ts';
import { providerOf, readSettings } from './settings.ts';
import type { Notice } from './types.ts';

/** Mails each active one of these people a notice of their own, where mail is set up. Returns how many. */
export const noticePeople = async (ctx: Ctx, people: PersonRow[], noticeFor: (person: PersonRow) => Notice): Promise<number> => {
  if (!(await canMail(ctx))) return 0;
  const told = people.filter((person) => person.active);
  await ctx.enqueue(
    'paging.send_notice',
    told.map((person) => ({ data: { ...noticeFor(person), person_id: person.id, notice_id: newId() } })),
  );
  return told.length;
};

/** Mails every active administrator, where mail is set up. Returns how many. */
export const noticeAdministrators = async (ctx: Ctx, notice: Notice): Promise<number> =>
  noticePeople(
    ctx,
    (await allPeople(ctx)).filter((person) => person.role === 'administrator'),
    () => notice,
  );

export const sendNotice = async (outside: Outside, job: JobMap['paging.send_notice']): Promise<void> => {
  const { person_id, notice_id, subject, text, facts, path } = job;
  const named = job.private ? 'A private note' : `“${subject}”`;
  const prepared = await outside.transaction(async (ctx) => {
    const [person] = await peopleByIds(ctx, [person_id]);
    return person?.active
      ? { person, publicUrl: ctx.publicUrl, provider: providerOf(await readSettings(ctx), 'email') }
      : undefined;
  });
  if (!prepared) return;
  const { person, publicUrl, provider } = prepared;
  const message: Message = {
    kind: 'notice',
    idempotencyKey: notice_id,
    subject,
    short: subject,
    body: text,
    facts,
    actionUrl: `${publicUrl}${path}`,
  };
  const result = await sendBy(outside, provider, 'email', person.email, message);
  if (result.outcome === 'retry') throw new Error(`The mail server did not take the notice: ${result.reason}`);
  await outside.transaction((ctx) =>
    journal(ctx, {
      type: result.outcome === 'sent' ? 'person.message_sent' : 'person.message_failed',
      subject: { type: 'person', id: person_id },
      text: `${named} ${result.outcome === 'sent' ? 'was mailed' : `could not be mailed: ${result.reason}`}`,
      data: { channel: 'email', kind: 'notice', outcome: result.outcome },
    }),
  );
};
