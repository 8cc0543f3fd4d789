import { useQuery } from '@tanstack/react-query';
import { useCan } from '../../api/me.ts';
import { exists } from '../../screens.ts';
import { incidents as t } from '../../text/incidents.ts';
import { clock } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Mark, Severity, type State } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Lasted, Person, Subtle, Time } from '../../ui/text.tsx';
import { StoodLink, scheduleIn } from '../history/stood.tsx';
import { alertsQuery, type Incident, type Page, pagesQuery } from './queries.ts';

const PAGE: Record<Page['status'], State> = {
  waiting: 'medium',
  paging: 'medium',
  unreachable: 'critical',
  answered: 'ok',
  ended: 'unknown',
};
type Receipt = Page['receipts'][number];
const RECEIPT: Record<Receipt['status'], State> = {
  queued: 'unknown',
  sending: 'unknown',
  sent: 'ok',
  delivered: 'ok',
  failed: 'critical',
  cancelled: 'unknown',
};

/** Who was paged and what became of each message: one line per method. Only failure has colour. */
export const IncidentPages = ({ incident }: { incident: Incident }) => {
  const pages = useQuery(pagesQuery(incident.number));
  const items = pages.data?.items ?? [];
  const people = new Set(items.map((page) => page.person.name));
  const answered = new Set(items.filter((page) => page.status === 'answered').map((page) => page.person.name));
  return (
    <Section
      title={t.pages.title}
      fact={items.length > 0 && t.pages.fact(people.size, answered.size)}
      action={exists('/why/$kind/$id') && <Link to={`/why/incident/${incident.number}`}>{t.pages.why}</Link>}
    >
      <ProblemStrip error={pages.error} />
      {pages.isPending && <SkeletonRows rows={2} />}
      {pages.data && items.length === 0 && <p className="text-fg-muted">{t.pages.empty}</p>}
      <Rows label={t.pages.title}>
        {items.map((page) => (
          <li key={page.id} className="flex flex-col gap-1 py-2">
            <div className="flex flex-wrap items-center gap-x-2">
              <Person name={page.person.display_name} />
              <span className="ml-auto">
                <Mark state={PAGE[page.status]} quiet={page.status === 'ended'}>
                  {t.pages.status[page.status]}
                </Mark>
              </span>
            </div>
            <p className="pl-6.5 text-meta text-fg-subtle">
              {page.reason}
              {page.status === 'waiting' && page.waiting_because && `: ${page.waiting_because}`}
              {page.status === 'waiting' && page.wake_at && ` ${t.pages.until(clock(page.wake_at))}`}
              <PageStood reason={page.reason} at={page.created_at} />
            </p>
            {page.receipts.map((receipt) => (
              <OneReceipt key={receipt.id} receipt={receipt} />
            ))}
          </li>
        ))}
      </Rows>
    </Section>
  );
};

const PageStood = ({ reason, at }: { reason: string; at: string }) => {
  const name = scheduleIn(reason);
  return name ? (
    <>
      {' '}
      <StoodLink stood={{ what: 'schedules', name, at }} />
    </>
  ) : null;
};

const OneReceipt = ({ receipt }: { receipt: Receipt }) => (
  <div className="flex flex-wrap items-center gap-x-2.5 gap-y-0.5 pl-6.5 text-meta text-fg-muted">
    <span title={receipt.address}>
      {t.pages.channel[receipt.channel] ?? receipt.channel}
      {receipt.vendor && ` ${t.pages.vendor(receipt.vendor)}`} {receipt.attempt > 1 && t.pages.again(receipt.attempt)}
    </span>
    {receipt.sent_at && <Time at={receipt.sent_at}>{clock(receipt.sent_at)}</Time>}
    <span className="font-text">
      <Mark state={RECEIPT[receipt.status]} quiet={receipt.status !== 'failed'}>
        {t.pages.receipt[receipt.status]}
      </Mark>
    </span>
    {receipt.status === 'delivered' && receipt.receipt_at && <Time at={receipt.receipt_at}>{clock(receipt.receipt_at)}</Time>}
    {receipt.status === 'queued' && receipt.queued_because && <span>{receipt.queued_because}</span>}
    {receipt.also_for > 0 && <Subtle>{t.pages.alsoFor(receipt.also_for)}</Subtle>}
    {receipt.error && <span className="basis-full wrap-break-word text-fg">{receipt.error}</span>}
  </div>
);

export const IncidentAlerts = ({ incident }: { incident: Incident }) => {
  const can = useCan();
  const alerts = useQuery({ ...alertsQuery(incident.number), enabled: can('alert.read') });
  const items = alerts.data?.items ?? [];
  if (!can('alert.read')) return null;
  return (
    <Section title={t.alerts.title} fact={items.length > 0 && t.alerts.fact(incident.open_alert_count, incident.alert_count)}>
      <ProblemStrip error={alerts.error} />
      {alerts.isPending && <SkeletonRows rows={2} />}
      {alerts.data && items.length === 0 && <p className="text-fg-muted">{t.alerts.empty}</p>}
      <Rows label={t.alerts.title}>
        {items.map((alert) => (
          <Row key={alert.id}>
            {alert.status === 'resolved' ? (
              <Mark state="ok" quiet>
                <span className="vh">{t.alerts.cleared}</span>
              </Mark>
            ) : (
              <Severity severity={alert.severity} wordless />
            )}
            <span className="min-w-0 flex-1 wrap-break-word">
              {exists('/alerts/$id') ? (
                <Link to={`/alerts/${alert.id}`} look="plain">
                  {alert.summary}
                </Link>
              ) : (
                alert.summary
              )}
            </span>
            {alert.count > 1 && <Subtle>{t.alerts.times(alert.count)}</Subtle>}
            <span className="text-meta text-fg-subtle">
              {alert.status === 'resolved' ? t.alerts.cleared : <Lasted from={alert.first_seen} />}
            </span>
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
