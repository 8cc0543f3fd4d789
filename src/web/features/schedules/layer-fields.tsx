import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { layerCalendars as c } from '../../text/layer-calendars.ts';
import { schedules as t } from '../../text/schedules.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Segmented, Switch, TextField } from '../../ui/field.tsx';
import { MarkIcon } from '../../ui/marks.tsx';
import { Combobox, type Option, Select } from '../../ui/select.tsx';
import { CalendarFields } from './calendar-fields.tsx';
import type { Layer, Role } from './queries.ts';
import { RestrictionFields } from './restriction-fields.tsx';
import { cityOf } from './zone.ts';

type Turn = Layer['participants'][number];
const peopleOf = (turn: Turn): string[] => (Array.isArray(turn) ? turn : [turn]);
const turnOf = (people: string[]): Turn => (people.length === 1 ? (people[0] as string) : people);
const swapped = <T,>(list: readonly T[], a: number, b: number): T[] =>
  list.map((one, at) => (at === a ? (list[b] as T) : at === b ? (list[a] as T) : one));

/** One layer: who takes turns, how long a turn lasts, from when, and within which hours. */
export const LayerFields = ({
  layer,
  onChange,
  people,
  zone,
  errorOf,
  moves,
}: {
  layer: Layer;
  onChange: (layer: Layer) => void;
  people: Option[];
  zone: string;
  errorOf: (path: string) => string | undefined;
  /** Towards the top wins more; absent at the end. */
  moves: { up: (() => void) | undefined; down: (() => void) | undefined; drop: () => void };
}) => {
  const set = (change: Partial<Layer>) => onChange({ ...layer, ...change });
  const turns = layer.participants;
  const title = t.edit.layer(layer.name);
  return (
    <fieldset className="border-b border-line py-4 first:pt-1 last:border-b-0">
      <legend className="vh">{title}</legend>
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <span className="w-44">
          <TextField
            label={t.edit.layerName}
            value={layer.name}
            maxLength={63}
            error={errorOf('name')}
            onChange={(event) => set({ name: event.target.value })}
          />
        </span>
        <span className="w-32">
          <Select
            label={t.edit.role}
            value={layer.role}
            onChange={(role) => set({ role: role as Role })}
            options={(['primary', 'secondary', 'tertiary'] as const).map((value) => ({ value, label: t.role[value] }))}
          />
        </span>
        <span className="pb-0.5">
          <Switch checked={layer.shadow} onChange={(shadow) => set({ shadow })}>
            {t.edit.shadow}
          </Switch>
        </span>
        <Segmented
          label={c.source}
          value={layer.calendar ? 'calendar' : 'people'}
          onChange={(source) => {
            const { calendar: _, ...rest } = layer;
            onChange(
              source === 'calendar' ? { ...rest, participants: [], calendar: { address: '' } } : { ...rest, participants: [[]] },
            );
          }}
          options={(['people', 'calendar'] as const).map((value) => ({ value, label: c.sources[value] }))}
        />
        <span className="ml-auto flex gap-1">
          <Move label={t.edit.up(title)} run={moves.up} up />
          <Move label={t.edit.down(title)} run={moves.down} />
          <IconButton label={t.edit.drop(title)} look="quiet" onClick={moves.drop}>
            <Trash2 size={14} aria-hidden="true" />
          </IconButton>
        </span>
      </div>
      <div className="grid gap-x-8 gap-y-4 split:grid-cols-2">
        {layer.calendar ? (
          <CalendarFields
            value={layer.calendar}
            people={people}
            errorOf={(path) => errorOf(`calendar.${path}`)}
            onChange={(calendar) => set({ calendar })}
          />
        ) : (
          <fieldset className="flex min-w-0 flex-col gap-1.5">
            <legend className="mb-1 text-meta text-fg-muted">{t.edit.turns}</legend>
            <ol className="flex flex-col gap-1.5">
              {turns.map((turn, at) => (
                <li key={at} className="flex items-start gap-1">
                  <span aria-hidden="true" className="w-5 pt-1.5 text-right text-meta text-fg-subtle">
                    {at + 1}
                  </span>
                  <span className="min-w-0 flex-1">
                    <Combobox
                      label={t.edit.turnOne(at + 1)}
                      labelHidden
                      value={peopleOf(turn)}
                      options={people}
                      placeholder={t.edit.person}
                      error={errorOf(`participants.${at}`)}
                      onChange={(chosen) =>
                        set({ participants: turns.map((one, index) => (index === at ? turnOf(chosen) : one)) })
                      }
                    />
                  </span>
                  <Move
                    label={t.edit.up(t.edit.turnOne(at + 1))}
                    up
                    run={at > 0 ? () => set({ participants: swapped(turns, at, at - 1) }) : undefined}
                  />
                  <Move
                    label={t.edit.down(t.edit.turnOne(at + 1))}
                    run={at < turns.length - 1 ? () => set({ participants: swapped(turns, at, at + 1) }) : undefined}
                  />
                  <IconButton
                    label={t.edit.drop(t.edit.turnOne(at + 1))}
                    look="quiet"
                    onClick={() => set({ participants: turns.filter((_, index) => index !== at) })}
                  >
                    <Trash2 size={14} aria-hidden="true" />
                  </IconButton>
                </li>
              ))}
            </ol>
            {errorOf('participants') && (
              <p className="s-critical state-fg flex items-center gap-1.25 text-meta">
                <MarkIcon state="critical" size={12} />
                {errorOf('participants')}
              </p>
            )}
            <span>
              <Button
                size="sm"
                icon={<Plus size={12} aria-hidden="true" />}
                onClick={() => set({ participants: [...turns, []] })}
              >
                {t.edit.addTurn}
              </Button>
            </span>
            <p className="text-meta text-fg-subtle">{t.edit.turnHint}</p>
          </fieldset>
        )}
        <div className="flex min-w-0 flex-col gap-3">
          <div className="flex flex-wrap items-start gap-3">
            {!layer.calendar && (
              <>
                <span className="w-24">
                  <TextField
                    label={t.edit.every}
                    type="number"
                    min={1}
                    max={1000}
                    value={Number.isNaN(layer.rotation.every) ? '' : layer.rotation.every}
                    error={errorOf('rotation.every')}
                    onChange={(event) => set({ rotation: { ...layer.rotation, every: event.target.valueAsNumber } })}
                  />
                </span>
                <span className="w-26">
                  <Select
                    label={t.edit.unit}
                    value={layer.rotation.unit}
                    onChange={(unit) => set({ rotation: { ...layer.rotation, unit: unit as Layer['rotation']['unit'] } })}
                    options={(['hour', 'day', 'week', 'month'] as const).map((value) => ({ value, label: t.edit.units[value] }))}
                  />
                </span>
              </>
            )}
            <span className="w-52">
              <TextField
                label={layer.calendar ? c.from : t.edit.starts}
                type="datetime-local"
                value={layer.starts}
                hint={layer.calendar ? c.fromHint(cityOf(zone)) : t.edit.startsHint(cityOf(zone))}
                error={errorOf('starts')}
                onChange={(event) => set({ starts: event.target.value })}
              />
            </span>
            <span className="w-52">
              <TextField
                label={t.edit.ends}
                type="datetime-local"
                value={layer.ends ?? ''}
                hint={t.edit.endsHint}
                error={errorOf('ends')}
                onChange={(event) => {
                  const { ends: _, ...rest } = layer;
                  onChange(event.target.value ? { ...rest, ends: event.target.value } : rest);
                }}
              />
            </span>
          </div>
          <RestrictionFields
            value={layer.restrictions ?? []}
            errorOf={(path) => errorOf(`restrictions.${path}`)}
            onChange={(restrictions) => {
              const { restrictions: _, ...rest } = layer;
              onChange(restrictions.length > 0 ? { ...rest, restrictions } : rest);
            }}
          />
        </div>
      </div>
    </fieldset>
  );
};

/** At the end there is nothing to move to: its place stays, so that the others do not jump. */
const Move = ({ label, run, up }: { label: string; run: (() => void) | undefined; up?: boolean }) =>
  run ? (
    <IconButton label={label} look="quiet" onClick={run}>
      {up ? <ArrowUp size={14} aria-hidden="true" /> : <ArrowDown size={14} aria-hidden="true" />}
    </IconButton>
  ) : (
    <span className="w-(--ctl) shrink-0" />
  );
