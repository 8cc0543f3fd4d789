import { history as t } from '../../text/history.ts';
import { Link } from '../../ui/button.tsx';

/** What was counted on at a moment. */
export type Stood = { what: 'schedules' | 'escalation'; name: string; at: string };

/** The schedule that a reason of a page names: `primary on call in web (has the turn in layer days)`. */
export const scheduleIn = (reason: unknown): string | undefined =>
  typeof reason === 'string' ? / on call in ([a-z0-9._-]+) \(/.exec(reason)?.[1] : undefined;

/** To a schedule or policy as it stood when it paged. */
export const StoodLink = ({ stood: { what, name, at } }: { stood: Stood }) => (
  <Link to={`/${what}/${name}/history`} search={{ at }}>
    {t.stood[what](name)}
  </Link>
);
