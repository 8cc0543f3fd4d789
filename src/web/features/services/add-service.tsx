import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem } from '../../api/client.ts';
import { services as t } from '../../text/services.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { fieldError } from '../editing/field-error.ts';
import { teamsQuery } from '../incidents/queries.ts';
import { makeService, policiesQuery } from './queries.ts';
import { isSlug, slugOf } from './slug.ts';

export const AddService = ({ onClose }: { onClose: () => void }) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const policies = useQuery(policiesQuery).data?.items ?? [];
  const [title, setTitle] = useState('');
  const [typed, setName] = useState<string>();
  const [team, setTeam] = useState('');
  const [policy, setPolicy] = useState('');
  const [tried, setTried] = useState(false);
  const name = typed ?? slugOf(title);
  const make = useMutation({
    mutationFn: () =>
      makeService({
        name,
        title: title.trim(),
        ...(team ? { team } : {}),
        ...(policy ? { escalation_policy: policy } : {}),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['services'] });
      toast(t.make.done(name));
      await navigate({ to: `/services/${name}` });
    },
  });
  const problem = make.error instanceof ApiProblem ? make.error : undefined;
  const inField = ['name', 'title', 'team', 'escalation_policy'].includes(problem?.field ?? '');
  const errorOf = (field: string) => fieldError(problem, field);
  const send = () => {
    setTried(true);
    if (isSlug(name)) make.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.make.title}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="main" busy={make.isPending} onClick={send}>
            {t.make.do}
          </Button>
        </>
      }
    >
      {problem && !inField && <ProblemStrip error={problem} />}
      <TextField
        label={t.make.called}
        value={title}
        maxLength={200}
        error={errorOf('title')}
        onChange={(event) => setTitle(event.target.value)}
      />
      <TextField
        label={t.make.name}
        hint={t.make.nameHint}
        value={name}
        maxLength={63}
        error={errorOf('name') ?? (tried && !isSlug(name) ? t.make.needName : undefined)}
        onChange={(event) => setName(event.target.value)}
      />
      <Select
        label={t.make.policy}
        hint={t.field.policyHint}
        value={policy}
        onChange={setPolicy}
        error={errorOf('escalation_policy')}
        options={[{ value: '', label: t.field.policyNone }, ...policies.map((one) => ({ value: one.name, label: one.name }))]}
      />
      <Select
        label={t.make.team}
        hint={t.field.teamHint}
        value={team}
        onChange={setTeam}
        error={errorOf('team')}
        options={[{ value: '', label: t.noTeam }, ...teams.map((one) => ({ value: one.name, label: one.title || one.name }))]}
      />
      <p className="text-meta text-fg-subtle">{t.make.next}</p>
    </Dialog>
  );
};
