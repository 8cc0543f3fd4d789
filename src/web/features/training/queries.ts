import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';
import type { paths } from '../../api/schema.d.ts';
import { training as t } from '../../text/training.ts';
import { toast } from '../../ui/overlay.tsx';

export type Training = paths['/api/trainings']['get']['responses'][200]['content']['application/json']['items'][number];
type Input = paths['/api/schedules/{name}/training/{person}']['put']['requestBody'];
export type TrainingBody = Extract<NonNullable<Input>, { content: unknown }>['content']['application/json'];

export const trainingsQuery = (query: { schedule?: string; person?: string }) =>
  queryOptions({
    queryKey: ['schedules', 'training', query],
    queryFn: async () => (await ok(api.GET('/api/trainings', { params: { query } }))).items,
  });

type Change =
  | { what: 'save'; body: TrainingBody }
  | { what: 'stage'; stage: 'shadow' | 'reverse_shadow' }
  | { what: 'ready'; note: string }
  | { what: 'take_back' }
  | { what: 'end' };

const AT = '/api/schedules/{name}/training/{person}' as const;
const send = async (schedule: string, who: string, change: Change): Promise<void> => {
  const params = { path: { name: schedule, person: who } };
  if (change.what === 'save') await ok(api.PUT(AT, { params, body: change.body }));
  else if (change.what === 'stage') await ok(api.POST(`${AT}/stage`, { params, body: { stage: change.stage } }));
  else if (change.what === 'ready') await ok(api.POST(`${AT}/ready`, { params, body: { note: change.note } }));
  else if (change.what === 'take_back') await ok(api.DELETE(`${AT}/ready`, { params }));
  else await ok(api.DELETE(AT, { params }));
};

/** Changes a training of a schedule; `onDone` when it is written. */
export const useTraining = (schedule: string, onDone: () => void) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ who, ...change }: { who: string } & Change) => send(schedule, who, change),
    onSuccess: async () => {
      toast(t.saved);
      onDone();
      await client.invalidateQueries({ queryKey: ['schedules'] });
    },
  });
};
