import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { settings as text } from '../../text/settings.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Select } from '../../ui/select.tsx';
import { personQuery } from '../me/queries.ts';
import type { Channel } from './queries.ts';

const t = text.channels;

/** One message now, and what the provider said of it. It goes by what is saved, so what is typed is saved first. */
export const TestMessage = ({ channel, vendors, dirty }: { channel: Channel; vendors: string[]; dirty: boolean }) => {
  const me = useMe()?.person;
  const own = useQuery({ ...personQuery(me?.name ?? ''), enabled: Boolean(me) }).data?.data;
  const method = own?.contact_methods.find((one) => one.channel === channel)?.address;
  const offered = method ?? (channel === 'email' ? own?.email : undefined) ?? '';
  const [typed, setTyped] = useState<string>();
  const to = typed ?? offered;
  const [chosen, setChosen] = useState<string>();
  const vendor = chosen && vendors.includes(chosen) ? chosen : vendors[0];
  const test = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/settings/channels/{channel}/test', {
          params: { path: { channel } },
          body: { to, ...(vendor ? { vendor } : {}) },
        }),
      ),
  });
  const field = test.error instanceof ApiProblem && test.error.field === 'to' ? test.error.message : undefined;
  return (
    <form
      className="pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        test.mutate();
      }}
    >
      {test.error && !field && <ProblemStrip error={test.error} />}
      <div className="flex flex-wrap items-end gap-2">
        <div className="w-72 max-desk:w-full">
          <TextField
            label={t.testTo}
            error={field}
            required
            placeholder={t.testHint[channel]}
            value={to}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        {vendors.length > 1 && (
          <div className="w-36 max-desk:w-full">
            <Select
              label={t.testBy}
              value={vendor ?? ''}
              options={vendors.map((one) => ({ value: one, label: t.vendor[one] ?? one }))}
              onChange={setChosen}
            />
          </div>
        )}
        <Button type="submit" busy={test.isPending} disabled={dirty} title={dirty ? t.testFirst : undefined}>
          {t.test}
        </Button>
      </div>
      <div aria-live="polite" className="pt-1.5 wrap-anywhere empty:hidden">
        {test.data && (
          <span className={`whitespace-normal ${test.data.outcome === 'sent' ? '' : 's-critical'}`}>
            <Mark state={test.data.outcome === 'sent' ? 'ok' : 'critical'}>
              <span className="whitespace-normal">
                {test.data.outcome === 'sent' ? t.testSent(test.data.detail, test.data.seconds) : t.testFailed(test.data.detail)}
              </span>
            </Mark>
          </span>
        )}
      </div>
    </form>
  );
};
