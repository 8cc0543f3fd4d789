import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { SIGN_ON_ERRORS, type SignOnError } from '../../../contract/sign-on-errors.ts';
import { arrive, canPasskey, passkeyFromAutofill, postAuth, returnPath, signInQuery, signInWithPasskey } from '../../api/auth.ts';
import { ApiProblem } from '../../api/client.ts';
import { useSearchState } from '../../search-state.ts';
import { signIn as text } from '../../text/sign-in.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip, Strip } from '../../ui/layout.tsx';
import { PasswordField } from './password-field.tsx';

/** Password, passkey or single sign-on; then the second factor if she has one. */
export const SignInForm = () => {
  const [search] = useSearchState();
  const navigate = useNavigate();
  const [factor, setFactor] = useState(false);
  const state = useQuery(signInQuery).data;
  const done = () => arrive(search.return ?? '/', (to) => void navigate({ to, replace: true }));
  if (factor) return <SecondFactor onDone={done} onBack={() => setFactor(false)} />;
  return (
    <>
      <h1 className="text-20" tabIndex={-1} data-page-title="">
        {text.title}
      </h1>
      {state?.first_run && (
        <Strip state="low" action={<Link to="/first-run">{text.firstRunAction}</Link>}>
          {text.firstRun}
        </Strip>
      )}
      {search.error && (
        <Strip state="critical">
          {SIGN_ON_ERRORS[search.error as SignOnError] ?? `${SIGN_ON_ERRORS.failed} (${search.error})`}
        </Strip>
      )}
      <PasswordForm onFactor={() => setFactor(true)} onDone={done} canMail={state?.mail ?? true} />
      <Passkey onDone={done} />
      <Providers providers={state?.providers ?? []} back={returnPath(search.return)} />
    </>
  );
};

export const PasswordForm = ({ onFactor, onDone, canMail }: { onFactor: () => void; onDone: () => void; canMail: boolean }) => {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const submit = useMutation({
    mutationFn: () => postAuth<{ twoFactorRedirect?: boolean }>('sign-in/email', { email, password }),
    onSuccess: (answer) => (answer.twoFactorRedirect ? onFactor() : onDone()),
  });
  const problem = submit.error;
  const wrong = problem instanceof ApiProblem && problem.status === 401;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      {problem && !wrong && <ProblemStrip error={problem} />}
      <TextField
        label={text.email}
        type="email"
        name="email"
        autoComplete="username webauthn"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <PasswordField label={text.password} value={password} onChange={setPassword} error={wrong ? text.wrong : undefined} />
      <div className="flex items-center gap-3 pt-1">
        <Button type="submit" look="main" size="lg" busy={submit.isPending}>
          {text.submit}
        </Button>
        <span className="ml-auto text-meta">
          <Link to="/forgot-password" search={canMail ? {} : { mail: 'no' }}>
            {text.forgot}
          </Link>
        </span>
      </div>
    </form>
  );
};

/** Passkeys are offered in the field of the mail address while nothing else asks for one. Says whether one was refused. */
const usePasskeyAutofill = (on: boolean, onDone: () => void): boolean => {
  const [refused, setRefused] = useState(0);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    if (!on) return;
    const ended = new AbortController();
    void passkeyFromAutofill(ended.signal).then((outcome) => {
      if (ended.signal.aborted) return;
      if (outcome === 'signed in') done.current();
      if (outcome === 'refused') setRefused((count) => count + 1);
    });
    return () => ended.abort();
    // After a refusal it is offered anew.
  }, [on, refused]);
  return refused > 0;
};

export const Passkey = ({ onDone }: { onDone: () => void }) => {
  const passkey = useMutation({ mutationFn: signInWithPasskey, onSuccess: onDone });
  const refused = usePasskeyAutofill(passkey.isIdle || passkey.isError, onDone);
  if (!canPasskey()) return null;
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-4">
      {(passkey.error || (refused && !passkey.isPending)) && <Strip state="critical">{text.noPasskey}</Strip>}
      <Button
        size="lg"
        icon={<KeyRound size={14} aria-hidden="true" />}
        busy={passkey.isPending}
        onClick={() => passkey.mutate()}
      >
        {text.passkey}
      </Button>
    </div>
  );
};

/** The provider asks who she is and sends her back, to where she was going. */
const Providers = ({ providers, back }: { providers: { id: string; title: string }[]; back: string }) => {
  const go = useMutation({
    mutationFn: (providerId: string) =>
      postAuth<{ url: string }>('sign-in/sso', { providerId, callbackURL: back, errorCallbackURL: '/sign-in' }),
    onSuccess: ({ url }) => location.assign(url),
  });
  if (providers.length === 0) return null;
  return (
    <div className="flex flex-col gap-2">
      <ProblemStrip error={go.error} />
      {providers.map((provider) => (
        <Button
          key={provider.id}
          size="lg"
          busy={go.isPending && go.variables === provider.id}
          onClick={() => go.mutate(provider.id)}
        >
          {text.with(provider.title)}
        </Button>
      ))}
    </div>
  );
};

export const SecondFactor = ({ onDone, onBack }: { onDone: () => void; onBack: () => void }) => {
  const [recovery, setRecovery] = useState(false);
  const [code, setCode] = useState('');
  const submit = useMutation({
    mutationFn: () => postAuth(recovery ? 'two-factor/verify-backup-code' : 'two-factor/verify-totp', { code: code.trim() }),
    onSuccess: onDone,
  });
  const wrong = submit.error instanceof ApiProblem && submit.error.status === 401;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <h1 className="text-20" tabIndex={-1} data-page-title="">
        {text.codeTitle}
      </h1>
      {submit.error && !wrong && <ProblemStrip error={submit.error} />}
      <TextField
        key={String(recovery)}
        label={recovery ? text.recovery : text.code}
        hint={recovery ? text.recoveryHint : text.codeHint}
        error={wrong ? text.codeWrong : undefined}
        inputMode={recovery ? 'text' : 'numeric'}
        autoComplete={recovery ? 'off' : 'one-time-code'}
        // The page consists of this one question.
        ref={(input) => input?.focus()}
        required
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="submit" look="main" size="lg" busy={submit.isPending}>
        {text.codeSubmit}
      </Button>
      <div className="flex gap-4 text-meta">
        <Button
          look="quiet"
          size="sm"
          onClick={() => {
            setRecovery(!recovery);
            setCode('');
            submit.reset();
          }}
        >
          {recovery ? text.useCode : text.useRecovery}
        </Button>
        <Button look="quiet" size="sm" onClick={onBack}>
          {text.back}
        </Button>
      </div>
    </form>
  );
};
