import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client.ts';
import { useCan, useMe } from '../../api/me.ts';
import { routing } from '../../text/routing.ts';
import { services } from '../../text/services.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented, Switch, TextArea, TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { Combobox, Select } from '../../ui/select.tsx';
import { Muted } from '../../ui/text.tsx';
import { teamsQuery } from '../incidents/queries.ts';
import { labelsQuery } from '../matching/queries.ts';
import { zoneOptions } from '../matching/zones.ts';
import { BackTestResult } from '../routing/back-test.tsx';
import { DurationField } from './duration-field.tsx';
import { HoursFields } from './hours-fields.tsx';
import { policiesQuery, type Service } from './queries.ts';

const t = services.field;
type Props = { value: Service; onChange: (value: Service) => void; errorOf: (field: string) => string | undefined };

/** Every field of a service, in sections. */
export const ServiceFields = (props: Props) => (
  <>
    <About {...props} />
    <Paging {...props} />
    <Urgency {...props} />
    <Grouping {...props} />
    <Life {...props} />
  </>
);

const About = ({ value, onChange, errorOf }: Props) => (
  <Section title={services.sections.about} padded="page">
    <div className="flex max-w-160 flex-col gap-3">
      <TextField
        label={t.title}
        value={value.title}
        maxLength={200}
        placeholder={value.name}
        error={errorOf('title')}
        onChange={(event) => onChange({ ...value, title: event.target.value })}
      />
      <TextArea
        label={t.description}
        hint={t.descriptionHint}
        value={value.description}
        maxLength={2000}
        error={errorOf('description')}
        onChange={(event) => onChange({ ...value, description: event.target.value })}
      />
    </div>
  </Section>
);

/** `undefined` is absence: the key goes. */
const without = <T extends object, K extends keyof T>(value: T, key: K, next: T[K] | undefined): T => {
  const { [key]: _, ...rest } = value;
  return (next === undefined ? rest : { ...rest, [key]: next }) as T;
};

const Paging = ({ value, onChange, errorOf }: Props) => {
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const policies = useQuery(policiesQuery).data?.items ?? [];
  return (
    <Section title={services.sections.paging} padded="page">
      <div className="grid max-w-160 gap-3 desk:grid-cols-2">
        <Select
          label={t.policy}
          hint={t.policyHint}
          value={value.escalation_policy ?? ''}
          onChange={(next) => onChange(without(value, 'escalation_policy', next || undefined))}
          error={errorOf('escalation_policy')}
          options={[{ value: '', label: t.policyNone }, ...policies.map((one) => ({ value: one.name, label: one.name }))]}
        />
        <Select
          label={t.team}
          hint={t.teamHint}
          value={value.team ?? ''}
          onChange={(next) => onChange(without(value, 'team', next || undefined))}
          error={errorOf('team')}
          options={[
            { value: '', label: services.noTeam },
            ...teams.map((one) => ({ value: one.name, label: one.title || one.name })),
          ]}
        />
      </div>
    </Section>
  );
};

const Urgency = ({ value, onChange, errorOf }: Props) => {
  const zone = useMe()?.person?.time_zone ?? 'UTC';
  const support = value.support_hours;
  const set = (part: Partial<NonNullable<Service['support_hours']>>) =>
    support && onChange({ ...value, support_hours: { ...support, ...part } });
  return (
    <Section title={services.sections.urgency} padded="page">
      <div className="flex max-w-200 flex-col gap-3">
        <div className="flex flex-col gap-1">
          <Segmented
            label={t.urgency}
            value={value.urgency}
            onChange={(urgency) => onChange({ ...value, urgency })}
            options={(['by_severity', 'high', 'low'] as const).map((one) => ({ value: one, label: t.urgencies[one] }))}
          />
          <p className="text-meta text-fg-subtle">{t.urgencyHint[value.urgency]}</p>
        </div>
        <Switch
          checked={support !== undefined}
          onChange={(on) =>
            onChange(
              without(
                value,
                'support_hours',
                on
                  ? {
                      time_zone: zone,
                      hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:30' }],
                      urgency_outside: 'low',
                    }
                  : undefined,
              ),
            )
          }
        >
          {t.support}
        </Switch>
        {support && (
          <>
            <HoursFields hours={support.hours} onChange={(hours) => set({ hours })} errorOf={errorOf} />
            <div className="grid gap-3 desk:grid-cols-2">
              <Combobox
                label={t.zone}
                value={[support.time_zone]}
                onChange={(next) => set({ time_zone: next.at(-1) ?? support.time_zone })}
                options={zoneOptions()}
                error={errorOf('support_hours.time_zone')}
              />
              <div className="flex flex-col gap-1">
                <span className="text-meta text-fg-muted">{t.outside}</span>
                <Segmented
                  label={t.outside}
                  value={support.urgency_outside}
                  onChange={(urgency_outside) => set({ urgency_outside })}
                  options={(['low', 'high'] as const).map((one) => ({ value: one, label: t.outsides[one] }))}
                />
              </div>
            </div>
            <p className="text-meta text-fg-subtle">{t.supportHint}</p>
          </>
        )}
      </div>
    </Section>
  );
};

const Grouping = ({ value, onChange, errorOf }: Props) => {
  const may = useCan()('alert.read');
  const labels = useQuery({ ...labelsQuery, enabled: may }).data?.items ?? [];
  const { grouping } = value;
  const set = (part: Partial<Service['grouping']>) => onChange({ ...value, grouping: { ...grouping, ...part } });
  const [typed, setTyped] = useState(grouping.by.join(', '));
  const known = [...new Set([...grouping.by, ...labels.map((one) => one.name)])];
  const test = useMutation({
    mutationFn: () =>
      ok(api.POST('/api/services/{name}/back-test', { params: { path: { name: value.name } }, body: { grouping, days: 30 } })),
  });
  return (
    <Section
      title={services.sections.grouping}
      padded="page"
      action={
        may && (
          <Button size="sm" busy={test.isPending} onClick={() => test.mutate()}>
            {test.data ? routing.backTest.again : services.backTest.do}
          </Button>
        )
      }
    >
      <div className="flex max-w-160 flex-col gap-3">
        {known.length > 0 ? (
          <Combobox
            label={t.by}
            hint={t.byHint}
            value={grouping.by}
            onChange={(by) => set({ by })}
            options={known.map((name) => ({ value: name, label: name }))}
            error={errorOf('grouping.by')}
            placeholder={t.byPlaceholder}
          />
        ) : (
          <TextField
            label={t.by}
            hint={t.byHint}
            placeholder={t.byPlaceholder}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              set({ by: event.target.value.split(/[\s,]+/).filter(Boolean) });
            }}
            error={errorOf('grouping.by')}
          />
        )}
        <div className="grid gap-3 desk:grid-cols-2">
          <DurationField
            label={t.window}
            hint={t.windowHint}
            seconds={grouping.window_seconds}
            onChange={(window_seconds) => set({ window_seconds })}
            error={errorOf('grouping.window_seconds')}
          />
          <DurationField
            label={t.maxAge}
            seconds={grouping.max_age_seconds}
            onChange={(max_age_seconds) => set({ max_age_seconds })}
            error={errorOf('grouping.max_age_seconds')}
          />
        </div>
        {test.error ? (
          <ProblemStrip error={test.error} />
        ) : test.isPending ? (
          <Muted>{routing.backTest.running}</Muted>
        ) : test.data ? (
          <BackTestResult result={test.data} rules={false} />
        ) : (
          may && <p className="text-meta text-fg-subtle">{services.backTest.hint}</p>
        )}
      </div>
    </Section>
  );
};

const REMIND = 1800;
const Life = ({ value, onChange, errorOf }: Props) => (
  <>
    <Section title={services.sections.life} padded="page">
      <div className="flex max-w-160 flex-col gap-3">
        <div className="flex flex-col gap-1">
          <span className="text-meta text-fg-muted">{t.onResolved}</span>
          <Segmented
            label={t.onResolved}
            value={value.on_all_resolved}
            onChange={(on_all_resolved) => onChange({ ...value, on_all_resolved })}
            options={(['auto', 'ask', 'never'] as const).map((one) => ({ value: one, label: t.onResolveds[one] }))}
          />
        </div>
        <Switch
          checked={value.acknowledge_timeout_seconds !== null}
          onChange={(on) => onChange({ ...value, acknowledge_timeout_seconds: on ? REMIND : null })}
        >
          {t.acknowledge}
        </Switch>
        {value.acknowledge_timeout_seconds !== null && (
          <DurationField
            label={t.acknowledgeAfter}
            seconds={value.acknowledge_timeout_seconds}
            onChange={(seconds) => onChange({ ...value, acknowledge_timeout_seconds: seconds })}
            error={errorOf('acknowledge_timeout_seconds')}
          />
        )}
      </div>
    </Section>
    <Section title={services.sections.flapping} padded="page">
      <div className="grid max-w-160 gap-3 desk:grid-cols-2">
        <TextField
          label={t.changes}
          hint={t.flappingHint}
          type="number"
          min={2}
          max={100}
          value={value.flapping.changes}
          error={errorOf('flapping.changes')}
          onChange={(event) => onChange({ ...value, flapping: { ...value.flapping, changes: Number(event.target.value) } })}
        />
        <DurationField
          label={t.within}
          seconds={value.flapping.within_seconds}
          onChange={(within_seconds) => onChange({ ...value, flapping: { ...value.flapping, within_seconds } })}
          error={errorOf('flapping.within_seconds')}
        />
      </div>
    </Section>
  </>
);
