import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TestPagePlan } from '../../../contract/readiness.ts';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { readiness as t } from '../../text/readiness.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { Switch, TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { fieldError } from '../editing/field-error.ts';
import { teamsQuery } from '../incidents/queries.ts';

const NEW: TestPagePlan = { name: '', week: 'first', day: 'mon', at: '10:00', confirm_within_hours: 4, enabled: true };
const FIELDS = ['name', 'team', 'at', 'confirm_within_hours'];

const options = <T extends string>(words: Record<T, string>) =>
  (Object.keys(words) as T[]).map((value) => ({ value, label: words[value] }));

/** A new plan, or one to change or remove. */
export const PlanDialog = ({ plan, onClose }: { plan: TestPagePlan | undefined; onClose: () => void }) => {
  const client = useQueryClient();
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const [draft, setDraft] = useState<TestPagePlan>(plan ?? NEW);
  const set = (change: Partial<TestPagePlan>) => setDraft({ ...draft, ...change });
  const params = { path: { name: draft.name.trim() } };
  const refresh = () => client.invalidateQueries({ queryKey: ['readiness'] });
  const put = ({ name, team, ...rest }: TestPagePlan) =>
    ok(
      api.PUT('/api/test-page-plans/{name}', {
        params: { path: { name: name.trim() } },
        body: { ...rest, ...(team ? { team } : {}) },
      }),
    );
  const save = useMutation({
    mutationFn: () => put(draft),
    onSuccess: async () => {
      await refresh();
      toast(t.form.saved);
      onClose();
    },
  });
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/test-page-plans/{name}', { params })),
    onSuccess: async () => {
      await refresh();
      if (plan) toast(t.form.removed(plan.name), () => void put(plan).then(refresh));
      onClose();
    },
  });
  const problem = save.error instanceof ApiProblem ? save.error : undefined;
  const errorOf = (field: string) => fieldError(problem, field);
  return (
    <Dialog
      open
      onClose={onClose}
      title={plan ? t.form.titleChange(plan.name) : t.form.title}
      actions={
        <>
          {plan && (
            <span className="mr-auto">
              <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
                {t.form.remove}
              </Button>
            </span>
          )}
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="main" busy={save.isPending} onClick={() => save.mutate()}>
            {t.form.save}
          </Button>
        </>
      }
    >
      {((save.error && !FIELDS.includes(problem?.field ?? '')) || remove.error) && (
        <ProblemStrip error={save.error ?? remove.error} />
      )}
      {!plan && (
        <TextField
          label={t.form.name}
          hint={t.form.nameHint}
          maxLength={63}
          value={draft.name}
          error={errorOf('name')}
          onChange={(event) => set({ name: event.target.value })}
        />
      )}
      <Select
        label={t.form.team}
        value={draft.team ?? ''}
        onChange={(team) => set({ team: team || undefined })}
        error={errorOf('team')}
        options={[
          { value: '', label: t.form.everybody },
          ...teams.map((one) => ({ value: one.name, label: one.title || one.name })),
        ]}
      />
      <div className="grid grid-cols-2 gap-3">
        <Select
          label={t.form.week}
          value={draft.week}
          onChange={(week) => set({ week: week as 'first' })}
          options={options(t.form.weeks)}
        />
        <Select
          label={t.form.day}
          value={draft.day}
          onChange={(day) => set({ day: day as 'mon' })}
          options={options(t.form.days)}
        />
      </div>
      <TextField
        label={t.form.at}
        hint={t.form.atHint}
        type="time"
        value={draft.at}
        error={errorOf('at')}
        onChange={(event) => set({ at: event.target.value })}
      />
      <TextField
        label={t.form.hours}
        type="number"
        min={1}
        max={48}
        value={String(draft.confirm_within_hours)}
        error={errorOf('confirm_within_hours')}
        onChange={(event) => set({ confirm_within_hours: Number(event.target.value) })}
      />
      <Switch checked={draft.enabled} onChange={(enabled) => set({ enabled })}>
        {t.form.enabled}
      </Switch>
    </Dialog>
  );
};
