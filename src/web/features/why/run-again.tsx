import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { exists } from '../../screens.ts';
import { why as t } from '../../text/why.ts';
import { Link } from '../../ui/button.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { sentence } from '../../ui/path.tsx';
import { Time } from '../../ui/text.tsx';
import { useCalled } from '../people/called.ts';
import { type ForeseenAlert, foresee, type Trace } from './queries.ts';
import { stepWord } from './steps.ts';

/** Asks what is saved today about the alert that began it. */
export const useRunAgain = (alert: string | undefined) => {
  const ask = useMutation({ mutationFn: () => foresee(alert ? { alert } : {}) });
  return { run: () => ask.mutate(), busy: ask.isPending, result: ask.data, error: ask.error };
};

/** Decisions of today that differ from those of then. What only depends on which incident was open is no difference. */
const differences = (trace: Trace, today: ForeseenAlert) => {
  const then = trace.steps.slice(0, 12);
  return today.decisions.filter(
    (decision) =>
      decision.step !== 'grouping' &&
      decision.step !== 'urgency' &&
      !then.some((step) => step.step === decision.step && step.result === decision.result),
  );
};

export const RunAgain = ({
  again,
  trace,
  alert,
}: {
  again: ReturnType<typeof useRunAgain>;
  trace: Trace;
  alert: string | undefined;
}) => {
  const called = useCalled();
  const today = again.result?.alerts[0];
  const first = today?.would_page.find((step) => !step.skipped && step.people.length > 0);
  const changed = today ? differences(trace, today) : [];
  // Where the pane is under the path the answer would come out of sight.
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (again.result || again.error) answer.current?.scrollIntoView({ block: 'nearest' });
  }, [again.result, again.error]);
  return (
    <Section title={t.again.title} fact={again.result && <Time at={again.result.at} />}>
      <div ref={answer} aria-live="polite">
        <ProblemStrip error={again.error} />
        {today && (
          <div className="flex flex-col gap-2">
            <p>
              {first ? (
                t.again.first(first.people.map((one) => called(one.name)).join(', '))
              ) : (
                <Mark state="medium">{t.again.nobody}</Mark>
              )}
            </p>
            {first?.people.map((one) => (
              <p key={one.name} className="text-fg-muted">
                {sentence(one.reason)}
              </p>
            ))}
            <p>{changed.length === 0 ? t.again.same : t.again.differs}</p>
            {changed.map((one, index) => (
              <p key={index} className="text-fg-muted">
                <span className="font-strong">{`${stepWord(one.step)}: ${one.result}.`}</span> {sentence(one.why)}
              </p>
            ))}
            {exists('/simulate') && (
              <p>
                <Link to="/simulate" search={{ from: 'alert', alert }}>
                  {t.again.more}
                </Link>
              </p>
            )}
          </div>
        )}
      </div>
    </Section>
  );
};
