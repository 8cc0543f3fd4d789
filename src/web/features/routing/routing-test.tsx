import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { routing } from '../../text/routing.ts';
import { ui } from '../../text/ui.ts';
import { short } from '../../time.ts';
import { DateTimeField, Segmented, TextArea } from '../../ui/field.tsx';
import { Details, problemText, Section } from '../../ui/layout.tsx';
import { Mark, Severity } from '../../ui/marks.tsx';
import { Select } from '../../ui/select.tsx';
import { Muted, Subtle } from '../../ui/text.tsx';
import { useSettled } from '../editing/use-settled.ts';
import { eventsQuery, integrationsQuery } from '../integrations/queries.ts';
import { WouldPage } from '../integrations/would-page.tsx';
import { type RoutingRule, recentAlertsQuery } from './queries.ts';

const t = routing.test;

/** JSON as what it says; anything else as the text it is. */
const payloadOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** What the rules, as they stand here, make of a payload or of an alert there was; told again as they change. */
export const RoutingTest = ({ rules, dirty }: { rules: RoutingRule[]; dirty: boolean }) => {
  const can = useCan();
  const integrations = useQuery(integrationsQuery()).data?.items ?? [];
  const alerts = useQuery({ ...recentAlertsQuery, enabled: can('alert.read') }).data?.items ?? [];
  const [chosen, setChosen] = useState<'alert' | 'payload'>();
  const by = chosen ?? (alerts.length > 0 ? 'alert' : 'payload');
  const [picked, setAlert] = useState('');
  const alert = picked || (alerts[0]?.id ?? '');
  const [given, setIntegration] = useState('');
  const integration = given || (integrations[0]?.name ?? '');
  const last = useQuery({ ...eventsQuery(integration), enabled: by === 'payload' && integration !== '' && can('alert.read') });
  const [typed, setTyped] = useState<string>();
  const latest = last.data?.accepted[0]?.payload;
  const payload = typed ?? (latest === undefined ? '' : JSON.stringify(latest, undefined, 2));
  const [at, setAt] = useState<string>();
  const asked = useSettled({ rules, by, alert, integration, payload, at });
  const ready = asked.by === 'alert' ? asked.alert !== '' : asked.integration !== '' && asked.payload.trim() !== '';
  const result = useQuery({
    queryKey: ['routing', 'test', asked],
    queryFn: () =>
      ok(
        api.POST('/api/routing/test', {
          body: {
            rules: asked.rules,
            ...(asked.by === 'alert'
              ? { alert: asked.alert }
              : { integration: asked.integration, payload: payloadOf(asked.payload) }),
            ...(asked.at ? { at: asked.at } : {}),
          },
        }),
      ),
    enabled: ready,
    retry: false,
    placeholderData: (before) => before,
  });
  return (
    <>
      <div className="flex flex-col gap-3 border-b border-line px-4 py-3">
        <Segmented
          label={t.what}
          value={by}
          onChange={setChosen}
          options={[
            { value: 'alert', label: t.alert },
            { value: 'payload', label: t.payload },
          ]}
        />
        {by === 'alert' ? (
          alerts.length === 0 ? (
            <Muted>{t.noAlerts}</Muted>
          ) : (
            <Select
              label={t.alertOf}
              value={alert}
              onChange={setAlert}
              options={alerts.map((one) => ({
                value: one.id,
                label: one.summary,
                hint: `${one.service}, ${short(one.first_seen)}`,
              }))}
            />
          )
        ) : (
          <>
            <Select
              label={t.integration}
              value={integration}
              onChange={(next) => {
                setIntegration(next);
                setTyped(undefined);
              }}
              options={integrations.map((one) => ({ value: one.name, label: one.name, hint: one.service }))}
            />
            <TextArea
              label={t.body}
              rows={6}
              spellCheck={false}
              value={payload}
              onChange={(event) => setTyped(event.target.value)}
            />
          </>
        )}
        <DateTimeField label={t.at} hint={at ? undefined : t.atHint} value={at} onChange={setAt} />
      </div>
      <div aria-live="polite">
        {!ready ? (
          <p className="px-4 py-3 text-fg-muted">{t.need}</p>
        ) : result.error ? (
          <p role="alert" className="px-4 py-3">
            {problemText(result.error)}
          </p>
        ) : !result.data ? (
          <p className="px-4 py-3 text-fg-subtle">{ui.loading}</p>
        ) : (
          result.data.alerts.map((one, index) => (
            <div key={index} className="border-b border-line last:border-b-0">
              <Section title={one.summary}>
                <p className="mb-2 text-meta text-fg-subtle">{dirty ? t.draft : t.saved}</p>
                <Details
                  items={[
                    { label: t.service, value: <span className="font-strong">{one.service}</span> },
                    { label: t.severity, value: <Severity severity={one.severity} /> },
                    {
                      label: t.urgency,
                      value: one.urgency ? (
                        routing.field.urgencies[one.urgency]
                      ) : (
                        <Mark state="unknown">{one.dropped ? t.dropped : t.pagesNobody}</Mark>
                      ),
                    },
                    ...(one.dropped ? [{ label: t.dropped, value: one.dropped }] : []),
                  ]}
                />
              </Section>
              <Section title={t.rules}>
                {one.rules.length === 0 ? (
                  <Muted>{t.noRules}</Muted>
                ) : (
                  <ol aria-label={t.rules} className="flex flex-col divide-y divide-line">
                    {one.rules.map((rule) => (
                      <li key={rule.rule} className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-2 py-1.5">
                        {rule.matched ? (
                          <Mark state="ok">{t.matched}</Mark>
                        ) : (
                          <Mark state="unknown" quiet>
                            {rule.asked ? t.not : t.notAsked}
                          </Mark>
                        )}
                        <span className="min-w-0">
                          <span className={rule.matched ? 'font-strong' : ''}>{rule.rule}</span>{' '}
                          <span className="text-meta wrap-break-word">
                            <Subtle>{rule.why}</Subtle>
                          </span>
                        </span>
                      </li>
                    ))}
                  </ol>
                )}
              </Section>
              <Section title={t.pages}>
                <WouldPage steps={one.would_page} />
              </Section>
            </div>
          ))
        )}
      </div>
    </>
  );
};
