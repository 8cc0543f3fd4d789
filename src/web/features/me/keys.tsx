import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { me as t } from '../../text/me.ts';
import { Button } from '../../ui/button.tsx';
import { DateTimeField, TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { Badge } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Combobox } from '../../ui/select.tsx';
import { Code, Subtle, Time } from '../../ui/text.tsx';
import { tokensQuery } from './queries.ts';

/** Keys of one's own: made, shown once, revoked. */
export const OwnKeys = () => {
  const client = useQueryClient();
  const permissions = useMe()?.permissions ?? [];
  const tokens = useQuery(tokensQuery);
  const rows = tokens.data?.items ?? [];
  const [name, setName] = useState('');
  const [ends, setEnds] = useState<string>();
  const [scopes, setScopes] = useState<string[]>([]);
  const again = () => client.invalidateQueries({ queryKey: ['me', 'tokens'] });
  const make = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/me/tokens', {
          body: { name, ...(ends ? { expires_at: ends } : {}), ...(scopes.length > 0 ? { scopes } : {}) },
        }),
      ),
    onSuccess: again,
  });
  const revoke = useMutation({
    mutationFn: (one: string) => ok(api.DELETE('/api/me/tokens/{name}', { params: { path: { name: one } } })),
    onSuccess: again,
  });
  const at = (field: string) => (make.error instanceof ApiProblem && make.error.field === field ? make.error.message : undefined);
  return (
    <Section title={t.keys} padded="page">
      <p className="mb-2 text-fg-muted">{t.keysWhy}</p>
      <ProblemStrip error={revoke.error ?? tokens.error} />
      {tokens.data && rows.length === 0 && <p className="text-fg-subtle">{t.noKeys}</p>}
      <Rows label={t.keys}>
        {rows.map((row) => (
          <Row key={row.name}>
            <span className="min-w-0 flex-1 basis-40 font-strong">{row.name}</span>
            {row.scopes?.map((scope) => (
              <Badge key={scope}>{scope}</Badge>
            ))}
            <Subtle>
              {row.last_used_at ? (
                <>
                  {t.lastUsed} <Time at={row.last_used_at} />
                </>
              ) : (
                t.never
              )}
            </Subtle>
            {row.expires_at && (
              <Subtle>
                {t.ends} <Time at={row.expires_at} />
              </Subtle>
            )}
            {row.revoked_at ? (
              <Subtle>{t.revoked}</Subtle>
            ) : (
              <Button size="sm" look="danger" onClick={() => revoke.mutate(row.name)}>
                {t.revoke}
              </Button>
            )}
          </Row>
        ))}
      </Rows>
      {make.data && (
        <div className="flex flex-col gap-1 py-3">
          <p className="font-strong">{t.keyShown}</p>
          <Code label={make.data.name}>{make.data.token}</Code>
        </div>
      )}
      <form
        className="flex max-w-110 flex-col gap-3 pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <TextField label={t.keyName} required error={at('name')} value={name} onChange={(event) => setName(event.target.value)} />
        <DateTimeField label={t.keyExpires} error={at('expires_at')} value={ends} onChange={setEnds} />
        <Combobox
          label={t.keyScopes}
          hint={t.keyScopesHint}
          value={scopes}
          onChange={setScopes}
          options={permissions.map((value) => ({ value, label: value }))}
        />
        {make.error && !at('name') && !at('expires_at') && <ProblemStrip error={make.error} />}
        <div>
          <Button type="submit" busy={make.isPending}>
            {t.makeKey}
          </Button>
        </div>
      </form>
    </Section>
  );
};
