import { z } from 'zod';
import { leaveCalendarInput, leaveInput, leaveOfPerson } from '../../contract/absence.ts';
import { instant, slug } from '../../contract/common.ts';
import type { Http } from '../platform/http.ts';
import * as absences from './actions.ts';

const named = z.object({ name: slug.describe('a person, or `me`') });
const one = named.extend({ id: z.uuid() });
const tag = 'People';

export const absenceRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/people/{name}/leave',
      summary: 'When somebody is away, the calendar it is read from and the next public holidays',
      tag,
      permission: 'configuration.read',
      params: named,
      query: z.object({ from: instant.optional().describe('leave that ended before is left out; none: now') }),
      result: leaveOfPerson,
    },
    (ctx, { params, query }) => absences.leaveOf(ctx, params.name, query.from ? Temporal.Instant.from(query.from) : ctx.now),
  );
  route(
    {
      method: 'post',
      path: '/api/people/{name}/leave',
      summary: 'Plan leave: whole days, or between two moments',
      tag,
      params: named,
      body: leaveInput,
      result: z.object({ id: z.string() }),
      status: 201,
    },
    async (ctx, { params, body }) => ({ id: await absences.addLeave(ctx, params.name, body) }),
  );
  route(
    {
      method: 'put',
      path: '/api/people/{name}/leave/{id}',
      summary: 'Change leave that was planned by hand',
      tag,
      params: one,
      body: leaveInput,
    },
    (ctx, { params, body }) => absences.changeLeave(ctx, params.name, params.id, body),
  );
  route(
    {
      method: 'delete',
      path: '/api/people/{name}/leave/{id}',
      summary: 'Remove leave that was planned by hand',
      tag,
      params: one,
    },
    (ctx, { params }) => absences.removeLeave(ctx, params.name, params.id),
  );
  route(
    {
      method: 'put',
      path: '/api/people/{name}/leave-calendar',
      summary: 'Read leave from a calendar (iCalendar), now and every hour',
      tag,
      params: named,
      body: leaveCalendarInput,
    },
    (ctx, { params, body }) => absences.setCalendar(ctx, params.name, body.address),
  );
  route(
    {
      method: 'delete',
      path: '/api/people/{name}/leave-calendar',
      summary: 'Forget the calendar, and the leave that was read from it',
      tag,
      params: named,
    },
    (ctx, { params }) => absences.removeCalendar(ctx, params.name),
  );
};
