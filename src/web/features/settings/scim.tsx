import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { scim as t } from '../../text/scim.ts';
import { signOn } from '../../text/sign-on.ts';
import { ui } from '../../text/ui.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Details, ProblemStrip, Section } from '../../ui/layout.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Select } from '../../ui/select.tsx';
import { Code, Subtle, Time } from '../../ui/text.tsx';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import type { Role } from '../people/queries.ts';
import { KeyShown } from './key-shown.tsx';
import { MappingRows, roleOptions } from './mapping-rows.tsx';
import { scimQuery } from './queries.ts';

type Scim = Awaited<ReturnType<NonNullable<typeof scimQuery.queryFn>>>['data'];
/** Refused requests that are shown; the audit log is no place for them. */
const SHOWN = 5;

/** A directory that brings people and groups over SCIM. */
export const Directory = () => {
  const found = useQuery(scimQuery);
  const [making, setMaking] = useState(false);
  if (!found.data) return <ProblemStrip error={found.error} />;
  const { data, tag } = found.data;
  const last = data.refused[0];
  return (
    <Section title={t.title} fact={t.people(data.users)} padded="page">
      <p className="mb-2 max-w-180 text-fg-muted">{t.why}</p>
      <p className="text-meta">{t.base}</p>
      <div className="my-1 max-w-180">
        <Code label={t.base}>{data.base_url}</Code>
      </div>
      <div className="max-w-180 py-2">
        <Details
          items={[
            { label: t.keys, value: data.keys.length === 0 ? t.noKey : <Keys keys={data.keys} /> },
            { label: t.lastRequest, value: data.last_request_at ? <Time at={data.last_request_at} /> : t.never },
            { label: t.lastRefused, value: last ? <Time at={last.at} /> : t.nothingRefused },
          ]}
        />
      </div>
      {data.refused.length > 0 && (
        <div className="max-w-180">
          <Rows label={t.refused}>
            {data.refused.slice(0, SHOWN).map((one, index) => (
              <Row key={index}>
                <Time at={one.at} seconds />
                <span>
                  {one.method} {one.path}
                </span>
                <span className="basis-full text-fg-muted">{t.refusedWith(one.status, one.key, one.reason)}</span>
              </Row>
            ))}
          </Rows>
        </div>
      )}
      <div className="flex gap-2 pt-2">
        <Button onClick={() => setMaking(true)}>{t.makeKey}</Button>
        <Link to="/settings/keys" look="button">
          {t.allKeys}
        </Link>
      </div>
      <Give settings={{ data: data.settings, tag }} groups={data.groups} />
      {making && <MakeKey onClose={() => setMaking(false)} />}
    </Section>
  );
};

const Keys = ({ keys }: { keys: Scim['keys'] }) => (
  <Rows>
    {keys.map((key) => (
      <li key={key.name}>
        {key.name}{' '}
        <Subtle>
          {key.last_used_at ? (
            <>
              {t.used} <Time at={key.last_used_at} />
            </>
          ) : (
            t.unused
          )}
        </Subtle>
      </li>
    ))}
  </Rows>
);

const MakeKey = ({ onClose }: { onClose: () => void }) => {
  const client = useQueryClient();
  const [name, setName] = useState('directory');
  const make = useMutation({
    mutationFn: () => ok(api.POST('/api/tokens', { body: { name, scopes: ['scim'] } as never })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['settings'] });
      await client.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  const problem = make.error instanceof ApiProblem ? make.error : undefined;
  if (make.data)
    return <KeyShown made={make.data} text={{ title: t.made(make.data.name), shown: t.shown, done: t.done }} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.makeKey}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button type="submit" form="make-scim-key" look="main" busy={make.isPending}>
            {t.make}
          </Button>
        </>
      }
    >
      <form
        id="make-scim-key"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        {problem?.field !== 'name' && <ProblemStrip error={make.error} />}
        <TextField
          label={t.keyName}
          hint={t.keyHint}
          required
          error={problem?.field === 'name' ? problem.message : undefined}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  );
};

/** Groups there are, and what they give. */
const Give = ({ settings, groups }: { settings: Tagged<Scim['settings']>; groups: Scim['groups'] }) => {
  const client = useQueryClient();
  const draft = useDraft(settings);
  const { value } = draft;
  const save = useMutation({
    mutationFn: () => ok(api.PUT('/api/scim', { body: value, headers: ifMatch(draft.base.tag) })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['settings'] });
      draft.discard();
      toast(t.saved);
    },
  });
  const problem = isStale(save.error) ? undefined : ((save.error as ApiProblem | null) ?? undefined);
  const named = new Set(value.mapping.map((one) => one.group));
  const free = groups.filter((one) => !named.has(one.name) && !(one.external_id && named.has(one.external_id)));
  return (
    <form
      className="flex max-w-180 flex-col gap-3 pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <LeaveGuard changes={draft.dirty ? 1 : 0} />
      <StaleStrip draft={draft} refused={isStale(save.error) ? save.error : undefined} onResolved={save.reset} />
      {problem && !problem.field?.startsWith('mapping.') && <ProblemStrip error={problem} />}
      <h3 className="font-strong">{signOn.mapping}</h3>
      <p className="text-fg-muted">{groups.length === 0 ? t.noGroups : t.groupsSeen(groups.length, free.length)}</p>
      {free.length > 0 && (
        <Rows label={t.freeGroups}>
          {free.map((one) => (
            <Row key={one.name}>
              <span className="min-w-0 truncate">{one.name}</span>
              <Subtle>{t.members(one.members)}</Subtle>
              <span className="ml-auto">
                <Button
                  size="sm"
                  onClick={() => draft.set({ ...value, mapping: [...value.mapping, { group: one.name, role: 'responder' }] })}
                >
                  {t.map(one.name)}
                </Button>
              </span>
            </Row>
          ))}
        </Rows>
      )}
      <MappingRows mapping={value.mapping} onChange={(mapping) => draft.set({ ...value, mapping })} problem={problem} />
      <Select
        label={signOn.defaultRole}
        value={value.default_role}
        onChange={(role) => draft.set({ ...value, default_role: role as Role })}
        options={roleOptions}
      />
      <div className="flex items-center gap-2">
        <Button type="submit" busy={save.isPending} disabled={!draft.dirty} title={draft.dirty ? undefined : t.unchanged}>
          {t.save}
        </Button>
        {draft.dirty && (
          <Button look="quiet" onClick={draft.discard}>
            {ui.cancel}
          </Button>
        )}
      </div>
    </form>
  );
};
