import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { me as t } from '../../text/me.ts';
import { ui } from '../../text/ui.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Row } from '../../ui/rows.tsx';
import { Select } from '../../ui/select.tsx';
import { Subtle } from '../../ui/text.tsx';
import { type Method, shownAddress } from './reach-changes.ts';

/** Whether the server refused an address, which is said at its field. */
export const isOfAddress = (error: unknown): error is ApiProblem =>
  error instanceof ApiProblem && error.field?.endsWith('.address') === true;

/** One way to reach somebody, and the code that proves it. */
export const MethodRow = ({
  person,
  method,
  problem,
  onRemove,
}: {
  person: string;
  method: Method;
  problem: string | undefined;
  onRemove: () => void;
}) => {
  const client = useQueryClient();
  const [code, setCode] = useState('');
  const params = { path: { name: person, label: method.label } };
  const send = useMutation({
    mutationFn: () => ok(api.POST('/api/people/{name}/contact-methods/{label}/send-code', { params })),
  });
  const verify = useMutation({
    mutationFn: () => ok(api.POST('/api/people/{name}/contact-methods/{label}/verify', { params, body: { code } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
  // What a provider has given up on counts again once a code comes back.
  const isOpen = !method.verified || problem !== undefined;
  const wrong = verify.data && !verify.data.verified ? t.codeWrong : undefined;
  const refused = verify.error instanceof ApiProblem ? verify.error.message : undefined;
  return (
    <Row>
      <span className="w-24 font-strong">{method.label}</span>
      <Subtle>{t.channels[method.channel]}</Subtle>
      <span className="min-w-0 flex-1 basis-40 truncate">{shownAddress(method)}</span>
      {problem ? (
        <Mark state="critical">{problem}</Mark>
      ) : method.verified ? (
        <Mark state="ok" quiet>
          {t.verified}
        </Mark>
      ) : (
        <Mark state="medium">{t.unverified}</Mark>
      )}
      {isOpen && (
        <Button size="sm" onClick={() => send.mutate()} busy={send.isPending}>
          {t.sendCode}
        </Button>
      )}
      <IconButton label={ui.remove(method.label)} look="quiet" size="sm" onClick={onRemove}>
        <X size={13} aria-hidden="true" />
      </IconButton>
      {(send.isSuccess || send.error) && isOpen && (
        <form
          className="flex basis-full flex-wrap items-end gap-2 pb-2"
          onSubmit={(event) => {
            event.preventDefault();
            verify.mutate();
          }}
        >
          {send.error ? (
            <ProblemStrip error={send.error} />
          ) : (
            <>
              <TextField
                label={t.code}
                hint={t.codeSent(method.label)}
                error={wrong ?? refused}
                inputMode="numeric"
                autoComplete="one-time-code"
                required
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
              <Button type="submit" busy={verify.isPending}>
                {t.verify}
              </Button>
            </>
          )}
        </form>
      )}
    </Row>
  );
};

export const AddMethod = ({
  taken,
  busy,
  error,
  onAdd,
}: {
  taken: string[];
  busy: boolean;
  error: unknown;
  onAdd: (method: Method, done: () => void) => void;
}) => {
  const [open, setOpen] = useState(false);
  const [channel, setChannel] = useState<Method['channel']>('sms');
  const [label, setLabel] = useState('');
  const [address, setAddress] = useState('');
  if (!open)
    return (
      <div className="pt-2">
        <Button icon={<Plus size={13} aria-hidden="true" />} onClick={() => setOpen(true)}>
          {t.add}
        </Button>
      </div>
    );
  const refused = isOfAddress(error) ? error.message : undefined;
  const used = taken.includes(label || channel);
  return (
    <form
      className="grid max-w-160 grid-cols-1 gap-3 pt-3 desk:grid-cols-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (used) return;
        onAdd({ label: label || channel, channel, address }, () => {
          setOpen(false);
          setLabel('');
          setAddress('');
        });
      }}
    >
      <Select
        label={t.channel}
        value={channel}
        onChange={(value) => setChannel(value as Method['channel'])}
        options={Object.entries(t.channels)
          .filter(([value]) => value !== 'webpush')
          .map(([value, name]) => ({ value, label: name }))}
      />
      <TextField
        label={t.label}
        hint={t.labelHint}
        placeholder={channel}
        error={used ? t.labelUsed : undefined}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
      />
      <TextField
        label={t.address}
        hint={t.addressHint[channel]}
        error={refused}
        required
        value={address}
        onChange={(event) => setAddress(event.target.value)}
      />
      <div className="flex gap-2">
        <Button type="submit" busy={busy}>
          {t.add}
        </Button>
        <Button look="quiet" onClick={() => setOpen(false)}>
          {ui.cancel}
        </Button>
      </div>
    </form>
  );
};
