import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCan } from '../../api/me.ts';
import { home as t } from '../../text/home.ts';
import { number } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { Empty, PageHead, ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Mark, Severity, Status } from '../../ui/marks.tsx';
import { Lasted, Person, Subtle, Time } from '../../ui/text.tsx';
import { usePhone } from '../../ui/width.ts';
import { integrationsQuery, openCountQuery } from '../alerts/queries.ts';
import { WhatWasDone } from '../alerts/what-was-done.tsx';
import { countsQuery, type Incident, incidentsQuery, nameIn, nextQuery, servicesQuery } from '../incidents/queries.ts';
import { WhatNext } from '../incidents/what-next.tsx';
import { aloneAlertsQuery } from './queries.ts';

/** Open incidents, the worst first; each with who has it and what comes next. */
export const Burning = () => {
  const list = useInfiniteQuery(incidentsQuery({ sort: '-severity' }, 'open', 20));
  const counts = useQuery(countsQuery).data;
  const can = useCan();
  const phone = usePhone();
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const seen = useQuery({ ...openCountQuery, enabled: can('alert.read') }).data?.total;
  const alerts = seen ?? rows.reduce((sum, row) => sum + row.open_alert_count, 0);
  return (
    <>
      <PageHead title={t.burning} fact={counts && (phone ? t.factShort(counts.open) : t.fact(counts.open, alerts))}>
        <Link to="/incidents" look={phone ? 'text' : 'button'}>
          {t.all}
        </Link>
      </PageHead>
      <ProblemStrip error={list.error} />
      {list.isPending ? (
        <SkeletonRows rows={4} />
      ) : rows.length === 0 && !list.error ? (
        <div className="border-t border-line">
          <Nothing />
        </div>
      ) : (
        <ul className="border-t border-line">
          {rows.map((row) => (
            <Fire key={row.id} row={row} />
          ))}
        </ul>
      )}
      {can('alert.read') && <Alone />}
      {can('configuration.read') && <Calm />}
    </>
  );
};

/** Calm when something is watched; a beginning when nothing is. */
const Nothing = () => {
  const can = useCan();
  const services = useQuery({ ...servicesQuery, enabled: can('configuration.read') }).data?.items;
  if (services?.length !== 0 || !can('service.write')) return <Empty title={t.calm}>{t.calmWhy}</Empty>;
  return (
    <Empty
      title={t.begin.title}
      action={
        <Link to={can('settings.write') ? '/setup' : '/services'} look="main">
          {t.begin.action}
        </Link>
      }
    >
      {t.begin.why}
    </Empty>
  );
};

const Fire = ({ row }: { row: Incident }) => {
  const who = row.assignees[0] ?? row.acknowledged_by ?? undefined;
  const next = useQuery(nextQuery(row.number)).data?.next;
  const phone = usePhone();
  const person = <Person name={who && nameIn(row, who)} nobody={t.nobody} missing />;
  if (phone)
    return (
      <li className="border-b border-line">
        <Link to={`/incidents/${row.number}`} look="row">
          <span className="flex items-center gap-2">
            <Severity severity={row.severity} />
            <span className="ml-auto text-meta text-fg-subtle">
              <Lasted from={row.opened_at} />
            </span>
          </span>
          <span className="font-strong wrap-break-word">{row.title}</span>
          <span className="flex flex-wrap items-center gap-x-3 text-meta">
            <Status status={row.status} />
            {person}
          </span>
          <span>
            <WhatNext incident={row} next={next} />
          </span>
        </Link>
      </li>
    );
  return (
    <li className="grid grid-cols-[92px_minmax(0,1fr)_auto] items-baseline gap-x-3 gap-y-0.5 border-b border-line px-(--pad) py-2.5">
      <span>
        <Severity severity={row.severity} badge={row.severity === 'critical'} />
      </span>
      <span className="min-w-0 wrap-break-word">
        <Subtle>{row.number}</Subtle>{' '}
        <Link to={`/incidents/${row.number}`} look="plain">
          <b className="pl-1 font-strong">{row.title}</b>
        </Link>
      </span>
      <span className="text-right">
        <WhatNext incident={row} next={next} />
      </span>
      <span className="col-start-2 flex flex-wrap items-center gap-x-4">
        <Status status={row.status} />
        {person}
        <Subtle>{row.service}</Subtle>
      </span>
      <span className="text-right whitespace-nowrap">
        <Subtle>{t.openFor}</Subtle> <Lasted from={row.opened_at} />
      </span>
    </li>
  );
};

/** Alerts that paged nobody are seen here, with the way to the reason. */
const Alone = () => {
  const alerts = useQuery(aloneAlertsQuery).data ?? [];
  const phone = usePhone();
  if (alerts.length === 0) return null;
  return (
    <Section
      title={t.outside}
      fact={phone ? undefined : t.outsideFact}
      action={<Link to="/alerts">{t.allAlerts}</Link>}
      padded="page"
    >
      <ul className="divide-y divide-line">
        {alerts.map((alert) => (
          <li key={alert.id} className="flex min-h-(--row) flex-wrap items-center gap-x-4 gap-y-1 py-1">
            <span className="w-20">
              <Severity severity={alert.severity} over />
            </span>
            <span className="min-w-0 flex-1 basis-60 wrap-break-word max-desk:order-first max-desk:basis-full">
              <Link to={`/alerts/${alert.id}`} look="plain">
                {alert.summary}
              </Link>
            </span>
            <Subtle>{alert.service}</Subtle>
            <WhatWasDone alert={alert} />
            <Subtle>
              <Lasted from={alert.first_seen} />
            </Subtle>
            <Link to={`/why/alert/${alert.id}`}>{t.whyNot}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
};

/** How much is quiet, and whether the senders are still heard: silence alone proves nothing. */
const Calm = () => {
  const services = useQuery(servicesQuery).data?.items;
  const open = useQuery({ ...openCountQuery, enabled: useCan()('alert.read') }).data;
  const senders = useQuery({ ...integrationsQuery, refetchInterval: 30_000 }).data?.items;
  if (!services || services.length === 0 || !open) return null;
  const loud = open.items.length;
  const last = senders
    ?.map((one) => one.last_event_at)
    .filter((at) => at !== null)
    .sort((a, b) => Date.parse(b) - Date.parse(a))[0];
  return (
    <p className="flex flex-wrap items-center gap-x-3 px-(--pad) py-3">
      <Mark state={loud === 0 ? 'ok' : 'unknown'} quiet={loud > 0}>
        {t.services(number(services.length - loud), number(services.length), services.length)}
      </Mark>
      {senders && <span className="text-fg-muted">{last ? <LastHeard at={last} /> : t.neverHeard}</span>}
    </p>
  );
};

const LastHeard = ({ at }: { at: string }) => (
  <>
    {t.lastHeard} <Time at={at} age /> {t.ago}
  </>
);
