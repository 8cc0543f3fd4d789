import { useQuery } from '@tanstack/react-query';
import { useLink } from '../../api/live.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { home as t } from '../../text/home.ts';
import { Button, Link } from '../../ui/button.tsx';
import { PhoneFoot } from '../../ui/layout.tsx';
import { MarkIcon } from '../../ui/marks.tsx';
import { Countdown, Time } from '../../ui/text.tsx';
import { useAct } from '../incidents/act.ts';
import { Refused } from '../incidents/refused.tsx';
import { myPagesQuery } from './queries.ts';

/** Whose time is up first comes first. */
const dueAt = (page: { until: string | null }): number => (page.until ? Date.parse(page.until) : Number.POSITIVE_INFINITY);

/** What waits for her answer, above everything else, with the one button. */
export const MyPages = () => {
  const open = useQuery(myPagesQuery).data?.items ?? [];
  const pages = open.toSorted((a, b) => dueAt(a) - dueAt(b));
  const { act, busy, refusal } = useAct();
  const { state } = useLink();
  const [first] = pages;
  useShortcuts(first ? [{ key: 'a', label: t.acknowledge, run: () => act(first.incident, { verb: 'acknowledge' }) }] : []);
  if (!first) return <Refused refusal={refusal} />;
  const until = ({ next }: (typeof pages)[number]) => {
    const people = next?.people.filter((one) => !one.shadow).map((one) => one.display_name) ?? [];
    return people.length > 0 ? t.untilNext(people.join(', ')) : t.untilNobody;
  };
  const acknowledge = (size?: 'touch-main') => (
    <Button
      look="main"
      {...(size ? { size } : { shortcut: 'A' })}
      busy={busy === 'acknowledge'}
      onClick={() => act(first.incident, { verb: 'acknowledge' })}
    >
      {t.acknowledge}
    </Button>
  );
  return (
    <>
      <Refused refusal={refusal} />
      <section
        aria-label={t.waiting}
        className="s-critical state-tint flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-(--pad) py-3"
      >
        <span className="state-fg self-start pt-0.5">
          <MarkIcon state="critical" size={16} />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="text-16">{pages.length > 1 ? t.waitingMore(pages.length) : t.waiting}</h2>
          <p>
            <Link to={`/incidents/${first.incident.number}`} look="plain">
              <b className="font-strong">
                {first.incident.number} {first.incident.title}
              </b>
            </Link>
          </p>
          <p className="text-fg-muted">
            {t.why(first.reason)} <Time at={first.since} />
          </p>
        </div>
        {first.until && (
          <p className="text-right max-desk:order-last max-desk:basis-full max-desk:pl-8 max-desk:text-left">
            <span className="block text-20 font-title">
              <Countdown to={first.until} done="0:00" frozen={state === 'stale' || state === 'offline'} />
            </span>
            <span className="text-meta">{until(first)}</span>
          </p>
        )}
        <span className="max-desk:hidden">{acknowledge()}</span>
        {pages.length > 1 && (
          <ul aria-label={t.others} className="order-last basis-full pl-8">
            {pages.slice(1).map((page) => (
              <li key={page.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-1">
                <span className="min-w-0 flex-1 basis-60">
                  <Link to={`/incidents/${page.incident.number}`} look="plain">
                    {page.incident.number} {page.incident.title}
                  </Link>
                </span>
                {page.until && (
                  <span className="text-meta">
                    <Countdown to={page.until} done="0:00" frozen={state === 'stale' || state === 'offline'} /> {until(page)}
                  </span>
                )}
                <Button size="sm" busy={busy === 'acknowledge'} onClick={() => act(page.incident, { verb: 'acknowledge' })}>
                  {t.acknowledgeOne(page.incident.number)}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <span className="contents desk:hidden">
        <PhoneFootAtEnd>{acknowledge('touch-main')}</PhoneFootAtEnd>
      </span>
    </>
  );
};

/** Below everything in the order of the page, so that it stands at the foot. */
const PhoneFootAtEnd = ({ children }: { children: React.ReactNode }) => (
  <div className="order-last sticky bottom-0">
    <PhoneFoot>
      <div className="flex">{children}</div>
    </PhoneFoot>
  </div>
);
