import type { z } from 'zod';
import type { backTest } from '../../../contract/routing.ts';
import { routing } from '../../text/routing.ts';
import { number } from '../../time.ts';
import { FactsRow, Strip } from '../../ui/layout.tsx';
import { Severity } from '../../ui/marks.tsx';
import { Subtle, Time } from '../../ui/text.tsx';

const t = routing.backTest;

export type BackTest = z.output<typeof backTest>;
type Fate = BackTest['added']['items'][number]['before'];

const fateWords = (fate: Fate, other: Fate): string =>
  [
    t.fate[fate.result],
    fate.service === other.service ? '' : t.of(fate.service),
    fate.result === other.result && fate.urgency !== other.urgency && fate.urgency ? t.urgency(fate.urgency) : '',
  ]
    .filter(Boolean)
    .join(' ');

/** What a draft would have changed in the last days: pages added and removed, how many of each, and examples. */
export const BackTestResult = ({
  result,
  rules = true,
}: {
  result: BackTest;
  /** Whether rules may be the cause, so that the decision is worth a line. */
  rules?: boolean;
}) => {
  const fact = (label: string, key: keyof BackTest['before']) => ({
    label,
    value: number(result.after[key]),
    note: result.after[key] === result.before[key] ? undefined : t.was(number(result.before[key])),
  });
  const same = result.added.count + result.removed.count + result.changed.count === 0;
  return (
    <div className="flex flex-col gap-3">
      {result.truncated && <Strip>{t.cut}</Strip>}
      <p role="status" className="text-prose font-strong">
        {result.alerts === 0 ? t.nothing : same ? t.same : t.sentence(result.added.count, result.removed.count)}
      </p>
      {result.alerts > 0 && (
        <>
          <FactsRow
            facts={[
              fact(t.pages, 'incidents'),
              fact(t.high, 'high'),
              fact(t.joined, 'joined'),
              fact(t.silenced, 'silenced'),
              fact(t.dropped, 'dropped'),
            ]}
          />
          <Examples title={t.added} list={result.added} rules={rules} />
          <Examples title={t.removed} list={result.removed} rules={rules} />
          <Examples title={t.changed} list={result.changed} rules={rules} />
        </>
      )}
      <details className="text-meta text-fg-muted">
        <summary className="min-h-6 cursor-pointer">
          {t.how} <span className="ml-2 text-fg-subtle">{t.lookedAt(number(result.alerts))}</span>
        </summary>
        <ul className="flex flex-col gap-1 pt-1">
          <li>{t.really(number(result.actual_incidents))}</li>
          {t.exact.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </div>
  );
};

const Examples = ({ title, list, rules }: { title: string; list: BackTest['added']; rules: boolean }) => {
  if (list.count === 0) return null;
  return (
    <section>
      <h3 className="border-b border-line pb-1">
        {title} <span className="font-text text-fg-muted">{number(list.count)}</span>{' '}
        {list.items.length < list.count && (
          <span className="text-meta font-text text-fg-subtle">{t.newest(list.items.length, list.count)}</span>
        )}
      </h3>
      <ul aria-label={title} className="relative max-h-80 overflow-y-auto">
        {list.items.map((one) => (
          <li key={one.alert} className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-2 border-b border-line py-1.5">
            <Severity severity={one.after.severity} wordless over />
            <span className="min-w-0 wrap-break-word">{one.summary}</span>
            <Subtle>
              <Time at={one.at} />
            </Subtle>
            <span className="col-span-2 col-start-2 text-meta text-fg-muted">
              {t.change(fateWords(one.before, one.after), fateWords(one.after, one.before))}
            </span>
            {rules && <span className="col-span-2 col-start-2 text-meta text-fg-subtle">{t.because(one.rule)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
};
