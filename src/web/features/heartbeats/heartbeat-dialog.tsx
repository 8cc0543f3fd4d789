import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { heartbeats as t } from '../../text/integrations.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { Switch, TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { Code } from '../../ui/text.tsx';
import { fieldError } from '../editing/field-error.ts';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { integrationsQuery } from '../integrations/queries.ts';
import { DurationField } from '../services/duration-field.tsx';
import { type Heartbeat, heartbeatQuery, type Written } from './queries.ts';

const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;

/** A new heartbeat, or the one of this name to change; `service` narrows whose key may ping it. */
export const HeartbeatDialog = ({
  name,
  service,
  onClose,
}: {
  name?: string | undefined;
  service?: string | undefined;
  onClose: () => void;
}) => {
  const old = useQuery({ ...heartbeatQuery(name ?? ''), enabled: name !== undefined });
  if (name === undefined)
    return (
      <HeartbeatForm
        current={{
          data: { name: '', integration: '', interval_seconds: 86_400, enabled: true, severity: 'critical' },
          tag: undefined,
        }}
        isNew
        service={service}
        onClose={onClose}
      />
    );
  if (!old.data)
    return (
      <Dialog open onClose={onClose} title={t.edit}>
        {old.error ? <ProblemStrip error={old.error} /> : <p role="status">{ui.loading}</p>}
      </Dialog>
    );
  const { state: _, last_ping_at: __, ...written } = old.data.data as Heartbeat;
  return <HeartbeatForm current={{ data: written, tag: old.data.tag }} isNew={false} service={service} onClose={onClose} />;
};

const HeartbeatForm = ({
  current,
  isNew,
  service,
  onClose,
}: {
  current: Tagged<Written>;
  isNew: boolean;
  service: string | undefined;
  onClose: () => void;
}) => {
  const client = useQueryClient();
  const all = useQuery(integrationsQuery()).data?.items ?? [];
  const draft = useDraft(current);
  const { value } = draft;
  const [tried, setTried] = useState(false);
  const change = (part: Partial<Written>) => draft.set({ ...value, ...part });
  const choices = all.filter((one) => !service || one.service === service || one.name === value.integration);
  const integration = value.integration || (choices.length === 1 ? (choices[0]?.name ?? '') : '');
  const params = { path: { name: value.name.trim() } };
  const refresh = () => client.invalidateQueries({ queryKey: ['heartbeats'] });
  const save = useMutation({
    mutationFn: () => {
      const { name: _, summary, ...rest } = value;
      return ok(
        api.PUT('/api/heartbeats/{name}', {
          params,
          body: { ...rest, integration, ...(summary ? { summary } : {}) },
          headers: isNew ? { 'if-none-match': '*' } : ifMatch(draft.base.tag),
        }),
      );
    },
    onSuccess: async () => {
      await refresh();
      toast(t.saved);
      onClose();
    },
    onError: (error) => isStale(error) && void refresh(),
  });
  const restore = useMutation({
    mutationFn: () => {
      const { name: _, ...body } = draft.base.data;
      return ok(api.PUT('/api/heartbeats/{name}', { params, body }));
    },
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/heartbeats/{name}', { params })),
    onSuccess: () => {
      onClose();
      toast(t.removed(value.name), () => restore.mutate());
      client.removeQueries({ queryKey: ['heartbeats', 'one', value.name] });
      void refresh();
    },
  });
  const problem = save.error instanceof ApiProblem ? save.error : undefined;
  const errorOf = (field: string) => fieldError(problem, field);
  const inField = ['name', 'integration', 'interval_seconds', 'summary'].includes(problem?.field ?? '');
  const address = choices.find((one) => one.name === integration)?.addresses.heartbeat;
  const send = () => {
    setTried(true);
    if (value.name.trim() && integration) save.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={isNew ? t.add : t.edit}
      wide
      actions={
        <>
          {!isNew && (
            <span className="mr-auto">
              <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
                {t.form.remove}
              </Button>
            </span>
          )}
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="main" busy={save.isPending} onClick={send}>
            {t.form.save}
          </Button>
        </>
      }
    >
      {!isNew && <StaleStrip draft={draft} refused={isStale(save.error) ? save.error : undefined} onResolved={save.reset} />}
      {((problem && !inField && (isNew || !isStale(problem))) || remove.error) && (
        <ProblemStrip error={problem ?? remove.error} />
      )}
      {isNew && (
        <TextField
          label={t.form.name}
          hint={t.form.nameHint}
          value={value.name}
          maxLength={200}
          error={errorOf('name') ?? (tried && !value.name.trim() ? t.form.needName : undefined)}
          onChange={(event) => change({ name: event.target.value })}
        />
      )}
      <div className="grid gap-3 desk:grid-cols-2">
        <Select
          label={t.form.integration}
          hint={t.form.integrationHint}
          value={integration}
          onChange={(next) => change({ integration: next })}
          error={errorOf('integration') ?? (tried && !integration ? t.form.needIntegration : undefined)}
          options={choices.map((one) => ({ value: one.name, label: one.name, hint: one.service }))}
        />
        <Select
          label={t.form.severity}
          value={value.severity}
          onChange={(severity) => change({ severity: severity as Written['severity'] })}
          options={SEVERITIES.map((one) => ({ value: one, label: ui.severity[one] }))}
        />
      </div>
      <DurationField
        label={t.form.interval}
        seconds={value.interval_seconds}
        onChange={(interval_seconds) => change({ interval_seconds })}
        error={errorOf('interval_seconds')}
      />
      <TextField
        label={t.form.summary}
        hint={t.form.summaryHint}
        value={value.summary ?? ''}
        maxLength={1024}
        error={errorOf('summary')}
        onChange={(event) => change({ summary: event.target.value })}
      />
      <Switch checked={value.enabled} onChange={(enabled) => change({ enabled })}>
        {t.form.enabled}
      </Switch>
      {address && value.name.trim() && (
        <div className="flex flex-col gap-1">
          <span className="text-meta text-fg-muted">{t.form.address}</span>
          <Code label={t.form.address}>{address.replace('{name}', encodeURIComponent(value.name.trim()))}</Code>
        </div>
      )}
    </Dialog>
  );
};
