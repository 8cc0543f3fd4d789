import { useQuery } from '@tanstack/react-query';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useCanFor } from '../../api/me.ts';
import { training as t } from '../../text/training.ts';
import { weekdayAndDay } from '../../time.ts';
import { Button, IconButton, Link } from '../../ui/button.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import type { Schedule } from '../schedules/queries.ts';
import { useMyName } from '../schedules/use-view.ts';
import { type Training, trainingsQuery, useTraining } from './queries.ts';
import { SignDialog, TrainingDialog } from './training-dialogs.tsx';

const STATE = { shadow: 'unknown', reverse_shadow: 'unknown', solo: 'ok' } as const;

const Told = ({ one, title }: { one: Training; title: { to: string; text: string } }) => (
  <span className="min-w-0 flex-1 py-1">
    <Link to={title.to}>{title.text}</Link>
    <span className="block text-meta text-fg-muted">
      {one.ready
        ? t.signed(one.ready.by, weekdayAndDay(one.ready.at))
        : `${t.with(one.mentor_name ?? t.nobody)}, ${t.done(
            t.of(one.shadow_done, one.shadow_wanted),
            t.of(one.reverse_shadow_done, one.reverse_shadow_wanted),
          )}`}
    </span>
    <span className="block text-meta text-fg-subtle">{one.ready?.note || t.what[one.stage]}</span>
  </span>
);

/** On a schedule's page: who learns here, how far they are, and the next step for each. */
export const ScheduleTraining = ({ schedule }: { schedule: Schedule }) => {
  const { data, error } = useQuery(trainingsQuery({ schedule: schedule.name }));
  const me = useMyName();
  const may = useCanFor()('schedule.write', schedule.team);
  const [open, setOpen] = useState<{ form: Training | 'new' } | { sign: Training }>();
  const change = useTraining(schedule.name, () => setOpen(undefined));
  if (!data) return error ? <ProblemStrip error={error} /> : null;
  if (data.length === 0 && !may) return null;
  const close = () => {
    setOpen(undefined);
    change.reset();
  };
  const entriesOf = (one: Training) => {
    const who = one.person;
    const teaches = who !== me && (may || (me !== undefined && one.mentor === me));
    const to = one.stage === 'shadow' ? ('reverse_shadow' as const) : ('shadow' as const);
    return [
      ...(teaches && !one.ready
        ? [
            {
              label: to === 'shadow' ? t.shadowAgain : t.askFirst,
              onSelect: () => change.mutate({ who, what: 'stage', stage: to }),
            },
            { label: t.ready, onSelect: () => setOpen({ sign: one }) },
          ]
        : []),
      ...(teaches && one.ready ? [{ label: t.takeBack, onSelect: () => change.mutate({ who, what: 'take_back' }) }] : []),
      ...(may && !one.ready ? [{ label: t.change, onSelect: () => setOpen({ form: one }) }] : []),
      ...(may ? [{ label: t.end, danger: true, onSelect: () => change.mutate({ who, what: 'end' }) }] : []),
    ];
  };
  return (
    <Section
      title={t.title}
      action={
        may && (
          <Button size="sm" look="quiet" onClick={() => setOpen({ form: 'new' })}>
            {t.begin}
          </Button>
        )
      }
    >
      {!open && <ProblemStrip error={change.error} />}
      {data.length === 0 && <p className="text-fg-muted">{t.none}</p>}
      <Rows label={t.title}>
        {data.map((one) => {
          const entries = entriesOf(one);
          return (
            <Row key={one.person}>
              <Told one={one} title={{ to: `/people/${one.person}`, text: one.display_name }} />
              <Mark state={STATE[one.stage]} quiet={one.stage === 'solo'}>
                {t.stage[one.stage]}
              </Mark>
              {entries.length > 0 && (
                <Menu
                  trigger={
                    <IconButton label={t.more(one.display_name)}>
                      <Ellipsis size={14} aria-hidden="true" />
                    </IconButton>
                  }
                  entries={entries}
                />
              )}
            </Row>
          );
        })}
      </Rows>
      {open && 'form' in open && (
        <TrainingDialog
          of={open.form === 'new' ? undefined : open.form}
          taken={data.map((one) => one.person)}
          save={{
            run: (who, body) => change.mutate({ who, what: 'save', body }),
            busy: change.isPending,
            error: change.error,
          }}
          onClose={close}
        />
      )}
      {open && 'sign' in open && (
        <SignDialog
          who={open.sign.display_name}
          save={{
            run: (note) => change.mutate({ who: open.sign.person, what: 'ready', note }),
            busy: change.isPending,
            error: change.error,
          }}
          onClose={close}
        />
      )}
    </Section>
  );
};

/** On a person's page: for which schedules they learn, or are signed off. */
export const PersonTraining = ({ name }: { name: string }) => {
  const { data } = useQuery(trainingsQuery({ person: name }));
  if (!data || data.length === 0) return null;
  return (
    <Section title={t.title} padded="page">
      <Rows label={t.title}>
        {data.map((one) => (
          <Row key={one.schedule}>
            <Told one={one} title={{ to: `/schedules/${one.schedule}`, text: one.title }} />
            <Mark state={STATE[one.stage]} quiet={one.stage === 'solo'}>
              {t.stage[one.stage]}
            </Mark>
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
