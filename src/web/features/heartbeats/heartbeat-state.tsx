import { heartbeats as t } from '../../text/integrations.ts';
import { Mark } from '../../ui/marks.tsx';
import type { Heartbeat } from './queries.ts';

export const HeartbeatState = ({ row }: { row: Heartbeat }) =>
  row.enabled ? (
    <Mark state={row.state === 'overdue' ? 'critical' : row.state === 'healthy' ? 'ok' : 'unknown'}>{t.states[row.state]}</Mark>
  ) : (
    <Mark state="unknown" quiet>
      {t.states.off}
    </Mark>
  );
