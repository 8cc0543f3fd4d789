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
import { fieldError } from '../editing/field-error.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { useSettled } from '../editing/use-settled.ts';
import { peopleQuery, teamsQuery } from '../incidents/queries.ts';
import { Agenda } from './agenda.tsx';
import { PresetFields } from './preset-fields.tsx';
import { type Preset, scheduleFrom, slugOf, type Wanted } from './presets.ts';
import { Hours, PreviewPanel } from './preview-panel.tsx';
import { madeBy, previewQuery, schedulesQuery, templateQuery } from './queries.ts';
import { finalRows, layerRows } from './rows.ts';
import { ScheduleChart } from './schedule-chart.tsx';
import { zoneOptions } from './schedule-form.tsx';
import { TemplateResult } from './template-result.tsx';
import { isTemplate, templateOf } from './templates.ts';
import { useCalled, useMyName, useView } from './use-view.ts';
import { ViewBar } from './view-bar.tsx';
import { dateOf, deviceZone, mondayOf } from './zone.ts';

const PRESETS: Preset[] = ['weekly', 'tiers', 'sun', 'weekend', 'empty'];
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
    tiers: 2,
    escalateMinutes: 5,
    policy: '',
    starts: `${mondayOf(dateOf(now(), deviceZone()))}T09:00`,
    weekday: [],
    weekend: [],
    weekendFrom: '18:00',
    weekendTo: '09:00',
    sites: ['00:00', '08:00', '16:00'].map((from, at, all) => ({
      name: '',
      zone: '',
      from,
      to: all[(at + 1) % 3] as string,
      people: [],
    })),
    byHand: false,
  }));
  const view = useView(zone);
  const words = { called: useCalled(), me: useMyName(), zone: view.zone };
  const slug = name ?? slugOf(title);
  const about = { name: slug, title: title.trim(), team: team || undefined, time_zone: zone };
  const byTemplate = isTemplate(preset, wanted);
  const asked = byTemplate ? templateOf(preset, wanted, about) : undefined;
  // Tried under a name that nothing has; its policy under its own, so that one that exists is told at once.
  const policy = wanted.policy || (NAME.test(slug) ? slug : '');
  const trial = byTemplate ? templateOf(preset, { ...wanted, policy }, { ...about, name: NOT_NAMED, title: '' }) : undefined;
  const dry = useQuery(templateQuery(useSettled(trial)));
  const answer = asked && dry.data?.template === asked.template ? dry.data : undefined;
  const schedule = byTemplate
    ? { ...scheduleFrom('empty', wanted, about), layers: answer?.schedule.layers ?? [] }
    : scheduleFrom(preset, wanted, about);
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
    mutationFn: async () => {
      if (asked) return void (await madeBy(asked, false));
      const { name: path, ...body } = schedule;
      await ok(api.PUT('/api/schedules/{name}', { params: { path: { name: path } }, body, headers: { 'if-none-match': '*' } }));
    },
    onSuccess: () => toast(t.edit.saved(schedule.title)),
  });
  // Once nothing is left unsaved, so that leaving is not asked about.
  useEffect(() => {
    if (save.isSuccess) void navigate({ to: `/schedules/${slug}` });
  }, [save.isSuccess, navigate, slug]);
  const refused = save.error;
  const field = refused instanceof ApiProblem ? refused.field : undefined;
  const policyError = fieldError(refused, 'policy') ?? (trial && fieldError(dry.error, 'policy'));
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
  const needsPeople = preset !== 'empty' && (byTemplate ? !asked : !hasLayers);
  const needed = !byTemplate ? t.create.needPeople : preset === 'sun' ? t.create.needSites : t.create.needTiers;
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
      {refused && !taken && field !== 'name' && field !== 'policy' ? <ProblemStrip error={refused} /> : null}
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
            zoneOf={(name) => people.find((one) => one.name === name)?.time_zone}
            policyHint={slug}
            policyError={policyError}
            error={tried && needsPeople ? needed : undefined}
          />
        </div>
        {preset !== 'empty' && (
          <div className="border-t border-line">
            <h2 className="px-(--pad) pt-4">{t.create.would}</h2>
            {asked && dry.error && !policyError ? <ProblemStrip error={dry.error} /> : null}
            {hasLayers && preview.error ? <ProblemStrip error={preview.error} /> : null}
            {answer && <TemplateResult answer={answer} policy={wanted.policy || slug} zone={zone} />}
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
