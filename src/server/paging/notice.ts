import type { ChannelName, Message } from '../channels/types.ts';
import { allPeople, type PersonRow, peopleByIds } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { newId } from '../platform/id.ts';
import type { JobMap } from '../platform/jobs.ts';
import { canMail } from './invitation.ts';
import { type Method, ruleSteps, usableMethods } from './rules.ts';
import { sendBy } from './send.ts';
import { providerOf, readSettings } from './settings.ts';
import * as store from './store.ts';
import type { Notice, NoticeBy } from './types.ts';

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

/** The first of these ways that has a provider, or none. */
const wayOf = async (ctx: Ctx, person: PersonRow, by: NoticeBy): Promise<Method | undefined> => {
  if (by === 'mail') return undefined;
  const usable = usableMethods((await store.methodRows(ctx, [person.id])).map(store.methodOf), person.email);
  const settings = await readSettings(ctx);
  const works = ({ id, channel }: Method) => id !== null && !('missing' in providerOf(settings, channel as ChannelName));
  if (by !== 'usual') return usable.find((method) => method.label === by.method && works(method));
  const rules = (await store.ruleRows(ctx, [person.id])).filter((rule) => rule.urgency === 'low');
  const [first] = ruleSteps(rules, usable, 'low');
  return first?.methods.find((method) => method.channel !== 'voice' && works(method));
};

/**
 * Sends somebody who is active a notice by one way: mail, the usual way for what may wait that does not ring, or a contact method; by
 * mail where there is no such way any more. False when nothing can be sent.
 */
export const noticeBy = async (ctx: Ctx, person: PersonRow, by: NoticeBy, notice: Notice): Promise<boolean> => {
  const way = await wayOf(ctx, person, by);
  if (!way?.id) return (await noticePeople(ctx, [person], () => notice)) > 0;
  if (!person.active) return false;
  await ctx.enqueue('paging.send_notice', [{ data: { ...notice, person_id: person.id, notice_id: newId(), method_id: way.id } }]);
  return true;
};

/** A method that is gone since, or whose provider refuses, is made up for by mail. */
export const sendNotice = async (outside: Outside, job: JobMap['paging.send_notice']): Promise<void> => {
  const { method_id, ...mailed } = job;
  const { person_id, notice_id, subject, text, facts, path } = mailed;
  const named = job.private ? 'A private note' : `“${subject}”`;
  const prepared = await outside.transaction(async (ctx) => {
    const [person] = await peopleByIds(ctx, [person_id]);
    if (!person?.active) return undefined;
    const row = method_id ? (await store.methodRows(ctx, [person_id])).find((one) => one.id === method_id) : undefined;
    const method = row && !row.disabled_reason ? row : undefined;
    const channel = (method?.channel ?? 'email') as ChannelName;
    return {
      channel,
      address: method?.address ?? person.email,
      label: method?.label,
      locale: person.locale,
      publicUrl: ctx.publicUrl,
      provider: providerOf(await readSettings(ctx), channel),
    };
  });
  if (!prepared) return;
  const { channel, address, label, locale, publicUrl, provider } = prepared;
  const message: Message = {
    kind: 'notice',
    idempotencyKey: notice_id,
    subject,
    short: subject,
    body: text,
    facts,
    actionUrl: `${publicUrl}${path}`,
    locale,
  };
  const result = await sendBy(outside, provider, channel, address, message);
  if (result.outcome === 'retry')
    throw new Error(`The ${label ? `provider of ${label}` : 'mail server'} did not take the notice: ${result.reason}`);
  const how = label ? `sent to ${label}` : 'mailed';
  await outside.transaction(async (ctx) => {
    await journal(ctx, {
      type: result.outcome === 'sent' ? 'person.message_sent' : 'person.message_failed',
      subject: { type: 'person', id: person_id },
      text: `${named} ${result.outcome === 'sent' ? `was ${how}` : `could not be ${how}: ${result.reason}`}`,
      data: { channel, kind: 'notice', outcome: result.outcome },
    });
    if (result.outcome === 'refused' && label && (await canMail(ctx)))
      await ctx.enqueue('paging.send_notice', [{ data: mailed }]);
  });
};
