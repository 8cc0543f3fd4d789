import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { exists } from '../../screens.ts';
import { useSearchState } from '../../search-state.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { simulate as t } from '../../text/why.ts';
import { clock, short, weekdayAndDay } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { DateTimeField, Segmented, TextArea } from '../../ui/field.tsx';
import { Empty, PageHead, ProblemStrip, Section, SplitPane, Strip } from '../../ui/layout.tsx';
import { Select } from '../../ui/select.tsx';
import { Time } from '../../ui/text.tsx';
import { alertQuery } from '../alerts/queries.ts';
import { integrationsQuery, recentAlertsQuery } from './choices.ts';
import { ForeseenPath } from './foreseen.tsx';
import { foresee, type Question } from './queries.ts';

/** What is not JSON goes as text: some tools send a form or a plain line. */
const payloadOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
const EXAMPLE = JSON.stringify({ summary: 'Checkout API returns 5xx', severity: 'critical', env: 'prod' }, null, 2);

type Problems = Partial<Record<'integration' | 'payload' | 'alert' | 'at', string>>;

/** What would happen: the same path as a trace, of something that has not arrived. Source, integration and moment are in the address. */
export const Simulate = () => {
  const [search, set] = useSearchState();
  const integrations = useQuery(integrationsQuery);
  const [text, setText] = useState('');
  const [problems, setProblems] = useState<Problems>({});
  const ask = useMutation({ mutationFn: (question: Question) => foresee(question) });
  const asked = useRef<string>(undefined);
  const result = useRef<HTMLDivElement>(null);

  const from = search.from === 'alert' ? 'alert' : 'payload';
  const only = integrations.data?.items.length === 1 ? integrations.data.items[0]?.name : undefined;
  const linked = useQuery({ ...alertQuery(search.alert ?? ''), enabled: search.alert !== undefined });
  const integration = search.integration ?? linked.data?.integration ?? only ?? '';
  const later = search.at !== undefined;
  const at = search.at === 'choose' ? undefined : search.at;
  const state = JSON.stringify([from, integration, search.alert, text, search.at]);

  const find = (): Problems => ({
    ...(from === 'payload' && !integration ? { integration: t.needIntegration } : {}),
    ...(from === 'payload' && !text.trim() ? { payload: t.needPayload } : {}),
    ...(from === 'alert' && !search.alert ? { alert: t.needAlert } : {}),
    ...(later && !at ? { at: t.needMoment } : {}),
  });
  const run = () => {
    const found = find();
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    asked.current = state;
    ask.mutate(
      {
        ...(from === 'alert' ? { alert: search.alert as string } : { integration, payload: payloadOf(text) }),
        ...(at ? { at } : {}),
      },
      { onSuccess: () => requestAnimationFrame(() => result.current?.scrollIntoView({ block: 'nearest' })) },
    );
  };
  useShortcuts([{ key: 't', label: t.run, run }]);
  // Whoever comes from an alert with everything chosen sees the answer at once.
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || search.from !== 'alert' || !search.alert) return;
    begun.current = true;
    run();
  });

  if (integrations.data?.items.length === 0)
    return (
      <>
        <PageHead title={t.title} fact={t.fact} />
        <Empty
          title={t.none.title}
          action={
            exists('/services') && (
              <Link to="/services" look="button">
                {t.none.action}
              </Link>
            )
          }
        >
          {t.none.why}
        </Empty>
      </>
    );

  const refused = ask.error instanceof ApiProblem ? ask.error : undefined;
  const inField = (field: 'integration' | 'payload' | 'alert' | 'at') =>
    problems[field] ?? (refused?.field === field ? refused.message : undefined);
  const shownBelow = refused?.field && ['integration', 'payload', 'alert', 'at'].includes(refused.field);
  return (
    <>
      <PageHead title={t.title} fact={t.fact} />
      <ProblemStrip error={integrations.error ?? (shownBelow ? undefined : ask.error)} />
      <SplitPane
        sideFirst
        sideLabel={t.source}
        side={
          <form
            className="flex flex-col gap-4 p-4"
            onSubmit={(event) => {
              event.preventDefault();
              run();
            }}
          >
            <Segmented
              label={t.source}
              value={from}
              onChange={(next) => set({ from: next === 'alert' ? 'alert' : undefined, alert: undefined })}
              options={[
                { value: 'payload', label: t.sources.payload },
                { value: 'alert', label: t.sources.alert },
              ]}
            />
            <Select
              label={t.integration}
              hint={from === 'payload' ? t.integrationHint : undefined}
              value={integration}
              onChange={(next) => set({ integration: next, alert: undefined })}
              error={inField('integration')}
              options={[
                ...(integration ? [] : [{ value: '', label: t.choose }]),
                ...(integrations.data?.items ?? []).map((one) => ({ value: one.name, label: one.name, hint: one.kind })),
              ]}
            />
            {from === 'alert' ? (
              <PickAlert integration={integration} error={inField('alert')} />
            ) : (
              <PayloadField integration={integration} text={text} onText={setText} error={inField('payload')} />
            )}
            <div className="flex flex-col gap-2">
              <span className="text-meta text-fg-muted">{t.when}</span>
              <Segmented
                label={t.when}
                value={later ? 'later' : 'now'}
                onChange={(next) => set({ at: next === 'now' ? undefined : 'choose' })}
                options={[
                  { value: 'now', label: t.now },
                  { value: 'later', label: t.later },
                ]}
              />
              {later && (
                <DateTimeField label={t.at} value={at} onChange={(next) => set({ at: next ?? 'choose' })} error={inField('at')} />
              )}
            </div>
            <Button look="main" size="lg" type="submit" shortcut="T" busy={ask.isPending}>
              {ask.isPending ? t.running : t.run}
            </Button>
          </form>
        }
      >
        <div ref={result} aria-live="polite">
          {ask.data && asked.current !== state && <Strip state="unknown">{t.stale}</Strip>}
          {ask.data ? (
            <Section
              title={t.result}
              padded="page"
              fact={
                <>
                  {t.asOf} <Time at={ask.data.at}>{`${weekdayAndDay(ask.data.at)} ${clock(ask.data.at)}`}</Time>
                </>
              }
            >
              {ask.data.notes.map((note) => (
                <p key={note} className="pb-2 text-fg-muted">
                  {note}
                </p>
              ))}
              {ask.data.alerts.length === 0 && <Empty title={t.nothing.title}>{t.nothing.why}</Empty>}
              {ask.data.alerts.map((alert, index) => (
                <ForeseenPath key={index} alert={alert} index={index} of={ask.data.alerts.length} at={ask.data.at} />
              ))}
            </Section>
          ) : (
            <Empty title={t.start.title}>{t.start.why}</Empty>
          )}
        </div>
      </SplitPane>
    </>
  );
};

const PayloadField = ({
  integration,
  text,
  onText,
  error,
}: {
  integration: string;
  text: string;
  onText: (text: string) => void;
  error: string | undefined;
}) => {
  const can = useCan();
  const latest = useQuery({ ...recentAlertsQuery(integration), enabled: can('alert.read') && integration !== '' }).data?.[0];
  return (
    <div className="flex flex-col gap-1.5">
      <TextArea
        label={t.payload}
        hint={t.payloadHint}
        rows={10}
        spellCheck={false}
        style={{ fontFamily: 'var(--font-mono)' }}
        value={text}
        onChange={(event) => onText(event.target.value)}
        error={error}
      />
      <div className="flex flex-wrap gap-2">
        {latest?.payload !== undefined && (
          <Button
            size="sm"
            onClick={() => onText(typeof latest.payload === 'string' ? latest.payload : JSON.stringify(latest.payload, null, 2))}
          >
            {t.latest}
          </Button>
        )}
        <Button size="sm" look="quiet" onClick={() => onText(EXAMPLE)}>
          {t.example}
        </Button>
      </div>
    </div>
  );
};

const PickAlert = ({ integration, error }: { integration: string; error: string | undefined }) => {
  const [search, set] = useSearchState();
  const rows = useQuery({ ...recentAlertsQuery(integration), enabled: integration !== '' }).data;
  const linked = useQuery({ ...alertQuery(search.alert ?? ''), enabled: search.alert !== undefined }).data;
  const all = [...(linked && !rows?.some((row) => row.id === linked.id) ? [linked] : []), ...(rows ?? [])];
  if (rows && all.length === 0) return <p className="text-fg-muted">{t.noAlerts}</p>;
  return (
    <Select
      label={t.alert}
      hint={t.alertHint}
      value={search.alert ?? ''}
      onChange={(next) => set({ alert: next || undefined })}
      error={error}
      options={[
        ...(search.alert ? [] : [{ value: '', label: t.choose }]),
        ...all.map((row) => ({ value: row.id, label: row.summary, hint: short(row.first_seen) })),
      ]}
    />
  );
};
