import { useQuery } from '@tanstack/react-query';
import { ApiProblem } from '../../api/client.ts';
import { useCanFor } from '../../api/me.ts';
import { useTitle } from '../../shell/shell.tsx';
import { cover as t } from '../../text/cover.ts';
import { schedules } from '../../text/schedules.ts';
import { ui } from '../../text/ui.ts';
import { now, number } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Details, Empty, PageHead, PhoneFoot, ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Person, Time } from '../../ui/text.tsx';
import { usePhone } from '../../ui/width.ts';
import { scheduleQuery } from '../schedules/queries.ts';
import { useCalled, useMyName } from '../schedules/use-view.ts';
import { type CoverRequest, coverQuery, span, useAnswer } from './queries.ts';

const STATE = {
  open: 'medium',
  accepted: 'ok',
  declined: 'high',
  withdrawn: 'unknown',
  expired: 'high',
  undone: 'unknown',
} as const;

/** One request: who asks, for when, what is given in return, and the one answer that is mine to give. */
export const CoverDetail = ({ id }: { id: string }) => {
  const { data, error, isPending } = useQuery(coverQuery(id));
  useTitle(data && t.title(data.in_return !== null));
  if (data) return <Loaded request={data} />;
  if (error instanceof ApiProblem && [404, 422].includes(error.status))
    return (
      <>
        <PageHead title={t.title(false)} />
        <Empty title={ui.problem.gone} action={<Link to="/schedules">{schedules.title}</Link>} />
      </>
    );
  return (
    <>
      <PageHead title={t.title(false)} />
      <ProblemStrip error={error} />
      {isPending && <SkeletonRows rows={4} />}
    </>
  );
};

const Loaded = ({ request }: { request: CoverRequest }) => {
  const called = useCalled();
  const me = useMyName();
  const phone = usePhone();
  const answer = useAnswer(request.id);
  const team = useQuery(scheduleQuery(request.schedule)).data?.data.team;
  const manages = useCanFor()('schedule.write', team);
  const isSwap = request.in_return !== null;
  const isOver = Date.parse(request.ends) <= now();
  const asksMe = request.state === 'open' && me !== undefined && request.asked.includes(me);
  const mayWithdraw = request.state === 'open' && (request.person === me || request.created_by === me || manages);
  const mayUndo = request.state === 'accepted' && !isOver && (request.person === me || request.taken_by === me || manages);
  const act = (verb: 'accept' | 'decline' | 'withdraw' | 'undo') => ({
    busy: answer.isPending && answer.variables === verb,
    onClick: () => answer.mutate(verb),
  });
  const hasDeclined = me !== undefined && request.declined.includes(me);
  const size = phone ? ({ size: 'touch-main' } as const) : {};
  const buttons = (
    <>
      {asksMe && !hasDeclined && (
        <Button {...(phone ? { size: 'touch' as const } : {})} {...act('decline')}>
          {t.decline}
        </Button>
      )}
      {asksMe && (
        <span className="flex">
          <Button look="main" {...size} {...act('accept')}>
            {t.accept(isSwap)}
          </Button>
        </span>
      )}
      {!asksMe && mayWithdraw && (
        <Button {...(phone ? { size: 'touch' as const } : {})} {...act('withdraw')}>
          {t.withdraw}
        </Button>
      )}
      {mayUndo && (
        <Button {...(phone ? { size: 'touch' as const } : {})} title={t.undoWhy} {...act('undo')}>
          {t.undo}
        </Button>
      )}
    </>
  );
  return (
    <>
      <PageHead title={t.asks(called(request.person), isSwap)}>{!phone && buttons}</PageHead>
      <ProblemStrip error={answer.error} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Section
          title={
            <Mark state={STATE[request.state]}>
              {request.state === 'accepted' && request.taken_by ? t.takenBy(called(request.taken_by)) : t.state[request.state]}
            </Mark>
          }
          padded="page"
        >
          <div className="max-w-160">
            <Details
              items={[
                {
                  label: t.turn,
                  value: (
                    <>
                      <span className="block font-strong">{span(request)}</span>
                      <Link to={`/schedules/${request.schedule}`}>{request.title}</Link>,{' '}
                      {t.onCall(number(request.hours_on_call))}
                    </>
                  ),
                },
                {
                  label: t.inReturn,
                  value: request.in_return ? (
                    <>
                      <span className="block font-strong">{span(request.in_return)}</span>
                      <Link to={`/schedules/${request.in_return.schedule}`}>{request.in_return.title}</Link>
                    </>
                  ) : (
                    t.nothing
                  ),
                },
                {
                  label: t.of,
                  value: <Person name={called(request.person)} note={request.person === me ? schedules.you : ''} />,
                },
                {
                  label: t.asked,
                  value: (
                    <span className="flex flex-wrap gap-x-4 gap-y-1">
                      {request.asked.map((name) => (
                        <Person
                          key={name}
                          name={called(name)}
                          note={request.declined.includes(name) ? t.declinedIt : name === me ? schedules.you : ''}
                        />
                      ))}
                    </span>
                  ),
                },
                ...(request.note ? [{ label: t.note, value: request.note }] : []),
                ...(request.state === 'open' ? [{ label: t.until, value: <Time at={request.expires_at} /> }] : []),
              ]}
            />
            {['open', 'declined', 'expired', 'withdrawn', 'undone'].includes(request.state) && !isOver && (
              <p className="pt-3 text-fg-muted">{t.stillOn(called(request.person))}</p>
            )}
          </div>
        </Section>
      </div>
      {phone && (asksMe || mayWithdraw || mayUndo) && (
        <PhoneFoot>
          <div className="flex flex-col gap-2">{buttons}</div>
        </PhoneFoot>
      )}
    </>
  );
};
