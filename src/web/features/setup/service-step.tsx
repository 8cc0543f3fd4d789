import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { setup } from '../../text/setup.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Combobox } from '../../ui/select.tsx';
import { fieldError, useShowRefused } from '../editing/field-error.ts';
import { peopleQuery } from '../incidents/queries.ts';
import type { Step } from './queries.ts';

const t = setup.service;

/** One short form instead of five screens; when services are there and page nobody, the way to them. */
export const ServiceStep = ({ step }: { step: Step }) =>
  step.state === 'failed' ? (
    <Link to={step.fix ?? '/services'} look="main">
      {t.look}
    </Link>
  ) : (
    <FirstService />
  );

const FirstService = () => {
  const client = useQueryClient();
  const me = useMe()?.person?.name;
  const people = useQuery(peopleQuery).data?.items.filter((one) => one.active) ?? [];
  const [service, setService] = useState('');
  const [team, setTeam] = useState('');
  const [chosen, setChosen] = useState<string[]>();
  const onCall = chosen ?? (me ? [me] : []);
  const [tried, setTried] = useState(false);
  const make = useMutation({
    mutationFn: () => ok(api.POST('/api/setup/service', { body: { service, team, people: onCall } })),
    onSuccess: () => client.invalidateQueries(),
  });
  const problem = make.error instanceof ApiProblem ? make.error : undefined;
  useShowRefused(problem);
  const inPeople = problem?.field?.startsWith('people') ? problem.message : undefined;
  const known = ['service', 'team'].includes(problem?.field ?? '') || inPeople !== undefined;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (onCall.length > 0) make.mutate();
      }}
    >
      {make.error && !known && <ProblemStrip error={make.error} />}
      <div className="grid gap-3 desk:grid-cols-2">
        <TextField
          label={t.service}
          hint={t.serviceHint}
          required
          maxLength={100}
          value={service}
          error={fieldError(problem, 'service')}
          onChange={(event) => setService(event.target.value)}
        />
        <TextField
          label={t.team}
          hint={t.teamHint}
          required
          maxLength={100}
          value={team}
          error={fieldError(problem, 'team')}
          onChange={(event) => setTeam(event.target.value)}
        />
      </div>
      <Combobox
        label={t.people}
        hint={t.peopleHint}
        value={onCall}
        onChange={setChosen}
        error={inPeople ?? (tried && onCall.length === 0 ? t.nobody : undefined)}
        options={people.map((one) => ({ value: one.name, label: one.display_name }))}
      />
      <p className="text-meta text-fg-subtle">{t.makes(team.trim() || '…')}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="main" busy={make.isPending}>
          {t.do}
        </Button>
        <span className="text-meta">
          <Link to="/people">{t.invite}</Link>
        </span>
      </div>
    </form>
  );
};
