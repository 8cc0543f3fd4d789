import { actorOfPerson, peopleNamed } from '../identity/actions.ts';
import { gonePage, SECURE } from '../incidents/answer-layout.ts';
import { type Ctx, SYSTEM } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import { type Http, limitBody } from '../platform/http.ts';
import { readLink } from '../platform/links.ts';
import type { Runner } from '../platform/runner.ts';
import { confirm } from './actions.ts';
import { type HandoffView, handoffPage } from './page.ts';
import { mayConfirm } from './rules.ts';
import { detailOf } from './shown.ts';
import * as store from './store.ts';
import { called, titleOf } from './words.ts';

const MAX_FORM_BYTES = 4 * 1024;
const SHOWN = 5;

type Found = { row: store.Row; person: string; expired: boolean };
const found = async (ctx: Ctx, token: string): Promise<Found | undefined> => {
  const link = readLink(ctx.secret, 'handoff', token, ctx.now);
  const who = link && (await store.personById(ctx, link.id));
  const row = who && (await store.byId(ctx, who.handoff_id));
  return row && { row, person: who.person, expired: link.expired };
};

const viewOf = async (ctx: Ctx, { row, person, expired }: Found, token: string, changed: boolean): Promise<HandoffView> => {
  const detail = await detailOf(ctx, row);
  const [me] = await peopleNamed(ctx, [person]);
  const verdict = mayConfirm(row, person, ctx.now);
  const old = expired ? 'This link has expired. Confirm it in Allclear.' : '';
  return {
    token,
    url: `${ctx.publicUrl}/handoffs/${row.id}`,
    me: me?.display_name ?? person,
    timeZone: me?.time_zone ?? 'UTC',
    title: titleOf(row),
    state: row.state,
    isMine: row.confirmed_by === person,
    confirmedBy: row.confirmed_by && (await called(ctx, [row.confirmed_by])),
    why: old || (verdict.ok ? (me?.active ? '' : 'You are deactivated: nothing was changed.') : verdict.why),
    at: row.at,
    until: row.until,
    outgoing: await called(ctx, row.outgoing),
    note: detail.note,
    changed,
    noteBy: row.note_by ? await called(ctx, [row.note_by]) : '',
    noteVersion: row.note_version,
    before: detail.before?.note ?? '',
    open: detail.left.open_incidents.items.slice(0, SHOWN),
    openTotal: detail.left.open_incidents.total,
    pages: detail.left.pages,
    silences: detail.left.silences.slice(0, SHOWN).map((one) => ({ ...one, until: Temporal.Instant.from(one.until) })),
  };
};

/** How whoever comes confirms from a message, without signing in. */
export const handoffLinkRoutes = ({ app }: Http, runner: Runner): void => {
  const html = (text: string, status = 200) =>
    new Response(text, { status, headers: { 'content-type': 'text/html; charset=utf-8', ...SECURE } });
  const gone = async () => html(await gonePage(), 404);

  app.use('/handoff/*', limitBody(MAX_FORM_BYTES));
  // Opening the link changes nothing: mail scanners and chat previews open every link.
  app.get('/handoff/:token', async (c) => {
    const token = c.req.param('token');
    const view = await runner.transaction(SYSTEM('link'), 'link', async (ctx) => {
      const what = await found(ctx, token);
      return what && viewOf(ctx, what, token, c.req.query('changed') !== undefined);
    });
    return view ? html(await handoffPage(view)) : gone();
  });
  app.post('/handoff/:token/confirm', async (c) => {
    const token = c.req.param('token');
    const read = Number(new URLSearchParams(await c.req.text()).get('note_version') ?? Number.NaN);
    const act = runner.transaction(SYSTEM('link'), 'link', async (ctx) => {
      const what = await found(ctx, token);
      const [person] = what ? await peopleNamed(ctx, [what.person]) : [];
      const actor = person && (await actorOfPerson(ctx, person.id));
      if (!what || !actor) return undefined;
      if (!what.expired)
        // Whoever is on call may confirm that, whatever that person's role is otherwise.
        await confirm({ ...ctx, actor: { ...actor, role: 'responder' }, source: 'mail link' }, what.row.id, {
          ...(Number.isInteger(read) ? { note_version: read } : {}),
        });
      return '';
    });
    const done = await act.catch((thrown: unknown) => {
      // It is shown as it stands now, which says why: somebody else was first, or the note was changed.
      if (thrown instanceof AppError && ['conflict', 'stale', 'forbidden'].includes(thrown.code))
        return thrown.code === 'stale' ? '?changed' : '';
      throw thrown;
    });
    return done === undefined ? gone() : c.redirect(`/handoff/${token}${done}`, 303);
  });
  app.get('/handoff/:token/confirm', (c) => c.redirect(`/handoff/${c.req.param('token')}`, 303));
};
