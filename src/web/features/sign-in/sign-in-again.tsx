import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { signInQuery } from '../../api/auth.ts';
import { api, ok } from '../../api/client.ts';
import { tryNow } from '../../api/live.ts';
import { useMe } from '../../api/me.ts';
import { setSignedOut } from '../../shell/signed-out.ts';
import { signIn as text } from '../../text/sign-in.ts';
import { Dialog } from '../../ui/overlay.tsx';
import { Passkey, PasswordForm, SecondFactor } from './sign-in-form.tsx';

/** Above the page she was at, which keeps what she typed. Somebody else who signs in here begins anew. */
export default function SignInAgain() {
  const before = useMe()?.person?.name;
  const canMail = useQuery(signInQuery).data?.mail ?? true;
  const navigate = useNavigate();
  const { pathname, searchStr } = useLocation();
  const [factor, setFactor] = useState(false);
  const done = async () => {
    const now = await ok(api.GET('/api/me'));
    if (now.person?.name !== before) return location.assign('/');
    setSignedOut(false);
    // Reads anew all that was refused meanwhile, and listens again.
    tryNow();
  };
  return (
    <Dialog
      open
      title={text.again}
      onClose={() => {
        setSignedOut(false);
        void navigate({ to: '/sign-in', search: { return: `${pathname}${searchStr}` } });
      }}
    >
      <p className="text-fg-muted">{text.againWhy}</p>
      {factor ? (
        <SecondFactor onDone={() => void done()} onBack={() => setFactor(false)} />
      ) : (
        <>
          <PasswordForm onFactor={() => setFactor(true)} onDone={() => void done()} canMail={canMail} />
          <Passkey onDone={() => void done()} />
        </>
      )}
    </Dialog>
  );
}
