import { schedules as t } from '../../text/schedules.ts';
import { Checkbox, Segmented, TextField } from '../../ui/field.tsx';
import { Combobox, type Option } from '../../ui/select.tsx';
import type { Preset, Wanted } from './presets.ts';
import { SiteFields } from './site-fields.tsx';
import { cityOf } from './zone.ts';

/** What a preset asks. */
export const PresetFields = ({
  preset,
  wanted,
  onChange,
  people,
  zone,
  zoneOf,
  policyHint,
  policyError,
  error,
}: {
  preset: Preset;
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
  people: Option[];
  zone: string;
  /** Where a person is. */
  zoneOf: (person: string) => string | undefined;
  /** What the policy of tiers is called unless said, and why it cannot be. */
  policyHint: string;
  policyError: string | undefined;
  error: string | undefined;
}) => {
  const set = (change: Partial<Wanted>) => onChange({ ...wanted, ...change });
  if (preset === 'empty') return null;
  const starts = (
    <span className="w-60">
      <TextField
        label={t.create.handoff}
        type="datetime-local"
        hint={t.form.inZone(cityOf(zone))}
        value={wanted.starts}
        onChange={(event) => set({ starts: event.target.value })}
      />
    </span>
  );
  if (preset === 'weekly')
    return (
      <>
        <Combobox
          label={t.create.people}
          hint={t.create.peopleHint}
          value={wanted.people}
          onChange={(chosen) => set({ people: chosen })}
          options={people}
          error={error}
        />
        <Checkbox checked={wanted.secondary} onChange={(secondary) => set({ secondary })}>
          {t.create.secondary}
        </Checkbox>
        {starts}
      </>
    );
  if (preset === 'tiers')
    return (
      <>
        <Combobox
          label={t.create.people}
          hint={t.create.tiersHint}
          value={wanted.people}
          onChange={(chosen) => set({ people: chosen })}
          options={people}
          error={error}
        />
        <div className="flex flex-wrap items-start gap-3">
          <span className="flex flex-col gap-1">
            <span className="text-meta text-fg-muted">{t.create.tiers}</span>
            <Segmented
              label={t.create.tiers}
              value={String(wanted.tiers)}
              onChange={(value) => set({ tiers: value === '3' ? 3 : 2 })}
              options={['2', '3'].map((value) => ({ value, label: t.create.tiersOf[value] }))}
            />
          </span>
          <span className="w-44">
            <TextField
              label={t.create.escalate}
              type="number"
              min={1}
              max={1440}
              value={Number.isNaN(wanted.escalateMinutes) ? '' : wanted.escalateMinutes}
              onChange={(event) => set({ escalateMinutes: event.target.valueAsNumber })}
            />
          </span>
          <span className="w-60">
            <TextField
              label={t.create.policy}
              placeholder={policyHint}
              maxLength={63}
              value={wanted.policy}
              error={policyError}
              onChange={(event) => set({ policy: event.target.value })}
            />
          </span>
        </div>
      </>
    );
  if (preset === 'weekend')
    return (
      <>
        <Combobox
          label={t.create.weekdayPeople}
          value={wanted.weekday}
          onChange={(weekday) => set({ weekday })}
          options={people}
          error={error}
        />
        <Combobox
          label={t.create.weekendPeople}
          value={wanted.weekend}
          onChange={(weekend) => set({ weekend })}
          options={people}
        />
        <div className="flex flex-wrap gap-3">
          <span className="w-40">
            <TextField
              label={t.create.weekendFrom}
              type="time"
              value={wanted.weekendFrom}
              onChange={(event) => set({ weekendFrom: event.target.value })}
            />
          </span>
          <span className="w-40">
            <TextField
              label={t.create.weekendTo}
              type="time"
              value={wanted.weekendTo}
              onChange={(event) => set({ weekendTo: event.target.value })}
            />
          </span>
        </div>
        {starts}
      </>
    );
  return (
    <>
      <SiteFields wanted={wanted} set={set} people={people} zoneOf={zoneOf} error={error} />
      {wanted.byHand && starts}
    </>
  );
};
