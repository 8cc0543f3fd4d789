import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { health as t } from '../../text/health.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { type Limits, limitsQuery } from './queries.ts';

/** What is too much, and when it is night: the same for everybody. */
export const HealthLimits = () => {
  const { data, error } = useQuery(limitsQuery);
  if (!data) return error ? <ProblemStrip error={error} /> : <SkeletonRows rows={3} />;
  return <Form current={data as Tagged<Limits>} />;
};

const Form = ({ current }: { current: Tagged<Limits> }) => {
  const client = useQueryClient();
  const draft = useDraft(current);
  const { value } = draft;
  const save = useMutation({
    mutationFn: () => ok(api.PUT('/api/settings/health-limits', { body: value, headers: ifMatch(draft.base.tag) })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: limitsQuery.queryKey });
      draft.discard();
      toast(t.limits.saved);
      for (const key of ['people', 'teams']) void client.invalidateQueries({ queryKey: [key, 'health'] });
    },
    onError: (error) => isStale(error) && client.invalidateQueries({ queryKey: limitsQuery.queryKey }),
  });
  const refused = isStale(save.error) ? undefined : ((save.error as ApiProblem | null) ?? undefined);
  const at = (field: string) => (refused?.field === field ? refused.message : undefined);
  const count = (key: 'pages_a_night' | 'pages_a_week' | 'consecutive_days', label: string) => (
    <TextField
      label={label}
      type="number"
      min={0}
      required
      error={at(key)}
      value={Number.isNaN(value[key]) ? '' : value[key]}
      onChange={(event) => draft.set({ ...value, [key]: event.target.valueAsNumber })}
    />
  );
  const time = (shown: string, field: string, label: string, onChange: (time: string) => void) => (
    <TextField
      label={label}
      type="time"
      required
      error={at(field)}
      value={shown}
      onChange={(event) => onChange(event.target.value)}
    />
  );
  const { night, rest } = value;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <LeaveGuard changes={draft.dirty ? 1 : 0} />
      <StaleStrip draft={draft} refused={isStale(save.error) ? save.error : undefined} onResolved={save.reset} />
      {refused && !refused.field && <ProblemStrip error={refused} />}
      <Section title={t.limits.title} padded="page">
        <p className="mb-3 max-w-160 text-fg-muted">{t.limits.why}</p>
        <div className="flex max-w-160 flex-col gap-3">
          <div className="grid grid-cols-1 gap-3 desk:grid-cols-3">
            {count('pages_a_night', t.limits.night)}
            {count('pages_a_week', t.limits.week)}
            {count('consecutive_days', t.limits.days)}
          </div>
          <div className="grid grid-cols-2 gap-3 desk:grid-cols-3">
            {time(night.from, 'night.from', t.limits.nightFrom, (from) => draft.set({ ...value, night: { ...night, from } }))}
            {time(night.to, 'night.to', t.limits.nightTo, (to) => draft.set({ ...value, night: { ...night, to } }))}
          </div>
          <div className="grid grid-cols-2 gap-3 desk:grid-cols-3">
            {time(rest.from, 'rest.from', t.limits.restFrom, (from) => draft.set({ ...value, rest: { ...rest, from } }))}
            {time(rest.to, 'rest.to', t.limits.restTo, (to) => draft.set({ ...value, rest: { ...rest, to } }))}
            {time(rest.until, 'rest.until', t.limits.restUntil, (until) => draft.set({ ...value, rest: { ...rest, until } }))}
          </div>
          <p className="text-meta text-fg-subtle">{t.limits.clocks}</p>
          <div>
            <Button
              type="submit"
              look="main"
              busy={save.isPending}
              disabled={!draft.dirty}
              title={draft.dirty ? undefined : t.limits.saved}
            >
              {ui.save}
            </Button>
          </div>
        </div>
      </Section>
    </form>
  );
};
