import { silences as t } from '../../text/silences.ts';
import { Mark } from '../../ui/marks.tsx';
import type { Silence } from './queries.ts';

const MARK = { active: 'maint', pending: 'unknown', expired: 'ok' } as const;

/** State and kind in a word each: `Active maintenance`. */
export const SilenceState = ({ state, kind }: Pick<Silence, 'state'> & { kind?: Silence['kind'] }) => (
  <Mark state={MARK[state]} quiet={state !== 'active'}>
    {t.states[state]}
    {kind && <span className="font-text text-fg-muted">{t.kinds[kind].toLowerCase()}</span>}
  </Mark>
);
