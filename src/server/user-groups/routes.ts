import { z } from 'zod';
import { listOf, slug } from '../../contract/common.ts';
import { scheduleUserGroup } from '../../contract/schedule.ts';
import type { Http } from '../platform/http.ts';
import { groupsOf } from './actions.ts';

export const userGroupRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}/user-groups',
      summary: 'The Slack user groups that follow the schedule, who is in them, and what went wrong last',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: z.object({ name: slug }),
      result: listOf(scheduleUserGroup),
    },
    async (ctx, { params }) => ({ items: await groupsOf(ctx, params.name) }),
  );
};
