import { useState } from 'react';
import { schedules as t } from '../../text/schedules.ts';
import { clock, useNow, weekdayAndDay } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Person } from '../../ui/text.tsx';
import { gapsFor, rolesOf } from './changes.ts';
import type { Role, Timeline } from './queries.ts';
import { moment, type Words } from './rows.ts';
import { dateOf, type Span } from './zone.ts';

type Entry = { key: string; from: number; to: number; title: string; person?: string; role: Role; note: string; shadow: boolean };

const entriesOf = (timeline: Timeline, withTitle: boolean): Entry[] => {
  const title = withTitle ? timeline.title || timeline.schedule : '';
  const shifts = timeline.shifts.map((shift) => ({
    key: `${timeline.schedule} ${shift.person} ${shift.role} ${shift.starts} ${shift.layer ?? ''}`,
    from: Date.parse(shift.starts),
    to: Date.parse(shift.ends),
    title,
    person: shift.person,
    role: shift.role,
    note: shift.override_id ? t.chart.overrides : (shift.layer ?? ''),
    shadow: shift.shadow,
  }));
  const gaps = rolesOf(timeline).flatMap((role) =>
    gapsFor(timeline, role).map((gap) => ({
      key: `${timeline.schedule} gap ${role} ${gap.starts}`,
      from: Date.parse(gap.starts),
      to: Date.parse(gap.ends),
      title,
      role,
      note: '',
      shadow: false,
    })),
  );
  return [...shifts, ...gaps].sort((a, b) => a.from - b.from);
};

/** Shifts and gaps by day, in words: the timeline for a phone, for a screen reader, and for whoever likes lists. */
export const Agenda = ({
  timelines,
  span,
  words,
  onOpen,
}: {
  timelines: Timeline[];
  span: Span;
  words: Words;
  /** Opens an override of the entry: who, or nobody, from when to when. */
  onOpen?: ((entry: { role: Role; person: string | undefined; from: number; to: number }) => void) | undefined;
}) => {
  const at = useNow(60_000);
  const { zone, me, called } = words;
  const entries = timelines.flatMap((timeline) => entriesOf(timeline, timelines.length > 1)).sort((a, b) => a.from - b.from);
  const severalRoles = timelines.some((timeline) => rolesOf(timeline).length > 1);
  const today = dateOf(at, zone);
  const [earlier, setEarlier] = useState(false);
  const past = span.days.filter((day) => day.date < today);
  const skips = !earlier && past.length > 0 && past.length < span.days.length;
  const days = skips ? span.days.filter((day) => day.date >= today) : span.days;
  if (entries.length === 0) return <p className="px-(--pad) py-6 text-fg-muted">{t.agenda.empty}</p>;
  return (
    <section aria-label={t.agenda.label} className="border-t border-line">
      {skips && (
        <div className="px-(--pad) py-2">
          <Button look="quiet" size="sm" onClick={() => setEarlier(true)}>
            {t.agenda.earlier(past.length)}
          </Button>
        </div>
      )}
      {days.map((day, index) => {
        // What began before the first day that is shown, and lasts, stands there.
        const here = entries.filter((one) => (one.from >= day.from || (index === 0 && one.to > day.from)) && one.from < day.to);
        if (here.length === 0) return null;
        return (
          <section key={day.date}>
            <h2
              className={`sticky top-0 z-2 border-b border-line bg-canvas px-(--pad) py-1.5 text-meta ${day.date === today ? '' : 'text-fg-muted'}`}
            >
              {weekdayAndDay(day.from + 12 * 3_600_000, zone)}
              {day.date === today && <span className="font-text text-fg-muted"> · {t.view.today}</span>}
              {day.to - day.from !== 86_400_000 && (
                <span className="font-text text-fg-muted">
                  {' · '}
                  {day.to - day.from < 86_400_000
                    ? t.view.forth((day.to - day.from) / 3_600_000)
                    : t.view.back((day.to - day.from) / 3_600_000)}
                </span>
              )}
            </h2>
            <ul>
              {here.map((one) => {
                const over = one.to <= at;
                const running = one.from <= at && one.to > at;
                const sameDay = dateOf(one.to - 1, zone) === day.date;
                const inside = (
                  <>
                    <span className={`min-w-36 shrink-0 max-desk:w-full ${over ? 'text-fg-subtle' : ''}`}>
                      {t.agenda.when(
                        one.from < day.from ? moment(one.from, zone) : clock(one.from, zone),
                        sameDay ? clock(one.to, zone) : moment(one.to, zone),
                      )}
                    </span>
                    {one.person ? (
                      <span className={over ? 'text-fg-muted' : one.person === me ? 'font-strong' : ''}>
                        <Person name={called(one.person)} note={one.person === me ? t.you : undefined} />
                      </span>
                    ) : (
                      <Mark state="high" quiet={over}>
                        {t.nobody}
                      </Mark>
                    )}
                    <span className="min-w-0 flex-1 text-meta text-fg-subtle">
                      {[one.title, severalRoles ? t.role[one.role] : '', one.shadow ? t.chart.shadow : '', one.note]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                    {running && <span className="text-meta font-strong text-fg-muted">{t.now}</span>}
                  </>
                );
                const box = `flex min-h-(--row) flex-wrap items-center gap-x-3 gap-y-0.5 py-1.5 ${one.person === me ? 'border-l-3 border-current pl-[calc(var(--pad)-3px)]' : 'pl-(--pad)'} pr-(--pad)`;
                return (
                  <li key={one.key} className="border-b border-line">
                    {onOpen && !over ? (
                      <button
                        type="button"
                        className={`${box} w-full text-left outline-offset-[-2px] hover:bg-hover`}
                        onClick={() => onOpen({ role: one.role, person: one.person, from: one.from, to: one.to })}
                      >
                        {inside}
                      </button>
                    ) : (
                      <div className={box}>{inside}</div>
                    )}
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </section>
  );
};
