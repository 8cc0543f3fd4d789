import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { type ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { people } from '../../text/people.ts';
import { signOn as t } from '../../text/sign-on.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, TextField } from '../../ui/field.tsx';
import { Empty, ProblemStrip, Section, SkeletonRows, Strip } from '../../ui/layout.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { Code } from '../../ui/text.tsx';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { ROLES, type Role } from '../people/queries.ts';
import { MappingRows } from './mapping-rows.tsx';
import { oneSignOnQuery, type SignOnRow, signOnQuery } from './queries.ts';
import { Directory } from './scim.tsx';

type Settings = SignOnRow['settings'];
const FRESH: Settings = {
  kind: 'oidc',
  title: '',
  issuer: '',
  client_id: '',
  client_secret: '',
  scopes: ['openid', 'email', 'profile'],
  email_claim: 'email',
  groups_claim: 'groups',
  mapping: [],
  create_people: false,
  default_role: 'observer',
  trust_email: false,
};
const at = (id: string) => ({ params: { path: { id } } });

/** The providers by which people sign in. */
export const SignOns = () => {
  const rows = useQuery(signOnQuery);
  const [open, setOpen] = useState<string>();
  const items = rows.data?.items ?? [];
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div className="flex flex-wrap items-center gap-3 px-(--pad) py-4">
        <p className="min-w-0 flex-1 basis-80 text-fg-muted">{t.why}</p>
        {open !== '' && (
          <Button look="main" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setOpen('')}>
            {t.add}
          </Button>
        )}
      </div>
      <ProblemStrip error={rows.error} />
      {open === '' && <AddProvider onClose={() => setOpen(undefined)} />}
      {rows.isPending ? (
        <SkeletonRows rows={3} />
      ) : items.length === 0 && open !== '' ? (
        <Empty title={t.empty.title}>{t.empty.why}</Empty>
      ) : (
        items.map((row) => (
          <Provider key={row.id} row={row} open={open === row.id} onTurn={(on) => setOpen(on ? row.id : undefined)} />
        ))
      )}
      <Directory />
    </div>
  );
};

const Provider = ({ row, open, onTurn }: { row: SignOnRow; open: boolean; onTurn: (on: boolean) => void }) => {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const test = useMutation({ mutationFn: () => ok(api.POST('/api/sign-on/{id}/test', { ...at(row.id), body: {} })) });
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/sign-on/{id}', at(row.id))),
    onSuccess: () => {
      toast(t.removed(row.settings.title));
      return client.invalidateQueries({ queryKey: ['settings'] });
    },
    onSettled: () => setAsking(false),
  });
  return (
    <Section title={row.settings.title} fact={`${row.id}, ${t.people(row.people)}`} padded="page">
      <p className="mb-2 truncate text-fg-muted">{row.settings.issuer}</p>
      <p className="text-meta">{t.redirect}</p>
      <div className="my-1 max-w-180">
        <Code label={t.redirect}>{row.redirect_url}</Code>
      </div>
      <ProblemStrip error={test.error ?? remove.error} />
      {test.data && (test.data.ok ? <Strip state="ok">{t.works}</Strip> : <Strip state="critical">{test.data.problem}</Strip>)}
      <div className="flex flex-wrap gap-2 pt-2">
        <Button busy={test.isPending} onClick={() => test.mutate()}>
          {t.test}
        </Button>
        <Button aria-expanded={open} onClick={() => onTurn(!open)}>
          {open ? t.close : t.edit}
        </Button>
        <Button look="danger" onClick={() => setAsking(true)}>
          {t.remove}
        </Button>
      </div>
      {open && <EditProvider id={row.id} onDone={() => onTurn(false)} />}
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t.removeTitle(row.settings.title)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{ui.cancel}</Button>
            <Button look="danger-main" busy={remove.isPending} onClick={() => remove.mutate()}>
              {t.remove}
            </Button>
          </>
        }
      >
        <p className="text-fg-muted">{t.removeWhy(row.people)}</p>
      </Dialog>
    </Section>
  );
};

const EditProvider = ({ id, onDone }: { id: string; onDone: () => void }) => {
  const one = useQuery(oneSignOnQuery(id));
  if (!one.data) return <ProblemStrip error={one.error} />;
  return <ProviderForm id={id} current={{ data: one.data.data.settings, tag: one.data.tag }} onDone={onDone} />;
};

const AddProvider = ({ onClose }: { onClose: () => void }) => {
  const [id, setId] = useState('');
  return (
    <Section title={t.add} padded="page">
      <div className="max-w-110">
        <TextField label={t.id} hint={t.idHint} required value={id} onChange={(event) => setId(event.target.value)} />
      </div>
      <ProviderForm id={id} current={{ data: FRESH, tag: undefined }} fresh onDone={onClose} />
    </Section>
  );
};

const ProviderForm = ({
  id,
  current,
  fresh,
  onDone,
}: {
  id: string;
  current: Tagged<Settings>;
  fresh?: boolean;
  onDone: () => void;
}) => {
  const client = useQueryClient();
  const draft = useDraft(current);
  const { value } = draft;
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/sign-on/{id}', {
          ...at(id),
          body: value,
          headers: fresh ? { 'if-none-match': '*' } : ifMatch(draft.base.tag),
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['settings'] });
      draft.discard();
      toast(t.saved(value.title));
      onDone();
    },
  });
  const problem = isStale(save.error) ? undefined : ((save.error as ApiProblem | null) ?? undefined);
  const text = (key: 'title' | 'issuer' | 'client_id' | 'client_secret' | 'groups_claim', label: string, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      required
      error={problem?.field === key ? problem.message : undefined}
      value={value[key]}
      onChange={(event) => draft.set({ ...value, [key]: event.target.value })}
    />
  );
  const roles = ROLES.map((role) => ({ value: role, label: people.roles[role] as string }));
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
      {problem && !['title', 'issuer', 'client_id', 'client_secret', 'groups_claim'].includes(problem.field ?? '') && (
        <ProblemStrip error={problem} />
      )}
      {text('title', t.title, t.titleHint)}
      {text('issuer', t.issuer, t.issuerHint)}
      {text('client_id', t.clientId)}
      {text('client_secret', t.clientSecret, t.clientSecretHint)}
      <Checkbox checked={value.create_people} onChange={(create_people) => draft.set({ ...value, create_people })}>
        {t.createPeople}
      </Checkbox>
      <Checkbox checked={value.trust_email} onChange={(trust_email) => draft.set({ ...value, trust_email })}>
        {t.trustEmail}
      </Checkbox>
      <Select
        label={t.defaultRole}
        value={value.default_role}
        onChange={(role) => draft.set({ ...value, default_role: role as Role })}
        options={roles}
      />
      {text('groups_claim', t.groupsClaim)}
      <h3 className="pt-2 font-strong">{t.mapping}</h3>
      <MappingRows mapping={value.mapping} onChange={(mapping) => draft.set({ ...value, mapping })} problem={problem} />
      <div className="flex items-center gap-2">
        <Button
          type="submit"
          look="main"
          busy={save.isPending}
          disabled={fresh && id === ''}
          title={fresh && id === '' ? t.id : undefined}
        >
          {t.save}
        </Button>
        <Button look="quiet" onClick={onDone}>
          {ui.cancel}
        </Button>
      </div>
    </form>
  );
};
