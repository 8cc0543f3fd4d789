import { z } from 'zod';
import { serviceById } from '../catalog/actions.ts';
import { parseMailReply } from '../channels/email/reply.ts';
import { isAcknowledged } from '../channels/pushover/pushover.ts';
import { say } from '../channels/words/words.ts';
import { runsOf } from '../escalation/actions.ts';
import { peopleByIds } from '../identity/actions.ts';
import * as paging from '../paging/actions.ts';
import type { Answer } from '../paging/types.ts';
import { type Ctx, SYSTEM } from '../platform/ctx.ts';
import { AppError, invalid, messageOf } from '../platform/errors.ts';
import { type Http, limitBody } from '../platform/http.ts';
import type { Runner } from '../platform/runner.ts';
import { gonePage, SECURE } from './answer-layout.ts';
import { type AnswerView, answerPage, testAnswerPage } from './answer-page.ts';
import { reply } from './messages.ts';
import { saidOf } from './said.ts';
import * as store from './store.ts';
import './types.ts';

const ACTIONS: Record<string, Answer['action']> = { acknowledge: 'acknowledge', escalate: 'escalate', resolve: 'resolve' };
/** Anybody may knock here: a form is a few KB, a mailed answer quotes the page it answers. */
const MAX_FORM_BYTES = 64 * 1024;
const MAX_MAIL_BYTES = 1024 * 1024;
const mailAccount = z.looseObject({ reply_to: z.string().optional() });

/** Everything the page says, as it stands now. */
const viewOf = async (ctx: Ctx, page: paging.PageRow, expired: boolean, token: string): Promise<AnswerView> => {
  const incident = await store.shownById(ctx, page.incident_id);
  if (!incident) throw new AppError('not_found', 'The incident is gone');
  const [person] = await peopleByIds(ctx, [page.person_id]);
  const service = await serviceById(ctx, incident.service_id);
  const run = (await runsOf(ctx, [incident.id])).at(-1);
  const pages = await paging.pagesOf(ctx, incident.id);
  const [acknowledger] = incident.acknowledged_by ? await peopleByIds(ctx, [incident.acknowledged_by]) : [];
  return {
    token,
    expired,
    now: ctx.now,
    timeZone: person?.time_zone ?? 'UTC',
    me: { id: page.person_id, name: person?.display_name ?? '' },
    page: { status: page.status, reason: page.reason, shadow: page.shadow, since: page.created_at },
    incident: {
      number: incident.number,
      title: incident.title,
      status: incident.status,
      severity: paging.shownSeverity(incident.severity),
      service: service?.title || incident.service,
      openedAt: incident.opened_at,
      alerts: incident.alert_count,
      openAlerts: incident.open_alert_count,
      acknowledgedBy: acknowledger
        ? { id: acknowledger.id, name: acknowledger.display_name, at: incident.acknowledged_at }
        : undefined,
      resolvedAt: incident.resolved_at,
      labels: paging.tellingLabels(incident.details.labels ?? {}),
      links: (incident.details.links ?? []).slice(0, 3),
    },
    others: [
      ...new Set(
        pages
          .filter((one) => one.person_id !== page.person_id && one.status !== 'ended' && !one.shadow)
          .map((one) => one.display_name),
      ),
    ],
    nextAt: run && run.state !== 'stopped' ? run.due_at : null,
    channels: [
      ...new Set(
        pages
          .find((one) => one.id === page.id)
          ?.deliveries.filter((one) => one.sent_at)
          .map((one) => one.channel) ?? [],
      ),
    ],
  };
};

/** How a paged person answers but by phone: the mailed page, a notification's button, a mail. */
export const answerRoutes = ({ app }: Http, runner: Runner): void => {
  const html = (text: string, status = 200) =>
    new Response(text, { status, headers: { 'content-type': 'text/html; charset=utf-8', ...SECURE } });

  for (const path of ['/p/*', '/answer/pushover/*']) app.use(path, limitBody(MAX_FORM_BYTES));
  app.use('/answer/mail', limitBody(MAX_MAIL_BYTES));

  // Opening the link changes nothing: mail scanners and chat previews open every link.
  app.get('/p/:token', async (c) => {
    const token = c.req.param('token');
    const shown = await runner.transaction(SYSTEM('link'), 'link', async (ctx) => {
      const found = await paging.pageOfLink(ctx, token);
      if (found) return { expired: found.expired, page: await answerPage(await viewOf(ctx, found.page, found.expired, token)) };
      const test = await paging.testOfLink(ctx, token);
      if (!test) return undefined;
      const { page, person, expired } = test;
      const view = { token, expired, name: person.display_name, timeZone: person.time_zone };
      return { expired, page: await testAnswerPage({ ...view, confirmBy: page.confirm_by, confirmedAt: page.confirmed_at }) };
    });
    return shown ? html(shown.page, shown.expired ? 410 : 200) : html(await gonePage(), 404);
  });
  app.post('/p/:token/:action', async (c) => {
    const token = c.req.param('token');
    const action = ACTIONS[c.req.param('action')];
    const result = await runner.transaction(SYSTEM('link'), 'link', async (ctx) => {
      if (!action) return undefined;
      const found = await paging.pageOfLink(ctx, token);
      if (found && !found.expired) await paging.answer(ctx, found.page.id, action, 'link');
      const test = found ? undefined : await paging.testOfLink(ctx, token);
      if (test && !test.expired) await paging.confirmTest(ctx, test.page.id, 'link');
      return found ?? test;
    });
    if (!result) return html(await gonePage(), 404);
    // A notification's button wants a plain answer; a browser wants the page again, safe to reload.
    if (!c.req.header('accept')?.includes('text/html'))
      return result.expired ? c.text('This link has expired.', 410) : c.text('Done.');
    return c.redirect(`/p/${token}`, 303);
  });
  app.get('/p/:token/:action', (c) => c.redirect(`/p/${c.req.param('token')}`, 303));

  const formOf = async (request: Request): Promise<Record<string, string>> =>
    Object.fromEntries(new URLSearchParams(await request.text()));

  // An emergency of Pushover was acknowledged on the phone. The address is signed: who knows it was sent that message.
  app.post('/answer/pushover/:token', async (c) => {
    const form = await formOf(c.req.raw);
    const acknowledged = isAcknowledged(form);
    if (acknowledged)
      await runner.transaction(SYSTEM('pushover'), 'pushover', (ctx) =>
        reply(ctx, { replyToken: c.req.param('token'), action: 'acknowledge', said: 'acknowledged' }, ['pushover'], 'pushover'),
      );
    return c.body(null, 204);
  });
  // A mail server hands replies in as they came (RFC 822); the token in the reply is what proves them.
  app.post('/answer/mail', async (c) => {
    const raw = new Uint8Array(await c.req.arrayBuffer());
    const provider = await runner.transaction(SYSTEM('mail'), 'mail', async (ctx) =>
      paging.providerOf(await paging.readSettings(ctx), 'email'),
    );
    const account = mailAccount.safeParse('config' in provider ? provider.config : {});
    const answer = await parseMailReply(raw, account.success ? account.data.reply_to : undefined).catch((thrown: unknown) => {
      throw invalid(`This mail cannot be read: ${messageOf(thrown)}`);
    });
    if (!answer) throw invalid('This mail says none of ack, escalate, resolve in its first line, or carries no valid token');
    const outcome = await runner.transaction(SYSTEM('mail'), 'mail', async (ctx) => {
      const test = await paging.confirmsTest(ctx, answer, ['email'], 'mail');
      if (test) return say(test.locale, 'answer.tested');
      const done = await reply(ctx, answer, ['email'], 'mail');
      if (!done) throw new AppError('not_found', 'The token of this mail is unknown or has expired');
      const [person] = await peopleByIds(ctx, [done.page.person_id]);
      return saidOf(ctx, done.page, answer.action, person?.locale, done.goneOn);
    });
    return c.text(outcome);
  });
};
