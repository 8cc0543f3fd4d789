import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Me } from '../../../contract/sign-in.ts';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { leave } from '../../text/leave.ts';
import { me as t } from '../../text/me.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Code } from '../../ui/text.tsx';
import { fieldsChanged } from '../editing/differences.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { ownQuery, personQuery } from './queries.ts';

type Own = NonNullable<Me['person']>;
type Hours = NonNullable<Own['quiet_hours']>;

export const OwnDetails = ({ name }: { name: string }) => {
  const can = useCan();
  const own = useQuery(ownQuery);
  const calendar = useQuery({ ...personQuery(name), enabled: can('configuration.read') }).data?.data.calendar_url;
  const person = own.data?.data.person as Own | null | undefined;
  if (!person) return own.error ? <ProblemStrip error={own.error} /> : <SkeletonRows />;
  return (
    <>
      <DetailsForm key={name} current={{ data: person, tag: own.data?.tag }} />
      {calendar && (
        <Section title={t.calendar} padded="page">
          <p className="mb-2 text-fg-muted">{t.calendarHint}</p>
          <Code label={t.calendar}>{calendar}</Code>
        </Section>
      )}
    </>
  );
};

const DetailsForm = ({ current }: { current: Tagged<Own> }) => {
  const client = useQueryClient();
  const draft = useDraft(current);
  const { value } = draft;
  const save = useMutation({
    mutationFn: () => {
      const { display_name, time_zone, locale, quiet_hours, holidays } = value;
      return ok(
        api.PUT('/api/me', {
          body: { display_name, time_zone, locale, ...(quiet_hours ? { quiet_hours } : {}), ...(holidays ? { holidays } : {}) },
          headers: ifMatch(draft.base.tag),
        }),
      );
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['me'] });
      draft.discard();
      toast(t.saved);
      await client.invalidateQueries({ queryKey: ['people'] });
    },
    // Theirs is fetched, so that it can be shown beside mine.
    onError: (error) => isStale(error) && client.invalidateQueries({ queryKey: ownQuery.queryKey }),
  });
  const at = (field: string) => (save.error instanceof ApiProblem && save.error.field === field ? save.error.message : undefined);
  const field = (key: 'display_name' | 'time_zone' | 'locale', label: string, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      required
      error={at(key)}
      value={value[key]}
      onChange={(event) => draft.set({ ...value, [key]: event.target.value })}
    />
  );
  const quiet = value.quiet_hours;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <LeaveGuard changes={draft.dirty ? fieldsChanged(draft.base.data, value) : 0} />
      <StaleStrip draft={draft} refused={isStale(save.error) ? save.error : undefined} onResolved={save.reset} />
      {!isStale(save.error) && <ProblemStrip error={save.error} />}
      <Section title={t.details} padded="page">
        <div className="flex max-w-110 flex-col gap-3">
          {field('display_name', t.name)}
          {field('time_zone', t.zone)}
          {field('locale', t.locale, t.localeHint)}
          <TextField
            label={leave.region}
            hint={leave.regionHint}
            error={at('holidays')}
            value={value.holidays ?? ''}
            onChange={(event) => draft.set({ ...value, holidays: event.target.value.trim() || undefined })}
          />
        </div>
      </Section>
      <Section title={t.quiet} padded="page">
        <div className="flex max-w-110 flex-col gap-3">
          <p className="text-fg-muted">{t.quietHint}</p>
          <Checkbox
            checked={!quiet}
            onChange={(none) =>
              draft.set({ ...value, quiet_hours: none ? undefined : { from: '22:00', to: '07:00', days: EVERY_DAY } })
            }
          >
            {t.noQuiet}
          </Checkbox>
          {quiet && (
            <div className="flex gap-3">
              <TextField
                label={t.from}
                type="time"
                required
                value={quiet.from}
                onChange={(event) => draft.set({ ...value, quiet_hours: { ...quiet, from: event.target.value } })}
              />
              <TextField
                label={t.to}
                type="time"
                required
                error={at('quiet_hours.to')}
                value={quiet.to}
                onChange={(event) => draft.set({ ...value, quiet_hours: { ...quiet, to: event.target.value } })}
              />
            </div>
          )}
          <div>
            <Button
              type="submit"
              look="main"
              busy={save.isPending}
              disabled={!draft.dirty}
              title={draft.dirty ? undefined : t.saved}
            >
              {ui.save}
            </Button>
          </div>
        </div>
      </Section>
    </form>
  );
};
const EVERY_DAY: Hours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
