import { Plus, Trash2 } from 'lucide-react';
import { schedules as t } from '../../text/schedules.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Segmented, TextField } from '../../ui/field.tsx';
import { Combobox, type Option, Select } from '../../ui/select.tsx';
import type { Site, Wanted } from './presets.ts';
import { zoneOptions } from './schedule-form.tsx';

const MOST_SITES = 6;

/** The sites that follow the sun: where each is, so that its hours are found, or the hours themselves. */
export const SiteFields = ({
  wanted,
  set,
  people,
  zoneOf,
  error,
}: {
  wanted: Wanted;
  set: (change: Partial<Wanted>) => void;
  people: Option[];
  /** Where a person is. */
  zoneOf: (person: string) => string | undefined;
  error: string | undefined;
}) => {
  const put = (at: number, change: Partial<Site>) =>
    set({ sites: wanted.sites.map((one, index) => (index === at ? { ...one, ...change } : one)) });
  return (
    <>
      <Segmented
        label={t.create.hours}
        value={wanted.byHand ? 'hand' : 'found'}
        onChange={(value) => set({ byHand: value === 'hand' })}
        options={(['found', 'hand'] as const).map((value) => ({ value, label: t.create.hoursBy[value] }))}
      />
      {wanted.sites.map((site, at) => (
        <fieldset key={at} className="flex flex-wrap items-start gap-3">
          <legend className="mb-1 text-meta font-strong">{t.create.site(at + 1)}</legend>
          <span className="w-34">
            <TextField label={t.create.siteName} value={site.name} onChange={(event) => put(at, { name: event.target.value })} />
          </span>
          {wanted.byHand ? (
            <>
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
            </>
          ) : (
            <span className="w-55">
              <Select
                label={t.create.siteZone}
                value={site.zone}
                options={site.zone ? zoneOptions(site.zone) : [{ value: '', label: t.create.chooseZone }, ...zoneOptions('UTC')]}
                error={error && site.people.length > 0 && !site.zone ? t.create.needZone : undefined}
                onChange={(zone) => put(at, { zone })}
              />
            </span>
          )}
          <span className="min-w-48 flex-1">
            <Combobox
              label={t.create.people}
              value={site.people}
              onChange={(chosen) => put(at, { people: chosen, zone: site.zone || (chosen[0] && zoneOf(chosen[0])) || '' })}
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
      {wanted.sites.length < MOST_SITES && (
        <span>
          <Button
            size="sm"
            icon={<Plus size={12} aria-hidden="true" />}
            onClick={() => set({ sites: [...wanted.sites, { name: '', zone: '', from: '09:00', to: '17:00', people: [] }] })}
          >
            {t.create.addSite}
          </Button>
        </span>
      )}
    </>
  );
};
