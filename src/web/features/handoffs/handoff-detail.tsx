import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Dot } from 'lucide-react';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useTitle } from '../../shell/shell.tsx';
import { handoffs as t } from '../../text/handoffs.ts';
import { schedules } from '../../text/schedules.ts';
import { ui } from '../../text/ui.ts';
import { now, short, useNow } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Details, Empty, PageHead, PhoneFoot, ProblemStrip, Section, SkeletonRows, SplitPane, Strip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Person, Subtle } from '../../ui/text.tsx';
import { TimelineEntry, TimelineList } from '../../ui/timeline.tsx';
import { usePhone } from '../../ui/width.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { useCalled, useMyName } from '../schedules/use-view.ts';
import { LeftBehind } from './left-behind.tsx';
import { PreShift } from './pre-shift.tsx';
import { type Handoff, handoffQuery, titleOf, when } from './queries.ts';

const STATE = { open: 'medium', confirmed: 'ok', lapsed: 'high', withdrawn: 'unknown' } as const;

/** One change of people: what is to be watched, what is left behind, the check before the shift, and the one button of whoever comes. */
export const HandoffDetail = ({ id }: { id: string }) => {
  const { data, error, isPending } = useQuery(handoffQuery(id));
  useTitle(data && t.handsOver(titleOf(data.data)));
  if (data) return <Loaded current={data} />;
  const isGone = error instanceof ApiProblem && [404, 422].includes(error.status);
  return (
    <>
      <PageHead title={t.title} />
      {isGone ? (
        <Empty title={ui.problem.gone} action={<Link to="/schedules">{schedules.title}</Link>} />
      ) : (
        <ProblemStrip error={error} />
      )}
      {isPending && <SkeletonRows rows={6} />}
    </>
  );
};

const Loaded = ({ current }: { current: Tagged<Handoff> }) => {
  const one = current.data;
  const me = useMyName();
  const phone = usePhone();
  const client = useQueryClient();
  const at = useNow(30_000);
  const refresh = () => client.invalidateQueries({ queryKey: ['handoffs'] });
  const confirm = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/handoffs/{id}/confirm', {
          params: { path: { id: one.id } },
          body: { note_version: one.note_version },
        }),
      ),
    onSuccess: () => toast(t.confirmed),
    onSettled: refresh,
  });
  const mine = me !== undefined && one.incoming.includes(me);
  const mayConfirm = mine && one.state === 'open' && at >= Date.parse(one.confirm_from);
  const button = mayConfirm && (
    <Button
      look="main"
      {...(phone ? { size: 'touch-main' as const } : {})}
      busy={confirm.isPending}
      onClick={() => confirm.mutate()}
    >
      {t.confirm}
    </Button>
  );
  return (
    <>
      <PageHead title={t.handsOver(titleOf(one))} fact={when(one.at)}>
        {!phone && button}
      </PageHead>
      {isStale(confirm.error) ? <Strip state="medium">{t.changed}</Strip> : <ProblemStrip error={confirm.error} />}
      <SplitPane
        sideLabel={t.check.title}
        side={
          <>
            {one.state === 'open' && <PreShift handoff={one} mine={mine} />}
            <Section title={t.timeline}>
              {one.timeline.length === 0 ? (
                <p className="text-fg-muted">{t.nothingYet}</p>
              ) : (
                <TimelineList label={t.timeline}>
                  {one.timeline.map((entry) => (
                    <TimelineEntry key={`${entry.at} ${entry.text}`} at={entry.at} icon={<Dot size={18} aria-hidden="true" />}>
                      {entry.text}
                    </TimelineEntry>
                  ))}
                </TimelineList>
              )}
            </Section>
          </>
        }
      >
        <State one={one} />
        <Note current={current} />
        <LeftBehind one={one} />
      </SplitPane>
      {phone && button && (
        <PhoneFoot>
          <div className="flex">{button}</div>
        </PhoneFoot>
      )}
    </>
  );
};

/** Who goes, who comes, and what happens next if nobody confirms. */
const State = ({ one }: { one: Handoff }) => {
  const called = useCalled();
  const me = useMyName();
  const isToCome = Date.parse(one.at) > now();
  const next =
    one.state === 'lapsed'
      ? t.lapsedWhy
      : one.state === 'withdrawn'
        ? t.withdrawnWhy
        : one.state === 'confirmed'
          ? ''
          : one.escalated_at
            ? t.next.escalated(when(one.escalated_at))
            : one.reminded_at
              ? t.next.escalate(when(one.escalate_at))
              : Date.parse(one.confirm_from) > now()
                ? t.next.early(when(one.confirm_from))
                : t.next.remind(when(one.remind_at));
  const people = (names: string[]) => (
    <span className="flex flex-wrap gap-x-4 gap-y-1">
      {names.map((name) => (
        <Person key={name} name={called(name)} note={name === me ? schedules.you : ''} />
      ))}
    </span>
  );
  return (
    <Section
      title={
        <Mark state={one.state === 'open' && isToCome ? 'unknown' : STATE[one.state]}>
          {one.confirmed_by
            ? t.confirmedBy(called(one.confirmed_by))
            : one.state === 'open' && isToCome
              ? t.toCome
              : t.state[one.state]}
        </Mark>
      }
      padded="page"
    >
      {next && <p className="pb-3 text-fg-muted">{next}</p>}
      <Details
        items={[
          {
            label: t.turn,
            value: (
              <>
                <span className="block font-strong">
                  {one.until ? t.until(when(one.at), when(one.until)) : t.openEnd(when(one.at))}
                </span>
                <Link to={`/schedules/${one.schedule}`}>{one.title}</Link>
              </>
            ),
          },
          {
            label: t.goes,
            value:
              one.outgoing.length === 0 ? (
                <Subtle>{t.nobody}</Subtle>
              ) : (
                <>
                  {people(one.outgoing)}
                  {one.outgoing_until && one.outgoing_until !== one.at && <Subtle>{t.goesAt(when(one.outgoing_until))}</Subtle>}
                </>
              ),
          },
          { label: t.comes, value: people(one.incoming) },
        ]}
      />
    </Section>
  );
};

/** The one text that people write: kept when somebody else was first, as everywhere. */
const Note = ({ current }: { current: Tagged<Handoff> }) => {
  const one = current.data;
  const called = useCalled();
  const client = useQueryClient();
  const draft = useDraft<{ note: string }>({ data: { note: one.note }, tag: current.tag });
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/handoffs/{id}', {
          params: { path: { id: one.id } },
          body: { note: draft.value.note },
          headers: ifMatch(draft.base.tag),
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: handoffQuery(one.id).queryKey });
      draft.discard();
      toast(t.saved);
    },
    onError: (error) => isStale(error) && client.invalidateQueries({ queryKey: handoffQuery(one.id).queryKey }),
  });
  const by = one.note_by && one.note_at ? t.by(called(one.note_by), short(one.note_at)) : undefined;
  return (
    <Section title={t.watch} fact={by} padded="page">
      <div className="flex max-w-160 flex-col gap-3">
        {one.may_write ? (
          <>
            <LeaveGuard changes={draft.dirty ? 1 : 0} />
            <StaleStrip
              draft={draft}
              refused={isStale(save.error) ? save.error : undefined}
              onResolved={save.reset}
              personName={called}
            />
            {!isStale(save.error) && <ProblemStrip error={save.error} />}
            <TextArea
              label={t.watch}
              labelHidden
              hint={t.watchHint}
              rows={5}
              maxLength={10_000}
              value={draft.value.note}
              onChange={(event) => draft.set({ note: event.target.value })}
            />
            {draft.dirty && (
              <div>
                <Button busy={save.isPending} onClick={() => save.mutate()}>
                  {t.save}
                </Button>
              </div>
            )}
          </>
        ) : (
          <p className={`whitespace-pre-wrap text-prose ${one.note ? '' : 'text-fg-subtle'}`}>{one.note || t.noNote}</p>
        )}
        {one.before && (
          <div>
            <p className="text-meta text-fg-muted">
              <Link to={`/handoffs/${one.before.id}`}>{t.before(when(one.before.at))}</Link>
              {one.before.note_by && <> {called(one.before.note_by)}</>}
            </p>
            <p className="whitespace-pre-wrap">{one.before.note}</p>
          </div>
        )}
      </div>
    </Section>
  );
};
