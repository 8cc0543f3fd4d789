import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useCan } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useCommands } from '../../shell/commands.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { schedules as t } from '../../text/schedules.ts';
import { now, short } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Segmented } from '../../ui/field.tsx';
import type { GanttRow } from '../../ui/gantt.tsx';
import { Empty, PageHead, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Person, Subtle, Time } from '../../ui/text.tsx';
import { usePhone } from '../../ui/width.ts';
import { onCallQuery } from '../home/queries.ts';
import { teamsQuery } from '../incidents/queries.ts';
import { Agenda } from './agenda.tsx';
import { type Schedule, schedulesQuery, type Timeline, teamTimelineQuery, titleOf } from './queries.ts';
import { finalRows, type Words } from './rows.ts';
import { ScheduleChart } from './schedule-chart.tsx';
import { useCalled, useMyName, useView } from './use-view.ts';
import { ViewBar } from './view-bar.tsx';
import { addDays, dateOf, startOf } from './zone.ts';

type OnCall = { schedule: string; person: string; role: string; shadow: boolean; until: string | null };
type Listed = { schedule: Schedule; onCall: OnCall[]; timeline: Timeline | undefined };

const FILTERS = ['q', 'team'];
const holesOf = (timeline: Timeline | undefined) => timeline?.gaps.filter((gap) => gap.role === null);

export const ScheduleList = () => {
  const [search, set] = useSearchState();
  const can = useCan();
  const phone = usePhone();
  const navigate = useNavigate();
  const { span, zone, choice } = useView();
  const words: Words = { called: useCalled(), me: useMyName(), zone };
  const asTimeline = search.show === 'timeline';
  const today = dateOf(now(), zone);
  const window = asTimeline ? span : { from: startOf(today, zone), to: startOf(addDays(today, 30), zone) };
  const schedules = useQuery(schedulesQuery);
  const timelines = useQuery(teamTimelineQuery(search.team, window.from, window.to));
  const onCall = useQuery(onCallQuery).data?.items ?? [];
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const add = () => void navigate({ to: '/schedules/new' });
  useShortcuts(can('schedule.write') ? [{ key: 'n', label: t.add, run: add }] : []);
  useCommands(can('schedule.write') ? [{ label: t.add, shortcut: 'N', run: add }] : []);

  const typed = (search.q ?? '').toLowerCase();
  const rows: Listed[] = (schedules.data?.items ?? [])
    .map((schedule) => ({
      schedule,
      onCall: onCall.filter((one) => one.schedule === schedule.name && !one.shadow),
      timeline: timelines.data?.find((one) => one.schedule === schedule.name),
    }))
    .filter(
      ({ schedule, timeline }) =>
        !search.team || timeline !== undefined || (timelines.isPending && schedule.team === search.team),
    )
    .filter(({ schedule }) => `${schedule.name} ${schedule.title} ${schedule.team ?? ''}`.toLowerCase().includes(typed))
    .sort((a, b) => titleOf(a.schedule).localeCompare(titleOf(b.schedule)) * (search.sort === '-name' ? -1 : 1));
  const all = schedules.data?.items.length;
  const clear = () => set(Object.fromEntries(FILTERS.map((name) => [name, undefined])));

  return (
    <>
      <PageHead title={t.title} fact={all === undefined ? undefined : t.fact(all)}>
        {can('schedule.write') && (
          <Button look="main" icon={<Plus size={14} aria-hidden="true" />} shortcut="N" onClick={add}>
            {phone ? t.addShort : t.add}
          </Button>
        )}
      </PageHead>
      <Filters
        names={FILTERS}
        end={
          <Segmented
            label={t.list.how}
            value={asTimeline ? 'timeline' : 'list'}
            onChange={(value) => set({ show: value === 'timeline' ? 'timeline' : undefined })}
            options={[
              { value: 'list', label: t.list.asList },
              { value: 'timeline', label: t.list.asTimeline },
            ]}
          />
        }
      >
        <FilterText label={t.list.filter} />
        <FilterChip
          name="team"
          label={t.list.team}
          single
          options={teams.map((one) => ({ value: one.name, label: one.title || one.name }))}
        />
      </Filters>
      <ProblemStrip error={schedules.error ?? timelines.error} />
      {schedules.isPending ? (
        <SkeletonRows rows={8} />
      ) : all === 0 ? (
        <Empty title={t.list.empty} action={can('schedule.write') && <Button onClick={add}>{t.add}</Button>}>
          {t.list.emptyWhy}
        </Empty>
      ) : rows.length === 0 ? (
        <Empty title={t.list.filtered} action={<Button onClick={clear}>{t.list.clear}</Button>}>
          {search.team && !typed ? t.list.noneOfTeam : undefined}
        </Empty>
      ) : asTimeline ? (
        <TeamTimeline rows={rows} words={words} view={{ span, zone, choice }} phone={phone} />
      ) : (
        <List
          label={t.title}
          columns={columnsOf(words, teams)}
          rows={rows}
          idOf={(row) => row.schedule.name}
          nameOf={(row) => titleOf(row.schedule)}
          onOpen={(row) => void navigate({ to: `/schedules/${row.schedule.name}` })}
          phone={(row) => <PhoneRow row={row} words={words} />}
          fact={t.list.shown(rows.length)}
        />
      )}
    </>
  );
};

const TeamTimeline = ({
  rows,
  words,
  view,
  phone,
}: {
  rows: Listed[];
  words: Words;
  view: ReturnType<typeof useView>;
  phone: boolean;
}) => {
  const drawn = rows.flatMap(({ timeline }) => (timeline ? [timeline] : []));
  return (
    <>
      <ViewBar {...view} />
      {phone ? (
        <Agenda timelines={drawn} span={view.span} words={words} />
      ) : (
        <ScheduleChart
          title={t.title}
          span={view.span}
          zone={view.zone}
          gaps={drawn.reduce((sum, one) => sum + (holesOf(one)?.length ?? 0), 0)}
          rows={drawn.flatMap((timeline) => {
            const title = timeline.title || timeline.schedule;
            return finalRows(timeline, words, undefined, title).map(
              (row, index): GanttRow => ({
                ...row,
                ...(index === 0
                  ? {
                      title: (
                        <Link to={`/schedules/${timeline.schedule}`} look="plain">
                          {title}
                        </Link>
                      ),
                    }
                  : {}),
              }),
            );
          })}
        />
      )}
    </>
  );
};

const WhoNow = ({ row, words }: { row: Listed; words: Words }) => {
  if (row.onCall.length === 0) return <Mark state="high">{t.nobody}</Mark>;
  const [first, ...others] = row.onCall;
  return (
    <span className="inline-flex items-center gap-x-3">
      <Person name={words.called(first?.person ?? '')} note={first?.person === words.me ? t.you : undefined} />
      {others.slice(0, 1).map((one) => (
        <span key={one.role + one.person} className="text-fg-muted">
          <Person
            name={words.called(one.person)}
            note={[one.person === words.me ? t.you : '', t.role[one.role as 'primary'].toLowerCase()].filter(Boolean).join(', ')}
          />
        </span>
      ))}
      {others.length > 1 && <Subtle>+{others.length - 1}</Subtle>}
    </span>
  );
};

const Ahead = ({ row }: { row: Listed }) => {
  const holes = holesOf(row.timeline)?.filter((gap) => Date.parse(gap.ends) > now());
  if (!holes) return null;
  const [first] = holes;
  return first ? (
    <Mark state="medium">{t.gap.first(short(first.starts), holes.length)}</Mark>
  ) : (
    <span className="text-fg-muted">{t.list.none}</span>
  );
};

const columnsOf = (words: Words, teams: { name: string; title: string }[]): Column<Listed>[] => [
  {
    key: 'name',
    head: t.list.name,
    sort: 'name',
    grow: true,
    cell: ({ schedule }) => (
      <Link to={`/schedules/${schedule.name}`} look="plain">
        <span className="font-strong">{titleOf(schedule)}</span>
      </Link>
    ),
  },
  {
    key: 'team',
    head: t.list.team,
    cell: ({ schedule: { team } }) =>
      team ? teams.find((one) => one.name === team)?.title || team : <Subtle>{t.list.noTeam}</Subtle>,
  },
  { key: 'now', head: t.list.onCall, cell: (row) => <WhoNow row={row} words={words} /> },
  {
    key: 'next',
    head: t.list.next,
    right: true,
    from: 'split',
    cell: ({ onCall: [first] }) => (first?.until ? <Time at={first.until} quiet /> : <Subtle>{t.list.never}</Subtle>),
  },
  { key: 'zone', head: t.list.zone, from: 'wide', cell: ({ schedule }) => <Subtle>{schedule.time_zone}</Subtle> },
  { key: 'ahead', head: t.list.ahead, cell: (row) => <Ahead row={row} /> },
];

const PhoneRow = ({ row, words }: { row: Listed; words: Words }) => (
  <Link to={`/schedules/${row.schedule.name}`} look="row">
    <span className="flex items-center justify-between gap-3">
      <span className="font-strong">{titleOf(row.schedule)}</span>
      <span className="text-meta text-fg-subtle">{row.schedule.team}</span>
    </span>
    <WhoNow row={row} words={words} />
    <span className="flex items-center justify-between gap-3 text-meta text-fg-muted">
      <span>{row.onCall[0]?.until && t.until(short(row.onCall[0].until))}</span>
      <Ahead row={row} />
    </span>
  </Link>
);
