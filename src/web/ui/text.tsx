import { Popover } from '@base-ui/react/popover';
import { Tooltip } from '@base-ui/react/tooltip';
import { Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ui } from '../text/ui.ts';
import {
  clock,
  clockSeconds,
  countdown,
  day,
  duration,
  full,
  isToday,
  now,
  short,
  useNow,
  type When,
  weekdayAndDay,
} from '../time.ts';
import { Button } from './button.tsx';

/** Which of the six tints a name has: always the same one. */
const tintOf = (name: string): number => {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  return (sum % 6) + 1;
};
const TINTS = ['bg-who-1', 'bg-who-2', 'bg-who-3', 'bg-who-4', 'bg-who-5', 'bg-who-6'];
/** The ground of a person's bar on a schedule, and of her initials. */
export const personTint = (name: string): string => TINTS[tintOf(name) - 1] as string;

export const Initials = ({ name, large }: { name: string; large?: boolean }) => (
  <span
    aria-hidden="true"
    className={`inline-grid shrink-0 place-items-center rounded-full align-middle font-title text-fg ${personTint(name)} ${large ? 'size-7 text-12' : 'size-5 text-[10px]'}`}
  >
    {[...name]
      .slice(0, 2)
      .join('')
      .replace(/^./u, (letter) => letter.toUpperCase())}
  </span>
);

/** Initials and name. Without a name: a dashed ring and "Nobody". */
export const Person = ({
  name,
  note,
  nobody = ui.nobody,
  missing,
}: {
  name?: string | null | undefined;
  note?: ReactNode;
  nobody?: string;
  /** Somebody should be here. */
  missing?: boolean;
}) => (
  <span className="inline-flex min-w-0 items-center gap-1.5 align-middle whitespace-nowrap">
    {name ? (
      <Initials name={name} />
    ) : (
      <span aria-hidden="true" className="inline-block size-5 shrink-0 rounded-full border border-dashed border-control" />
    )}
    <span className={`truncate ${name ? '' : missing ? 'text-medium' : 'text-fg-subtle'}`}>{name ?? nobody}</span>
    {note && <span className="text-fg-subtle">{note}</span>}
  </span>
);

/**
 * A time: the clock today, the weekday this week, else the day. Hover, focus or a long press shows local time
 * and UTC to the second. `age`: how long ago instead.
 */
export const Time = ({
  at,
  age,
  quiet,
  clockOnly,
  seconds,
  children,
}: {
  at: When;
  age?: boolean;
  /** In rows that have the focus themselves: no stop of its own for the keyboard. */
  quiet?: boolean;
  /** `03:13`, and the day under it when that is not today. */
  clockOnly?: boolean;
  /** `03:13:04`, where what happened within a minute matters. */
  seconds?: boolean;
  children?: ReactNode;
}) => {
  const iso = new Date(at).toISOString();
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        delay={200}
        render={
          <time dateTime={iso} tabIndex={quiet ? undefined : 0} className="whitespace-nowrap rounded-sm">
            {children ?? (age ? <Age at={at} /> : clockOnly ? <ClockAndDay at={at} /> : seconds ? clockSeconds(at) : short(at))}
          </time>
        }
      />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="z-50">
          <Tooltip.Popup role="status" className="fade flex flex-col rounded-sm bg-inverse px-2 py-1.25 text-12 text-on-inverse">
            <span>{full(at)}</span>
            <span className="opacity-80">{full(at, 'UTC')}</span>
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
};

const MOMENT = /(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)|(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?![:\d])/g;

/** A sentence of the server's: its moments are told as everywhere else. A local time of a zone that it names stays that. */
export const Told = ({ children: text }: { children: string }) => {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const found of text.matchAll(MOMENT)) {
    parts.push(text.slice(end, found.index));
    end = found.index + found[0].length;
    parts.push(found[1] ? <Time key={end} at={found[1]} quiet /> : `${weekdayAndDay(`${found[2]}T00:00Z`, 'UTC')} ${found[3]}`);
  }
  return [...parts, text.slice(end)];
};

const ClockAndDay = ({ at }: { at: When }) => (
  <>
    {clock(at)}
    {!isToday(at) && <span className="block">{day(at)}</span>}
  </>
);

const Age = ({ at }: { at: When }) => duration(useNow(1000) - new Date(at).getTime());

/** How long it has lasted, anew each second: `25 min`. With `until`, how long it lasted. */
export const Lasted = ({ from, until }: { from: When; until?: When | null | undefined }) =>
  until ? duration(new Date(until).getTime() - new Date(from).getTime()) : <Age at={from} />;

/** `1:48`, as text only; `done` stands in its place once it is over. `frozen`: no word from the server, so it stands still. */
export const Countdown = ({ to, done, frozen }: { to: When; done: ReactNode; frozen?: boolean }) => {
  const ticking = useNow(1000);
  const [stopped, setStopped] = useState<number>();
  if (frozen && stopped === undefined) setStopped(now());
  if (!frozen && stopped !== undefined) setStopped(undefined);
  const left = new Date(to).getTime() - (stopped ?? ticking);
  if (left <= 0) return done;
  return <span className={frozen ? 'text-fg-subtle' : ''}>{countdown(left)}</span>;
};

export const Muted = ({ children }: { children: ReactNode }) => <span className="text-fg-muted">{children}</span>;
export const Subtle = ({ children }: { children: ReactNode }) => <span className="text-fg-subtle">{children}</span>;

/** What is copied into a terminal or another tool, whole, with its button. */
export const Code = ({ children, label }: { children: string; label?: string }) => {
  const [copied, setCopied] = useState(false);
  return (
    <div className="relative rounded border border-line bg-sunken">
      <section aria-label={label}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <pre tabIndex={0} className="overflow-x-auto p-3 pr-20 text-12 leading-relaxed">
          {children}
        </pre>
      </section>
      <div className="absolute top-1.5 right-1.5">
        <Button
          size="sm"
          icon={<Copy size={12} aria-hidden="true" />}
          onClick={() => void navigator.clipboard.writeText(children).then(() => setCopied(true))}
        >
          <span aria-live="polite">{copied ? ui.copied : ui.copy}</span>
        </Button>
      </div>
    </div>
  );
};

/** A long rule is a sentence with controls inside: this is one of them, which opens its editor. `changed`: not saved yet, `was` what stood there. */
export const SentenceControl = ({
  children,
  title,
  editor,
  changed,
  was,
}: {
  children: ReactNode;
  title: string;
  editor: ReactNode;
  changed?: boolean;
  was?: string | undefined;
}) => (
  <Popover.Root>
    <Popover.Trigger
      title={changed ? was : undefined}
      className={`inline-flex min-h-6 cursor-pointer items-center gap-1 rounded-sm border px-1.5 align-middle font-strong hover:bg-hover ${changed ? 'border-dashed border-medium' : 'border-line-strong'}`}
    >
      {children}
    </Popover.Trigger>
    <Popover.Portal>
      <Popover.Positioner sideOffset={4} align="start" className="z-50">
        <Popover.Popup className="fade max-h-(--available-height) w-72 max-w-[calc(100vw-24px)] overflow-auto rounded border border-line-strong bg-raised p-3 shadow-overlay outline-none">
          <Popover.Title className="vh">{title}</Popover.Title>
          {editor}
        </Popover.Popup>
      </Popover.Positioner>
    </Popover.Portal>
  </Popover.Root>
);
