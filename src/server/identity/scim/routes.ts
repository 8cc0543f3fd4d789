import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { scimSettings, scimShown } from '../../../contract/scim.ts';
import { THE_ONLY } from '../../journal/actions.ts';
import { lastChange } from '../../journal/read.ts';
import { SYSTEM } from '../../platform/ctx.ts';
import { isDatabaseDown } from '../../platform/database.ts';
import { type Env, type Http, MAX_BODY_BYTES } from '../../platform/http.ts';
import { segmentsOf } from '../../platform/path.ts';
import { withoutNul } from '../../platform/problems.ts';
import type { Runner } from '../../platform/runner.ts';
import { authenticateDirectory } from '../tokens.ts';
import { ScimError, scimErrorOf } from './error.ts';
import { type ScimReply, serveScim } from './serve.ts';
import * as scim from './settings.ts';

const BASE = '/scim/v2';
const TYPE = 'application/scim+json; charset=utf-8';
const tag = 'SCIM';

const errorReply = (error: ScimError): Response => {
  const headers: Record<string, string> = { 'content-type': TYPE };
  if (error.status === 401) headers['www-authenticate'] = 'Bearer';
  if (error.status === 429 || error.status === 503) headers['retry-after'] = '1';
  return new Response(
    JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(error.status),
      ...(error.scimType ? { scimType: error.scimType } : {}),
      detail: error.message,
    }),
    { status: error.status, headers },
  );
};
const replyOf = ({ status, body, headers }: ScimReply): Response =>
  new Response(body ? JSON.stringify(body) : null, {
    status,
    headers: { ...(body ? { 'content-type': TYPE } : {}), 'cache-control': 'no-store', ...headers },
  });

const jsonOf = (c: Context<Env>, text: string): unknown => {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && type !== 'application/scim+json' && type !== 'application/json')
    throw new ScimError(400, 'invalidSyntax', `The content type is ${type.slice(0, 100)}: send application/scim+json`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ScimError(400, 'invalidSyntax', 'The body is not valid JSON');
  }
  return withoutNul(value);
};
/** What the database can hold of a text that a stranger sent. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** SCIM 2.0 (RFC 7643 and 7644): its own words, types and errors, by a key that is good for nothing else. */
export const scimRoutes = ({ app, route, asKey }: Http, runner: Runner): void => {
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => errorReply(new ScimError(413, undefined, `The body is larger than ${MAX_BODY_BYTES / 1024} KB`)),
  });
  const answer = async (c: Context<Env>): Promise<Response> => {
    const known: { key: string | null } = { key: null };
    try {
      const text = await c.req.text();
      const reply = await asKey(c, 'scim', authenticateDirectory, (ctx) => {
        known.key = ctx.actor.name.replace(/ \(directory\)$/, '');
        return serveScim(ctx, {
          method: c.req.method,
          segments: segmentsOf(c.req.path.slice(BASE.length)),
          query: withoutNul(c.req.query()),
          header: (name) => c.req.header(name),
          body: () => jsonOf(c, text),
        });
      });
      return replyOf(reply);
    } catch (thrown) {
      if (isDatabaseDown(thrown))
        return errorReply(new ScimError(503, undefined, 'The database does not answer; send this again'));
      const error = scimErrorOf(thrown);
      if (!error) throw thrown;
      // That there is nobody of a name is what a directory asks before it sends her.
      const isQuestion = error.status === 404 && c.req.method === 'GET';
      if (!isQuestion && error.status !== 429)
        await runner.transaction(
          SYSTEM('scim'),
          'scim',
          (ctx) =>
            scim.noteRefused(ctx, {
              key: known.key,
              method: c.req.method.slice(0, 20),
              path: storable(c.req.path.slice(0, 300)),
              status: error.status,
              reason: storable(error.message.slice(0, 500)),
            }),
          c.get('log'),
        );
      return errorReply(error);
    }
  };
  app.use(`${BASE}/*`, limit);
  app.all(BASE, answer);
  app.all(`${BASE}/*`, answer);
  describe(app);

  route(
    {
      method: 'get',
      path: '/api/scim',
      summary: 'Where a directory brings people and groups by SCIM, what groups give, and what was refused',
      tag: 'Settings',
      permission: 'settings.write',
      result: scimShown,
      compared: (result) => result.settings,
      changed: (ctx) => lastChange(ctx, { type: 'settings', id: THE_ONLY }, ['directory.settings_saved']),
    },
    (ctx) => scim.scimNow(ctx),
  );
  route(
    {
      method: 'put',
      path: '/api/scim',
      summary: 'What groups of the directory give; it is given at once',
      tag: 'Settings',
      body: scimSettings,
      result: scimShown,
    },
    async (ctx, { body }) => {
      await scim.saveScim(ctx, body);
      return scim.scimNow(ctx);
    },
  );
};

const KINDS = { Users: 'people', Groups: 'groups' } as const;
/** In the API's description: which addresses there are. Their bodies are RFC 7644's to describe. */
const describe = (app: Http['app']): void => {
  const resource = z.looseObject({}).describe('As RFC 7643 and 7644 have it');
  const media = { content: { 'application/scim+json': { schema: resource } } };
  const add = (method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, summary: string): void => {
    app.openAPIRegistry.registerPath({
      method,
      path: `${BASE}${path}`,
      summary: `${summary} (RFC 7644)`,
      tags: [tag],
      security: [{ token: [] }],
      request: {
        ...(path.includes('{') ? { params: z.object({ id: z.string() }) } : {}),
        ...(method === 'post' || method === 'put' || method === 'patch' ? { body: { ...media, required: true } } : {}),
      },
      responses: {
        [method === 'delete' ? 204 : method === 'post' ? 201 : 200]: {
          description: 'Done',
          ...(method === 'delete' ? {} : media),
        },
        default: { description: 'Refused, and why', ...media },
      },
    });
  };
  for (const [kind, what] of Object.entries(KINDS)) {
    add('get', `/${kind}`, `List ${what} of the directory, by filter and page`);
    add('post', `/${kind}`, `Bring one of the ${what}`);
    add('get', `/${kind}/{id}`, `Read one of the ${what}`);
    add('put', `/${kind}/{id}`, `Bring one of the ${what} to this state`);
    add('patch', `/${kind}/{id}`, `Change one of the ${what}`);
    add('delete', `/${kind}/{id}`, `Take one of the ${what} out`);
  }
  add('get', '/ServiceProviderConfig', 'What this offers of SCIM');
  for (const kind of ['ResourceTypes', 'Schemas']) {
    add('get', `/${kind}`, `The ${kind} there are`);
    add('get', `/${kind}/{id}`, `One of the ${kind}`);
  }
};
