import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { integrations } from '../../text/integrations.ts';
import { ui } from '../../text/ui.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Segmented, TextArea, TextField } from '../../ui/field.tsx';
import { Details, problemText, Section, SplitPane } from '../../ui/layout.tsx';
import { Mark, Severity } from '../../ui/marks.tsx';
import { Select } from '../../ui/select.tsx';
import { Muted, Subtle } from '../../ui/text.tsx';
import { useSettled } from '../editing/use-settled.ts';
import { FIELDS, formOf, type Mapping, type MappingForm, mappingOf } from './mapping.ts';
import { eventsQuery } from './queries.ts';

const t = integrations.mapping;
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
const ACTIONS = ['trigger', 'acknowledge', 'resolve', 'ignore'] as const;

/** Which parts of a payload become which field, with what a payload becomes of it beside, as it is typed. */
export const MappingEditor = ({
  name,
  mapping,
  onChange,
  errorOf,
  may,
}: {
  name: string;
  mapping: Mapping | undefined;
  onChange: (mapping: Mapping | undefined) => void;
  errorOf: (field: string) => string | undefined;
  may: boolean;
}) => {
  const [as, setAs] = useState<'form' | 'json'>('form');
  return (
    <SplitPane sideLabel={t.tryOut} side={<TryOut name={name} mapping={mapping} />}>
      <Section
        title={integrations.tabs.mapping}
        padded="page"
        action={
          <Segmented
            label={integrations.tabs.mapping}
            value={as}
            onChange={setAs}
            options={[
              { value: 'form', label: t.form },
              { value: 'json', label: t.json },
            ]}
          />
        }
      >
        <div className="flex max-w-160 flex-col gap-3">
          <p className="text-fg-muted">{mapping === undefined ? t.none : t.intro}</p>
          {as === 'form' ? (
            <Form mapping={mapping} onChange={onChange} errorOf={errorOf} may={may} />
          ) : (
            <Json mapping={mapping} onChange={onChange} may={may} />
          )}
          {may && mapping !== undefined && (
            <div>
              <Button size="sm" onClick={() => onChange(undefined)}>
                {t.clear}
              </Button>
            </div>
          )}
        </div>
      </Section>
    </SplitPane>
  );
};

const Form = ({
  mapping,
  onChange,
  errorOf,
  may,
}: {
  mapping: Mapping | undefined;
  onChange: (mapping: Mapping | undefined) => void;
  errorOf: (field: string) => string | undefined;
  may: boolean;
}) => {
  // Rows without a name live only here: in the mapping they are nothing.
  const [typed, setTyped] = useState<{ form: MappingForm; from: string }>();
  const saved = JSON.stringify(mapping);
  const form = typed && typed.from === saved ? typed.form : formOf(mapping);
  const change = (part: Partial<MappingForm>) => {
    const next = { ...form, ...part };
    const made = mappingOf(next);
    setTyped({ form: next, from: JSON.stringify(made) as string });
    onChange(made);
  };
  return (
    <fieldset disabled={!may} className="flex min-w-0 flex-col gap-3">
      <legend className="vh">{integrations.tabs.mapping}</legend>
      <div className="grid gap-3 desk:grid-cols-2">
        {FIELDS.map((field) => (
          <TextField
            key={field}
            label={t.fields[field]}
            placeholder={t.hints[field]}
            value={form[field]}
            error={errorOf(`mapping.${field}`)}
            onChange={(event) => change({ [field]: event.target.value })}
          />
        ))}
      </div>
      <Pairs
        title={t.labels}
        pairs={form.labels}
        onChange={(labels) => change({ labels })}
        names={[t.labelName, t.path]}
        add={t.addLabel}
        remove={t.removeLabel}
        errorOf={(label) => errorOf(`mapping.labels.${label}`)}
      />
      <Pairs
        title={t.severityMap}
        pairs={form.severity_map}
        onChange={(severity_map) => change({ severity_map })}
        names={[t.word, t.means]}
        add={t.addWord}
        remove={t.removeWord}
        options={SEVERITIES.map((value) => ({ value, label: ui.severity[value] }))}
      />
      <Pairs
        title={t.actionMap}
        pairs={form.action_map}
        onChange={(action_map) => change({ action_map })}
        names={[t.word, t.means]}
        add={t.addWord}
        remove={t.removeWord}
        options={ACTIONS.map((value) => ({ value, label: t.actions[value] }))}
      />
    </fieldset>
  );
};

/** Names with a value each; a value is typed, or one of `options`. */
const Pairs = ({
  title,
  pairs,
  onChange,
  names,
  add,
  remove,
  options,
  errorOf,
}: {
  title: string;
  pairs: [string, string][];
  onChange: (pairs: [string, string][]) => void;
  names: [string, string];
  add: string;
  remove: (name: string) => string;
  options?: { value: string; label: string }[];
  errorOf?: (name: string) => string | undefined;
}) => {
  const change = (index: number, pair: [string, string]) => onChange(pairs.map((one, at) => (at === index ? pair : one)));
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-meta text-fg-muted">{title}</legend>
      {pairs.map(([name, value], index) => (
        <div key={index} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-start gap-2">
          <TextField
            label={names[0]}
            labelHidden
            placeholder={names[0]}
            value={name}
            onChange={(event) => change(index, [event.target.value, value])}
          />
          {options ? (
            <Select
              label={names[1]}
              labelHidden
              value={value}
              onChange={(next) => change(index, [name, next])}
              options={options}
            />
          ) : (
            <TextField
              label={names[1]}
              labelHidden
              placeholder={names[1]}
              value={value}
              error={errorOf?.(name)}
              onChange={(event) => change(index, [name, event.target.value])}
            />
          )}
          <IconButton look="quiet" label={remove(name)} onClick={() => onChange(pairs.filter((_, at) => at !== index))}>
            <X size={14} aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon={<Plus size={12} aria-hidden="true" />}
          onClick={() => onChange([...pairs, ['', options?.[0]?.value ?? '']])}
        >
          {add}
        </Button>
      </div>
    </fieldset>
  );
};

const Json = ({
  mapping,
  onChange,
  may,
}: {
  mapping: Mapping | undefined;
  onChange: (mapping: Mapping | undefined) => void;
  may: boolean;
}) => {
  const [text, setText] = useState(mapping === undefined ? '' : JSON.stringify(mapping, undefined, 2));
  const [error, setError] = useState<string>();
  const type = (next: string) => {
    setText(next);
    if (next.trim() === '') {
      setError(undefined);
      onChange(undefined);
      return;
    }
    try {
      const value: unknown = JSON.parse(next);
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      setError(isObject ? undefined : t.notObject);
      if (isObject) onChange(value as Mapping);
    } catch {
      setError(t.notJson);
    }
  };
  return (
    <TextArea
      label={t.json}
      rows={16}
      spellCheck={false}
      disabled={!may}
      value={text}
      error={error}
      onChange={(event) => type(event.target.value)}
    />
  );
};

const TryOut = ({ name, mapping }: { name: string; mapping: Mapping | undefined }) => {
  const last = useQuery(eventsQuery(name)).data?.accepted[0]?.payload;
  const [typed, setTyped] = useState<string>();
  const text = typed ?? (last === undefined ? '' : JSON.stringify(last, undefined, 2));
  const settled = useSettled({ text, mapping });
  const result = useQuery({
    queryKey: ['alerts', 'try', name, settled],
    queryFn: () =>
      ok(
        api.POST('/api/integrations/{name}/try', {
          params: { path: { name } },
          body: { payload: payloadOf(settled.text), mapping: settled.mapping ?? null },
        }),
      ),
    enabled: settled.text.trim() !== '',
    retry: false,
    placeholderData: (before) => before,
  });
  const events = result.data?.events ?? [];
  return (
    <>
      <Section title={t.tryOut} fact={t.tryWhy}>
        <TextArea label={t.sample} rows={9} spellCheck={false} value={text} onChange={(event) => setTyped(event.target.value)} />
        {typed !== undefined && last !== undefined && (
          <div className="mt-2">
            <Button size="sm" onClick={() => setTyped(undefined)}>
              {t.useLast}
            </Button>
          </div>
        )}
      </Section>
      {text.trim() !== '' && (
        <div aria-live="polite">
          <Section title={t.result}>
            {result.error ? (
              <Muted>
                {result.error instanceof ApiProblem && result.error.field ? `${result.error.field}: ` : ''}
                {problemText(result.error)}
              </Muted>
            ) : result.data?.refused ? (
              <p>
                <Mark state="medium">{t.notTaken}</Mark> <Muted>{result.data.refused}</Muted>
              </p>
            ) : (
              events.map((event, index) => (
                <div key={index} className="border-b border-line py-2 last:border-b-0">
                  <Details
                    items={[
                      { label: t.fields.summary, value: <span className="font-strong">{event.summary}</span> },
                      { label: t.fields.severity, value: <Severity severity={event.severity} /> },
                      { label: t.fields.action, value: t.actions[event.action] },
                      { label: t.fields.source, value: event.source },
                      { label: t.key, value: <code className="wrap-anywhere">{event.dedup_key}</code> },
                      {
                        label: t.labels,
                        value: (
                          <ul>
                            {Object.entries(event.labels).map(([label, value]) => (
                              <li key={label} className="wrap-anywhere">
                                <Subtle>{label}</Subtle> {value}
                              </li>
                            ))}
                          </ul>
                        ),
                      },
                      ...(event.links.length > 0
                        ? [{ label: t.links2, value: event.links.map((one) => one.text ?? one.href).join(', ') }]
                        : []),
                    ]}
                  />
                </div>
              ))
            )}
            {(result.data?.problems.length ?? 0) > 0 && !result.error && (
              <ul aria-label={t.problems} className="mt-2 text-meta text-fg-muted">
                {result.data?.problems.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            )}
          </Section>
        </div>
      )}
    </>
  );
};

/** JSON as what it says; anything else as the text it is. */
const payloadOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
