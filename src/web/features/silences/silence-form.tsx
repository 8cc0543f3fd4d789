import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { matching } from '../../text/matching.ts';
import { silences as t } from '../../text/silences.ts';
import { duration, now } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Checkbox, DateTimeField, Segmented, TextArea, TextField } from '../../ui/field.tsx';
import { PageHead, PhoneFoot, ProblemStrip, Section, SkeletonRows, SplitPane, Strip } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Combobox, Select } from '../../ui/select.tsx';
import { usePhone } from '../../ui/width.ts';
import { fieldError } from '../editing/field-error.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { useSettled } from '../editing/use-settled.ts';
import { servicesQuery } from '../incidents/queries.ts';
import { MatcherList } from '../matching/matcher-fields.tsx';
import { zoneOptions } from '../matching/zones.ts';
import { bodyOf, emptyForm, type Form, formOf, matchersFor, missingIn } from './form.ts';
import { alertQuery, endSilence, type Silence, saveSilence, silenceQuery } from './queries.ts';
import { SilencePreview } from './silence-preview.tsx';
import { DAYS } from './words.ts';

type Alert = { id: string; summary: string; service: string; labels: Record<string, string> };

/** The form of a new silence: empty, for an alert (`?alert=`), of one there was (`?copy=`) or to change one (`?change=`). */
export const NewSilence = () => {
  const [search] = useSearchState();
  const of = search.change ?? search.copy;
  const alert = useQuery({ ...alertQuery(search.alert ?? ''), enabled: search.alert !== undefined });
  const old = useQuery({ ...silenceQuery(of ?? ''), enabled: of !== undefined, staleTime: 0, gcTime: 0 });
  const me = useMe();
  const zone = me?.person?.time_zone ?? 'UTC';
  const error = alert.error ?? old.error;
  if (error)
    return (
      <>
        <PageHead title={t.form.title} />
        <ProblemStrip error={error} />
      </>
    );
  if (!me || (search.alert && !alert.data) || (of && !old.data))
    return (
      <>
        <PageHead title={t.form.title} />
        <SkeletonRows rows={6} />
      </>
    );
  const initial: Form = alert.data
    ? {
        ...emptyForm(zone),
        comment: t.form.prefilled(alert.data.summary),
        services: [alert.data.service],
        matchers: matchersFor(alert.data),
      }
    : old.data
      ? formOf(old.data.data as Silence, zone, search.change === undefined, now())
      : { ...emptyForm(zone), services: search.service ? [search.service] : [] };
  return (
    <SilenceForm
      initial={initial}
      alert={alert.data}
      old={search.change && old.data ? { silence: old.data.data as Silence, tag: old.data.tag } : undefined}
    />
  );
};

const SilenceForm = ({
  initial,
  alert,
  old,
}: {
  initial: Form;
  alert: Alert | undefined;
  old: { silence: Silence; tag: string | undefined } | undefined;
}) => {
  const navigate = useNavigate();
  const phone = usePhone();
  const services = useQuery(servicesQuery);
  const [form, setForm] = useState(initial);
  const [tried, setTried] = useState(false);
  const [touched, setTouched] = useState(false);
  const change = (part: Partial<Form>) => {
    setTouched(true);
    setForm((before) => ({ ...before, ...part }));
  };
  const missing = missingIn(form);
  const settled = useSettled(form);
  const complete = Object.keys(missingIn(settled)).every((key) => key === 'comment');
  const save = useMutation({
    mutationFn: () => saveSilence(bodyOf(form, now()), old),
    onSuccess: (id) => {
      setTouched(false);
      if (old) toast(t.form.saved);
      else toast(t.form.done[form.kind], () => void endSilence(id));
      // Once what was typed counts as saved, nothing holds her here.
      queueMicrotask(() => void navigate({ to: '/silences', search: { peek: id } }));
    },
  });
  const field = save.error instanceof ApiProblem ? save.error.field : undefined;
  const refused = (name: string) => fieldError(save.error, name);
  const shownAt = ['comment', 'ends_at', 'starts_at'].includes(field ?? '') || field?.startsWith('matchers.');
  const send = () => {
    setTried(true);
    if (Object.keys(missing).length === 0) save.mutate();
  };
  const verb = old
    ? t.form.save
    : form.when !== 'now'
      ? t.form.plan[form.kind]
      : form.kind === 'silence'
        ? t.form.do(duration(form.seconds * 1000))
        : t.form.start.maintenance;
  const main = (
    <Button look="main" size={phone ? 'touch-main' : 'md'} busy={save.isPending} onClick={send}>
      {verb}
    </Button>
  );
  return (
    <>
      <PageHead title={old ? t.form.change : alert ? t.form.forAlert : t.form.title}>
        <Link to="/silences" look="button">
          {t.form.cancel}
        </Link>
        {!phone && main}
      </PageHead>
      {save.error && !shownAt && <ProblemStrip error={save.error} />}
      <SplitPane
        sideLabel={t.preview.label}
        side={
          <SilencePreview
            preview={
              complete
                ? {
                    key: settled,
                    body: () => ({ ...bodyOf(settled, now()), comment: settled.comment.trim() || t.preview.label }),
                  }
                : undefined
            }
          />
        }
      >
        {alert && <Strip state="unknown">{`${alert.summary} · ${alert.service}`}</Strip>}
        <Section title={t.form.what} padded="page">
          <div className="flex max-w-160 flex-col gap-3">
            <Combobox
              label={t.form.services}
              hint={t.form.servicesHint}
              value={form.services}
              onChange={(value) => change({ services: value })}
              error={field?.startsWith('services') ? save.error?.message : undefined}
              options={services.data?.items.map((one) => ({ value: one.name, label: one.title || one.name })) ?? []}
            />
            {alert && Object.keys(alert.labels).length > 0 && <AlertLabels alert={alert} form={form} onChange={change} />}
            <fieldset className="flex flex-col gap-1">
              <legend className="mb-1 text-meta text-fg-muted">{t.form.tests}</legend>
              <MatcherList
                matchers={form.matchers}
                onChange={(matchers) => change({ matchers })}
                errorOf={(index) =>
                  tried && missing[`matchers.${index}`]
                    ? matching.needName
                    : field?.startsWith(`matchers.${index}`)
                      ? save.error?.message
                      : undefined
                }
              />
              {field === 'matchers' && <ProblemStrip error={save.error} />}
              <p className="text-meta text-fg-subtle">{t.form.testsHint}</p>
            </fieldset>
          </div>
        </Section>
        <Section title={t.form.when} padded="page">
          <div className="flex max-w-160 flex-col gap-3">
            <Segmented
              label={t.form.when}
              value={form.when}
              onChange={(when) => change({ when })}
              options={(['now', 'planned', 'recurring'] as const).map((value) => ({ value, label: t.form.whens[value] }))}
            />
            <When form={form} onChange={change} tried={tried} missing={missing} refused={refused} />
          </div>
        </Section>
        <Section title={t.form.why} padded="page">
          <div className="flex max-w-160 flex-col gap-3">
            <Segmented
              label={t.kind}
              value={form.kind}
              onChange={(kind) => change({ kind })}
              options={(['silence', 'maintenance'] as const).map((value) => ({ value, label: t.kinds[value] }))}
            />
            <TextArea
              label={t.form.why}
              labelHidden
              hint={t.form.whyHint}
              value={form.comment}
              maxLength={2000}
              rows={2}
              onChange={(event) => change({ comment: event.target.value })}
              error={refused('comment') ?? (tried && missing.comment ? t.form.needWhy : undefined)}
            />
          </div>
        </Section>
      </SplitPane>
      {phone && (
        <PhoneFoot>
          <div className="flex">{main}</div>
        </PhoneFoot>
      )}
      <LeaveGuard changes={touched && !save.isPending && !save.isSuccess ? 1 : 0} />
    </>
  );
};

/** The alert's labels as ticks: one more narrows it, one less widens it. */
const AlertLabels = ({ alert, form, onChange }: { alert: Alert; form: Form; onChange: (part: Partial<Form>) => void }) => {
  const same = (name: string) => (one: Form['matchers'][number]) =>
    one.name === name && one.op === '=' && one.value === alert.labels[name];
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-meta text-fg-muted">{t.form.labels}</legend>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 max-desk:flex-col">
        {Object.entries(alert.labels)
          .slice(0, 30)
          .map(([name, value]) => (
            <li key={name} className="max-w-full min-w-0 max-desk:min-h-11">
              <Checkbox
                checked={form.matchers.some(same(name))}
                onChange={(on) =>
                  onChange({
                    matchers: on ? [...form.matchers, { name, op: '=', value }] : form.matchers.filter((one) => !same(name)(one)),
                  })
                }
              >
                <span className="text-fg-muted">{name}</span> <span className="wrap-anywhere">{value.slice(0, 80)}</span>
              </Checkbox>
            </li>
          ))}
      </ul>
      <p className="text-meta text-fg-subtle">{t.form.labelsHint}</p>
    </fieldset>
  );
};

const When = ({
  form,
  onChange,
  tried,
  missing,
  refused,
}: {
  form: Form;
  onChange: (part: Partial<Form>) => void;
  tried: boolean;
  missing: ReturnType<typeof missingIn>;
  refused: (name: string) => string | undefined;
}) => {
  const recurs = (part: Partial<Form['recurs']>) => onChange({ recurs: { ...form.recurs, ...part } });
  if (form.when === 'now')
    return (
      <div className="w-44">
        <Select
          label={t.form.for}
          value={String(form.seconds)}
          onChange={(value) => onChange({ seconds: Number(value) })}
          error={refused('ends_at')}
          options={[
            ...t.form.durations,
            ...(t.form.durations.some(([seconds]) => seconds === form.seconds)
              ? []
              : [[form.seconds, duration(form.seconds * 1000)] as const]),
          ].map(([seconds, label]) => ({ value: String(seconds), label }))}
        />
      </div>
    );
  const dates = (
    <div className="grid gap-3 desk:grid-cols-2">
      <DateTimeField
        label={form.when === 'recurring' ? t.form.firstDay : t.form.starts}
        value={form.starts_at}
        onChange={(starts_at) => onChange({ starts_at })}
        error={refused('starts_at')}
      />
      <DateTimeField
        label={form.when === 'recurring' ? t.form.lastDay : t.form.ends}
        hint={form.when === 'recurring' && !form.ends_at ? t.form.optional : undefined}
        value={form.ends_at}
        onChange={(ends_at) => onChange({ ends_at })}
        error={refused('ends_at') ?? (tried && missing.ends_at ? t.form.needEnds : undefined)}
      />
    </div>
  );
  if (form.when === 'planned') return dates;
  return (
    <>
      <fieldset>
        <legend className="mb-1 text-meta text-fg-muted">{t.form.daysOf}</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {DAYS.map((day) => (
            <Checkbox
              key={day}
              checked={form.recurs.days.includes(day)}
              onChange={(on) => recurs({ days: DAYS.filter((one) => (one === day ? on : form.recurs.days.includes(one))) })}
            >
              {t.days[day]}
            </Checkbox>
          ))}
        </div>
        {tried && missing.days && <p className="mt-1 text-meta font-strong">{t.form.needDays}</p>}
      </fieldset>
      <div className="grid gap-3 desk:grid-cols-[110px_110px_minmax(0,1fr)]">
        <TextField
          label={t.form.fromTime}
          type="time"
          value={form.recurs.from}
          onChange={(event) => recurs({ from: event.target.value })}
        />
        <TextField
          label={t.form.toTime}
          type="time"
          value={form.recurs.to}
          error={refused('recurs.to')}
          onChange={(event) => recurs({ to: event.target.value })}
        />
        <Combobox
          label={t.form.zone}
          value={[form.recurs.time_zone]}
          onChange={(value) => recurs({ time_zone: value.at(-1) ?? form.recurs.time_zone })}
          options={zoneOptions()}
        />
      </div>
      <p className="text-meta text-fg-subtle">{t.form.toHint}</p>
      {dates}
    </>
  );
};
