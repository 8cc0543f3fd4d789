import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { schedules as t } from '../../text/schedules.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Section } from '../../ui/layout.tsx';
import { Select } from '../../ui/select.tsx';
import { peopleQuery, teamsQuery } from '../incidents/queries.ts';
import { HandoffFields } from './handoff-fields.tsx';
import { LayerFields } from './layer-fields.tsx';
import type { Layer, Schedule } from './queries.ts';
import { UserGroupFields } from './user-group-fields.tsx';
import { addDays, dateOf, mondayOf, zones } from './zone.ts';

const ZONES = zones().map((value) => ({ value, label: value.replaceAll('_', ' ') }));
/** A zone that this browser does not list is still the one it is. */
export const zoneOptions = (zone: string) =>
  ZONES.some((one) => one.value === zone) ? ZONES : [{ value: zone, label: zone }, ...ZONES];

/** Names that stand for nobody yet are not sent. */
const namedIn = ({ address, people }: NonNullable<Layer['calendar']>) => {
  const known = Object.entries(people ?? {}).filter(([words, person]) => words.trim() && person);
  return known.length > 0 ? { address, people: Object.fromEntries(known) } : { address };
};

/** What the server takes: turns nobody was chosen for, and user groups without a name, are not sent. */
export const cleaned = ({ slack_user_groups: groups, ...schedule }: Schedule): Schedule => ({
  ...schedule,
  ...(groups?.some((one) => one.group.trim()) ? { slack_user_groups: groups.filter((one) => one.group.trim()) } : {}),
  layers: schedule.layers.map((layer) => ({
    ...layer,
    participants: layer.participants.filter((turn) => !Array.isArray(turn) || turn.length > 0),
    ...(layer.calendar ? { calendar: namedIn(layer.calendar) } : {}),
  })),
});

const newLayer = (schedule: Schedule, at: number): Layer => {
  const taken = new Set(schedule.layers.map((layer) => layer.name));
  let number = schedule.layers.length + 1;
  while (taken.has(`layer-${number}`)) number += 1;
  return {
    name: `layer-${number}`,
    role: 'primary',
    shadow: false,
    rotation: { every: 1, unit: 'week' },
    starts: `${addDays(mondayOf(dateOf(at, schedule.time_zone)), 7)}T09:00`,
    participants: [[]],
  };
};

/** A whole schedule: title, team, zone, layers from the one that wins down, and what is warned about. */
export const ScheduleForm = ({
  schedule,
  onChange,
  errorOf,
  at,
}: {
  schedule: Schedule;
  onChange: (schedule: Schedule) => void;
  errorOf: (path: string) => string | undefined;
  /** Now: a new layer begins next Monday. */
  at: number;
}) => {
  const people = useQuery(peopleQuery).data?.items ?? [];
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const set = (change: Partial<Schedule>) => onChange({ ...schedule, ...change });
  const { layers, policies } = schedule;
  const put = (index: number, layer: Layer) => set({ layers: layers.map((one, place) => (place === index ? layer : one)) });
  const swap = (a: number, b: number) =>
    set({ layers: layers.map((one, at) => (at === a ? (layers[b] as Layer) : at === b ? (layers[a] as Layer) : one)) });
  const options = people.map((one) => ({ value: one.name, label: one.display_name }));
  const limit = (key: keyof Schedule['policies'], label: string) => (
    <span className="w-52">
      <TextField
        label={label}
        type="number"
        min={0}
        value={Number.isNaN(policies[key]) ? '' : policies[key]}
        error={errorOf(`policies.${key}`)}
        onChange={(event) => set({ policies: { ...policies, [key]: event.target.valueAsNumber } })}
      />
    </span>
  );
  return (
    <>
      <Section title={t.edit.title} padded="page">
        <div className="grid max-w-240 gap-3 desk:grid-cols-3">
          <TextField
            label={t.edit.name}
            value={schedule.title}
            maxLength={200}
            error={errorOf('title')}
            onChange={(event) => set({ title: event.target.value })}
          />
          <Select
            label={t.edit.team}
            value={schedule.team ?? ''}
            error={errorOf('team')}
            onChange={(team) => {
              const { team: _, ...rest } = schedule;
              onChange(team ? { ...rest, team } : rest);
            }}
            options={[
              { value: '', label: t.edit.noTeam },
              ...teams.map((one) => ({ value: one.name, label: one.title || one.name })),
            ]}
          />
          <Select
            label={t.edit.zone}
            hint={t.edit.zoneHint}
            value={schedule.time_zone}
            error={errorOf('time_zone')}
            onChange={(time_zone) => set({ time_zone })}
            options={zoneOptions(schedule.time_zone)}
          />
        </div>
      </Section>
      <Section
        title={t.edit.layers}
        fact={t.edit.layersFact}
        padded="page"
        action={
          <Button
            size="sm"
            icon={<Plus size={12} aria-hidden="true" />}
            onClick={() => set({ layers: [...layers, newLayer(schedule, at)] })}
          >
            {t.edit.addLayer}
          </Button>
        }
      >
        {errorOf('layers') && <p className="text-meta">{errorOf('layers')}</p>}
        {layers.length === 0 ? (
          <p className="text-fg-muted">{t.edit.noLayers}</p>
        ) : (
          <div>
            {layers
              .map((layer, index) => (
                <LayerFields
                  key={index}
                  layer={layer}
                  people={options}
                  zone={schedule.time_zone}
                  errorOf={(path) => errorOf(`layers.${index}.${path}`)}
                  onChange={(next) => put(index, next)}
                  moves={{
                    up: index < layers.length - 1 ? () => swap(index, index + 1) : undefined,
                    down: index > 0 ? () => swap(index, index - 1) : undefined,
                    drop: () => set({ layers: layers.filter((_, at) => at !== index) }),
                  }}
                />
              ))
              .reverse()}
          </div>
        )}
      </Section>
      <Section title={t.edit.policies} padded="page">
        <div className="flex flex-wrap gap-3">
          {limit('max_consecutive_days', t.edit.maxDays)}
          {limit('min_gap_days', t.edit.minGap)}
          {limit('min_rotation_size', t.edit.minSize)}
        </div>
      </Section>
      <HandoffFields rules={schedule.handoff} onChange={(handoff) => set({ handoff })} errorOf={errorOf} />
      <UserGroupFields
        value={schedule.slack_user_groups ?? []}
        errorOf={(path) => errorOf(`slack_user_groups.${path}`)}
        onChange={(slack_user_groups) => {
          const { slack_user_groups: _, ...rest } = schedule;
          onChange(slack_user_groups.length > 0 ? { ...rest, slack_user_groups } : rest);
        }}
      />
    </>
  );
};
