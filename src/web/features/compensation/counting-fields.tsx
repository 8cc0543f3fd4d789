import { ArrowDown, ArrowUp } from 'lucide-react';
import { compensation as words } from '../../text/compensation.ts';
import { compensationRules as t } from '../../text/compensation-rules.ts';
import { IconButton } from '../../ui/button.tsx';
import { Section } from '../../ui/layout.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Select } from '../../ui/select.tsx';
import { RestrictionFields } from '../schedules/restriction-fields.tsx';
import { zoneOptions } from '../schedules/schedule-form.tsx';
import { CURRENCIES, inCurrency } from './currency.ts';
import type { Rules } from './queries.ts';

const optionsOf = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));

/** Currency, clocks, and what is a weekend or after hours. */
export const CountingFields = ({
  value,
  set,
  errorOf,
}: {
  value: Rules;
  set: (change: Partial<Rules>) => void;
  errorOf: (path: string) => string | undefined;
}) => (
  <Section title={t.counting} padded="page">
    <div className="flex flex-col gap-4">
      <p className="max-w-160 text-fg-muted">{t.rulesWhy}</p>
      <div className="grid gap-3 desk:grid-cols-2">
        <Select
          label={t.currency}
          value={value.currency}
          options={CURRENCIES}
          error={errorOf('currency')}
          onChange={(currency) =>
            set({
              currency,
              rates: value.rates.map((rate) => ({ ...rate, amount: inCurrency(rate.amount, value.currency, currency) })),
            })
          }
        />
        <Select
          label={t.zone}
          value={value.time_zone}
          options={zoneOptions(value.time_zone)}
          error={errorOf('time_zone')}
          onChange={(time_zone) => set({ time_zone })}
        />
        <Select
          label={t.clock}
          hint={t.clockHint}
          value={value.clock}
          options={optionsOf(t.clocks)}
          onChange={(clock) => set({ clock: clock as Rules['clock'] })}
        />
        <Select
          label={t.overlap}
          value={value.overlap}
          options={optionsOf(t.overlaps)}
          onChange={(overlap) => set({ overlap: overlap as Rules['overlap'] })}
        />
        <Select
          label={t.rounding}
          value={value.rounding}
          options={optionsOf(t.roundings)}
          onChange={(rounding) => set({ rounding: rounding as Rules['rounding'] })}
        />
      </div>
      <RestrictionFields
        legend={t.working}
        none={t.noWorking}
        value={value.working_hours}
        errorOf={(path) => errorOf(`working_hours.${path}`)}
        onChange={(working_hours) => set({ working_hours })}
      />
      <RestrictionFields
        legend={t.weekend}
        none={t.noWeekend}
        value={value.weekend}
        errorOf={(path) => errorOf(`weekend.${path}`)}
        onChange={(weekend) => set({ weekend })}
      />
      <Order value={value.order} onChange={(order) => set({ order })} />
    </div>
  </Section>
);

const Order = ({ value, onChange }: { value: Rules['order']; onChange: (order: Rules['order']) => void }) => {
  const swap = (a: number, b: number) =>
    onChange(value.map((one, at) => (at === a ? (value[b] ?? one) : at === b ? (value[a] ?? one) : one)));
  return (
    <div className="max-w-100">
      <h3 className="text-meta font-text text-fg-muted">{t.order}</h3>
      <Rows label={t.order}>
        {value.map((one, at) => {
          const name = words.class[one] ?? one;
          return (
            <Row key={one}>
              <span className="min-w-0 flex-1">{name}</span>
              {at > 0 && (
                <IconButton label={t.up(name)} look="quiet" onClick={() => swap(at, at - 1)}>
                  <ArrowUp size={14} aria-hidden="true" />
                </IconButton>
              )}
              {at < value.length - 1 ? (
                <IconButton label={t.down(name)} look="quiet" onClick={() => swap(at, at + 1)}>
                  <ArrowDown size={14} aria-hidden="true" />
                </IconButton>
              ) : (
                <span className="w-(--ctl) shrink-0" />
              )}
            </Row>
          );
        })}
      </Rows>
    </div>
  );
};
