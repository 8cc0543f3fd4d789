import { useQuery } from '@tanstack/react-query';
import type { Settings } from '../../../contract/settings.ts';
import { ApiProblem } from '../../api/client.ts';
import { settings as text } from '../../text/settings.ts';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { differences } from '../editing/differences.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { SaveOrDiscard } from '../editing/save-or-discard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { useSaveSettings } from './channels.tsx';
import { settingsQuery } from './queries.ts';

const t = text.delivery;

/** When messages wait for each other, when nobody is reached, and who notices when all of this stops. */
export const Delivery = () => {
  const current = useQuery(settingsQuery);
  if (!current.data) return current.error ? <ProblemStrip error={current.error} /> : <SkeletonRows />;
  return <Form current={current.data} />;
};

const Form = ({ current }: { current: Tagged<Settings> }) => {
  const draft = useDraft(current);
  const save = useSaveSettings(draft);
  const problem = save.error instanceof ApiProblem ? save.error : undefined;
  const stale = isStale(save.error) ? save.error : undefined;
  const known = ['bundle_seconds', 'unreached_after_seconds', 'dead_man_url'];
  const at = (field: string) => (problem?.field === field ? problem.message : undefined);
  const changes = differences(draft.base.data, draft.value).length;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft.value);
      }}
    >
      <LeaveGuard changes={changes} />
      <StaleStrip draft={draft} refused={stale} onResolved={save.reset} />
      {save.error && !stale && !known.includes(problem?.field ?? '') && <ProblemStrip error={save.error} />}
      <Section title={t.deadMan} padded="page">
        <div className="flex max-w-120 flex-col gap-3">
          <p className="text-fg-muted">{t.deadManWhy}</p>
          {current.data.dead_man_url ? (
            <Mark state="ok" quiet>
              {t.watched}
            </Mark>
          ) : (
            <Mark state="medium">
              <span className="whitespace-normal">{t.none}</span>
            </Mark>
          )}
          <TextField
            label={t.url}
            hint={t.urlHint}
            type="url"
            error={at('dead_man_url')}
            value={draft.value.dead_man_url ?? ''}
            onChange={(event) => {
              const { dead_man_url: _, ...rest } = draft.value;
              draft.set(event.target.value ? { ...rest, dead_man_url: event.target.value } : rest);
            }}
          />
        </div>
      </Section>
      <Section title={t.title} padded="page">
        <div className="flex max-w-120 flex-col gap-3">
          <TextField
            label={t.unreached}
            hint={t.unreachedHint}
            type="number"
            min="5"
            max="300"
            required
            error={at('unreached_after_seconds')}
            value={draft.value.unreached_after_seconds}
            onChange={(event) => draft.set({ ...draft.value, unreached_after_seconds: Number(event.target.value) })}
          />
          <TextField
            label={t.bundle}
            hint={`${t.bundleHint} ${t.bundleSentence(draft.value.bundle_seconds)}`}
            type="number"
            min="0"
            max="3600"
            required
            error={at('bundle_seconds')}
            value={draft.value.bundle_seconds}
            onChange={(event) => draft.set({ ...draft.value, bundle_seconds: Number(event.target.value) })}
          />
          <div className="flex gap-2">
            <SaveOrDiscard label={t.save} draft={draft} busy={save.isPending} />
          </div>
        </div>
      </Section>
    </form>
  );
};
