import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { z } from 'zod';
import type { shownService } from '../../../contract/service.ts';
import { useSearchState } from '../../search-state.ts';
import { services as t } from '../../text/services.ts';
import { ui } from '../../text/ui.ts';
import { number } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Empty, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Mark, severityState } from '../../ui/marks.tsx';
import { Subtle, Time } from '../../ui/text.tsx';
import { teamsQuery } from '../incidents/queries.ts';
import { FILTERS, healthQuery } from './queries.ts';

type Row = z.output<typeof shownService>;
type Health = NonNullable<Row['health']>;
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
const READY = { ok: 'ok', warning: 'medium', error: 'critical' } as const;

/** The worst severity that is open with its count, then the sum of the others. */
const Now = ({ health }: { health: Health | undefined }) => {
  if (!health) return null;
  const open = SEVERITIES.filter((severity) => health.open_incidents[severity] > 0);
  const worst = open[0];
  if (!worst) return <Subtle>{t.calm}</Subtle>;
  const others = open.slice(1).reduce((sum, severity) => sum + health.open_incidents[severity], 0);
  return (
    <>
      <Mark state={severityState(worst)}>{t.open(health.open_incidents[worst], ui.severity[worst])}</Mark>
      {others > 0 && <Subtle> +{others}</Subtle>}
    </>
  );
};

const Ready = ({ health }: { health: Health | undefined }) =>
  health && (
    <Mark state={READY[health.readiness]} quiet={health.readiness === 'ok'}>
      {t.ready[health.readiness]}
    </Mark>
  );

const LastEvent = ({ health }: { health: Health | undefined }) =>
  health?.last_event_at ? <Time at={health.last_event_at} quiet /> : <Subtle>{t.never}</Subtle>;

const columns: Column<Row>[] = [
  { key: 'now', head: t.head.now, cell: (row) => <Now health={row.health} /> },
  {
    key: 'name',
    head: t.head.name,
    grow: true,
    cell: (row) => (
      <Link to={`/services/${row.name}`} look="plain">
        <span className="font-strong">{row.title || row.name}</span>
        {row.title && <span className="text-fg-subtle"> {row.name}</span>}
      </Link>
    ),
  },
  { key: 'ready', head: t.head.ready, cell: (row) => <Ready health={row.health} /> },
  { key: 'team', head: t.head.team, from: 'split', cell: (row) => row.team ?? <Subtle>{t.noTeam}</Subtle> },
  {
    key: 'policy',
    head: t.head.policy,
    cell: (row) => row.escalation_policy ?? <Mark state="high">{t.noPolicy}</Mark>,
  },
  {
    key: 'alerts',
    head: t.head.alerts,
    right: true,
    from: 'split',
    cell: (row) => number(row.health?.open_alerts ?? 0),
  },
  { key: 'last', head: t.head.last, right: true, cell: (row) => <LastEvent health={row.health} /> },
];

/** Every service with its health: what is open, whether it would page, who owns it. */
export const ServiceList = ({ onAdd }: { onAdd: (() => void) | undefined }) => {
  const [search, set] = useSearchState();
  const navigate = useNavigate();
  const list = useInfiniteQuery({ ...healthQuery(search), placeholderData: (before) => before });
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const rows: Row[] = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = FILTERS.filter((name) => search[name]);
  return (
    <>
      <div className="border-line pt-2.5 max-desk:border-b">
        <Filters names={FILTERS}>
          <FilterText label={t.filter} />
          <FilterChip
            name="team"
            label={t.team}
            single
            options={teams.map((one) => ({ value: one.name, label: one.title || one.name }))}
          />
        </Filters>
      </div>
      <ProblemStrip error={list.error} />
      {list.isPending ? (
        <SkeletonRows rows={12} />
      ) : rows.length === 0 && filtered.length > 0 ? (
        <Empty
          title={t.filtered.title}
          action={
            <Button onClick={() => set(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}>{t.filtered.action}</Button>
          }
        >
          {t.filtered.why(filtered.map((name) => `“${search[name]}”`).join(', '))}
        </Empty>
      ) : rows.length === 0 ? (
        <Empty title={t.empty.title} action={onAdd && <Button onClick={onAdd}>{t.new}</Button>}>
          {t.empty.why}
        </Empty>
      ) : (
        <List
          label={t.title}
          columns={columns}
          rows={rows}
          idOf={(row) => row.name}
          nameOf={(row) => row.title || row.name}
          onOpen={(row) => void navigate({ to: `/services/${row.name}` })}
          phone={(row) => (
            <Link to={`/services/${row.name}`} look="row">
              <span className="flex items-center justify-between gap-2 text-meta">
                <Now health={row.health} />
                <Ready health={row.health} />
              </span>
              <span className="font-strong">{row.title || row.name}</span>
              <span className="flex flex-wrap gap-x-3 text-meta text-fg-muted">
                <span>{row.team ?? t.noTeam}</span>
                <span>{row.escalation_policy ?? t.noPolicy}</span>
                <span className="ml-auto">
                  <LastEvent health={row.health} />
                </span>
              </span>
            </Link>
          )}
          more={list.hasNextPage ? { load: () => void list.fetchNextPage(), busy: list.isFetchingNextPage } : undefined}
          fact={t.shown(rows.length)}
        />
      )}
    </>
  );
};
