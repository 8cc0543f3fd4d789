import { useQuery } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { useCommands } from '../../shell/commands.ts';
import { useTitle } from '../../shell/shell.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { why as t } from '../../text/why.ts';
import { full } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { PageHead, Section, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Decision, DecisionPath, sentence } from '../../ui/path.tsx';
import { Code, Time } from '../../ui/text.tsx';
import { StoodLink } from '../history/stood.tsx';
import { firstAlertIn, payloadIn, type Stop, stopsOf } from './path.ts';
import { type Trace, traceQuery } from './queries.ts';
import { RunAgain, useRunAgain } from './run-again.tsx';
import { stepWord } from './steps.ts';

export const WhyTrace = ({ kind, id }: { kind: 'incident' | 'alert'; id: string }) => {
  const trace = useQuery(traceQuery(kind, id));
  if (trace.data) return <Shown kind={kind} id={id} trace={trace.data} />;
  if (trace.error) throw trace.error;
  return <SkeletonRows rows={12} />;
};

const Shown = ({ kind, id, trace }: { kind: 'incident' | 'alert'; id: string; trace: Trace }) => {
  const can = useCan();
  const stops = stopsOf(trace.steps);
  const payload = payloadIn(trace);
  const alert = firstAlertIn(trace);
  const name = trace.steps.find((step) => step.step === 'alert')?.title ?? trace.subject;
  // "Checkout API returns 5xx: 2 pages, kofi acknowledged it": what it is about is the title already.
  const answer = trace.summary.startsWith(`${name}: `) ? trace.summary.slice(name.length + 2) : trace.summary;
  const again = useRunAgain(alert);
  const mayRun = can('simulate') && alert !== undefined;
  useTitle(t.title(kind === 'incident' ? trace.subject : name));
  useShortcuts(mayRun ? [{ key: 't', label: t.again.run, run: again.run }] : []);
  useCommands(mayRun ? [{ label: t.again.run, shortcut: 'T', run: again.run }] : []);
  return (
    <>
      <PageHead title={t.title(name)} fact={kind === 'incident' ? trace.subject : undefined}>
        <CopyAsText trace={trace} stops={stops} />
        {kind === 'incident' ? (
          <Link to={`/incidents/${id}`} look="button">
            {t.open(trace.subject)}
          </Link>
        ) : (
          <Link to={`/alerts/${id}`} look="button">
            {t.openAlert}
          </Link>
        )}
        {mayRun && (
          <Button look="main" busy={again.busy} onClick={again.run}>
            {t.again.run}
          </Button>
        )}
      </PageHead>
      <p className="max-w-200 px-(--pad) pb-3.5 text-prose wrap-break-word text-fg-muted">{sentence(answer)}</p>
      <SplitPane
        sideLabel={t.payload}
        side={
          <>
            {(again.result !== undefined || again.error !== null) && <RunAgain again={again} trace={trace} alert={alert} />}
            <Section title={t.payload} fact={t.payloadFact}>
              {payload === undefined || payload === null ? (
                <p className="text-fg-muted">{t.noPayload}</p>
              ) : (
                <Code label={t.payload}>{typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2)}</Code>
              )}
            </Section>
          </>
        }
      >
        <div className="px-(--pad) pt-4">
          <DecisionPath label={t.path}>
            {stops.map((stop, index) => (
              <OneStop key={index} stop={stop} first={index === 0} />
            ))}
          </DecisionPath>
        </div>
      </SplitPane>
    </>
  );
};

const OneStop = ({ stop, first }: { stop: Stop; first: boolean }) => {
  if (stop.lines) {
    const failed = stop.lines.some((line) => line.what === 'failed');
    const counts = Map.groupBy(stop.lines, (line) => line.what);
    const told = [...counts].map(([what, lines]) => t.messages(lines.length, what)).join(', ');
    return (
      <Decision
        step={stepWord(stop.step)}
        at={stop.at}
        state={failed ? 'high' : undefined}
        result={told}
        more={
          <ul className="flex flex-col gap-1">
            {stop.lines.map((line, index) => (
              <li key={index} className="flex gap-x-4">
                <span className="text-fg-subtle">
                  <Time at={line.at} seconds />
                </span>
                <span className="min-w-0 wrap-break-word">
                  {line.what === 'failed' ? <Mark state="high">{line.text}</Mark> : line.text}
                </span>
              </li>
            ))}
          </ul>
        }
      />
    );
  }
  return (
    <Decision
      step={stop.step === 'alert' && !first ? t.alsoAlert : stepWord(stop.step)}
      at={stop.at}
      state={stop.state}
      result={
        stop.step === 'alert' && stop.alert ? (
          <Link to={`/alerts/${stop.alert}`} look="plain">
            {stop.result}
          </Link>
        ) : (
          stop.result
        )
      }
    >
      {stop.why}
      {stop.stood && (
        <>
          {stop.why && ' '}
          <StoodLink stood={stop.stood} />
        </>
      )}
    </Decision>
  );
};

/** The path as lines, for a message or a review. */
const CopyAsText = ({ trace, stops }: { trace: Trace; stops: Stop[] }) => {
  const [copied, setCopied] = useState(false);
  const text = [
    `${trace.subject}: ${trace.summary}`,
    '',
    ...stops.flatMap((stop) =>
      stop.lines
        ? stop.lines.map((line) => `${full(line.at)}  ${stepWord(stop.step)}: ${line.text}`)
        : [`${full(stop.at)}  ${stepWord(stop.step)}: ${stop.result}${stop.why ? ` (${stop.why})` : ''}`],
    ),
  ].join('\n');
  return (
    <Button
      icon={<Copy size={14} aria-hidden="true" />}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      <span aria-live="polite">{copied ? t.copied : t.copy}</span>
    </Button>
  );
};
