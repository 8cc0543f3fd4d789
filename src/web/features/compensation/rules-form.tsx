import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { compensationRules as t } from '../../text/compensation-rules.ts';
import { ProblemStrip, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { fieldsChanged } from '../editing/differences.ts';
import { fieldError, useShowRefused } from '../editing/field-error.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { SaveOrDiscard } from '../editing/save-or-discard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { CountingFields } from './counting-fields.tsx';
import { HolidayFields } from './holiday-fields.tsx';
import { type Rules, rulesQuery } from './queries.ts';
import { RateFields } from './rate-fields.tsx';
import { RulesPreview } from './rules-preview.tsx';

/** What being on call is worth and how it is counted, with what a month would come to. */
export const CompensationRules = () => {
  const { data, error } = useQuery(rulesQuery);
  if (!data) return error ? <ProblemStrip error={error} /> : <SkeletonRows rows={6} />;
  return <Form current={data as Tagged<Rules>} />;
};

/** Fields that have a place to say what is wrong of them. */
const HAS_PLACE =
  /^(currency|time_zone|holidays\..+|rates\.\d+\.(amount|per|from|until)|(working_hours|weekend)\.\d+\.(from|to|days))$/;

const Form = ({ current }: { current: Tagged<Rules> }) => {
  const client = useQueryClient();
  const draft = useDraft(current);
  const { value } = draft;
  const set = (change: Partial<Rules>) => draft.set({ ...value, ...change });
  const save = useMutation({
    mutationFn: () => ok(api.PUT('/api/settings/compensation', { body: value, headers: ifMatch(draft.base.tag) })),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['settings'] }),
        client.invalidateQueries({ queryKey: ['schedules', 'compensation'] }),
      ]);
      draft.discard();
      toast(t.saved);
    },
    onError: (error) => isStale(error) && client.invalidateQueries({ queryKey: rulesQuery.queryKey }),
  });
  const stale = isStale(save.error) ? save.error : undefined;
  const refused = stale ? undefined : save.error;
  useShowRefused(refused);
  const isAtField = refused instanceof ApiProblem && HAS_PLACE.test(refused.field ?? '');
  const errorOf = (path: string) => fieldError(refused, path);
  return (
    <form
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <LeaveGuard changes={draft.dirty ? fieldsChanged(draft.base.data, value) : 0} />
      <StaleStrip draft={draft} refused={stale} onResolved={save.reset} />
      {refused && !isAtField && <ProblemStrip error={refused} />}
      <SplitPane sideLabel={t.sideLabel} side={<RulesPreview rules={value} isSaved={!draft.dirty} />}>
        <RateFields
          value={value.rates}
          currency={value.currency}
          errorOf={(path) => errorOf(`rates.${path}`)}
          onChange={(rates) => set({ rates })}
        />
        <CountingFields value={value} set={set} errorOf={errorOf} />
        <HolidayFields
          value={value.holidays}
          errorOf={(path) => errorOf(`holidays.${path}`)}
          onChange={(holidays) => set({ holidays })}
        />
        <div className="sticky bottom-0 flex gap-2 border-t border-line bg-surface px-(--pad) py-3">
          <SaveOrDiscard label={t.save} draft={draft} busy={save.isPending} disabled={!draft.dirty} />
        </div>
      </SplitPane>
    </form>
  );
};
