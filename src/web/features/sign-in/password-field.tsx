import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { signIn } from '../../text/sign-in.ts';
import { IconButton } from '../../ui/button.tsx';
import { Field, inputClass } from '../../ui/field.tsx';

/** A password that can be looked at while it is typed. `fresh`: one to choose. */
export const PasswordField = ({
  label,
  value,
  onChange,
  error,
  fresh,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  fresh?: boolean;
}) => {
  const [shown, setShown] = useState(false);
  const [left, setLeft] = useState(false);
  const short = fresh && left && value.length > 0 && value.length < 10 ? signIn.passwordShort : undefined;
  return (
    <Field label={label} error={error ?? short} hint={fresh ? signIn.passwordHint : undefined}>
      {(wired) => (
        <span className="flex items-center gap-1.5">
          <input
            {...wired}
            className={inputClass}
            type={shown ? 'text' : 'password'}
            name="password"
            autoComplete={fresh ? 'new-password' : 'current-password'}
            required
            minLength={fresh ? 10 : undefined}
            maxLength={128}
            value={value}
            onBlur={() => setLeft(true)}
            onChange={(event) => onChange(event.target.value)}
          />
          <IconButton label={signIn.show} look="quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? <EyeOff size={14} aria-hidden="true" /> : <Eye size={14} aria-hidden="true" />}
          </IconButton>
        </span>
      )}
    </Field>
  );
};
