import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useCommands } from '../../shell/commands.ts';
import { escalation as t } from '../../text/escalation.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Empty, PageHead, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { type Column, FilterChip, Filters, FilterText, List } from '../../ui/list.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Muted } from '../../ui/text.tsx';
import { servicesQuery } from '../incidents/queries.ts';
import { NewPolicy } from './new-policy.tsx';
import { type Policy, policiesQuery, readinessQuery } from './queries.ts';
import { policyWords } from './sentences.ts';
import { useChoices } from './target-editor.tsx';

/** Looked at for each policy in the list, now and for an urgent incident: nothing is called ready unasked. */
const Readiness = ({ name }: { name: string }) => {
  const found = useQuery(readinessQuery(name));
  if (found.error) return <Mark state="unknown">{t.readinessUnknown}</Mark>;
  if (!found.data) return null;
  if (found.data.length === 0) return <Muted>{t.readyNow}</Muted>;
  return <Mark state={found.data.some((one) => one.level === 'error') ? 'high' : 'medium'}>{t.toFix(found.data.length)}</Mark>;
};

const titleOf = (row: Policy): string => row.title || row.name;

export const PolicyList = () => {
  const policies = useQuery(policiesQuery);
  const services = useQuery(servicesQuery).data?.items ?? [];
  const known = useChoices();
  const [search, set] = useSearchState();
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();
  const may = useCan()('policy.write');
  useCommands(may ? [{ label: t.add, run: () => setAdding(true) }] : []);
  const all = policies.data?.items;
  const words = (row: Policy) => (known ? policyWords(row.steps, known.names) : '');
  const users = (row: Policy) => services.filter((one) => one.escalation_policy === row.name).length;
  const wanted = (search.q ?? '').toLowerCase();
  const rows = (all ?? [])
    .filter((row) => !search.team || row.team === search.team)
    .filter((row) => `${titleOf(row)} ${row.name} ${words(row)}`.toLowerCase().includes(wanted))
    .sort((a, b) => titleOf(a).localeCompare(titleOf(b)));
  const open = (row: Policy) => void navigate({ to: `/escalation/${row.name}` });
  const columns: Column<Policy>[] = [
    {
      key: 'name',
      head: t.head.name,
      cell: (row) => (
        <Link to={`/escalation/${row.name}`} look="plain">
          <span className="font-strong">{titleOf(row)}</span>
        </Link>
      ),
    },
    { key: 'says', head: t.head.says, grow: true, cell: (row) => <Muted>{words(row)}</Muted> },
    {
      key: 'team',
      head: t.head.team,
      from: 'split',
      cell: (row) => (row.team ? (known?.names.team(row.team) ?? row.team) : <Muted>{t.new.nobodys}</Muted>),
    },
    { key: 'rounds', head: t.head.rounds, right: true, from: 'split', cell: (row) => row.repeat + 1 },
    { key: 'services', head: t.head.services, right: true, cell: users },
    { key: 'ready', head: t.head.readiness, cell: (row) => <Readiness name={row.name} /> },
  ];
  const add = may && (
    <Button
      look={all?.length === 0 ? 'main' : 'plain'}
      icon={<Plus size={14} aria-hidden="true" />}
      onClick={() => setAdding(true)}
    >
      {t.add}
    </Button>
  );
  return (
    <>
      <PageHead title={t.title} fact={all && all.length > 0 ? t.count(all.length) : undefined}>
        {all && all.length > 0 && add}
      </PageHead>
      {all && all.length > 0 && (
        <Filters names={['q', 'team']}>
          <FilterText label={t.filter} />
          <FilterChip name="team" label={t.head.team} single options={known?.choices.teams ?? []} />
        </Filters>
      )}
      <ProblemStrip error={policies.error} />
      {!all ? (
        !policies.error && <SkeletonRows />
      ) : all.length === 0 ? (
        <Empty title={t.empty.title} action={add}>
          {t.empty.why}
        </Empty>
      ) : rows.length === 0 ? (
        <Empty
          title={t.empty.filtered(search.q ?? (search.team ? (known?.names.team(search.team) ?? search.team) : ''))}
          action={<Button onClick={() => set({ q: undefined, team: undefined })}>{t.empty.clear}</Button>}
        />
      ) : (
        <List
          label={t.title}
          columns={columns}
          rows={rows}
          idOf={(row) => row.name}
          nameOf={titleOf}
          onOpen={open}
          fact={t.count(rows.length)}
          phone={(row) => (
            <Link to={`/escalation/${row.name}`} look="row">
              <span className="font-strong">{titleOf(row)}</span>
              <span className="wrap-break-word text-fg-muted">{words(row)}</span>
              <span className="flex flex-wrap justify-between gap-x-3 text-meta text-fg-subtle">
                {t.usedBy(users(row))}
                <Readiness name={row.name} />
              </span>
            </Link>
          )}
        />
      )}
      {adding && known && <NewPolicy known={known} onClose={() => setAdding(false)} />}
    </>
  );
};
