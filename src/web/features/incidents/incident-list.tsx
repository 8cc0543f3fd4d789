import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useCommands } from '../../shell/commands.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { incidents as t } from '../../text/incidents.ts';
import { ui } from '../../text/ui.ts';
import { now, number } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Empty, PageHead, ProblemStrip, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Severity, Status } from '../../ui/marks.tsx';
import { Lasted, Person, Subtle, Time } from '../../ui/text.tsx';
import { usePhone } from '../../ui/width.ts';
import { useAct } from './act.ts';
import { DeclareIncident } from './declare-incident.tsx';
import { EscalateDialog, ResolveDialog } from './incident-dialogs.tsx';
import { IncidentPeek } from './incident-peek.tsx';
import {
  countsQuery,
  FILTERS,
  type Incident,
  incidentsQuery,
  isOver,
  nameIn,
  peopleQuery,
  servicesQuery,
  teamsQuery,
} from './queries.ts';
import { Refused } from './refused.tsx';

const WEEK_MS = 7 * 86_400_000;
const whoHas = (row: Incident): string | undefined => row.assignees[0] ?? row.acknowledged_by ?? undefined;

const columns: Column<Incident>[] = [
  {
    key: 'severity',
    head: t.head.severity,
    sort: 'severity',
    cell: (row) => <Severity severity={row.severity} over={isOver(row)} />,
  },
  { key: 'number', head: t.head.number, cell: (row) => <Subtle>{row.number}</Subtle> },
  {
    key: 'title',
    head: t.head.title,
    grow: true,
    cell: (row) => (
      <Link to={`/incidents/${row.number}`} look="plain">
        <span className={isOver(row) ? '' : 'font-strong'}>{row.title}</span>
      </Link>
    ),
  },
  {
    key: 'service',
    head: t.head.service,
    from: 'split',
    cell: (row) => <span className="inline-block max-w-40 truncate align-middle">{row.service}</span>,
  },
  { key: 'status', head: t.head.status, cell: (row) => <Status status={row.status} /> },
  { key: 'person', head: t.head.person, cell: (row) => <Owner row={row} /> },
  {
    key: 'acknowledged',
    head: t.head.acknowledgedIn,
    right: true,
    from: 'wide',
    cell: (row) =>
      row.acknowledged_at ? <Lasted from={row.opened_at} until={row.acknowledged_at} /> : <Subtle>{t.notYet}</Subtle>,
  },
  {
    key: 'lasted',
    head: t.head.lasted,
    right: true,
    cell: (row) => <Lasted from={row.opened_at} until={row.resolved_at ?? row.closed_at} />,
  },
  {
    key: 'opened',
    head: t.head.opened,
    right: true,
    sort: 'opened_at',
    cell: (row) => (
      <Subtle>
        <Time at={row.opened_at} quiet />
      </Subtle>
    ),
  },
];

const Owner = ({ row }: { row: Incident }) => {
  const who = whoHas(row);
  const others = row.assignees.length - 1;
  return (
    <Person
      name={who && nameIn(row, who)}
      nobody={isOver(row) ? ui.nobody : t.list.nobody}
      missing={!isOver(row)}
      note={others > 0 ? `+${others}` : undefined}
    />
  );
};

export const IncidentList = () => {
  const [search, set] = useSearchState();
  const navigate = useNavigate();
  const can = useCan();
  const phone = usePhone();
  const respond = can('incident.respond');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [resolving, setResolving] = useState<Incident[]>();
  const [escalating, setEscalating] = useState<Incident>();
  const { act, actOnAll, busy, refusal } = useAct();

  // What is open comes first, whatever its age: two lists, each with pages of its own.
  const chosen = search.status;
  const open = useInfiniteQuery({ ...incidentsQuery(search, chosen ?? 'open'), placeholderData: (before) => before });
  const over = useInfiniteQuery({
    ...incidentsQuery(search, 'resolved,closed'),
    placeholderData: (before) => before,
    enabled: !chosen,
  });
  const counts = useQuery(countsQuery);
  const openRows = open.data?.pages.flatMap((page) => page.items) ?? [];
  const overRows = chosen ? [] : (over.data?.pages.flatMap((page) => page.items) ?? []);
  const recent = (row: Incident) => now() - Date.parse(row.resolved_at ?? row.opened_at) < WEEK_MS;
  const sorted = search.sort !== undefined && search.sort !== '-opened_at';
  const groups = chosen
    ? [{ title: undefined, rows: openRows }]
    : [
        {
          title: t.list.open,
          fact: openRows.length === 0 ? t.list.calm : number(counts.data?.open ?? openRows.length),
          rows: openRows,
        },
        ...(sorted
          ? [{ title: t.list.earlier, rows: overRows }]
          : [
              { title: t.list.week, rows: overRows.filter(recent) },
              { title: t.list.earlier, rows: overRows.filter((row) => !recent(row)) },
            ]),
      ].filter((group) => group.rows.length > 0 || group.title === t.list.open);
  const all = groups.flatMap((group) => group.rows);
  const picked = all.filter((row) => selected.has(row.id));

  const begin = () => set({ declare: 'yes' });
  const acknowledge = (rows: Incident[]) => {
    if (rows.length === 1) act(rows[0] as Incident, { verb: 'acknowledge' });
    else actOnAll(rows, 'acknowledge');
    setSelected(new Set());
  };
  useShortcuts(can('incident.create') ? [{ key: 'd', label: t.act.declare, run: begin }] : []);
  useCommands(can('incident.create') ? [{ label: t.act.declare, shortcut: 'D', run: begin }] : []);

  const filtered = FILTERS.filter((name) => search[name]);
  const failed = open.error ?? over.error;
  const loading = open.isPending || (!chosen && over.isPending);
  const more = open.hasNextPage ? open : over.hasNextPage && !chosen ? over : undefined;
  const peeked = all.find((row) => row.number === search.peek);

  return (
    <>
      <PageHead
        title={t.title}
        fact={
          counts.data &&
          (phone
            ? t.list.factShort(number(counts.data.open))
            : t.list.fact(number(counts.data.open), number(counts.data.status.resolved + counts.data.status.closed)))
        }
      >
        {can('incident.create') && (
          <Button look="main" icon={<Plus size={14} aria-hidden="true" />} shortcut="D" onClick={begin}>
            {phone ? t.act.declareShort : t.act.declare}
          </Button>
        )}
      </PageHead>
      <ListFilters />
      <Refused refusal={refusal} />
      <ProblemStrip error={failed} />
      <SplitPane
        own
        sideLabel={t.list.peek}
        side={peeked && <IncidentPeek incident={peeked} onClose={() => set({ peek: undefined })} />}
      >
        {picked.length > 0 && (
          <div className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line bg-canvas px-(--pad)" role="status">
            <span className="font-strong">{t.list.selected(picked.length)}</span>
            <Button size="sm" busy={busy === 'acknowledge'} onClick={() => acknowledge(picked)}>
              {t.act.acknowledge}
            </Button>
            <Button size="sm" busy={busy === 'resolve'} onClick={() => setResolving(picked)}>
              {t.act.resolve}
            </Button>
            <Button size="sm" look="quiet" onClick={() => setSelected(new Set())}>
              {t.list.clearSelection}
            </Button>
          </div>
        )}
        {loading ? (
          <SkeletonRows rows={20} />
        ) : all.length === 0 && failed ? null : all.length === 0 ? (
          filtered.length > 0 ? (
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
          ) : (
            <Empty title={t.list.empty.title} action={can('incident.create') && <Button onClick={begin}>{t.act.declare}</Button>}>
              {t.list.empty.why}
            </Empty>
          )
        ) : (
          <List
            label={t.title}
            columns={peeked ? columns.filter((column) => !['service', 'acknowledged', 'opened'].includes(column.key)) : columns}
            groups={groups}
            idOf={(row) => row.id}
            nameOf={(row) => row.number}
            isOver={isOver}
            onOpen={(row) => void navigate({ to: `/incidents/${row.number}` })}
            onPeek={(row) => set({ peek: row?.number })}
            peeked={peeked?.id}
            {...(respond
              ? {
                  selected,
                  onSelect: setSelected,
                  keys: [
                    { key: 'a', label: t.act.acknowledge, act: acknowledge },
                    { key: 'e', label: t.act.escalate, act: (rows: Incident[]) => setEscalating(rows[0]) },
                    { key: 'r', label: t.act.resolve, act: setResolving },
                  ],
                }
              : {})}
            phone={(row) => <PhoneRow row={row} />}
            more={more && { load: () => void more.fetchNextPage(), busy: more.isFetchingNextPage }}
            fact={t.list.shown(all.length)}
          />
        )}
      </SplitPane>
      {resolving && (
        <ResolveDialog
          name={resolving.length === 1 ? (resolving[0] as Incident).number : t.done.several(resolving.length)}
          single={resolving.length === 1}
          onClose={() => setResolving(undefined)}
          onResolve={(note) => {
            if (resolving.length === 1) act(resolving[0] as Incident, { verb: 'resolve', note });
            else actOnAll(resolving, 'resolve');
            setSelected(new Set());
          }}
        />
      )}
      {escalating && (
        <EscalateDialog
          incident={escalating}
          onClose={() => setEscalating(undefined)}
          onEscalate={() => act(escalating, { verb: 'escalate' })}
        />
      )}
      {search.declare && can('incident.create') && (
        <DeclareIncident page={search.page} onClose={() => set({ declare: undefined, page: undefined })} />
      )}
    </>
  );
};

/** Two lines of an incident: its title is never cut off. */
const PhoneRow = ({ row }: { row: Incident }) => (
  <Link to={`/incidents/${row.number}`} look="row">
    <span className="flex items-center justify-between gap-2 text-meta">
      <Severity severity={row.severity} over={isOver(row)} />
      <Subtle>{row.number}</Subtle>
    </span>
    <span className={isOver(row) ? 'text-fg-muted' : 'font-strong'}>{row.title}</span>
    <span className="flex flex-wrap items-center gap-x-3 text-meta text-fg-muted">
      <Status status={row.status} />
      <Owner row={row} />
      <span className="ml-auto">
        <Lasted from={row.opened_at} until={row.resolved_at ?? row.closed_at} />
      </span>
    </span>
  </Link>
);

const ListFilters = () => {
  const can = useCan();
  const configuration = can('configuration.read');
  const services = useQuery({ ...servicesQuery, enabled: configuration });
  const people = useQuery({ ...peopleQuery, enabled: configuration });
  const teams = useQuery({ ...teamsQuery, enabled: configuration });
  return (
    <Filters names={FILTERS}>
      <FilterText label={t.list.filter} />
      <FilterChip
        name="status"
        label={t.head.status}
        options={(['triage', 'acknowledged', 'resolved', 'closed'] as const).map((value) => ({ value, label: ui.status[value] }))}
      />
      <FilterChip
        name="severity"
        label={t.head.severity}
        options={(['critical', 'error', 'warning', 'info'] as const).map((value) => ({ value, label: ui.severity[value] }))}
      />
      <FilterChip
        name="urgency"
        label={t.head.urgency}
        single
        options={(['high', 'low'] as const).map((value) => ({ value, label: t.urgency[value] }))}
      />
      {configuration && (
        <>
          <FilterChip
            name="service"
            label={t.head.service}
            single
            options={services.data?.items.map((one) => ({ value: one.name, label: one.title || one.name })) ?? []}
          />
          <FilterChip
            name="team"
            label={t.head.team}
            single
            options={teams.data?.items.map((one) => ({ value: one.name, label: one.title || one.name })) ?? []}
          />
          <FilterChip
            name="assignee"
            label={t.head.assignee}
            single
            options={[
              { value: 'me', label: t.me },
              ...(people.data?.items.map((one) => ({ value: one.name, label: one.display_name })) ?? []),
            ]}
          />
        </>
      )}
      <FilterChip
        name="since"
        label={t.head.since}
        single
        options={(['day', 'week', 'month'] as const).map((value) => ({ value, label: t.since[value] }))}
      />
    </Filters>
  );
};
