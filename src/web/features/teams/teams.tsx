import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useCan, useMe } from '../../api/me.ts';
import { useTitle } from '../../shell/shell.tsx';
import { people as t } from '../../text/people.ts';
import { ui } from '../../text/ui.ts';
import { Button, IconButton, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Empty, PageHead, ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { type Column, List } from '../../ui/list.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Combobox, Select } from '../../ui/select.tsx';
import { Person, Subtle } from '../../ui/text.tsx';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, useDraft } from '../editing/use-draft.ts';
import { peopleQuery, servicesQuery, teamsQuery } from '../incidents/queries.ts';
import { TeamHealth } from '../on-call-health/team-health.tsx';
import { useCalled } from '../people/called.ts';
import { LoadSection } from '../people/load.tsx';
import { teamQuery } from '../people/queries.ts';

type Grant = { person: string; role: 'manager' | 'responder' | 'observer' };
type Team = { name: string; title: string; lead?: string | undefined; members: string[]; grants: Grant[] };

const columnsOf = (called: (name: string) => string): Column<Team>[] => [
  {
    key: 'name',
    head: t.head.name,
    cell: (row) => (
      <Link to={`/teams/${row.name}`} look="plain">
        <span className="font-strong">{row.title || row.name}</span>
      </Link>
    ),
  },
  { key: 'lead', head: t.lead, cell: (row) => <Person name={row.lead && called(row.lead)} nobody={t.noLead} /> },
  { key: 'members', head: t.members, grow: true, cell: (row) => <Subtle>{row.members.map(called).join(', ')}</Subtle> },
];

export const TeamsList = () => {
  const navigate = useNavigate();
  const can = useCan();
  const me = useMe();
  const [adding, setAdding] = useState(false);
  const teams = useQuery(teamsQuery);
  const called = useCalled();
  const rows = (teams.data?.items ?? []) as Team[];
  return (
    <>
      <PageHead title={t.teamsTitle} fact={teams.data && t.teamsFact(rows.length)}>
        {can('team.write') && me?.role === 'administrator' && (
          <Button look="main" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setAdding(true)}>
            {t.addTeam}
          </Button>
        )}
      </PageHead>
      <ProblemStrip error={teams.error} />
      {teams.isPending ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        <Empty title={t.noTeams}>{t.noTeamsWhy}</Empty>
      ) : (
        <List
          label={t.teamsTitle}
          columns={columnsOf(called)}
          rows={rows}
          idOf={(row) => row.name}
          nameOf={(row) => row.title || row.name}
          onOpen={(row) => void navigate({ to: `/teams/${row.name}` })}
          phone={(row) => (
            <Link to={`/teams/${row.name}`} look="row">
              <span className="font-strong">{row.title || row.name}</span>
              <Subtle>{row.members.map(called).join(', ')}</Subtle>
            </Link>
          )}
        />
      )}
      {adding && <AddTeam onClose={() => setAdding(false)} />}
    </>
  );
};

const AddTeam = ({ onClose }: { onClose: () => void }) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/teams/{name}', {
          params: { path: { name } },
          body: { title: '', members: [], grants: [] },
          headers: { 'if-none-match': '*' },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['teams'] });
      onClose();
      await navigate({ to: `/teams/${name}` });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.addTeam}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="main" busy={save.isPending} onClick={() => save.mutate()}>
            {t.addTeam}
          </Button>
        </>
      }
    >
      <TextField
        label={t.name}
        hint={t.nameHint}
        error={save.error instanceof ApiProblem ? save.error.message : undefined}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </Dialog>
  );
};

export const TeamDetail = ({ name }: { name: string }) => {
  const team = useQuery(teamQuery(name));
  useTitle(team.data?.data.title || name);
  if (team.error) return <ProblemStrip error={team.error} />;
  if (!team.data) return <SkeletonRows />;
  return <TeamForm key={name} current={team.data as { data: Team; tag: string | undefined }} />;
};

const TeamForm = ({ current }: { current: { data: Team; tag: string | undefined } }) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const can = useCan();
  const me = useMe();
  const people = useQuery(peopleQuery).data?.items ?? [];
  const services = useQuery(servicesQuery).data?.items ?? [];
  const draft = useDraft(current);
  const { value } = draft;
  const params = { path: { name: value.name } };
  const mine = me?.role === 'administrator' || me?.teams[value.name] === 'manager';
  const may = can('team.write') && mine;
  const save = useMutation({
    mutationFn: () => {
      const { name: _, ...body } = value;
      return ok(api.PUT('/api/teams/{name}', { params, body, headers: ifMatch(draft.base.tag) }));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['teams'] });
      draft.discard();
      toast(t.saved);
    },
  });
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/teams/{name}', { params })),
    onSuccess: async () => {
      toast(t.removedTeam(value.name), () => save.mutate());
      await client.invalidateQueries({ queryKey: ['teams'] });
      await navigate({ to: '/teams' });
    },
  });
  const options = people.filter((one) => one.active).map((one) => ({ value: one.name, label: one.display_name }));
  const called = (name: string) => people.find((one) => one.name === name)?.display_name ?? name;
  const owned = services.filter((service) => service.team === value.name);
  return (
    <>
      <LeaveGuard changes={draft.dirty ? 1 : 0} />
      <PageHead title={value.title || value.name} fact={value.name}>
        {may && (
          <>
            <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
              {t.removeTeam}
            </Button>
            <Button
              look="main"
              busy={save.isPending}
              disabled={!draft.dirty}
              title={draft.dirty ? undefined : t.saved}
              onClick={() => save.mutate()}
            >
              {ui.save}
            </Button>
          </>
        )}
      </PageHead>
      <StaleStrip
        draft={draft}
        refused={isStale(save.error) ? save.error : undefined}
        onResolved={save.reset}
        personName={called}
      />
      <ProblemStrip error={isStale(save.error) ? undefined : (save.error ?? remove.error)} />
      {may ? (
        <>
          <Section title={t.details} padded="page">
            <div className="flex max-w-110 flex-col gap-3">
              <TextField
                label={t.teamTitle}
                value={value.title}
                onChange={(event) => draft.set({ ...value, title: event.target.value })}
              />
              <Combobox
                label={t.members}
                value={value.members}
                onChange={(members) => draft.set({ ...value, members })}
                options={options}
              />
              <Select
                label={t.lead}
                hint={t.leadHint}
                value={value.lead ?? ''}
                onChange={(lead) => draft.set({ ...value, lead: lead || undefined })}
                options={[{ value: '', label: t.noLead }, ...options]}
              />
            </div>
          </Section>
          <Section title={t.grants} padded="page">
            <p className="mb-2 text-fg-muted">{t.grantsHint}</p>
            <div className="flex max-w-110 flex-col gap-2">
              {value.grants.map((grant, index) => (
                <div key={grant.person} className="flex items-end gap-2">
                  <span className="flex-1 pb-1">
                    <Person name={called(grant.person)} />
                  </span>
                  <div className="w-40">
                    <Select
                      label={`${t.role}: ${called(grant.person)}`}
                      value={grant.role}
                      onChange={(role) =>
                        draft.set({
                          ...value,
                          grants: value.grants.map((one, other) =>
                            other === index ? { ...one, role: role as Grant['role'] } : one,
                          ),
                        })
                      }
                      options={(['observer', 'responder', 'manager'] as const).map((one) => ({
                        value: one,
                        label: t.roles[one] as string,
                      }))}
                    />
                  </div>
                  <IconButton
                    label={ui.remove(called(grant.person))}
                    look="quiet"
                    onClick={() => draft.set({ ...value, grants: value.grants.filter((_, other) => other !== index) })}
                  >
                    <X size={13} aria-hidden="true" />
                  </IconButton>
                </div>
              ))}
              <Select
                label={t.add}
                value=""
                onChange={(person) => person && draft.set({ ...value, grants: [...value.grants, { person, role: 'responder' }] })}
                options={options.filter((option) => !value.grants.some((grant) => grant.person === option.value))}
              />
            </div>
          </Section>
        </>
      ) : (
        <Section title={t.members} padded="page">
          <div className="flex flex-col gap-2">
            {[...new Set([...(value.lead ? [value.lead] : []), ...value.members])].map((member) => (
              <Person key={member} name={called(member)} note={member === value.lead ? t.lead : ''} />
            ))}
          </div>
        </Section>
      )}
      <LoadSection people={[...new Set([...(value.lead ? [value.lead] : []), ...value.members])]} />
      <TeamHealth name={value.name} />
      <Section title={t.owns} padded="page">
        {owned.length === 0 ? (
          <p className="text-fg-muted">{t.ownsNothing}</p>
        ) : (
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {owned.map((service) => (
              <li key={service.name}>{service.title || service.name}</li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
};
