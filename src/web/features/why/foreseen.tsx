import type { ReactNode } from 'react';
import { simulate as t } from '../../text/why.ts';
import { clock, duration, weekdayAndDay } from '../../time.ts';
import { Mark, type State, severityState, severityWord } from '../../ui/marks.tsx';
import { Decision, DecisionPath, sentence } from '../../ui/path.tsx';
import { Person, Time } from '../../ui/text.tsx';
import { useCalled } from '../people/called.ts';
import type { ForeseenAlert, PagedStep } from './queries.ts';
import { stepWord } from './steps.ts';

const momentOf = (at: string): string => `${weekdayAndDay(at)} ${clock(at)}`;

const QUIET: Record<string, State> = { silenced: 'maint', dropped: 'maint' };

/** The path of one alert that has not arrived: its decisions, then whom each step would page, when and by what. */
export const ForeseenPath = ({ alert, index, of, at }: { alert: ForeseenAlert; index: number; of: number; at: string }) => {
  const passedOver = alert.rules.filter((rule) => !rule.matched);
  return (
    <section aria-label={alert.summary} className="pb-4">
      {of > 1 && <p className="pb-2 text-meta text-fg-subtle">{t.alertNo(index + 1, of)}</p>}
      <DecisionPath label={alert.summary}>
        <Decision
          step={stepWord('alert')}
          when={<Time at={at}>{momentOf(at)}</Time>}
          result={alert.summary}
          more={
            <Mark state={severityState(alert.severity)}>
              {severityWord(alert.severity)} <span className="font-text text-fg-muted">{t.on(alert.service)}</span>
            </Mark>
          }
        />
        {alert.decisions.map((decision, number) => (
          <Decision
            key={number}
            step={stepWord(decision.step)}
            result={decision.step === 'dedup' ? (t.actions[decision.result] ?? decision.result) : decision.result}
            state={QUIET[decision.result]}
            more={
              decision.step === 'routing' &&
              alert.decisions.findLastIndex((one) => one.step === 'routing') === number &&
              passedOver.length > 0 ? (
                <PassedOver rules={passedOver} />
              ) : undefined
            }
          >
            {decision.why}
          </Decision>
        ))}
        {alert.would_page.map((step) => (
          <Step key={`${step.step} ${step.after_seconds}`} step={step} />
        ))}
        {!alert.would_page.some((step) => !step.skipped && step.people.length > 0) && (
          <Decision
            step={t.outcome}
            state={alert.action === 'trigger' && !alert.dropped && alert.urgency ? 'critical' : 'maint'}
            result={t.nobody}
          >
            {alert.action !== 'trigger'
              ? t.nobodyBecause.action
              : alert.dropped
                ? t.nobodyBecause.dropped
                : alert.urgency === null
                  ? t.nobodyBecause.silenced
                  : t.nobodyBecause.none}
          </Decision>
        )}
      </DecisionPath>
    </section>
  );
};

const PassedOver = ({ rules }: { rules: ForeseenAlert['rules'] }) => (
  <details className="text-meta text-fg-subtle">
    <summary className="min-h-6 cursor-pointer">{t.rejected(rules.length)}</summary>
    <ul className="flex flex-col gap-0.5 pt-1">
      {rules.map((rule) => (
        <li key={rule.rule}>
          <span className="text-fg-muted">{rule.rule}</span> {rule.why}
        </li>
      ))}
    </ul>
  </details>
);

const Step = ({ step }: { step: PagedStep }) => {
  const called = useCalled();
  const when = (
    <>
      {step.after_seconds === 0 ? t.atOnce : t.after(duration(step.after_seconds * 1000))}{' '}
      <Time at={step.at}>{momentOf(step.at)}</Time>
    </>
  );
  if (step.skipped)
    return (
      <Decision step={t.step(step.step)} when={when} state="medium" result={t.skipped}>
        {step.skipped}
      </Decision>
    );
  const result: ReactNode =
    step.people.length > 0 ? t.pages(step.people.map((one) => called(one.name)).join(', ')) : t.pagesNobody;
  return (
    <Decision
      step={t.step(step.step)}
      when={when}
      result={result}
      more={
        <ul className="flex flex-col gap-2">
          {step.people.map((one) => (
            <li key={one.name} className="flex flex-col gap-0.5">
              <span className="flex flex-wrap items-center gap-x-3">
                <Person name={called(one.name)} />
                {one.methods.length === 0 ? (
                  <Mark state="critical">{t.noMethod}</Mark>
                ) : (
                  one.methods.map((method) => (
                    <span key={`${method.channel} ${method.label} ${method.after_seconds}`} className="text-fg-muted">
                      {t.by(method.channel, method.label)}
                      {method.after_seconds > 0 && ` ${t.after(duration(method.after_seconds * 1000))}`}
                    </span>
                  ))
                )}
              </span>
              <span className="pl-6.5 text-meta text-fg-muted">{sentence(one.reason)}</span>
              {one.waits && <span className="pl-6.5 text-meta text-fg-muted">{t.waits(one.waits)}</span>}
            </li>
          ))}
          {step.places.length > 0 && <li className="text-fg-muted">{t.tells(step.places.join(', '))}</li>}
        </ul>
      }
    />
  );
};
