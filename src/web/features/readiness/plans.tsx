import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TestPagePlan } from '../../../contract/readiness.ts';
import { useCan } from '../../api/me.ts';
import { readiness as t } from '../../text/readiness.ts';
import { weekdayAndDay } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Muted, Subtle } from '../../ui/text.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import { plansQuery } from './queries.ts';

const dayOf = (day: string) => weekdayAndDay(`${day}T12:00:00Z`, 'UTC');

/** Test pages by the calendar: whom they ask, when next, and what became of the last. */
export const Plans = () => {
  const plans = useQuery(plansQuery);
  const may = useCan()('team.write');
  const [open, setOpen] = useState<TestPagePlan | 'new'>();
  const items = plans.data?.items ?? [];
  return (
    <Section title={t.plans} padded="page" action={may && <Button onClick={() => setOpen('new')}>{t.plan}</Button>}>
      <p className="mb-2 max-w-160 text-fg-muted">{t.plansWhy}</p>
      <ProblemStrip error={plans.error} />
      {plans.data && items.length === 0 && <Muted>{t.noPlans}</Muted>}
      {items.length > 0 && (
        <Rows label={t.plans}>
          {items.map(({ people, next_on, last, ...plan }) => (
            <Row key={plan.name}>
              <span className="flex min-w-0 grow flex-wrap items-baseline gap-x-3">
                <span className="font-strong">{plan.name}</span>
                <span>{t.sentence(plan.week, plan.day, plan.at)}</span>
                <Subtle>{t.whom(plan.team, people)}</Subtle>
                {plan.enabled ? next_on && <Subtle>{t.next(dayOf(next_on))}</Subtle> : <Mark state="unknown">{t.off}</Mark>}
                {last && (
                  <Mark state={last.confirmed === last.sent ? 'ok' : last.open > 0 ? 'unknown' : 'medium'}>
                    {t.last(dayOf(last.on), last.confirmed, last.sent)}
                  </Mark>
                )}
                {last && last.open > 0 && <Subtle>{t.waiting(last.open)}</Subtle>}
              </span>
              {may && (
                <Button size="sm" onClick={() => setOpen(plan)} aria-label={t.changeLabel(plan.name)}>
                  {t.change}
                </Button>
              )}
            </Row>
          ))}
        </Rows>
      )}
      {open && <PlanDialog plan={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </Section>
  );
};
