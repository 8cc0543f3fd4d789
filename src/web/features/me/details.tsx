import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { me as t } from '../../text/me.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Code } from '../../ui/text.tsx';
import { personQuery } from './queries.ts';

type Hours = { from: string; to: string; days?: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[] };
type Own = { display_name: string; time_zone: string; locale: string; quiet_hours?: Hours | undefined };

export const OwnDetails = ({ name }: { name: string }) => {
  const person = useQuery(personQuery(name)).data?.data;
  if (!person) return null;
  return (
    <>
      <DetailsForm key={name} person={person as Own} />
      {person.calendar_url && (
        <Section title={t.calendar} padded="page">
          <p className="mb-2 text-fg-muted">{t.calendarHint}</p>
          <Code label={t.calendar}>{person.calendar_url}</Code>
        </Section>
      )}
    </>
  );
};

const DetailsForm = ({ person }: { person: Own }) => {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Own>(person);
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/me', {
          body: {
            display_name: draft.display_name,
            time_zone: draft.time_zone,
            locale: draft.locale,
            ...(draft.quiet_hours ? { quiet_hours: { ...draft.quiet_hours, days: draft.quiet_hours.days ?? EVERY_DAY } } : {}),
          },
        }),
      ),
    onSuccess: () => {
      toast(t.saved);
      return client.invalidateQueries({ queryKey: ['me'] }).then(() => client.invalidateQueries({ queryKey: ['people'] }));
    },
  });
  const at = (field: string) => (save.error instanceof ApiProblem && save.error.field === field ? save.error.message : undefined);
  const field = (key: 'display_name' | 'time_zone' | 'locale', label: string) => (
    <TextField
      label={label}
      required
      error={at(key)}
      value={draft[key]}
      onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
    />
  );
  const quiet = draft.quiet_hours;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <ProblemStrip error={save.error} />
      <Section title={t.details} padded="page">
        <div className="flex max-w-110 flex-col gap-3">
          {field('display_name', t.name)}
          {field('time_zone', t.zone)}
          {field('locale', t.locale)}
        </div>
      </Section>
      <Section title={t.quiet} padded="page">
        <div className="flex max-w-110 flex-col gap-3">
          <p className="text-fg-muted">{t.quietHint}</p>
          <Checkbox
            checked={!quiet}
            onChange={(none) =>
              setDraft({ ...draft, quiet_hours: none ? undefined : { from: '22:00', to: '07:00', days: EVERY_DAY } })
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
                onChange={(event) => setDraft({ ...draft, quiet_hours: { ...quiet, from: event.target.value } })}
              />
              <TextField
                label={t.to}
                type="time"
                required
                error={at('quiet_hours.to')}
                value={quiet.to}
                onChange={(event) => setDraft({ ...draft, quiet_hours: { ...quiet, to: event.target.value } })}
              />
            </div>
          )}
          <div>
            <Button type="submit" look="main" busy={save.isPending}>
              {ui.save}
            </Button>
          </div>
        </div>
      </Section>
    </form>
  );
};
const EVERY_DAY: NonNullable<Hours['days']> = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
