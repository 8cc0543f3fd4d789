import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Readiness as Shown } from '../../../contract/readiness.ts';
import { readiness as t } from '../../text/readiness.ts';
import { Link } from '../../ui/button.tsx';
import { Empty, PageHead, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { type Column, List } from '../../ui/list.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Muted, Subtle, Time } from '../../ui/text.tsx';
import { Digest } from './digest.tsx';
import { Plans } from './plans.tsx';
import { readinessQuery } from './queries.ts';

type Person = Shown['people'][number];

const STATE = { unreachable: 'critical', doubtful: 'medium', ready: 'ok' } as const;
const State = ({ row }: { row: Person }) => <Mark state={STATE[row.state]}>{t.states[row.state]}</Mark>;

/** The worst first; all of it, since each is something to do. */
const Why = ({ row }: { row: Person }) =>
  row.problems.length === 0 ? (
    <Muted>{t.nothing}</Muted>
  ) : (
    <ul>
      {row.problems
        .toSorted((a, b) => a.level.localeCompare(b.level))
        .map((one) => (
          <li key={one.problem} className="wrap-anywhere">
            {t.sentenceOf(one.problem)} <Subtle>{t.sentenceOf(one.remedy)}</Subtle>
          </li>
        ))}
    </ul>
  );

const Test = ({ row: { last_test: test } }: { row: Person }) => {
  if (!test) return <Subtle>{t.neverTested}</Subtle>;
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      <Mark state={test.status === 'confirmed' ? 'ok' : test.status === 'open' ? 'unknown' : 'medium'}>
        {t.tests[test.status]}
      </Mark>
      <Subtle>
        <Time at={test.confirmed_at ?? test.at} />
      </Subtle>
    </span>
  );
};

const columns: Column<Person>[] = [
  {
    key: 'person',
    head: t.head.person,
    cell: (row) => (
      <Link to={`/people/${row.name}`} look="plain">
        <span className="font-strong">{row.display_name}</span>
      </Link>
    ),
  },
  { key: 'state', head: t.head.state, cell: (row) => <State row={row} /> },
  { key: 'why', head: t.head.why, grow: true, cell: (row) => <Why row={row} /> },
  { key: 'test', head: t.head.test, cell: (row) => <Test row={row} /> },
  { key: 'policies', head: t.head.policies, right: true, from: 'split', cell: (row) => row.policies.length },
];

/** Who could be reached now and who not, with why; what tests it, and who is told. */
export const Readiness = () => {
  const navigate = useNavigate();
  const found = useQuery(readinessQuery);
  const people = found.data?.people;
  return (
    <>
      <PageHead
        title={t.title}
        fact={
          people && people.length > 0
            ? t.fact(people.filter((one) => one.state === 'unreachable').length, people.length)
            : undefined
        }
      />
      <ProblemStrip error={found.error} />
      <div className="relative overflow-y-auto">
        {!people ? (
          found.isPending && <SkeletonRows />
        ) : people.length === 0 ? (
          <Empty title={t.empty}>{t.emptyWhy}</Empty>
        ) : (
          <List
            label={t.list}
            columns={columns}
            rows={people}
            idOf={(row) => row.name}
            nameOf={(row) => row.display_name}
            onOpen={(row) => void navigate({ to: `/people/${row.name}` })}
            phone={(row) => (
              <Link to={`/people/${row.name}`} look="row">
                <span className="flex flex-wrap justify-between gap-x-3">
                  <span className="font-strong">{row.display_name}</span>
                  <State row={row} />
                </span>
                <span className="text-meta text-fg-muted">
                  <Why row={row} />
                  <Test row={row} />
                </span>
              </Link>
            )}
          />
        )}
        <Plans />
        <Digest />
      </div>
    </>
  );
};
