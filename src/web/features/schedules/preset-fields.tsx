import { Plus, Trash2 } from 'lucide-react';
import { schedules as t } from '../../text/schedules.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Checkbox, TextField } from '../../ui/field.tsx';
import { Combobox, type Option } from '../../ui/select.tsx';
import type { Preset, Site, Wanted } from './presets.ts';
import { cityOf } from './zone.ts';

/** What a preset asks. */
export const PresetFields = ({
  preset,
  wanted,
  onChange,
  people,
  zone,
  error,
}: {
  preset: Preset;
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
  people: Option[];
  zone: string;
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
  const put = (at: number, change: Partial<Site>) =>
    set({ sites: wanted.sites.map((one, index) => (index === at ? { ...one, ...change } : one)) });
  return (
    <>
      {wanted.sites.map((site, at) => (
        <fieldset key={at} className="flex flex-wrap items-start gap-3">
          <legend className="mb-1 text-meta font-strong">{t.create.site(at + 1)}</legend>
          <span className="w-34">
            <TextField label={t.create.siteName} value={site.name} onChange={(event) => put(at, { name: event.target.value })} />
          </span>
          <span className="w-26">
            <TextField
              label={t.create.siteFrom}
              type="time"
              value={site.from}
              onChange={(event) => put(at, { from: event.target.value })}
            />
          </span>
          <span className="w-26">
            <TextField
              label={t.create.siteTo}
              type="time"
              value={site.to}
              onChange={(event) => put(at, { to: event.target.value })}
            />
          </span>
          <span className="min-w-48 flex-1">
            <Combobox
              label={t.create.people}
              value={site.people}
              onChange={(chosen) => put(at, { people: chosen })}
              options={people}
              error={at === 0 ? error : undefined}
            />
          </span>
          <span className="pt-5.5">
            <IconButton
              label={t.edit.drop(site.name || t.create.site(at + 1))}
              look="quiet"
              onClick={() => set({ sites: wanted.sites.filter((_, index) => index !== at) })}
            >
              <Trash2 size={14} aria-hidden="true" />
            </IconButton>
          </span>
        </fieldset>
      ))}
      <span>
        <Button
          size="sm"
          icon={<Plus size={12} aria-hidden="true" />}
          onClick={() => set({ sites: [...wanted.sites, { name: '', from: '09:00', to: '17:00', people: [] }] })}
        >
          {t.create.addSite}
        </Button>
      </span>
      {starts}
    </>
  );
};
