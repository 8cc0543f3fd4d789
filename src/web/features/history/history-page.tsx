import type { ReactNode } from 'react';
import { useCan } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useTitle } from '../../shell/shell.tsx';
import { history as t } from '../../text/history.ts';
import { clock, now, weekdayAndDay } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { DateTimeField } from '../../ui/field.tsx';
import { PageHead, ProblemStrip, Section, SkeletonRows, SplitPane, Strip } from '../../ui/layout.tsx';
import type { History, Item } from './queries.ts';

export const momentText = (at: string): string => `${weekdayAndDay(at)} ${clock(at)}`;

/** The moment that is looked at: of the address, else now. Never later than now, to the second, so that what is asked stays the same. */
export const useMoment = (): string => {
  const [search] = useSearchState();
  const asked = Date.parse(search.at ?? '');
  // A minute is short enough for what is in force now.
  const latest = Math.floor(now() / 60_000) * 60_000 + 59_000;
  return new Date(Number.isNaN(asked) ? latest : Math.min(asked, latest)).toISOString();
};

/** The version in force at a moment; the list is newest first. */
export const versionThen = (items: readonly Item[], at: string): Item | undefined =>
  items.find(
    (one) =>
      Date.parse(one.from) <= Date.parse(at) && one.action !== 'removed' && !(one.to && Date.parse(one.to) <= Date.parse(at)),
  );

/** A thing as it stood at a moment, with its changes beside it. */
export const HistoryPage = ({
  title,
  current,
  history,
  error,
  at,
  putBack,
  children,
}: {
  title: string;
  /** Where the thing is now; nothing when it is gone. */
  current: { to: string; label: string } | undefined;
  history: History | undefined;
  error: unknown;
  at: string;
  /** One step that saves the version shown again. */
  putBack: ReactNode;
  children: ReactNode;
}) => {
  const [search, set] = useSearchState();
  const can = useCan();
  useTitle(t.title(title));
  const version = history && versionThen(history.items, at);
  return (
    <>
      <PageHead title={t.title(title)} fact={history && t.fact(history.items.length)}>
        {history?.subject && can('journal.read') && (
          <Link to="/settings/audit" search={{ subject: history.subject }} look="button">
            {t.audit}
          </Link>
        )}
        {current && (
          <Link to={current.to} look="button">
            {current.label}
          </Link>
        )}
      </PageHead>
      {version &&
        (version.to ? (
          <Strip state="medium" action={putBack}>
            {t.thenStrip(momentText(at), momentText(version.from), momentText(version.to))}
          </Strip>
        ) : (
          <Strip state="ok">{t.nowStrip(momentText(version.from))}</Strip>
        ))}
      <ProblemStrip error={error} />
      <SplitPane
        sideLabel={t.changes}
        side={
          <>
            <div className="border-b border-line px-4 py-4">
              <DateTimeField
                label={t.asOf}
                hint={t.asOfHint}
                value={search.at ? at : undefined}
                onChange={(value) => set({ at: value })}
              />
            </div>
            <Section title={t.changes}>
              {history ? (
                <Changes history={history} shown={version} onShow={(item) => set({ at: item.from })} />
              ) : (
                <SkeletonRows rows={4} />
              )}
            </Section>
          </>
        }
      >
        {children}
      </SplitPane>
    </>
  );
};

const Changes = ({ history, shown, onShow }: { history: History; shown: Item | undefined; onShow: (item: Item) => void }) => (
  <>
    <ol aria-label={t.changes} className="flex flex-col divide-y divide-line">
      {history.items.map((item) => (
        <li key={item.from}>
          <button
            type="button"
            aria-current={item === shown ? 'true' : undefined}
            onClick={() => onShow(item)}
            className="flex min-h-11 w-full cursor-pointer flex-col gap-0.5 rounded px-2 py-2 text-left hover:bg-canvas aria-[current]:bg-canvas"
          >
            <span className="flex w-full flex-wrap gap-x-2">
              <span className="font-strong">{t.action[item.action]}</span>
              <span className="ml-auto text-meta text-fg-muted">{momentText(item.from)}</span>
            </span>
            <span className="text-meta text-fg-muted">{item.by ? t.by(item.by, item.source) : t.unknownWho}</span>
            {item.text.map((line) => (
              <span key={line} className="text-meta wrap-anywhere">
                {line}
              </span>
            ))}
          </button>
        </li>
      ))}
    </ol>
    {!history.complete && <p className="pt-2 text-meta text-fg-muted">{history.items.length > 0 ? t.incomplete : t.none}</p>}
  </>
);
