import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { setup } from '../../text/setup.ts';
import { Button, Link } from '../../ui/button.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { fieldError } from '../editing/field-error.ts';
import { FIELDS, withField } from '../settings/channel-fields.ts';
import { settingsQuery } from '../settings/queries.ts';
import { SettingField } from '../settings/setting-field.tsx';

const t = setup.channel;
/** Where answers arrive is for later. */
const ASKED = FIELDS.email.filter((spec) => !['reply_to', 'plus_address'].includes(spec.key));

/** The mail server, saved and tried in one go: what it answers stands where it was typed. */
export const ChannelStep = () => {
  const client = useQueryClient();
  const me = useMe()?.person;
  const current = useQuery(settingsQuery).data;
  const saved = current?.data.channels.email;
  const [typed, setTyped] = useState<Record<string, unknown>>();
  const config = typed ?? saved ?? {};
  const save = useMutation({
    mutationFn: async () => {
      if (!current) return undefined;
      // What is left out stays as it is.
      const { compensation: _, wording: _words, ...delivery } = current.data;
      const body = { ...delivery, channels: { ...delivery.channels, email: config } };
      await ok(api.PUT('/api/settings', { body, headers: ifMatch(current.tag) }));
      return ok(
        api.POST('/api/settings/channels/{channel}/test', {
          params: { path: { channel: 'email' } },
          body: { to: me?.email ?? '' },
        }),
      );
    },
    onSettled: async () => {
      await Promise.all(['settings', 'setup'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
  if (!current || !me) return null;
  const problem = save.error instanceof ApiProblem ? save.error : undefined;
  const known = ASKED.some((spec) => problem?.field === `channels.email.${spec.key}`);
  const test = save.isPending ? undefined : save.data;
  return (
    <form
      aria-label={t.form}
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.error && !known && <ProblemStrip error={save.error} />}
      <div className="grid gap-3 desk:grid-cols-2">
        {ASKED.map((spec) => (
          <SettingField
            key={spec.key}
            spec={spec}
            value={config[spec.key]}
            error={fieldError(problem, `channels.email.${spec.key}`)}
            onChange={(value) => setTyped(withField(config, saved, spec, value))}
          />
        ))}
      </div>
      <p className="text-meta text-fg-subtle">{t.sink}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="main" busy={save.isPending}>
          {t.do}
        </Button>
        <span className="text-meta">
          <Link to="/settings/channels">{t.others}</Link>
        </span>
      </div>
      <div aria-live="polite" className="wrap-anywhere empty:hidden">
        {test?.outcome === 'failed' && (
          <Mark state="critical">
            <span className="whitespace-normal">{t.failed(test.detail)}</span>
          </Mark>
        )}
      </div>
    </form>
  );
};
