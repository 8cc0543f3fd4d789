import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useCan } from '../../api/me.ts';
import { stringifySearch, useSearchState } from '../../search-state.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { compensation as t } from '../../text/compensation.ts';
import { compensationRules as form } from '../../text/compensation-rules.ts';
import { money, monthAndYear } from '../../time.ts';
import { Button, DownloadLink, IconButton, Link } from '../../ui/button.tsx';
import { Details, Empty, PageHead, ProblemStrip, Section, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Subtle, Told } from '../../ui/text.tsx';
import { hours, monthAfter, monthOf } from './months.ts';
import { compensationQuery, type Line, type Report } from './queries.ts';

const FILTERS = ['q', 'team'];
const CLASSES = ['working_hours', 'after_hours', 'weekend', 'holiday'] as const;

/** What being on call came to in a month, by person and schedule. */
export const Compensation = () => {
  const [search, set] = useSearchState();
  const mayChange = useCan()('settings.write');
  const asked = /^\d{4}-\d\d$/.test(search.month ?? '') ? search.month : undefined;
  const query = useQuery(compensationQuery(asked));
  const report = query.data;
  const month = asked ?? (report && monthOf(report.from, report.time_zone));
  const go = (by: 1 | -1) => month && set({ month: monthAfter(month, by) });
  useShortcuts([
    { key: 'ArrowLeft', label: t.earlier, run: () => go(-1) },
    { key: 'ArrowRight', label: t.later, run: () => go(1) },
  ]);
  const typed = (search.q ?? '').toLowerCase();
  const lines = (report?.lines ?? []).filter(
    (line) =>
      (!search.team || line.team === search.team) &&
      `${line.person} ${line.display_name} ${line.schedule ?? ''} ${line.title}`.toLowerCase().includes(typed),
  );
  const teams = [...new Set((report?.lines ?? []).flatMap((line) => line.team ?? []))];
  const filtered = FILTERS.some((name) => search[name]);
  return (
    <>
      <PageHead title={t.title}>
        <span className="flex items-center gap-1">
          <IconButton label={t.earlier} look="quiet" onClick={() => go(-1)}>
            <ArrowLeft size={14} aria-hidden="true" />
          </IconButton>
          <span className="min-w-32 text-center font-strong" aria-live="polite">
            {month && monthAndYear(`${month}-01T12:00:00Z`)}
          </span>
          <IconButton label={t.later} look="quiet" onClick={() => go(1)}>
            <ArrowRight size={14} aria-hidden="true" />
          </IconButton>
        </span>
        {mayChange && (
          <Link to="/settings/compensation" look="button">
            {form.change}
          </Link>
        )}
        {month && (
          <DownloadLink
            href={`/api/compensation/export${stringifySearch({ month, ...(search.team ? { team: search.team } : {}) })}`}
            aria-label={t.csvLabel}
          >
            {t.csv}
          </DownloadLink>
        )}
      </PageHead>
      <Filters names={FILTERS}>
        <FilterText label={t.filters.q} />
        <FilterChip name="team" label={t.filters.team} single options={teams.map((team) => ({ value: team, label: team }))} />
      </Filters>
      <ProblemStrip error={query.error} />
      {!report ? (
        query.isPending && <SkeletonRows rows={10} />
      ) : (
        <SplitPane sideLabel={t.rules} side={<Side report={report} />} sideIsRead>
          {lines.length > 0 ? (
            <Lines report={report} lines={lines} />
          ) : filtered && report.lines.length > 0 ? (
            <Empty
              title={t.nothingFits}
              action={<Button onClick={() => set({ q: undefined, team: undefined })}>{t.clear}</Button>}
            />
          ) : (
            <Empty title={t.none}>{t.noneWhy}</Empty>
          )}
        </SplitPane>
      )}
    </>
  );
};

const amountOf = (report: Report, amount: number) => money(amount / 10 ** report.fraction_digits, report.rules.currency ?? 'EUR');

const Lines = ({ report, lines }: { report: Report; lines: Line[] }) => {
  const hasRates = (report.rules.rates ?? []).length > 0;
  const name = (line: Line) =>
    line.schedule ? (
      <Link to={`/schedules/${line.schedule}`} look="plain">
        {line.title}
      </Link>
    ) : (
      <Subtle>{t.offDuty}</Subtle>
    );
  const columns: Column<Line>[] = [
    { key: 'schedule', head: t.head.schedule, grow: true, cell: name },
    {
      key: 'on-call',
      head: t.head.onCall,
      right: true,
      cell: (line) => <span className="font-strong">{hours(line.counted_minutes)}</span>,
    },
    ...CLASSES.map(
      (one): Column<Line> => ({
        key: one,
        head: t.class[one],
        right: true,
        cell: (line) => (line.minutes[one] > 0 ? hours(line.minutes[one]) : <Subtle>0</Subtle>),
      }),
    ),
    { key: 'shifts', head: t.head.shifts, right: true, from: 'split', cell: (line) => line.shifts },
    { key: 'pages', head: t.head.pages, right: true, cell: (line) => line.pages },
    ...(hasRates
      ? [{ key: 'amount', head: t.head.amount, right: true, cell: (line: Line) => amountOf(report, line.amount) }]
      : []),
  ];
  const factOf = (own: Line[]) =>
    [
      hours(own.reduce((sum, line) => sum + line.counted_minutes, 0)),
      ...(hasRates
        ? [
            amountOf(
              report,
              own.reduce((sum, line) => sum + line.amount, 0),
            ),
          ]
        : []),
    ].join(' · ');
  return (
    <List
      label={t.title}
      columns={columns}
      groups={[...Map.groupBy(lines, (line) => line.person).values()].map((own) => ({
        title: own[0]?.display_name,
        fact: factOf(own),
        rows: own,
      }))}
      idOf={(line) => `${line.person} ${line.schedule}`}
      nameOf={(line) => `${line.display_name}, ${line.title}`}
      phone={(line) => (
        <div className="flex flex-col gap-1 px-4 py-2.5">
          <span className="flex items-center justify-between gap-3">
            {name(line)}
            <span className="font-strong">
              {hasRates ? `${hours(line.counted_minutes)} · ${amountOf(report, line.amount)}` : hours(line.counted_minutes)}
            </span>
          </span>
          <span className="flex flex-wrap gap-x-3 text-meta text-fg-muted">
            {CLASSES.filter((one) => line.minutes[one] > 0).map((one) => (
              <span key={one}>
                {t.class[one]} {hours(line.minutes[one])}
              </span>
            ))}
            {line.pages > 0 && (
              <span>
                {t.head.pages} {line.pages}
              </span>
            )}
            {line.elsewhere_minutes > 0 && <span>{t.elsewhere(hours(line.elsewhere_minutes))}</span>}
          </span>
        </div>
      )}
    />
  );
};

const Side = ({ report }: { report: Report }) => {
  const { rules } = report;
  const rates = rules.rates ?? [];
  return (
    <>
      {report.notes.length > 0 && (
        <Section title={t.notes}>
          <Rows label={t.notes}>
            {report.notes.map((note) => (
              <li key={note} className="py-1.5 text-fg-muted">
                <Told>{note}</Told>
              </li>
            ))}
          </Rows>
        </Section>
      )}
      <Section title={t.rules}>
        {rates.length === 0 ? (
          <p className="text-fg-muted">
            {t.noRates} {t.setBy}
          </p>
        ) : (
          <Rows label={t.rules}>
            {rates.map((rate, index) => (
              <li key={index} className="py-1.5">
                {t.rate(
                  amountOf(report, rate.amount),
                  rate.per,
                  rate.class,
                  rate.role,
                  (rate.from ? t.from(rate.from) : '') + (rate.until ? t.until(rate.until) : ''),
                )}
              </li>
            ))}
          </Rows>
        )}
        <div className="mt-2 border-t border-line pt-2">
          <Details
            items={[
              { label: t.order, value: (rules.order ?? []).map((one) => t.class[one]?.toLowerCase()).join(', ') },
              { label: t.clock, value: t.clockOf[rules.clock ?? 'person'] },
              { label: t.overlap, value: t.overlapOf[rules.overlap ?? 'once'] },
              { label: t.zone, value: report.time_zone },
            ]}
          />
        </div>
      </Section>
      {report.schedules.length > 0 && (
        <Section title={t.agrees}>
          <Rows label={t.agrees}>
            {report.schedules.map((one) => (
              <Row key={one.schedule}>
                <span className="basis-full font-strong">{one.title}</span>
                <span className="text-fg-muted">
                  {t.agreement(
                    hours(one.shift_minutes),
                    [
                      `: ${t.counted(hours(one.counted_minutes))}`,
                      ...(one.elsewhere_minutes > 0 ? [t.away(hours(one.elsewhere_minutes))] : []),
                      ...(one.twice_minutes > 0 ? [t.twice(hours(one.twice_minutes))] : []),
                      ...(one.gap_minutes > 0 ? [t.gap(hours(one.gap_minutes))] : []),
                    ].join(', '),
                  )}
                </span>
              </Row>
            ))}
          </Rows>
        </Section>
      )}
    </>
  );
};
