import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { routing } from '../../text/routing.ts';
import { ui } from '../../text/ui.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Switch, TextField } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { servicesQuery } from '../incidents/queries.ts';
import { ConditionEditor } from '../matching/condition-editor.tsx';
import type { RoutingRule } from './queries.ts';

const t = routing.field;
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
type SetOf = RoutingRule['set'];

/** `undefined` is absence. */
const withSet = <K extends keyof SetOf>(rule: RoutingRule, key: K, value: SetOf[K] | undefined): RoutingRule => {
  const { [key]: _, ...rest } = rule.set;
  return { ...rule, set: (value === undefined ? rest : { ...rest, [key]: value }) as SetOf };
};

/** The fields of one rule. */
export const RuleEditor = ({
  rule,
  onChange,
  nameError,
}: {
  rule: RoutingRule;
  onChange: (rule: RoutingRule) => void;
  nameError: string | undefined;
}) => {
  const services = useQuery(servicesQuery).data?.items ?? [];
  const keep = { value: '', label: t.serviceKeep };
  return (
    <div className="flex max-w-180 flex-col gap-4">
      <div className="max-w-90">
        <TextField
          label={t.name}
          hint={t.nameHint}
          value={rule.name}
          maxLength={63}
          error={nameError}
          onChange={(event) => onChange({ ...rule, name: event.target.value })}
        />
      </div>
      <div className="flex flex-col gap-1">
        <p className="text-meta text-fg-muted">{t.when}</p>
        <ConditionEditor condition={rule.when} onChange={(when) => onChange({ ...rule, when })} />
      </div>
      <div className="flex flex-col gap-3">
        <p className="text-meta text-fg-muted">{t.effect}</p>
        <div className="grid gap-3 desk:grid-cols-3">
          <Select
            label={t.service}
            value={rule.set.service ?? ''}
            onChange={(next) => onChange(withSet(rule, 'service', next || undefined))}
            options={[keep, ...services.map((one) => ({ value: one.name, label: one.title || one.name }))]}
          />
          <Select
            label={t.severity}
            value={rule.set.severity ?? ''}
            onChange={(next) => onChange(withSet(rule, 'severity', (next || undefined) as SetOf['severity']))}
            options={[keep, ...SEVERITIES.map((one) => ({ value: one, label: ui.severity[one] }))]}
          />
          <Select
            label={t.urgency}
            value={rule.set.urgency ?? ''}
            onChange={(next) => onChange(withSet(rule, 'urgency', (next || undefined) as SetOf['urgency']))}
            options={[keep, ...(['high', 'low'] as const).map((one) => ({ value: one, label: t.urgencies[one] }))]}
          />
        </div>
        <Labels labels={rule.set.labels} onChange={(labels) => onChange(withSet(rule, 'labels', labels))} />
        <Switch
          checked={rule.drop !== undefined}
          onChange={(on) => {
            const { drop: _, ...rest } = rule;
            onChange(on ? { ...rest, drop: '' } : rest);
          }}
        >
          {t.drop}
        </Switch>
        {rule.drop !== undefined && (
          <TextField
            label={t.dropWhy}
            hint={t.dropHint}
            value={rule.drop}
            maxLength={500}
            error={rule.drop === '' ? t.needDrop : undefined}
            onChange={(event) => onChange({ ...rule, drop: event.target.value })}
          />
        )}
        <Switch checked={rule.stop} onChange={(stop) => onChange({ ...rule, stop })}>
          {t.stop}
        </Switch>
      </div>
    </div>
  );
};

const Labels = ({
  labels,
  onChange,
}: {
  labels: Record<string, string> | undefined;
  onChange: (labels: Record<string, string> | undefined) => void;
}) => {
  // A row without a name lives only here: in the rule it is nothing.
  const [pairs, setPairs] = useState<[string, string][]>(Object.entries(labels ?? {}));
  const change = (next: [string, string][]) => {
    setPairs(next);
    const named = next.filter(([name]) => name.trim() !== '');
    onChange(named.length > 0 ? Object.fromEntries(named) : undefined);
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-meta text-fg-muted">{t.labels}</legend>
      {pairs.map(([name, value], index) => (
        <div key={index} className="grid max-w-120 grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] gap-2">
          <TextField
            label={t.labelName}
            labelHidden
            placeholder={t.labelName}
            value={name}
            maxLength={200}
            onChange={(event) => change(pairs.map((one, at) => (at === index ? [event.target.value, value] : one)))}
          />
          <TextField
            label={t.labelValue}
            labelHidden
            placeholder={t.labelValue}
            value={value}
            maxLength={2048}
            onChange={(event) => change(pairs.map((one, at) => (at === index ? [name, event.target.value] : one)))}
          />
          <IconButton look="quiet" label={t.removeLabel(name)} onClick={() => change(pairs.filter((_, at) => at !== index))}>
            <X size={14} aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <div>
        <Button size="sm" icon={<Plus size={12} aria-hidden="true" />} onClick={() => change([...pairs, ['', '']])}>
          {t.addLabel}
        </Button>
      </div>
    </fieldset>
  );
};
