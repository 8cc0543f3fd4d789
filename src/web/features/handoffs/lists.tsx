import { useQuery } from '@tanstack/react-query';
import { handoffs as t } from '../../text/handoffs.ts';
import { now } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import type { Schedule } from '../schedules/queries.ts';
import { useCalled, useMyName } from '../schedules/use-view.ts';
import { type HandoffRow, myHandoffsQuery, ofScheduleQuery, titleOf, when } from './queries.ts';

const STATE = { open: 'unknown', confirmed: 'ok', lapsed: 'high', withdrawn: 'unknown' } as const;
const isDue = (one: HandoffRow) => one.state === 'open' && Date.parse(one.at) <= now();

/** On a schedule's page: its changes of people, and the rule that says which. */
export const ScheduleHandoffs = ({ schedule }: { schedule: Schedule }) => {
  const called = useCalled();
  const { data } = useQuery(ofScheduleQuery(schedule.name));
  const isOn = schedule.handoff?.on ?? true;
  if (!data) return null;
  const names = (people: string[]) => people.map(called).join(', ') || t.list.nobody;
  return (
    <Section title={t.list.title}>
      {data.length === 0 && <p className="text-fg-muted">{isOn ? t.list.none : t.list.off}</p>}
      <Rows label={t.list.title}>
        {data.slice(0, 6).map((one) => (
          <Row key={one.id}>
            <span className="min-w-0 flex-1 py-1">
              <Link to={`/handoffs/${one.id}`}>
                {when(one.at)}
                {t.role[one.role]}
              </Link>
              <span className="block text-meta text-fg-muted">{t.list.change(names(one.outgoing), names(one.incoming))}</span>
            </span>
            <Mark state={isDue(one) ? 'medium' : STATE[one.state]} quiet={!isDue(one)}>
              {one.state === 'open' && !isDue(one) ? t.toCome : t.state[one.state]}
            </Mark>
          </Row>
        ))}
      </Rows>
      {isOn && <p className="pt-2 text-meta text-fg-subtle">{t.list.rule(schedule.handoff?.min_hours ?? 6)}</p>}
    </Section>
  );
};

const SOON = 48 * 3_600_000;
/** On Home: mine of the next two days, and those that wait for me. */
export const MyHandoffs = () => {
  const me = useMyName();
  const called = useCalled();
  const { data = [] } = useQuery({ ...myHandoffsQuery, enabled: me !== undefined });
  const mine = data.filter(
    (one) => Date.parse(one.at) - now() < SOON && (Date.parse(one.at) > now() || (me !== undefined && one.incoming.includes(me))),
  );
  if (mine.length === 0) return null;
  return (
    <Section title={t.list.title}>
      <Rows label={t.list.title}>
        {mine.map((one) => {
          const side = me !== undefined && one.incoming.includes(me) ? 'incoming' : 'outgoing';
          const verb = side === 'outgoing' ? t.list.write : Date.parse(one.confirm_from) <= now() ? t.list.confirm : t.list.look;
          const other = (side === 'incoming' ? one.outgoing : one.incoming).map(called).join(', ') || t.list.nobody;
          return (
            <Row key={one.id}>
              <span className="min-w-0 flex-1 py-1">
                <span className="block font-strong">
                  {t.list.mine[side]} {titleOf(one)}
                </span>
                <span className="block text-meta text-fg-muted">
                  {when(one.at)}, {t.list.with[side](other)}
                </span>
              </span>
              <Link to={`/handoffs/${one.id}`} look="button" size="sm" aria-label={`${verb}: ${titleOf(one)}, ${when(one.at)}`}>
                {verb}
              </Link>
            </Row>
          );
        })}
      </Rows>
    </Section>
  );
};
