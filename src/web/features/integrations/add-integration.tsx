import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { integrations as t } from '../../text/integrations.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Dialog } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { fieldError } from '../editing/field-error.ts';
import { servicesQuery } from '../incidents/queries.ts';
import { isSlug } from '../services/slug.ts';
import { type LineDraft, PhoneFields } from './phone-fields.tsx';
import { ALL_KINDS, type AnyKind } from './queries.ts';

/** A new integration, for one service or one to be chosen; then its set-up is shown, with the key this once. */
export const AddIntegration = ({ service: given, onClose }: { service?: string | undefined; onClose: () => void }) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const services = useQuery(servicesQuery).data?.items ?? [];
  const [service, setService] = useState(given ?? '');
  const [kind, setKind] = useState<AnyKind>('alertmanager');
  const [line, setLine] = useState<LineDraft>({ number: '' });
  const [typed, setName] = useState<string>();
  const [key, setKey] = useState('');
  const [tried, setTried] = useState(false);
  const name = typed ?? (service ? `${service}-${kind}`.slice(0, 63) : '');
  const make = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/integrations/{name}', {
          params: { path: { name } },
          body: { service, kind, ...(key.trim() ? { key: key.trim() } : {}), ...(kind === 'phone' ? { phone: line } : {}) },
          headers: { 'if-none-match': '*' },
        }),
      ),
    onSuccess: async (made) => {
      client.setQueryData(['integrations', 'made', name], made.key);
      await client.invalidateQueries({ queryKey: ['integrations', 'list'] });
      await navigate({ to: `/integrations/${name}` });
    },
  });
  const problem = make.error instanceof ApiProblem ? make.error : undefined;
  const errorOf = (field: string) => fieldError(problem, field);
  const send = () => {
    setTried(true);
    if (isSlug(name) && service) make.mutate();
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
      {problem && !/^(name|service|key|phone\..+)$/.test(problem.field ?? '') && <ProblemStrip error={problem} />}
      {!given && (
        <Select
          label={t.make.service}
          hint={t.make.serviceHint}
          value={service}
          onChange={setService}
          options={services.map((one) => ({ value: one.name, label: one.title || one.name }))}
          error={errorOf('service') ?? (tried && !service ? t.make.needService : undefined)}
        />
      )}
      <Select
        label={t.make.kind}
        value={kind}
        onChange={(next) => setKind(next as AnyKind)}
        options={ALL_KINDS.map((value) => ({ value, label: t.kinds[value] }))}
      />
      {kind === 'phone' && <PhoneFields value={line} onChange={setLine} errorOf={errorOf} />}
      <TextField
        label={t.make.name}
        hint={t.make.nameHint}
        value={name}
        maxLength={63}
        onChange={(event) => setName(event.target.value)}
        error={errorOf('name') ?? (tried && !isSlug(name) ? t.make.needName : undefined)}
      />
      <TextField
        label={t.make.key}
        hint={t.make.keyHint}
        value={key}
        maxLength={64}
        onChange={(event) => setKey(event.target.value)}
        error={errorOf('key')}
      />
    </Dialog>
  );
};
