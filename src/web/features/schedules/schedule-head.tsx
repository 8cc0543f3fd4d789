import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ok } from '../../api/client.ts';
import { schedules as t } from '../../text/schedules.ts';
import { ui } from '../../text/ui.ts';
import { short } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Code, Person } from '../../ui/text.tsx';
import { onCallQuery } from '../home/queries.ts';
import { aheadQuery, type Schedule, titleOf } from './queries.ts';
import type { Words } from './rows.ts';

/** `Now Mira until Mon 09:00, then Dara`: of the role that is asked first. */
export const NowAndNext = ({ name, words }: { name: string; words: Words }) => {
  const rows = useQuery(onCallQuery).data?.items.filter((row) => row.schedule === name && !row.shadow);
  const ahead = useQuery(aheadQuery(name)).data;
  if (!rows) return null;
  const called = (person: string) => words.called(person);
  const first = rows[0];
  const same = rows.filter((row) => row.role === first?.role);
  const until = first?.until;
  const next =
    until &&
    ahead?.items.filter((shift) => shift.role === first?.role && !shift.shadow && Date.parse(shift.starts) === Date.parse(until));
  if (!first)
    return (
      <span className="flex items-center gap-1.5">
        {t.now} <Mark state="high">{t.nobody}</Mark>
      </span>
    );
  return (
    <span className="flex flex-wrap items-center gap-x-1.5">
      {t.now}
      {same.map((row) => (
        <Person key={row.person} name={called(row.person)} note={row.person === words.me ? t.you : undefined} />
      ))}
      {until && t.until(short(until))}
      {next && next.length > 0 && `, ${t.next(next.map((one) => called(one.person)).join(', '))}`}
    </span>
  );
};

export const SubscribeDialog = ({ name, onClose }: { name: string; onClose: () => void }) => {
  const address = useQuery({
    queryKey: ['schedules', 'calendar', name],
    queryFn: () => ok(api.GET('/api/schedules/{name}/calendar', { params: { path: { name } } })),
  });
  return (
    <Dialog open onClose={onClose} title={t.subscribe.title} wide>
      <p className="text-fg-muted">{t.subscribe.why}</p>
      <ProblemStrip error={address.error} />
      {address.data && <Code label={t.subscribe.address}>{address.data.calendar_url}</Code>}
    </Dialog>
  );
};

export const RemoveDialog = ({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) => {
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>();
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/schedules/{name}', { params: { path: { name: schedule.name } } })),
    onSuccess: () => {
      toast(t.remove.done(titleOf(schedule)));
      void navigate({ to: '/schedules' });
    },
    onError: setError,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.remove.title(titleOf(schedule))}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="danger-main" busy={remove.isPending} onClick={() => remove.mutate()}>
            {t.remove.action}
          </Button>
        </>
      }
    >
      <ProblemStrip error={error} />
      <p className="text-fg-muted">{t.remove.why}</p>
    </Dialog>
  );
};
