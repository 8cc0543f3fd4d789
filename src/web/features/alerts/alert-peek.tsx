import { X } from 'lucide-react';
import { exists } from '../../screens.ts';
import { alerts as t } from '../../text/alerts.ts';
import { ui } from '../../text/ui.ts';
import { number } from '../../time.ts';
import { IconButton, Link } from '../../ui/button.tsx';
import { Details, Section } from '../../ui/layout.tsx';
import { Severity } from '../../ui/marks.tsx';
import { sentence } from '../../ui/path.tsx';
import { Lasted, Time } from '../../ui/text.tsx';
import { type Alert, isOver } from './queries.ts';
import { WhatWasDone } from './what-was-done.tsx';

/** A look at an alert beside the list. */
export const AlertPeek = ({
  alert,
  onClose,
  silence,
}: {
  alert: Alert;
  onClose: () => void;
  /** Whether she may silence it. */
  silence: boolean;
}) => {
  const last = alert.decisions.at(-1);
  return (
    <>
      <Section
        title={<span className="wrap-break-word">{alert.summary}</span>}
        action={
          <IconButton label={ui.close} look="quiet" size="sm" onClick={onClose}>
            <X size={14} aria-hidden="true" />
          </IconButton>
        }
      >
        <div className="flex flex-wrap items-center gap-x-3 pb-3">
          <Severity severity={alert.severity} over={isOver(alert)} />
          <WhatWasDone alert={alert} />
        </div>
        {last && <p className="pb-3 wrap-break-word text-fg-muted">{sentence(`${last.result}: ${last.why}`)}</p>}
        <Details
          items={[
            { label: t.about.service, value: alert.service },
            { label: t.facts.received, value: t.facts.times(alert.count, number(alert.count)) },
            { label: t.about.first, value: <Time at={alert.first_seen} /> },
            {
              label: isOver(alert) ? t.facts.lasted : t.facts.openFor,
              value: <Lasted from={alert.first_seen} until={alert.resolved_at} />,
            },
          ]}
        />
        <div className="flex flex-wrap gap-2 pt-3">
          <Link to={`/alerts/${alert.id}`} look="button">
            {t.act.open}
          </Link>
          {exists('/why/$kind/$id') && (
            <Link to={`/why/alert/${alert.id}`} look="button">
              {t.act.why}
            </Link>
          )}
          {silence && (
            <Link to="/silences/new" search={{ alert: alert.id }} look="button">
              {t.act.silence}
            </Link>
          )}
        </div>
      </Section>
      {Object.keys(alert.labels).length > 0 && (
        <Section title={t.about.title}>
          <Details items={Object.entries(alert.labels).map(([name, value]) => ({ label: name, value }))} />
        </Section>
      )}
    </>
  );
};
