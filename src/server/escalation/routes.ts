import { z } from 'zod';
import { instant, listOf, search, slug } from '../../contract/common.ts';
import { escalationPolicy } from '../../contract/escalation.ts';
import { history } from '../../contract/history.ts';
import { onCallBoard } from '../../contract/on-call.ts';
import { followTheSunInput, followTheSunResult, tiersInput, tiersResult } from '../../contract/schedule-templates.ts';
import { schedulePreview, schedulePreviewInput, scheduleTimeline } from '../../contract/timeline.ts';
import { policyPreview, policyPreviewInput } from '../../contract/trace.ts';
import { lastChange } from '../journal/read.ts';
import type { Ctx } from '../platform/ctx.ts';
import { notFound } from '../platform/errors.ts';
import type { Http } from '../platform/http.ts';
import { matchesText } from '../platform/matching.ts';
import { windowOf } from '../schedules/actions.ts';
import * as escalation from './actions.ts';
import { followTheSun, tiers } from './templates.ts';

const named = z.object({ name: slug });

const policyNamed = async (ctx: Ctx, name: string) => {
  const row = await escalation.policyNamed(ctx, name);
  if (!row) throw notFound(`Escalation policy ${name}`);
  return row;
};

export const escalationRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'post',
      path: '/api/schedule-templates/follow-the-sun',
      summary: 'A schedule in which each site has the hours of its day, checked for the year ahead, clock changes included',
      tag: 'Schedules',
      body: followTheSunInput,
      result: followTheSunResult,
      status: 201,
    },
    (ctx, { body }) => followTheSun(ctx, body),
  );
  route(
    {
      method: 'post',
      path: '/api/schedule-templates/tiers',
      summary: 'A schedule with a first and a second on call, and the escalation policy that asks one after the other',
      tag: 'Schedules',
      body: tiersInput,
      result: tiersResult,
      status: 201,
    },
    (ctx, { body }) => tiers(ctx, body),
  );
  route(
    {
      method: 'get',
      path: '/api/escalation-policies',
      summary: 'All escalation policies',
      tag: 'Escalation',
      permission: 'configuration.read',
      query: z.object({ q: search }),
      result: listOf(escalationPolicy),
    },
    async (ctx, { query }) => ({
      items: (await escalation.allPolicies(ctx)).filter((one) => matchesText(query.q, one.name, one.title, one.team)),
    }),
  );
  route(
    {
      method: 'get',
      path: '/api/escalation-policies/{name}',
      summary: 'One escalation policy, as it is or as it stood at a moment',
      tag: 'Escalation',
      permission: 'configuration.read',
      params: named,
      query: z.object({ at: instant.optional().describe('as it stood then, also one that is removed since; none: as it is') }),
      result: escalationPolicy,
      changed: async (ctx, { name }) => lastChange(ctx, { type: 'escalation_policy', id: (await policyNamed(ctx, name)).id }),
    },
    async (ctx, { params, query }) =>
      query.at
        ? escalation.policyAt(ctx, params.name, Temporal.Instant.from(query.at))
        : (await policyNamed(ctx, params.name)).definition,
  );
  route(
    {
      method: 'get',
      path: '/api/escalation-policies/{name}/history',
      summary: 'What a policy said from when to when, saved by whom and through what; also of one that is removed',
      tag: 'Escalation',
      permission: 'configuration.read',
      params: named,
      result: history,
    },
    (ctx, { params }) => escalation.policyHistory(ctx, params.name),
  );
  route(
    {
      method: 'put',
      path: '/api/escalation-policies/{name}',
      summary: 'Create a policy or bring it to this state; incidents under way keep theirs',
      tag: 'Escalation',
      params: named,
      body: escalationPolicy.omit({ name: true }),
      result: escalationPolicy,
    },
    async (ctx, { params, body }) => {
      const policy = { ...body, name: params.name };
      await escalation.savePolicy(ctx, policy);
      return policy;
    },
  );
  route(
    {
      method: 'delete',
      path: '/api/escalation-policies/{name}',
      summary: 'Remove a policy no service escalates by',
      tag: 'Escalation',
      params: named,
    },
    (ctx, { params }) => escalation.removePolicy(ctx, params.name),
  );

  route(
    {
      method: 'post',
      path: '/api/schedules/preview',
      summary: 'What saving this schedule or these overrides would change; touches nothing',
      tag: 'Schedules',
      permission: 'configuration.read',
      body: schedulePreviewInput,
      result: schedulePreview,
    },
    (ctx, { body }) => escalation.previewSchedule(ctx, body),
  );
  route(
    {
      method: 'get',
      path: '/api/on-call/board',
      summary: 'Everybody on call now, until when, who is next, gaps, and how to page them: every schedule and policy',
      tag: 'Schedules',
      permission: 'incident.read',
      result: onCallBoard,
    },
    (ctx) => escalation.boardOf(ctx),
  );
  route(
    {
      method: 'get',
      path: '/api/timeline',
      summary: 'Schedules side by side: all, or those a team counts on or takes turns in',
      tag: 'Schedules',
      permission: 'configuration.read',
      query: z.object({ team: slug.optional(), from: instant.optional(), to: instant.optional() }),
      result: listOf(scheduleTimeline),
    },
    async (ctx, { query }) => ({ items: await escalation.teamTimeline(ctx, query.team, windowOf(query, ctx.now)) }),
  );
  route(
    {
      method: 'post',
      path: '/api/escalation-policies/preview',
      summary: 'Whom a policy would page at a moment and how, and what would keep it from arriving; touches nothing',
      tag: 'Escalation',
      permission: 'configuration.read',
      body: policyPreviewInput,
      result: policyPreview,
    },
    (ctx, { body }) => escalation.previewPolicy(ctx, body),
  );
};
