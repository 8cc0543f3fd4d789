import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { screens } from '../../text/screens.ts';
import { settings } from '../../text/settings.ts';
import { ui } from '../../text/ui.ts';
import { now } from '../../time.ts';
import { Button, Tip } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Empty, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Combobox, Select } from '../../ui/select.tsx';
import { Person, Subtle, Time } from '../../ui/text.tsx';
import { KeyShown } from './key-shown.tsx';
import { type Token, tokensQuery } from './queries.ts';

const t = settings.keys;
const FILTERS = ['q', 'state'];
const DAY_MS = 86_400_000;

type KeyState = 'works' | 'revoked' | 'ended';
const stateOf = (row: Token): KeyState =>
  row.revoked_at ? 'revoked' : row.expires_at && Date.parse(row.expires_at) <= now() ? 'ended' : 'works';

const KeyMark = ({ row }: { row: Token }) => {
  const state = stateOf(row);
  return (
    <Mark state={state === 'works' ? 'ok' : 'unknown'} quiet>
      {t.state[state]}
    </Mark>
  );
};

const Scopes = ({ row }: { row: Token }) =>
  row.scopes && row.scopes.length > 0 ? (
    <Tip text={row.scopes.join(', ')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its names are in a tooltip */}
      <span tabIndex={0} className="rounded-sm">
        {row.scopes.length === 1 ? row.scopes[0] : t.scopes(row.scopes.length)}
      </span>
    </Tip>
  ) : (
    <Subtle>{t.everything}</Subtle>
  );

/** Every API key: of machines, made here, and of people, made by themselves. */
export const Keys = () => {
  const rows = useQuery(tokensQuery);
  const [search, set] = useSearchState();
  const [revoking, setRevoking] = useState<Token>();
  const making = search.make === 'yes';
  const words = (search.q ?? '').toLowerCase();
  const chosen = search.state?.split(',').filter(Boolean) ?? [];
  const shown = (rows.data?.items ?? [])
    .filter((row) => `${row.name} ${row.person ?? ''} ${row.created_by ?? ''}`.toLowerCase().includes(words))
    .filter((row) => chosen.length === 0 || chosen.includes(stateOf(row)))
    .toSorted((a, b) => Number(stateOf(a) !== 'works') - Number(stateOf(b) !== 'works') || a.name.localeCompare(b.name));
  const columns: Column<Token>[] = [
    { key: 'name', head: t.head.name, grow: true, cell: (row) => <span className="font-strong">{row.name}</span> },
    { key: 'state', head: t.head.state, cell: (row) => <KeyMark row={row} /> },
    {
      key: 'acts',
      head: t.head.acts,
      cell: (row) => (row.person ? <Person name={row.person} /> : <Subtle>{t.machine}</Subtle>),
    },
    { key: 'role', head: t.head.role, cell: (row) => settings.roles[row.role] ?? row.role },
    { key: 'scopes', head: t.head.scopes, from: 'split', cell: (row) => <Scopes row={row} /> },
    {
      key: 'used',
      head: t.head.used,
      right: true,
      cell: (row) => (row.last_used_at ? <Time at={row.last_used_at} quiet /> : <Subtle>{t.never}</Subtle>),
    },
    {
      key: 'ends',
      head: t.head.ends,
      right: true,
      from: 'split',
      cell: (row) => (row.expires_at ? <Time at={row.expires_at} quiet /> : <Subtle>{t.noEnd}</Subtle>),
    },
    {
      key: 'revoke',
      head: <span className="vh">{t.revoke}</span>,
      right: true,
      cell: (row) => <RevokeButton row={row} onRevoke={setRevoking} />,
    },
  ];
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <p className="px-(--pad) pt-4 pb-3 text-fg-muted">{t.why}</p>
      <Filters
        names={FILTERS}
        end={
          <Button look="main" size="sm" icon={<Plus size={13} aria-hidden="true" />} onClick={() => set({ make: 'yes' })}>
            {t.make}
          </Button>
        }
      >
        <FilterText label={t.filter} />
        <FilterChip
          name="state"
          label={t.stateLabel}
          options={(['works', 'ended', 'revoked'] as const).map((value) => ({ value, label: t.state[value] }))}
        />
      </Filters>
      <ProblemStrip error={rows.error} />
      {rows.isPending ? (
        <SkeletonRows />
      ) : shown.length > 0 ? (
        <List
          label={screens.settingsPart.keys}
          columns={columns}
          rows={shown}
          idOf={(row) => row.name}
          nameOf={(row) => row.name}
          isOver={(row) => stateOf(row) !== 'works'}
          fact={t.count(shown.length)}
          phone={(row) => (
            <div className="flex flex-col gap-1 px-4 py-3">
              <span className="flex items-center justify-between gap-2">
                <span className="min-w-0 font-strong wrap-anywhere">{row.name}</span>
                <KeyMark row={row} />
              </span>
              <span className="flex flex-wrap gap-x-3 text-meta text-fg-muted">
                <span>{row.person ?? t.machine}</span>
                <span>{settings.roles[row.role] ?? row.role}</span>
                <Scopes row={row} />
                <span>
                  {t.head.used} {row.last_used_at ? <Time at={row.last_used_at} /> : t.never}
                </span>
              </span>
              <RevokeButton row={row} onRevoke={setRevoking} />
            </div>
          )}
        />
      ) : FILTERS.some((name) => search[name]) ? (
        <Empty title={t.filtered} />
      ) : (
        <Empty title={t.empty.title}>{t.empty.why}</Empty>
      )}
      {making && <MakeKey onClose={() => set({ make: undefined })} />}
      {revoking && <RevokeDialog row={revoking} onClose={() => setRevoking(undefined)} />}
    </div>
  );
};

const RevokeButton = ({ row, onRevoke }: { row: Token; onRevoke: (row: Token) => void }) =>
  row.revoked_at ? null : (
    <span>
      <Button size="sm" aria-label={`${t.revoke} ${row.name}`} onClick={() => onRevoke(row)}>
        {t.revoke}
      </Button>
    </span>
  );

const RevokeDialog = ({ row, onClose }: { row: Token; onClose: () => void }) => {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => ok(api.DELETE('/api/tokens/{name}', { params: { path: { name: row.name } } })),
    onSuccess: () => {
      toast(t.revoked(row.name));
      onClose();
      return client.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.revokeTitle(row.name)}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="danger-main" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            {t.revoke}
          </Button>
        </>
      }
    >
      <ProblemStrip error={revoke.error} />
      <p className="text-fg-muted">{t.revokeWhy}</p>
    </Dialog>
  );
};

const ENDS = ['30', '90', '365', ''] as const;
const ROLES = ['observer', 'responder', 'manager', 'administrator', 'stakeholder'] as const;

const MakeKey = ({ onClose }: { onClose: () => void }) => {
  const client = useQueryClient();
  const permissions = useMe()?.permissions ?? [];
  const [name, setName] = useState('');
  const [role, setRole] = useState<(typeof ROLES)[number]>('responder');
  const [ends, setEnds] = useState<string>('365');
  const [scopes, setScopes] = useState<string[]>([]);
  const make = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/tokens', {
          body: {
            name,
            role,
            ...(ends ? { expires_at: new Date(now() + Number(ends) * DAY_MS).toISOString() } : {}),
            ...(scopes.length > 0 ? { scopes } : {}),
          },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (make.data)
    return (
      <KeyShown made={make.data} text={{ title: t.shownTitle(make.data.name), shown: t.shown, done: t.done }} onClose={onClose} />
    );
  const problem = make.error instanceof ApiProblem ? make.error : undefined;
  const at = (field: string) => (problem?.field === field ? problem.message : undefined);
  const known = ['name', 'role', 'expires_at', 'scopes'];
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.form.title}
      wide
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button type="submit" form="make-key" look="main" busy={make.isPending}>
            {t.make}
          </Button>
        </>
      }
    >
      <form
        id="make-key"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        {make.error && !known.includes(problem?.field ?? '') && <ProblemStrip error={make.error} />}
        <TextField
          label={t.form.name}
          hint={t.form.nameHint}
          required
          error={at('name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="grid gap-3 desk:grid-cols-2">
          <Select
            label={t.form.role}
            value={role}
            onChange={(next) => setRole(next as typeof role)}
            error={at('role')}
            options={ROLES.map((value) => ({ value, label: settings.roles[value] ?? value }))}
          />
          <Select
            label={t.form.ends}
            value={ends}
            onChange={setEnds}
            error={at('expires_at')}
            options={ENDS.map((value) => ({
              value,
              label: value === '' ? t.form.never : value === '365' ? t.form.year : t.form.days(Number(value)),
            }))}
          />
        </div>
        <Combobox
          label={t.form.scopes}
          hint={role === 'manager' && scopes.length === 0 ? t.form.machineManager : t.form.scopesHint}
          error={at('scopes')}
          value={scopes}
          onChange={setScopes}
          options={permissions.map((value) => ({ value, label: value }))}
        />
      </form>
    </Dialog>
  );
};
