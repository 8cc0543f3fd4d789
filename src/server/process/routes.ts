import { z } from 'zod';
import {
  applyInput,
  planResult,
  processInput,
  processJsonSchema,
  responseRoles,
  severityPreset,
  severityPresets,
  severityScheme,
} from '../../contract/process.ts';
import { THE_ONLY } from '../journal/actions.ts';
import { lastChange } from '../journal/read.ts';
import type { Http } from '../platform/http.ts';
import * as files from './actions.ts';
import { choosePreset, keptRoles, keptSeverities, presets, saveRoles, saveSeverities } from './scheme.ts';

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
  route(
    {
      method: 'get',
      path: '/api/severities',
      summary: 'The levels of severity, from worst to least, and what each asks for',
      tag: 'Process',
      permission: 'configuration.read',
      result: severityScheme,
      changed: (ctx) => lastChange(ctx, { type: 'settings', id: THE_ONLY }, ['severities.saved']),
    },
    async (ctx) => ({ items: await keptSeverities(ctx) }),
  );
  route(
    {
      method: 'put',
      path: '/api/severities',
      summary: 'Bring the levels of severity to this list, in this order',
      tag: 'Process',
      body: severityScheme,
      result: severityScheme,
    },
    async (ctx, { body }) => ({ items: await saveSeverities(ctx, body.items) }),
  );
  route(
    {
      method: 'get',
      path: '/api/severity-presets',
      summary: 'Schemes of severity to begin with, and which of them is in force unchanged',
      tag: 'Process',
      permission: 'configuration.read',
      result: severityPresets,
    },
    async (ctx) => ({ items: await presets(ctx) }),
  );
  route(
    {
      method: 'post',
      path: '/api/severities/preset',
      summary: 'Replace the levels of severity by a preset; refused while a postmortem names a level that would be gone',
      tag: 'Process',
      body: severityPreset,
      result: severityScheme,
    },
    async (ctx, { body }) => ({ items: await choosePreset(ctx, body.preset) }),
  );
  route(
    {
      method: 'get',
      path: '/api/incident-roles',
      summary: 'The roles in an incident: what each does and must not do',
      tag: 'Process',
      permission: 'configuration.read',
      result: responseRoles,
      changed: (ctx) => lastChange(ctx, { type: 'settings', id: THE_ONLY }, ['roles.saved']),
    },
    async (ctx) => ({ items: await keptRoles(ctx) }),
  );
  route(
    {
      method: 'put',
      path: '/api/incident-roles',
      summary: 'Bring the roles in an incident to this list, in this order',
      tag: 'Process',
      body: responseRoles,
      result: responseRoles,
    },
    async (ctx, { body }) => ({ items: await saveRoles(ctx, body.items) }),
  );
};
