import { z } from 'zod';
import { listOf, slug } from '../../contract/common.ts';
import * as contract from '../../contract/sign-on.ts';
import { lastChange } from '../journal/read.ts';
import type { Http } from '../platform/http.ts';
import * as signOn from './sign-on.ts';

const named = z.object({ id: slug });
const tag = 'Settings';

/** Single sign-on: its providers, and who comes in by them. */
export const signOnRoutes = ({ route, twoStep }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/sign-on',
      summary: 'Providers of single sign-on, without their secrets',
      tag,
      permission: 'settings.write',
      result: listOf(contract.signOnShown),
    },
    async (ctx) => ({ items: await signOn.allSignOn(ctx) }),
  );
  route(
    {
      method: 'get',
      path: '/api/sign-on/{id}',
      summary: 'One provider of single sign-on, without its secret',
      tag,
      permission: 'settings.write',
      params: named,
      result: contract.signOnShown,
      compared: (result) => result.settings,
      changed: async (ctx, { id }) => {
        const subject = await signOn.signOnSubject(ctx, id);
        return subject && lastChange(ctx, subject);
      },
    },
    (ctx, { params }) => signOn.signOnNamed(ctx, params.id),
  );
  route(
    {
      method: 'put',
      path: '/api/sign-on/{id}',
      summary: 'Create a provider or bring it to this state; a hidden secret stays as it was',
      tag,
      params: named,
      body: contract.signOn,
      result: contract.signOnShown,
    },
    async (ctx, { params, body }) => {
      await signOn.saveSignOn(ctx, params.id, body);
      return signOn.signOnNamed(ctx, params.id);
    },
  );
  route(
    {
      method: 'delete',
      path: '/api/sign-on/{id}',
      summary: 'Remove a provider; who signed in by it does so another way',
      tag,
      params: named,
    },
    (ctx, { params }) => signOn.removeSignOn(ctx, params.id),
  );
  twoStep(
    {
      method: 'post',
      path: '/api/sign-on/{id}/test',
      summary: 'Ask the provider what it is now, and say what is wrong',
      tag,
      permission: 'settings.write',
      params: named,
      body: z.object({}),
      result: contract.signOnTested,
    },
    async (_, { params }) => params.id,
    signOn.testSignOn,
  );
};
