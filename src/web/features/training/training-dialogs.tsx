import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiProblem } from '../../api/client.ts';
import { training as t } from '../../text/training.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { Switch, TextArea, TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Dialog } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { peopleQuery } from '../incidents/queries.ts';
import type { Training, TrainingBody } from './queries.ts';

type Saving<T extends unknown[]> = { run: (...given: T) => void; busy: boolean; error: unknown };

/** Who learns, with whom, and what is asked of them. */
export const TrainingDialog = ({
  of,
  taken,
  save,
  onClose,
}: {
  of: Training | undefined;
  /** Who is in training already. */
  taken: string[];
  save: Saving<[who: string, body: TrainingBody]>;
  onClose: () => void;
}) => {
  const people = (useQuery(peopleQuery).data?.items ?? []).filter((one) => one.active);
  const [who, setWho] = useState(of?.person ?? '');
  const [body, setBody] = useState<Required<TrainingBody>>({
    mentor: of?.mentor ?? '',
    shadow_wanted: of?.shadow_wanted ?? 2,
    reverse_shadow_wanted: of?.reverse_shadow_wanted ?? 2,
    loud: of?.loud ?? false,
    behind_seconds: of?.behind_seconds ?? 120,
  });
  const problem = (save.error as ApiProblem | null) ?? undefined;
  const at = (field: string) => (problem?.field === field ? problem.message : undefined);
  const FIELDS = ['mentor', 'shadow_wanted', 'reverse_shadow_wanted', 'behind_seconds'] as const;
  const options = (not: string[]) => [
    { value: '', label: t.form.pick },
    ...people.filter((one) => !not.includes(one.name)).map((one) => ({ value: one.name, label: one.display_name })),
  ];
  const count = (key: (typeof FIELDS)[number] & `${string}_${string}`, label: string, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      type="number"
      min={0}
      required
      error={at(key)}
      value={Number.isNaN(body[key]) ? '' : body[key]}
      onChange={(event) => setBody({ ...body, [key]: event.target.valueAsNumber })}
    />
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.form.title(of?.display_name)}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="main" busy={save.busy} disabled={who === '' || body.mentor === ''} onClick={() => save.run(who, body)}>
            {t.form.save}
          </Button>
        </>
      }
    >
      {problem && !FIELDS.some((field) => field === problem.field) && <ProblemStrip error={problem} />}
      {!of && <Select label={t.form.person} value={who} onChange={setWho} options={options(taken)} />}
      <Select
        label={t.form.mentor}
        hint={t.form.mentorHint}
        error={at('mentor')}
        value={body.mentor}
        onChange={(mentor) => setBody({ ...body, mentor })}
        options={options([who])}
      />
      <div className="grid grid-cols-2 items-start gap-3">
        {count('shadow_wanted', t.form.shadow)}
        {count('reverse_shadow_wanted', t.form.reverse)}
      </div>
      {count('behind_seconds', t.form.behind, t.form.behindHint)}
      <div className="flex flex-col gap-1">
        <Switch checked={body.loud} onChange={(loud) => setBody({ ...body, loud })}>
          {t.form.loud}
        </Switch>
        <p className="text-meta text-fg-subtle">{t.form.loudHint}</p>
      </div>
    </Dialog>
  );
};

/** The signature: that somebody may be on call alone, and what it rests on. */
export const SignDialog = ({ who, save, onClose }: { who: string; save: Saving<[note: string]>; onClose: () => void }) => {
  const [note, setNote] = useState('');
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.sign.title(who)}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="main" busy={save.busy} onClick={() => save.run(note)}>
            {t.sign.action}
          </Button>
        </>
      }
    >
      <ProblemStrip error={save.error} />
      <p className="text-fg-muted">{t.sign.why}</p>
      <TextArea label={t.sign.note} value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />
    </Dialog>
  );
};
