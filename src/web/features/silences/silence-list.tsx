import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useCan } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useCommands } from '../../shell/commands.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { silences as t } from '../../text/silences.ts';
import { duration, useNow } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Segmented } from '../../ui/field.tsx';
import { Empty, PageHead, ProblemStrip, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Subtle } from '../../ui/text.tsx';
import { usePhone } from '../../ui/width.ts';
import { servicesQuery } from '../incidents/queries.ts';
import { FILTERS, type Silence, silencesQuery } from './queries.ts';
import { SilencePeek } from './silence-peek.tsx';
import { SilenceState } from './silence-state.tsx';
import { SilenceWeek, WeekChoice } from './silence-week.tsx';
import { coversWords, whenWords } from './words.ts';

const columns: Column<Silence>[] = [
  { key: 'state', head: t.head.state, cell: (row) => <SilenceState state={row.state} /> },
  {
    key: 'why',
    head: t.head.why,
    grow: true,
    cell: (row) => <span className={row.state === 'expired' ? '' : 'font-strong'}>{row.comment}</span>,
  },
  {
    key: 'covers',
    head: t.head.covers,
    from: 'split',
    cell: (row) => <span className="inline-block max-w-72 truncate align-middle">{coversWords(row)}</span>,
  },
  { key: 'kind', head: t.kind, from: 'wide', cell: (row) => <Subtle>{t.kinds[row.kind]}</Subtle> },
  {
    key: 'when',
    head: t.head.when,
    cell: (row) => <span className="inline-block max-w-72 truncate align-middle">{whenWords(row)}</span>,
  },
  {
    key: 'left',
    head: t.head.left,
    right: true,
    from: 'wide',
    cell: (row) => (row.state === 'active' && row.ends_at && !row.recurs ? <Left until={row.ends_at} /> : null),
  },
  { key: 'by', head: t.head.by, cell: (row) => <Subtle>{row.created_by}</Subtle> },
];

/** How long it goes on yet. */
const Left = ({ until }: { until: string }) => duration(Date.parse(until) - useNow());

const matchesText = (row: Silence, text: string | undefined): boolean =>
  !text ||
  text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => `${row.comment} ${coversWords(row)} ${row.created_by} ${row.name ?? ''}`.toLowerCase().includes(word));

export const SilenceList = () => {
  const [search, set] = useSearchState();
  const navigate = useNavigate();
  const may = useCan()('silence.write');
  const phone = usePhone();
  const keep = { placeholderData: <T,>(before: T | undefined) => before };
  const active = useQuery({ ...silencesQuery('active', search), ...keep });
  const upcoming = useQuery({ ...silencesQuery('upcoming', search), ...keep });
  const past = useQuery({ ...silencesQuery('past', search), ...keep });
  const services = useQuery(servicesQuery);
  const rowsOf = (list: typeof active) => (list.data?.items ?? []).filter((row) => matchesText(row, search.q));
  const [now, soon, over] = [rowsOf(active), rowsOf(upcoming), rowsOf(past)];
  const groups = [
    { title: t.groups.active, fact: now.length || t.none.active, rows: now },
    { title: t.groups.upcoming, fact: soon.length || t.none.upcoming, rows: soon },
    { title: t.groups.past, fact: over.length || t.none.past, rows: over },
  ].filter((group, index) => index === 0 || group.rows.length > 0);
  const all = [...now, ...soon, ...over];
  const week = search.view === 'week';
  const begin = () => void navigate({ to: '/silences/new' });
  useShortcuts(may ? [{ key: 'n', label: t.new, run: begin }] : []);
  useCommands(may ? [{ label: t.new, shortcut: 'N', run: begin }] : []);
  const peeked = [active, upcoming, past].flatMap((list) => list.data?.items ?? []).find((row) => row.id === search.peek);
  const peek = peeked && <SilencePeek key={peeked.id} silence={peeked} onClose={() => set({ peek: undefined })} />;
  const filtered = FILTERS.filter((name) => search[name]);
  const error = active.error ?? upcoming.error ?? past.error;

  return (
    <>
      <PageHead
        title={t.title}
        fact={active.data && upcoming.data && t.fact(active.data.items.length, upcoming.data.items.length)}
      >
        <Segmented
          label={t.views.label}
          value={week ? 'week' : 'list'}
          onChange={(view) => set({ view: view === 'week' ? view : undefined, peek: undefined })}
          options={[
            { value: 'list', label: t.views.list },
            { value: 'week', label: t.views.week },
          ]}
        />
        {may && (
          <Button look="main" icon={<Plus size={14} aria-hidden="true" />} shortcut="N" onClick={begin}>
            {phone ? t.newShort : t.new}
          </Button>
        )}
      </PageHead>
      <Filters names={week ? [] : FILTERS}>
        {week ? (
          <WeekChoice />
        ) : (
          <>
            <FilterText label={t.filter} />
            <FilterChip
              name="kind"
              label={t.kind}
              single
              options={(['silence', 'maintenance'] as const).map((value) => ({ value, label: t.kinds[value] }))}
            />
            <FilterChip
              name="service"
              label={t.service}
              single
              options={services.data?.items.map((one) => ({ value: one.name, label: one.title || one.name })) ?? []}
            />
          </>
        )}
      </Filters>
      <ProblemStrip error={error} />
      <SplitPane own sideLabel={t.peek.label} side={!phone && peek}>
        {phone && peek ? (
          <section aria-label={t.peek.label} className="relative overflow-y-auto">
            {peek}
          </section>
        ) : week ? (
          <SilenceWeek />
        ) : active.isPending || upcoming.isPending || past.isPending ? (
          <SkeletonRows rows={12} />
        ) : all.length === 0 && filtered.length > 0 ? (
          <Empty
            title={t.filtered.title}
            action={
              <Button onClick={() => set(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}>
                {t.filtered.action}
              </Button>
            }
          >
            {t.filtered.why(filtered.map((name) => `“${search[name]}”`).join(', '))}
          </Empty>
        ) : all.length === 0 ? (
          <Empty title={t.empty.title} action={may && <Button onClick={begin}>{t.new}</Button>}>
            {t.empty.why}
          </Empty>
        ) : (
          <List
            label={t.title}
            columns={peeked ? columns.filter((one) => ['state', 'why', 'when'].includes(one.key)) : columns}
            groups={groups}
            idOf={(row) => row.id}
            nameOf={(row) => row.comment}
            isOver={(row) => row.state === 'expired'}
            onOpen={(row) => set({ peek: row.id }, true)}
            onPeek={(row) => set({ peek: row?.id })}
            peeked={peeked?.id}
            phone={(row) => <PhoneRow row={row} />}
            fact={t.shown(all.length)}
          />
        )}
      </SplitPane>
    </>
  );
};

const PhoneRow = ({ row }: { row: Silence }) => (
  <Link to="/silences" search={{ peek: row.id }} look="row">
    <span className="flex items-center justify-between gap-2 text-meta">
      <SilenceState state={row.state} />
      <Subtle>{t.kinds[row.kind]}</Subtle>
    </span>
    <span className={row.state === 'expired' ? 'text-fg-muted' : 'font-strong'}>{row.comment}</span>
    <span className="text-meta text-fg-muted">{coversWords(row)}</span>
    <span className="text-meta text-fg-muted">{whenWords(row)}</span>
  </Link>
);
