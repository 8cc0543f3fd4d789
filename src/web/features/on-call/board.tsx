import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCan, useMe } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { onCall as t } from '../../text/on-call.ts';
import { clock, now, short } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Segmented } from '../../ui/field.tsx';
import { Empty, PageHead, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Person, Subtle, Time, Told } from '../../ui/text.tsx';
import { type Board, boardQuery } from './queries.ts';

type Schedule = Board['schedules'][number];
type Policy = Board['policies'][number];
type Somebody = { person: string; display_name: string; time_zone: string; role?: string; shadow?: boolean };

const FILTERS = ['q', 'team'];
const counted = (row: Schedule) => row.now.filter((one) => !one.shadow);

const wordsOf = (row: Schedule | Policy): string =>
  [
    'schedule' in row ? row.schedule : row.policy,
    row.title,
    row.team ?? '',
    row.team_title,
    ...row.now.flatMap((one) => [one.person, one.display_name]),
    ...('next' in row ? (row.next?.people ?? []).flatMap((one) => [one.person, one.display_name]) : []),
    ...row.services.flatMap((one) => [one.name, one.title]),
  ]
    .join(' ')
    .toLowerCase();

/** Who is on call in the whole company, and how to page them. */
export const OnCallBoard = () => {
  const [search, set] = useSearchState();
  const board = useQuery(boardQuery);
  const me = useMe()?.person?.name;
  const can = useCan();
  const byPolicy = search.show === 'policies';
  const typed = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (row: Schedule | Policy) =>
    (!search.team || row.team === search.team) && typed.every((word) => wordsOf(row).includes(word));
  const all = board.data ? (byPolicy ? board.data.policies : board.data.schedules) : [];
  const teams = new Map(
    [...(board.data?.schedules ?? []), ...(board.data?.policies ?? [])].flatMap((row) =>
      row.team ? [[row.team, row.team_title] as const] : [],
    ),
  );
  const empty = board.data?.schedules.filter((row) => counted(row).length === 0).length ?? 0;
  const clear = () => set(Object.fromEntries(FILTERS.map((name) => [name, undefined])));
  const view = { me, mayOpen: can('configuration.read'), mayPage: can('incident.create') };
  return (
    <>
      <PageHead title={t.title} fact={board.data && t.fact(board.data.schedules.length, empty)} />
      <Filters
        names={FILTERS}
        end={
          <Segmented
            label={t.how}
            value={byPolicy ? 'policies' : 'schedules'}
            onChange={(value) => set({ show: value === 'policies' ? 'policies' : undefined })}
            options={[
              { value: 'schedules', label: t.bySchedule },
              { value: 'policies', label: t.byPolicy },
            ]}
          />
        }
      >
        <FilterText label={t.filter} />
        <FilterChip name="team" label={t.team} single options={[...teams].map(([value, label]) => ({ value, label }))} />
      </Filters>
      <ProblemStrip error={board.error} />
      {!board.data ? (
        board.isPending && <SkeletonRows rows={10} />
      ) : all.length === 0 ? (
        <Empty title={byPolicy ? t.noPolicy : t.none}>{byPolicy ? t.noPolicyWhy : t.noneWhy}</Empty>
      ) : !all.some(fits) ? (
        <Empty title={t.nothingFits} action={<Button onClick={clear}>{t.clear}</Button>} />
      ) : byPolicy ? (
        <Policies rows={board.data.policies.filter(fits)} view={view} />
      ) : (
        <Schedules rows={board.data.schedules.filter(fits)} view={view} />
      )}
    </>
  );
};

type View = { me: string | undefined; mayOpen: boolean; mayPage: boolean };
const groupsOf = <T extends { team_title: string }>(rows: T[]) =>
  [...Map.groupBy(rows, (row) => row.team_title)].map(([title, own]) => ({ title: title || t.noTeam, rows: own }));

const Somebody = ({ one, me }: { one: Somebody; me: string | undefined }) => (
  <Person
    name={one.display_name}
    note={[
      one.person === me ? t.you : t.local(clock(now(), one.time_zone)),
      t.role[one.role ?? 'primary'],
      one.shadow ? t.shadow : '',
    ]
      .filter(Boolean)
      .join(', ')}
  />
);
const People = ({ people, me }: { people: Somebody[]; me: string | undefined }) => (
  <span className="inline-flex flex-col items-start py-1 max-desk:py-0">
    {people.map((one) => (
      <Somebody key={`${one.person} ${one.role}`} one={one} me={me} />
    ))}
  </span>
);

const Gap = ({ row }: { row: Schedule }) => {
  if (!row.gap) return <Subtle>{t.noGap}</Subtle>;
  if (Date.parse(row.gap.starts) <= now()) return <Mark state="high">{t.gapNow(short(row.gap.ends))}</Mark>;
  return <Mark state="medium">{t.gap(short(row.gap.starts), short(row.gap.ends))}</Mark>;
};
const Next = ({ row }: { row: Schedule }) =>
  row.next ? (
    <span className="inline-flex items-center gap-2">
      <Time at={row.next.at} quiet />
      {row.next.people.map((one) => one.display_name).join(', ') || <Subtle>{t.nextNobody}</Subtle>}
    </span>
  ) : (
    <Subtle>{t.noEnd}</Subtle>
  );
const untilOf = (row: Schedule) => counted(row).find((one) => one.until)?.until;

/** The services whose incidents page them, and the way to declare one for the first who is on call. */
const PageBy = ({ row, view }: { row: { services: { name: string; title: string }[]; now: Somebody[] }; view: View }) => {
  const first = row.now.find((one) => !one.shadow);
  const [service] = row.services;
  return (
    <span className="inline-flex items-center gap-2">
      {service ? (
        <span className="max-w-40 truncate">
          {view.mayOpen ? (
            <Link to={`/services/${service.name}`} look="plain">
              {service.title || service.name}
            </Link>
          ) : (
            service.title || service.name
          )}
          {row.services.length > 1 && <Subtle> {t.and(row.services.length - 1)}</Subtle>}
        </span>
      ) : (
        <Subtle>{t.noService}</Subtle>
      )}
      {first && view.mayPage && (
        <Link
          to="/incidents"
          search={{ declare: 'yes', page: first.person }}
          look="button"
          size="sm"
          aria-label={t.pageWho(first.display_name)}
        >
          {t.page}
        </Link>
      )}
    </span>
  );
};

const Name = ({ to, title, mayOpen }: { to: string; title: string; mayOpen: boolean }) =>
  mayOpen ? (
    <Link to={to} look="plain">
      <span className="font-strong">{title}</span>
    </Link>
  ) : (
    <span className="font-strong">{title}</span>
  );

const Schedules = ({ rows, view }: { rows: Schedule[]; view: View }) => {
  const navigate = useNavigate();
  const columns: Column<Schedule>[] = [
    {
      key: 'name',
      head: t.head.schedule,
      grow: true,
      cell: (row) => <Name to={`/schedules/${row.schedule}`} title={row.title} mayOpen={view.mayOpen} />,
    },
    {
      key: 'now',
      head: t.head.now,
      cell: (row) => (
        <>
          {counted(row).length === 0 && <Mark state="high">{t.nobody}</Mark>}
          <People people={row.now} me={view.me} />
        </>
      ),
    },
    {
      key: 'until',
      head: t.head.until,
      cell: (row) => {
        const until = untilOf(row);
        return until ? <Time at={until} quiet /> : <Subtle>{counted(row).length > 0 ? t.noEnd : ''}</Subtle>;
      },
    },
    { key: 'next', head: t.head.next, from: 'split', cell: (row) => <Next row={row} /> },
    { key: 'gap', head: t.head.gap, cell: (row) => <Gap row={row} /> },
    { key: 'page', head: t.head.page, cell: (row) => <PageBy row={row} view={view} /> },
  ];
  return (
    <List
      label={t.title}
      columns={columns}
      groups={groupsOf(rows)}
      idOf={(row) => row.schedule}
      nameOf={(row) => row.title}
      {...(view.mayOpen ? { onOpen: (row: Schedule) => void navigate({ to: `/schedules/${row.schedule}` }) } : {})}
      phone={(row) => (
        <div className="flex flex-col gap-1.5 px-4 py-3">
          <span className="flex items-center justify-between gap-3">
            <Name to={`/schedules/${row.schedule}`} title={row.title} mayOpen={view.mayOpen} />
            <span className="text-meta text-fg-subtle">{untilOf(row) && t.until(short(untilOf(row) as string))}</span>
          </span>
          {counted(row).length === 0 && <Mark state="high">{t.nobody}</Mark>}
          <People people={row.now} me={view.me} />
          {row.next && (
            <span className="text-meta text-fg-muted">
              {t.head.next}: <Next row={row} />
            </span>
          )}
          {row.gap && <Gap row={row} />}
          <PageBy row={row} view={view} />
        </div>
      )}
    />
  );
};

const Policies = ({ rows, view }: { rows: Policy[]; view: View }) => {
  const navigate = useNavigate();
  const who = (row: Policy) =>
    row.now.length > 0 ? <People people={row.now} me={view.me} /> : <Mark state="high">{t.nobody}</Mark>;
  const why = (row: Policy) => <Told>{row.now[0]?.reason ?? row.empty.join('; ')}</Told>;
  const columns: Column<Policy>[] = [
    {
      key: 'name',
      head: t.head.policy,
      cell: (row) => <Name to={`/escalation/${row.policy}`} title={row.title} mayOpen={view.mayOpen} />,
    },
    { key: 'now', head: t.head.now, cell: who },
    { key: 'why', head: t.head.why, grow: true, cell: (row) => <span className="text-fg-muted">{why(row)}</span> },
    { key: 'page', head: t.head.page, cell: (row) => <PageBy row={row} view={view} /> },
  ];
  return (
    <List
      label={t.byPolicy}
      columns={columns}
      groups={groupsOf(rows)}
      idOf={(row) => row.policy}
      nameOf={(row) => row.title}
      {...(view.mayOpen ? { onOpen: (row: Policy) => void navigate({ to: `/escalation/${row.policy}` }) } : {})}
      phone={(row) => (
        <div className="flex flex-col gap-1.5 px-4 py-3">
          <Name to={`/escalation/${row.policy}`} title={row.title} mayOpen={view.mayOpen} />
          {who(row)}
          <span className="text-meta text-fg-muted">{why(row)}</span>
          <PageBy row={row} view={view} />
        </div>
      )}
    />
  );
};
