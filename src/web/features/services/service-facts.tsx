import type { ReactNode } from 'react';
import { services as t } from '../../text/services.ts';
import { silences } from '../../text/silences.ts';
import { duration } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { Section, Strip } from '../../ui/layout.tsx';
import type { Service } from './queries.ts';

const long = (seconds: number): string => duration(seconds * 1000);

/** A service to read, for whoever may not change it. */
export const ServiceFacts = ({ service }: { service: Service }) => {
  const { grouping, flapping, support_hours: support } = service;
  const sections: [string, { label: string; value: ReactNode }[]][] = [
    [t.sections.about, [{ label: t.field.description, value: service.description || t.health.none }]],
    [
      t.sections.paging,
      [
        {
          label: t.field.policy,
          value: service.escalation_policy ? (
            <Link to={`/escalation/${service.escalation_policy}`}>{service.escalation_policy}</Link>
          ) : (
            t.field.policyNone
          ),
        },
        { label: t.field.team, value: service.team ? <Link to={`/teams/${service.team}`}>{service.team}</Link> : t.noTeam },
      ],
    ],
    [
      t.sections.urgency,
      [
        { label: t.field.urgency, value: `${t.field.urgencies[service.urgency]}. ${t.field.urgencyHint[service.urgency]}` },
        ...(support
          ? [
              {
                label: t.field.support,
                value: support.hours
                  .map((one) =>
                    silences.weekly(one.days.map((day) => silences.days[day]).join(', '), one.from, one.to, support.time_zone),
                  )
                  .join('; '),
              },
              { label: t.field.outside, value: t.field.outsides[support.urgency_outside] },
            ]
          : []),
      ],
    ],
    [
      t.sections.grouping,
      [
        { label: t.field.by, value: grouping.by.join(', ') || t.field.byHint },
        { label: t.field.window, value: grouping.window_seconds === 0 ? t.field.windowHint : long(grouping.window_seconds) },
        { label: t.field.maxAge, value: long(grouping.max_age_seconds) },
      ],
    ],
    [
      t.sections.life,
      [
        { label: t.field.onResolved, value: t.field.onResolveds[service.on_all_resolved] },
        {
          label: t.field.acknowledge,
          value:
            service.acknowledge_timeout_seconds === null
              ? t.never
              : `${t.field.acknowledgeAfter} ${long(service.acknowledge_timeout_seconds)}`,
        },
      ],
    ],
    [
      t.sections.flapping,
      [{ label: t.field.changes, value: `${flapping.changes}, ${t.field.within} ${long(flapping.within_seconds)}` }],
    ],
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled, so the keyboard must reach it
    <section tabIndex={0} aria-label={t.readOnly} className="outline-offset-[-2px]">
      <Strip>{t.readOnly}</Strip>
      {sections.map(([title, items]) => (
        <Section key={title} title={title} padded="page">
          <dl className="grid max-w-180 gap-x-4 gap-y-1.5 desk:grid-cols-[240px_minmax(0,1fr)]">
            {items.map((item) => (
              <div key={item.label} className="contents">
                <dt className="text-fg-muted">{item.label}</dt>
                <dd className="min-w-0 wrap-break-word max-desk:mb-1.5">{item.value}</dd>
              </div>
            ))}
          </dl>
        </Section>
      ))}
    </section>
  );
};
