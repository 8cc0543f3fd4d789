import { useQuery } from '@tanstack/react-query';
import { integrations } from '../../text/integrations.ts';
import { duration } from '../../time.ts';
import { Link, OutLink } from '../../ui/button.tsx';
import { Empty, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { Mark, type State } from '../../ui/marks.tsx';
import { Subtle, Time } from '../../ui/text.tsx';
import { type Call, callsQuery } from './queries.ts';

const t = integrations.calls;
const STATE: Record<string, State> = { taken: 'ok', voicemail: 'medium', hung_up: 'high', refused: 'unknown' };

/** The last calls to a line: who called, and what became of it. */
export const Calls = ({ name }: { name: string }) => {
  const calls = useQuery(callsQuery(name));
  if (calls.isPending) return <SkeletonRows />;
  const rows: Call[] = calls.data?.items ?? [];
  return (
    <div className="relative overflow-y-auto">
      <ProblemStrip error={calls.error} />
      {rows.length === 0 && !calls.error && <Empty title={t.empty}>{t.emptyWhy}</Empty>}
      <ul aria-label={t.label} className="flex flex-col divide-y divide-line">
        {rows.map((row) => (
          <li
            key={row.id}
            className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-(--pad) py-2 max-desk:grid-cols-[minmax(0,1fr)_auto]"
          >
            <span className="w-16 max-desk:order-2 max-desk:w-auto">
              <Subtle>
                <Time at={row.at} />
              </Subtle>
            </span>
            <span className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-0.5 max-desk:order-1">
              <span className="font-strong">{row.caller ?? t.hidden}</span>
              <Mark state={row.outcome ? (STATE[row.outcome] ?? 'unknown') : 'low'}>
                {row.outcome ? t.outcomes[row.outcome](row.taken_by) : t.now[row.state]}
              </Mark>
            </span>
            <span className="flex items-center gap-3 justify-self-end max-desk:order-5 max-desk:col-span-2 max-desk:justify-self-start">
              {row.recording_url && (
                <OutLink href={row.recording_url}>{t.listen(duration((row.recording_seconds ?? 0) * 1000))}</OutLink>
              )}
              {row.incident && <Link to={`/incidents/${row.incident}`}>{row.incident}</Link>}
            </span>
            <span className="col-start-2 text-meta text-fg-subtle max-desk:order-3 max-desk:col-span-2 max-desk:col-start-1">
              {[
                row.rang.length > 0 ? t.rang(row.rang.join(', ')) : '',
                ...row.notes,
                row.seconds === null ? '' : t.lasted(duration(row.seconds * 1000)),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
            {row.transcription && (
              <q className="col-start-2 text-prose max-desk:order-4 max-desk:col-span-2 max-desk:col-start-1">
                {row.transcription}
              </q>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
};
