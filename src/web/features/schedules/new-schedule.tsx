import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { schedules as t } from '../../text/schedules.ts';
import { ui } from '../../text/ui.ts';
import { now } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Segmented, TextField } from '../../ui/field.tsx';
import { Empty, PageHead, ProblemStrip, Section, SplitPane } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { usePhone } from '../../ui/width.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { useSettled } from '../editing/use-settled.ts';
import { peopleQuery, teamsQuery } from '../incidents/queries.ts';
import { Agenda } from './agenda.tsx';
import { PresetFields } from './preset-fields.tsx';
import { type Preset, scheduleFrom, slugOf, type Wanted } from './presets.ts';
import { Hours, PreviewPanel } from './preview-panel.tsx';
import { previewQuery, schedulesQuery } from './queries.ts';
import { finalRows, layerRows } from './rows.ts';
import { ScheduleChart } from './schedule-chart.tsx';
import { zoneOptions } from './schedule-form.tsx';
import { useCalled, useMyName, useView } from './use-view.ts';
import { ViewBar } from './view-bar.tsx';
import { dateOf, deviceZone, mondayOf } from './zone.ts';

const PRESETS: Preset[] = ['weekly', 'sun', 'weekend', 'empty'];
/** Under which a schedule that has no name of its own yet is tried. */
const NOT_NAMED = 'not-named-yet';
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** From nothing to a schedule: a preset, its people, and whose turn it would be, before anything is saved. */
export const NewSchedule = () => {
  const navigate = useNavigate();
  const can = useCan();
  const phone = usePhone();
  const people = useQuery(peopleQuery).data?.items.filter((one) => one.active) ?? [];
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const [preset, setPreset] = useState<Preset>('weekly');
  const [title, setTitle] = useState('');
  const [name, setName] = useState<string>();
  const [team, setTeam] = useState('');
  const [zone, setZone] = useState(deviceZone);
  const [tried, setTried] = useState(false);
  const [wanted, setWanted] = useState<Wanted>(() => ({
    people: [],
    secondary: true,
    starts: `${mondayOf(dateOf(now(), deviceZone()))}T09:00`,
    weekday: [],
    weekend: [],
    weekendFrom: '18:00',
    weekendTo: '09:00',
    sites: ['00:00', '08:00', '16:00'].map((from, at, all) => ({ name: '', from, to: all[(at + 1) % 3] as string, people: [] })),
  }));
  const view = useView(zone);
  const words = { called: useCalled(), me: useMyName(), zone: view.zone };
  const slug = name ?? slugOf(title);
  const schedule = scheduleFrom(preset, wanted, { name: slug, title: title.trim(), team: team || undefined, time_zone: zone });
  const isTaken = useQuery(schedulesQuery).data?.items.some((one) => one.name === slug) ?? false;
  // What is past did not happen: the look begins with this hour.
  const hour = Math.floor(now() / 3_600_000) * 3_600_000;
  const from = hour < view.span.to ? Math.max(view.span.from, hour) : view.span.from;
  const settled = useSettled({
    schedule: { ...schedule, name: NAME.test(slug) && !isTaken ? slug : NOT_NAMED },
    from: new Date(from).toISOString(),
    to: new Date(view.span.to).toISOString(),
  });
  const hasLayers = schedule.layers.length > 0;
  const preview = useQuery({ ...previewQuery(settled), enabled: settled.schedule.layers.length > 0 });
  const save = useMutation({
    mutationFn: () => {
      const { name: path, ...body } = schedule;
      return ok(api.PUT('/api/schedules/{name}', { params: { path: { name: path } }, body, headers: { 'if-none-match': '*' } }));
    },
    onSuccess: () => toast(t.edit.saved(schedule.title)),
  });
  // Once nothing is left unsaved, so that leaving is not asked about.
  useEffect(() => {
    if (save.isSuccess) void navigate({ to: `/schedules/${slug}` });
  }, [save.isSuccess, navigate, slug]);
  const refused = save.error;
  const field = refused instanceof ApiProblem ? refused.field : undefined;
  const taken = isTaken || (refused instanceof ApiProblem && refused.status === 412);
  const nameError = taken
    ? t.edit.slugTaken
    : slug === 'new'
      ? t.create.reserved
      : (tried || name !== undefined) && title.trim() && !NAME.test(slug)
        ? t.edit.slugWrong
        : field === 'name'
          ? (refused as ApiProblem).message
          : undefined;
  const needsPeople = preset !== 'empty' && !hasLayers;
  const create = () => {
    setTried(true);
    if (title.trim() && NAME.test(slug) && slug !== 'new' && !taken && !needsPeople) save.mutate();
  };
  if (!can('schedule.write'))
    return (
      <>
        <PageHead title={t.create.title} />
        <Empty title={ui.problem.forbidden} action={<Link to="/schedules">{t.title}</Link>} />
      </>
    );
  return (
    <>
      <PageHead title={t.create.title}>
        <Link to="/schedules" look="button">
          {ui.cancel}
        </Link>
        <Button look="main" busy={save.isPending} onClick={create}>
          {t.create.save}
        </Button>
      </PageHead>
      {refused && !taken && field !== 'name' ? <ProblemStrip error={refused} /> : null}
      <SplitPane
        sideLabel={t.hours.title}
        sideIsRead
        side={
          preview.data &&
          hasLayers && (
            <>
              <Section title={t.hours.title}>
                <Hours people={preview.data.people.map((one) => ({ ...one, before_seconds: one.after_seconds }))} words={words} />
              </Section>
              <Section title={t.preview.checks}>
                <PreviewPanel before={undefined} preview={preview.data} words={words} />
              </Section>
            </>
          )
        }
      >
        <div className="flex max-w-200 flex-col gap-3 px-(--pad) py-4">
          <div className="grid gap-3 desk:grid-cols-2">
            <TextField
              label={t.edit.name}
              value={title}
              maxLength={200}
              onChange={(event) => setTitle(event.target.value)}
              error={tried && !title.trim() ? t.create.needTitle : undefined}
            />
            <TextField
              label={t.edit.slug}
              hint={t.edit.slugHint}
              value={slug}
              maxLength={63}
              onChange={(event) => setName(event.target.value)}
              error={nameError}
            />
            <Select
              label={t.edit.team}
              value={team}
              onChange={setTeam}
              options={[
                { value: '', label: t.edit.noTeam },
                ...teams.map((one) => ({ value: one.name, label: one.title || one.name })),
              ]}
            />
            <Select label={t.edit.zone} hint={t.edit.zoneHint} value={zone} onChange={setZone} options={zoneOptions(zone)} />
          </div>
          <div className="flex flex-col gap-1.5 pt-1">
            {phone ? (
              <Select
                label={t.create.preset}
                value={preset}
                onChange={(value) => setPreset(value as Preset)}
                options={PRESETS.map((value) => ({ value, label: t.create.presets[value] }))}
              />
            ) : (
              <>
                <span className="text-meta text-fg-muted">{t.create.preset}</span>
                <Segmented
                  label={t.create.preset}
                  value={preset}
                  onChange={setPreset}
                  options={PRESETS.map((value) => ({ value, label: t.create.presets[value] }))}
                />
              </>
            )}
            <p className="text-meta text-fg-muted">{t.create.presetWhy[preset]}</p>
          </div>
          <PresetFields
            preset={preset}
            wanted={wanted}
            onChange={setWanted}
            people={people.map((one) => ({ value: one.name, label: one.display_name }))}
            zone={zone}
            error={tried && needsPeople ? t.create.needPeople : undefined}
          />
        </div>
        {preset !== 'empty' && (
          <div className="border-t border-line">
            <h2 className="px-(--pad) pt-4">{t.create.would}</h2>
            {hasLayers && preview.error ? <ProblemStrip error={preview.error} /> : null}
            {!hasLayers ? (
              <p className="px-(--pad) pt-1 pb-4 text-fg-muted">{t.create.first}</p>
            ) : (
              <>
                <ViewBar {...view} scheduleZone={zone} />
                {preview.data &&
                  (phone ? (
                    <Agenda timelines={[preview.data.timeline]} span={view.span} words={words} />
                  ) : (
                    <ScheduleChart
                      title={title || t.create.title}
                      span={view.span}
                      zone={view.zone}
                      gaps={preview.data.timeline.gaps.length}
                      rows={[
                        ...finalRows(preview.data.timeline, words),
                        ...layerRows(preview.data.timeline, settled.schedule.layers, words),
                      ]}
                    />
                  ))}
              </>
            )}
          </div>
        )}
      </SplitPane>
      <LeaveGuard changes={save.isSuccess || (!title && !hasLayers) ? 0 : 1} />
    </>
  );
};
