import { compensationPreview, compensationQuery, compensationReport, compensationRules } from '../../contract/compensation.ts';
import { THE_ONLY } from '../journal/actions.ts';
import { lastChange } from '../journal/read.ts';
import { readCompensation, saveCompensation } from '../paging/actions.ts';
import type { Http } from '../platform/http.ts';
import type { Runner } from '../platform/runner.ts';
import { exportOf, reportBy, reportOf } from './actions.ts';

export const compensationRoutes = ({ route, raw }: Http, runner: Runner): void => {
  raw(
    {
      method: 'get',
      path: '/api/compensation/export',
      summary: 'The lines of the compensation report as CSV, safe to open in a spreadsheet',
      tag: 'Schedules',
      permission: 'configuration.read',
      query: compensationQuery,
      response: { type: 'text/csv' },
    },
    async ({ actor, source, log }, _body, { query }) => {
      const text = await runner.transaction(actor, source, (ctx) => exportOf(ctx, query), log);
      const name = query.month ?? (query.from && query.to ? `${query.from.slice(0, 10)}-${query.to.slice(0, 10)}` : 'month');
      return new Response(text, {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="allclear-compensation-${name}.csv"`,
          'cache-control': 'no-store',
        },
      });
    },
  );
  route(
    {
      method: 'get',
      path: '/api/compensation',
      summary:
        'What being on call comes to in a month or any range: hours by class, shifts, pages and amounts, by person and schedule. Your own lines; those of teams you manage; all for administrators',
      tag: 'Schedules',
      permission: 'configuration.read',
      query: compensationQuery,
      result: compensationReport,
    },
    (ctx, { query }) => reportOf(ctx, query),
  );
  route(
    {
      method: 'post',
      path: '/api/compensation/preview',
      summary: 'The compensation report of a month by rules that are not saved; nothing changes',
      tag: 'Schedules',
      permission: 'settings.write',
      body: compensationPreview,
      result: compensationReport,
    },
    (ctx, { body: { rules, month } }) => reportBy(ctx, rules, { month }),
  );
  route(
    {
      method: 'get',
      path: '/api/settings/compensation',
      summary: 'What being on call is worth, and how it is counted',
      tag: 'Settings',
      permission: 'configuration.read',
      result: compensationRules,
      changed: (ctx) => lastChange(ctx, { type: 'settings', id: THE_ONLY }, ['settings.compensation_saved', 'settings.saved']),
    },
    readCompensation,
  );
  route(
    {
      method: 'put',
      path: '/api/settings/compensation',
      summary: 'Replace what being on call is worth, and how it is counted; `{}` is as by default',
      tag: 'Settings',
      body: compensationRules,
      result: compensationRules,
    },
    async (ctx, { body }) => {
      await saveCompensation(ctx, body);
      return body;
    },
  );
};
