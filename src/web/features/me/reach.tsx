import { useMutation, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { type ApiProblem, api, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { me as t } from '../../text/me.ts';
import { ui } from '../../text/ui.ts';
import { duration, short } from '../../time.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section, SkeletonRows, Strip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Combobox } from '../../ui/select.tsx';
import { Subtle, Time } from '../../ui/text.tsx';
import { isStale } from '../editing/use-draft.ts';
import { peopleQuery } from '../incidents/queries.ts';
import { AddMethod, isOfAddress, MethodRow } from './contact-methods.tsx';
import { personJournalQuery, reachQuery } from './queries.ts';
import { methodPutBack, type Step, type Urgency, withMethod, withoutMethod, withoutStep, withStep } from './reach-changes.ts';
import { TelegramLink } from './telegram-link.tsx';
import { ThisDevice } from './this-device.tsx';
import { useReachChange, type Wanted } from './use-reach-change.ts';

/** How a person is reached: her methods, what they do at each urgency, and a test that all of it works. */
export const Reach = ({ name, own }: { name: string; own: boolean }) => {
  const reach = useQuery(reachQuery(name));
  const save = useReachChange(name);
  const data = reach.data?.data;
  if (!data) return reach.error ? <ProblemStrip error={reach.error} /> : <SkeletonRows />;
  const { contact_methods: methods, notification_rules: rules } = data;
  return (
    <>
      {isStale(save.error) ? (
        <Overtaken problem={save.error} onAgain={() => save.mutate(save.variables as Wanted)} onDrop={save.reset} />
      ) : (
        !isOfAddress(save.error) && <ProblemStrip error={save.error} />
      )}
      <Section title={t.methods} padded="page">
        <p className="mb-2 text-fg-muted">{methods.length > 0 ? t.methodsWhy : t.noMethods}</p>
        <Rows label={t.methods}>
          {methods.map((method) => (
            <MethodRow
              key={method.label}
              person={name}
              method={method}
              problem={data.problems.find((one) => one.startsWith(`${method.label}: `))}
              onRemove={() =>
                save.mutate({
                  change: withoutMethod(method.label),
                  done: () => toast(t.removed(method.label), () => save.mutate({ change: methodPutBack(data, method.label) })),
                })
              }
            />
          ))}
        </Rows>
        <AddMethod
          taken={methods.map((one) => one.label)}
          busy={save.isPending}
          error={save.error}
          onAdd={(method, done) => save.mutate({ change: withMethod(method), done })}
        />
        {own && <TelegramLink person={name} methods={methods} />}
        {own && (
          <ThisDevice
            person={name}
            methods={methods}
            problems={data.problems}
            onAdd={(method) => save.mutateAsync({ change: withMethod(method) })}
          />
        )}
      </Section>
      {(['high', 'low'] as const).map((urgency) => (
        <RuleSection
          key={urgency}
          urgency={urgency}
          steps={rules[urgency]}
          labels={methods.map((one) => one.label)}
          onAdd={(step, done) => save.mutate({ change: withStep(urgency, step), done })}
          onRemove={(step) => save.mutate({ change: withoutStep(urgency, step) })}
        />
      ))}
      <TestPage name={name} own={own} />
    </>
  );
};

/** Somebody else saved first. What they saved is on the screen by now; mine is made to it on demand. */
const Overtaken = ({ problem, onAgain, onDrop }: { problem: ApiProblem; onAgain: () => void; onDrop: () => void }) => {
  const people = useQuery(peopleQuery).data?.items ?? [];
  const { by, at } = problem.changed ?? {};
  const who = people.find((one) => one.name === by)?.display_name ?? by;
  return (
    <Strip
      state="medium"
      action={
        <span className="flex flex-wrap gap-2">
          <Button size="sm" onClick={onAgain}>
            {t.overtaken.again}
          </Button>
          <Button size="sm" look="quiet" onClick={onDrop}>
            {t.overtaken.drop}
          </Button>
        </span>
      }
    >
      {who && at ? t.overtaken.by(who, short(at)) : t.overtaken.somebody}
    </Strip>
  );
};

const RuleSection = ({
  urgency,
  steps,
  labels,
  onAdd,
  onRemove,
}: {
  urgency: Urgency;
  steps: Step[];
  labels: string[];
  onAdd: (step: Step, done: () => void) => void;
  onRemove: (step: Step) => void;
}) => {
  const [minutes, setMinutes] = useState('0');
  const [methods, setMethods] = useState<string[]>([]);
  const sorted = [...steps].sort((a, b) => a.after_seconds - b.after_seconds);
  const said =
    sorted.length === 0
      ? urgency === 'high'
        ? t.defaultHigh
        : t.defaultLow
      : t.sentence(
          sorted.map((step) => ({
            methods: step.methods.join(' + '),
            after: step.after_seconds === 0 ? t.atOnce : t.after(duration(step.after_seconds * 1000)),
          })),
        );
  return (
    <Section title={`${t.rules}: ${t[urgency].toLowerCase()}`} padded="page">
      <p className="mb-2 text-prose">{said}</p>
      <Rows label={t[urgency]}>
        {sorted.map((step, index) => (
          <Row key={`${step.after_seconds} ${step.methods.join()} ${index}`}>
            <span className="w-32">{step.after_seconds === 0 ? t.atOnce : t.after(duration(step.after_seconds * 1000))}</span>
            <span className="flex-1">{step.methods.join(', ')}</span>
            <IconButton label={ui.remove(step.methods.join(', '))} look="quiet" size="sm" onClick={() => onRemove(step)}>
              <X size={13} aria-hidden="true" />
            </IconButton>
          </Row>
        ))}
      </Rows>
      {labels.length > 0 && (
        <form
          className="flex flex-wrap items-end gap-2 pt-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (methods.length === 0) return;
            onAdd({ after_seconds: Math.round(Number(minutes) * 60), methods }, () => setMethods([]));
          }}
        >
          <div className="w-44">
            <TextField
              label={t.minutes}
              type="number"
              min="0"
              max="1440"
              step="0.5"
              value={minutes}
              onChange={(event) => setMinutes(event.target.value)}
            />
          </div>
          <div className="w-60">
            <Combobox
              label={t.which}
              value={methods}
              onChange={setMethods}
              options={labels.map((value) => ({ value, label: value }))}
            />
          </div>
          <Button type="submit" disabled={methods.length === 0} title={methods.length === 0 ? t.which : undefined}>
            {t.addStep}
          </Button>
        </form>
      )}
    </Section>
  );
};

const TestPage = ({ name, own }: { name: string; own: boolean }) => {
  const can = useCan();
  const send = useMutation({ mutationFn: () => ok(api.POST('/api/people/{name}/test-page', { params: { path: { name } } })) });
  const receipts = useQuery({ ...personJournalQuery(name), enabled: send.isSuccess && can('journal.read') }).data ?? [];
  return (
    <Section title={t.test} padded="page">
      <ProblemStrip error={send.error} />
      <Button look={own ? 'main' : 'plain'} busy={send.isPending} onClick={() => send.mutate()}>
        {t.test}
      </Button>
      {send.data && (
        <div className="pt-3" aria-live="polite">
          <p>
            {t.testSent} {send.data.methods.join(', ')}
          </p>
          <Rows label={t.test}>
            {receipts.slice(0, send.data.methods.length).map((entry) => (
              <Row key={entry.id}>
                <Mark state={entry.type === 'person.message_sent' ? 'ok' : 'critical'}>{entry.text}</Mark>
                <Subtle>
                  <Time at={entry.at} />
                </Subtle>
              </Row>
            ))}
          </Rows>
        </div>
      )}
    </Section>
  );
};
