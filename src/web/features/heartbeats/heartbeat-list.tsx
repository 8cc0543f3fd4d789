import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { heartbeats as t } from '../../text/integrations.ts';
import { services } from '../../text/services.ts';
import { duration } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { type Column, List } from '../../ui/list.tsx';
import { Severity } from '../../ui/marks.tsx';
import { Subtle, Time } from '../../ui/text.tsx';
import { HeartbeatDialog } from './heartbeat-dialog.tsx';
import { HeartbeatState } from './heartbeat-state.tsx';
import { type Heartbeat, heartbeatsQuery } from './queries.ts';

const columns: Column<Heartbeat>[] = [
  { key: 'state', head: t.head.state, cell: (row) => <HeartbeatState row={row} /> },
  { key: 'name', head: t.head.name, grow: true, cell: (row) => <span className="font-strong">{row.name}</span> },
  { key: 'every', head: t.head.every, cell: (row) => duration(row.interval_seconds * 1000) },
  {
    key: 'last',
    head: t.head.last,
    cell: (row) => (row.last_ping_at ? <Time at={row.last_ping_at} quiet /> : <Subtle>{services.never}</Subtle>),
  },
  { key: 'severity', head: t.head.severity, from: 'split', cell: (row) => <Severity severity={row.severity} over /> },
  { key: 'integration', head: t.head.integration, from: 'split', cell: (row) => <Subtle>{row.integration}</Subtle> },
];

/** Every heartbeat, the late ones first. */
export const HeartbeatList = ({ onAdd, may }: { onAdd: (() => void) | undefined; may: boolean }) => {
  const list = useQuery(heartbeatsQuery);
  const [editing, setEditing] = useState<string>();
  const rank = (row: Heartbeat) => (!row.enabled ? 3 : row.state === 'overdue' ? 0 : row.state === 'waiting' ? 1 : 2);
  const rows: Heartbeat[] = [...(list.data?.items ?? [])].sort((a, b) => rank(a) - rank(b));
  return (
    <>
      <ProblemStrip error={list.error} />
      {list.isPending ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        <Empty title={t.empty} action={onAdd && <Button onClick={onAdd}>{t.add}</Button>}>
          {t.why}
        </Empty>
      ) : (
        <List
          label={t.title}
          columns={columns}
          rows={rows}
          idOf={(row) => row.name}
          nameOf={(row) => row.name}
          {...(may ? { onOpen: (row: Heartbeat) => setEditing(row.name) } : {})}
          phone={(row) => (
            <button
              type="button"
              disabled={!may}
              onClick={() => setEditing(row.name)}
              className="flex w-full flex-col gap-1 px-4 py-3 text-left outline-offset-[-2px]"
            >
              <HeartbeatState row={row} />
              <span className="font-strong">{row.name}</span>
              <span className="text-meta text-fg-muted">{t.every(duration(row.interval_seconds * 1000))}</span>
            </button>
          )}
          fact={services.shown(rows.length)}
        />
      )}
      {editing !== undefined && <HeartbeatDialog name={editing} onClose={() => setEditing(undefined)} />}
    </>
  );
};
