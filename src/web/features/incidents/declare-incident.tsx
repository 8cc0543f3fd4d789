import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { incidents as t } from '../../text/incidents.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Combobox, Select } from '../../ui/select.tsx';
import { peopleQuery, servicesQuery } from './queries.ts';

const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
type Severity = (typeof SEVERITIES)[number];

/** `page`: whom it is handed to at once, instead of the escalation policy. */
export const DeclareIncident = ({ onClose, page }: { onClose: () => void; page?: string | undefined }) => {
  const navigate = useNavigate();
  const services = useQuery(servicesQuery);
  const people = useQuery(peopleQuery);
  const [paged, setPaged] = useState(page ? [page] : []);
  const [title, setTitle] = useState('');
  const [service, setService] = useState('');
  const [severity, setSeverity] = useState<Severity>('error');
  const [urgency, setUrgency] = useState<'' | 'high' | 'low'>('');
  const [description, setDescription] = useState('');
  const [tried, setTried] = useState(false);
  const [left, setLeft] = useState(false);
  const declare = useMutation({
    mutationFn: async () => {
      const made = await ok(
        api.POST('/api/incidents', {
          body: {
            title: title.trim(),
            service,
            severity,
            ...(urgency ? { urgency } : {}),
            ...(description.trim() ? { description: description.trim() } : {}),
          },
        }),
      );
      if (paged.length > 0)
        await ok(
          api.POST('/api/incidents/{id}/reassign', { params: { path: { id: made.number } }, body: { people: paged } }),
        ).catch((thrown: unknown) => {
          throw new Error(t.dialogs.declare.notHanded(made.number, thrown instanceof Error ? thrown.message : String(thrown)));
        });
      return made;
    },
    onSuccess: (made) => {
      toast(t.done.declared(made.number));
      void navigate({ to: `/incidents/${made.number}` });
    },
  });
  const chosen = services.data?.items.find((one) => one.name === service);
  const field = declare.error instanceof ApiProblem ? declare.error.field : undefined;
  const errorOf = (name: string) => (field === name ? (declare.error as ApiProblem).message : undefined);
  const send = () => {
    setTried(true);
    if (title.trim() && service) declare.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.dialogs.declare.title}
      wide
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="main" busy={declare.isPending} onClick={send}>
            {t.act.declare}
          </Button>
        </>
      }
    >
      {declare.error && !field && <ProblemStrip error={declare.error} />}
      <TextField
        label={t.dialogs.declare.what}
        hint={t.dialogs.declare.hint}
        value={title}
        maxLength={1024}
        onChange={(event) => setTitle(event.target.value)}
        onBlur={() => setLeft(title !== '')}
        error={errorOf('title') ?? ((tried || left) && !title.trim() ? t.dialogs.declare.needTitle : undefined)}
      />
      <Select
        label={t.dialogs.declare.service}
        value={service}
        onChange={setService}
        options={
          services.data?.items.map((one) => ({ value: one.name, label: one.title || one.name, hint: one.team ?? '' })) ?? []
        }
        error={errorOf('service') ?? (tried && !service ? t.dialogs.declare.needService : undefined)}
        hint={
          services.data?.items.length === 0
            ? t.dialogs.declare.noServices
            : chosen &&
              (chosen.escalation_policy ? t.dialogs.declare.pages(chosen.escalation_policy) : t.dialogs.declare.pagesNobody)
        }
      />
      <div className="grid gap-3 desk:grid-cols-2">
        <Select
          label={t.dialogs.declare.severity}
          value={severity}
          onChange={(value) => setSeverity(value as Severity)}
          options={SEVERITIES.map((value) => ({ value, label: ui.severity[value] }))}
        />
        <Select
          label={t.dialogs.declare.urgency}
          value={urgency}
          onChange={(value) => setUrgency(value as '')}
          options={[
            { value: '', label: t.dialogs.declare.auto },
            { value: 'high', label: t.urgency.high },
            { value: 'low', label: t.urgency.low },
          ]}
        />
      </div>
      <Combobox
        label={t.dialogs.declare.people}
        hint={t.dialogs.declare.peopleHint}
        placeholder={t.dialogs.reassign.placeholder}
        value={paged}
        onChange={setPaged}
        options={
          people.data?.items.filter((one) => one.active).map((one) => ({ value: one.name, label: one.display_name })) ?? []
        }
      />
      <TextArea
        label={t.dialogs.declare.description}
        value={description}
        maxLength={25_000}
        onChange={(event) => setDescription(event.target.value)}
        error={errorOf('description')}
      />
    </Dialog>
  );
};
