import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';
import { leave as t } from '../../text/leave.ts';
import { short, weekdayAndDay } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Subtle } from '../../ui/text.tsx';
import { LeaveCalendar } from './leave-calendar.tsx';
import { LeaveForm } from './leave-form.tsx';
import { type LeaveItem, leaveQuery, shiftsAheadQuery } from './queries.ts';

/** A local day, whatever the device's zone. */
const dayOf = (day: string) => weekdayAndDay(`${day}T12:00:00Z`, 'UTC');
const whenOf = ({ first_day, last_day, starts, ends }: LeaveItem): string => {
  if (!first_day || !last_day)
    return t.span(`${weekdayAndDay(starts)} ${short(starts)}`, `${weekdayAndDay(ends)} ${short(ends)}`);
  return first_day === last_day ? dayOf(first_day) : t.span(dayOf(first_day), dayOf(last_day));
};

/** When somebody is away, with the shifts that meet it, the calendar it is read from, and public holidays. */
export const Leave = ({ name, own, mayPlan }: { name: string; own: boolean; mayPlan: boolean }) => {
  const client = useQueryClient();
  const found = useQuery(leaveQuery(name));
  const shifts = useQuery(shiftsAheadQuery(name)).data ?? [];
  const again = () => client.invalidateQueries({ queryKey: ['people', 'leave', name] });
  const remove = useMutation({
    mutationFn: (row: LeaveItem) => ok(api.DELETE('/api/people/{name}/leave/{id}', { params: { path: { name, id: row.id } } })),
    onSuccess: async (_, row) => {
      await again();
      toast(t.removed(whenOf(row)));
    },
  });
  const data = found.data;
  if (!data) return found.error ? <ProblemStrip error={found.error} /> : <SkeletonRows rows={3} />;
  const clashes = (row: LeaveItem) =>
    shifts.filter(
      (one) => !one.shadow && Date.parse(one.starts) < Date.parse(row.ends) && Date.parse(one.ends) > Date.parse(row.starts),
    );
  return (
    <>
      <Section title={t.title} padded="page">
        <p className="mb-2 text-fg-muted">{own ? t.why : t.whyOther}</p>
        <ProblemStrip error={remove.error} />
        {data.items.length === 0 && <p className="text-fg-subtle">{t.none}</p>}
        <Rows label={t.title}>
          {data.items.map((row) => {
            const [clash, ...others] = clashes(row);
            return (
              <Row key={row.id}>
                <span className="min-w-0 flex-1 basis-40">
                  <span className="font-strong">{whenOf(row)}</span> <Subtle>{row.reason || t.away}</Subtle>
                  {clash && (
                    <span className="block">
                      <Mark state="medium">
                        <span className="whitespace-normal">
                          {t.onCall(
                            clash.title || clash.schedule,
                            t.span(weekdayAndDay(clash.starts), weekdayAndDay(clash.ends)),
                          )}
                          {others.length > 0 && `; ${t.more(others.length)}`}
                        </span>
                      </Mark>
                    </span>
                  )}
                </span>
                {row.source === 'calendar' ? (
                  <Subtle>{t.fromCalendar}</Subtle>
                ) : (
                  mayPlan && (
                    <Button size="sm" look="quiet" aria-label={t.removeLabel(whenOf(row))} onClick={() => remove.mutate(row)}>
                      {t.remove}
                    </Button>
                  )
                )}
              </Row>
            );
          })}
        </Rows>
        {mayPlan && <LeaveForm name={name} own={own} onAdded={again} />}
      </Section>
      {own && mayPlan && <LeaveCalendar name={name} calendar={data.calendar} onChanged={again} />}
      {(own || data.holidays) && (
        <Section title={t.holidays} padded="page">
          {data.holidays ? (
            <>
              <p className="text-fg-muted">{t.holidaysOf(data.holidays.title)}</p>
              <Rows label={t.holidays}>
                {data.holidays.next.map((one) => (
                  <Row key={one.day + one.name}>{t.holiday(dayOf(one.day), one.name)}</Row>
                ))}
              </Rows>
            </>
          ) : (
            <p className="text-fg-muted">{t.noRegion}</p>
          )}
        </Section>
      )}
    </>
  );
};
