import { ArrowDown, ArrowUp, ChevronDown, Plus, Trash2, UserPlus } from 'lucide-react';
import { escalation as t } from '../../text/escalation.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { SentenceControl } from '../../ui/text.tsx';
import { ConditionEditor, MorningEditor } from './condition-editor.tsx';
import { type Finding, Findings } from './findings.tsx';
import type { Policy, Step, Target } from './queries.ts';
import { conditionWords, moved, type Names, targetWords } from './sentences.ts';
import { type Choices, firstTarget, TargetEditor } from './target-editor.tsx';

type Props = {
  policy: Policy;
  /** As it is saved: what differs from it is marked. */
  saved: Policy;
  onChange: ((policy: Policy) => void) | undefined;
  choices: Choices;
  names: Names;
  findings: Finding[];
};

const Words = ({ children }: { children: React.ReactNode }) => <strong className="font-strong">{children}</strong>;
const Caret = () => <ChevronDown size={12} aria-hidden="true" />;

/** The policy as sentences, one a step; what can be changed is changed inside them. */
export const PolicySentences = ({ policy, saved, onChange, choices, names, findings }: Props) => {
  const { steps } = policy;
  const setSteps = (next: Step[]) => onChange?.({ ...policy, steps: next });
  const setStep = (index: number, change: Partial<Step>) =>
    setSteps(steps.map((one, at) => (at === index ? { ...one, ...change } : one)));
  const added = firstTarget(choices);
  const wait = (index: number) => (
    <Wait
      seconds={steps[index]?.escalate_after_seconds ?? 0}
      was={saved.steps[index]?.escalate_after_seconds}
      label={t.waitOf(index + 1)}
      onChange={onChange && ((escalate_after_seconds) => setStep(index, { escalate_after_seconds }))}
    />
  );
  return (
    <div className="px-(--pad) pb-6">
      <ol className="divide-y divide-line">
        {steps.map((step, index) => (
          <li key={index} aria-label={t.step(index + 1)} className="flex gap-3 py-4 max-desk:flex-wrap">
            <span
              aria-hidden="true"
              className="grid size-6 shrink-0 place-items-center rounded-full border border-line-strong text-12 font-strong"
            >
              {index + 1}
            </span>
            <div className="min-w-0 flex-1 max-desk:basis-[80%]">
              <p className="text-prose leading-8 wrap-break-word [&_button]:leading-5">
                {index === 0 ? t.pageFirst : t.unanswered} {index > 0 && wait(index - 1)}
                {index > 0 && t.page}{' '}
                <Targets
                  step={step}
                  was={saved.steps[index]}
                  choices={choices}
                  names={names}
                  onChange={onChange && ((targets) => setStep(index, { targets }))}
                />
                <When
                  step={step}
                  was={saved.steps[index]}
                  at={index}
                  onChange={onChange && ((next) => setSteps(steps.map((one, other) => (other === index ? next : one))))}
                />
                {'.'}
              </p>
              <Findings findings={findings.filter((one) => one.step === index + 1)} />
            </div>
            {onChange && (
              <span className="flex shrink-0 max-desk:basis-full max-desk:justify-end">
                {added && (
                  <IconButton
                    label={t.addTargetTo(index + 1)}
                    look="quiet"
                    size="sm"
                    disabled={step.targets.length >= 20}
                    onClick={() => setStep(index, { targets: [...step.targets, added] })}
                  >
                    <UserPlus size={14} aria-hidden="true" />
                  </IconButton>
                )}
                <IconButton
                  label={t.up(index + 1)}
                  look="quiet"
                  size="sm"
                  disabled={index === 0}
                  onClick={() => setSteps(moved(steps, index, index - 1))}
                >
                  <ArrowUp size={14} aria-hidden="true" />
                </IconButton>
                <IconButton
                  label={t.down(index + 1)}
                  look="quiet"
                  size="sm"
                  disabled={index === steps.length - 1}
                  onClick={() => setSteps(moved(steps, index, index + 1))}
                >
                  <ArrowDown size={14} aria-hidden="true" />
                </IconButton>
                <IconButton
                  label={t.removeStep(index + 1)}
                  look="quiet"
                  size="sm"
                  disabled={steps.length === 1}
                  onClick={() => setSteps(steps.filter((_, at) => at !== index))}
                >
                  <Trash2 size={14} aria-hidden="true" />
                </IconButton>
              </span>
            )}
          </li>
        ))}
      </ol>
      {onChange && added && steps.length < 50 && (
        <div className="border-t border-line py-3 pl-9">
          <Button
            icon={<Plus size={14} aria-hidden="true" />}
            onClick={() => setSteps([...steps, { targets: [added], escalate_after_seconds: 300, when: {} }])}
          >
            {t.addStep}
          </Button>
        </div>
      )}
      <div className="flex flex-col gap-2 border-t border-line pt-4 text-prose leading-8 [&_button]:leading-5">
        <p>
          {t.lastWait} {wait(steps.length - 1)} {t.lastWaitThen}
        </p>
        <p className="wrap-break-word">
          {t.rounds} <Rounds policy={policy} saved={saved} onChange={onChange} />. {t.lastly}{' '}
          <Fallback policy={policy} saved={saved} onChange={onChange} choices={choices} names={names} />.
        </p>
        <Findings findings={findings.filter((one) => one.step === null || one.step > steps.length)} />
      </div>
    </div>
  );
};

const Wait = ({
  seconds,
  was,
  label,
  onChange,
}: {
  seconds: number;
  was: number | undefined;
  label: string;
  onChange: ((seconds: number) => void) | undefined;
}) =>
  onChange ? (
    <SentenceControl
      title={label}
      changed={was !== seconds}
      {...(was === undefined ? {} : { was: t.minutes(was) })}
      editor={
        <TextField
          label={t.inMinutes}
          type="number"
          min={0}
          max={10_080}
          step="any"
          value={seconds / 60}
          onChange={(event) => {
            const next = Math.round(Number(event.target.value) * 60);
            if (event.target.value !== '' && next >= 0 && next <= 604_800) onChange(next);
          }}
        />
      }
    >
      {t.minutes(seconds)} <Caret />
    </SentenceControl>
  ) : (
    <Words>{t.minutes(seconds)}</Words>
  );

const Targets = ({
  step,
  was,
  choices,
  names,
  onChange,
}: {
  step: Step;
  was: Step | undefined;
  choices: Choices;
  names: Names;
  onChange: ((targets: Target[]) => void) | undefined;
}) => {
  return (
    <>
      {step.targets.map((target, index) => (
        <span key={index}>
          {index > 0 && ` ${t.and} `}
          {onChange ? (
            <SentenceControl
              title={t.target}
              changed={JSON.stringify(was?.targets[index]) !== JSON.stringify(target)}
              {...(was?.targets[index] ? { was: targetWords(was.targets[index], names) } : {})}
              editor={
                <TargetEditor
                  target={target}
                  choices={choices}
                  onChange={(next) => onChange(step.targets.map((one, i) => (i === index ? next : one)))}
                  onRemove={step.targets.length > 1 ? () => onChange(step.targets.filter((_, i) => i !== index)) : undefined}
                />
              }
            >
              {targetWords(target, names)} <Caret />
            </SentenceControl>
          ) : (
            <Words>{targetWords(target, names)}</Words>
          )}
        </span>
      ))}
    </>
  );
};

const When = ({
  step,
  was,
  at,
  onChange,
}: {
  step: Step;
  was: Step | undefined;
  at: number;
  onChange: ((step: Step) => void) | undefined;
}) => {
  const words = conditionWords(step);
  if (!onChange) return words === t.always ? null : <>, {words}</>;
  return (
    <>
      ,{' '}
      <SentenceControl
        title={t.whenOf(at + 1)}
        changed={!was || conditionWords(was) !== words}
        {...(was ? { was: conditionWords(was) } : {})}
        editor={
          <div className="flex flex-col gap-3">
            <ConditionEditor when={step.when} onChange={(when) => onChange({ ...step, when })} />
            <MorningEditor step={step} onChange={onChange} />
          </div>
        }
      >
        <span className={words === t.always ? 'font-text text-fg-muted' : ''}>{words}</span> <Caret />
      </SentenceControl>
    </>
  );
};

const Rounds = ({ policy, saved, onChange }: Pick<Props, 'policy' | 'saved' | 'onChange'>) => {
  const words = t.times(policy.repeat + 1);
  if (!onChange) return <Words>{words}</Words>;
  return (
    <SentenceControl
      title={t.roundsControl}
      changed={policy.repeat !== saved.repeat}
      was={t.times(saved.repeat + 1)}
      editor={
        <TextField
          label={t.roundsControl}
          hint={t.roundsHint}
          type="number"
          min={1}
          max={21}
          value={policy.repeat + 1}
          onChange={(event) => {
            const next = Number(event.target.value);
            if (Number.isInteger(next) && next >= 1 && next <= 21) onChange({ ...policy, repeat: next - 1 });
          }}
        />
      }
    >
      {words} <Caret />
    </SentenceControl>
  );
};

const Fallback = ({ policy, saved, onChange, choices, names }: Omit<Props, 'findings'>) => {
  const { fallback, ...none } = policy;
  const wordsOf = (target: Target | undefined) => (target ? targetWords(target, names) : t.fallbackNobody);
  const added = firstTarget(choices);
  if (!onChange) return <Words>{wordsOf(fallback)}</Words>;
  return (
    <SentenceControl
      title={t.fallback}
      changed={JSON.stringify(fallback) !== JSON.stringify(saved.fallback)}
      was={wordsOf(saved.fallback)}
      editor={
        fallback ? (
          <div className="flex flex-col gap-3">
            <TargetEditor target={fallback} choices={choices} onChange={(next) => onChange({ ...policy, fallback: next })} />
            <Button onClick={() => onChange(none)}>{t.noFallback}</Button>
          </div>
        ) : (
          added && <Button onClick={() => onChange({ ...policy, fallback: added })}>{t.fallback}</Button>
        )
      }
    >
      {wordsOf(fallback)} <Caret />
    </SentenceControl>
  );
};
