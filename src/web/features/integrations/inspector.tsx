import { useQuery } from '@tanstack/react-query';
import { RotateCcw, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useCan } from '../../api/me.ts';
import { exists } from '../../screens.ts';
import { useSearchState } from '../../search-state.ts';
import { integrations as t } from '../../text/integrations.ts';
import { ui } from '../../text/ui.ts';
import { Button, IconButton, Link } from '../../ui/button.tsx';
import { Details, Empty, ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Code, Muted, Subtle, Time } from '../../ui/text.tsx';
import { usePhone } from '../../ui/width.ts';
import { type Accepted, eventsQuery, type Refused } from './queries.ts';
import { type Again, ReplayDialog } from './replay-dialog.tsx';

/** A list on the left and what is chosen of it on the right; on a phone one or the other. */
const Inspector = <T,>({
  label,
  rows,
  idOf,
  row,
  detail,
  choose,
}: {
  label: string;
  rows: T[];
  idOf: (row: T) => string;
  row: (row: T) => ReactNode;
  detail: (row: T) => ReactNode;
  choose: string;
}) => {
  const [search, set] = useSearchState();
  const phone = usePhone();
  const chosen = rows.find((one) => idOf(one) === search.at) ?? (phone ? undefined : rows[0]);
  const list = (
    <ul aria-label={label} className="relative min-h-0 overflow-y-auto">
      {rows.map((one) => (
        <li key={idOf(one)} className="border-b border-line">
          <button
            type="button"
            aria-current={one === chosen ? 'true' : undefined}
            onClick={() => set({ at: idOf(one) })}
            className={`flex w-full flex-col gap-0.5 px-(--pad) py-2 text-left outline-offset-[-2px] hover:bg-hover ${one === chosen ? 'bg-selected' : ''}`}
          >
            {row(one)}
          </button>
        </li>
      ))}
    </ul>
  );
  if (phone)
    return chosen ? (
      <section className="relative overflow-y-auto">
        <div className="flex justify-end px-2 pt-2">
          <IconButton look="quiet" label={ui.close} onClick={() => set({ at: undefined })}>
            <X size={14} aria-hidden="true" />
          </IconButton>
        </div>
        {detail(chosen)}
      </section>
    ) : (
      list
    );
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      {list}
      <section aria-label={choose} className="relative min-h-0 overflow-y-auto border-l border-line">
        {chosen ? detail(chosen) : <p className="p-4 text-fg-muted">{choose}</p>}
      </section>
    </div>
  );
};

const json = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, undefined, 2));
/** A body as it came, laid out if it is JSON. */
const laidOut = (body: string): string => {
  try {
    return json(JSON.parse(body));
  } catch {
    return body;
  }
};

const Replay = ({ integration, again }: { integration?: string | undefined; again: Again }) => {
  const [open, setOpen] = useState(false);
  if (!useCan()('simulate')) return null;
  return (
    <>
      <Button size="sm" icon={<RotateCcw size={12} aria-hidden="true" />} onClick={() => setOpen(true)}>
        {t.events.replay}
      </Button>
      {open && <ReplayDialog integration={integration} again={again} onClose={() => setOpen(false)} />}
    </>
  );
};

/** What came in: each alert with its latest payload and what was decided. */
export const Events = ({ name }: { name: string }) => {
  const events = useQuery(eventsQuery(name));
  const accepted: Accepted[] = events.data?.accepted ?? [];
  if (events.isPending) return <SkeletonRows />;
  return (
    <>
      <ProblemStrip error={events.error} />
      {accepted.length === 0 ? (
        <Empty title={t.events.empty}>{t.events.emptyWhy}</Empty>
      ) : (
        <Inspector
          label={t.events.list}
          rows={accepted}
          idOf={(one) => one.alert}
          choose={t.events.choose}
          row={(one) => (
            <>
              <span className="flex w-full items-baseline gap-2">
                <span className="min-w-0 flex-1 truncate font-strong">{one.summary}</span>
                <Subtle>
                  <Time at={one.at} quiet />
                </Subtle>
              </span>
              <span className="text-meta text-fg-muted">
                {[
                  t.events.dispositions[one.disposition] ?? one.disposition,
                  one.status === 'open' ? t.events.openNow : t.events.over,
                  t.events.count(one.count),
                ].join(', ')}
              </span>
            </>
          )}
          detail={(one) => (
            <>
              <Section title={one.summary} action={<Replay integration={name} again={{ payload: one.payload }} />}>
                <Details
                  items={[
                    { label: t.last.heard, value: <Time at={one.at} /> },
                    { label: t.events.decided, value: <Muted>{one.decided}</Muted> },
                    ...(one.incident
                      ? [{ label: t.events.incident, value: <Link to={`/incidents/${one.incident}`}>{one.incident}</Link> }]
                      : []),
                    ...(exists('/alerts/$id')
                      ? [{ label: t.events.alert, value: <Link to={`/alerts/${one.alert}`}>{t.replay.alert}</Link> }]
                      : []),
                  ]}
                />
              </Section>
              <Section title={t.events.latest}>
                <Code label={t.events.latest}>{json(one.payload)}</Code>
              </Section>
            </>
          )}
        />
      )}
    </>
  );
};

/** Requests that were not taken, as they came. Without `integration`: those with a key nobody has. */
export const RefusedRequests = ({
  integration,
  refused,
  empty,
}: {
  integration?: string | undefined;
  refused: Refused[];
  empty: ReactNode;
}) =>
  refused.length === 0 ? (
    empty
  ) : (
    <Inspector
      label={t.refused.list}
      rows={refused}
      idOf={(one) => one.id}
      choose={t.refused.choose}
      row={(one) => (
        <>
          <span className="flex w-full items-baseline gap-2">
            <span className="min-w-0 flex-1 font-strong wrap-break-word">{one.reason}</span>
            <Subtle>
              <Time at={one.at} quiet />
            </Subtle>
          </span>
          <span className="w-full truncate text-meta text-fg-muted">{one.path}</span>
        </>
      )}
      detail={(one) => (
        <>
          <Section
            title={<Mark state="medium">{t.refused.word}</Mark>}
            action={<Replay integration={integration} again={{ refused: one.id }} />}
          >
            <p className="mb-2 font-strong wrap-break-word">{one.reason}</p>
            <Details
              items={[
                { label: t.last.heard, value: <Time at={one.at} /> },
                { label: t.refused.to, value: <code className="wrap-anywhere">{one.path}</code> },
                { label: t.refused.type, value: one.content_type ?? t.refused.none },
              ]}
            />
          </Section>
          <Section title={t.refused.body}>
            {one.body ? <Code label={t.refused.body}>{laidOut(one.body)}</Code> : <Muted>{t.refused.noBody}</Muted>}
          </Section>
        </>
      )}
    />
  );
