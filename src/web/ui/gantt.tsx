import { type ReactNode, useEffect, useRef, useState } from 'react';
import { clock } from '../time.ts';
import { MarkIcon } from './marks.tsx';
import { personTint } from './text.tsx';

type Look = 'shift' | 'override' | 'shadow' | 'gap' | 'new';
/** Something that lasts, drawn from `from` to `to` (ms since the epoch). */
export type GanttBar = {
  key: string;
  from: number;
  to: number;
  /** Printed where there is room. */
  label: string;
  /** After it, where there is plenty. */
  note?: string | undefined;
  /** All of it in words: read aloud, and shown under the pointer. */
  told: string;
  /** The person whose tint it has. */
  tint?: string;
  look?: Look;
  /** Belongs to whoever looks. */
  mine?: boolean;
  onOpen?: () => void;
};
export type GanttRow = {
  key: string;
  title: ReactNode;
  /** What it is called aloud. */
  label: string;
  note?: ReactNode;
  bars: GanttBar[];
  ground?: 'final' | 'preview';
  /** Only what stands out is of interest; the rest steps back. */
  faded?: boolean;
  /** A stretch was drawn with the mouse. The keyboard's way is the caller's to offer. */
  onDraw?: (from: number, to: number) => void;
};
export type GanttTick = {
  at: number;
  to: number;
  label: ReactNode;
  note?: ReactNode;
  /** Today. */
  now?: boolean;
  /** Weekends and the like. */
  quiet?: boolean;
};

const LABEL = 'w-44 max-split:w-32';
const TRACK = 'left-44 max-split:left-32';
const LOOKS: Record<Look, string> = {
  shift: '',
  override: 'shadow-[inset_0_0_0_1px_var(--fg-subtle)]',
  shadow: 'border border-dashed border-line-strong text-fg-muted',
  gap: 's-high state-tint state-fg shadow-[inset_0_0_0_1.5px_var(--c)]',
  new: 'bg-surface text-accent-fg font-title shadow-[inset_0_0_0_1.5px_var(--accent-fg)]',
};

/** Which of the lanes each bar lies in, so that none covers another. */
const inLanes = (bars: readonly GanttBar[]): { lanes: number; laneOf: Map<string, number> } => {
  const ends: number[] = [];
  const laneOf = new Map<string, number>();
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    const free = ends.findIndex((end) => end <= bar.from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = bar.to;
    laneOf.set(bar.key, lane);
  }
  return { lanes: Math.max(1, ends.length), laneOf };
};

type Drawn = { row: string; from: number; to: number };

/**
 * Rows of bars over one stretch of time, with a line where it is now. Columns are as wide as they last, so a day of 23 or 25
 * hours shows it. `snap` says where a drawn stretch may begin and end, given how many ms one pixel is.
 */
export const Gantt = ({
  label,
  from,
  to,
  ticks,
  lines,
  rows,
  now,
  zone,
  snap,
  drawnLabel,
}: {
  label: string;
  from: number;
  to: number;
  ticks: GanttTick[];
  /** Where thin lines stand, besides those of the ticks. */
  lines?: number[];
  rows: GanttRow[];
  now: number;
  zone: string;
  snap?: (at: number, msPerPixel: number) => number;
  drawnLabel?: (from: number, to: number) => string;
}) => {
  const [drawn, setDrawn] = useState<Drawn>();
  const at = (when: number) => `${((Math.min(to, Math.max(from, when)) - from) / (to - from)) * 100}%`;
  const wide = (start: number, end: number) =>
    `${((Math.min(to, Math.max(from, end)) - Math.max(from, Math.min(to, start))) / (to - from)) * 100}%`;
  const shown = now >= from && now < to;
  return (
    <figure aria-label={label} className="relative m-0 border-y border-line select-none">
      <div aria-hidden="true" className="flex h-11 border-b border-line">
        <span className={`${LABEL} shrink-0 border-r border-line`} />
        <div className="relative flex-1">
          {ticks.map((tick) => (
            <span
              key={tick.at}
              style={{ left: at(tick.at), width: wide(tick.at, tick.to) }}
              className={`absolute inset-y-0 flex flex-col items-center justify-start pt-1.5 ${tick.note ? '' : 'overflow-hidden'} text-12 leading-4 whitespace-nowrap ${tick.now ? 'text-accent-fg' : tick.quiet ? 'text-fg-subtle' : 'text-fg-muted'}`}
            >
              <span>{tick.label}</span>
              {tick.note && <span className="s-medium state-fg">{tick.note}</span>}
            </span>
          ))}
          {shown && (
            <span style={{ left: at(now) }} className="absolute -bottom-px z-2 -translate-x-1/2">
              <b className="block rounded-t-sm bg-fg px-1.25 py-px text-[11px] leading-4 font-title text-surface">
                {clock(now, zone)}
              </b>
            </span>
          )}
        </div>
      </div>
      <div className="relative">
        <div aria-hidden="true" className={`pointer-events-none absolute inset-y-0 right-0 ${TRACK}`}>
          {ticks.map((tick) => (
            <span
              key={tick.at}
              style={{ left: at(tick.at), width: wide(tick.at, tick.to) }}
              className={`absolute inset-y-0 border-l border-line first:border-l-0 ${tick.quiet ? 'bg-fg/4' : ''}`}
            />
          ))}
          {lines?.map((line) => (
            <span key={line} style={{ left: at(line) }} className="absolute inset-y-0 w-px bg-line" />
          ))}
        </div>
        {rows.map((row) => (
          <Line
            key={row.key}
            row={row}
            now={now}
            place={{ at, wide }}
            drawn={drawn?.row === row.key ? drawn : undefined}
            drawnLabel={drawnLabel}
            onDraw={(stretch) => setDrawn(stretch && { row: row.key, ...stretch })}
            whenAt={(x, width) => {
              const when = from + (x / width) * (to - from);
              return snap ? snap(when, (to - from) / width) : when;
            }}
          />
        ))}
        {shown && (
          <div aria-hidden="true" className={`pointer-events-none absolute inset-y-0 right-0 z-3 ${TRACK}`}>
            <span style={{ left: at(now) }} className="absolute inset-y-0 w-[1.5px] -translate-x-1/2 bg-fg" />
          </div>
        )}
      </div>
    </figure>
  );
};

type Place = { at: (when: number) => string; wide: (from: number, to: number) => string };

const Line = ({
  row,
  now,
  place,
  drawn,
  drawnLabel,
  onDraw,
  whenAt,
}: {
  row: GanttRow;
  now: number;
  place: Place;
  drawn: Drawn | undefined;
  drawnLabel: ((from: number, to: number) => string) | undefined;
  onDraw: (stretch: { from: number; to: number } | undefined) => void;
  whenAt: (x: number, width: number) => number;
}) => {
  const track = useRef<HTMLUListElement>(null);
  const began = useRef<{ x: number; id: number; dragging: boolean }>(undefined);
  const { lanes, laneOf } = inLanes(row.bars);
  const lane = row.ground ? 36 : 30;
  const when = (x: number) => {
    const box = track.current?.getBoundingClientRect();
    return box ? whenAt(Math.min(box.width, Math.max(0, x - box.left)), box.width) : 0;
  };
  const cancel = () => {
    began.current = undefined;
    onDraw(undefined);
  };
  useEffect(() => {
    if (!drawn) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      began.current = undefined;
      onDraw(undefined);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [drawn, onDraw]);
  const canDraw = row.onDraw !== undefined;
  return (
    <div
      className={`flex border-b border-line last:border-b-0 ${row.ground === 'final' ? 'bg-canvas' : row.ground === 'preview' ? 'bg-accent-tint' : ''}`}
    >
      <div className={`${LABEL} flex shrink-0 flex-col justify-center border-r border-line py-1.5 pr-2 pl-(--pad) leading-4`}>
        <span className="truncate font-strong">{row.title}</span>
        {row.note && <span className="truncate text-12 text-fg-muted">{row.note}</span>}
      </div>
      <ul
        ref={track}
        aria-label={row.label}
        style={{ height: 12 + lanes * lane + (lanes - 1) * 2 }}
        className={`relative min-w-0 flex-1 ${canDraw ? 'cursor-crosshair' : ''}`}
        {...(canDraw
          ? {
              onPointerDown: (event) => {
                if (event.button !== 0 || event.pointerType === 'touch') return;
                began.current = { x: event.clientX, id: event.pointerId, dragging: false };
              },
              onPointerMove: (event) => {
                const start = began.current;
                if (!start || start.id !== event.pointerId) return;
                if (!start.dragging && Math.abs(event.clientX - start.x) < 5) return;
                if (!start.dragging) event.currentTarget.setPointerCapture(event.pointerId);
                start.dragging = true;
                const [a, b] = [when(start.x), when(event.clientX)];
                onDraw({ from: Math.min(a, b), to: Math.max(a, b) });
              },
              onPointerUp: (event) => {
                const start = began.current;
                const dragged = start?.dragging && drawn;
                cancel();
                if (!dragged) return;
                event.preventDefault();
                if (dragged.to > dragged.from) row.onDraw?.(dragged.from, dragged.to);
              },
              onPointerCancel: cancel,
            }
          : {})}
      >
        {row.bars.map((bar) => (
          <Bar
            key={bar.key}
            bar={bar}
            over={bar.to <= now}
            faded={row.faded ?? false}
            strong={row.ground !== undefined}
            style={{
              left: place.at(bar.from),
              width: place.wide(bar.from, bar.to),
              top: 6 + (laneOf.get(bar.key) ?? 0) * (lane + 2),
              height: lane,
            }}
          />
        ))}
        {drawn && (
          <li
            aria-hidden="true"
            style={{ left: place.at(drawn.from), width: place.wide(drawn.from, drawn.to) }}
            className="pointer-events-none absolute inset-y-1 z-4 rounded-sm bg-accent/15 shadow-[inset_0_0_0_1.5px_var(--accent-fg)]"
          >
            <span className="absolute top-full left-1/2 mt-1 -translate-x-1/2 rounded-sm bg-inverse px-2 py-1 text-12 whitespace-nowrap text-on-inverse">
              {drawnLabel?.(drawn.from, drawn.to)}
            </span>
          </li>
        )}
      </ul>
    </div>
  );
};

const Bar = ({
  bar,
  over,
  faded,
  strong,
  style,
}: {
  bar: GanttBar;
  over: boolean;
  faded: boolean;
  strong: boolean;
  style: React.CSSProperties;
}) => {
  const look = bar.look ?? 'shift';
  const stepsBack = faded && look !== 'new' && look !== 'gap';
  const ground =
    look === 'gap' || look === 'new' || look === 'shadow'
      ? ''
      : over
        ? 'bg-sunken text-fg-subtle'
        : `${personTint(bar.tint ?? bar.label)} text-fg`;
  const inside = (
    <>
      {look === 'gap' && (
        <span className="shrink-0 [--mk:var(--t)]">
          <MarkIcon state="high" size={13} />
        </span>
      )}
      {!stepsBack && (
        <span aria-hidden="true" className={`@max-[20px]:hidden ${look === 'gap' ? '@max-[90px]:hidden' : ''}`}>
          {bar.label}
          {bar.note && <span className="font-text @max-[96px]:hidden"> {bar.note}</span>}
        </span>
      )}
      <span className="vh">{bar.told}</span>
    </>
  );
  const box = `absolute inset-y-0 left-0 right-px flex min-w-0 items-center gap-1 overflow-hidden rounded-sm px-1.25 text-left @max-[40px]:px-0.5 @max-[40px]:text-[11px] whitespace-nowrap ${strong ? 'text-12 font-strong' : 'text-[11px]'} ${ground} ${LOOKS[look]} ${bar.mine && !over ? 'border-l-3 border-accent' : ''} ${look === 'gap' ? 'justify-center px-0!' : ''} ${stepsBack ? 'opacity-60' : ''}`;
  return (
    <li style={style} className="@container absolute min-w-0.75">
      {bar.onOpen ? (
        <button
          type="button"
          title={bar.told}
          onClick={bar.onOpen}
          className={`${box} cursor-pointer outline-offset-[-2px] hover:brightness-95`}
        >
          {inside}
        </button>
      ) : (
        <span title={bar.told} className={box}>
          {inside}
        </span>
      )}
    </li>
  );
};
