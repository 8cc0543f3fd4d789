import { Plus, Trash2 } from 'lucide-react';
import { compensation as words } from '../../text/compensation.ts';
import { compensationRules as t } from '../../text/compensation-rules.ts';
import { money } from '../../time.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Section } from '../../ui/layout.tsx';
import { Select } from '../../ui/select.tsx';
import { digitsOf } from './currency.ts';
import type { Rate } from './queries.ts';

const CLASSES = ['working_hours', 'after_hours', 'weekend', 'holiday'] as const;
const optionsOf = <T extends string>(labels: Record<T, string>) =>
  (Object.entries(labels) as [T, string][]).map(([value, label]) => ({ value, label }));

/** What each hour, shift or page is worth. Amounts are typed in the currency and kept in its smallest unit. */
export const RateFields = ({
  value,
  currency,
  onChange,
  errorOf,
}: {
  value: Rate[];
  currency: string;
  onChange: (rates: Rate[]) => void;
  errorOf: (path: string) => string | undefined;
}) => {
  const unit = 10 ** digitsOf(currency);
  const put = (at: number, next: Rate) => onChange(value.map((one, index) => (index === at ? next : one)));
  /** Without what is empty: it is then not limited. */
  const set = (at: number, key: 'class' | 'role' | 'from' | 'until', typed: string) => {
    const { [key]: _, ...rest } = value[at] as Rate;
    put(at, (typed ? { ...rest, [key]: typed } : rest) as Rate);
  };
  return (
    <Section
      title={t.rates}
      padded="page"
      action={
        value.length < 100 && (
          <Button
            size="sm"
            icon={<Plus size={12} aria-hidden="true" />}
            onClick={() => onChange([...value, { per: 'hour', amount: Number.NaN }])}
          >
            {t.add}
          </Button>
        )
      }
    >
      <p className="max-w-160 text-fg-muted">{value.length === 0 ? `${t.none} ${t.ratesWhy}` : t.ratesWhy}</p>
      {value.map((rate, at) => (
        <fieldset key={at} className="mt-3 flex flex-col gap-1 border-t border-line pt-3">
          <legend className="vh">{t.rateName(at + 1)}</legend>
          <div className="flex items-center justify-between gap-2">
            <p className="min-w-0 font-strong">
              {Number.isNaN(rate.amount)
                ? t.rateName(at + 1)
                : words.rate(
                    money(rate.amount / unit, currency),
                    rate.per,
                    rate.class,
                    rate.role,
                    (rate.from ? words.from(rate.from) : '') + (rate.until ? words.until(rate.until) : ''),
                  )}
            </p>
            <IconButton label={t.remove(at + 1)} look="quiet" onClick={() => onChange(value.filter((_, index) => index !== at))}>
              <Trash2 size={14} aria-hidden="true" />
            </IconButton>
          </div>
          <div className="grid grid-cols-2 gap-2 desk:grid-cols-3 wide:grid-cols-6">
            <TextField
              label={t.amount(currency)}
              type="number"
              min={0}
              step={1 / unit}
              required
              value={Number.isNaN(rate.amount) ? '' : rate.amount / unit}
              error={errorOf(`${at}.amount`)}
              onChange={(event) => put(at, { ...rate, amount: Math.round(event.target.valueAsNumber * unit) })}
            />
            <Select
              label={t.per}
              value={rate.per}
              options={optionsOf(t.pers)}
              error={errorOf(`${at}.per`)}
              onChange={(per) => put(at, { ...rate, per: per as Rate['per'] })}
            />
            <Select
              label={t.class}
              value={rate.class ?? ''}
              options={[
                { value: '', label: t.anyClass },
                ...CLASSES.map((one) => ({ value: one, label: words.class[one] ?? one })),
              ]}
              onChange={(one) => set(at, 'class', one)}
            />
            <Select
              label={t.role}
              value={rate.role ?? ''}
              options={optionsOf(t.roles)}
              onChange={(role) => set(at, 'role', role)}
            />
            <TextField
              label={t.from}
              type="date"
              value={rate.from ?? ''}
              error={errorOf(`${at}.from`)}
              onChange={(event) => set(at, 'from', event.target.value)}
            />
            <TextField
              label={t.until}
              type="date"
              value={rate.until ?? ''}
              error={errorOf(`${at}.until`)}
              onChange={(event) => set(at, 'until', event.target.value)}
            />
          </div>
        </fieldset>
      ))}
      {value.length > 0 && <p className="mt-3 max-w-160 text-meta text-fg-subtle">{t.raise}</p>}
    </Section>
  );
};
