import { settings as text } from '../../text/settings.ts';
import { Checkbox, TextField } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { type FieldSpec, HIDDEN } from './channel-fields.ts';

const t = text.channels;

/** One setting of a provider, as its kind asks for it. */
export const SettingField = ({
  spec,
  value,
  error,
  onChange,
}: {
  spec: FieldSpec;
  value: unknown;
  error: string | undefined;
  onChange: (typed: string | boolean) => void;
}) => {
  const label = t.field[spec.key] ?? spec.key;
  if (spec.kind === 'switch')
    return (
      <div className="flex items-end pb-1">
        <Checkbox checked={(value ?? spec.otherwise) === true} onChange={onChange}>
          {label}
        </Checkbox>
      </div>
    );
  if (spec.kind === 'choice')
    return (
      <Select
        label={label}
        value={String(value ?? spec.otherwise)}
        onChange={onChange}
        error={error}
        options={Object.entries(t.security).map(([one, words]) => ({ value: one, label: words }))}
      />
    );
  const stored = value === HIDDEN;
  const shown = stored ? '' : String(value ?? '');
  const secret = spec.kind === 'secret';
  return (
    <TextField
      label={label}
      hint={secret ? [spec.hint, t.secretHint].filter(Boolean).join('. ') : spec.hint}
      error={error}
      type={secret && !shown.startsWith('$') ? 'password' : 'text'}
      inputMode={spec.kind === 'number' ? 'numeric' : undefined}
      autoComplete={secret ? 'new-password' : 'off'}
      placeholder={stored ? t.kept : typeof spec.otherwise === 'string' ? spec.otherwise : undefined}
      required={spec.needed && !stored}
      value={shown}
      onChange={(event) => onChange(event.target.value)}
    />
  );
};
