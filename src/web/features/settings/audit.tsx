import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ChevronDown, X } from 'lucide-react';
import { type Search, stringifySearch, useSearchState } from '../../search-state.ts';
import { screens } from '../../text/screens.ts';
import { settings } from '../../text/settings.ts';
import { number, short } from '../../time.ts';
import { Button, DownloadLink, IconButton, Link } from '../../ui/button.tsx';
import { DateTimeField } from '../../ui/field.tsx';
import { Details, Empty, ProblemStrip, Section, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Popover } from '../../ui/overlay.tsx';
import { Code, Subtle, Time, Told } from '../../ui/text.tsx';
import { peopleQuery } from '../incidents/queries.ts';
import { changesIn, restOf } from './audit-changes.ts';
import { AUDIT_FILTERS, auditFilter, auditQuery, type Entry } from './queries.ts';

const t = settings.audit;
const kindOf = (entry: Entry) => entry.subject.split(':')[0] ?? '';
const aboutOf = (entry: Entry) => entry.subject_name ?? `${t.one[kindOf(entry)] ?? kindOf(entry)} (${t.gone})`;

const columns: Column<Entry>[] = [
  {
    key: 'when',
    head: t.head.when,
    cell: (entry) => (
      <Subtle>
        <Time at={entry.at} quiet />
      </Subtle>
    ),
  },
  {
    key: 'who',
    head: t.head.who,
    cell: (entry) => <span className="inline-block max-w-36 truncate align-middle">{entry.actor}</span>,
  },
  {
    key: 'what',
    head: t.head.what,
    grow: true,
    cell: (entry) => <Told>{entry.text}</Told>,
  },
  {
    key: 'about',
    head: t.head.about,
    from: 'split',
    cell: (entry) => <span className="inline-block max-w-44 truncate align-middle text-fg-muted">{aboutOf(entry)}</span>,
  },
  { key: 'from', head: t.head.from, from: 'split', cell: (entry) => <Subtle>{entry.source}</Subtle> },
];

/** Who changed what, when and from where; one entry beside the list, with what it was before. */
export const Audit = () => {
  const [search, set] = useSearchState();
  const log = useInfiniteQuery({ ...auditQuery(search), placeholderData: (before) => before });
  const rows = log.data?.pages.flatMap((page) => page.items) ?? [];
  const peeked = rows.find((row) => row.id === search.entry);
  const filtered = AUDIT_FILTERS.filter((name) => search[name]);
  const clear = () => set(Object.fromEntries(AUDIT_FILTERS.map((name) => [name, undefined])));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <p className="px-(--pad) pt-4 pb-3 text-fg-muted">{t.why}</p>
      <AuditFilters rows={rows} search={search} />
      <ProblemStrip error={log.error} />
      <SplitPane own sideLabel={t.entry} side={peeked && <EntryPane entry={peeked} onClose={() => set({ entry: undefined })} />}>
        {log.isPending ? (
          <SkeletonRows rows={16} />
        ) : rows.length > 0 ? (
          <List
            label={screens.settingsPart.audit}
            columns={peeked ? columns.filter((column) => !['about', 'from'].includes(column.key)) : columns}
            rows={rows}
            idOf={(row) => row.id}
            nameOf={(row) => row.text}
            onOpen={(row) => set({ entry: row.id })}
            onPeek={(row) => set({ entry: row?.id })}
            peeked={peeked?.id}
            phone={(row) => (
              <button
                type="button"
                onClick={() => set({ entry: row.id })}
                className="flex min-h-11 w-full flex-col gap-1 px-4 py-3 text-left"
              >
                <span className="wrap-anywhere">{row.text}</span>
                <span className="flex flex-wrap gap-x-3 text-meta text-fg-muted">
                  <span>{row.actor}</span>
                  <span>{row.source}</span>
                  <span className="ml-auto">{short(row.at)}</span>
                </span>
              </button>
            )}
            more={log.hasNextPage ? { load: () => void log.fetchNextPage(), busy: log.isFetchingNextPage } : undefined}
            fact={t.shown(rows.length)}
          />
        ) : filtered.length > 0 ? (
          <Empty title={t.filteredTitle} action={<Button onClick={clear}>{t.clear}</Button>}>
            {t.filtered(filtered.map((name) => `“${search[name]}”`).join(', '))}
          </Empty>
        ) : (
          !log.error && <Empty title={t.empty.title}>{t.empty.why}</Empty>
        )}
      </SplitPane>
    </div>
  );
};

const SOURCES = [
  'console',
  'api',
  'cli',
  'timer',
  'mail link',
  'sms',
  'voice',
  'ntfy',
  'slack',
  'pushover',
  'telegram',
  'mattermost',
];

const AuditFilters = ({ rows, search }: { rows: Entry[]; search: Search }) => {
  const people = useQuery(peopleQuery).data?.items ?? [];
  const [, set] = useSearchState();
  const seen = (of: (row: Entry) => string, known: string[]) =>
    [...new Set(rows.map(of))].filter((one) => one && !known.includes(one)).toSorted();
  const names = people.map((one) => one.name);
  const query = stringifySearch(auditFilter(search));
  const href = (format: string) => `/api/journal/export${query}${query ? '&' : '?'}format=${format}`;
  const between = search.since || search.until;
  return (
    <Filters
      names={AUDIT_FILTERS}
      end={
        <>
          <span className="text-meta text-fg-subtle max-split:hidden">{t.export}</span>
          {(['csv', 'ndjson'] as const).map((format) => (
            <DownloadLink key={format} href={href(format)} size="sm" aria-label={t.exportWhat(t[format])}>
              {t[format]}
            </DownloadLink>
          ))}
        </>
      }
    >
      <FilterText label={t.filter} />
      <FilterChip
        name="actor"
        label={t.who}
        single
        options={[
          ...people.map((one) => ({ value: one.name, label: one.display_name })),
          ...seen((row) => row.actor, names).map((value) => ({ value, label: value })),
        ]}
      />
      <FilterChip
        name="about"
        label={t.kind}
        single
        options={Object.entries(t.kinds).map(([value, label]) => ({ value, label }))}
      />
      <FilterChip
        name="source"
        label={t.source}
        single
        options={[...SOURCES, ...seen((row) => row.source, SOURCES)].map((value) => ({ value, label: value }))}
      />
      <FilterChip
        name="within"
        label={t.within}
        single
        options={Object.entries(t.chips).map(([value, label]) => ({ value, label }))}
      />
      <Popover
        title={t.between}
        trigger={
          <Button size="sm">
            {between
              ? [search.since && `${t.since} ${short(search.since)}`, search.until && `${t.until} ${short(search.until)}`]
                  .filter(Boolean)
                  .join(' ')
              : t.between}
            <ChevronDown size={12} aria-hidden="true" />
          </Button>
        }
      >
        <div className="flex flex-col gap-3">
          <DateTimeField label={t.since} value={search.since} onChange={(since) => set({ since })} />
          <DateTimeField label={t.until} value={search.until} onChange={(until) => set({ until })} />
        </div>
      </Popover>
    </Filters>
  );
};

const EntryPane = ({ entry, onClose }: { entry: Entry; onClose: () => void }) => {
  const changes = changesIn(entry);
  const rest = restOf(entry);
  return (
    <>
      <div className="flex items-start gap-2 px-4 pt-3">
        <h2 className="min-w-0 flex-1 text-14 wrap-anywhere">
          <Told>{entry.text}</Told>
        </h2>
        <IconButton label={t.close} look="quiet" size="sm" onClick={onClose}>
          <X size={14} aria-hidden="true" />
        </IconButton>
      </div>
      <Section title={t.entry}>
        <Details
          items={[
            { label: t.head.when, value: <Time at={entry.at} /> },
            {
              label: t.head.who,
              value: (
                <Link to="/settings/audit" search={{ actor: entry.actor }}>
                  {entry.actor}
                </Link>
              ),
            },
            { label: t.head.from, value: entry.source },
            { label: t.head.about, value: aboutOf(entry) },
            { label: t.type, value: entry.type },
          ]}
        />
      </Section>
      {changes.length > 0 && (
        <Section title={t.changed} fact={number(changes.length)}>
          <ul className="flex flex-col divide-y divide-line">
            {changes.map((change) => (
              <li key={change.field} className="flex flex-col gap-0.5 py-2">
                <span className="font-strong wrap-anywhere">{change.field.replaceAll('_', ' ').replaceAll('.', ' › ')}</span>
                <Value label={t.before} value={change.before} gone />
                <Value label={t.after} value={change.after} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {rest && (
        <Section title={t.rest}>
          <Code label={t.rest}>{rest}</Code>
        </Section>
      )}
    </>
  );
};

const Value = ({ label, value, gone }: { label: string; value: string | undefined; gone?: boolean }) => (
  <span className="grid grid-cols-[56px_minmax(0,1fr)] gap-2">
    <span className="text-meta text-fg-subtle">{label}</span>
    {value === undefined ? (
      <span className="text-fg-subtle">{t.nothing}</span>
    ) : gone ? (
      <del className="wrap-anywhere text-fg-muted">{value}</del>
    ) : (
      <ins className="font-strong wrap-anywhere no-underline">{value}</ins>
    )}
  </span>
);
