import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { setup } from '../../text/setup.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { fieldError } from '../editing/field-error.ts';
import { personJournalQuery, reachQuery } from '../me/queries.ts';
import { withMethod } from '../me/reach-changes.ts';
import { useReachChange } from '../me/use-reach-change.ts';
import { type Channel, settingsQuery } from '../settings/queries.ts';
import { methodToProve } from './method-to-prove.ts';

const t = setup.reach;

/** Only who is paged can prove it; whoever else looks is led there. */
export const ReachStep = ({ person }: { person: string | null }) => {
  const me = useMe()?.person;
  if (me && (person === null || person === me.name)) return <OwnReach name={me.name} email={me.email} />;
  if (person === null) return null;
  return (
    <Link to={`/people/${person}`} look="main">
      {t.look(person)}
    </Link>
  );
};

/** A code goes to a contact method, which the mail address is made if need be, and comes back: pages reach it. */
const OwnReach = ({ name, email }: { name: string; email: string }) => {
  const client = useQueryClient();
  const reach = useQuery(reachQuery(name)).data;
  const channels = useQuery(settingsQuery).data?.data.channels;
  const change = useReachChange(name);
  const [code, setCode] = useState('');
  const found = reach && channels && methodToProve(reach.data.contact_methods, email, Object.keys(channels) as Channel[]);
  const address = found?.method.address ?? '';
  const params = { path: { name, label: found?.method.label ?? '' } };
  const refresh = () => Promise.all(['people', 'setup'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  const send = useMutation({
    mutationFn: async () => {
      if (found?.added) await change.mutateAsync({ change: withMethod(found.method) });
      await ok(api.POST('/api/people/{name}/contact-methods/{label}/send-code', { params }));
    },
    onSettled: refresh,
  });
  const verify = useMutation({
    mutationFn: () => ok(api.POST('/api/people/{name}/contact-methods/{label}/verify', { params, body: { code } })),
    onSuccess: refresh,
  });
  const [last] = useQuery({ ...personJournalQuery(name), enabled: send.isSuccess }).data ?? [];
  if (!reach || !channels) return null;
  if (!found)
    return (
      <Link to="/me" look="main">
        {t.others}
      </Link>
    );
  return (
    <div className="flex flex-col gap-3">
      <ProblemStrip error={send.error} />
      {send.isSuccess && (
        <form
          className="flex flex-col gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            verify.mutate();
          }}
        >
          <p aria-live="polite" className="wrap-anywhere">
            {last?.type === 'person.message_failed' ? (
              <Mark state="critical">
                <span className="whitespace-normal">{last.text}</span>
              </Mark>
            ) : (
              t.sent(address)
            )}
          </p>
          <div className="w-44">
            <TextField
              label={t.code}
              error={(verify.data && !verify.data.verified ? t.wrong : undefined) ?? fieldError(verify.error, 'code')}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </div>
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="main" busy={verify.isPending}>
              {t.verify}
            </Button>
            <Button look="quiet" busy={send.isPending} onClick={() => send.mutate()}>
              {t.again}
            </Button>
          </div>
        </form>
      )}
      {!send.isSuccess && (
        <div>
          <Button look="main" busy={send.isPending} onClick={() => send.mutate()}>
            {t.send(address)}
          </Button>
        </div>
      )}
      <p className="text-meta">
        <Link to="/me">{t.others}</Link>
      </p>
    </div>
  );
};
