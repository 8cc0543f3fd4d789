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
import { type Column, Filters, FilterText, List } from '../../ui/list.tsx';
import { Muted } from '../../ui/text.tsx';
import { servicesQuery } from '../incidents/queries.ts';
import { NewPolicy } from './new-policy.tsx';
import { type Policy, policiesQuery } from './queries.ts';
import { policyWords } from './sentences.ts';
import { useChoices } from './target-editor.tsx';

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
        <Filters names={['q']}>
          <FilterText label={t.filter} />
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
          title={t.empty.filtered(search.q ?? '')}
          action={<Button onClick={() => set({ q: undefined })}>{t.empty.clear}</Button>}
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
              <span className="text-meta text-fg-subtle">{t.usedBy(users(row))}</span>
            </Link>
          )}
        />
      )}
      {adding && known && <NewPolicy known={known} onClose={() => setAdding(false)} />}
    </>
  );
};
