import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { layerCalendars as c } from '../../text/layer-calendars.ts';
import { schedules as t } from '../../text/schedules.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { type Option, Select } from '../../ui/select.tsx';
import type { Layer } from './queries.ts';

type Source = NonNullable<Layer['calendar']>;

const saysThe = (typed: [string, string][], people: Source['people'] = {}): boolean => {
  const said = new Map(typed);
  return said.size === Object.keys(people).length && [...said].every(([words, person]) => people[words] === person);
};

/** The calendar that a layer takes its turns from, and who is meant by the names in it. */
export const CalendarFields = ({
  value,
  people,
  onChange,
  errorOf,
}: {
  value: Source;
  people: Option[];
  onChange: (value: Source) => void;
  errorOf: (path: string) => string | undefined;
}) => {
  // While “Ana S.” is typed beside “Ana”, two rows have the same words for a moment: the table alone would lose one.
  const [typed, setTyped] = useState(Object.entries(value.people ?? {}));
  const names = saysThe(typed, value.people) ? typed : Object.entries(value.people ?? {});
  const put = (next: [string, string][]) => {
    setTyped(next);
    onChange(next.length > 0 ? { address: value.address, people: Object.fromEntries(next) } : { address: value.address });
  };
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <TextField
        label={c.address}
        type="url"
        value={value.address}
        maxLength={2000}
        placeholder="https://"
        hint={c.addressHint}
        error={errorOf('address')}
        onChange={(event) => onChange({ ...value, address: event.target.value })}
      />
      <p className="text-meta text-fg-subtle">{c.how}</p>
      <fieldset className="flex min-w-0 flex-col gap-1.5">
        <legend className="mb-1 text-meta text-fg-muted">{c.table}</legend>
        {names.length === 0 && <p className="text-meta text-fg-subtle">{c.tableNone}</p>}
        {names.map(([words, person], at) => (
          <div key={at} className="flex items-end gap-2">
            <span className="min-w-0 flex-1">
              <TextField
                label={c.words}
                value={words}
                maxLength={200}
                error={names.some((one, before) => before < at && one[0] === words) ? c.twice : errorOf(`people.${words}`)}
                onChange={(event) => put(names.map((one, index) => (index === at ? [event.target.value, person] : one)))}
              />
            </span>
            <span className="min-w-0 flex-1">
              <Select
                label={c.person}
                value={person}
                options={person ? people : [{ value: '', label: t.edit.person }, ...people]}
                onChange={(chosen) => put(names.map((one, index) => (index === at ? [words, chosen] : one)))}
              />
            </span>
            <IconButton
              label={t.edit.drop(words || c.words)}
              look="quiet"
              onClick={() => put(names.filter((_, index) => index !== at))}
            >
              <Trash2 size={14} aria-hidden="true" />
            </IconButton>
          </div>
        ))}
        {errorOf('people') && <p className="s-critical state-fg text-meta">{errorOf('people')}</p>}
        <span>
          {!names.some(([words]) => words === '') && (
            <Button size="sm" icon={<Plus size={12} aria-hidden="true" />} onClick={() => put([...names, ['', '']])}>
              {c.add}
            </Button>
          )}
        </span>
      </fieldset>
    </div>
  );
};
