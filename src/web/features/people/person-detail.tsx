import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useCan, useCanFor, useMe } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useTitle } from '../../shell/shell.tsx';
import { health } from '../../text/health.ts';
import { leave } from '../../text/leave.ts';
import { people as t } from '../../text/people.ts';
import { ui } from '../../text/ui.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Details, PageHead, ProblemStrip, Section, SkeletonRows, Strip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Select } from '../../ui/select.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Code, Subtle, Time } from '../../ui/text.tsx';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, useDraft } from '../editing/use-draft.ts';
import { peopleQuery, teamsQuery } from '../incidents/queries.ts';
import { Leave } from '../me/leave.tsx';
import { personQuery } from '../me/queries.ts';
import { Reach } from '../me/reach.tsx';
import { PersonHealth } from '../on-call-health/person-health.tsx';
import { PersonTraining } from '../training/training-list.tsx';
import { LoadSection } from './load.tsx';
import { accessQuery, impactQuery, ROLES, type Role } from './queries.ts';

export const PersonDetail = ({ name }: { name: string }) => {
  const [search, set] = useSearchState();
  const person = useQuery(personQuery(name));
  const can = useCan();
  const canFor = useCanFor();
  const teams = useQuery(teamsQuery).data?.items.filter((one) => one.lead === name || one.members.includes(name)) ?? [];
  const mayPlan = teams.length > 0 ? teams.some((team) => canFor('leave.write', team.name)) : canFor('leave.write', undefined);
  const me = useMe();
  const own = me?.person?.name;
  const mayReadHealth =
    me?.role === 'administrator' ||
    own === name ||
    teams.some((team) => canFor('health.read', team.name) || (own !== undefined && team.lead === own));
  const data = person.data?.data;
  useTitle(data?.display_name);
  if (person.error) return <ProblemStrip error={person.error} />;
  if (!person.data || !data) return <SkeletonRows />;
  return (
    <>
      <PageHead title={data.display_name} fact={`${t.roles[data.role]}, ${data.name}`}>
        {!data.active && <Mark state="unknown">{t.state.left}</Mark>}
      </PageHead>
      <Tabs
        label={t.parts}
        value={search.tab ?? 'details'}
        onChange={(tab) => set({ tab, invite: undefined })}
        tabs={[
          {
            value: 'details',
            label: t.details,
            panel: (
              <>
                {can('people.write') ? <Edit key={name} current={person.data as Current} /> : <Read data={data} />}
                <PersonTraining name={name} />
                <LoadSection people={[name]} />
                <Access name={name} active={data.active} />
                {can('people.write') && data.active && <Leaving name={name} />}
              </>
            ),
          },
          { value: 'leave', label: leave.title, panel: <Leave name={name} own={false} mayPlan={mayPlan} /> },
          ...(mayReadHealth
            ? [{ value: 'health', label: health.title, panel: <PersonHealth name={name} own={own === name} /> }]
            : []),
          ...(can('people.write') ? [{ value: 'reach', label: t.reach, panel: <Reach name={name} own={false} /> }] : []),
        ]}
      />
    </>
  );
};

const Read = ({ data }: { data: { email: string; time_zone: string; contact_methods: { label: string }[] } }) => (
  <Section title={t.details} padded="page">
    <Details
      items={[
        { label: t.email, value: data.email },
        { label: t.zone, value: data.time_zone },
        { label: t.head.reach, value: data.contact_methods.map((one) => one.label).join(', ') || t.mailOnly },
      ]}
    />
  </Section>
);

type Body = {
  display_name: string;
  email: string;
  role: Role;
  time_zone: string;
  holidays?: string | undefined;
  active: boolean;
} & Record<string, unknown>;
type Current = { data: Body & { name: string }; tag: string | undefined };

const Edit = ({ current }: { current: Current }) => {
  const client = useQueryClient();
  const draft = useDraft(current);
  const { value } = draft;
  const save = useMutation({
    mutationFn: (next: Body) => {
      const { name, problems: _problems, calendar_url: _url, ...body } = next as Body & { name: string };
      return ok(
        api.PUT('/api/people/{name}', {
          params: { path: { name } },
          body: body as never,
          headers: ifMatch(draft.base.tag),
        }),
      );
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['people'] });
      draft.discard();
      toast(t.saved);
    },
  });
  const problem = isStale(save.error) ? undefined : ((save.error as ApiProblem | null) ?? undefined);
  const at = (field: string) => (problem?.field === field ? problem.message : undefined);
  const text = (key: 'display_name' | 'email' | 'time_zone', label: string) => (
    <TextField
      label={label}
      required
      error={at(key)}
      value={value[key]}
      onChange={(event) => draft.set({ ...value, [key]: event.target.value })}
    />
  );
  return (
    <>
      <LeaveGuard changes={draft.dirty ? 1 : 0} />
      <StaleStrip draft={draft} refused={isStale(save.error) ? save.error : undefined} onResolved={save.reset} />
      {problem && !['display_name', 'email', 'time_zone', 'role', 'holidays'].includes(problem.field ?? '') && (
        <ProblemStrip error={problem} />
      )}
      <Section title={t.details} padded="page">
        <form
          className="flex max-w-110 flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(value);
          }}
        >
          {text('display_name', t.displayName)}
          {text('email', t.email)}
          <Select
            label={t.role}
            hint={t.roleHint[value.role]}
            error={at('role')}
            value={value.role}
            onChange={(role) => draft.set({ ...value, role: role as Role })}
            options={ROLES.map((one) => ({ value: one, label: t.roles[one] as string }))}
          />
          {text('time_zone', t.zone)}
          <TextField
            label={leave.region}
            hint={leave.regionHint}
            error={at('holidays')}
            value={value.holidays ?? ''}
            onChange={(event) => draft.set({ ...value, holidays: event.target.value.trim() || undefined })}
          />
          <div className="flex gap-2">
            <Button
              type="submit"
              look="main"
              busy={save.isPending}
              disabled={!draft.dirty}
              title={draft.dirty ? undefined : t.saved}
            >
              {ui.save}
            </Button>
            {draft.dirty && (
              <Button look="quiet" onClick={draft.discard}>
                {ui.cancel}
              </Button>
            )}
            {!value.active && (
              <Button onClick={() => save.mutate({ ...value, active: true })} busy={save.isPending}>
                {t.activate}
              </Button>
            )}
          </div>
        </form>
      </Section>
    </>
  );
};

const Access = ({ name, active }: { name: string; active: boolean }) => {
  const client = useQueryClient();
  const can = useCan();
  const [search, set] = useSearchState();
  const row = useQuery(accessQuery).data?.items.find((one) => one.name === name);
  const params = { path: { name } };
  const invite = useMutation({
    mutationFn: () => ok(api.POST('/api/people/{name}/invite', { params })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
  const out = useMutation({
    mutationFn: () => ok(api.DELETE('/api/people/{name}/sessions', { params })),
    onSuccess: ({ ended }) => toast(t.signedOut(ended)),
  });
  // "Add and invite" leads here and invites, once.
  const asked = useRef(false);
  useEffect(() => {
    if (search.invite !== 'yes' || asked.current) return;
    asked.current = true;
    invite.mutate();
    set({ invite: undefined });
  }, [search.invite, invite, set]);
  if (!row) return null;
  return (
    <Section title={t.access} padded="page">
      <ProblemStrip error={invite.error ?? out.error} />
      <p>
        {t.state[row.state]}
        <Subtle>
          {row.last_seen_at && (
            <>
              , {t.lastSeen} <Time at={row.last_seen_at} />
            </>
          )}
          {row.two_factor && `, ${t.twoFactor}`}
          {row.passkeys > 0 && `, ${t.passkeys(row.passkeys)}`}
        </Subtle>
      </p>
      {row.directory && <p className="text-fg-muted">{t.directory}</p>}
      {invite.data && (
        <div className="flex max-w-160 flex-col gap-1 py-2" aria-live="polite">
          <p>{invite.data.mailed ? t.linkMailed : t.link}</p>
          <Code label={t.invite}>{invite.data.url}</Code>
        </div>
      )}
      {can('people.write') && active && (
        <div className="flex gap-2 pt-2">
          <Button busy={invite.isPending} onClick={() => invite.mutate()}>
            {row.state === 'active' ? t.newLink : t.invite}
          </Button>
          {row.state === 'active' && (
            <Button busy={out.isPending} onClick={() => out.mutate()}>
              {t.signOut}
            </Button>
          )}
        </div>
      )}
    </Section>
  );
};

/** What counts on her, somebody to take it over, and then the end of her access. */
const Leaving = ({ name }: { name: string }) => {
  const client = useQueryClient();
  const impact = useQuery(impactQuery(name)).data;
  const people = useQuery(peopleQuery).data?.items ?? [];
  const [heir, setHeir] = useState('');
  const params = { path: { name } };
  const again = () => client.invalidateQueries();
  const replace = useMutation({
    mutationFn: () => ok(api.POST('/api/people/{name}/replace', { params, body: { with: heir } })),
    onSuccess: async () => {
      toast(t.replaced(heir));
      await again();
    },
  });
  const leave = useMutation({ mutationFn: () => ok(api.DELETE('/api/people/{name}', { params })), onSuccess: again });
  if (!impact) return null;
  const items = [
    ...impact.schedules.map((one) => ({ text: t.schedule(one.schedule), to: `/schedules/${one.schedule}` })),
    ...impact.policies.map((one) => ({ text: t.policy(one.policy), to: `/escalation/${one.policy}` })),
    ...impact.teams.map((one) => ({ text: t.team(one.team), to: `/teams/${one.team}` })),
    ...impact.open_pages.map((one) => ({ text: t.page(one.incident), to: `/incidents/${one.incident}` })),
    ...impact.held_incidents.map((one) => ({ text: t.held(one.incident), to: `/incidents/${one.incident}` })),
    ...impact.tokens.map((one) => ({ text: t.key(one), to: undefined })),
  ];
  return (
    <Section title={t.replaceTitle} padded="page">
      <ProblemStrip error={replace.error ?? leave.error} />
      {items.length === 0 ? (
        <p className="text-fg-muted">{t.nothing}</p>
      ) : (
        <>
          <p className="mb-1 text-fg-muted">{t.replaceWhy}</p>
          <Rows label={t.replaceTitle}>
            {items.map((item) => (
              <Row key={item.text}>{item.to ? <Link to={item.to}>{item.text}</Link> : item.text}</Row>
            ))}
          </Rows>
        </>
      )}
      {impact.counts_on_her && (
        <form
          className="flex max-w-110 items-end gap-2 pt-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (heir) replace.mutate();
          }}
        >
          <div className="min-w-0 flex-1">
            <Select
              label={t.replaceWith}
              value={heir}
              onChange={setHeir}
              options={people
                .filter((one) => one.active && one.name !== name)
                .map((one) => ({ value: one.name, label: one.display_name }))}
            />
          </div>
          <Button type="submit" busy={replace.isPending} disabled={!heir} title={heir ? undefined : t.replaceWith}>
            {t.replace}
          </Button>
        </form>
      )}
      <div className="flex flex-wrap items-center gap-3 pt-3">
        <Button look="danger" busy={leave.isPending} onClick={() => leave.mutate()}>
          {t.deactivate}
        </Button>
        <Subtle>{t.deactivateWhy}</Subtle>
      </div>
      {leave.isSuccess && <Strip state="ok">{t.state.left}</Strip>}
    </Section>
  );
};
