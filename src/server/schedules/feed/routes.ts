import { z } from 'zod';
import { listOf, slug } from '../../../contract/common.ts';
import { layerCalendar } from '../../../contract/schedule.ts';
import type { Http } from '../../platform/http.ts';
import { scheduleNamed } from '../actions.ts';
import * as feeds from './actions.ts';

const params = z.object({ name: slug.describe('of the schedule') });
const tag = 'Schedules';

export const layerCalendarRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}/layer-calendars',
      summary: 'Calendars that layers take their turns from: when each was read, what went wrong, and events that name nobody',
      tag,
      permission: 'configuration.read',
      params,
      result: listOf(layerCalendar),
    },
    async (ctx, { params: { name } }) => ({ items: await feeds.calendarsOf(ctx, await scheduleNamed(ctx, name)) }),
  );
  route(
    {
      method: 'post',
      path: '/api/schedules/{name}/layer-calendars/{layer}/read',
      summary: 'Read a layer’s calendar now, not only in the hour',
      tag,
      params: params.extend({ layer: slug }),
    },
    (ctx, { params: { name, layer } }) => feeds.readNow(ctx, name, layer),
  );
};
