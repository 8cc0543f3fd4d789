import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChartNoAxesColumn } from 'lucide-react';
import { useCan } from '../../api/me.ts';
import { exists } from '../../screens.ts';
import { useSearchState } from '../../search-state.ts';
import { alerts as t } from '../../text/alerts.ts';
import { ui } from '../../text/ui.ts';
import { number } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Empty, PageHead, ProblemStrip, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Severity } from '../../ui/marks.tsx';
import { Lasted, Subtle, Time } from '../../ui/text.tsx';
import { usePhone } from '../../ui/width.ts';
import { AlertCounts } from './alert-counts.tsx';
import { AlertPeek } from './alert-peek.tsx';
import {
  type Alert,
  alertsQuery,
  FILTERS,
  integrationsQuery,
  isOver,
  labelInAddress,
  labelsQuery,
  openCountQuery,
  servicesQuery,
} from './queries.ts';
import { WhatWasDone } from './what-was-done.tsx';

const columns: Column<Alert>[] = [
  {
    key: 'severity',
    head: t.head.severity,
    sort: 'severity',
    cell: (row) => <Severity severity={row.severity} over={isOver(row)} />,
  },
  {
    key: 'summary',
    head: t.head.summary,
    grow: true,
    cell: (row) => (
      <Link to={`/alerts/${row.id}`} look="plain">
        <span className={isOver(row) ? '' : 'font-strong'}>{row.summary}</span>
      </Link>
    ),
  },
  {
    key: 'service',
    head: t.head.service,
    from: 'split',
    cell: (row) => <span className="inline-block max-w-40 truncate align-middle">{row.service}</span>,
  },
  {
    key: 'integration',
    head: t.head.integration,
    from: 'wide',
    cell: (row) => <span className="inline-block max-w-40 truncate align-middle text-fg-muted">{row.integration}</span>,
  },
  { key: 'done', head: t.head.done, cell: (row) => <WhatWasDone alert={row} /> },
  { key: 'count', head: t.head.count, right: true, cell: (row) => number(row.count) },
  {
    key: 'age',
    head: t.head.age,
    right: true,
    cell: (row) => <Lasted from={row.first_seen} until={row.resolved_at} />,
  },
  {
    key: 'first',
    head: t.head.first,
    right: true,
    sort: 'first_seen',
    from: 'split',
    cell: (row) => (
      <Subtle>
        <Time at={row.first_seen} quiet />
      </Subtle>
    ),
  },
];

export const AlertList = () => {
  const [search, set] = useSearchState();
  const navigate = useNavigate();
  const can = useCan();
  const phone = usePhone();
  const silence = can('silence.write') && exists('/silences/new');

  // What is open comes first, whatever its age: two lists, each with pages of its own.
  const chosen = search.status;
  const open = useInfiniteQuery({ ...alertsQuery(search, 'open'), enabled: chosen !== 'resolved' });
  const over = useInfiniteQuery({ ...alertsQuery(search, 'resolved'), enabled: chosen !== 'open' });
  const total = useQuery(openCountQuery).data?.total;
  const openRows = chosen === 'resolved' ? [] : (open.data?.pages.flatMap((page) => page.items) ?? []);
  const overRows = chosen === 'open' ? [] : (over.data?.pages.flatMap((page) => page.items) ?? []);
  const filtered = FILTERS.filter((name) => search[name]);
  const groups = chosen
    ? [{ title: undefined, rows: [...openRows, ...overRows] }]
    : [
        {
          title: t.list.open,
          fact: openRows.length === 0 ? t.list.calm : filtered.length === 0 && total !== undefined ? number(total) : '',
          rows: openRows,
        },
        { title: t.list.resolved, rows: overRows },
      ].filter((group) => group.rows.length > 0 || group.title === t.list.open);
  const all = groups.flatMap((group) => group.rows);
  const loading = (open.isPending && chosen !== 'resolved') || (over.isPending && chosen !== 'open');
  const more = open.hasNextPage && chosen !== 'resolved' ? open : over.hasNextPage && chosen !== 'open' ? over : undefined;
  const peeked = phone ? undefined : all.find((row) => row.id === search.peek);
  const begin = (row: Alert | undefined) => row && void navigate({ to: '/silences/new', search: { alert: row.id } });
  const failed = open.error ?? over.error;
  const counting = phone && search.by !== undefined;
  const shownColumns = columns.filter(
    (column) => !(peeked && ['integration', 'first', 'count'].includes(column.key)) && column.key !== 'integration',
  );

  return (
    <>
      <PageHead title={t.title} fact={total !== undefined && t.fact(number(total))}>
        {phone && (
          <Button
            icon={<ChartNoAxesColumn size={16} aria-hidden="true" />}
            aria-pressed={counting}
            onClick={() => set({ by: counting ? undefined : 'service' })}
          >
            {counting ? t.counts.hide : t.counts.show}
          </Button>
        )}
      </PageHead>
      <ListFilters />
      <ProblemStrip error={failed} />
      {counting ? (
        <div className="min-h-0 flex-1 overflow-y-auto border-t border-line">
          <AlertCounts by={search.by as string} onChosen={() => set({ by: undefined })} />
        </div>
      ) : (
        <SplitPane
          own
          sideLabel={peeked ? t.list.peek : t.counts.title}
          side={
            peeked ? (
              <AlertPeek alert={peeked} onClose={() => set({ peek: undefined })} silence={silence} />
            ) : (
              !phone && all.length > 0 && <AlertCounts by={search.by ?? 'service'} />
            )
          }
        >
          {loading ? (
            <SkeletonRows rows={20} />
          ) : all.length === 0 ? (
            !failed && <NoAlerts filtered={filtered} />
          ) : (
            <List
              label={t.title}
              columns={shownColumns}
              groups={groups}
              idOf={(row) => row.id}
              nameOf={(row) => row.summary}
              isOver={isOver}
              onOpen={(row) => void navigate({ to: `/alerts/${row.id}` })}
              onPeek={(row) => set({ peek: row?.id })}
              peeked={peeked?.id}
              keys={silence ? [{ key: 's', label: t.act.silence, act: (rows: Alert[]) => begin(rows[0]) }] : []}
              phone={(row) => <PhoneRow row={row} />}
              more={more && { load: () => void more.fetchNextPage(), busy: more.isFetchingNextPage }}
              fact={t.list.shown(all.length)}
            />
          )}
        </SplitPane>
      )}
    </>
  );
};

const NoAlerts = ({ filtered }: { filtered: string[] }) => {
  const [search, set] = useSearchState();
  const can = useCan();
  if (filtered.length > 0)
    return (
      <Empty
        title={t.list.filtered.title}
        action={
          <Button onClick={() => set(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}>
            {t.list.filtered.action}
          </Button>
        }
      >
        {t.list.filtered.why(filtered.map((name) => `“${search[name]}”`).join(', '))}
      </Empty>
    );
  return (
    <Empty
      title={t.list.empty.title}
      action={
        can('integration.write') &&
        exists('/services') && (
          <Link to="/services" look="button">
            {t.list.empty.action}
          </Link>
        )
      }
    >
      {t.list.empty.why}
    </Empty>
  );
};

const PhoneRow = ({ row }: { row: Alert }) => (
  <Link to={`/alerts/${row.id}`} look="row">
    <span className="flex items-center gap-2">
      <Severity severity={row.severity} over={isOver(row)} />
      <span className="ml-auto text-meta text-fg-subtle">
        <Lasted from={row.first_seen} until={row.resolved_at} />
      </span>
    </span>
    <span className={`wrap-break-word ${isOver(row) ? '' : 'font-strong'}`}>{row.summary}</span>
    <span className="flex flex-wrap gap-x-3 text-meta text-fg-muted">
      <span>{row.service}</span>
      <span>{row.incident ?? t.disposition[row.disposition]}</span>
      {row.count > 1 && <span>{t.times(number(row.count))}</span>}
    </span>
  </Link>
);

const ListFilters = () => {
  const can = useCan();
  const read = can('configuration.read');
  const services = useQuery({ ...servicesQuery, enabled: read }).data?.items ?? [];
  const integrations = useQuery({ ...integrationsQuery, enabled: read }).data?.items ?? [];
  const labels = useQuery(labelsQuery).data?.items ?? [];
  const words = (names: Record<string, string>) => Object.entries(names).map(([value, label]) => ({ value, label }));
  return (
    <Filters names={FILTERS}>
      <FilterText label={t.filter} />
      <FilterChip single name="status" label={t.chip.status} options={words(t.status)} />
      <FilterChip single name="severity" label={t.chip.severity} options={words(ui.severity)} />
      {read && (
        <FilterChip
          single
          name="service"
          label={t.chip.service}
          options={services.map((one) => ({ value: one.name, label: one.name }))}
        />
      )}
      <FilterChip
        name="label"
        label={t.chip.label}
        options={labels.flatMap((label) =>
          label.values.slice(0, 20).map(({ value }) => ({
            value: labelInAddress(label.name, value),
            label: `${label.name}: ${value}`,
          })),
        )}
      />
      <FilterChip single name="disposition" label={t.chip.disposition} options={words(t.disposition)} />
      {read && (
        <FilterChip
          single
          name="integration"
          label={t.chip.integration}
          options={integrations.map((one) => ({ value: one.name, label: one.name }))}
        />
      )}
    </Filters>
  );
};
