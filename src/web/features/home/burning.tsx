import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCan } from '../../api/me.ts';
import { exists } from '../../screens.ts';
import { home as t } from '../../text/home.ts';
import { number } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { Empty, PageHead, ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Severity, Status } from '../../ui/marks.tsx';
import { Lasted, Person, Subtle } from '../../ui/text.tsx';
import { countsQuery, type Incident, incidentsQuery, nameIn, nextQuery, servicesQuery } from '../incidents/queries.ts';
import { WhatNext } from '../incidents/what-next.tsx';
import { aloneAlertsQuery } from './queries.ts';

/** Open incidents, the worst first; each with who has it and what comes next. */
export const Burning = () => {
  const list = useInfiniteQuery(incidentsQuery({ sort: '-severity' }, 'open', 20));
  const counts = useQuery(countsQuery).data;
  const can = useCan();
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const alerts = rows.reduce((sum, row) => sum + row.open_alert_count, 0);
  return (
    <>
      <PageHead title={t.burning} fact={counts && t.fact(counts.open, alerts)}>
        <Link to="/incidents" look="button">
          {t.all}
        </Link>
      </PageHead>
      <ProblemStrip error={list.error} />
      {list.isPending ? (
        <SkeletonRows rows={4} />
      ) : rows.length === 0 && !list.error ? (
        <div className="border-t border-line">
          <Empty title={t.calm}>{t.calmWhy}</Empty>
        </div>
      ) : (
        <ul className="border-t border-line">
          {rows.map((row) => (
            <Fire key={row.id} row={row} />
          ))}
        </ul>
      )}
      {can('alert.read') && <Alone />}
      {can('configuration.read') && <Calm open={rows} />}
    </>
  );
};

const Fire = ({ row }: { row: Incident }) => {
  const who = row.assignees[0] ?? row.acknowledged_by ?? undefined;
  const next = useQuery(nextQuery(row.number)).data?.next;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-(--pad) py-2">
      <span className="flex min-w-0 basis-80 grow flex-wrap items-baseline gap-x-2">
        <Severity severity={row.severity} badge={row.severity === 'critical'} />
        <span className="whitespace-nowrap">
          <Subtle>{row.number}</Subtle>
        </span>
        <Link to={`/incidents/${row.number}`} look="plain">
          <b className="font-strong">{row.title}</b>
        </Link>
      </span>
      <Subtle>{row.service}</Subtle>
      <Status status={row.status} />
      <Person name={who && nameIn(row, who)} nobody={t.nobody} missing />
      <span className="whitespace-nowrap">
        <Subtle>{t.openFor}</Subtle> <Lasted from={row.opened_at} />
      </span>
      <WhatNext incident={row} next={next ?? undefined} />
    </li>
  );
};

/** Alerts that paged nobody are seen here, with the way to the reason. */
const Alone = () => {
  const alerts = useQuery(aloneAlertsQuery).data ?? [];
  if (alerts.length === 0) return null;
  return (
    <Section title={t.outside} fact={t.outsideFact} padded="page">
      <ul className="divide-y divide-line">
        {alerts.map((alert) => (
          <li key={alert.id} className="flex min-h-(--row) flex-wrap items-center gap-x-4 py-1">
            <Severity severity={alert.severity} over />
            <span className="min-w-0 flex-1 basis-60">
              {exists('/alerts/$id') ? (
                <Link to={`/alerts/${alert.id}`} look="plain">
                  {alert.summary}
                </Link>
              ) : (
                alert.summary
              )}
            </span>
            <Subtle>{alert.service}</Subtle>
            <Subtle>{alert.disposition}</Subtle>
            <Subtle>
              <Lasted from={alert.first_seen} />
            </Subtle>
          </li>
        ))}
      </ul>
    </Section>
  );
};

const Calm = ({ open }: { open: Incident[] }) => {
  const services = useQuery(servicesQuery).data?.items;
  if (!services || services.length === 0) return null;
  const burning = new Set(open.map((row) => row.service)).size;
  return (
    <p className="px-(--pad) py-3 text-fg-muted">{t.services(services.length - burning, Number(number(services.length)))}</p>
  );
};
