import { z } from 'zod';
import { listOf, slug } from '../../contract/common.ts';
import * as contract from '../../contract/sign-in.ts';
import { lastChange } from '../journal/read.ts';
import type { Http } from '../platform/http.ts';
import type { Auth } from './auth.ts';
import { shownToken } from './routes.ts';
import * as signIn from './sign-in.ts';
import { createOwnToken, ownTokens, revokeOwnToken } from './tokens.ts';

const stateOf = (row: Awaited<ReturnType<typeof signIn.accessOfAll>>[number]): z.input<typeof contract.access>['state'] =>
  !row.active ? 'left' : row.accounts.length > 0 ? 'active' : row.invited_until ? 'invited' : 'none';

const named = z.object({ name: slug });
const text = (at: Temporal.Instant | null) => at?.toString() ?? null;
const link = z.object({ token: z.string().max(200) });
const tag = 'Sign-in';

/** Signing in, invitations, and what each person may see and change of her own access. */
export const signInRoutes = ({ route, open }: Http, auth: Auth, canMail: Parameters<typeof signIn.stateOf>[1]): void => {
  open(
    {
      method: 'get',
      path: '/api/sign-in',
      summary: 'How one may sign in here; asks for nothing',
      tag,
      result: contract.signInState,
    },
    (ctx) => signIn.stateOf(ctx, canMail),
  );
  open(
    {
      method: 'post',
      path: '/api/sign-in/first-administrator',
      summary: 'Make the first administrator, with the token that the first start printed',
      tag,
      body: contract.firstAdministrator,
      result: z.object({ name: z.string() }),
      status: 201,
    },
    async (ctx, { body }) => {
      await signIn.makeFirstAdministrator(ctx, body, await auth.hashPassword(body.password));
      return { name: body.name };
    },
  );
  open(
    {
      method: 'post',
      path: '/api/sign-in/forgot',
      summary: 'Mail a link for a new password, if somebody signs in with this address',
      tag,
      body: z.strictObject({ email: z.email().max(320) }),
      result: z.object({ accepted: z.literal(true) }),
      status: 202,
    },
    async (ctx, { body }) => {
      await signIn.forgot(ctx, body.email);
      return { accepted: true as const };
    },
  );
  open(
    {
      method: 'get',
      path: '/api/invitations/{token}',
      summary: 'Whom a link is for',
      tag,
      params: link,
      result: contract.invitation,
    },
    async (ctx, { params }) => {
      const row = await signIn.invitationOf(ctx, params.token);
      return {
        display_name: row.display_name,
        email: row.email,
        purpose: row.purpose as 'reset',
        expires_at: row.expires_at.toString(),
      };
    },
  );
  open(
    {
      method: 'post',
      path: '/api/invitations/{token}',
      summary: 'Choose a password by a link; it works once',
      tag,
      params: link,
      body: z.strictObject({ password: contract.password }),
      result: z.object({ email: z.string() }),
    },
    async (ctx, { params, body }) => {
      const { email } = await signIn.invitationOf(ctx, params.token);
      await signIn.acceptInvitation(ctx, params.token, await auth.hashPassword(body.password));
      return { email };
    },
  );
  route(
    {
      method: 'post',
      path: '/api/people/{name}/invite',
      summary: 'A link with which she chooses a password; mailed when mail is set up',
      tag: 'People',
      params: named,
      result: contract.invited,
      status: 201,
    },
    async (ctx, { params }) => {
      const { url, expires_at } = await signIn.invite(ctx, params.name);
      return { url, mailed: await canMail(ctx), expires_at: expires_at.toString() };
    },
  );
  route(
    {
      method: 'delete',
      path: '/api/people/{name}/sessions',
      summary: 'Sign a person out everywhere',
      tag: 'People',
      params: named,
      result: z.object({ ended: z.number().int() }),
    },
    (ctx, { params }) => signIn.endSessionsOf(ctx, params.name),
  );
  route(
    {
      method: 'get',
      path: '/api/access',
      summary: 'Who can sign in, and how',
      tag: 'People',
      permission: 'configuration.read',
      result: listOf(contract.access),
    },
    async (ctx) => ({
      items: (await signIn.accessOfAll(ctx)).map((row) => ({
        name: row.name,
        state: stateOf(row),
        invited_until: text(row.invited_until),
        last_seen_at: text(row.last_seen_at),
        two_factor: row.two_factor,
        passkeys: row.passkeys,
        providers: row.accounts.filter((provider) => provider !== 'credential'),
        directory: row.directory,
      })),
    }),
  );

  route(
    {
      method: 'get',
      path: '/api/me',
      summary: 'Who you are and what you may',
      tag: 'Me',
      permission: 'incident.read',
      result: contract.me,
      // Who she is, which she and an administrator may both change; not what she may.
      compared: ({ person }) => person,
      changed: async (ctx) =>
        ctx.actor.kind === 'person' ? lastChange(ctx, { type: 'person', id: ctx.actor.id }, ['saved']) : undefined,
    },
    (ctx, _, sessionId) => signIn.meOf(ctx, sessionId),
  );
  route(
    {
      method: 'put',
      path: '/api/me',
      summary: 'Your name, zone, language, quiet hours and public holidays',
      tag: 'Me',
      body: contract.saveMe,
      result: contract.me,
    },
    async (ctx, { body }, sessionId) => {
      await signIn.saveOwn(ctx, body);
      return signIn.meOf(ctx, sessionId);
    },
  );
  route(
    {
      method: 'get',
      path: '/api/me/security',
      summary: 'Your password, second factor and passkeys',
      tag: 'Me',
      permission: 'incident.read',
      result: contract.security,
    },
    async (ctx) => {
      const { accounts, passkeys, user } = await signIn.ownSecurity(ctx);
      return {
        password: accounts.includes('credential'),
        two_factor: user?.twoFactorEnabled ?? false,
        passkeys: passkeys.map((key) => ({ id: key.id, name: key.name ?? 'Passkey', created_at: text(key.createdAt) })),
        providers: accounts.filter((provider) => provider !== 'credential'),
      };
    },
  );
  route(
    {
      method: 'get',
      path: '/api/me/sessions',
      summary: 'Where you are signed in',
      tag: 'Me',
      permission: 'incident.read',
      result: listOf(contract.session),
    },
    async (ctx, _, sessionId) => ({
      items: (await signIn.ownSessions(ctx)).map((row) => ({
        id: row.id,
        created_at: row.createdAt.toString(),
        last_seen_at: row.updatedAt.toString(),
        expires_at: row.expiresAt.toString(),
        address: row.ipAddress || null,
        agent: row.userAgent || null,
        current: row.id === sessionId,
      })),
    }),
  );
  route(
    {
      method: 'delete',
      path: '/api/me/sessions/{id}',
      summary: 'End one of your sessions',
      tag: 'Me',
      params: z.object({ id: z.uuid() }),
    },
    (ctx, { params }) => signIn.endOwnSession(ctx, params.id),
  );
  route(
    {
      method: 'delete',
      path: '/api/me/sessions',
      summary: 'End your sessions but for this one',
      tag: 'Me',
      result: z.object({ ended: z.number().int() }),
    },
    (ctx, _, sessionId) => signIn.endOtherSessions(ctx, sessionId),
  );
  route(
    {
      method: 'get',
      path: '/api/me/tokens',
      summary: 'Your own API keys',
      tag: 'Me',
      permission: 'incident.read',
      result: listOf(contract.tokenRow),
    },
    async (ctx) => ({ items: (await ownTokens(ctx)).map(shownToken) }),
  );
  route(
    {
      method: 'post',
      path: '/api/me/tokens',
      summary: 'Make an API key of your own; its text is in this answer only',
      tag: 'Me',
      body: contract.newOwnToken,
      result: contract.madeToken,
      status: 201,
    },
    (ctx, { body }) => createOwnToken(ctx, body),
  );
  route(
    { method: 'delete', path: '/api/me/tokens/{name}', summary: 'Revoke one of your own API keys', tag: 'Me', params: named },
    (ctx, { params }) => revokeOwnToken(ctx, params.name),
  );
};
