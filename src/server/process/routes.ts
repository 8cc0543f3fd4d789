import { z } from 'zod';
import { applyInput, planResult, processInput, processJsonSchema } from '../../contract/process.ts';
import type { Http } from '../platform/http.ts';
import * as files from './actions.ts';

export const processRoutes = ({ app, route }: Http): void => {
  // Public, so that editors can fetch it: it says what files look like, nothing of what is in them.
  app.get('/api/process/schema.json', (c) =>
    c.body(JSON.stringify(processJsonSchema()), 200, {
      'content-type': 'application/schema+json',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=3600',
    }),
  );
  route(
    {
      method: 'post',
      path: '/api/process/plan',
      summary: 'What applying these files would change, and every problem in them; changes nothing',
      tag: 'Process',
      body: processInput,
      result: planResult,
    },
    (ctx, { body }) => files.planFiles(ctx, body),
  );
  route(
    {
      method: 'post',
      path: '/api/process/apply',
      summary: 'Bring the installation to what the files say, all of it or nothing; safe to repeat',
      tag: 'Process',
      body: applyInput,
      result: planResult,
    },
    (ctx, { body }) => files.applyFiles(ctx, body),
  );
  route(
    {
      method: 'get',
      path: '/api/process/export',
      summary: 'Everything as one YAML file; planning it changes nothing',
      tag: 'Process',
      permission: 'process.apply',
      result: z.object({ text: z.string() }),
    },
    async (ctx) => ({
      text: await files.exportFile(ctx),
    }),
  );
};
