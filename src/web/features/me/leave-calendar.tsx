import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { leave as t } from '../../text/leave.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Code, Subtle, Time } from '../../ui/text.tsx';
import type { LeaveCalendar as Calendar } from './queries.ts';

/** The calendar that leave is read from: its address, when it was last read, and what was wrong. */
export const LeaveCalendar = ({
  name,
  calendar,
  onChanged,
}: {
  name: string;
  calendar: Calendar;
  onChanged: () => Promise<void>;
}) => {
  const [address, setAddress] = useState('');
  const path = { params: { path: { name } } };
  const save = useMutation({
    mutationFn: () => ok(api.PUT('/api/people/{name}/leave-calendar', { ...path, body: { address } })),
    onSuccess: async () => {
      await onChanged();
      setAddress('');
    },
  });
  const stop = useMutation({ mutationFn: () => ok(api.DELETE('/api/people/{name}/leave-calendar', path)), onSuccess: onChanged });
  const wrong = save.error instanceof ApiProblem && save.error.field === 'address' ? save.error.message : undefined;
  return (
    <Section title={t.calendar} padded="page">
      <p className="mb-2 text-fg-muted">{t.calendarWhy}</p>
      {!wrong && <ProblemStrip error={save.error ?? stop.error} />}
      {calendar ? (
        <div className="flex flex-col items-start gap-2">
          <Code label={t.address}>{calendar.address}</Code>
          {calendar.error && (
            <Mark state="medium">
              <span className="whitespace-normal">{t.failed(calendar.error)}</span>
            </Mark>
          )}
          <Subtle>
            {calendar.read_at ? (
              <>
                {t.read} <Time at={calendar.read_at} />
              </>
            ) : (
              !calendar.error && t.notYet
            )}
          </Subtle>
          <Button size="sm" busy={stop.isPending} onClick={() => stop.mutate()}>
            {t.disconnect}
          </Button>
        </div>
      ) : (
        <form
          className="flex max-w-110 flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <TextField
            label={t.address}
            hint={t.addressHint}
            required
            error={wrong}
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
          <div>
            <Button type="submit" busy={save.isPending}>
              {t.connect}
            </Button>
          </div>
        </form>
      )}
    </Section>
  );
};
