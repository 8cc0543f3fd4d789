import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { MoreHorizontal } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { useTitle } from '../../shell/shell.tsx';
import { editing } from '../../text/editing.ts';
import { services as t } from '../../text/services.ts';
import { ui } from '../../text/ui.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { PageHead, PhoneFoot, ProblemStrip, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { usePhone } from '../../ui/width.ts';
import { fieldsChanged } from '../editing/differences.ts';
import { fieldError, useShowRefused } from '../editing/field-error.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { useMayChange } from '../editing/may-change.ts';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { type Service, saveService, serviceQuery } from './queries.ts';
import { ServiceFacts } from './service-facts.tsx';
import { ServiceFields } from './service-fields.tsx';
import { HealthOf, ServiceSide } from './service-side.tsx';

export const ServiceDetail = ({ name }: { name: string }) => {
  const service = useQuery(serviceQuery(name));
  useTitle(service.data?.data.title || name);
  if (service.error)
    return (
      <>
        <PageHead title={name} />
        <ProblemStrip error={service.error} />
      </>
    );
  if (!service.data) return <SkeletonRows />;
  return <Loaded key={name} current={service.data as Tagged<Service>} />;
};

const Loaded = ({ current }: { current: Tagged<Service> }) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const phone = usePhone();
  const can = useCan();
  const mayChange = useMayChange();
  const draft = useDraft(current);
  const { value } = draft;
  const [removing, setRemoving] = useState(false);
  // What fields remember of their own begins anew with what is shown.
  const [round, setRound] = useState(0);
  const may = mayChange('service.write', current.data.team);
  const refresh = () => client.invalidateQueries({ queryKey: ['services'] });
  const save = useMutation({
    mutationFn: () => saveService(value, draft.base.tag),
    onSuccess: async () => {
      await refresh();
      draft.discard();
      setRound((before) => before + 1);
      toast(t.saved);
    },
    onError: (error) => isStale(error) && void refresh(),
  });
  const problem = save.error instanceof ApiProblem && save.error.status !== 412 ? save.error : undefined;
  const errorOf = (field: string) => fieldError(problem, field);
  useShowRefused(problem);
  const changes = draft.dirty ? Math.max(1, fieldsChanged(draft.base.data, value)) : 0;
  const main = (
    <Button
      look="main"
      size={phone ? 'touch-main' : 'md'}
      busy={save.isPending}
      disabled={changes === 0}
      title={changes === 0 ? t.saved2 : undefined}
      onClick={() => save.mutate()}
    >
      {t.save}
    </Button>
  );
  return (
    <>
      <LeaveGuard changes={changes} />
      <PageHead title={current.data.title || current.data.name} fact={current.data.title ? current.data.name : undefined}>
        {changes > 0 && (
          <>
            <span className="text-meta text-fg-muted" role="status">
              {editing.unsaved(changes)}
            </span>
            <Button
              onClick={() => {
                draft.discard();
                save.reset();
                setRound(round + 1);
              }}
            >
              {editing.discard}
            </Button>
          </>
        )}
        {(may || can('silence.write')) && (
          <Menu
            trigger={
              <IconButton label={t.more}>
                <MoreHorizontal size={14} aria-hidden="true" />
              </IconButton>
            }
            entries={[
              ...(can('silence.write')
                ? [
                    {
                      label: t.maintenance,
                      onSelect: () => void navigate({ to: '/silences/new', search: { service: current.data.name } as never }),
                    },
                  ]
                : []),
              ...(may ? ['line' as const, { label: t.remove, danger: true, onSelect: () => setRemoving(true) }] : []),
            ]}
          />
        )}
        {may && !phone && main}
      </PageHead>
      <StaleStrip
        draft={draft}
        refused={isStale(save.error) ? save.error : undefined}
        onResolved={() => {
          save.reset();
          setRound(round + 1);
        }}
      />
      <ProblemStrip error={problem} />
      <SplitPane sideLabel={t.side} side={<ServiceSide service={current.data} may={may} health={!phone} />}>
        {phone && <HealthOf name={current.data.name} />}
        {may ? (
          <ServiceFields key={round} value={value} onChange={draft.set} errorOf={errorOf} />
        ) : (
          <ServiceFacts service={value} />
        )}
      </SplitPane>
      {phone && changes > 0 && (
        <PhoneFoot>
          <div className="flex">{main}</div>
        </PhoneFoot>
      )}
      {removing && <RemoveService name={current.data.name} onClose={() => setRemoving(false)} />}
    </>
  );
};

const RemoveService = ({ name, onClose }: { name: string; onClose: () => void }) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/services/{name}', { params: { path: { name } } })),
    onSuccess: async () => {
      toast(t.removed(name));
      await navigate({ to: '/services' });
      client.removeQueries({ queryKey: ['services', 'one', name] });
      await client.invalidateQueries({ queryKey: ['services'] });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.removeTitle(name)}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="danger-main" busy={remove.isPending} onClick={() => remove.mutate()}>
            {t.remove}
          </Button>
        </>
      }
    >
      <ProblemStrip error={remove.error} />
      <p className="text-fg-muted">{t.removeWhy}</p>
    </Dialog>
  );
};
