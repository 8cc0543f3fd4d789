import { LINE_LANGUAGES, type PhoneLine } from '../../../contract/phone.ts';
import { integrations } from '../../text/integrations.ts';
import { Checkbox, TextArea, TextField } from '../../ui/field.tsx';
import { severityWord } from '../../ui/marks.tsx';
import { Select } from '../../ui/select.tsx';

const t = integrations.phone;
export type LineDraft = Partial<PhoneLine> & { number: string };
const VENDORS = ['twilio', 'plivo'] as const;
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
/** What the server fills in, so that a draft shows what it will be. */
const DEFAULTS = { ring_seconds: 20, total_seconds: 120, voicemail_seconds: 120 } as const;

/** A phone line: what a new one needs, and with `all` everything that can be set. */
export const PhoneFields = ({
  value,
  onChange,
  errorOf,
  all,
}: {
  value: LineDraft;
  onChange: (value: LineDraft) => void;
  errorOf: (field: string) => string | undefined;
  all?: boolean;
}) => {
  const change = (part: Partial<LineDraft>) => onChange({ ...value, ...part });
  const seconds = (field: keyof typeof DEFAULTS) => (
    <TextField
      type="number"
      inputMode="numeric"
      label={t[field]}
      hint={t.hints[field]}
      value={value[field] ?? DEFAULTS[field]}
      error={errorOf(`phone.${field}`)}
      onChange={(event) => change({ [field]: Number(event.target.value) })}
    />
  );
  return (
    <>
      <TextField
        type="tel"
        label={t.number}
        hint={t.numberHint}
        value={value.number}
        maxLength={20}
        error={errorOf('phone.number')}
        onChange={(event) => change({ number: event.target.value.replace(/[\s().-]/g, '') })}
      />
      <Select
        label={t.vendor}
        hint={t.vendorHint}
        value={value.vendor ?? 'twilio'}
        onChange={(vendor) => change({ vendor: vendor as PhoneLine['vendor'] })}
        options={VENDORS.map((vendor) => ({ value: vendor, label: t.vendors[vendor] }))}
      />
      <TextArea
        label={t.greeting}
        hint={t.greetingHint}
        rows={2}
        value={value.greeting ?? ''}
        maxLength={300}
        error={errorOf('phone.greeting')}
        onChange={(event) => change({ greeting: event.target.value })}
      />
      <Select
        label={t.language}
        value={value.language ?? 'en'}
        onChange={(language) => change({ language: language as PhoneLine['language'] })}
        options={LINE_LANGUAGES.map((language) => ({ value: language, label: t.languages[language] }))}
      />
      {all && (
        <>
          {seconds('ring_seconds')}
          {seconds('total_seconds')}
          {seconds('voicemail_seconds')}
          <Select
            label={t.severity}
            value={value.severity ?? 'error'}
            onChange={(severity) => change({ severity: severity as PhoneLine['severity'] })}
            options={SEVERITIES.map((severity) => ({ value: severity, label: severityWord(severity) }))}
          />
          <Checkbox checked={value.alert_on_hangup ?? true} onChange={(alert_on_hangup) => change({ alert_on_hangup })}>
            {t.hangup}
          </Checkbox>
          <Checkbox checked={value.transcribe ?? false} onChange={(transcribe) => change({ transcribe })}>
            {t.transcribe}
          </Checkbox>
        </>
      )}
    </>
  );
};
