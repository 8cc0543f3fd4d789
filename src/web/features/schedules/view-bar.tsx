import { ArrowLeft, ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useSearchState } from '../../search-state.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { schedules as t } from '../../text/schedules.ts';
import { day, now, weekdayAndDay } from '../../time.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Segmented } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { VIEWS } from './use-view.ts';
import { cityOf, dateOf, deviceZone, move, offsetName, type Span } from './zone.ts';

/** `9 Nov to 22 Nov`, or the one day. */
const spanText = (span: Span, zone: string): string => {
  if (span.view === 'day') return weekdayAndDay(span.from, zone);
  return t.fromTo(day(span.from, zone), day(span.to - 1, zone));
};

/** How much of the timeline is shown, from when, in whose times; all of it in the address. */
export const ViewBar = ({
  span,
  zone,
  choice,
  scheduleZone,
  start,
}: {
  span: Span;
  zone: string;
  choice: string;
  scheduleZone?: string | undefined;
  start?: ReactNode;
}) => {
  const [, set] = useSearchState();
  const mine = deviceZone();
  const go = (by: 1 | -1) => set({ date: move(span, by) });
  const today = () => set({ date: undefined });
  useShortcuts([
    { key: 'ArrowLeft', label: t.view.earlier, run: () => go(-1) },
    { key: 'ArrowRight', label: t.view.later, run: () => go(1) },
    { key: 't', label: t.view.today, run: today },
  ]);
  const here = dateOf(now(), zone);
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-(--pad) py-2.5">
      {start}
      <span className="max-desk:hidden">
        <Segmented
          label={t.view.label}
          value={span.view}
          onChange={(view) =>
            set({
              view: view === 'fortnight' ? undefined : view,
              date: span.days.some((one) => one.date === here) ? undefined : span.first,
            })
          }
          options={VIEWS.map((value) => ({ value, label: t.view[value] }))}
        />
      </span>
      <span className="flex items-center gap-1">
        <IconButton label={t.view.earlier} look="quiet" onClick={() => go(-1)}>
          <ArrowLeft size={14} aria-hidden="true" />
        </IconButton>
        <span className="min-w-36 text-center font-strong" aria-live="polite">
          {spanText(span, zone)}
        </span>
        <IconButton label={t.view.later} look="quiet" onClick={() => go(1)}>
          <ArrowRight size={14} aria-hidden="true" />
        </IconButton>
        <Button onClick={today} shortcut="T">
          {t.view.today}
        </Button>
      </span>
      <span className="ml-auto min-w-64 max-desk:w-full">
        <Select
          label={t.view.zone}
          labelHidden
          value={choice}
          onChange={(value) => set({ zone: value === 'mine' ? undefined : value })}
          options={[
            { value: 'mine', label: t.view.mine(cityOf(mine), offsetName(span.from, mine)) },
            ...(scheduleZone
              ? [{ value: 'schedule', label: t.view.schedule(cityOf(scheduleZone), offsetName(span.from, scheduleZone)) }]
              : []),
            { value: 'utc', label: t.view.utc },
          ]}
        />
      </span>
    </div>
  );
};
