import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { handoffs } from '../../text/handoffs.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { type Notices, noticesQuery } from '../handoffs/queries.ts';
import { personQuery } from './queries.ts';

const t = handoffs.notices;
type By = Notices['before_by'];
const METHOD = 'method ';
const optionOf = (by: By): string => (typeof by === 'string' ? by : `${METHOD}${by.method}`);
const byOf = (value: string): By =>
  value.startsWith(METHOD) ? { method: value.slice(METHOD.length) } : (value as 'mail' | 'usual' | 'none');

/** How I am told that a shift of mine begins or ends. */
export const HandoffNotices = ({ name }: { name: string }) => {
  const { data } = useQuery(noticesQuery(name));
  return data ? <Form name={name} current={data} /> : null;
};

const Form = ({ name, current }: { name: string; current: Tagged<Notices> }) => {
  const client = useQueryClient();
  const methods = useQuery(personQuery(name)).data?.data.contact_methods ?? [];
  const draft = useDraft(current);
  const { value } = draft;
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/people/{name}/handoff-notices', {
          params: { path: { name } },
          body: value,
          headers: ifMatch(draft.base.tag),
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: noticesQuery(name).queryKey });
      draft.discard();
      toast(t.saved);
    },
    onError: (error) => isStale(error) && client.invalidateQueries({ queryKey: noticesQuery(name).queryKey }),
  });
  const field = save.error instanceof ApiProblem ? save.error.field : undefined;
  const errorOf = (key: string) => (field === key ? save.error?.message : undefined);
  const by = (key: 'before_by' | 'change_by', label: string, hint?: string) => (
    <Select
      label={label}
      hint={hint}
      value={optionOf(value[key])}
      error={errorOf(key)}
      onChange={(chosen) => draft.set({ ...value, [key]: byOf(chosen) })}
      options={[
        ...(['mail', 'usual', 'none'] as const).map((one) => ({ value: one as string, label: t.by[one] })),
        ...methods
          .filter((method) => method.channel !== 'voice')
          .map((method) => ({ value: `${METHOD}${method.label}`, label: method.label })),
      ]}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <LeaveGuard changes={draft.dirty ? 1 : 0} />
      <StaleStrip draft={draft} refused={isStale(save.error) ? save.error : undefined} onResolved={save.reset} />
      {!isStale(save.error) && !['before_by', 'change_by', 'lead_hours'].includes(field ?? '') && (
        <ProblemStrip error={save.error} />
      )}
      <Section title={t.title} padded="page">
        <div className="flex max-w-110 flex-col gap-3">
          <p className="text-fg-muted">{t.why}</p>
          <TextField
            label={t.lead}
            type="number"
            min={1}
            max={168}
            required
            value={Number.isNaN(value.lead_hours) ? '' : value.lead_hours}
            error={errorOf('lead_hours')}
            onChange={(event) => draft.set({ ...value, lead_hours: event.target.valueAsNumber })}
          />
          {by('before_by', t.before)}
          {by('change_by', t.change, t.byHint)}
          <div>
            <Button type="submit" busy={save.isPending} disabled={!draft.dirty} title={draft.dirty ? undefined : t.saved}>
              {ui.save}
            </Button>
          </div>
        </div>
      </Section>
    </form>
  );
};
