import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ellipsis, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem } from '../../api/client.ts';
import { useCanFor } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useCommands } from '../../shell/commands.ts';
import { useTitle } from '../../shell/shell.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { editing } from '../../text/editing.ts';
import { history } from '../../text/history.ts';
import { schedules as t } from '../../text/schedules.ts';
import { ui } from '../../text/ui.ts';
import { now } from '../../time.ts';
import { Button, IconButton, Link } from '../../ui/button.tsx';
import { Segmented } from '../../ui/field.tsx';
import { Empty, PageHead, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Menu } from '../../ui/menu.tsx';
import { usePhone } from '../../ui/width.ts';
import { useTakeOver } from '../cover/take-over.ts';
import { differences } from '../editing/differences.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { Fairness } from '../rota/score.tsx';
import { Agenda } from './agenda.tsx';
import { rolesOf } from './changes.ts';
import { GapStrip } from './gap-strip.tsx';
import { LayerCalendars } from './layer-calendars.tsx';
import { complete, type OverrideDraft, OverrideForm } from './override-form.tsx';
import { OverridesList } from './overrides-list.tsx';
import { aheadQuery, type Role, type Schedule, scheduleQuery, titleOf } from './queries.ts';
import { afterRows, finalRows, layerRows, overridesRow } from './rows.ts';
import { ScheduleAside } from './schedule-aside.tsx';
import { ScheduleChart } from './schedule-chart.tsx';
import { cleaned, ScheduleForm } from './schedule-form.tsx';
import { NowAndNext, RemoveDialog, SubscribeDialog } from './schedule-head.tsx';
import { useChange } from './use-change.ts';
import { useSaving } from './use-saving.ts';
import { useCalled, useMyName, useView } from './use-view.ts';
import { UserGroups } from './user-groups.tsx';
import { ViewBar } from './view-bar.tsx';

export const ScheduleDetail = ({ name }: { name: string }) => {
  const schedule = useQuery(scheduleQuery(name));
  useTitle(schedule.data && titleOf(schedule.data.data));
  if (schedule.data) return <Loaded current={schedule.data} />;
  if (schedule.error instanceof ApiProblem && schedule.error.status === 404)
    return (
      <>
        <PageHead title={name} />
        <Empty title={ui.problem.gone} action={<Link to={`/schedules/${name}/history`}>{history.open}</Link>} />
      </>
    );
  return (
    <>
      <PageHead title={name} />
      <ProblemStrip
        error={schedule.error}
        action={
          <Button size="sm" onClick={() => void schedule.refetch()}>
            {ui.tryNow}
          </Button>
        }
      />
      {schedule.isPending && <SkeletonRows />}
    </>
  );
};

const iso = (at: number) => new Date(at).toISOString();
/** An override that begins in the middle of a shift begins at the next five minutes. */
const notBeforeNow = (at: number) => Math.max(at, Math.ceil(now() / 300_000) * 300_000);

const Loaded = ({ current }: { current: Tagged<Schedule> }) => {
  const { name, time_zone: scheduleZone, team } = current.data;
  const [search, set] = useSearchState();
  const phone = usePhone();
  const navigate = useNavigate();
  const canFor = useCanFor();
  const [mayEdit, mayOverride] = [canFor('schedule.write', team), canFor('override.write', team)];
  const { span, zone, choice } = useView(scheduleZone);
  const words = { called: useCalled(), me: useMyName(), zone };
  const draft = useDraft(current);
  const isEditing = mayEdit && search.edit === 'schedule';
  const [override, setOverride] = useState<OverrideDraft>();
  const [tried, setTried] = useState(false);
  const [open, setOpen] = useState<'subscribe' | 'remove'>();
  const panel = useRef<HTMLDivElement>(null);
  const overrideOpen = override !== undefined;
  useEffect(() => {
    if (!overrideOpen) return;
    panel.current?.scrollIntoView({ block: 'nearest' });
    panel.current?.querySelector<HTMLElement>('[role="combobox"], input')?.focus({ preventScroll: true });
  }, [overrideOpen]);

  const changed = isEditing && draft.dirty ? cleaned(draft.value) : undefined;
  const change = useChange(name, span, zone, changed, isEditing ? undefined : override);
  const { before, preview } = change;
  const ahead = useQuery(aheadQuery(name)).data;
  const roles = before ? rolesOf(before) : (['primary'] as Role[]);
  const changes = isEditing ? differences(draft.base.data, draft.value).length : override ? 1 : 0;

  const beginOverride = (from: Partial<OverrideDraft> = {}) => {
    const start = notBeforeNow(0);
    setTried(false);
    set({ edit: undefined });
    setOverride({
      kind: 'replace',
      person: undefined,
      replaces: undefined,
      role: roles[0] ?? 'primary',
      starts: iso(start),
      ends: iso(start + 8 * 3_600_000),
      ...from,
    });
  };
  const { saveOverride, undo, save } = useSaving(name, draft, words.called, {
    override: () => setOverride(undefined),
    schedule: () => set({ edit: undefined }),
  });
  const takeOver = useTakeOver(name);
  const edit = () => {
    setOverride(undefined);
    set({ edit: 'schedule' });
  };
  const stop = () => {
    draft.discard();
    save.reset();
    set({ edit: undefined });
  };
  useShortcuts([
    ...(mayOverride ? [{ key: 'o', label: t.actions.override, run: () => beginOverride() }] : []),
    ...(mayEdit ? [{ key: 'e', label: t.actions.edit, run: edit }] : []),
  ]);
  useCommands([
    ...(mayOverride ? [{ label: t.actions.override, shortcut: 'O', run: () => beginOverride() }] : []),
    ...(mayEdit ? [{ label: t.actions.edit, shortcut: 'E', run: edit }] : []),
    { label: t.actions.subscribe, run: () => setOpen('subscribe') },
  ]);

  const refused = save.error && !isStale(save.error) ? save.error : changed ? change.refused : undefined;
  const errorOf = (path: string) =>
    refused instanceof ApiProblem && refused.field?.replace(/^schedule\./, '') === path ? refused.message : undefined;
  const asList = phone || search.show === 'list';
  const shownAfter = change.changes ? preview?.timeline : undefined;
  const onShift = (shift: { person: string; role: Role; starts: string; ends: string }) =>
    beginOverride({
      role: shift.role,
      replaces: shift.person,
      starts: iso(notBeforeNow(Date.parse(shift.starts))),
      ends: shift.ends,
    });

  return (
    <>
      <div className={isEditing ? 'sticky top-0 z-10 border-b border-line bg-surface' : ''}>
        <PageHead title={titleOf(current.data)} fact={isEditing ? undefined : <NowAndNext name={name} words={words} />}>
          {isEditing ? (
            <>
              {changes > 0 && <Mark state="medium">{editing.unsaved(changes)}</Mark>}
              <Button onClick={stop}>{draft.dirty ? editing.discard : t.actions.stopEdit}</Button>
              <Button
                look="main"
                busy={save.isPending}
                disabled={!draft.dirty}
                title={draft.dirty ? undefined : t.preview.same}
                onClick={() => save.mutate()}
              >
                {t.actions.save}
              </Button>
            </>
          ) : (
            <>
              {!phone && (
                <Link to={`/schedules/${name}/history`} look="button">
                  {history.open}
                </Link>
              )}
              {!phone && <Button onClick={() => setOpen('subscribe')}>{t.actions.subscribe}</Button>}
              {mayEdit && !phone && <Button onClick={edit}>{t.actions.edit}</Button>}
              {mayOverride && !override && (
                <Button look="main" icon={<Plus size={14} aria-hidden="true" />} shortcut="O" onClick={() => beginOverride()}>
                  {t.actions.override}
                </Button>
              )}
              {(phone || mayOverride) && (
                <Menu
                  trigger={
                    <IconButton label={t.actions.more} look="plain">
                      <Ellipsis size={14} aria-hidden="true" />
                    </IconButton>
                  }
                  entries={[
                    ...(mayOverride && words.me ? takeOver.entries : []),
                    ...(phone
                      ? [{ label: history.open, onSelect: () => void navigate({ to: `/schedules/${name}/history` }) }]
                      : []),
                    ...(phone ? [{ label: t.actions.subscribe, onSelect: () => setOpen('subscribe') }] : []),
                    ...(phone && mayEdit ? [{ label: t.actions.edit, onSelect: edit }] : []),
                    ...(mayEdit ? [{ label: t.actions.remove, danger: true, onSelect: () => setOpen('remove') }] : []),
                  ]}
                />
              )}
            </>
          )}
        </PageHead>
      </div>
      <StaleStrip
        draft={draft}
        refused={isStale(save.error) ? save.error : undefined}
        onResolved={save.reset}
        personName={words.called}
      />
      {refused && !refusedInForm(refused) ? <ProblemStrip error={refused} /> : null}
      <ProblemStrip error={change.error ?? undo.error ?? takeOver.error} />
      {!isEditing && ahead && (
        <GapStrip
          gaps={ahead.gaps}
          zone={zone}
          onCover={
            mayOverride
              ? (starts, ends) => beginOverride({ kind: 'add', starts: iso(notBeforeNow(Date.parse(starts))), ends })
              : undefined
          }
        />
      )}
      <ViewBar
        span={span}
        zone={zone}
        choice={choice}
        scheduleZone={scheduleZone}
        start={
          phone ? undefined : (
            <Segmented
              label={t.view.how}
              value={asList ? 'list' : 'timeline'}
              onChange={(value) => set({ show: value === 'list' ? 'list' : undefined })}
              options={[
                { value: 'timeline', label: t.view.timeline },
                { value: 'list', label: t.view.list },
              ]}
            />
          )
        }
      />
      {!before ? (
        <SkeletonRows rows={6} />
      ) : asList ? (
        <Agenda
          timelines={[shownAfter ?? before]}
          span={span}
          words={words}
          onOpen={
            mayOverride && !isEditing
              ? ({ role, person, from, to }) =>
                  beginOverride({
                    role,
                    kind: person ? 'replace' : 'add',
                    replaces: person,
                    starts: iso(notBeforeNow(from)),
                    ends: iso(to),
                  })
              : undefined
          }
        />
      ) : (
        <ScheduleChart
          title={titleOf(current.data)}
          span={span}
          zone={zone}
          gaps={before.gaps.filter((gap) => gap.role === null).length}
          rows={[
            ...finalRows(
              before,
              words,
              mayOverride && !isEditing
                ? {
                    onDraw: (role, from, to) => beginOverride({ ...override, role, starts: iso(from), ends: iso(to) }),
                    onShift,
                    onGap: (role, starts, ends) =>
                      beginOverride({ role, kind: 'add', starts: iso(notBeforeNow(Date.parse(starts))), ends }),
                  }
                : undefined,
            ),
            ...(shownAfter ? afterRows(before, shownAfter, words) : []),
            ...(before.overrides.length > 0 ? [overridesRow(before.overrides, words)] : []),
            ...layerRows(
              isEditing && shownAfter ? shownAfter : before,
              isEditing ? draft.value.layers : current.data.layers,
              words,
            ),
          ]}
        />
      )}
      <div className="grid flex-1 content-start split:grid-cols-[minmax(0,1fr)_24rem]">
        <div ref={panel} className="min-w-0 border-line split:border-r">
          {isEditing ? (
            <ScheduleForm schedule={draft.value} onChange={draft.set} errorOf={errorOf} at={now()} />
          ) : override ? (
            <OverrideForm
              draft={override}
              onChange={setOverride}
              before={before}
              previewError={change.refused}
              words={words}
              roles={roles}
              tried={tried}
              onDiscard={() => setOverride(undefined)}
              save={{
                run: () => {
                  setTried(true);
                  const body = complete(override);
                  if (body) saveOverride.mutate(body);
                },
                busy: saveOverride.isPending,
                error: saveOverride.error,
              }}
            />
          ) : (
            <OverridesList name={name} words={words} may={mayOverride} />
          )}
        </div>
        <ScheduleAside
          schedule={current.data}
          mode={isEditing ? 'editing' : override ? 'override' : 'reading'}
          would={change.changes && !change.refused ? preview : undefined}
          people={preview?.people}
          before={before}
          window={change.window}
          warnings={ahead?.warnings}
          groups={
            <>
              {current.data.layers.some((layer) => layer.calendar) && (
                <LayerCalendars name={name} words={words} mayRead={mayEdit} />
              )}
              {current.data.slack_user_groups && <UserGroups name={name} words={words} />}
            </>
          }
          words={words}
          fairness={
            <Fairness
              name={name}
              from={span.from}
              to={span.to}
              mayPropose={mayEdit && current.data.layers.some((layer) => !layer.shadow && !layer.calendar)}
            />
          }
        />
      </div>
      <LeaveGuard changes={changes} />
      {open === 'subscribe' && <SubscribeDialog name={name} onClose={() => setOpen(undefined)} />}
      {open === 'remove' && <RemoveDialog schedule={current.data} onClose={() => setOpen(undefined)} />}
    </>
  );
};

/** Whether the refusal stands at a field of the form, which then says it. */
const refusedInForm = (error: unknown): boolean =>
  error instanceof ApiProblem &&
  /^(schedule\.)?(title|team|time_zone|layers(\.\d+\.(name|starts|ends|participants(\.\d+)?|calendar\.(address|people(\..+)?)|rotation\.every|restrictions\.\d+\.(from|to|days)))?|policies\.\w+|handoff\.\w+|slack_user_groups\.\d+\.group)$/.test(
    error.field ?? '',
  );
