import { z } from 'zod';
import { slug } from '../../contract/common.ts';
import { service } from '../../contract/service.ts';
import { lastChange } from '../journal/read.ts';
import type { Http } from '../platform/http.ts';
import * as catalog from './actions.ts';

const named = z.object({ name: slug });

export const catalogRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/services/{name}',
      summary: 'One service',
      tag: 'Services',
      permission: 'configuration.read',
      params: named,
      result: service,
      changed: async (ctx, { name }) => lastChange(ctx, { type: 'service', id: (await catalog.serviceNamed(ctx, name)).id }),
    },
    (ctx, { params }) => catalog.shownService(ctx, params.name),
  );
  route(
    {
      method: 'put',
      path: '/api/services/{name}',
      summary: 'Create a service or bring it to this state',
      tag: 'Services',
      params: named,
      body: service.omit({ name: true }),
      result: service,
    },
    async (ctx, { params, body }) => {
      const input = { ...body, name: params.name };
      await catalog.saveService(ctx, input);
      return input;
    },
  );
  route(
    {
      method: 'delete',
      path: '/api/services/{name}',
      summary: 'Remove a service nothing refers to',
      tag: 'Services',
      params: named,
    },
    (ctx, { params }) => catalog.removeService(ctx, params.name),
  );
};
