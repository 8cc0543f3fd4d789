import { useQuery } from '@tanstack/react-query';
import { ArrowUpRight, BellOff, BellRing, Combine, Ellipsis, RotateCcw, UserPlus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useCan } from '../../api/me.ts';
import { exists } from '../../screens.ts';
import { useSearchState } from '../../search-state.ts';
import { useCommands } from '../../shell/commands.ts';
import { useTitle } from '../../shell/shell.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { incidents as t } from '../../text/incidents.ts';
import { ui } from '../../text/ui.ts';
import { clock, isToday, short } from '../../time.ts';
import { Button, IconButton, Link, OutLink } from '../../ui/button.tsx';
import {
  Details,
  FactsRow,
  PageHead,
  PhoneFoot,
  ProblemStrip,
  Section,
  SkeletonRows,
  SplitPane,
  Strip,
} from '../../ui/layout.tsx';
import { Severity, StatusDial } from '../../ui/marks.tsx';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Lasted, Person, Subtle, Time } from '../../ui/text.tsx';
import { Path } from '../../ui/timeline.tsx';
import { usePhone } from '../../ui/width.ts';
import { useAct } from './act.ts';
import { EscalateDialog, MergeDialog, ReassignDialog, ResolveDialog, SnoozeDialog } from './incident-dialogs.tsx';
import { IncidentAlerts, IncidentPages } from './incident-pages.tsx';
import { IncidentTimeline } from './incident-timeline.tsx';
import { type Incident, isOver, nameIn, nextQuery, useIncident } from './queries.ts';
import { Refused } from './refused.tsx';
import { WhatNext } from './what-next.tsx';

type Asking = 'resolve' | 'reassign' | 'snooze' | 'merge' | 'escalate';

export const IncidentDetail = ({ id }: { id: string }) => {
  const incident = useIncident(id);
  useTitle(incident.data && `${incident.data.number} ${incident.data.title}`);
  if (incident.data) return <Shown incident={incident.data} />;
  if (incident.error) throw incident.error;
  return <SkeletonRows rows={12} />;
};

const Shown = ({ incident }: { incident: Incident }) => {
  const phone = usePhone();
  const can = useCan();
  const [asking, setAsking] = useState<Asking>();
  const { act, busy, refusal } = useAct();
  const next = useQuery({ ...nextQuery(incident.number), enabled: !isOver(incident) });
  const respond = can('incident.respond') && !incident.merged_into;
  const over = isOver(incident);

  const acknowledge = () => act(incident, { verb: 'acknowledge' });
  const reopen = () => act(incident, { verb: 'reopen' });
  const entries: (MenuEntry & { key?: string })[] = !respond
    ? []
    : over
      ? [
          ...(incident.status === 'resolved'
            ? [{ label: t.act.reopen, icon: <RotateCcw size={14} aria-hidden="true" />, onSelect: reopen, shortcut: 'O' }]
            : []),
        ]
      : [
          {
            label: t.act.reassign,
            icon: <UserPlus size={14} aria-hidden="true" />,
            onSelect: () => setAsking('reassign'),
            shortcut: 'P',
          },
          {
            label: t.act.escalate,
            icon: <ArrowUpRight size={14} aria-hidden="true" />,
            onSelect: () => setAsking('escalate'),
            shortcut: 'E',
          },
          incident.snoozed_until
            ? {
                label: t.act.unsnooze,
                icon: <BellRing size={14} aria-hidden="true" />,
                onSelect: () => act(incident, { verb: 'unsnooze' }),
                shortcut: 'Z',
              }
            : {
                label: t.act.snooze,
                icon: <BellOff size={14} aria-hidden="true" />,
                onSelect: () => setAsking('snooze'),
                shortcut: 'Z',
              },
          {
            label: t.act.merge,
            icon: <Combine size={14} aria-hidden="true" />,
            onSelect: () => setAsking('merge'),
            shortcut: 'M',
          },
        ];
  const main =
    incident.status === 'triage'
      ? { label: t.act.acknowledge, key: 'a', run: acknowledge, verb: 'acknowledge' }
      : incident.status === 'acknowledged'
        ? { label: t.act.resolve, key: 'r', run: () => setAsking('resolve'), verb: 'resolve' }
        : incident.status === 'resolved'
          ? { label: t.act.close, key: 'c', run: () => act(incident, { verb: 'close' }), verb: 'close' }
          : { label: t.act.reopen, key: 'o', run: reopen, verb: 'reopen' };
  const second =
    incident.status === 'triage'
      ? { label: t.act.resolve, key: 'r', run: () => setAsking('resolve') }
      : incident.status === 'acknowledged'
        ? { label: t.act.reassign, key: 'p', run: () => setAsking('reassign') }
        : incident.status === 'resolved'
          ? { label: t.act.reopen, key: 'o', run: reopen }
          : undefined;
  const plain = entries.filter(
    (entry): entry is Extract<MenuEntry, { onSelect: () => void }> => typeof entry === 'object' && 'onSelect' in entry,
  );
  const all = respond
    ? [
        { key: main.key, label: main.label, run: main.run },
        ...(second ? [second] : []),
        ...plain.map((entry) => ({ key: (entry.shortcut ?? '').toLowerCase(), label: String(entry.label), run: entry.onSelect })),
      ].filter((one, index, list) => list.findIndex((other) => other.key === one.key) === index)
    : [];
  useShortcuts(all);
  useCommands(all.map((one) => ({ label: `${one.label} ${incident.number}`, shortcut: one.key.toUpperCase(), run: one.run })));

  const shownEntries = entries.filter(
    (entry) => !(typeof entry === 'object' && 'label' in entry && entry.label === second?.label),
  );
  const mainBusy = busy === main.verb;
  const mainButton = (size: 'md' | 'touch-main') => (
    <Button look="main" size={size} shortcut={main.key.toUpperCase()} busy={mainBusy} onClick={main.run}>
      {mainBusy ? t.act.acknowledging : main.label}
    </Button>
  );

  const timeline = <IncidentTimeline incident={incident} />;
  const pages = <IncidentPages incident={incident} />;
  const alerts = <IncidentAlerts incident={incident} />;
  const about = <About incident={incident} />;
  return (
    <>
      <PageHead
        before={<Severity severity={incident.severity} over={over} badge />}
        title={incident.title}
        fact={phone ? incident.number : `${incident.number}, ${incident.service}`}
      >
        {!phone && exists('/why/$kind/$id') && (
          <Link to={`/why/incident/${incident.number}`} look="quiet">
            {t.act.why}
          </Link>
        )}
        {respond && !phone && (
          <>
            {shownEntries.length > 0 && (
              <Menu
                trigger={
                  <IconButton label={t.act.more}>
                    <Ellipsis size={16} aria-hidden="true" />
                  </IconButton>
                }
                entries={shownEntries}
              />
            )}
            {second && (
              <Button shortcut={second.key.toUpperCase()} onClick={second.run}>
                {second.label}
              </Button>
            )}
            {mainButton('md')}
          </>
        )}
      </PageHead>
      <div className="px-(--pad) pb-3">
        <StatusPath incident={incident} />
      </div>
      <Refused refusal={refusal} />
      <WrongHere incident={incident} />
      <Facts incident={incident} next={next.data?.next} />
      <ProblemStrip error={next.error} />
      {phone ? (
        <PhoneTabs
          tabs={[t.timeline.title, t.pages.title, t.alerts.title, t.about.title]}
          panels={[timeline, pages, alerts, about]}
        />
      ) : (
        <SplitPane
          sideLabel={t.pages.title}
          side={
            <>
              {pages}
              {alerts}
              {about}
            </>
          }
        >
          {timeline}
        </SplitPane>
      )}
      {respond && phone && (
        <PhoneFoot>
          <div className="flex flex-col gap-2">
            {incident.status === 'triage' && next.data?.next && (
              <p className="text-28 leading-tight font-strong">
                <WhatNext incident={incident} next={next.data.next} />
              </p>
            )}
            <div className="flex items-center gap-2">
              {mainButton('touch-main')}
              {shownEntries.length > 0 && (
                <Menu
                  trigger={
                    <IconButton label={t.act.more} size="touch">
                      <Ellipsis size={20} aria-hidden="true" />
                    </IconButton>
                  }
                  entries={[...(second ? [{ label: second.label, onSelect: second.run }] : []), ...shownEntries]}
                />
              )}
            </div>
          </div>
        </PhoneFoot>
      )}
      {asking === 'resolve' && (
        <ResolveDialog
          name={incident.number}
          single
          onClose={() => setAsking(undefined)}
          onResolve={(note) => act(incident, { verb: 'resolve', note })}
        />
      )}
      {asking === 'reassign' && (
        <ReassignDialog
          incident={incident}
          onClose={() => setAsking(undefined)}
          onReassign={(people) => act(incident, { verb: 'reassign', people })}
        />
      )}
      {asking === 'snooze' && (
        <SnoozeDialog
          incident={incident}
          onClose={() => setAsking(undefined)}
          onSnooze={(seconds) => act(incident, { verb: 'snooze', seconds })}
        />
      )}
      {asking === 'merge' && (
        <MergeDialog
          incident={incident}
          onClose={() => setAsking(undefined)}
          onMerge={(into) => act(incident, { verb: 'merge', into })}
        />
      )}
      {asking === 'escalate' && (
        <EscalateDialog
          incident={incident}
          onClose={() => setAsking(undefined)}
          onEscalate={() => act(incident, { verb: 'escalate' })}
        />
      )}
    </>
  );
};

const PhoneTabs = ({ tabs, panels }: { tabs: string[]; panels: ReactNode[] }) => {
  const [search, set] = useSearchState();
  const keys = ['timeline', 'pages', 'alerts', 'about'];
  return (
    <Tabs
      label={t.title}
      value={search.tab ?? 'timeline'}
      onChange={(tab) => set({ tab: tab === 'timeline' ? undefined : tab })}
      tabs={tabs.map((label, index) => ({ value: keys[index] as string, label, panel: panels[index] }))}
    />
  );
};

const STEPS = ['triage', 'acknowledged', 'resolved', 'closed'] as const;
const StatusPath = ({ incident }: { incident: Incident }) => {
  const at = STEPS.indexOf(incident.status);
  const times = [incident.opened_at, incident.acknowledged_at, incident.resolved_at, incident.closed_at];
  return (
    <Path
      label={t.path}
      steps={STEPS.map((status, index) => {
        const time = times[index];
        return {
          key: status,
          mark: <StatusDial status={status} />,
          word: t.steps[status],
          state: index < at ? ('done' as const) : index === at ? ('now' as const) : ('later' as const),
          plainWhen: time ? short(time) : '',
          when: time && index <= at && <Time at={time}>{isToday(time) ? clock(time) : short(time)}</Time>,
        };
      })}
    />
  );
};

/** What is wrong with this incident beyond what it is about; the worst first, one at a time. */
const WrongHere = ({ incident }: { incident: Incident }) => {
  if (incident.merged_into)
    return (
      <Strip action={<Link to={`/incidents/${incident.merged_into}`}>{incident.merged_into}</Link>}>
        {t.strips.merged(incident.merged_into)}
      </Strip>
    );
  if (incident.status === 'triage' && incident.escalation?.state === 'exhausted')
    return <Strip state="critical">{t.strips.exhausted}</Strip>;
  if (incident.status === 'triage' && incident.escalation?.state === 'waiting' && incident.escalation.next_at)
    return <Strip state="maint">{t.strips.waiting(short(incident.escalation.next_at))}</Strip>;
  if (incident.snoozed_until && !isOver(incident))
    return <Strip state="maint">{t.strips.snoozed(short(incident.snoozed_until))}</Strip>;
  if (incident.flapping) return <Strip state="medium">{t.strips.flapping}</Strip>;
  return null;
};

const Facts = ({ incident, next }: { incident: Incident; next: Parameters<typeof WhatNext>[0]['next'] }) => {
  const over = isOver(incident);
  return (
    <FactsRow
      facts={[
        {
          label: over ? t.facts.lasted : t.facts.open,
          value: <Lasted from={incident.opened_at} until={incident.resolved_at ?? incident.closed_at} />,
        },
        over
          ? {
              label: t.facts.acknowledged,
              value: incident.acknowledged_at ? <Lasted from={incident.opened_at} until={incident.acknowledged_at} /> : t.notYet,
            }
          : {
              label: t.facts.next,
              value: <WhatNext incident={incident} next={next} aloud />,
            },
        {
          label: t.facts.people,
          value:
            incident.assignees.length > 0 ? (
              <span className="flex flex-wrap gap-x-3 text-body font-text">
                {incident.assignees.map((name) => (
                  <Person key={name} name={nameIn(incident, name)} />
                ))}
              </span>
            ) : (
              <span className="text-body font-text">
                <Person nobody={over ? ui.nobody : t.list.nobody} missing={!over} />
              </span>
            ),
        },
        {
          label: t.facts.alerts,
          value: String(incident.alert_count),
          note:
            incident.alert_count > 0 &&
            (incident.open_alert_count > 0 ? t.facts.stillOpen(incident.open_alert_count) : t.facts.allOver),
        },
      ]}
    />
  );
};

const About = ({ incident }: { incident: Incident }) => {
  const labels = Object.entries(incident.labels);
  return (
    <Section title={t.about.title}>
      {incident.description && <p className="mb-3 wrap-break-word whitespace-pre-wrap">{incident.description}</p>}
      <Details
        items={[
          {
            label: t.about.service,
            value: exists('/services/$name') ? (
              <Link to={`/services/${incident.service}`}>{incident.service}</Link>
            ) : (
              incident.service
            ),
          },
          { label: t.about.urgency, value: t.urgency[incident.urgency] },
          { label: t.about.opened, value: <Time at={incident.opened_at} /> },
          ...(incident.acknowledged_by && incident.acknowledged_at
            ? [
                {
                  label: t.about.acknowledgedBy,
                  value: (
                    <>
                      {nameIn(incident, incident.acknowledged_by)} <Time at={incident.acknowledged_at} />{' '}
                      {incident.acknowledged_via && <Subtle>{t.about.via(incident.acknowledged_via)}</Subtle>}
                    </>
                  ),
                },
              ]
            : []),
          ...labels.map(([name, value]) => ({ label: name, value })),
        ]}
      />
      {incident.links.length > 0 && (
        <ul className="mt-3 flex flex-col gap-1">
          {incident.links.map((link) => (
            <li key={link.href}>
              <OutLink href={link.href}>{link.text ?? link.href}</OutLink>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
};
