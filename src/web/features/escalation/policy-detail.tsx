import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useCanFor } from '../../api/me.ts';
import { useTitle } from '../../shell/shell.tsx';
import { editing } from '../../text/editing.ts';
import { escalation as t } from '../../text/escalation.ts';
import { history } from '../../text/history.ts';
import { ui } from '../../text/ui.ts';
import { now } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Empty, PageHead, ProblemStrip, Section, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Select } from '../../ui/select.tsx';
import { differences } from '../editing/differences.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { servicesQuery } from '../incidents/queries.ts';
import { PolicySentences } from './policy-sentences.tsx';
import { type Policy, policyQuery, previewQuery, type Question } from './queries.ts';
import { useChoices } from './target-editor.tsx';
import { TryIt } from './try-it.tsx';

export const PolicyPage = ({ name }: { name: string }) => {
  const saved = useQuery(policyQuery(name));
  const choices = useChoices();
  useTitle(saved.data && (saved.data.data.title || name));
  if (saved.error && !saved.data)
    return (
      <>
        <PageHead title={name} />
        {saved.error instanceof ApiProblem && saved.error.status === 404 ? (
          <Empty title={ui.problem.gone} action={<Link to={`/escalation/${name}/history`}>{history.open}</Link>} />
        ) : (
          <ProblemStrip error={saved.error} />
        )}
      </>
    );
  if (!saved.data || !choices) return <SkeletonRows />;
  return <PolicyDetail current={saved.data} {...choices} />;
};

const PolicyDetail = ({ current, choices, names }: { current: Tagged<Policy> } & NonNullable<ReturnType<typeof useChoices>>) => {
  const draft = useDraft(current);
  const client = useQueryClient();
  const may = useCanFor()('policy.write', current.data.team);
  const services = (useQuery(servicesQuery).data?.items ?? []).filter((one) => one.escalation_policy === current.data.name);
  const [removing, setRemoving] = useState(false);
  // To the minute, so that what is asked stays the same while it is read.
  const [question, ask] = useState<Question>(() => ({
    at: new Date(Math.floor(now() / 60_000) * 60_000).toISOString(),
    urgency: 'high',
    service: '',
  }));
  const { value: policy } = draft;
  const tried = useQuery(previewQuery(useDeferredValue(policy), question));
  const save = useMutation({
    mutationFn: () => {
      const { name, ...body } = policy;
      return ok(
        api.PUT('/api/escalation-policies/{name}', { params: { path: { name } }, body, headers: ifMatch(draft.base.tag) }),
      );
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['escalation'] });
      draft.discard();
      toast(t.saved);
    },
    // Theirs is fetched, so that it can be shown beside mine.
    onError: (error) => isStale(error) && client.invalidateQueries({ queryKey: policyQuery(policy.name).queryKey }),
  });
  const changes = draft.dirty ? differences(draft.base.data, policy).length : 0;
  const findings = tried.error ? [] : (tried.data?.readiness ?? []);
  return (
    <>
      <PageHead title={policy.title || policy.name} fact={t.usedBy(services.length)}>
        {draft.dirty ? (
          <>
            <Mark state="medium">{editing.unsaved(changes)}</Mark>
            <Button onClick={draft.discard}>{editing.discard}</Button>
            <Button look="main" busy={save.isPending} onClick={() => save.mutate()}>
              {t.save}
            </Button>
          </>
        ) : (
          <>
            <Link to={`/escalation/${policy.name}/history`} look="button">
              {history.open}
            </Link>
            {may && <Button onClick={() => setRemoving(true)}>{t.remove}</Button>}
          </>
        )}
      </PageHead>
      <StaleStrip
        draft={draft}
        refused={isStale(save.error) ? save.error : undefined}
        onResolved={save.reset}
        personName={names.person}
      />
      {!isStale(save.error) && <ProblemStrip error={save.error} />}
      <SplitPane
        sideLabel={t.try.title}
        side={
          <>
            <TryIt question={question} onAsk={ask} answer={tried.data} error={tried.error} names={names} />
            <Section title={t.services} fact={services.length > 0 ? String(services.length) : undefined}>
              {services.length === 0 ? (
                <p className="text-meta text-fg-muted">{t.noServices}</p>
              ) : (
                <Rows label={t.services}>
                  {services.map((one) => (
                    <Row key={one.name}>
                      <Link to={`/services/${one.name}`}>{one.title || one.name}</Link>
                    </Row>
                  ))}
                </Rows>
              )}
            </Section>
          </>
        }
      >
        <PolicySentences
          policy={policy}
          saved={draft.base.data}
          onChange={may ? draft.set : undefined}
          choices={choices}
          names={names}
          findings={findings}
        />
        {may && <PolicyAbout policy={policy} onChange={draft.set} teams={choices.teams} />}
        <div className="px-(--pad) pb-6 text-meta text-fg-muted">
          {!may && <p>{t.readonly}</p>}
          {tried.data && !tried.error && findings.length === 0 && (
            <Mark state="ok" quiet>
              {t.ready}
            </Mark>
          )}
        </div>
      </SplitPane>
      <LeaveGuard changes={changes} />
      {removing && <RemovePolicy policy={policy} used={services.length} onClose={() => setRemoving(false)} />}
    </>
  );
};

/** Title and owner. */
const PolicyAbout = ({
  policy,
  onChange,
  teams,
}: {
  policy: Policy;
  onChange: (policy: Policy) => void;
  teams: { value: string; label: string }[];
}) => (
  <div className="grid max-w-160 gap-3 border-t border-line px-(--pad) py-4 desk:grid-cols-2">
    <TextField
      label={t.new.called}
      value={policy.title}
      maxLength={200}
      onChange={(event) => onChange({ ...policy, title: event.target.value })}
    />
    <Select
      label={t.new.team}
      hint={t.new.teamHint}
      value={policy.team ?? ''}
      onChange={(value) => {
        const { team: _, ...rest } = policy;
        onChange(value ? { ...rest, team: value } : rest);
      }}
      options={[{ value: '', label: t.new.nobodys }, ...teams]}
    />
  </div>
);

const RemovePolicy = ({ policy, used, onClose }: { policy: Policy; used: number; onClose: () => void }) => {
  const navigate = useNavigate();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/escalation-policies/{name}', { params: { path: { name: policy.name } } })),
    onSuccess: async () => {
      toast(t.removed);
      await navigate({ to: '/escalation' });
      client.removeQueries({ queryKey: policyQuery(policy.name).queryKey });
      await client.invalidateQueries({ queryKey: ['escalation', 'all'] });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.removeTitle(policy.title || policy.name)}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          {used === 0 && (
            <Button look="danger-main" busy={remove.isPending} onClick={() => remove.mutate()}>
              {t.remove}
            </Button>
          )}
        </>
      }
    >
      <ProblemStrip error={remove.error} />
      <p className="text-fg-muted">{used > 0 ? t.removeUsed(used) : t.removeWhy}</p>
    </Dialog>
  );
};
