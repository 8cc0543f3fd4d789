import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { me as t } from '../../text/me.ts';
import { ui } from '../../text/ui.ts';
import { duration } from '../../time.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Combobox, Select } from '../../ui/select.tsx';
import { Subtle, Time } from '../../ui/text.tsx';
import { personJournalQuery, personQuery } from './queries.ts';

type Channel = 'email' | 'sms' | 'voice' | 'ntfy' | 'webhook';
type Method = { label: string; channel: Channel; address: string; verified?: boolean | undefined };
type Step = { after_seconds: number; methods: string[] };
type Rules = { high: Step[]; low: Step[] };

/** How a person is reached: her methods, what they do at each urgency, and a test that all of it works. */
export const Reach = ({ name, own }: { name: string; own: boolean }) => {
  const client = useQueryClient();
  const person = useQuery(personQuery(name));
  const save = useMutation({
    mutationFn: (reach: { contact_methods: Method[]; notification_rules: Rules }) =>
      ok(
        api.PUT('/api/people/{name}/reach', {
          params: { path: { name } },
          body: reach,
          headers: ifMatch(undefined),
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
  const data = person.data?.data;
  if (!data) return <ProblemStrip error={person.error} />;
  const methods = data.contact_methods as Method[];
  const rules = data.notification_rules as Rules;
  return (
    <>
      <ProblemStrip error={save.error} />
      <Section title={t.methods} padded="page">
        <p className="mb-2 text-fg-muted">{methods.length > 0 ? t.methodsWhy : t.noMethods}</p>
        <Rows label={t.methods}>
          {methods.map((method) => (
            <MethodRow
              key={method.label}
              person={name}
              method={method}
              problem={data.problems.find((one) => one.includes(method.label))}
              onRemove={() => {
                const before = { contact_methods: methods, notification_rules: rules };
                save.mutate(
                  {
                    contact_methods: methods.filter((one) => one.label !== method.label),
                    notification_rules: without(rules, method.label),
                  },
                  { onSuccess: () => toast(t.removed(method.label), () => save.mutate(before)) },
                );
              }}
            />
          ))}
        </Rows>
        <AddMethod
          taken={methods.map((one) => one.label)}
          busy={save.isPending}
          error={save.error}
          onAdd={(method, done) =>
            save.mutate({ contact_methods: [...methods, method], notification_rules: rules }, { onSuccess: done })
          }
        />
      </Section>
      {(['high', 'low'] as const).map((urgency) => (
        <RuleSection
          key={urgency}
          urgency={urgency}
          steps={rules[urgency]}
          labels={methods.map((one) => one.label)}
          onSave={(steps) => save.mutate({ contact_methods: methods, notification_rules: { ...rules, [urgency]: steps } })}
        />
      ))}
      <TestPage name={name} own={own} />
    </>
  );
};

/** Rules speak only of methods that are there. */
const without = (rules: Rules, label: string): Rules => {
  const clean = (steps: Step[]) =>
    steps
      .map((step) => ({ ...step, methods: step.methods.filter((one) => one !== label) }))
      .filter((step) => step.methods.length > 0);
  return { high: clean(rules.high), low: clean(rules.low) };
};

const MethodRow = ({
  person,
  method,
  problem,
  onRemove,
}: {
  person: string;
  method: Method;
  problem: string | undefined;
  onRemove: () => void;
}) => {
  const client = useQueryClient();
  const [code, setCode] = useState('');
  const params = { path: { name: person, label: method.label } };
  const send = useMutation({
    mutationFn: () => ok(api.POST('/api/people/{name}/contact-methods/{label}/send-code', { params })),
  });
  const verify = useMutation({
    mutationFn: () => ok(api.POST('/api/people/{name}/contact-methods/{label}/verify', { params, body: { code } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
  const wrong = verify.data && !verify.data.verified ? t.codeWrong : undefined;
  const refused = verify.error instanceof ApiProblem ? verify.error.message : undefined;
  return (
    <Row>
      <span className="w-24 font-strong">{method.label}</span>
      <Subtle>{t.channels[method.channel]}</Subtle>
      <span className="min-w-0 flex-1 basis-40 truncate">{method.address}</span>
      {problem ? (
        <Mark state="critical">{problem}</Mark>
      ) : method.verified ? (
        <Mark state="ok" quiet>
          {t.verified}
        </Mark>
      ) : (
        <Mark state="medium">{t.unverified}</Mark>
      )}
      {!method.verified && (
        <Button size="sm" onClick={() => send.mutate()} busy={send.isPending}>
          {t.sendCode}
        </Button>
      )}
      <IconButton label={ui.remove(method.label)} look="quiet" size="sm" onClick={onRemove}>
        <X size={13} aria-hidden="true" />
      </IconButton>
      {(send.isSuccess || send.error) && !method.verified && (
        <form
          className="flex basis-full flex-wrap items-end gap-2 pb-2"
          onSubmit={(event) => {
            event.preventDefault();
            verify.mutate();
          }}
        >
          {send.error ? (
            <ProblemStrip error={send.error} />
          ) : (
            <>
              <TextField
                label={t.code}
                hint={t.codeSent(method.label)}
                error={wrong ?? refused}
                inputMode="numeric"
                autoComplete="one-time-code"
                required
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
              <Button type="submit" busy={verify.isPending}>
                {t.verify}
              </Button>
            </>
          )}
        </form>
      )}
    </Row>
  );
};

const AddMethod = ({
  taken,
  busy,
  error,
  onAdd,
}: {
  taken: string[];
  busy: boolean;
  error: unknown;
  onAdd: (method: Method, done: () => void) => void;
}) => {
  const [open, setOpen] = useState(false);
  const [channel, setChannel] = useState<Channel>('sms');
  const [label, setLabel] = useState('');
  const [address, setAddress] = useState('');
  if (!open)
    return (
      <div className="pt-2">
        <Button icon={<Plus size={13} aria-hidden="true" />} onClick={() => setOpen(true)}>
          {t.add}
        </Button>
      </div>
    );
  const field = error instanceof ApiProblem && error.field?.endsWith('.address') ? error.message : undefined;
  const used = taken.includes(label);
  return (
    <form
      className="grid max-w-160 grid-cols-1 gap-3 pt-3 desk:grid-cols-3"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({ label: label || channel, channel, address }, () => {
          setOpen(false);
          setLabel('');
          setAddress('');
        });
      }}
    >
      <Select
        label={t.channel}
        value={channel}
        onChange={(value) => setChannel(value as Channel)}
        options={Object.entries(t.channels).map(([value, name]) => ({ value, label: name }))}
      />
      <TextField
        label={t.label}
        hint={t.labelHint}
        placeholder={channel}
        error={used ? ui.remove(label) : undefined}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
      />
      <TextField
        label={t.address}
        hint={t.addressHint[channel]}
        error={field}
        required
        value={address}
        onChange={(event) => setAddress(event.target.value)}
      />
      <div className="flex gap-2">
        <Button type="submit" busy={busy}>
          {t.add}
        </Button>
        <Button look="quiet" onClick={() => setOpen(false)}>
          {ui.cancel}
        </Button>
      </div>
    </form>
  );
};

const RuleSection = ({
  urgency,
  steps,
  labels,
  onSave,
}: {
  urgency: 'high' | 'low';
  steps: Step[];
  labels: string[];
  onSave: (steps: Step[]) => void;
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
          <Row key={`${step.after_seconds} ${step.methods.join()}`}>
            <span className="w-32">{step.after_seconds === 0 ? t.atOnce : t.after(duration(step.after_seconds * 1000))}</span>
            <span className="flex-1">{step.methods.join(', ')}</span>
            <IconButton
              label={ui.remove(step.methods.join(', '))}
              look="quiet"
              size="sm"
              onClick={() => onSave(sorted.filter((_, other) => other !== index))}
            >
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
            onSave([...sorted, { after_seconds: Math.round(Number(minutes) * 60), methods }]);
            setMethods([]);
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
