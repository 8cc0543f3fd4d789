import type { Message } from '../channels/types.ts';
import { invitationMail } from '../identity/actions.ts';
import { journal } from '../journal/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { localAndUtc } from './rules.ts';
import { sendBy } from './send.ts';
import { providerOf, readSettings } from './settings.ts';

/** Can mail leave this installation? */
export const canMail = async (ctx: Ctx): Promise<boolean> => !('missing' in providerOf(await readSettings(ctx), 'email'));

/** A link to choose a password goes out by mail, where mail is set up; who asked for it has it anyway. */
export const mailInvitation = async (ctx: Ctx, { invitation_id }: { invitation_id: string }): Promise<void> => {
  if (await canMail(ctx)) await ctx.enqueue('paging.send_invitation', [{ data: { invitation_id } }]);
};

/** Sends it. The link is made anew from what is stored, so that no secret lies in a job. */
export const sendInvitation = async (outside: Outside, { invitation_id }: { invitation_id: string }): Promise<void> => {
  const prepared = await outside.transaction(async (ctx) => {
    const row = await invitationMail(ctx, invitation_id);
    return (
      row && {
        row,
        until: localAndUtc(row.expires_at, row.time_zone),
        publicUrl: ctx.publicUrl,
        provider: providerOf(await readSettings(ctx), 'email'),
      }
    );
  });
  if (!prepared) return;
  const { row, until, publicUrl, provider } = prepared;
  const isNew = row.purpose === 'invitation';
  const message: Message = {
    kind: 'notice',
    idempotencyKey: invitation_id,
    subject: isNew ? `${row.created_by} invites you to Allclear` : 'A new password for Allclear',
    short: isNew ? 'Choose a password for Allclear' : 'Choose a new password for Allclear',
    body: isNew
      ? `${row.created_by} invites you to Allclear at ${publicUrl}. Open the link and choose a password. It works once, until ${until}.`
      : `Somebody asked for a new password for you at ${publicUrl}. If it was you, open the link and choose one. It works once, until ${until}. If not, nothing has changed.`,
    facts: [{ label: 'For', value: row.display_name }],
    actionUrl: row.url,
  };
  const result = await sendBy(outside, provider, 'email', row.email, message);
  if (result.outcome === 'retry') throw new Error(`The mail server did not take the invitation: ${result.reason}`);
  await outside.transaction((ctx) =>
    journal(ctx, {
      type: result.outcome === 'sent' ? 'person.message_sent' : 'person.message_failed',
      subject: { type: 'person', id: row.person_id },
      text: `The link to choose a password ${result.outcome === 'sent' ? 'was mailed' : `could not be mailed: ${result.reason}`}`,
      data: { channel: 'email', kind: row.purpose, outcome: result.outcome },
    }),
  );
};
