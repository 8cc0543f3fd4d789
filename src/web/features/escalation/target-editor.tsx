import { useQuery } from '@tanstack/react-query';
import { escalation as t } from '../../text/escalation.ts';
import { settings } from '../../text/settings.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Combobox, type Option, Select } from '../../ui/select.tsx';
import { peopleQuery, teamsQuery } from '../incidents/queries.ts';
import { schedulesQuery, type Target } from './queries.ts';
import { type Kind, kindOf, type Names } from './sentences.ts';

export type Choices = { people: Option[]; schedules: Option[]; teams: Option[] };

/** What a step can name, and how each is called. Undefined until all is known. */
export const useChoices = (): { choices: Choices; names: Names } | undefined => {
  const [people, schedules, teams] = [useQuery(peopleQuery).data, useQuery(schedulesQuery).data, useQuery(teamsQuery).data];
  if (!people || !schedules || !teams) return undefined;
  const choices = {
    people: people.items.map((one) => ({ value: one.name, label: one.display_name })),
    schedules: schedules.items.map((one) => ({ value: one.name, label: one.title || one.name })),
    teams: teams.items.map((one) => ({ value: one.name, label: one.title || one.name })),
  };
  const called = (options: Option[]) => (name: string) => options.find((one) => one.value === name)?.label ?? name;
  return {
    choices,
    names: { person: called(choices.people), schedule: called(choices.schedules), team: called(choices.teams) },
  };
};

const CHANNELS = [
  'email',
  'sms',
  'voice',
  'ntfy',
  'slack',
  'telegram',
  'teams',
  'discord',
  'mattermost',
  'matrix',
  'pushover',
  'webhook',
] as const;

/** The first target of a kind, or nothing if there is none to name. */
const firstOf = (kind: Kind, { people, schedules, teams }: Choices): Target | undefined => {
  const [person, schedule, team] = [people[0]?.value, schedules[0]?.value, teams[0]?.value];
  if (kind === 'person') return person ? { person } : undefined;
  if (kind === 'schedule') return schedule ? { schedule, role: 'primary' } : undefined;
  if (kind === 'team') return team ? { team, who: 'all' } : undefined;
  if (kind === 'round_robin') return person ? { round_robin: [person] } : undefined;
  if (kind === 'webhook') return { webhook: 'https://' };
  return { channel: 'email', address: '' };
};
export const firstTarget = (choices: Choices): Target | undefined =>
  firstOf('schedule', choices) ?? firstOf('person', choices) ?? firstOf('team', choices);

type Props = { target: Target; onChange: (target: Target) => void; choices: Choices };

/** Whom a step pages, edited. */
export const TargetEditor = ({ target, onChange, choices, onRemove }: Props & { onRemove?: (() => void) | undefined }) => (
  <div className="flex flex-col gap-3">
    <Select
      label={t.kind}
      value={kindOf(target)}
      onChange={(kind) => {
        const next = firstOf(kind as Kind, choices);
        if (next) onChange(next);
      }}
      options={(Object.keys(t.kinds) as Kind[])
        .filter((kind) => kind === kindOf(target) || firstOf(kind, choices))
        .map((kind) => ({ value: kind, label: t.kinds[kind] }))}
    />
    <Details target={target} onChange={onChange} choices={choices} />
    {onRemove && <Button onClick={onRemove}>{t.removeTarget}</Button>}
  </div>
);

const ROLES = ['primary', 'secondary', 'tertiary'] as const;
const Details = ({ target, onChange, choices }: Props) => {
  if ('person' in target)
    return <Select label={t.person} value={target.person} onChange={(person) => onChange({ person })} options={choices.people} />;
  if ('schedule' in target)
    return (
      <>
        <Select
          label={t.schedule}
          value={target.schedule}
          onChange={(schedule) => onChange({ ...target, schedule })}
          options={choices.schedules}
        />
        <Select
          label={t.role}
          value={target.role ?? ''}
          onChange={(value) => {
            const role = ROLES.find((one) => one === value);
            onChange({ schedule: target.schedule, ...(role ? { role } : {}) });
          }}
          options={[...ROLES.map((role) => ({ value: role, label: role })), { value: '', label: t.everyRole }]}
        />
      </>
    );
  if ('team' in target)
    return (
      <>
        <Select label={t.team} value={target.team} onChange={(team) => onChange({ ...target, team })} options={choices.teams} />
        <Select
          label={t.who}
          value={target.who}
          onChange={(who) => onChange({ ...target, who: who === 'lead' ? 'lead' : 'all' })}
          options={[
            { value: 'all', label: t.all },
            { value: 'lead', label: t.lead },
          ]}
        />
      </>
    );
  if ('round_robin' in target)
    return (
      <Combobox
        label={t.inTurn}
        hint={t.inTurnHint}
        value={target.round_robin}
        // In the order in which they were chosen, which is the order they take turns in.
        onChange={(chosen) =>
          onChange({
            round_robin: [
              ...target.round_robin.filter((one) => chosen.includes(one)),
              ...chosen.filter((one) => !target.round_robin.includes(one)),
            ],
          })
        }
        options={choices.people}
      />
    );
  if ('webhook' in target)
    return (
      <TextField
        label={t.webhook}
        type="url"
        value={target.webhook}
        onChange={(event) => onChange({ webhook: event.target.value })}
      />
    );
  return (
    <>
      <Select
        label={t.channel}
        value={target.channel}
        onChange={(value) => onChange({ ...target, channel: CHANNELS.find((one) => one === value) ?? target.channel })}
        options={CHANNELS.map((one) => ({ value: one, label: settings.channels.name[one] ?? one }))}
      />
      <TextField
        label={t.address}
        hint={settings.channels.testHint[target.channel]}
        value={target.address}
        onChange={(event) => onChange({ ...target, address: event.target.value })}
      />
    </>
  );
};
