import { z } from 'zod';
import { listOf, slug, who } from '../../../contract/common.ts';
import { readyInput, stageInput, training, trainingInput } from '../../../contract/training.ts';
import { nameOf } from '../../identity/actions.ts';
import type { Http } from '../../platform/http.ts';
import * as actions from './actions.ts';

const params = z.object({ name: slug.describe('of the schedule'), person: slug });
const tag = 'Schedules';
const at = '/api/schedules/{name}/training/{person}' as const;

export const trainingRoutes = ({ route }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/trainings',
      summary: 'Who learns to be on call, with their mentor, stage and turns done; those who are signed off included',
      tag,
      permission: 'configuration.read',
      query: z.object({ schedule: slug.optional(), person: who.describe('a person, or `me`') }),
      result: listOf(training),
    },
    async (ctx, { query }) => ({
      items: await actions.trainings(ctx, { ...query, person: nameOf(ctx, query.person, 'person') }),
    }),
  );
  route(
    {
      method: 'put',
      path: at,
      summary: 'Put somebody in training at the side of a mentor, or change what is asked of them',
      tag,
      params,
      body: trainingInput,
      result: training,
    },
    (ctx, { params: { name, person }, body }) => actions.saveTraining(ctx, name, person, body),
  );
  route(
    {
      method: 'post',
      path: `${at}/stage`,
      summary: 'On to reverse-shadow, or back to shadowing; by the mentor or a manager',
      tag,
      params,
      body: stageInput,
      result: training,
    },
    (ctx, { params: { name, person }, body }) => actions.moveTraining(ctx, name, person, body.stage),
  );
  route(
    {
      method: 'post',
      path: `${at}/ready`,
      summary: 'Sign that somebody is ready to be on call alone; by the mentor or a manager',
      tag,
      params,
      body: readyInput,
      result: training,
    },
    (ctx, { params: { name, person }, body }) => actions.signOff(ctx, name, person, body.note),
  );
  route(
    {
      method: 'delete',
      path: `${at}/ready`,
      summary: 'Take a sign-off back: in training again, asked first with the mentor behind',
      tag,
      params,
      result: training,
    },
    (ctx, { params: { name, person } }) => actions.takeBack(ctx, name, person),
  );
  route(
    {
      method: 'delete',
      path: at,
      summary: 'End a training that is given up; nothing is warned of any more',
      tag,
      params,
    },
    (ctx, { params: { name, person } }) => actions.endTraining(ctx, name, person),
  );
};
