import { useQuery } from '@tanstack/react-query';
import { useSearchState } from '../../search-state.ts';
import { alerts as t } from '../../text/alerts.ts';
import { number } from '../../time.ts';
import { CountBar } from '../../ui/count-bar.tsx';
import { ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { severityWord } from '../../ui/marks.tsx';
import { Select } from '../../ui/select.tsx';
import { countsQuery, labelInAddress, labelsQuery } from './queries.ts';

const FIELDS = ['service', 'severity', 'integration', 'disposition'] as const;
type Field = (typeof FIELDS)[number];
const LABELS = 'label:';

/** How many alerts fit the filter, by one field or label; each value is one press from the list of only those. */
export const AlertCounts = ({ by, onChosen }: { by: string; onChosen?: () => void }) => {
  const [search, set] = useSearchState();
  const counts = useQuery(countsQuery(search, by));
  const labels = useQuery(labelsQuery).data?.items ?? [];
  const options = [
    ...FIELDS.map((field) => ({ value: field as string, label: t.chip[field] })),
    ...labels.slice(0, 50).map((label) => ({ value: `${LABELS}${label.name}`, label: t.counts.label(label.name) })),
  ];
  if (!options.some((option) => option.value === by)) options.push({ value: by, label: by });
  const label = by.startsWith(LABELS) ? by.slice(LABELS.length) : undefined;
  const word = (value: string | null) =>
    value === null
      ? t.counts.without
      : by === 'severity'
        ? severityWord(value)
        : by === 'disposition'
          ? t.disposition[value as keyof typeof t.disposition]
          : value;
  const only = (value: string) => {
    set(label === undefined ? { [by as Field]: value } : { label: addTo(search.label, labelInAddress(label, value)) });
    onChosen?.();
  };
  const most = Math.max(1, ...(counts.data?.items.map((item) => item.count) ?? []));
  return (
    <Section title={t.counts.title} fact={counts.data && t.counts.of(counts.data.total, number(counts.data.total))}>
      <div className="pb-3">
        <Select label={t.counts.by} value={by} onChange={(next) => set({ by: next })} options={options} />
      </div>
      <ProblemStrip error={counts.error} />
      {counts.isPending && <SkeletonRows rows={6} />}
      {counts.data?.items.length === 0 && <p className="text-fg-muted">{t.counts.none}</p>}
      <ul className="flex flex-col">
        {counts.data?.items.map((item) => (
          <li key={item.value ?? ''}>
            <CountBar
              count={item.count}
              shown={number(item.count)}
              most={most}
              hint={item.value === null ? undefined : t.counts.only(word(item.value))}
              onPress={item.value === null ? undefined : () => only(item.value as string)}
            >
              {word(item.value)}
            </CountBar>
          </li>
        ))}
      </ul>
      {counts.data && counts.data.more > 0 && (
        <p className="pt-2 text-meta text-fg-subtle">{t.counts.more(number(counts.data.more))}</p>
      )}
    </Section>
  );
};

const addTo = (labels: string | undefined, one: string): string =>
  [...new Set([...(labels?.split(',').filter(Boolean) ?? []), one])].join(',');
