import { handoffs } from '../../text/handoffs.ts';
import { Switch, TextField } from '../../ui/field.tsx';
import { Section } from '../../ui/layout.tsx';
import type { Schedule } from './queries.ts';

const t = handoffs.settings;
type Rules = NonNullable<Schedule['handoff']>;
/** As it is while nothing is said. */
const USUAL: Rules = { on: true, min_hours: 6, remind_after_minutes: 30, escalate_after_minutes: 120 };

/** Whether and how changes of people are handed over. */
export const HandoffFields = ({
  rules = USUAL,
  onChange,
  errorOf,
}: {
  rules: Rules | undefined;
  onChange: (rules: Rules) => void;
  errorOf: (path: string) => string | undefined;
}) => {
  const field = (key: Exclude<keyof Rules, 'on'>, label: string, hint?: string) => (
    <span className="w-52">
      <TextField
        label={label}
        hint={hint}
        type="number"
        min={1}
        value={Number.isNaN(rules[key]) ? '' : rules[key]}
        error={errorOf(`handoff.${key}`)}
        onChange={(event) => onChange({ ...rules, [key]: event.target.valueAsNumber })}
      />
    </span>
  );
  return (
    <Section title={t.title} padded="page">
      <div className="flex flex-col items-start gap-3">
        <Switch checked={rules.on} onChange={(on) => onChange({ ...rules, on })}>
          {t.on}
        </Switch>
        <p className="max-w-160 text-meta text-fg-subtle">{t.hint}</p>
        {rules.on && (
          <div className="flex flex-wrap gap-3">
            {field('min_hours', t.minHours, t.minHoursHint)}
            {field('remind_after_minutes', t.remind)}
            {field('escalate_after_minutes', t.escalate, t.escalateHint)}
          </div>
        )}
      </div>
    </Section>
  );
};
