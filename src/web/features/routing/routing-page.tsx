import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { editing } from '../../text/editing.ts';
import { routing as t } from '../../text/routing.ts';
import { ui } from '../../text/ui.ts';
import { duration } from '../../time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Empty, PageHead, PhoneFoot, ProblemStrip, Section, SkeletonRows, SplitPane, Strip } from '../../ui/layout.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Muted, Subtle } from '../../ui/text.tsx';
import { usePhone } from '../../ui/width.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { servicesQuery } from '../incidents/queries.ts';
import { BackTestResult } from './back-test.tsx';
import { backTestOf, type RoutingRule, routingQuery, saveRouting } from './queries.ts';
import { RoutingTest } from './routing-test.tsx';
import { RuleList } from './rule-list.tsx';
import { freshName, ruleOf, rulesChanged } from './words.ts';

export const RoutingPage = () => {
  const rules = useQuery(routingQuery);
  if (!rules.data)
    return (
      <>
        <PageHead title={t.title} />
        <ProblemStrip error={rules.error} />
        {rules.isPending && <SkeletonRows />}
      </>
    );
  return <Loaded current={rules.data} />;
};

const Loaded = ({ current }: { current: Tagged<RoutingRule[]> }) => {
  const client = useQueryClient();
  const can = useCan();
  const phone = usePhone();
  const [search, set] = useSearchState();
  const may = can('routing.write');
  const draft = useDraft(current);
  const [open, setOpen] = useState<number>();
  const [confirming, setConfirming] = useState(false);
  // What the server said of the draft when it was tested before it is saved.
  const [drafted, setDrafted] = useState<ApiProblem>();
  const rules = draft.value;
  const refresh = () => client.invalidateQueries({ queryKey: ['routing'] });
  const save = useMutation({
    mutationFn: () => saveRouting(rules, draft.base.tag),
    onSuccess: async () => {
      setConfirming(false);
      await refresh();
      draft.discard();
      setOpen(undefined);
      toast(t.saved);
    },
    onError: (error) => {
      setConfirming(false);
      if (isStale(error)) void refresh();
      else if (error instanceof ApiProblem) setOpen(ruleOf(error.field));
    },
  });
  const problem = save.error instanceof ApiProblem && save.error.status !== 412 ? save.error : drafted;
  const wrong = problem && ruleOf(problem.field);
  const changes = draft.dirty ? Math.max(1, rulesChanged(draft.base.data, rules)) : 0;
  const add = () => {
    draft.set([...rules, { name: freshName(rules), when: { all: [] }, set: {}, stop: false }]);
    setOpen(rules.length);
  };
  useShortcuts(may ? [{ key: 'n', label: t.add, run: add }] : []);
  const main = (
    <Button
      look="main"
      size={phone ? 'touch-main' : 'md'}
      disabled={changes === 0}
      title={changes === 0 ? t.nothing : undefined}
      onClick={() => {
        save.reset();
        setDrafted(undefined);
        setConfirming(true);
      }}
    >
      {t.save}
    </Button>
  );
  const sides = [
    ...(can('simulate') ? [{ value: 'test', label: t.side.test, panel: <RoutingTest rules={rules} dirty={draft.dirty} /> }] : []),
    ...(can('alert.read') && may ? [{ value: 'back-test', label: t.side.backTest, panel: <BackTestPane rules={rules} /> }] : []),
  ];
  return (
    <>
      <LeaveGuard changes={changes} />
      <PageHead title={t.title} fact={t.fact(rules.length)}>
        {changes > 0 && (
          <>
            <span className="text-meta text-fg-muted" role="status">
              {editing.unsaved(changes)}
            </span>
            <Button
              onClick={() => {
                draft.discard();
                save.reset();
                setDrafted(undefined);
                setOpen(undefined);
              }}
            >
              {editing.discard}
            </Button>
          </>
        )}
        {may && (
          <Button icon={<Plus size={14} aria-hidden="true" />} shortcut="N" onClick={add}>
            {t.add}
          </Button>
        )}
        {may && !phone && main}
      </PageHead>
      <StaleStrip
        draft={draft}
        refused={isStale(save.error) ? save.error : undefined}
        onResolved={() => {
          save.reset();
          setOpen(undefined);
        }}
      />
      {problem && wrong === undefined && <ProblemStrip error={problem} />}
      <SplitPane
        sideLabel={t.side.label}
        side={
          sides.length > 0 && (
            <Tabs
              label={t.side.label}
              value={search.try ?? (sides[0]?.value as string)}
              onChange={(next) => set({ try: next === sides[0]?.value ? undefined : next })}
              tabs={sides}
            />
          )
        }
      >
        {!may && <Strip>{t.readOnly}</Strip>}
        {rules.length === 0 ? (
          <Empty title={t.empty.title} action={may && <Button onClick={add}>{t.add}</Button>}>
            {t.empty.why}
          </Empty>
        ) : (
          <>
            <RuleList
              rules={rules}
              onChange={draft.set}
              open={open}
              onOpen={setOpen}
              wrong={
                problem && wrong !== undefined
                  ? { index: wrong, field: problem.field ?? '', message: problem.message }
                  : undefined
              }
              may={may}
            />
            {may && <p className="px-(--pad) py-2 text-meta text-fg-subtle max-desk:hidden">{t.rule.keys}</p>}
          </>
        )}
        <Groupings />
      </SplitPane>
      {phone && changes > 0 && (
        <PhoneFoot>
          <div className="flex">{main}</div>
        </PhoneFoot>
      )}
      {confirming && (
        <ConfirmSave
          rules={rules}
          saving={save.isPending}
          onSave={() => save.mutate()}
          onRefused={(refused) => {
            setConfirming(false);
            setDrafted(refused);
            setOpen(ruleOf(refused.field));
          }}
          onClose={() => setConfirming(false)}
        />
      )}
    </>
  );
};

/** Pages that the draft would have added and removed in the last days. */
const BackTestPane = ({ rules }: { rules: RoutingRule[] }) => {
  const test = useMutation({ mutationFn: (draft: RoutingRule[]) => backTestOf(draft) });
  const old = test.variables !== undefined && JSON.stringify(test.variables) !== JSON.stringify(rules);
  return (
    <div className="flex flex-col gap-3 px-4 py-3">
      <div>
        <Button busy={test.isPending} onClick={() => test.mutate(rules)}>
          {test.data ? t.backTest.again : t.backTest.run}
        </Button>
      </div>
      <ProblemStrip error={test.error} />
      {test.isPending && <Muted>{t.backTest.running}</Muted>}
      {test.data && !test.isPending && (
        <>
          {old && <Strip state="medium">{t.stale}</Strip>}
          <BackTestResult result={test.data} />
        </>
      )}
    </div>
  );
};

/** Before rules are saved: what they would have changed. */
const ConfirmSave = ({
  rules,
  saving,
  onSave,
  onRefused,
  onClose,
}: {
  rules: RoutingRule[];
  saving: boolean;
  onSave: () => void;
  /** The rules themselves cannot be: that is put right before anything else. */
  onRefused: (problem: ApiProblem) => void;
  onClose: () => void;
}) => {
  const may = useCan()('alert.read');
  const test = useQuery({
    queryKey: ['routing', 'back-test', rules],
    queryFn: () => backTestOf(rules),
    enabled: may,
    retry: false,
    gcTime: 0,
  });
  const refused = test.error instanceof ApiProblem && test.error.status === 422 ? test.error : undefined;
  const tell = useRef(onRefused);
  tell.current = onRefused;
  useEffect(() => {
    if (refused) tell.current(refused);
  }, [refused]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.confirm.title}
      wide
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="main" busy={saving} onClick={onSave}>
            {t.save}
          </Button>
        </>
      }
    >
      {!may ? (
        <p className="text-fg-muted">{t.confirm.untested}</p>
      ) : test.error ? (
        <>
          <ProblemStrip error={test.error} />
          <p className="text-fg-muted">{t.confirm.failed}</p>
        </>
      ) : test.data ? (
        <BackTestResult result={test.data} />
      ) : (
        <p role="status" className="text-fg-muted">
          {t.confirm.testing}
        </p>
      )}
    </Dialog>
  );
};

const SHOWN = 50;
/** How each service groups its alerts, and where that is changed. */
const Groupings = () => {
  const services = useQuery(servicesQuery).data?.items ?? [];
  const long = (seconds: number) => duration(seconds * 1000);
  if (services.length === 0) return null;
  return (
    <Section title={t.groupings.title} padded="page">
      <p className="mb-2 text-fg-muted">{t.groupings.why}</p>
      <table aria-label={t.groupings.title}>
        <thead>
          <tr className="text-12 text-fg-subtle">
            <th scope="col" className="border-b border-line py-1 pr-3">
              {t.groupings.head.service}
            </th>
            <th scope="col" className="border-b border-line py-1 pr-3">
              {t.groupings.head.by}
            </th>
            <th scope="col" className="border-b border-line py-1 pr-3">
              {t.groupings.head.window}
            </th>
            <th scope="col" className="border-b border-line py-1 max-desk:hidden">
              {t.groupings.head.age}
            </th>
          </tr>
        </thead>
        <tbody>
          {services.slice(0, SHOWN).map(({ name, title, grouping }) => (
            <tr key={name}>
              <th scope="row" className="border-b border-line py-1.5 pr-3">
                <Link to={`/services/${name}`}>{title || name}</Link>
              </th>
              <td className="border-b border-line py-1.5 pr-3 wrap-break-word">
                {grouping.by.join(', ') || <Subtle>{t.groupings.all}</Subtle>}
              </td>
              <td className="border-b border-line py-1.5 pr-3 whitespace-nowrap">
                {grouping.window_seconds === 0 ? t.groupings.never : long(grouping.window_seconds)}
              </td>
              <td className="border-b border-line py-1.5 whitespace-nowrap max-desk:hidden">{long(grouping.max_age_seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {services.length > SHOWN && (
        <p className="pt-2">
          <Link to="/services">{t.groupings.more(services.length - SHOWN)}</Link>
        </p>
      )}
    </Section>
  );
};
