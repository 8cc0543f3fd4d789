import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, ok } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { setup } from '../../text/setup.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { fieldError } from '../editing/field-error.ts';
import { personJournalQuery, personQuery } from '../me/queries.ts';

const t = setup.reach;

/** Only who is paged can prove it; whoever else looks is led there. */
export const ReachStep = ({ person }: { person: string | null }) => {
  const me = useMe()?.person?.name;
  if (person === null || person === me) return <OwnReach />;
  return (
    <Link to={`/people/${person}`} look="main">
      {t.look(person)}
    </Link>
  );
};

/** A code goes to the mail address, which is made a contact method by it, and comes back: pages reach it. */
const OwnReach = () => {
  const client = useQueryClient();
  const name = useMe()?.person?.name ?? '';
  const person = useQuery({ ...personQuery(name), enabled: name !== '' }).data;
  const [code, setCode] = useState('');
  const mine = person?.data.contact_methods.find((one) => !one.verified);
  const label = mine?.label ?? 'email';
  const address = mine?.address ?? person?.data.email ?? '';
  const params = { path: { name, label } };
  const refresh = () => Promise.all(['people', 'setup'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  const send = useMutation({
    mutationFn: async () => {
      if (!person) return;
      const { contact_methods, notification_rules } = person.data;
      if (!mine)
        await ok(
          api.PUT('/api/people/{name}/reach', {
            params: { path: { name } },
            body: { contact_methods: [...contact_methods, { label, channel: 'email', address }], notification_rules },
            headers: ifMatch(undefined),
          }),
        );
      await ok(api.POST('/api/people/{name}/contact-methods/{label}/send-code', { params }));
    },
    onSettled: refresh,
  });
  const verify = useMutation({
    mutationFn: () => ok(api.POST('/api/people/{name}/contact-methods/{label}/verify', { params, body: { code } })),
    onSuccess: refresh,
  });
  const [last] = useQuery({ ...personJournalQuery(name), enabled: send.isSuccess }).data ?? [];
  if (!person) return null;
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
