import { useQuery } from '@tanstack/react-query';
import { api, ifMatch, ok } from '../../api/client.ts';
import { useCanFor } from '../../api/me.ts';
import { history as t } from '../../text/history.ts';
import { schedules } from '../../text/schedules.ts';
import { Details, Section } from '../../ui/layout.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Person } from '../../ui/text.tsx';
import { teamsQuery } from '../incidents/queries.ts';
import { layerNote } from '../schedules/describe.ts';
import { type Schedule, scheduleQuery, titleOf } from '../schedules/queries.ts';
import { useCalled } from '../schedules/use-view.ts';
import { HistoryPage, momentText, useMoment, versionThen } from './history-page.tsx';
import { PutBack } from './put-back.tsx';
import { onCallThenQuery, scheduleHistoryQuery, scheduleThenQuery } from './queries.ts';

export const ScheduleHistory = ({ name }: { name: string }) => {
  const at = useMoment();
  const kept = useQuery(scheduleHistoryQuery(name));
  const then = useQuery(scheduleThenQuery(name, at));
  const isThere = kept.data !== undefined && kept.data.items[0]?.action !== 'removed';
  const present = useQuery({ ...scheduleQuery(name), enabled: isThere });
  const version = kept.data && versionThen(kept.data.items, at);
  const may = useCanFor()('schedule.write', (isThere ? present.data?.data : then.data)?.team);
  const save = () => {
    const { name: _, ...body } = then.data as Schedule;
    const headers = isThere ? ifMatch(present.data?.tag) : { 'if-none-match': '*' };
    return ok(api.PUT('/api/schedules/{name}', { params: { path: { name } }, body, headers }));
  };
  const shown = version ? then.data : undefined;
  return (
    <HistoryPage
      title={titleOf(shown ?? { name, title: '' })}
      current={isThere ? { to: `/schedules/${name}`, label: t.current.schedule } : undefined}
      history={kept.data}
      error={kept.error ?? then.error}
      at={at}
      putBack={
        may && version && shown && (present.data || !isThere) ? (
          <PutBack from={momentText(version.from)} noun="schedules" to={`/schedules/${name}`} save={save} />
        ) : undefined
      }
    >
      {shown && <AsItStood schedule={shown} at={at} />}
    </HistoryPage>
  );
};

const AsItStood = ({ schedule, at }: { schedule: Schedule; at: string }) => {
  const called = useCalled();
  const teams = useQuery(teamsQuery).data?.items;
  const onCall = useQuery(onCallThenQuery(schedule.name, at)).data;
  const turn = (seat: string | string[]) => (Array.isArray(seat) ? seat.map(called).join(t.with) : called(seat));
  return (
    <>
      <Section title={t.onCall} fact={momentText(at)} padded="page">
        {onCall?.length === 0 && <p className="text-fg-muted">{t.nobody}</p>}
        <Rows label={t.onCall}>
          {onCall?.map((one) => (
            <Row key={`${one.person} ${one.role} ${one.shadow}`}>
              <Person name={called(one.person)} />
              <span className="text-fg-muted">{schedules.role[one.role as keyof typeof schedules.role]}</span>
              <span className="ml-auto text-meta text-fg-muted">
                {t.sinceUntil(momentText(one.since), one.until ? momentText(one.until) : undefined)}
              </span>
            </Row>
          ))}
        </Rows>
      </Section>
      <Section title={t.layers} padded="page">
        {schedule.layers.length === 0 && <p className="text-fg-muted">{t.noLayers}</p>}
        <Rows label={t.layers}>
          {schedule.layers.map((layer) => (
            <Row key={layer.name}>
              <span className="min-w-48 font-strong max-desk:basis-full">
                {t.layer(layer.name, schedules.role[layer.role], layer.shadow)}
              </span>
              <span className="min-w-0 flex-1 wrap-anywhere max-desk:basis-full">
                {layer.calendar ? layer.calendar.address : layer.participants.map(turn).join(t.next)}
              </span>
              <span className="text-meta text-fg-muted">{layerNote(layer)}</span>
            </Row>
          ))}
        </Rows>
        <div className="pt-3">
          <Details
            items={[
              { label: t.zone, value: schedule.time_zone },
              {
                label: t.team,
                value: schedule.team ? teams?.find((one) => one.name === schedule.team)?.title || schedule.team : t.noTeam,
              },
            ]}
          />
        </div>
      </Section>
    </>
  );
};
