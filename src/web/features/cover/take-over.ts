import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';
import { cover as t } from '../../text/cover.ts';
import { clock, now } from '../../time.ts';
import { toast } from '../../ui/overlay.tsx';

const HOURS = [1, 2, 4, 8];

/** “I have it”: entries of a schedule's menu, each done at once and with a way back. */
export const useTakeOver = (name: string) => {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['schedules'] });
  const handBack = useMutation({
    mutationFn: (id: string) => ok(api.DELETE('/api/schedules/{name}/overrides/{id}', { params: { path: { name, id } } })),
    onSettled: refresh,
  });
  const take = useMutation({
    mutationFn: (until: string) =>
      ok(api.POST('/api/schedules/{name}/take-over', { params: { path: { name } }, body: { until } })),
    onSuccess: ({ id }, until) => toast(t.tookOver(clock(until)), () => handBack.mutate(id)),
    onSettled: refresh,
  });
  return {
    entries: HOURS.map((hours) => ({
      label: t.takeOver(hours),
      onSelect: () => take.mutate(new Date(now() + hours * 3_600_000).toISOString()),
    })),
    error: take.error ?? handBack.error,
  };
};
