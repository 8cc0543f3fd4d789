import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import type { Matcher } from '../../../contract/common.ts';
import { useCan } from '../../api/me.ts';
import { matching as t } from '../../text/matching.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { labelsQuery } from './queries.ts';
import { FIELDS } from './words.ts';

export const emptyMatcher: Matcher = { name: '', op: '=', value: '' };

const OPS = (['=', '!=', '=~', '!~'] as const).map((value) => ({ value, label: t.ops[value] }));

/** One test of a label or field: its name, how it is compared, and with what; both are suggested from alerts there were. */
export const MatcherFields = ({
  matcher,
  nth,
  onChange,
  onRemove,
  error,
}: {
  matcher: Matcher;
  nth: number;
  onChange: (matcher: Matcher) => void;
  onRemove?: (() => void) | undefined;
  error?: string | undefined;
}) => {
  const id = useId();
  const may = useCan()('alert.read');
  const labels = useQuery({ ...labelsQuery, enabled: may }).data?.items ?? [];
  const values = labels.find((one) => one.name === matcher.name)?.values ?? [];
  return (
    <fieldset aria-label={t.nth(nth)} className="flex min-w-0 flex-col gap-1">
      <div className="grid grid-cols-[minmax(0,5fr)_118px_minmax(0,6fr)_auto] items-start gap-2 max-desk:grid-cols-[minmax(0,1fr)_auto]">
        <TextField
          label={t.name}
          labelHidden
          placeholder={t.nameHint}
          list={`${id}-names`}
          value={matcher.name}
          maxLength={200}
          error={error}
          onChange={(event) => onChange({ ...matcher, name: event.target.value })}
        />
        <div className="max-desk:col-start-1">
          <Select
            label={t.op}
            labelHidden
            value={matcher.op}
            onChange={(op) => onChange({ ...matcher, op: op as Matcher['op'] })}
            options={OPS}
          />
        </div>
        <div className="max-desk:col-start-1">
          <TextField
            label={t.value}
            labelHidden
            placeholder={t.value}
            list={`${id}-values`}
            value={matcher.value}
            maxLength={2048}
            hint={matcher.op.endsWith('~') ? t.expression : undefined}
            onChange={(event) => onChange({ ...matcher, value: event.target.value })}
          />
        </div>
        {onRemove && (
          <div className="max-desk:col-start-2 max-desk:row-start-1">
            <IconButton label={t.remove} look="quiet" onClick={onRemove}>
              <X size={14} aria-hidden="true" />
            </IconButton>
          </div>
        )}
      </div>
      <datalist id={`${id}-names`}>
        {[...FIELDS, ...labels.map((one) => one.name)].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <datalist id={`${id}-values`}>
        {values.map((one) => (
          <option key={one.value} value={one.value} />
        ))}
      </datalist>
    </fieldset>
  );
};

/** Tests that must all hold. `errors` by their place, as the server names them. */
export const MatcherList = ({
  matchers,
  onChange,
  errorOf,
}: {
  matchers: Matcher[];
  onChange: (matchers: Matcher[]) => void;
  errorOf?: (index: number) => string | undefined;
}) => (
  <div className="flex flex-col gap-2">
    {matchers.map((matcher, index) => (
      <MatcherFields
        key={index}
        nth={index}
        matcher={matcher}
        error={errorOf?.(index)}
        onChange={(next) => onChange(matchers.map((one, at) => (at === index ? next : one)))}
        onRemove={() => onChange(matchers.filter((_, at) => at !== index))}
      />
    ))}
    <div>
      <Button
        size="sm"
        icon={<Plus size={12} aria-hidden="true" />}
        onClick={() => onChange([...matchers, emptyMatcher])}
        disabled={matchers.length >= 50}
      >
        {t.add}
      </Button>
    </div>
  </div>
);
