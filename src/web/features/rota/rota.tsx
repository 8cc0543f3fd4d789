import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useCanFor } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useTitle } from '../../shell/shell.tsx';
import { rota as t } from '../../text/rota.ts';
import { schedules } from '../../text/schedules.ts';
import { ui } from '../../text/ui.ts';
import { now, number } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { DateTimeField } from '../../ui/field.tsx';
import { Empty, PageHead, ProblemStrip, Section, SkeletonRows, Strip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Combobox, Select } from '../../ui/select.tsx';
import { Muted, Person, Time, Told } from '../../ui/text.tsx';
import type { Tagged } from '../editing/use-draft.ts';
import { peopleQuery } from '../incidents/queries.ts';
import { scheduleQuery, titleOf } from '../schedules/queries.ts';
import { moment } from '../schedules/rows.ts';
import { useCalled } from '../schedules/use-view.ts';
import { type Proposal, proposalQuery, proposalsQuery } from './queries.ts';
import { ScoreTable, ShareTable } from './score.tsx';

const STATE = { proposed: 'medium', in_force: 'ok', taken_back: 'unknown' } as const;
const WEEKS = [2, 4, 6, 8, 12, 16, 26];

/** A rota for a schedule: asked for, reviewed with every reason, put in force and taken back. */
export const Rota = ({ name }: { name: string }) => {
  const [search, set] = useSearchState();
  const schedule = useQuery(scheduleQuery(name));
  const title = schedule.data ? titleOf(schedule.data.data) : name;
  useTitle(t.title(title));
  const may = useCanFor()('schedule.write', schedule.data?.data.team);
  const proposal = useQuery({ ...proposalQuery(search.proposal ?? ''), enabled: search.proposal !== undefined });
  const shown = search.proposal ? proposal.data : undefined;
  const gone = schedule.error instanceof ApiProblem && schedule.error.status === 404;
  if (gone)
    return (
      <>
        <PageHead title={t.title(name)} />
        <Empty title={ui.problem.gone} action={<Link to="/schedules">{schedules.title}</Link>} />
      </>
    );
  return (
    <>
      <PageHead title={t.title(title)} fact={shown && <Mark state={STATE[shown.data.state]}>{t.state[shown.data.state]}</Mark>}>
        <Link to={`/schedules/${name}`} look="button">
          {t.back}
        </Link>
        {shown && may && <Decide proposal={shown} onAgain={() => set({ proposal: undefined })} />}
      </PageHead>
      <ProblemStrip error={schedule.error ?? proposal.error} />
      {search.proposal ? (
        shown ? (
          <Shown proposal={shown.data} />
        ) : (
          !proposal.error && <SkeletonRows rows={8} />
        )
      ) : (
        <>
          {may ? (
            <Ask name={name} onProposed={(id) => set({ proposal: id })} />
          ) : (
            <p className="px-(--pad) py-4 text-fg-muted">{t.cannot}</p>
          )}
          <Earlier name={name} onOpen={(id) => set({ proposal: id })} />
        </>
      )}
    </>
  );
};

const Ask = ({ name, onProposed }: { name: string; onProposed: (id: string) => void }) => {
  const client = useQueryClient();
  const people = useQuery(peopleQuery).data?.items.filter((one) => one.active) ?? [];
  const [weeks, setWeeks] = useState('8');
  const [from, setFrom] = useState<string>();
  const [who, setWho] = useState<string[]>([]);
  const propose = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/schedules/{name}/rota-proposals', {
          params: { path: { name } },
          body: {
            weeks: Number(weeks),
            ...(from ? { from } : {}),
            ...(who.length > 0 ? { people: who } : {}),
          },
        }),
      ),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['schedules', 'rotas', name] });
      onProposed(id);
    },
  });
  const field = propose.error instanceof ApiProblem ? propose.error.field : undefined;
  const errorOf = (one: string) => (field === one ? (propose.error as ApiProblem).message : undefined);
  return (
    <div className="flex max-w-200 flex-col gap-3 px-(--pad) py-4">
      <p className="text-fg-muted">{t.why}</p>
      {propose.error && !['from', 'people', 'weeks'].includes(field ?? '') ? <ProblemStrip error={propose.error} /> : null}
      <div className="grid gap-3 desk:grid-cols-2">
        <Select
          label={t.weeks}
          value={weeks}
          onChange={setWeeks}
          options={WEEKS.map((count) => ({ value: String(count), label: t.weeksOf(count) }))}
        />
        <DateTimeField
          label={t.from}
          hint={t.fromHint}
          value={from}
          onChange={setFrom}
          error={errorOf('from') ?? errorOf('weeks')}
        />
      </div>
      <Combobox
        label={t.people}
        hint={t.peopleHint}
        value={who}
        onChange={setWho}
        options={people.map((one) => ({ value: one.name, label: one.display_name }))}
        error={errorOf('people')}
      />
      <div className="flex items-center gap-3">
        <Button look="main" busy={propose.isPending} onClick={() => propose.mutate()}>
          {t.propose}
        </Button>
        {propose.isPending && <Muted>{t.working}</Muted>}
      </div>
    </div>
  );
};

const Earlier = ({ name, onOpen }: { name: string; onOpen: (id: string) => void }) => {
  const found = useQuery(proposalsQuery(name)).data;
  const called = useCalled();
  if (!found) return null;
  return (
    <Section title={t.earlier} padded="page">
      {found.length === 0 && <p className="text-fg-subtle">{t.noneEarlier}</p>}
      <Rows label={t.earlier}>
        {found.map((one) => (
          <Row key={one.id}>
            <span className="min-w-0 flex-1 basis-60">
              <span className="font-strong">
                {moment(one.starts, one.time_zone)} – {moment(one.ends, one.time_zone)}
              </span>
              <span className="block text-meta text-fg-muted">
                <Time at={one.created_at} age /> {t.by(called(one.created_by))}
              </span>
            </span>
            <Mark state={STATE[one.state]}>{t.state[one.state]}</Mark>
            <Button size="sm" onClick={() => onOpen(one.id)}>
              {t.open}
            </Button>
          </Row>
        ))}
      </Rows>
    </Section>
  );
};

/** The one step that puts it in force, which can be taken back at once or later. */
const Decide = ({ proposal, onAgain }: { proposal: Tagged<Proposal>; onAgain: () => void }) => {
  const client = useQueryClient();
  const { id, state, stale, starts, ends } = proposal.data;
  const decide = useMutation({
    mutationFn: ({ to, tag }: { to: 'in_force' | 'taken_back'; tag?: string | undefined }) =>
      ok(
        api.PUT('/api/rota-proposals/{id}', {
          params: { path: { id } },
          body: { state: to },
          ...(tag ? { headers: ifMatch(tag) } : {}),
        }),
      ),
    onSuccess: async (_, { to }) => {
      await client.invalidateQueries({ queryKey: ['schedules'] });
      if (to === 'in_force') toast(t.forced, () => decide.mutate({ to: 'taken_back' }));
      else toast(t.takenBack);
    },
  });
  const begun = Date.parse(starts) <= now();
  return (
    <>
      {decide.error ? <Mark state="high">{(decide.error as Error).message}</Mark> : null}
      <Button onClick={onAgain}>{t.again}</Button>
      {state === 'proposed' && (
        <Button
          look="main"
          busy={decide.isPending}
          disabled={stale || begun}
          title={stale ? t.stale : undefined}
          onClick={() => decide.mutate({ to: 'in_force', tag: proposal.tag })}
        >
          {t.force}
        </Button>
      )}
      {state === 'in_force' && Date.parse(ends) > now() && (
        <Button busy={decide.isPending} onClick={() => decide.mutate({ to: 'taken_back' })}>
          {t.takeBack}
        </Button>
      )}
    </>
  );
};

const Shown = ({ proposal }: { proposal: Proposal }) => {
  const called = useCalled();
  const { turns, relaxed, quality, score, time_zone: zone } = proposal;
  const [open, setOpen] = useState<number>();
  return (
    <>
      {proposal.stale && <Strip state="medium">{t.stale}</Strip>}
      <Section title={t.quality} padded="page">
        <p className="pb-2 text-fg-muted">
          {quality.proven ? t.proven : t.bound(number(Math.round(quality.unfair)), number(Math.round(quality.at_least)))}
        </p>
        <ScoreTable score={score.after} before={score.before} />
      </Section>
      {relaxed.length > 0 && (
        <Section title={t.relaxed} padded="page">
          <Rows label={t.relaxed}>
            {relaxed.map((one) => (
              <Row key={one}>
                <Mark state="medium">
                  <span className="whitespace-normal">{one}</span>
                </Mark>
              </Row>
            ))}
          </Rows>
        </Section>
      )}
      <Section title={t.share} fact={t.shareFact} padded="page">
        <ShareTable score={score.after} />
      </Section>
      <Section title={t.turns} fact={t.turnsFact(turns.length)} padded="page">
        <Rows label={t.turns}>
          {turns.map((turn, at) => (
            <Row key={`${turn.layer} ${turn.starts}`}>
              <span className="w-60 shrink-0">
                <span className="block">
                  {moment(turn.starts, zone)} – {moment(turn.ends, zone)}
                </span>
                <span className="text-meta text-fg-subtle">{turn.layer}</span>
              </span>
              <span className="min-w-0 flex-1 basis-80">
                <span className="flex flex-wrap items-center gap-x-2">
                  {turn.display_name ? <Person name={turn.display_name} /> : <Mark state="high">{t.nobody}</Mark>}
                  <span className="text-meta text-fg-subtle">
                    {turn.now_has.join() === turn.person ? t.same : t.was(turn.now_has.map(called).join(', ') || t.nobody)}
                  </span>
                </span>
                <span className="block text-meta text-fg-muted">
                  <Told>{turn.reason}</Told>
                </span>
                {open === at && (
                  <ul className="pt-1 text-meta">
                    {turn.others.map((one) => (
                      <li key={one.person}>
                        <span className="font-strong">{one.display_name}</span> <Muted>{one.reason}</Muted>
                      </li>
                    ))}
                  </ul>
                )}
              </span>
              {turn.others.length > 0 && turn.person !== null && (
                <Button size="sm" look="quiet" aria-expanded={open === at} onClick={() => setOpen(open === at ? undefined : at)}>
                  {t.others}
                </Button>
              )}
            </Row>
          ))}
        </Rows>
      </Section>
    </>
  );
};
