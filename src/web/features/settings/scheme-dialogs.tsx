import { type ReactNode, useState } from 'react';
import { settings } from '../../text/settings.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, TextArea, TextField } from '../../ui/field.tsx';
import { Dialog } from '../../ui/overlay.tsx';
import type { Level, Role } from './queries.ts';
import { linesOf, listOf, withoutEmpty, withText } from './scheme-edit.ts';

const t = settings.scheme;
type Props<T> = { item: T; taken: string[]; onClose: () => void; onDone: (item: T) => void };

const Frame = ({
  title,
  onClose,
  onDone,
  children,
}: {
  title: string;
  onClose: () => void;
  onDone: () => void;
  children: ReactNode;
}) => (
  <Dialog
    open
    onClose={onClose}
    title={title}
    wide
    actions={
      <>
        <Button onClick={onClose}>{ui.cancel}</Button>
        <Button type="submit" form="scheme-item" look="main">
          {t.done}
        </Button>
      </>
    }
  >
    <form
      id="scheme-item"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
      }}
    >
      {children}
    </form>
  </Dialog>
);

export const LevelDialog = ({ item, taken, onClose, onDone }: Props<Level>) => {
  const [level, setLevel] = useState(item);
  const clash = taken.includes(level.level.trim().toLowerCase());
  const field = (
    key: 'name' | 'response_time' | 'communication' | 'target_resolution' | 'escalation',
    label: string,
    hint?: string,
  ) => (
    <TextField
      label={label}
      hint={hint}
      value={level[key] ?? ''}
      onChange={(event) => setLevel(withText(level, key, event.target.value))}
    />
  );
  return (
    <Frame
      title={item.level ? t.edit(item.level) : t.add}
      onClose={onClose}
      onDone={() => !clash && onDone({ ...level, level: level.level.trim(), examples: withoutEmpty(level.examples) })}
    >
      <div className="grid gap-3 desk:grid-cols-2">
        <TextField
          label={t.level}
          hint={t.levelHint}
          required
          maxLength={32}
          error={clash ? t.taken : undefined}
          value={level.level}
          onChange={(event) => setLevel(withText(level, 'level', event.target.value))}
        />
        {field('name', t.name)}
      </div>
      <TextArea
        label={t.means}
        value={level.description}
        onChange={(event) => setLevel(withText(level, 'description', event.target.value))}
      />
      <div className="grid gap-3 desk:grid-cols-2">
        {field('response_time', t.response, t.responseHint)}
        {field('communication', t.communication, t.communicationHint)}
        {field('target_resolution', t.resolution)}
        {field('escalation', t.escalation)}
      </div>
      <TextArea
        label={t.examples}
        value={linesOf(level.examples)}
        onChange={(event) => setLevel({ ...level, examples: event.target.value.split('\n') })}
      />
      <Checkbox
        checked={level.postmortem_required ?? false}
        onChange={(postmortem_required) => setLevel({ ...level, postmortem_required })}
      >
        {t.postmortem}
      </Checkbox>
    </Frame>
  );
};

export const RoleDialog = ({ item, taken, onClose, onDone }: Props<Role>) => {
  const [role, setRole] = useState(item);
  const clash = taken.includes(role.name.trim());
  return (
    <Frame
      title={item.name ? t.edit(item.name) : t.addRole}
      onClose={onClose}
      onDone={() => {
        if (clash) return;
        onDone({
          ...role,
          name: role.name.trim(),
          responsibilities: withoutEmpty(role.responsibilities),
          must_not: withoutEmpty(role.must_not),
        });
      }}
    >
      <div className="grid gap-3 desk:grid-cols-2">
        <TextField label={t.roleTitle} value={role.title} onChange={(event) => setRole({ ...role, title: event.target.value })} />
        <TextField
          label={t.roleName}
          hint={t.roleNameHint}
          required
          pattern="[a-z0-9][a-z0-9._\-]{0,62}"
          error={clash ? t.taken : undefined}
          value={role.name}
          onChange={(event) => setRole({ ...role, name: event.target.value })}
        />
      </div>
      <TextArea
        label={t.responsibilities}
        value={linesOf(role.responsibilities)}
        onChange={(event) => setRole({ ...role, responsibilities: event.target.value.split('\n') })}
      />
      <TextArea
        label={t.mustNot}
        value={linesOf(role.must_not)}
        onChange={(event) => setRole({ ...role, must_not: event.target.value.split('\n') })}
      />
      <TextField
        label={t.who}
        value={listOf(role.who).join(', ')}
        onChange={(event) => {
          const { who: _, ...rest } = role;
          setRole(event.target.value ? { ...rest, who: event.target.value } : rest);
        }}
      />
    </Frame>
  );
};
