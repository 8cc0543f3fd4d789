import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { compensation as words } from '../../text/compensation.ts';
import { compensationRules as t } from '../../text/compensation-rules.ts';
import { money, monthAndYear, now } from '../../time.ts';
import { IconButton, Link } from '../../ui/button.tsx';
import { ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { useSettled } from '../editing/use-settled.ts';
import { monthAfter, monthOf } from './months.ts';
import { compensationQuery, previewQuery, type Report, type Rules } from './queries.ts';

/** What a month would come to by rules that are not saved, beside what it comes to by those that are. */
export const RulesPreview = ({ rules, isSaved }: { rules: Rules; isSaved: boolean }) => {
  const [month, setMonth] = useState(() => monthAfter(monthOf(new Date(now()).toISOString(), rules.time_zone ?? 'UTC'), -1));
  const settled = useSettled(rules);
  // An amount that is still to be typed is no question yet.
  const isWhole = !(settled.rates ?? []).some((rate) => Number.isNaN(rate.amount));
  const before = useQuery(compensationQuery(month));
  const after = useQuery({ ...previewQuery(month, settled), enabled: isWhole && !isSaved });
  const then = isSaved ? before.data : after.data;
  const error = before.error ?? (isSaved ? null : after.error);
  return (
    <Section title={t.preview}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="flex items-center gap-1">
          <IconButton label={words.earlier} look="quiet" onClick={() => setMonth(monthAfter(month, -1))}>
            <ArrowLeft size={14} aria-hidden="true" />
          </IconButton>
          <span className="min-w-28 text-center font-strong" aria-live="polite">
            {monthAndYear(`${month}-01T12:00:00Z`)}
          </span>
          <IconButton label={words.later} look="quiet" onClick={() => setMonth(monthAfter(month, 1))}>
            <ArrowRight size={14} aria-hidden="true" />
          </IconButton>
        </span>
        <Link to={`/compensation?month=${month}`}>{t.report}</Link>
      </div>
      {error ? (
        <ProblemStrip error={error} />
      ) : !before.data || !then ? (
        isWhole && <SkeletonRows rows={4} />
      ) : then.people.length === 0 ? (
        <p className="pt-2 text-fg-muted">{t.nobody}</p>
      ) : (
        <Amounts before={before.data} then={then} />
      )}
    </Section>
  );
};

const amountOf = ({ fraction_digits, rules }: Report, amount: number) =>
  money(amount / 10 ** fraction_digits, rules.currency ?? 'EUR');
const sum = (report: Report) => report.people.reduce((all, one) => all + one.amount, 0);

const Amounts = ({ before, then }: { before: Report; then: Report }) => {
  const was = new Map(before.people.map((one) => [one.person, one.amount]));
  const rows = [
    ...then.people.map((one) => ({
      key: one.person,
      name: one.display_name,
      was: was.get(one.person) ?? 0,
      is: one.amount,
      strong: false,
    })),
    { key: '', name: t.total, was: sum(before), is: sum(then), strong: true },
  ];
  return (
    <table className="mt-2 w-full">
      <thead>
        <tr className="text-meta text-fg-subtle">
          <th scope="col" className="border-b border-line py-1.5 pr-3 text-left">
            {t.person}
          </th>
          {[t.as.was, t.as.is].map((head) => (
            <th key={head} scope="col" className="border-b border-line py-1.5 pl-3 text-right">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} className={row.strong ? 'font-strong' : ''}>
            <th scope="row" className={`border-b border-line py-1.5 pr-3 text-left ${row.strong ? '' : 'font-text'}`}>
              {row.name}
            </th>
            <td className="border-b border-line py-1.5 pl-3 text-right text-fg-muted">{amountOf(before, row.was)}</td>
            <td className="border-b border-line py-1.5 pl-3 text-right">{amountOf(then, row.is)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
