import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCan, useMe } from '../../api/me.ts';
import { home as t } from '../../text/home.ts';
import { clock, duration, short, useNow, weekdayAndDay } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Section } from '../../ui/layout.tsx';
import { Mark, MarkIcon } from '../../ui/marks.tsx';
import { sentence } from '../../ui/path.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Person, Told } from '../../ui/text.tsx';
import { peopleQuery } from '../incidents/queries.ts';
import { doctorQuery, myShiftsQuery, onCallQuery } from './queries.ts';

/** Who is on call, my next shift, and what would keep a page from arriving. */
export const HomeSide = () => {
  const can = useCan();
  const me = useMe();
  return (
    <>
      <OnCall />
      {me?.person && <NextShift />}
      {can('configuration.read') && <Readiness />}
    </>
  );
};

const OnCall = () => {
  const rows = useQuery(onCallQuery).data?.items;
  const can = useCan();
  const people = useQuery({ ...peopleQuery, enabled: can('configuration.read') }).data?.items ?? [];
  const me = useMe();
  if (!rows) return null;
  const called = (name: string) => people.find((one) => one.name === name)?.display_name ?? name;
  const schedules = [...new Set(rows.map((row) => row.schedule))];
  return (
    <Section title={t.onCall} action={<Link to="/on-call">{t.everybody}</Link>}>
      {schedules.length === 0 ? (
        <p className="text-fg-muted">{t.noSchedules}</p>
      ) : (
        <Rows label={t.onCall}>
          {schedules.map((schedule) => (
            <Row key={schedule}>
              <span className="w-28 shrink-0 truncate text-fg-muted">{schedule}</span>
              <span className="flex min-w-0 flex-1 flex-wrap gap-x-4 gap-y-1">
                {rows
                  .filter((row) => row.schedule === schedule && !row.shadow)
                  .map((row) => (
                    <Person
                      key={`${row.role} ${row.person}`}
                      name={called(row.person)}
                      note={row.person === me?.person?.name ? t.you : row.role === 'primary' ? '' : row.role}
                    />
                  ))}
              </span>
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
};

const NextShift = () => {
  const shifts = useQuery(myShiftsQuery).data?.items;
  const at = useNow(60_000);
  if (!shifts) return null;
  // What runs already is told from now on.
  const soon = at + 120_000;
  const running = shifts.filter((one) => Date.parse(one.starts) <= soon);
  const next = shifts.find((one) => Date.parse(one.starts) > soon);
  return (
    <Section title={t.shift} action={shifts.length > 0 && <Link to="/cover/new">{t.askForCover}</Link>}>
      {next ? (
        <>
          <p className="font-strong">
            {next.title}, {next.role}
          </p>
          <p>
            {weekdayAndDay(next.starts)} {clock(next.starts)} – {weekdayAndDay(next.ends)} {clock(next.ends)}.{' '}
            {t.shiftStarts(duration(Date.parse(next.starts) - at))}
          </p>
          {next.clash && <Mark state="medium">{t.shiftClash[next.clash]}</Mark>}
        </>
      ) : (
        <p className="text-fg-muted">{t.noShift}</p>
      )}
      {running.map((one) => (
        <p key={`${one.schedule} ${one.role}`} className="text-meta text-fg-muted">
          {one.title}: {t.shiftNow(short(one.ends))}
        </p>
      ))}
    </Section>
  );
};

const SHOWN = 5;
/** What would keep a page from arriving, the worst first; each with the way to where it is put right. */
const Readiness = () => {
  const problems = useQuery(doctorQuery).data?.problems;
  const [all, setAll] = useState(false);
  const can = useCan();
  const me = useMe();
  const isMe = (one: { subject_type: string; subject_name: string | null }) =>
    one.subject_type === 'person' && one.subject_name === me?.person?.name;
  if (!problems) return null;
  const shown = all ? problems : problems.slice(0, SHOWN);
  return (
    <Section title={t.readiness} fact={problems.length > 0 ? t.toFix(problems.length) : undefined}>
      {problems.length === 0 ? (
        <Mark state="ok" quiet>
          {t.ready}
        </Mark>
      ) : (
        <Rows label={t.readiness}>
          {shown.map((problem) => (
            <li key={`${problem.subject} ${problem.problem}`} className="flex items-start gap-2 py-2">
              <span className={`pt-0.5 ${problem.level === 'error' ? 's-high state-fg' : 's-medium state-fg'}`}>
                <MarkIcon state={problem.level === 'error' ? 'high' : 'medium'} />
              </span>
              <span className="min-w-0 flex-1 wrap-break-word">
                <span className="font-strong">{sentence(problem.subject_title)}</span> <Told>{problem.problem}</Told>
                <span className="block text-meta text-fg-subtle">{sentence(problem.remedy)}</span>
              </span>
              {(!problem.fix.startsWith('/settings') || can('settings.write')) && (
                <Link
                  to={isMe(problem) ? '/me' : problem.fix}
                  look="button"
                  size="sm"
                  aria-label={`${t.fix}: ${problem.subject_title}`}
                >
                  {t.fix}
                </Link>
              )}
            </li>
          ))}
        </Rows>
      )}
      {!all && problems.length > SHOWN && (
        <div className="pt-2">
          <Button size="sm" look="quiet" onClick={() => setAll(true)}>
            {t.moreToFix(problems.length - SHOWN)}
          </Button>
        </div>
      )}
    </Section>
  );
};
