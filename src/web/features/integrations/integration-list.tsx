import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useSearchState } from '../../search-state.ts';
import { integrations as t } from '../../text/integrations.ts';
import { services } from '../../text/services.ts';
import { number } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Empty, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { type Column, Filters, FilterText, List } from '../../ui/list.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Subtle, Time } from '../../ui/text.tsx';
import { type Integration, integrationsQuery } from './queries.ts';

const LastEvent = ({ row }: { row: Integration }) =>
  row.last_event_at ? <Time at={row.last_event_at} quiet /> : <Mark state="unknown">{t.never}</Mark>;
const RefusedCount = ({ row }: { row: Integration }) =>
  row.refused_24h > 0 ? <Mark state="medium">{number(row.refused_24h)}</Mark> : <Subtle>{row.refused_24h}</Subtle>;

const columns: Column<Integration>[] = [
  {
    key: 'name',
    head: t.head.name,
    grow: true,
    cell: (row) => (
      <Link to={`/integrations/${row.name}`} look="plain">
        <span className="font-strong">{row.name}</span>
      </Link>
    ),
  },
  { key: 'kind', head: t.head.kind, cell: (row) => t.kinds[row.kind] },
  { key: 'service', head: t.head.service, cell: (row) => <Subtle>{row.service}</Subtle> },
  { key: 'last', head: t.head.last, cell: (row) => <LastEvent row={row} /> },
  { key: 'day', head: t.head.day, right: true, from: 'split', cell: (row) => number(row.alerts_24h) },
  { key: 'refused', head: t.head.refused, right: true, cell: (row) => <RefusedCount row={row} /> },
];

/** Every integration: who sends, to which service, and whether anything comes. */
export const IntegrationList = ({ onAdd }: { onAdd: (() => void) | undefined }) => {
  const [search] = useSearchState();
  const navigate = useNavigate();
  const list = useQuery({ ...integrationsQuery({ q: search.q }), placeholderData: (before) => before });
  const rows: Integration[] = list.data?.items ?? [];
  return (
    <>
      <div className="border-line pt-2.5 max-desk:border-b">
        <Filters names={['q']}>
          <FilterText label={t.filter} />
        </Filters>
      </div>
      <ProblemStrip error={list.error} />
      {list.isPending ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        search.q ? (
          <Empty title={services.filtered.title}>{services.filtered.why(`“${search.q}”`)}</Empty>
        ) : (
          <Empty title={t.empty.title} action={onAdd && <Button onClick={onAdd}>{t.add}</Button>}>
            {t.empty.why}
          </Empty>
        )
      ) : (
        <List
          label={services.tabs.integrations}
          columns={columns}
          rows={rows}
          idOf={(row) => row.name}
          nameOf={(row) => row.name}
          onOpen={(row) => void navigate({ to: `/integrations/${row.name}` })}
          phone={(row) => (
            <Link to={`/integrations/${row.name}`} look="row">
              <span className="font-strong">{row.name}</span>
              <span className="flex flex-wrap gap-x-3 text-meta text-fg-muted">
                <span>{t.kinds[row.kind]}</span>
                <span>{row.service}</span>
                <span className="ml-auto">
                  <LastEvent row={row} />
                </span>
              </span>
            </Link>
          )}
          fact={services.shown(rows.length)}
        />
      )}
    </>
  );
};
