import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import type { incidentNext } from '../../../contract/pages.ts';
import { useLink } from '../../api/live.ts';
import { useMe } from '../../api/me.ts';
import { incidents as t } from '../../text/incidents.ts';
import { ui } from '../../text/ui.ts';
import { countdown, useNow } from '../../time.ts';
import { Countdown, Muted } from '../../ui/text.tsx';
import { type Incident, nameIn } from './queries.ts';

type Next = z.infer<typeof incidentNext>['next'];

const listed = (names: string[]): string => new Intl.ListFormat('en', { type: 'conjunction' }).format(names);

/** The moment at which something happens by itself, and what. Undefined: nothing will. */
const useWhatNext = (incident: Incident, next: Next | undefined): { at: string; what: string } | undefined => {
  const me = useMe();
  if (incident.status === 'resolved' || incident.status === 'closed') return undefined;
  if (incident.snoozed_until) return { at: incident.snoozed_until, what: t.facts.untilSnoozeOver };
  if (next) {
    const people = next.people.filter((one) => !one.shadow).map((one) => one.display_name);
    const what =
      people.length === 0
        ? t.facts.untilNobody
        : people.length === 1
          ? t.facts.until(people[0] as string)
          : t.facts.untilSeveral(listed(people));
    return { at: next.at, what };
  }
  if (incident.status === 'acknowledged' && incident.reminder_at) {
    const who = incident.acknowledged_by;
    return {
      at: incident.reminder_at,
      what: who && who !== me?.person?.name ? t.facts.untilReminderOf(nameIn(incident, who)) : t.facts.untilReminder,
    };
  }
  return undefined;
};

/** Before the server has said what comes next, nothing is claimed. "1:48 until Ines is paged"; stands still and greys while the server is silent. Said aloud at 5 min, 1 min and 0. */
export const WhatNext = ({ incident, next, aloud }: { incident: Incident; next: Next | undefined; aloud?: boolean }) => {
  const coming = useWhatNext(incident, next);
  const { state } = useLink();
  if (!coming && next === undefined && incident.escalation)
    return <span role="status" aria-label={ui.loading} className="inline-block h-2.5 w-32 max-w-full rounded-sm bg-line" />;
  if (!coming)
    return (
      <span className="text-body font-text text-fg-muted">{incident.escalation ? t.facts.nothingNext : t.facts.noPolicy}</span>
    );
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
      <Countdown to={coming.at} done={t.facts.now} frozen={state === 'stale' || state === 'offline'} />
      <span className="text-body font-text">
        <Muted>{coming.what}</Muted>
      </span>
      {aloud && <Aloud at={coming.at} what={coming.what} />}
    </span>
  );
};

const MARKS = [300, 60, 0];
const Aloud = ({ at, what }: { at: string; what: string }) => {
  const left = Math.ceil((Date.parse(at) - useNow()) / 1000);
  const before = useRef(left);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const passed = MARKS.find((mark) => before.current > mark && left <= mark);
    before.current = left;
    if (passed !== undefined) setSaid(t.announce(countdown(left * 1000), what));
  }, [left, what]);
  return (
    <span aria-live="polite" className="vh">
      {said}
    </span>
  );
};
