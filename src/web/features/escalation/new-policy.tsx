import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { escalation as t } from '../../text/escalation.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Dialog } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import type { Target } from './queries.ts';
import { slugOf } from './sentences.ts';
import { firstTarget, TargetEditor, type useChoices } from './target-editor.tsx';

/** A policy of one step, to be gone on with on its page. Never takes the place of one that is there. */
export const NewPolicy = ({ known, onClose }: { known: NonNullable<ReturnType<typeof useChoices>>; onClose: () => void }) => {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [title, setTitle] = useState('');
  const [typed, setTyped] = useState<string>();
  const [team, setTeam] = useState('');
  const [target, setTarget] = useState<Target | undefined>(() => firstTarget(known.choices));
  const [tried, setTried] = useState(false);
  const name = typed ?? slugOf(title);
  const create = useMutation({
    mutationFn: (first: Target) =>
      ok(
        api.PUT('/api/escalation-policies/{name}', {
          params: { path: { name } },
          headers: { 'if-none-match': '*' },
          body: {
            title: title.trim(),
            ...(team ? { team } : {}),
            steps: [{ targets: [first], escalate_after_seconds: 300, when: {} }],
            repeat: 2,
          },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['escalation'] });
      await navigate({ to: `/escalation/${name}` });
    },
  });
  const field = create.error instanceof ApiProblem ? create.error.field : undefined;
  const taken = create.error instanceof ApiProblem && create.error.status === 412 ? create.error.message : undefined;
  const send = () => {
    setTried(true);
    if (title.trim() && name && target) create.mutate(target);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.new.title}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          {target && (
            <Button look="main" busy={create.isPending} onClick={send}>
              {t.new.create}
            </Button>
          )}
        </>
      }
    >
      {!taken && field !== 'name' && <ProblemStrip error={create.error} />}
      <TextField
        label={t.new.called}
        value={title}
        maxLength={200}
        error={tried && !title.trim() ? t.new.needed : undefined}
        onChange={(event) => setTitle(event.target.value)}
      />
      <TextField
        label={t.new.name}
        hint={t.new.nameHint}
        value={name}
        error={taken ?? (field === 'name' ? (create.error as ApiProblem).message : undefined)}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Select
        label={t.new.team}
        hint={t.new.teamHint}
        value={team}
        onChange={setTeam}
        options={[{ value: '', label: t.new.nobodys }, ...known.choices.teams]}
      />
      {target ? (
        <>
          <h3 className="font-strong">{t.new.first}</h3>
          <TargetEditor target={target} onChange={setTarget} choices={known.choices} />
          <p className="text-meta text-fg-subtle">{t.new.firstHint}</p>
        </>
      ) : (
        <p className="text-fg-muted">{t.new.nobody}</p>
      )}
    </Dialog>
  );
};
