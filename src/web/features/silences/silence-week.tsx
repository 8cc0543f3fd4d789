import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Repeat } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useSearchState } from '../../search-state.ts';
import { silences as t } from '../../text/silences.ts';
import { clock, day, now, useNow, weekdayAndDay } from '../../time.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ProblemStrip, SkeletonRows, Strip } from '../../ui/layout.tsx';
import { usePhone } from '../../ui/width.ts';
import { calendarQuery } from './queries.ts';
import { type Block, blocksOf, dateOf, dateText, minuteOfDay, mondayOf, plusDays, type Span } from './week.ts';

/** As the calendar of the API tells a window. */
type Window = Span & { silence: string; kind: string; comment: string; services: string[]; recurring: boolean };

const HOUR_PX = 34;
/** What the server gives at most. */
const MOST = 2000;

const spanWords = (window: Window): string =>
  t.span(
    `${weekdayAndDay(window.starts)} ${clock(window.starts)}`,
    window.ends === null ? t.noEnd : `${weekdayAndDay(window.ends)} ${clock(window.ends)}`,
  );
const kindWord = (window: Window): string => t.kinds[window.kind as 'silence'].toLowerCase();

/** The Monday that the address names, else this week's. */
const useMonday = (): { monday: number; thisMonday: number; go: (to: number) => void } => {
  const [search, set] = useSearchState();
  const thisMonday = mondayOf(now());
  return {
    monday: mondayOf(dateOf(search.week) ?? thisMonday),
    thisMonday,
    go: (to) => set({ week: to === thisMonday ? undefined : dateText(to) }),
  };
};

/** Which week it is, and the ones around it. */
export const WeekChoice = () => {
  const { monday, thisMonday, go } = useMonday();
  return (
    <>
      <IconButton label={t.week.earlier} size="sm" onClick={() => go(plusDays(monday, -7))}>
        <ChevronLeft size={14} aria-hidden="true" />
      </IconButton>
      <IconButton label={t.week.later} size="sm" onClick={() => go(plusDays(monday, 7))}>
        <ChevronRight size={14} aria-hidden="true" />
      </IconButton>
      <h2 className="font-strong whitespace-nowrap">{t.span(day(monday), day(plusDays(monday, 6)))}</h2>
      {monday !== thisMonday && (
        <Button size="sm" look="quiet" onClick={() => go(thisMonday)}>
          {t.week.now}
        </Button>
      )}
    </>
  );
};

/** A week of silences and maintenance, on the clock of this device: recurring ones stand where they are active. */
export const SilenceWeek = () => {
  const [, set] = useSearchState();
  const phone = usePhone();
  const { monday } = useMonday();
  const list = useQuery({
    ...calendarQuery(new Date(monday).toISOString(), new Date(plusDays(monday, 7)).toISOString()),
    placeholderData: (before) => before,
  });
  const windows = list.data?.items ?? [];
  const open = (window: Window) => set({ peek: window.silence }, true);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {windows.length >= MOST && <Strip>{t.week.more}</Strip>}
      <ProblemStrip error={list.error} />
      {list.isPending ? (
        <SkeletonRows />
      ) : phone ? (
        <Agenda windows={windows} monday={monday} onOpen={open} />
      ) : (
        <Grid windows={windows} monday={monday} onOpen={open} />
      )}
    </div>
  );
};

const Grid = ({ windows, monday, onOpen }: { windows: Window[]; monday: number; onOpen: (window: Window) => void }) => {
  const scroller = useRef<HTMLDivElement>(null);
  const time = useNow(60_000);
  const today = Math.floor((time - monday) / 86_400_000);
  const blocks = blocksOf(windows, monday);
  const first = Math.min(480, ...blocks.map((one) => one.from));
  // What is planned at night is in sight at once.
  useEffect(() => {
    scroller.current?.scrollTo({ top: Math.max(0, (first / 60 - 1) * HOUR_PX) });
  }, [first]);
  return (
    <section
      ref={scroller}
      aria-label={t.week.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      className="relative min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
    >
      <div className="min-w-180">
        <div className="sticky top-0 z-10 grid grid-cols-[52px_repeat(7,minmax(0,1fr))] border-b border-line bg-surface">
          <span />
          {Array.from({ length: 7 }, (_, index) => (
            <h3
              key={index}
              className={`border-l border-line px-2 py-1.5 text-meta ${index === today ? 'bg-selected' : 'font-text text-fg-muted'}`}
            >
              {weekdayAndDay(plusDays(monday, index))}
            </h3>
          ))}
        </div>
        {blocks.length === 0 && <p className="border-b border-line px-(--pad) py-3 text-fg-muted">{t.week.none}</p>}
        <div className="relative grid grid-cols-[52px_repeat(7,minmax(0,1fr))]" style={{ height: 24 * HOUR_PX }}>
          <div aria-hidden="true">
            {Array.from({ length: 24 }, (_, hour) => (
              <div key={hour} className="relative text-right text-12 text-fg-subtle" style={{ height: HOUR_PX }}>
                {hour > 0 && <span className="absolute -top-2.5 right-1.5">{`${String(hour).padStart(2, '0')}:00`}</span>}
              </div>
            ))}
          </div>
          {Array.from({ length: 7 }, (_, index) => (
            <div key={index} className="relative border-l border-line">
              {Array.from({ length: 24 }, (_, hour) => (
                <div key={hour} aria-hidden="true" className="border-b border-line" style={{ height: HOUR_PX }} />
              ))}
              {index === today && (
                <div
                  className="pointer-events-none absolute inset-x-0 z-2 border-t-2 border-fg"
                  style={{ top: (minuteOfDay(time) / 60) * HOUR_PX }}
                >
                  <span className="vh">{t.week.nowLine}</span>
                </div>
              )}
              <ul>
                {blocks
                  .filter((one) => one.day === index)
                  .map((block) => (
                    <li key={`${block.span.silence}-${block.span.starts}`}>
                      <WeekBlock block={block} onOpen={onOpen} />
                    </li>
                  ))}
              </ul>
            </div>
          ))}
        </div>
      </div>
    </section>
  );
};

const WeekBlock = ({ block, onOpen }: { block: Block<Window>; onOpen: (window: Window) => void }) => {
  const { span: window, from, to, lane, lanes } = block;
  return (
    <button
      type="button"
      onClick={() => onOpen(window)}
      className={`s-${window.kind === 'maintenance' ? 'maint' : 'unknown'} state-tint absolute z-1 flex flex-col items-start overflow-hidden rounded-sm border px-1.5 py-0.5 text-left text-12 leading-4 hover:brightness-95 ${block.begins ? '' : 'rounded-t-none border-t-0'} ${block.ends ? '' : 'rounded-b-none border-b-0'}`}
      style={{
        top: (from / 60) * HOUR_PX + 1,
        height: ((to - from) / 60) * HOUR_PX - 2,
        left: `calc(${(lane / lanes) * 100}% + 2px)`,
        width: `calc(${100 / lanes}% - 4px)`,
      }}
    >
      <span className="flex w-full items-center gap-1 font-strong text-fg">
        {window.recurring && <Repeat size={11} aria-hidden="true" />}
        <span className="truncate">{window.comment}</span>
      </span>
      <span className="w-full truncate text-fg-muted">
        {block.begins ? clock(window.starts) : ''}
        {window.services.length > 0 && ` ${window.services.join(', ')}`}
      </span>
      <span className="vh">{t.week.block(kindWord(window), spanWords(window))}</span>
    </button>
  );
};

/** The same week on a phone: day by day. */
const Agenda = ({ windows, monday, onOpen }: { windows: Window[]; monday: number; onOpen: (window: Window) => void }) => {
  const blocks = blocksOf(windows, monday);
  if (blocks.length === 0) return <p className="px-(--pad) py-4 text-fg-muted">{t.week.none}</p>;
  return (
    <div className="relative min-h-0 flex-1 overflow-y-auto">
      {Array.from({ length: 7 }, (_, index) => blocks.filter((one) => one.day === index)).map((ofDay, index) =>
        ofDay.length === 0 ? null : (
          <section key={index}>
            <h3 className="sticky top-0 border-b border-line bg-canvas px-4 py-1.5 text-meta font-strong">
              {weekdayAndDay(plusDays(monday, index))}
            </h3>
            <ul>
              {ofDay.map(({ span, begins, ends }) => (
                <li key={`${span.silence}-${span.starts}`} className="border-b border-line">
                  <button
                    type="button"
                    onClick={() => onOpen(span)}
                    className="flex min-h-11 w-full flex-col items-start px-4 py-2 text-left outline-offset-[-2px]"
                  >
                    <span className="font-strong">{span.comment}</span>
                    <span className="text-meta text-fg-muted">
                      {begins || ends
                        ? t.span(begins ? clock(span.starts) : '00:00', ends && span.ends ? clock(span.ends) : '24:00')
                        : t.week.allDay}
                      {`, ${kindWord(span)}`}
                      {span.recurring && `, ${t.week.recurring}`}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ),
      )}
    </div>
  );
};
