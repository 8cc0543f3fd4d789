import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MailRules } from '../../../contract/service.ts';
import { api, ok } from '../../api/client.ts';
import { integrations } from '../../text/integrations.ts';
import { Checkbox, TextArea, TextField } from '../../ui/field.tsx';
import { problemText, Section, SplitPane } from '../../ui/layout.tsx';
import { Mark, severityWord } from '../../ui/marks.tsx';
import { Select } from '../../ui/select.tsx';
import { Muted } from '../../ui/text.tsx';
import { useSettled } from '../editing/use-settled.ts';

const t = integrations.mail;
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
/** What the server fills in, so that a draft shows what it will be. */
const DEFAULTS: MailRules = { key: 'subject', severity: 'error', allow_from: [], take_bulk: false };
const CLOSES = ['usual', 'own', 'never'] as const;

/** What the subjects of mails mean and who may send, with what a subject becomes beside, as it is typed. */
export const MailRulesEditor = ({
  name,
  mail,
  onChange,
  errorOf,
  may,
}: {
  name: string;
  mail: MailRules | undefined;
  onChange: (mail: MailRules) => void;
  errorOf: (field: string) => string | undefined;
  may: boolean;
}) => {
  const rules = mail ?? DEFAULTS;
  const [senders, setSenders] = useState(rules.allow_from.join('\n'));
  const [own, setOwn] = useState(typeof rules.closes === 'string');
  const change = (part: { [F in keyof MailRules]?: MailRules[F] | undefined }) => {
    const { opens, key_pattern, closes, ...rest } = { ...rules, ...part };
    onChange({
      ...(rest as MailRules),
      ...(opens ? { opens } : {}),
      ...(key_pattern ? { key_pattern } : {}),
      ...(closes || closes === null ? { closes } : {}),
    });
  };
  const closes = rules.closes === null ? 'never' : own ? 'own' : 'usual';
  const senderError = rules.allow_from.map((_, n) => errorOf(`mail.allow_from.${n}`)).find(Boolean) ?? errorOf('mail.allow_from');
  return (
    <SplitPane sideLabel={t.tryOut} side={<TrySubject name={name} mail={rules} />}>
      <Section title={integrations.tabs.mail} padded="page">
        <fieldset disabled={!may} className="flex max-w-110 min-w-0 flex-col gap-3">
          <legend className="vh">{integrations.tabs.mail}</legend>
          <p className="text-fg-muted">{t.intro}</p>
          <TextField
            label={t.opens}
            hint={t.opensHint}
            placeholder="^(problem|down)"
            value={rules.opens ?? ''}
            maxLength={500}
            error={errorOf('mail.opens')}
            onChange={(event) => change({ opens: event.target.value })}
          />
          <Select
            label={t.closes}
            value={closes}
            onChange={(next) => {
              setOwn(next === 'own');
              change({ closes: next === 'never' ? null : undefined });
            }}
            options={CLOSES.map((value) => ({ value, label: t.closesBy[value] }))}
          />
          {closes === 'own' && (
            <TextField
              label={t.closesOwn}
              placeholder="^(recovery|up)"
              value={rules.closes ?? ''}
              maxLength={500}
              error={errorOf('mail.closes')}
              onChange={(event) => change({ closes: event.target.value })}
            />
          )}
          <Select
            label={t.key}
            value={rules.key}
            onChange={(key) => change({ key: key as MailRules['key'] })}
            options={(['subject', 'thread'] as const).map((value) => ({ value, label: t.keys[value] }))}
          />
          <TextField
            label={t.keyPattern}
            hint={t.keyPatternHint}
            placeholder="host=(\S+)"
            value={rules.key_pattern ?? ''}
            maxLength={500}
            error={errorOf('mail.key_pattern')}
            onChange={(event) => change({ key_pattern: event.target.value })}
          />
          <Select
            label={t.severity}
            value={rules.severity}
            onChange={(severity) => change({ severity: severity as MailRules['severity'] })}
            options={SEVERITIES.map((value) => ({ value, label: severityWord(value) }))}
          />
          <TextArea
            label={t.allowFrom}
            hint={t.allowFromHint}
            value={senders}
            error={senderError}
            onChange={(event) => {
              setSenders(event.target.value);
              change({ allow_from: event.target.value.split(/[\s,;]+/).filter(Boolean) });
            }}
          />
          <Checkbox checked={rules.take_bulk} disabled={!may} onChange={(take_bulk) => change({ take_bulk })}>
            {t.bulk}
          </Checkbox>
        </fieldset>
      </Section>
    </SplitPane>
  );
};

const TrySubject = ({ name, mail }: { name: string; mail: MailRules }) => {
  const [subject, setSubject] = useState('');
  const asked = useSettled({ subject, mail });
  const result = useQuery({
    queryKey: ['alerts', 'try', name, asked],
    queryFn: () =>
      ok(
        api.POST('/api/integrations/{name}/try', {
          params: { path: { name } },
          body: { payload: { subject: asked.subject, from: 'monitor@example.com', text: '' }, mail: asked.mail },
        }),
      ),
    enabled: asked.subject.trim() !== '',
    retry: false,
    placeholderData: (before) => before,
  });
  const event = result.data?.events[0];
  return (
    <Section title={t.tryOut} fact={integrations.mapping.tryWhy}>
      <div className="flex flex-col gap-3">
        <TextField
          label={t.subject}
          placeholder="RESOLVED: disk full on db1"
          value={subject}
          onChange={(changed) => setSubject(changed.target.value)}
        />
        <div aria-live="polite">
          {subject.trim() !== '' &&
            (result.error ? (
              <Muted>{problemText(result.error)}</Muted>
            ) : event ? (
              <p className="wrap-anywhere">
                <Mark state={event.action === 'resolve' ? 'ok' : 'high'}>
                  {t.does[event.action === 'resolve' ? 'resolve' : 'trigger']}
                </Mark>{' '}
                <code>{event.dedup_key}</code>
              </p>
            ) : (
              result.data && (
                <p>
                  <Mark state="unknown">{t.does.nothing}</Mark> <Muted>{result.data.problems.join(' ')}</Muted>
                </p>
              )
            ))}
        </div>
      </div>
    </Section>
  );
};
