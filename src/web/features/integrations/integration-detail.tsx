import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useTitle } from '../../shell/shell.tsx';
import { editing } from '../../text/editing.ts';
import { integrations as t } from '../../text/integrations.ts';
import { ui } from '../../text/ui.ts';
import { duration, useNow } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Empty, FactsRow, PageHead, PhoneFoot, ProblemStrip, Section, SkeletonRows, Strip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Time } from '../../ui/text.tsx';
import { usePhone } from '../../ui/width.ts';
import { fieldsChanged } from '../editing/differences.ts';
import { fieldError, useShowRefused } from '../editing/field-error.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { useMayChange } from '../editing/may-change.ts';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { servicesQuery } from '../incidents/queries.ts';
import { Calls } from './calls.tsx';
import { Events, RefusedRequests } from './inspector.tsx';
import { MailRulesEditor } from './mail-rules.tsx';
import { MappingEditor } from './mapping-editor.tsx';
import { PhoneFields } from './phone-fields.tsx';
import { eventsQuery, type Integration, integrationQuery, KINDS, type Kind, type Written } from './queries.ts';
import { Setup } from './setup.tsx';

export const IntegrationDetail = ({ name }: { name: string }) => {
  const one = useQuery(integrationQuery(name));
  useTitle(name);
  if (one.error && !one.data)
    return (
      <>
        <PageHead title={name} />
        <ProblemStrip error={one.error} />
      </>
    );
  if (!one.data) return <SkeletonRows />;
  const seen = one.data.data as Integration;
  // The key is shown apart and changed only by a new one.
  const { service, kind, mapping, mail, hmac_secret, phone } = seen;
  const written: Editable = {
    service,
    kind,
    ...(mapping ? { mapping } : {}),
    ...(mail ? { mail } : {}),
    ...(hmac_secret ? { hmac_secret } : {}),
    ...(phone ? { phone } : {}),
  };
  return <Loaded seen={seen} current={{ data: written, tag: one.data.tag }} />;
};

type Editable = Pick<Written, 'service' | 'kind' | 'mapping' | 'mail' | 'hmac_secret' | 'key' | 'phone'>;

const Loaded = ({ seen, current }: { seen: Integration; current: Tagged<Editable> }) => {
  const client = useQueryClient();
  const phone = usePhone();
  const can = useCan();
  const mayChange = useMayChange();
  const [search, set] = useSearchState();
  const services = useQuery(servicesQuery).data?.items ?? [];
  const events = useQuery({ ...eventsQuery(seen.name), enabled: can('alert.read') });
  const draft = useDraft(current);
  const { value } = draft;
  const [round, setRound] = useState(0);
  const may = mayChange('service.write', services.find((one) => one.name === seen.service)?.team);
  const refresh = () => client.invalidateQueries({ queryKey: ['integrations'] });
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/integrations/{name}', {
          params: { path: { name: seen.name } },
          body: value,
          headers: ifMatch(draft.base.tag),
        }),
      ),
    onSuccess: async () => {
      await refresh();
      draft.discard();
      setRound((before) => before + 1);
      toast(t.settings.saved);
    },
    onError: (error) => isStale(error) && void refresh(),
  });
  const problem = save.error instanceof ApiProblem && save.error.status !== 412 ? save.error : undefined;
  const errorOf = (field: string) => fieldError(problem, field);
  useShowRefused(problem);
  const changes = draft.dirty ? Math.max(1, fieldsChanged(draft.base.data, value)) : 0;
  const change = (part: Partial<Editable>) => draft.set({ ...value, ...part });
  const again = () => {
    draft.discard();
    save.reset();
    setRound(round + 1);
  };
  const main = changes > 0 && (
    <Button look="main" size={phone ? 'touch-main' : 'md'} busy={save.isPending} onClick={() => save.mutate()}>
      {t.settings.save}
    </Button>
  );
  const refused = events.data?.refused ?? [];
  return (
    <>
      <LeaveGuard changes={changes} />
      <PageHead title={seen.name} fact={t.kinds[seen.kind]}>
        {changes > 0 && (
          <>
            <span className="text-meta text-fg-muted" role="status">
              {editing.unsaved(changes)}
            </span>
            <Button onClick={again}>{editing.discard}</Button>
            {!phone && main}
          </>
        )}
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
      <Facts seen={seen} />
      <Tabs
        label={t.tabs.label}
        value={search.tab ?? 'setup'}
        onChange={(next) => set({ tab: next === 'setup' ? undefined : next, at: undefined })}
        tabs={[
          {
            value: 'setup',
            label: t.tabs.setup,
            panel: (
              <div className="relative overflow-y-auto">
                <Setup integration={seen} />
              </div>
            ),
          },
          ...(can('alert.read') && seen.kind === 'phone'
            ? [{ value: 'calls', label: t.tabs.calls, panel: <Calls name={seen.name} /> }]
            : []),
          ...(can('alert.read')
            ? [
                { value: 'events', label: t.tabs.events, panel: <Events name={seen.name} /> },
                {
                  value: 'refused',
                  label: t.tabs.refused,
                  count: refused.length || undefined,
                  panel: (
                    <RefusedRequests
                      integration={seen.name}
                      refused={refused}
                      empty={<Empty title={t.refused.empty}>{t.refused.emptyWhy}</Empty>}
                    />
                  ),
                },
              ]
            : []),
          ...(value.kind === 'generic' && can('simulate')
            ? [
                {
                  value: 'mapping',
                  label: t.tabs.mapping,
                  panel: (
                    <MappingEditor
                      key={round}
                      name={seen.name}
                      mapping={value.mapping}
                      onChange={(mapping) => {
                        const { mapping: _, ...rest } = value;
                        draft.set(mapping ? { ...rest, mapping } : rest);
                      }}
                      errorOf={errorOf}
                      may={may}
                    />
                  ),
                },
              ]
            : []),
          ...(value.kind === 'email' && can('simulate')
            ? [
                {
                  value: 'mail',
                  label: t.tabs.mail,
                  panel: (
                    <MailRulesEditor
                      key={round}
                      name={seen.name}
                      mail={value.mail}
                      onChange={(mail) => change({ mail })}
                      errorOf={errorOf}
                      may={may}
                    />
                  ),
                },
              ]
            : []),
          {
            value: 'settings',
            label: t.tabs.settings,
            panel: (
              <div className="relative overflow-y-auto">
                {may ? (
                  <Settings name={seen.name} value={value} onChange={change} errorOf={errorOf} services={services} />
                ) : (
                  <Strip>{t.settings.readOnly}</Strip>
                )}
              </div>
            ),
          },
        ]}
      />
      {phone && main && (
        <PhoneFoot>
          <div className="flex">{main}</div>
        </PhoneFoot>
      )}
    </>
  );
};

/** What it heard, live: while nothing came, how long one has waited. */
const Facts = ({ seen }: { seen: Integration }) => {
  const time = useNow();
  const [since] = useState(time);
  return (
    <div aria-live="polite">
      <FactsRow
        facts={[
          {
            label: t.last.label,
            value: seen.last_event_at ? (
              <Mark state="ok">
                <Time at={seen.last_event_at} />
              </Mark>
            ) : (
              <Mark state="unknown">{t.last.waiting}</Mark>
            ),
            note: seen.last_event_at ? (
              t.ago(duration(time - Date.parse(seen.last_event_at)))
            ) : (
              <span aria-live="off">{t.last.listening(duration(time - since))}</span>
            ),
          },
          { label: t.last.today, value: t.last.alerts(seen.alerts_24h) },
          {
            label: t.last.refused,
            value: seen.refused_24h > 0 ? <Mark state="medium">{String(seen.refused_24h)}</Mark> : t.last.none,
          },
          { label: t.last.service, value: <Link to={`/services/${seen.service}`}>{seen.service}</Link> },
        ]}
      />
    </div>
  );
};

const Settings = ({
  name,
  value,
  onChange,
  errorOf,
  services,
}: {
  name: string;
  value: Editable;
  onChange: (part: Partial<Editable>) => void;
  errorOf: (field: string) => string | undefined;
  services: { name: string; title: string }[];
}) => {
  const [removing, setRemoving] = useState(false);
  const line = value.phone;
  return (
    <>
      <Section title={t.tabs.settings} padded="page">
        <div className="flex max-w-110 flex-col gap-3">
          <Select
            label={t.settings.service}
            hint={t.make.serviceHint}
            value={value.service}
            onChange={(service) => onChange({ service })}
            error={errorOf('service')}
            options={services.map((one) => ({ value: one.name, label: one.title || one.name }))}
          />
          {/* A line and a tool are told apart for good. */}
          {value.kind !== 'phone' && (
            <Select
              label={t.settings.kind}
              value={value.kind}
              onChange={(kind) => onChange({ kind: kind as Kind })}
              options={KINDS.map((kind) => ({ value: kind, label: t.kinds[kind] }))}
            />
          )}
          {line && (
            <PhoneFields all value={line} onChange={(next) => onChange({ phone: { ...line, ...next } })} errorOf={errorOf} />
          )}
          {value.kind === 'grafana' && (
            <TextField
              label={t.settings.hmac}
              hint={t.settings.hmacHint}
              value={value.hmac_secret ?? ''}
              maxLength={500}
              error={errorOf('hmac_secret')}
              onChange={(event) => onChange({ hmac_secret: event.target.value || undefined })}
            />
          )}
          <TextField
            label={t.settings.newKey}
            hint={`${t.settings.newKeyHint} ${t.settings.keyHint}`}
            value={value.key ?? ''}
            maxLength={64}
            error={errorOf('key')}
            onChange={(event) => onChange({ key: event.target.value || undefined })}
          />
        </div>
      </Section>
      <Section title={t.settings.remove} padded="page">
        <p className="mb-2 max-w-160 text-fg-muted">{t.settings.removeWhy}</p>
        <Button look="danger" onClick={() => setRemoving(true)}>
          {t.settings.remove}
        </Button>
      </Section>
      {removing && <RemoveIntegration name={name} onClose={() => setRemoving(false)} />}
    </>
  );
};

const RemoveIntegration = ({ name, onClose }: { name: string; onClose: () => void }) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/integrations/{name}', { params: { path: { name } } })),
    onSuccess: async () => {
      toast(t.settings.removed(name));
      await navigate({ to: '/services', search: { tab: 'integrations' } as never });
      await client.invalidateQueries({ queryKey: ['integrations', 'list'] });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.settings.removeTitle(name)}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="danger-main" busy={remove.isPending} onClick={() => remove.mutate()}>
            {t.settings.remove}
          </Button>
        </>
      }
    >
      <ProblemStrip error={remove.error} />
      <p className="text-fg-muted">{t.settings.removeWhy}</p>
    </Dialog>
  );
};
