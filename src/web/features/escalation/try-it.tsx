import { useQuery } from '@tanstack/react-query';
import { escalation as t } from '../../text/escalation.ts';
import { clock, duration, weekdayAndDay } from '../../time.ts';
import { DateTimeField, Segmented } from '../../ui/field.tsx';
import { problemText, Section } from '../../ui/layout.tsx';
import { MarkIcon } from '../../ui/marks.tsx';
import { Select } from '../../ui/select.tsx';
import { Person } from '../../ui/text.tsx';
import { servicesQuery } from '../incidents/queries.ts';
import type { Paged, PolicyPreview, Question } from './queries.ts';
import type { Names } from './sentences.ts';

type Props = {
  question: Question;
  onAsk: (question: Question) => void;
  answer: PolicyPreview | undefined;
  error: unknown;
  names: Names;
};

const called = (step: Paged, names: Names): string =>
  [...step.people.map((one) => names.person(one.name)), ...step.places].join(', ');

/** Whom the policy, as it stands on the screen, would page at a moment, and how. */
export const TryIt = ({ question, onAsk, answer, error, names }: Props) => {
  const services = useQuery(servicesQuery).data?.items ?? [];
  return (
    <Section title={t.try.title} fact={t.try.nobody}>
      <div className="flex flex-col gap-3">
        <DateTimeField label={t.try.when} value={question.at} onChange={(at) => at && onAsk({ ...question, at })} />
        <div className="flex flex-wrap items-end gap-3">
          <Segmented
            label={t.try.urgency}
            value={question.urgency}
            onChange={(urgency) => onAsk({ ...question, urgency })}
            options={[
              { value: 'high', label: t.try.high },
              { value: 'low', label: t.try.low },
            ]}
          />
          <div className="min-w-32 flex-1">
            <Select
              label={t.try.service}
              value={question.service}
              onChange={(service) => onAsk({ ...question, service })}
              options={[
                { value: '', label: t.try.any },
                ...services.map((one) => ({ value: one.name, label: one.title || one.name })),
              ]}
            />
          </div>
        </div>
        {error ? (
          <p role="alert" className="s-high flex gap-1.5 text-meta">
            <span className="state-fg mt-0.75">
              <MarkIcon state="high" size={13} />
            </span>
            <span>
              <strong className="font-strong">{t.try.failed}.</strong> {problemText(error)}
            </span>
          </p>
        ) : (
          answer && <Answer answer={answer} names={names} />
        )}
      </div>
    </Section>
  );
};

const Answer = ({ answer, names }: { answer: PolicyPreview; names: Names }) => {
  const when = `${weekdayAndDay(answer.at)} ${clock(answer.at)}`;
  const paged = answer.steps.filter((one) => !one.skipped);
  const [first, ...later] = paged;
  return (
    <div aria-live="polite">
      <p className="text-prose">
        {first ? (
          <>
            <strong className="font-strong">
              {t.try.would(when)} {called(first, names)}
            </strong>
            {later.map((one) => t.try.next(called(one, names), clock(one.at))).join('')}.
          </>
        ) : (
          <strong className="font-strong">{t.try.none(when)}</strong>
        )}
      </p>
      <ol className="mt-3 flex flex-col divide-y divide-line border-t border-line">
        {answer.steps.map((one) => (
          <PagedRow key={one.step} row={one} title={t.try.step(one.step)} names={names} />
        ))}
        {answer.rounds > 1 && paged.length > 0 && <li className="py-2 font-strong">{t.try.round(2)}</li>}
        {answer.fallback && <PagedRow row={answer.fallback} title={t.try.last} names={names} />}
      </ol>
      <p className="border-t border-line pt-2 text-meta text-fg-subtle">{t.try.ends}</p>
    </div>
  );
};

const PagedRow = ({ row, title, names }: { row: Paged; title: string; names: Names }) => (
  <li className="grid grid-cols-[64px_minmax(0,1fr)] gap-3 py-2.5">
    <span>
      <span className="block font-strong">{clock(row.at)}</span>
      <span className="block text-meta text-fg-subtle">
        {row.after_seconds === 0 ? t.try.atOnce : t.try.after(duration(row.after_seconds * 1000))}
      </span>
    </span>
    <div className="flex min-w-0 flex-col gap-2">
      <span className="text-meta text-fg-subtle">{title}</span>
      {row.skipped && (
        <p className="text-meta">
          <span className="font-strong">{t.try.skipped}</span> <span className="text-fg-muted">{row.skipped}</span>
        </p>
      )}
      {row.people.map((one) => (
        <div key={one.name} className="min-w-0">
          <Person name={names.person(one.name)} />
          <p className="text-meta wrap-break-word text-fg-muted">{one.reason}</p>
          <p className="text-meta wrap-break-word text-fg-subtle">
            {one.methods.length === 0
              ? t.try.noMethod
              : t.try.by(
                  one.methods.map((method) =>
                    method.after_seconds === 0
                      ? method.channel
                      : t.try.later(method.channel, duration(method.after_seconds * 1000)),
                  ),
                )}
            {one.waits && `, ${one.waits}`}
          </p>
        </div>
      ))}
      {row.places.length > 0 && <p className="text-meta text-fg-muted">{t.places(row.places)}</p>}
    </div>
  </li>
);
