import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { BellOff } from 'lucide-react';
import { useCan } from '../../api/me.ts';
import { exists } from '../../screens.ts';
import { useCommands } from '../../shell/commands.ts';
import { useTitle } from '../../shell/shell.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { alerts as t } from '../../text/alerts.ts';
import { ui } from '../../text/ui.ts';
import { number } from '../../time.ts';
import { Button, Link, OutLink } from '../../ui/button.tsx';
import { Details, FactsRow, PageHead, PhoneFoot, ProblemStrip, Section, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { Severity } from '../../ui/marks.tsx';
import { Decision, DecisionPath } from '../../ui/path.tsx';
import { Rows } from '../../ui/rows.tsx';
import { Code, Lasted, Subtle, Time } from '../../ui/text.tsx';
import { usePhone } from '../../ui/width.ts';
import { stepWord } from '../why/steps.ts';
import { type Alert, alertQuery, historyQuery, isOver, labelInAddress } from './queries.ts';
import { WhatWasDone } from './what-was-done.tsx';

export const AlertDetail = ({ id }: { id: string }) => {
  const alert = useQuery(alertQuery(id));
  useTitle(alert.data?.summary);
  if (alert.data) return <Shown alert={alert.data} />;
  if (alert.error) throw alert.error;
  return <SkeletonRows rows={12} />;
};

const Shown = ({ alert }: { alert: Alert }) => {
  const phone = usePhone();
  const can = useCan();
  const navigate = useNavigate();
  const over = isOver(alert);
  const silence = can('silence.write') && exists('/silences/new');
  const why = exists('/why/$kind/$id');
  const actions = [
    ...(silence
      ? [
          {
            key: 's',
            label: t.act.silence,
            run: () => void navigate({ to: '/silences/new', search: { alert: alert.id } }),
          },
        ]
      : []),
    ...(why ? [{ key: 'w', label: t.act.why, run: () => void navigate({ to: `/why/alert/${alert.id}` }) }] : []),
    ...(alert.incident
      ? [{ key: 'i', label: t.act.incident(alert.incident), run: () => void navigate({ to: `/incidents/${alert.incident}` }) }]
      : []),
  ];
  useShortcuts(actions);
  useCommands(actions.map((one) => ({ label: one.label, shortcut: one.key.toUpperCase(), run: one.run })));
  const silenceButton = (size: 'md' | 'touch') => (
    <Link to="/silences/new" search={{ alert: alert.id }} look="button" size={size}>
      <BellOff size={size === 'md' ? 14 : 18} aria-hidden="true" />
      {t.act.silence}
    </Link>
  );
  const incident = (size: 'md' | 'touch-main') =>
    alert.incident && (
      <Link to={`/incidents/${alert.incident}`} look="main" size={size}>
        {t.act.incident(alert.incident)}
      </Link>
    );
  return (
    <>
      <PageHead before={<Severity severity={alert.severity} over={over} badge />} title={alert.summary} fact={alert.service}>
        {!phone && (
          <>
            {why && (
              <Link to={`/why/alert/${alert.id}`} look="quiet">
                {t.act.why}
              </Link>
            )}
            {silence && silenceButton('md')}
            {incident('md')}
          </>
        )}
      </PageHead>
      <FactsRow
        facts={[
          {
            label: over ? t.facts.lasted : t.facts.openFor,
            value: <Lasted from={alert.first_seen} until={alert.resolved_at} />,
            note: alert.acknowledged && !over && t.facts.acknowledged,
          },
          {
            label: t.facts.received,
            value: t.facts.times(alert.count, number(alert.count)),
            note: alert.count > 1 && (
              <>
                {t.facts.last} <Time at={alert.last_seen} />
              </>
            ),
          },
          { label: t.facts.done, value: <WhatWasDone alert={alert} /> },
          {
            label: t.facts.through,
            value: exists('/integrations/$name') ? (
              <Link to={`/integrations/${alert.integration}`} look="plain">
                {alert.integration}
              </Link>
            ) : (
              alert.integration
            ),
          },
        ]}
      />
      <SplitPane sideLabel={t.about.details} side={<Side alert={alert} />}>
        <Section title={t.decided.title} fact={t.decided.fact} padded="page">
          {alert.decisions.length === 0 ? (
            <p className="text-fg-muted">{t.decided.none}</p>
          ) : (
            <DecisionPath label={t.decided.title}>
              {alert.decisions.map((decision, index) => (
                <Decision key={index} step={stepWord(decision.step)} result={decision.result}>
                  {decision.why}
                </Decision>
              ))}
            </DecisionPath>
          )}
        </Section>
        <Section title={t.payload.title} fact={t.payload.fact} padded="page">
          <Payload payload={alert.payload} />
        </Section>
      </SplitPane>
      {phone && (silence || alert.incident) && (
        <PhoneFoot>
          <div className="flex items-center gap-2">
            {incident('touch-main')}
            {silence && <span className={alert.incident ? '' : 'flex-1'}>{silenceButton('touch')}</span>}
          </div>
        </PhoneFoot>
      )}
    </>
  );
};

const Payload = ({ payload }: { payload: unknown }) =>
  payload === null || payload === undefined ? (
    <p className="text-fg-muted">{t.payload.none}</p>
  ) : (
    <Code label={t.payload.title}>{typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2)}</Code>
  );

const Side = ({ alert }: { alert: Alert }) => {
  const labels = Object.entries(alert.labels);
  const linked = [
    ...alert.links.map((link) => ({ href: link.href, text: link.text ?? link.href })),
    ...alert.images.map((image) => ({ href: image.href ?? image.src, text: image.alt ?? t.about.image })),
  ];
  return (
    <>
      <Section title={t.about.title}>
        {labels.length === 0 ? (
          <p className="text-fg-muted">{t.about.none}</p>
        ) : (
          <Details
            items={labels.map(([name, value]) => ({
              label: name,
              value: (
                <Link
                  to="/alerts"
                  search={{ label: labelInAddress(name, value) }}
                  look="plain"
                  aria-label={t.about.filter(name, value)}
                >
                  {value}
                </Link>
              ),
            }))}
          />
        )}
        {linked.length > 0 && (
          <ul aria-label={t.about.links} className="mt-3 flex flex-col gap-1">
            {linked.map((link) => (
              <li key={link.href} className="wrap-break-word">
                <OutLink href={link.href}>{link.text}</OutLink>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t.about.details}>
        <Details
          items={[
            {
              label: t.about.service,
              value: exists('/services/$name') ? <Link to={`/services/${alert.service}`}>{alert.service}</Link> : alert.service,
            },
            { label: t.about.source, value: alert.source },
            { label: t.about.key, value: <code className="wrap-break-word">{alert.dedup_key}</code> },
            { label: t.about.first, value: <Time at={alert.first_seen} /> },
            { label: t.about.last, value: <Time at={alert.last_seen} /> },
            ...(alert.resolved_at ? [{ label: t.about.resolved, value: <Time at={alert.resolved_at} /> }] : []),
          ]}
        />
      </Section>
      <History alert={alert} />
    </>
  );
};

/** Earlier alerts of the same key: whether this is new, and what became of it before. */
const History = ({ alert }: { alert: Alert }) => {
  const history = useInfiniteQuery(historyQuery(alert.id));
  const rows = history.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t.history.title} fact={rows.length > 0 && t.history.fact(rows.length, history.hasNextPage)}>
      <ProblemStrip error={history.error} />
      {history.data && rows.length === 0 && <p className="text-fg-muted">{t.history.none}</p>}
      <Rows label={t.history.title}>
        {rows.map((row) => (
          <li key={row.id} className="flex min-h-(--row) flex-wrap items-center gap-x-3 py-1">
            <Link to={`/alerts/${row.id}`} look="plain">
              <Time at={row.first_seen} quiet />
            </Link>
            <Subtle>
              <Lasted from={row.first_seen} until={row.resolved_at} />
            </Subtle>
            <span className="ml-auto">
              <WhatWasDone alert={row} />
            </span>
          </li>
        ))}
      </Rows>
      {history.hasNextPage && (
        <div className="pt-2">
          <Button size="sm" busy={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
            {ui.loadMore}
          </Button>
        </div>
      )}
    </Section>
  );
};
