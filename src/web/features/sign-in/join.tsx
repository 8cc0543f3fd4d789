import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { arrive, postAuth, signInQuery } from '../../api/auth.ts';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { useSearchState } from '../../search-state.ts';
import { signIn as text } from '../../text/sign-in.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip, SkeletonRows, Strip } from '../../ui/layout.tsx';
import { PasswordField } from './password-field.tsx';

const useFinish = (email: string, password: string, to: string) => {
  const navigate = useNavigate();
  return async () => {
    const { twoFactorRedirect } = await postAuth<{ twoFactorRedirect?: boolean }>('sign-in/email', { email, password });
    // Her second factor still holds: the page for it asks.
    arrive(twoFactorRedirect ? '/sign-in' : to, (path) => void navigate({ to: path, replace: true }));
  };
};

/** Nothing is left to do here but sign in. */
const Ended = ({ title, children }: { title: string; children?: ReactNode }) => (
  <>
    <h1 className="text-20" tabIndex={-1} data-page-title="">
      {title}
    </h1>
    {children && <p className="text-fg-muted">{children}</p>}
    <Link to="/sign-in" look="main" size="lg">
      {text.back}
    </Link>
  </>
);

/** Behind an invitation's link, or one for a new password. */
export const Join = ({ token }: { token: string }) => {
  const path = { token };
  const [used, setUsed] = useState(false);
  const invitation = useQuery({
    // It works once: having used it she does not ask for it again.
    enabled: !used,
    queryKey: ['invitation', token],
    queryFn: () => ok(api.GET('/api/invitations/{token}', { params: { path } })),
    retry: false,
  });
  const [password, setPassword] = useState('');
  const finish = useFinish(invitation.data?.email ?? '', password, '/');
  const submit = useMutation({
    mutationFn: () => ok(api.POST('/api/invitations/{token}', { params: { path }, body: { password } })),
    onSuccess: () => {
      setUsed(true);
      return finish();
    },
  });
  if (invitation.error) return <Ended title={text.badLink}>{invitation.error.message}</Ended>;
  if (!invitation.data) return <SkeletonRows />;
  const { display_name, email, purpose } = invitation.data;
  const field = submit.error instanceof ApiProblem && submit.error.field === 'password' ? submit.error.message : undefined;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <h1 className="text-20" tabIndex={-1} data-page-title="">
        {purpose === 'invitation' ? text.joinTitle(display_name) : text.resetTitle}
      </h1>
      <p className="text-fg-muted">{text.joinWhy(email)}</p>
      {submit.error && !field && <ProblemStrip error={submit.error} />}
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <PasswordField label={text.newPassword} value={password} onChange={setPassword} error={field} fresh />
      <Button type="submit" look="main" size="lg" busy={submit.isPending}>
        {text.join}
      </Button>
    </form>
  );
};

export const Forgot = () => {
  const [search] = useSearchState();
  const [email, setEmail] = useState('');
  const submit = useMutation({ mutationFn: () => ok(api.POST('/api/sign-in/forgot', { body: { email } })) });
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <h1 className="text-20" tabIndex={-1} data-page-title="">
        {text.forgotTitle}
      </h1>
      {search.mail === 'no' ? (
        <p className="text-fg-muted">{text.forgotNoMail}</p>
      ) : submit.isSuccess ? (
        <Strip state="ok">{text.forgotSent(email)}</Strip>
      ) : (
        <>
          <p className="text-fg-muted">{text.forgotWhy}</p>
          {submit.error && <ProblemStrip error={submit.error} />}
          <TextField
            label={text.email}
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Button type="submit" look="main" size="lg" busy={submit.isPending}>
            {text.forgotSubmit}
          </Button>
        </>
      )}
      <span className="text-meta">
        <Link to="/sign-in">{text.back}</Link>
      </span>
    </form>
  );
};

/** `Ana Souza` → `ana-souza`: letters without their marks, what a short name may hold. */
export const handleOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .split('-')
    .slice(0, 1)
    .join('');

/** The token comes in the fragment, which no browser sends anywhere; it leaves this page only in the form. */
const tokenInAddress = (): string => decodeURIComponent(location.hash.slice(1));

export const FirstRun = () => {
  const state = useQuery(signInQuery).data;
  const [token, setToken] = useState(tokenInAddress);
  const [name, setName] = useState('');
  const [handle, setHandle] = useState<string>();
  const [email, setEmail] = useState('');
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [password, setPassword] = useState('');
  const finish = useFinish(email, password, '/setup');
  const submit = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/sign-in/first-administrator', {
          body: { token, name: handle ?? handleOf(name), display_name: name, email, time_zone: zone, password },
        }),
      ),
    onSuccess: finish,
  });
  const problem = submit.error instanceof ApiProblem ? submit.error : undefined;
  const at = (field: string) => (problem?.field === field ? problem.message : undefined);
  const known = ['token', 'name', 'display_name', 'email', 'time_zone', 'password'];
  if (state && !state.first_run) return <Ended title={text.already} />;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <h1 className="text-20" tabIndex={-1} data-page-title="">
        {text.firstTitle}
      </h1>
      <p className="text-fg-muted">{text.firstWhy}</p>
      {submit.error && !known.includes(problem?.field ?? '') && <ProblemStrip error={submit.error} />}
      <TextField
        label={text.token}
        hint={text.tokenHint}
        error={at('token')}
        required
        value={token}
        onChange={(event) => setToken(event.target.value)}
      />
      <TextField
        label={text.name}
        error={at('display_name')}
        autoComplete="name"
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={text.handle}
        hint={text.handleHint}
        error={at('name')}
        required
        value={handle ?? handleOf(name)}
        onChange={(event) => setHandle(event.target.value)}
      />
      <TextField
        label={text.email}
        error={at('email')}
        type="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={text.zone}
        error={at('time_zone')}
        list="zones"
        required
        value={zone}
        onChange={(event) => setZone(event.target.value)}
      />
      <datalist id="zones">
        {Intl.supportedValuesOf('timeZone').map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <PasswordField label={text.newPassword} value={password} onChange={setPassword} error={at('password')} fresh />
      <Button type="submit" look="main" size="lg" busy={submit.isPending}>
        {text.create}
      </Button>
    </form>
  );
};
