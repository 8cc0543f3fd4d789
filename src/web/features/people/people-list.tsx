import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { several, useSearchState } from '../../search-state.ts';
import { me } from '../../text/me.ts';
import { people as t } from '../../text/people.ts';
import { ui } from '../../text/ui.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Empty, PageHead, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Dialog } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { Person, Subtle } from '../../ui/text.tsx';
import { peopleQuery, teamsQuery } from '../incidents/queries.ts';
import { handleOf } from '../sign-in/join.tsx';
import { LoadWords, useLoad } from './load.tsx';
import { accessQuery, ROLES, type Role } from './queries.ts';

type Row = {
  name: string;
  display_name: string;
  role: string;
  time_zone: string;
  active: boolean;
  contact_methods: { channel: string; verified?: boolean | undefined }[];
  teams: string[];
  state: string;
};

const Reached = ({ row }: { row: Row }) => {
  if (row.role === 'stakeholder' || row.role === 'observer') return <Subtle>{me.channels.email}</Subtle>;
  const verified = row.contact_methods.filter((one) => one.verified);
  if (row.contact_methods.length === 0) return <Mark state="medium">{t.mailOnly}</Mark>;
  if (verified.length === 0) return <Mark state="medium">{t.unverified}</Mark>;
  const ways = [...new Set(verified.map((one) => one.channel))];
  if (ways.length === 1) return <Mark state="medium">{`${me.channels[ways[0] as string]}: ${t.oneWay.toLowerCase()}`}</Mark>;
  return <span>{ways.map((way) => me.channels[way]).join(', ')}</span>;
};

const columnsOf = (load: ReturnType<typeof useLoad>): Column<Row>[] => [
  {
    key: 'name',
    head: t.head.name,
    grow: true,
    cell: (row) => (
      <Link to={`/people/${row.name}`} look="plain">
        <Person name={row.display_name} />
      </Link>
    ),
  },
  { key: 'role', head: t.head.role, cell: (row) => t.roles[row.role] },
  { key: 'teams', head: t.head.teams, from: 'split', cell: (row) => <Subtle>{row.teams.join(', ')}</Subtle> },
  { key: 'reach', head: t.head.reach, cell: (row) => <Reached row={row} /> },
  { key: 'load', head: t.head.load, from: 'wide', cell: (row) => <LoadWords load={load(row.name)} /> },
  { key: 'access', head: t.head.access, cell: (row) => <Subtle>{t.state[row.state]}</Subtle> },
  { key: 'zone', head: t.head.zone, from: 'wide', cell: (row) => <Subtle>{row.time_zone}</Subtle> },
];

export const PeopleList = () => {
  const [search] = useSearchState();
  const navigate = useNavigate();
  const can = useCan();
  const [adding, setAdding] = useState(false);
  const people = useQuery(peopleQuery);
  const load = useLoad();
  const access = useQuery(accessQuery).data?.items ?? [];
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const rows: Row[] = (people.data?.items ?? []).map((one) => ({
    ...one,
    teams: teams.filter((team) => team.members.includes(one.name) || team.lead === one.name).map((team) => team.name),
    state: access.find((row) => row.name === one.name)?.state ?? (one.active ? 'none' : 'left'),
  }));
  const wanted = search.q?.toLowerCase() ?? '';
  const shown = rows.filter(
    (row) =>
      (several(search.state).length > 0 ? several(search.state).includes(row.state) : row.active) &&
      (!search.role || several(search.role).includes(row.role)) &&
      (!search.team || several(search.team).some((team) => row.teams.includes(team))) &&
      (wanted === '' || row.name.includes(wanted) || row.display_name.toLowerCase().includes(wanted)),
  );
  const options = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }));
  return (
    <>
      <PageHead title={t.title} fact={people.data && t.fact(shown.length)}>
        {can('people.write') && (
          <Button look="main" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setAdding(true)}>
            {t.add}
          </Button>
        )}
      </PageHead>
      <ProblemStrip error={people.error} />
      <Filters names={['q', 'role', 'team', 'state']}>
        <FilterText label={t.search} />
        <FilterChip name="role" label={t.role} options={options(t.roles)} />
        <FilterChip
          name="team"
          label={t.head.teams}
          options={teams.map((team) => ({ value: team.name, label: team.title || team.name }))}
        />
        <FilterChip name="state" label={t.head.access} options={options(t.state)} />
      </Filters>
      {people.isPending ? (
        <SkeletonRows />
      ) : shown.length === 0 ? (
        <Empty title={t.empty} />
      ) : (
        <List
          label={t.title}
          columns={columnsOf(load)}
          rows={shown}
          idOf={(row) => row.name}
          nameOf={(row) => row.display_name}
          isOver={(row) => !row.active}
          onOpen={(row) => void navigate({ to: `/people/${row.name}` })}
          phone={(row) => (
            <Link to={`/people/${row.name}`} look="row">
              <Person name={row.display_name} note={t.roles[row.role]} />
              <Reached row={row} />
              <LoadWords load={load(row.name)} />
            </Link>
          )}
        />
      )}
      {adding && <AddPerson onClose={() => setAdding(false)} />}
    </>
  );
};

const AddPerson = ({ onClose }: { onClose: () => void }) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [display, setDisplay] = useState('');
  const [name, setName] = useState<string>();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('responder');
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const handle = name ?? handleOf(display);
  const save = useMutation({
    mutationFn: async () => {
      await ok(
        api.PUT('/api/people/{name}', {
          params: { path: { name: handle } },
          body: {
            display_name: display,
            email,
            role,
            time_zone: zone,
            locale: 'en',
            active: true,
            contact_methods: [],
            notification_rules: { high: [], low: [] },
          },
          headers: { 'if-none-match': '*' },
        }),
      );
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['people'] });
      onClose();
      await navigate({ to: `/people/${handle}`, search: { invite: 'yes' } });
    },
  });
  const problem = save.error instanceof ApiProblem ? save.error : undefined;
  const at = (field: string) => (problem?.field === field ? problem.message : undefined);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.add}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="main" busy={save.isPending} onClick={() => save.mutate()}>
            {t.create}
          </Button>
        </>
      }
    >
      {problem && !['name', 'email', 'display_name', 'time_zone'].includes(problem.field ?? '') && (
        <ProblemStrip error={problem} />
      )}
      <TextField
        label={t.displayName}
        error={at('display_name')}
        required
        value={display}
        onChange={(event) => setDisplay(event.target.value)}
      />
      <TextField
        label={t.name}
        hint={t.nameHint}
        error={at('name')}
        required
        value={handle}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t.email}
        error={at('email')}
        type="email"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Select
        label={t.role}
        value={role}
        onChange={(value) => setRole(value as Role)}
        options={ROLES.map((value) => ({ value, label: t.roles[value] as string, hint: t.roleHint[value] as string }))}
      />
      <TextField label={t.zone} error={at('time_zone')} required value={zone} onChange={(event) => setZone(event.target.value)} />
    </Dialog>
  );
};
