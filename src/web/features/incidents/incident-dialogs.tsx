import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client.ts';
import { incidents as t } from '../../text/incidents.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Dialog } from '../../ui/overlay.tsx';
import { Combobox, Select } from '../../ui/select.tsx';
import { type Incident, nextQuery, peopleQuery } from './queries.ts';

const Actions = ({ verb, onClose, onDo, off }: { verb: string; onClose: () => void; onDo: () => void; off?: boolean }) => (
  <>
    <Button onClick={onClose}>{ui.cancel}</Button>
    <Button
      look="main"
      disabled={off ?? false}
      onClick={() => {
        onDo();
        onClose();
      }}
    >
      {verb}
    </Button>
  </>
);

/** `single`: a note may say what fixed it. */
export const ResolveDialog = ({
  name,
  single,
  onClose,
  onResolve,
}: {
  name: string;
  single: boolean;
  onClose: () => void;
  onResolve: (note: string | undefined) => void;
}) => {
  const [note, setNote] = useState('');
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.dialogs.resolve.title(name)}
      actions={<Actions verb={t.act.resolve} onClose={onClose} onDo={() => onResolve(note.trim() || undefined)} />}
    >
      <p className="text-fg-muted">{t.dialogs.resolve.why}</p>
      {single && (
        <TextArea
          label={t.dialogs.resolve.note}
          hint={t.dialogs.resolve.hint}
          value={note}
          maxLength={25_000}
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            onResolve(note.trim() || undefined);
            onClose();
          }}
        />
      )}
    </Dialog>
  );
};

export const ReassignDialog = ({
  incident,
  onClose,
  onReassign,
}: {
  incident: Incident;
  onClose: () => void;
  onReassign: (people: string[]) => void;
}) => {
  const people = useQuery(peopleQuery);
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.dialogs.reassign.title(incident.number)}
      actions={<Actions verb={t.act.reassign} off={chosen.length === 0} onClose={onClose} onDo={() => onReassign(chosen)} />}
    >
      <p className="text-fg-muted">{t.dialogs.reassign.why}</p>
      <Combobox
        label={t.dialogs.reassign.people}
        placeholder={t.dialogs.reassign.placeholder}
        value={chosen}
        onChange={setChosen}
        options={
          people.data?.items
            .filter((one) => one.active)
            .map((one) => ({ value: one.name, label: one.display_name, hint: one.name })) ?? []
        }
      />
    </Dialog>
  );
};

export const SnoozeDialog = ({
  incident,
  onClose,
  onSnooze,
}: {
  incident: Incident;
  onClose: () => void;
  onSnooze: (seconds: number) => void;
}) => {
  const [seconds, setSeconds] = useState('3600');
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.dialogs.snooze.title(incident.number)}
      actions={<Actions verb={t.act.snooze} onClose={onClose} onDo={() => onSnooze(Number(seconds))} />}
    >
      <p className="text-fg-muted">{t.dialogs.snooze.why}</p>
      <Select
        label={t.dialogs.snooze.for}
        value={seconds}
        onChange={setSeconds}
        options={t.dialogs.snooze.options.map(([value, label]) => ({ value: String(value), label }))}
      />
    </Dialog>
  );
};

export const MergeDialog = ({
  incident,
  onClose,
  onMerge,
}: {
  incident: Incident;
  onClose: () => void;
  onMerge: (into: string) => void;
}) => {
  const open = useQuery({
    queryKey: ['incidents', 'open'],
    queryFn: () => ok(api.GET('/api/incidents', { params: { query: { status: 'open', limit: 100 } } })),
  });
  const [into, setInto] = useState<string[]>([]);
  const options =
    open.data?.items
      .filter((one) => one.id !== incident.id)
      .map((one) => ({ value: one.number, label: `${one.number} ${one.title}`, hint: one.service })) ?? [];
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.dialogs.merge.title(incident.number)}
      actions={<Actions verb={t.act.merge} off={into.length === 0} onClose={onClose} onDo={() => onMerge(into[0] as string)} />}
    >
      <p className="text-fg-muted">{t.dialogs.merge.why}</p>
      <Combobox
        label={t.dialogs.merge.into}
        placeholder={t.dialogs.merge.placeholder}
        hint={open.data && options.length === 0 ? t.dialogs.merge.none : t.dialogs.merge.hint}
        value={into}
        onChange={(next) => setInto(next.slice(-1))}
        options={options}
      />
    </Dialog>
  );
};

/** Says whom it would page before it does. */
export const EscalateDialog = ({
  incident,
  onClose,
  onEscalate,
}: {
  incident: Incident;
  onClose: () => void;
  onEscalate: () => void;
}) => {
  const next = useQuery(nextQuery(incident.number));
  const people = next.data?.next?.people.map((one) => one.display_name) ?? [];
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.dialogs.escalate.title(incident.number)}
      actions={<Actions verb={t.act.escalate} off={people.length === 0} onClose={onClose} onDo={onEscalate} />}
    >
      <p className="text-fg-muted" role="status">
        {next.isPending ? ui.loading : people.length > 0 ? t.dialogs.escalate.who(people.join(', ')) : t.dialogs.escalate.nobody}
      </p>
    </Dialog>
  );
};
