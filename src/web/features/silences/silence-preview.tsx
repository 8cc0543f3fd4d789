import { useQuery } from '@tanstack/react-query';
import { silences as t } from '../../text/silences.ts';
import { ui } from '../../text/ui.ts';
import { clock, short, weekdayAndDay } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { problemText, Section } from '../../ui/layout.tsx';
import { Mark, Severity } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Muted, Subtle } from '../../ui/text.tsx';
import { previewQuery, type Written } from './queries.ts';

const SHOWN = 8;

/** What such a silence would hide now and when it is active. `preview` is what is asked; none: something is missing. */
export const SilencePreview = ({
  preview,
  active,
}: {
  preview: { key: unknown; body: () => Written } | undefined;
  /** It is saved and in force: what it does, not what it would do. */
  active?: boolean;
}) => {
  const title = active ? t.preview.active : t.preview.title;
  const asked = useQuery({
    ...previewQuery(preview?.key, preview?.body ?? (() => ({ comment: '' }) as Written)),
    enabled: preview !== undefined,
    placeholderData: (before) => before,
  });
  const data = preview && !asked.error ? asked.data : undefined;
  return (
    <div aria-live="polite">
      <Section title={title} fact={data && data.alerts.count > 0 && t.preview.alerts(data.alerts.count, data.open_alerts)}>
        {!preview ? (
          <Muted>{t.preview.incomplete}</Muted>
        ) : asked.error ? (
          <Mark state="medium">
            <span className="whitespace-normal">{problemText(asked.error)}</span>
          </Mark>
        ) : !data ? (
          <Subtle>{ui.loading}</Subtle>
        ) : (
          <>
            {data.too_broad && (
              <p className="mb-2">
                <Mark state="medium">{t.preview.tooBroad}</Mark> <Muted>{data.too_broad}</Muted>
              </p>
            )}
            {data.alerts.count === 0 ? (
              <Muted>{data.open_alerts === 0 ? t.preview.nothingOpen : t.preview.none(data.open_alerts)}</Muted>
            ) : (
              <Rows label={title}>
                {data.alerts.items.slice(0, SHOWN).map((alert) => (
                  <Row key={alert.id}>
                    <Severity severity={alert.severity} wordless />
                    <span className="min-w-0 flex-1">{alert.summary}</span>
                    <Subtle>{alert.service}</Subtle>
                  </Row>
                ))}
                {data.alerts.count > SHOWN && (
                  <Row>
                    <Subtle>{t.preview.moreAlerts(data.alerts.count - SHOWN)}</Subtle>
                  </Row>
                )}
              </Rows>
            )}
          </>
        )}
      </Section>
      {data && data.incidents.count > 0 && (
        <Section title={t.preview.incidents(data.incidents.count)}>
          <p className="mb-1 text-fg-muted">{t.preview.incidentsWhy}</p>
          <Rows label={t.preview.incidents(data.incidents.count)}>
            {data.incidents.items.slice(0, SHOWN).map((one) => (
              <Row key={one.number}>
                <Link to={`/incidents/${one.number}`}>{one.number}</Link>
                <span className="min-w-0 flex-1">{one.title}</span>
                <Subtle>{t.preview.matching(one.matching_alerts, one.open_alerts)}</Subtle>
              </Row>
            ))}
          </Rows>
        </Section>
      )}
      {data && (
        <Section title={t.preview.windows} fact={data.active_now ? <Mark state="maint">{t.preview.activeNow}</Mark> : undefined}>
          {data.windows.length === 0 ? (
            <Muted>{t.preview.noWindows}</Muted>
          ) : (
            <Rows label={t.preview.windows}>
              {data.windows.map((window) => (
                <Row key={window.starts}>
                  <Window starts={window.starts} ends={window.ends} />
                </Row>
              ))}
            </Rows>
          )}
        </Section>
      )}
    </div>
  );
};

const Window = ({ starts, ends }: { starts: string; ends: string | null }) => {
  const sameDay = ends !== null && weekdayAndDay(starts) === weekdayAndDay(ends);
  return (
    <span>
      <span className="inline-block min-w-24">{weekdayAndDay(starts)}</span>{' '}
      {t.preview.to(clock(starts), ends === null ? t.noEnd : sameDay ? clock(ends) : short(ends))}
    </span>
  );
};
