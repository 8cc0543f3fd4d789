import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, ok } from '../../api/client.ts';
import { schedules as t } from '../../text/schedules.ts';
import { toast } from '../../ui/overlay.tsx';
import { type Draft, isStale } from '../editing/use-draft.ts';
import { type NewOverride, type Schedule, titleOf } from './queries.ts';
import { overrideText } from './rows.ts';
import { cleaned } from './schedule-form.tsx';

/** Saves a schedule over what it was made from, and overrides with a way back. */
export const useSaving = (
  name: string,
  draft: Draft<Schedule>,
  called: (name: string) => string,
  after: { override: () => void; schedule: () => void },
) => {
  const client = useQueryClient();
  const saveOverride = useMutation({
    mutationFn: (body: NewOverride) => ok(api.POST('/api/schedules/{name}/overrides', { params: { path: { name } }, body })),
    onSuccess: ({ id }, body) => {
      after.override();
      toast(t.overrides.saved(overrideText(body, called)), () => void undo.mutate(id));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['schedules'] }),
  });
  const undo = useMutation({
    mutationFn: (id: string) => ok(api.DELETE('/api/schedules/{name}/overrides/{id}', { params: { path: { name, id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['schedules'] }),
  });
  const save = useMutation({
    mutationFn: () => {
      const { name: _, ...body } = cleaned(draft.value);
      return ok(api.PUT('/api/schedules/{name}', { params: { path: { name } }, body, headers: ifMatch(draft.base.tag) }));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['schedules'] });
      draft.discard();
      after.schedule();
      toast(t.edit.saved(titleOf(draft.value)));
    },
    onError: (error) => isStale(error) && client.invalidateQueries({ queryKey: ['schedules', 'one', name] }),
  });
  return { saveOverride, undo, save };
};
