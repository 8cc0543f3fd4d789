import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client.ts';
import { rota as t } from '../../text/rota.ts';
import { schedules } from '../../text/schedules.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { type Wishes as Wished, wishesQuery } from '../rota/queries.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** What somebody would rather have when a rota is proposed. */
export const Wishes = ({ name }: { name: string }) => {
  const found = useQuery(wishesQuery(name));
  return found.data ? (
    <Form key={JSON.stringify(found.data)} name={name} saved={found.data} />
  ) : (
    <ProblemStrip error={found.error} />
  );
};

const Form = ({ name, saved }: { name: string; saved: Wished }) => {
  const client = useQueryClient();
  const [days, setDays] = useState(saved.avoid_weekdays);
  const [dates, setDates] = useState(saved.avoid_days.join(', '));
  const [weekends, setWeekends] = useState(saved.prefers_weekends);
  const avoid_days = dates.split(/[\s,]+/).filter(Boolean);
  const areDates = avoid_days.every((one) => /^2\d{3}-\d\d-\d\d$/.test(one) && !Number.isNaN(Date.parse(one)));
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/people/{name}/rota-preferences', {
          params: { path: { name } },
          body: { avoid_weekdays: days, avoid_days, prefers_weekends: weekends },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['people', 'rota-preferences', name] });
      toast(t.saved);
    },
  });
  return (
    <Section title={t.wishes} padded="page">
      <div className="flex max-w-160 flex-col gap-3">
        <p className="text-fg-muted">{t.wishesWhy}</p>
        <ProblemStrip error={save.error} />
        <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
          <legend className="text-meta text-fg-muted">{t.avoid}</legend>
          {DAYS.map((day) => (
            <Checkbox
              key={day}
              checked={days.includes(day)}
              onChange={(on) =>
                setDays(on ? DAYS.filter((one) => one === day || days.includes(one)) : days.filter((one) => one !== day))
              }
            >
              {schedules.days[day]}
            </Checkbox>
          ))}
        </fieldset>
        <TextField
          label={t.avoidDays}
          hint={t.avoidDaysHint}
          value={dates}
          onChange={(event) => setDates(event.target.value)}
          error={areDates ? undefined : t.badDays}
        />
        <Checkbox checked={weekends} onChange={setWeekends}>
          {t.prefers}
        </Checkbox>
        <div>
          <Button busy={save.isPending} disabled={!areDates} onClick={() => save.mutate()}>
            {t.save}
          </Button>
        </div>
      </div>
    </Section>
  );
};
