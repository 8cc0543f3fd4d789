import { z } from 'zod';
import { slug } from '../../contract/common.ts';
import { history } from '../../contract/history.ts';
import type { Http } from '../platform/http.ts';
import { scheduleHistory } from './actions.ts';

export const scheduleHistoryRoutes = ({ route }: Http): void =>
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}/history',
      summary: 'What a schedule said from when to when, saved by whom and through what; also of one that is removed',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: z.object({ name: slug }),
      result: history,
    },
    (ctx, { params }) => scheduleHistory(ctx, params.name),
  );
