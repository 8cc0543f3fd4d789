import type { ReactNode } from 'react';
import { schedules as t } from '../../text/schedules.ts';
import { Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { ScheduleHandoffs } from '../handoffs/lists.tsx';
import { ScheduleTraining } from '../training/training-list.tsx';
import { Hours, PreviewPanel, Warning } from './preview-panel.tsx';
import type { Preview, Schedule, Timeline } from './queries.ts';
import { moment, type Words } from './rows.ts';

/** Beside the timeline: what a change would do, the hours of each person, and which policies the schedule breaks. */
export const ScheduleAside = ({
  schedule,
  mode,
  would,
  people,
  before,
  window,
  warnings,
  groups,
  words,
  fairness,
}: {
  schedule: Schedule;
  mode: 'reading' | 'override' | 'editing';
  /** What the change that is typed would do; undefined while there is none, or it is refused. */
  would: Preview | undefined;
  people: Preview['people'] | undefined;
  before: Timeline | undefined;
  window: { from: string; to: string };
  warnings: Timeline['warnings'] | undefined;
  /** Calendars it reads, and user groups that follow it. */
  groups: ReactNode;
  words: Words;
  fairness?: ReactNode;
}) => (
  <aside aria-label={mode === 'editing' ? t.edit.showChange : t.hours.title} className="min-w-0 border-line max-split:border-t">
    {(would || mode === 'editing') && (
      <Section
        title={t.edit.showChange}
        fact={mode === 'editing' ? t.preview.between(moment(window.from, words.zone), moment(window.to, words.zone)) : undefined}
      >
        {would ? (
          <PreviewPanel before={before} preview={would} words={words} />
        ) : (
          <p className="text-fg-muted">{t.preview.same}</p>
        )}
      </Section>
    )}
    {mode === 'reading' && <ScheduleHandoffs schedule={schedule} />}
    {mode === 'reading' && <ScheduleTraining schedule={schedule} />}
    {mode !== 'editing' && <Section title={t.hours.title}>{people && <Hours people={people} words={words} />}</Section>}
    {mode === 'reading' && fairness}
    {mode === 'reading' && warnings && (
      <Section title={t.warnings.title}>
        {warnings.length === 0 ? (
          <Mark state="ok" quiet>
            {t.warnings.fine}
          </Mark>
        ) : (
          <Rows label={t.warnings.title}>
            {warnings.map((one) => (
              <Row key={`${one.policy} ${one.person} ${one.from}`}>
                <Warning warning={one} words={words} />
              </Row>
            ))}
          </Rows>
        )}
      </Section>
    )}
    {mode === 'reading' && groups}
  </aside>
);
