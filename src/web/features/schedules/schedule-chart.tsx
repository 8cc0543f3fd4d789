import { schedules as t } from '../../text/schedules.ts';
import { clock, now, useNow } from '../../time.ts';
import { Gantt, type GanttRow, type GanttTick } from '../../ui/gantt.tsx';
import { moment } from './rows.ts';
import { dateOf, hoursOf, offsetAt, type Span, snap } from './zone.ts';

const HOUR = 3_600_000;

const weekdayOf = (at: number, zone: string, locale: 'short' | 'narrow') =>
  new Intl.DateTimeFormat(undefined, { weekday: locale, timeZone: zone }).format(at);

/** Columns of a view: days, or the hours of one; the day on which the clocks change says so. */
const ticksOf = (span: Span, zone: string): { ticks: GanttTick[]; lines: number[] } => {
  const today = dateOf(now(), zone);
  if (span.view === 'day') {
    const [day] = span.days;
    if (!day) return { ticks: [], lines: [] };
    const hours = hoursOf(day, zone);
    return {
      ticks: hours.flatMap((hour, index) => {
        const to = hours[index + 1] ?? day.to;
        const changed = offsetAt(hour, zone) !== offsetAt(to, zone) || to - hour !== HOUR;
        const twice = index > 0 && clock(hour, zone) === clock(hours[index - 1] as number, zone);
        return [
          {
            at: hour,
            to,
            label: index % 2 === 0 || twice ? clock(hour, zone) : '',
            note: changed && to < day.to ? dstWord(day.to - day.from) : undefined,
          },
        ];
      }),
      lines: [],
    };
  }
  return {
    ticks: span.days.map((day) => {
      const date = Number(day.date.slice(8));
      const weekday = new Date(`${day.date}T00:00Z`).getUTCDay();
      const noon = day.from + 12 * HOUR;
      const length = (day.to - day.from) / HOUR;
      return {
        at: day.from,
        to: day.to,
        now: day.date === today,
        quiet: weekday === 0 || weekday === 6,
        label: (
          <>
            {span.view === 'month' ? '' : `${weekdayOf(noon, zone, 'short')} `}
            <b className="font-strong">{date}</b>
          </>
        ),
        note: length === 24 ? undefined : span.view === 'week' ? dstWord(day.to - day.from) : t.view.shortDay(length),
      };
    }),
    lines: [],
  };
};

const dstWord = (length: number) => (length < 24 * HOUR ? t.view.forth(length / HOUR) : t.view.back(length / HOUR));

/** Rows of who is on call, drawn over the view. Reading it in words: the list beside it. */
export const ScheduleChart = ({
  title,
  span,
  zone,
  rows,
  gaps,
}: {
  title: string;
  span: Span;
  zone: string;
  rows: GanttRow[];
  gaps: number;
}) => {
  const at = useNow(60_000);
  const { ticks, lines } = ticksOf(span, zone);
  const edges = rows.filter((row) => row.ground === 'final').flatMap((row) => row.bars.flatMap((bar) => [bar.from, bar.to]));
  return (
    <Gantt
      label={t.chart.label(title, moment(span.from, zone), moment(span.to, zone), gaps ? t.chart.gaps(gaps) : t.chart.noGaps)}
      from={span.from}
      to={span.to}
      ticks={ticks}
      lines={lines}
      rows={rows}
      now={at}
      zone={zone}
      snap={(when, msPerPixel) => snap(when, span, edges, 6 * msPerPixel)}
      drawnLabel={(from, to) =>
        span.view === 'day'
          ? t.agenda.when(clock(from, zone), clock(to, zone))
          : t.agenda.when(moment(from, zone), moment(to, zone))
      }
    />
  );
};
