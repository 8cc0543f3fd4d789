import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { heartbeats as beats, integrations as ways } from '../../text/integrations.ts';
import { services as t } from '../../text/services.ts';
import { ui } from '../../text/ui.ts';
import { duration, number } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Details, Section } from '../../ui/layout.tsx';
import { Mark, severityState } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Muted, Subtle, Time } from '../../ui/text.tsx';
import { HeartbeatDialog } from '../heartbeats/heartbeat-dialog.tsx';
import { HeartbeatState } from '../heartbeats/heartbeat-state.tsx';
import { heartbeatsQuery } from '../heartbeats/queries.ts';
import { AddIntegration } from '../integrations/add-integration.tsx';
import { integrationsQuery } from '../integrations/queries.ts';
import { healthOfQuery, type Service } from './queries.ts';

const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;

/** What is so with the service now, and what brings its alerts. */
export const ServiceSide = ({ service, may, health }: { service: Service; may: boolean; health: boolean }) => (
  <>
    {health && <HealthOf name={service.name} />}
    <Integrations name={service.name} may={may} />
    <Heartbeats name={service.name} may={may} />
  </>
);

/** Whether its pages would arrive, and what is open. On a phone it stands above everything else. */
export const HealthOf = ({ name }: { name: string }) => {
  const health = useQuery(healthOfQuery(name)).data;
  if (!health) return null;
  const open = SEVERITIES.filter((severity) => health.open_incidents[severity] > 0);
  return (
    <Section
      title={t.health.title}
      fact={
        <Mark state={health.readiness === 'ok' ? 'ok' : health.readiness === 'warning' ? 'medium' : 'critical'}>
          {t.ready[health.readiness]}
        </Mark>
      }
    >
      {health.problems.length === 0 ? (
        <p className="mb-3 text-fg-muted">{t.health.ok}</p>
      ) : (
        <ul aria-label={t.health.title} className="mb-3 flex flex-col divide-y divide-line">
          {health.problems.map((one) => (
            <li key={`${one.subject} ${one.problem}`} className="flex items-center gap-2 py-1.5">
              <span className="min-w-0 flex-1">
                <span className="font-strong">{one.subject_title}</span> <Muted>{one.problem}</Muted>
              </span>
              {one.fix !== `/services/${name}` && (
                <Link look="button" size="sm" to={one.fix}>
                  {t.health.fix}
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
      <Details
        items={[
          {
            label: t.health.incidents,
            value:
              open.length === 0 ? (
                t.health.noneOpen
              ) : (
                <Link to="/incidents" search={{ service: name }} look="plain">
                  <span className="flex flex-wrap gap-x-3">
                    {open.map((severity) => (
                      <Mark key={severity} state={severityState(severity)}>
                        {t.open(health.open_incidents[severity], ui.severity[severity])}
                      </Mark>
                    ))}
                  </span>
                </Link>
              ),
          },
          { label: t.health.alerts, value: number(health.open_alerts) },
          { label: t.health.last, value: health.last_event_at ? <Time at={health.last_event_at} /> : t.never },
        ]}
      />
    </Section>
  );
};

const Integrations = ({ name, may }: { name: string; may: boolean }) => {
  const list = useQuery(integrationsQuery({ service: name })).data?.items ?? [];
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title={t.sides.integrations}
      fact={list.length || undefined}
      action={
        may && (
          <Button size="sm" icon={<Plus size={12} aria-hidden="true" />} onClick={() => setAdding(true)}>
            {ways.addShort}
            <span className="vh">{ways.add}</span>
          </Button>
        )
      }
    >
      {list.length === 0 ? (
        <Muted>{ways.empty.service}</Muted>
      ) : (
        <Rows label={t.sides.integrations}>
          {list.map((one) => (
            <Row key={one.name}>
              <Link to={`/integrations/${one.name}`}>{one.name}</Link>
              <Subtle>{ways.kinds[one.kind]}</Subtle>
              {one.refused_24h > 0 && <Mark state="medium">{`${one.refused_24h} ${ways.refused.word.toLowerCase()}`}</Mark>}
              <span className="ml-auto text-meta text-fg-muted">
                {one.last_event_at ? <Time at={one.last_event_at} /> : ways.never}
              </span>
            </Row>
          ))}
        </Rows>
      )}
      {adding && <AddIntegration service={name} onClose={() => setAdding(false)} />}
    </Section>
  );
};

const Heartbeats = ({ name, may }: { name: string; may: boolean }) => {
  const integrations = useQuery(integrationsQuery({ service: name })).data?.items ?? [];
  const mine = new Set(integrations.map((one) => one.name));
  const list = (useQuery(heartbeatsQuery).data?.items ?? []).filter((one) => mine.has(one.integration));
  const [editing, setEditing] = useState<{ name?: string }>();
  return (
    <Section
      title={t.sides.heartbeats}
      fact={list.length || undefined}
      action={
        may &&
        integrations.length > 0 && (
          <Button size="sm" icon={<Plus size={12} aria-hidden="true" />} onClick={() => setEditing({})}>
            {ways.addShort}
            <span className="vh">{beats.add}</span>
          </Button>
        )
      }
    >
      {list.length === 0 ? (
        <Muted>{integrations.length === 0 && may ? beats.needsIntegration : beats.why}</Muted>
      ) : (
        <Rows label={t.sides.heartbeats}>
          {list.map((one) => (
            <Row key={one.name}>
              <HeartbeatState row={one} />
              {may ? (
                <button
                  type="button"
                  className="min-h-6 text-left underline-offset-2 hover:underline"
                  onClick={() => setEditing({ name: one.name })}
                >
                  {one.name}
                </button>
              ) : (
                <span>{one.name}</span>
              )}
              <span className="ml-auto text-meta text-fg-muted">{beats.every(duration(one.interval_seconds * 1000))}</span>
            </Row>
          ))}
        </Rows>
      )}
      {editing && <HeartbeatDialog name={editing.name} service={name} onClose={() => setEditing(undefined)} />}
    </Section>
  );
};
