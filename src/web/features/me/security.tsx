import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { renderSVG } from 'uqr';
import { addPasskey, canPasskey, postAuth } from '../../api/auth.ts';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { me as t } from '../../text/me.ts';
import { now, short } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section, Strip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Code, Subtle, Time } from '../../ui/text.tsx';
import { PasswordField } from '../sign-in/password-field.tsx';
import { browserOf } from './browser-of.ts';
import { securityQuery, sessionsQuery } from './queries.ts';

export const Security = () => {
  const data = useQuery(securityQuery).data;
  if (!data) return null;
  return (
    <>
      <Passkeys keys={data.passkeys} />
      <SecondFactor on={data.two_factor} password={data.password} />
      {data.password && <ChangePassword />}
      <Sessions />
    </>
  );
};

const useAgain = () => {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['me'] });
};

const Passkeys = ({ keys }: { keys: { id: string; name: string; created_at: string | null }[] }) => {
  const again = useAgain();
  const add = useMutation({
    mutationFn: () => addPasskey(t.passkeyName(short(now()))),
    onSuccess: () => {
      toast(t.passkeyAdded);
      return again();
    },
  });
  const remove = useMutation({ mutationFn: (id: string) => postAuth('passkey/delete-passkey', { id }), onSuccess: again });
  return (
    <Section title={t.passkeys} padded="page">
      {add.error && <Strip state="critical">{t.passkeyFailed}</Strip>}
      <ProblemStrip error={remove.error} />
      {keys.length === 0 && <p className="mb-2 text-fg-muted">{t.noPasskeys}</p>}
      <Rows label={t.passkeys}>
        {keys.map((key) => (
          <Row key={key.id}>
            <span className="flex-1">{key.name}</span>
            {key.created_at && (
              <Subtle>
                <Time at={key.created_at} />
              </Subtle>
            )}
            <Button size="sm" look="danger" onClick={() => remove.mutate(key.id)}>
              {t.revoke}
            </Button>
          </Row>
        ))}
      </Rows>
      {canPasskey() && (
        <div className="pt-2">
          <Button busy={add.isPending} onClick={() => add.mutate()}>
            {t.addPasskey}
          </Button>
        </div>
      )}
    </Section>
  );
};

const SecondFactor = ({ on, password }: { on: boolean; password: boolean }) => {
  const again = useAgain();
  const [typed, setTyped] = useState('');
  const [code, setCode] = useState('');
  const [made, setMade] = useState<{ totpURI: string; backupCodes: string[] }>();
  const [asked, setAsked] = useState(false);
  const turn = useMutation({
    mutationFn: () =>
      postAuth<{ totpURI: string; backupCodes: string[] }>(
        on ? 'two-factor/disable' : 'two-factor/enable',
        password ? { password: typed } : {},
      ),
    onSuccess: async (answer) => {
      setTyped('');
      setAsked(false);
      if (on) await again();
      else setMade(answer);
    },
  });
  const confirm = useMutation({
    mutationFn: () => postAuth('two-factor/verify-totp', { code }),
    onSuccess: again,
  });
  const wrong = turn.error instanceof ApiProblem && turn.error.status === 400 ? t.wrongPassword : undefined;
  return (
    <Section title={t.factor} padded="page">
      <div className="flex max-w-110 flex-col gap-3">
        {on ? (
          <Mark state="ok" quiet>
            {t.factorOn}
          </Mark>
        ) : (
          <p className="text-fg-muted">{t.factorOff}</p>
        )}
        {turn.error && !wrong && <ProblemStrip error={turn.error} />}
        {made && !on && (
          <form
            className="flex flex-col gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              confirm.mutate();
            }}
          >
            <p>{t.scan}</p>
            <img
              alt={t.scan}
              width={176}
              height={176}
              src={`data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(made.totpURI, { border: 2 }))}`}
            />
            <p className="text-meta text-fg-muted">
              {t.orType} {new URL(made.totpURI).searchParams.get('secret')}
            </p>
            <TextField
              label={t.code}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              error={confirm.error ? t.codeWrong : undefined}
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
            <div>
              <Button type="submit" look="main" busy={confirm.isPending}>
                {t.confirm}
              </Button>
            </div>
          </form>
        )}
        {made && (
          <>
            <p>{t.recovery}</p>
            <Code label={t.recovery}>{made.backupCodes.join('\n')}</Code>
          </>
        )}
        {asked && password && <PasswordField label={t.confirmPassword} value={typed} onChange={setTyped} error={wrong} />}
        {(!made || on) && (
          <div>
            <Button
              look={on ? 'danger' : 'plain'}
              busy={turn.isPending}
              onClick={() => (password && !asked ? setAsked(true) : turn.mutate())}
            >
              {on ? t.turnOff : t.turnOn}
            </Button>
          </div>
        )}
      </div>
    </Section>
  );
};

const ChangePassword = () => {
  const again = useAgain();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const change = useMutation({
    mutationFn: () => postAuth('change-password', { currentPassword: current, newPassword: fresh, revokeOtherSessions: true }),
    onSuccess: () => {
      setCurrent('');
      setFresh('');
      toast(t.changed);
      return again();
    },
  });
  const wrong = change.error instanceof ApiProblem && change.error.status === 400 ? t.wrongPassword : undefined;
  return (
    <Section title={t.password} padded="page">
      <form
        className="flex max-w-110 flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        {change.error && !wrong && <ProblemStrip error={change.error} />}
        <PasswordField label={t.current} value={current} onChange={setCurrent} error={wrong} />
        <PasswordField label={t.fresh} value={fresh} onChange={setFresh} fresh />
        <div>
          <Button type="submit" busy={change.isPending}>
            {t.change}
          </Button>
        </div>
      </form>
    </Section>
  );
};

const Sessions = () => {
  const again = useAgain();
  const rows = useQuery(sessionsQuery).data?.items ?? [];
  const end = useMutation({
    mutationFn: (id: string) => ok(api.DELETE('/api/me/sessions/{id}', { params: { path: { id } } })),
    onSuccess: again,
  });
  const endOthers = useMutation({ mutationFn: () => ok(api.DELETE('/api/me/sessions')), onSuccess: again });
  return (
    <Section
      title={t.sessions}
      padded="page"
      action={
        rows.length > 1 && (
          <Button size="sm" look="danger" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {t.endOthers}
          </Button>
        )
      }
    >
      <ProblemStrip error={end.error ?? endOthers.error} />
      <Rows label={t.sessions}>
        {rows.map((row) => (
          <Row key={row.id}>
            <span className="min-w-0 flex-1 basis-60 truncate" title={row.agent ?? undefined}>
              {browserOf(row.agent)} {row.current && <Subtle>({t.thisOne})</Subtle>}
            </span>
            <Subtle>{row.address}</Subtle>
            <Subtle>
              {t.seen} <Time at={row.last_seen_at} />
            </Subtle>
            {!row.current && (
              <Button size="sm" look="danger" onClick={() => end.mutate(row.id)}>
                {t.end}
              </Button>
            )}
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
