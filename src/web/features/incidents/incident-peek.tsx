import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { incidents as t } from '../../text/incidents.ts';
import { ui } from '../../text/ui.ts';
import { clock } from '../../time.ts';
import { IconButton, Link } from '../../ui/button.tsx';
import { Details, Section } from '../../ui/layout.tsx';
import { Severity, Status } from '../../ui/marks.tsx';
import { Lasted, Person, Subtle, Told } from '../../ui/text.tsx';
import { type Incident, isOver, nameIn, nextQuery, timelineQuery } from './queries.ts';
import { WhatNext } from './what-next.tsx';

/** What one wants to know before opening it. */
export const IncidentPeek = ({ incident, onClose }: { incident: Incident; onClose: () => void }) => {
  const next = useQuery({ ...nextQuery(incident.number), enabled: !isOver(incident) });
  const timeline = useInfiniteQuery(timelineQuery(incident.number, 8));
  const latest = timeline.data?.pages[0]?.items ?? [];
  return (
    <>
      <div className="flex flex-col gap-2 border-b border-line px-4 py-3">
        <div className="flex items-center gap-2">
          <Severity severity={incident.severity} over={isOver(incident)} badge />
          <Subtle>{incident.number}</Subtle>
          <span className="ml-auto" />
          <Link to={`/incidents/${incident.number}`} look="button" size="sm">
            {t.act.open}
          </Link>
          <IconButton label={ui.close} look="quiet" size="sm" onClick={onClose}>
            <X size={14} aria-hidden="true" />
          </IconButton>
        </div>
        <h2 className="text-16">{incident.title}</h2>
        {incident.description && <p className="line-clamp-4 text-fg-muted">{incident.description}</p>}
      </div>
      <div className="border-b border-line px-4 py-3">
        <Details
          items={[
            { label: t.head.status, value: <Status status={incident.status} /> },
            {
              label: isOver(incident) ? t.facts.lasted : t.facts.open,
              value: <Lasted from={incident.opened_at} until={incident.resolved_at ?? incident.closed_at} />,
            },
            ...(isOver(incident)
              ? []
              : [{ label: t.facts.next, value: <WhatNext incident={incident} next={next.data?.next} /> }]),
            {
              label: t.facts.people,
              value:
                incident.assignees.length > 0 ? (
                  <span className="flex flex-wrap gap-x-3 gap-y-1">
                    {incident.assignees.map((name) => (
                      <Person key={name} name={nameIn(incident, name)} />
                    ))}
                  </span>
                ) : (
                  <Person nobody={isOver(incident) ? ui.nobody : t.list.nobody} missing={!isOver(incident)} />
                ),
            },
            { label: t.head.service, value: incident.service },
            { label: t.facts.alerts, value: `${incident.alert_count}` },
          ]}
        />
      </div>
      <Section title={t.list.latest}>
        <ul className="flex flex-col gap-1.5">
          {latest.map((entry) => (
            <li key={entry.id} className="flex gap-3">
              <Subtle>{clock(entry.at)}</Subtle>
              <span className="min-w-0 wrap-break-word text-fg-muted">
                <Told>{entry.text}</Told>
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
};
