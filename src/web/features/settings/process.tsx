import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client.ts';
import { settings } from '../../text/settings.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, Field, TextArea } from '../../ui/field.tsx';
import { ProblemStrip, Section, Strip } from '../../ui/layout.tsx';
import { Badge, Mark, type State } from '../../ui/marks.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Code } from '../../ui/text.tsx';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { said } from './audit-changes.ts';
import { exportQuery, type Files, type Planned, planFiles } from './queries.ts';

const t = settings.process;
type Remark = Planned['problems'][number];

export const Process = () => (
  <>
    <ChangeByFiles />
    <AsItIs />
  </>
);

const AsItIs = () => {
  const [shown, setShown] = useState(false);
  const file = useQuery({ ...exportQuery, enabled: shown });
  return (
    <Section title={t.export} padded="page">
      <div className="flex flex-col gap-3">
        <p className="max-w-160 text-fg-muted">{t.exportWhy}</p>
        <ProblemStrip error={file.error} />
        {!shown && (
          <div>
            <Button onClick={() => setShown(true)}>{t.show}</Button>
          </div>
        )}
        {file.data && (
          <>
            <div>
              <Button onClick={() => save('allclear.yaml', file.data.text)}>{t.download}</Button>
            </div>
            <Code label={t.file}>{file.data.text}</Code>
          </>
        )}
      </div>
    </Section>
  );
};

/** Hands the browser a file to keep. */
const save = (name: string, text: string) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
};

const ChangeByFiles = () => {
  const client = useQueryClient();
  const [pasted, setPasted] = useState('');
  const [chosen, setChosen] = useState<Files['files']>([]);
  const [prune, setPrune] = useState(false);
  const [allowed, setAllowed] = useState(false);
  const files = [...chosen, ...(pasted.trim() ? [{ name: t.pasted, text: pasted }] : [])];
  const asked: Files = { files, prune };
  const plan = useMutation({
    mutationFn: planFiles,
    onSuccess: () => setAllowed(false),
  });
  const apply = useMutation({
    mutationFn: (body: Files) => ok(api.POST('/api/process/apply', { body: { ...body, allow_unpaged: allowed } })),
    onSuccess: async (done) => {
      setPasted('');
      setChosen([]);
      plan.reset();
      toast(t.applied(changedIn(done).length));
      await client.invalidateQueries();
    },
  });
  const planned = plan.data;
  const stale = planned !== undefined && JSON.stringify(plan.variables) !== JSON.stringify(asked);
  const changes = planned ? changedIn(planned) : [];
  const unpaged = planned && planned.pages_nobody.length > 0;
  const showPlan = (
    <Button
      look={planned && !stale && changes.length > 0 ? 'plain' : 'main'}
      busy={plan.isPending}
      disabled={files.length === 0}
      title={files.length === 0 ? t.applyWhy : undefined}
      onClick={() => {
        apply.reset();
        plan.mutate(asked);
      }}
    >
      {t.plan}
    </Button>
  );
  return (
    <Section title={t.apply} padded="page">
      <LeaveGuard changes={files.length} />
      <div className="flex flex-col gap-3">
        <p className="max-w-160 text-fg-muted">{t.applyWhy}</p>
        <TextArea
          label={t.paste}
          hint={t.pasteHint}
          code
          rows={10}
          spellCheck={false}
          value={pasted}
          onChange={(event) => setPasted(event.target.value)}
        />
        <Field label={t.choose} hint={chosen.length > 0 ? t.chosen(chosen.map((file) => file.name).join(', ')) : undefined}>
          {(wired) => (
            <input
              {...wired}
              type="file"
              className="text-meta text-fg-muted file:mr-3 file:h-(--ctl) file:cursor-pointer file:rounded file:border file:border-solid file:border-line-strong file:bg-surface file:px-2.5 file:text-fg"
              multiple
              accept=".yaml,.yml,.json"
              onChange={(event) => {
                const picked = [...(event.target.files ?? [])];
                void Promise.all(picked.map(async (file) => ({ name: file.name, text: await file.text() }))).then(setChosen);
              }}
            />
          )}
        </Field>
        <Checkbox checked={prune} onChange={setPrune}>
          {t.prune}
        </Checkbox>
        <div>{showPlan}</div>
      </div>
      <div aria-live="polite" className="flex flex-col gap-3 pt-3">
        <ProblemStrip error={plan.error ?? apply.error} />
        {planned && (
          <>
            {stale && <Strip state="medium">{t.stalePlan}</Strip>}
            <Plan plan={planned} />
            {unpaged && (
              <Checkbox checked={allowed} onChange={setAllowed}>
                {t.allow}
              </Checkbox>
            )}
            {changes.length > 0 && !stale && (
              <div>
                <Button
                  look="main"
                  busy={apply.isPending}
                  disabled={unpaged && !allowed}
                  title={unpaged && !allowed ? t.needAllow : undefined}
                  onClick={() => apply.mutate(asked)}
                >
                  {t.applyNow(changes.length)}
                </Button>
              </div>
            )}
          </>
        )}
      </div>
    </Section>
  );
};

const changedIn = (plan: Planned) => plan.changes.filter((one) => one.change !== 'keep');
const STATE: Record<string, State> = { create: 'ok', update: 'medium', delete: 'high' };

const Plan = ({ plan }: { plan: Planned }) => {
  const changes = changedIn(plan);
  const count = (change: string) => changes.filter((one) => one.change === change).length;
  return (
    <>
      {plan.problems.length > 0 && <Remarks title={t.problems(plan.problems.length)} state="critical" remarks={plan.problems} />}
      {plan.pages_nobody.length > 0 && <Remarks title={t.unpaged} state="high" remarks={plan.pages_nobody} />}
      {plan.warnings.length > 0 && <Remarks title={t.warnings} state="medium" remarks={plan.warnings} />}
      {plan.problems.length === 0 && (
        <h3 className="text-14">
          {t.planned}
          <span className="pl-2 text-meta font-text text-fg-subtle">
            {changes.length > 0 ? t.summary(count('create'), count('update'), count('delete')) : ''}
          </span>
        </h3>
      )}
      {plan.problems.length === 0 && changes.length === 0 && <p className="text-fg-muted">{t.nothing}</p>}
      {changes.length > 0 && (
        <ul className="flex flex-col divide-y divide-line border-y border-line">
          {changes.map((one) => (
            <li key={`${one.kind} ${one.name}`} className="flex flex-col gap-1 py-2">
              <span className="flex flex-wrap items-center gap-2">
                <Badge state={STATE[one.change]}>{t.change[one.change]}</Badge>
                <span className="text-fg-muted">{one.kind.replaceAll('_', ' ')}</span>
                <span className="font-strong">{one.name}</span>
                {one.note && <span className="text-fg-muted">{one.note}</span>}
              </span>
              {one.change === 'update' &&
                one.fields.map((field) => (
                  <span key={field.path} className="pl-4 wrap-anywhere">
                    <span className="text-fg-muted">{field.path}: </span>
                    <del className="text-fg-muted">{said(field.before) ?? settings.audit.nothing}</del>
                    {' → '}
                    <ins className="font-strong no-underline">{said(field.after) ?? settings.audit.nothing}</ins>
                  </span>
                ))}
            </li>
          ))}
        </ul>
      )}
    </>
  );
};

const Remarks = ({ title, state, remarks }: { title: string; state: State; remarks: Remark[] }) => (
  <div className="flex flex-col gap-1">
    <Mark state={state}>
      <span className="whitespace-normal">{title}</span>
    </Mark>
    <ul className="flex flex-col gap-0.5 pl-5.5">
      {remarks.map((one, index) => (
        <li key={index} className="wrap-anywhere">
          {one.file && <span className="text-fg-muted">{t.line(one.file, one.line)}: </span>}
          {one.message}
        </li>
      ))}
    </ul>
  </div>
);
