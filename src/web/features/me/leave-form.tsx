import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { leave as t } from '../../text/leave.ts';
import { Button } from '../../ui/button.tsx';
import { DateTimeField, Segmented, TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';

type Draft = { first: string; last: string; starts?: string | undefined; ends?: string | undefined; reason: string };
const EMPTY: Draft = { first: '', last: '', reason: '' };
const FIELDS = ['first_day', 'last_day', 'starts', 'ends', 'reason'];

/** Plans leave: whole days in the person's zone, or from one moment to another. */
export const LeaveForm = ({ name, own, onAdded }: { name: string; own: boolean; onAdded: () => Promise<void> }) => {
  const [how, setHow] = useState<'whole' | 'part'>('whole');
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const add = useMutation({
    mutationFn: () => {
      const { first, last, starts, ends, reason } = draft;
      const when =
        how === 'whole'
          ? { ...(first ? { first_day: first } : {}), ...(last ? { last_day: last } : {}) }
          : { ...(starts ? { starts } : {}), ...(ends ? { ends } : {}) };
      return ok(api.POST('/api/people/{name}/leave', { params: { path: { name } }, body: { ...when, reason } }));
    },
    onSuccess: async () => {
      await onAdded();
      setDraft(EMPTY);
      toast(t.added);
    },
  });
  const field = add.error instanceof ApiProblem ? add.error.field : undefined;
  const at = (one: string) => (field === one ? (add.error as ApiProblem).message : undefined);
  return (
    <form
      className="flex max-w-110 flex-col gap-3 pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <h3>{t.addTitle}</h3>
      {add.error && !FIELDS.includes(field ?? '') && <ProblemStrip error={add.error} />}
      <Segmented
        label={t.how}
        value={how}
        onChange={setHow}
        options={[
          { value: 'whole', label: t.whole },
          { value: 'part', label: t.part },
        ]}
      />
      {how === 'whole' ? (
        <div className="grid gap-3 desk:grid-cols-2">
          <TextField
            label={t.firstDay}
            type="date"
            required
            error={at('first_day')}
            value={draft.first}
            onChange={(event) => set({ first: event.target.value })}
          />
          <TextField
            label={t.lastDay}
            type="date"
            hint={t.lastHint}
            error={at('last_day')}
            value={draft.last}
            onChange={(event) => set({ last: event.target.value })}
          />
        </div>
      ) : (
        <div className="grid gap-3 desk:grid-cols-2">
          <DateTimeField
            label={t.from}
            required
            error={at('starts')}
            value={draft.starts}
            onChange={(starts) => set({ starts })}
          />
          <DateTimeField label={t.to} required error={at('ends')} value={draft.ends} onChange={(ends) => set({ ends })} />
        </div>
      )}
      <TextField
        label={t.reason}
        hint={own ? t.reasonHint : t.reasonHintOther}
        error={at('reason')}
        maxLength={500}
        value={draft.reason}
        onChange={(event) => set({ reason: event.target.value })}
      />
      <div>
        <Button type="submit" busy={add.isPending}>
          {t.add}
        </Button>
      </div>
    </form>
  );
};
